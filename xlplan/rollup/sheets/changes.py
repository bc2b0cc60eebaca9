"""Changes: what this rollup says and the last one did not: figures, states, plans, and what is newly done or late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import DONE, OVERDUE
from xlplan.rollup.look import heads, height
from xlplan.rollup.measures import value
from xlplan.rollup.sheets.blocks import day_of
from xlplan.rollup.sheets.naming import MOST, STATES, activity_noun, plural, school_sql
from xlplan.rollup.snapshot import Snapshot, Standing, earlier, key_of, snapshot_of
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.words import counted, short_day

NAME = "Changes"
WIDTHS = (40, 23, 23, 27, 18, 50)
GONE = "not on the roster then"


def _write(book: Book, deck: Deck) -> None:
    now = snapshot_of(deck)
    found = earlier(deck, now)
    then = found.snapshot
    if then is None:
        return
    page = book.page(NAME, WIDTHS)
    fresh, late = newly(deck, then, "done", DONE), newly(deck, then, "overdue", OVERDUE)
    plans = list(changed_plans(deck, then, now))
    noun = activity_noun(deck)
    page.title(
        f"Changes since the rollup of {short_day(then.as_of)}",
        f"{plans_differ(len(plans))}; since then {len(fresh) or 'no'} {plural(noun) if len(fresh) != 1 else noun} "
        f"{'was' if len(fresh) == 1 else 'were'} marked done and {len(late) or 'none'} became overdue.",
    )
    page.row(2, [compared(then, now, found.unreadable)], ["note"], 20)
    row = _figures(page, deck, then, 4)
    row = _states(page, plans, row + 3)
    row = _activities(page, f"Newly done: {len(fresh):,}", "newly_done", fresh, row + 3)
    _activities(page, f"Newly overdue: {len(late):,}", "newly_overdue", late, row + 3)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def plans_differ(plans: int) -> str:
    return (
        f"{counted(plans, 'plan')} {'differs' if plans == 1 else 'differ'}"
        if plans
        else "No plan came or changed"
    )


def compared(then: Snapshot, now: Snapshot, unreadable: Sequence[str]) -> str:
    parts = [
        f"Compared is {short_day(now.as_of)} with the last rollup that said something else; "
        "newly done and overdue are told of the plans that counted both times."
    ]
    if then.counting != now.counting:
        parts.append(f"What counts was “{then.counting}” then and is “{now.counting}” now.")
    if unreadable:
        parts.append(f"Could not be read and was left out: {', '.join(unreadable[:2])}.")
    return " ".join(parts)


def _figures(page: Page, deck: Deck, then: Snapshot, head: int) -> int:
    """The figures that are not nought both times; now by formula, and the change from the two cells beside it."""
    page.heading(head - 1, "Figures")
    row = head
    for measure in FIGURES:
        before, today = Decimal(then.figures.get(measure.name, "0")), Decimal(value(deck.store, measure))
        if not before and not today:
            continue
        row += 1
        money = measure.sum == "amount"
        cells = (page.at(row, 1).split("!")[1], page.at(row, 2).split("!")[1])
        change = Figure(today - before, f"={cells[1]}-{cells[0]}")
        shown = before if money else int(before)
        known = today if money else int(today)
        style = "row.money" if money else "row.count"
        values = [measure.label, shown, deck.figure(measure, known), change]
        page.row(row, values, ["row.bold", style, style, style], 20)
    styles = ["row.bold", "row.count", "row.count", "row.count"]
    changed = {"type": "cell", "criteria": "!=", "value": 0, "format": page.book.rule("if.short")}
    page.sheet.conditional_format(head + 1, 3, row, 3, changed)
    days = (short_day(then.as_of), short_day(deck.as_of))
    page.row(head, ["Figure", f"On {days[0]}", f"On {days[1]}", "Change"], heads(styles), 22)
    return row


def changed_plans(deck: Deck, then: Snapshot, now: Snapshot) -> Iterator[tuple[str, str, str, str, str]]:
    """Every plan whose state or file changed: school, state then and now, what came, and the template."""
    for row in deck.store.rows(f"SELECT *, {school_sql(deck)} AS whose FROM plans ORDER BY plan"):
        key = key_of(row)
        before, today = then.plans.get(key), now.plans[key]
        came = _came(before, today)
        if before is None or before.state != today.state or came:
            was = STATES.get(before.state, before.state) if before else GONE
            yield row["whose"], was, STATES.get(today.state, today.state), came, row["template"]
    for key in sorted(then.plans.keys() - now.plans.keys()):
        _, _, school, name = key.split("|", 3)
        state = then.plans[key].state
        yield school, STATES.get(state, state), "not on the roster now", "", name


def _came(before: Standing | None, today: Standing) -> str:
    if not today.sha256:
        return "" if before is None or not before.sha256 else "what had come is withdrawn"
    if before is None or not before.sha256:
        return "came"
    return "replaced by a newer file" if before.sha256 != today.sha256 else ""


def _states(page: Page, plans: Sequence[tuple[str, ...]], head: int) -> int:
    more = f", the first {MOST:,} shown" if len(plans) > MOST else ""
    page.heading(head - 1, f"Plans: {len(plans):,}{more}")
    if not plans:
        page.put(head, 0, "No plan came, and none changed its state.", "note")
        return head
    styles = ["row.bold", "row", "row", "row", "row"]
    names = ("School", "State then", "State now", "The file", "Template")
    shown = plans[:MOST]
    for row, values in enumerate(shown, start=head + 1):
        page.row(row, values, styles, height((values[0], WIDTHS[0])))
    page.sheet.set_row(head, 22)
    page.table("changed_plans", head, names, len(shown), heads(styles))
    page.signs(head + 1, head + len(shown), 1)
    page.signs(head + 1, head + len(shown), 2)
    return head + len(shown)


def newly(deck: Deck, then: Snapshot, kind: str, status: str) -> list[Any]:
    """The activities in this status that were not in it then, of plans that counted then and now."""
    held: dict[int, frozenset[str]] = {}
    for row in deck.store.rows("SELECT * FROM plans"):
        before = then.plans.get(key_of(row))
        if before is not None and before.counted and row["counted"]:
            held[row["plan"]] = frozenset(getattr(before, kind))
    rows = deck.store.rows(
        f"SELECT plan, path, {school_sql(deck)} AS whose, kind, number, step, owner, due FROM activities_full "
        "WHERE status = ? ORDER BY plan, n", [status],
    )  # fmt: skip
    return [row for row in rows if row["plan"] in held and (row["path"] or "") not in held[row["plan"]]]


def _activities(page: Page, title: str, name: str, found: Sequence[Any], head: int) -> int:
    more = f", the first {MOST:,} shown" if len(found) > MOST else ""
    page.heading(head - 1, title + more)
    if not found:
        page.put(head, 0, "None.", "note")
        return head
    styles = ["row.bold", "row.prose", "row.center", "row.prose", "row.day", "row.prose"]
    for row, one in enumerate(found[:MOST], start=head + 1):
        due = day_of(one["due"])
        values = [one["whose"], one["kind"], one["number"], one["owner"], due, one["step"]]
        tall = height((one["whose"], WIDTHS[0]), (one["owner"], WIDTHS[3]), (one["step"], WIDTHS[5]))
        page.row(row, values, styles, tall)
    last = head + min(len(found), MOST)
    page.sheet.set_row(head, 22)
    page.table(name, head, ("School", "Kind", "Number", "Owner", "Due", "What"), last - head, heads(styles))
    return last


def _has(deck: Deck) -> bool:
    return deck.reports is not None and earlier(deck).snapshot is not None


SHEET = Sheet(NAME, _has, _write)
