"""Due: what is overdue or due soon, by owner and by school, worst first; and what has no date or no owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from xlplan.rollup.book import Book, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import OVERDUE, SOON, SOON_DAYS, UNDATED
from xlplan.rollup.measures import coded, value
from xlplan.rollup.sheets.blocks import Counter, day_of, write_block
from xlplan.rollup.sheets.naming import MOST, activity_noun, cut_note, plural, school_sql
from xlplan.rollup.standard import (
    ACTIVITIES_OVERDUE,
    ACTIVITIES_SOON,
    ACTIVITIES_UNDATED,
    ACTIVITIES_UNOWNED,
)
from xlplan.rollup.words import counted, cut, short_day

NAME = "Due"
WIDTHS = (32, 20, 13, 11, 54, 26, 44)
SIGNS = {OVERDUE: "▲ Overdue", SOON: "○ Due soon", UNDATED: "○ No date"}
OWED = f"status IN ('{OVERDUE}', '{SOON}')"


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    late, soon = (int(value(deck.store, measure)) for measure in (ACTIVITIES_OVERDUE, ACTIVITIES_SOON))
    until = short_day(deck.as_of + timedelta(days=SOON_DAYS))
    page.title(f"Due: {late:,} overdue, {soon:,} more due until {until}", finding(deck, late))
    page.row(2, [f"As of {short_day(deck.as_of)}. {deck.basis}"], ["note"], 20)
    row = _by_owner(page, deck, 3)
    row = _by_school(page, deck, row)
    row = _list(page, deck, row, until)
    row = _without(
        page, deck, row, "No date", f"status = '{UNDATED}'", int(value(deck.store, ACTIVITIES_UNDATED))
    )
    _without(page, deck, row, "No owner", "owner IS NULL", int(value(deck.store, ACTIVITIES_UNOWNED)))
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def finding(deck: Deck, late: int) -> str:
    """Who waits longest."""
    nouns = plural(activity_noun(deck))
    if not late:
        return f"None of the {nouns} is overdue."
    sql = f"SELECT {school_sql(deck)} AS whose, count(*) AS many, max(days_late) AS days FROM activities_full"
    found = deck.store.rows(
        f"{sql} WHERE status = '{OVERDUE}' GROUP BY plan ORDER BY many DESC, days DESC, plan LIMIT 1"
    )
    worst = next(found)
    longest = int(deck.store.one("SELECT max(days_late) FROM activities"))
    plans = int(deck.store.one(f"SELECT count(DISTINCT plan) FROM activities WHERE status = '{OVERDUE}'"))
    where = f"in {counted(plans, 'plan')}, most at {cut(worst['whose'], 60)} ({worst['many']:,})"
    return f"Overdue {where}; the longest for {counted(longest, 'day')}."


def _by_owner(page: Page, deck: Deck, top: int) -> int:
    """A person is one within a plan: two schools' people of one name stay apart."""
    groups = f"SELECT 1 FROM activities WHERE {OWED} AND owner IS NOT NULL GROUP BY plan, owner_key"
    many = int(deck.store.one(f"SELECT count(*) FROM ({groups})"))
    figure = Counter(deck, "activities", min(many, MOST) * 2, "Plan no., Owner and Status")
    sums = f"sum(status = '{OVERDUE}') AS late, sum(status = '{SOON}') AS soon, max(days_late) AS days"
    found = deck.store.rows(
        f"SELECT plan, owner_key, min(owner) AS owner, {school_sql(deck)} AS whose, {sums} FROM activities_full "
        f"WHERE {OWED} AND owner IS NOT NULL GROUP BY plan, owner_key ORDER BY late DESC, days DESC, soon DESC, plan, "
        "owner_key"
    )  # fmt: skip

    def line(row: Any) -> list[Any]:
        late, soon = (
            coded(deck.store, measure.where_also("plan", row["plan"]), "owner_key", row["owner_key"])
            for measure in (ACTIVITIES_OVERDUE, ACTIVITIES_SOON)
        )
        return [row["owner"], figure(late, row["late"]), figure(soon, row["soon"]), row["days"], row["whose"]]

    columns = (("Owner", "row.bold"), ("Overdue", "row.count"), ("Due soon", "row.count"), ("Days late", "row.count"),
               ("School", "row.prose"))  # fmt: skip
    return write_block(
        page, top, WIDTHS, "due_by_owner", "By owner", columns, map(line, found),
        note=" ".join(filter(None, (cut_note(many, "Data activities", "Owner and Status"), figure.note))),
        empty="Nothing that has an owner is overdue or due soon.",
    )  # fmt: skip


def _by_school(page: Page, deck: Deck, top: int) -> int:
    tests = f"{OWED} OR status = '{UNDATED}' OR owner IS NULL"
    many = int(deck.store.one(f"SELECT count(DISTINCT plan) FROM activities WHERE {tests}"))
    figure = Counter(deck, "activities", min(many, MOST) * 4, "Plan no. and Status")
    found = deck.store.rows(
        f"SELECT plan, template, {school_sql(deck)} AS whose, sum(status = '{OVERDUE}') AS late, "
        f"sum(status = '{SOON}') AS soon, sum(status = '{UNDATED}') AS undated, sum(owner IS NULL) AS unowned, "
        f"max(days_late) AS days FROM activities_full WHERE {tests} GROUP BY plan "
        "ORDER BY late DESC, days DESC, soon DESC, plan"
    )  # fmt: skip

    def line(row: Any) -> list[Any]:
        own = [
            figure(measure.where_also("plan", row["plan"]), row[name])
            for measure, name in (
                (ACTIVITIES_OVERDUE, "late"), (ACTIVITIES_SOON, "soon"), (ACTIVITIES_UNDATED, "undated"),
                (ACTIVITIES_UNOWNED, "unowned"),
            )
        ]  # fmt: skip
        # the narrow columns take the counts that are asked about first
        return [row["whose"], own[0], own[1], row["days"], row["template"], own[2], own[3]]

    columns = (("School", "row.bold"), ("Overdue", "row.count"), ("Due soon", "row.count"), ("Days late", "row.count"),
               ("Template", "row.prose"), ("No date", "row.count"),
               ("No owner", "row.count"))  # fmt: skip
    return write_block(
        page, top, WIDTHS, "due_by_school", "By school, days late of what waits longest", columns,
        map(line, found), note=figure.note, empty="No school has anything overdue, due soon or open.",
    )  # fmt: skip


def _list(page: Page, deck: Deck, top: int, until: str) -> int:
    total = int(deck.store.one(f"SELECT count(*) FROM activities WHERE {OWED}"))
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM activities_full WHERE {OWED} ORDER BY due, plan, n LIMIT {MOST}"
    )

    def line(row: Any) -> list[Any]:
        state = SIGNS[row["status"]] + (", draft" if row["draft"] else "")
        return [
            row["whose"],
            state,
            day_of(row["due"]),
            row["days_late"],
            what_of(row),
            row["owner"],
            row["strategy"],
        ]

    columns = (("School", "row.bold"), ("State", "row"), ("Due", "row.day"), ("Days late", "row.count"),
               ("What", "row.prose"), ("Owner", "row.prose"), ("Strategy or initiative", "row.prose"))  # fmt: skip
    end = write_block(
        page, top, WIDTHS, "due_list", f"Overdue, and due until {until}", columns, map(line, found),
        note=cut_note(total, "Data activities", "Status"), empty="Nothing is overdue or due soon.",
    )  # fmt: skip
    page.signs(top, end, 1)
    return end


def _without(page: Page, deck: Deck, top: int, what: str, test: str, total: int) -> int:
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM activities_full WHERE {test} ORDER BY plan, n LIMIT {MOST}"
    )
    columns = (("School", "row.bold"), ("Kind", "row.prose"), ("Due", "row.day"), ("Number", "row.center"),
               ("What", "row.prose"), ("Owner", "row.prose"), ("Strategy or initiative", "row.prose"))  # fmt: skip
    lines = (
        [
            row["whose"],
            row["kind"],
            day_of(row["due"]),
            row["number"],
            what_of(row),
            row["owner"],
            row["strategy"],
        ]
        for row in found
    )
    has = what.lower().replace("no ", "a " if "date" in what else "an ")
    return write_block(
        page, top, WIDTHS, "due_" + what.lower().replace(" ", "_"), f"{what}: {total:,}", columns, lines,
        note=cut_note(total, "Data activities", what),
        empty=f"All {plural(activity_noun(deck))} have {has}.",
    )  # fmt: skip


def what_of(row: Any) -> str:
    return str(row["step"] or f"{row['kind'] or 'Activity'} {row['number'] or ''}".strip())


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM activities LIMIT 1")), _write)
