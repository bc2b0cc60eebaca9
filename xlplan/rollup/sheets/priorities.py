"""Priorities by school: how many strategies connect to each that the form offers, and the gaps by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.measures import values_by
from xlplan.rollup.sheets.blocks import Counter, write_block
from xlplan.rollup.sheets.coverage import OFFERED, least_covered
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import PRIORITIES
from xlplan.rollup.words import counted

NAME = "Priorities"
GAPS = 52.0  # the width of the column that names them
FIRST, CHOICE = 32.0, 17.0
COUNTED = "SELECT count(*) FROM plans WHERE counted AND template = ?"


def _write(book: Book, deck: Deck) -> None:
    forms = {str(row[0]): choices_of(deck, str(row[0])) for row in deck.store.rows(
        "SELECT template FROM plans WHERE counted GROUP BY template ORDER BY min(plan)"
    )}  # fmt: skip
    shown = {name: choices for name, choices in forms.items() if choices}
    most = max(map(len, shown.values()))
    widths = [FIRST, GAPS, *[CHOICE] * most]
    page = book.page(NAME, widths)
    page.title(_title(deck), finding(deck))
    page.row(
        2, [f"How many strategies or steps connect to each. Shaded: none does. {deck.basis}"], ["note"], 20
    )
    row = 3
    for at, (template, choices) in enumerate(shown.items(), start=1):
        row = _block(page, deck, row, template, choices, widths, at)
    page.sheet.freeze_panes(3, 1)
    page.sheet.repeat_rows(0, 2)


def choices_of(deck: Deck, template: str) -> list[str]:
    """What the form offers, in its order, and what else its plans name."""
    offered = [
        row[0]
        for row in deck.store.rows("SELECT choice FROM choices WHERE template = ? ORDER BY n", [template])
    ]
    named = "SELECT DISTINCT priority FROM priorities_full WHERE template = ? ORDER BY priority"
    return list(dict.fromkeys([*offered, *(row[0] for row in deck.store.rows(named, [template]))]))


def _title(deck: Deck) -> str:
    gaps = int(deck.store.one(f"SELECT count(*) {OFFERED} AND named.plan IS NULL"))
    if not gaps:
        return "Priorities: every plan covers all that its form offers"
    plans = int(deck.store.one(f"SELECT count(DISTINCT plans.plan) {OFFERED} AND named.plan IS NULL"))
    return f"Priorities: {counted(gaps, 'gap')} in {counted(plans, 'plan')}"


def finding(deck: Deck) -> str:
    least = least_covered(deck)
    if least is None:
        return "The forms offer no list of priorities; shown is what the plans name."
    if least.covered == least.plans:
        return "Every plan connects something to every priority."
    return f"Least covered: {least.priority}, in {least.covered:,} of {counted(least.plans, 'plan')}."


def _block(
    page: Page,
    deck: Deck,
    top: int,
    template: str,
    choices: Sequence[str],
    widths: Sequence[float],
    number: int,
) -> int:
    plans = int(deck.store.one(COUNTED, [template]))
    form = str(deck.store.one("SELECT form FROM plans WHERE template = ? LIMIT 1", [template]) or template)
    figure = Counter(deck, "priorities", min(plans, MOST) * len(choices), "Plan no. and Priority")
    covered, totals = dict.fromkeys(choices, 0), dict.fromkeys(choices, 0)
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose FROM plans WHERE counted AND template = ? ORDER BY plan",
        [template],
    )

    def lines() -> Iterator[list[Any]]:
        for row in found:
            of_plan = PRIORITIES.where_also("plan", row["plan"])
            own = values_by(deck.store, of_plan, "priority")
            counts = [int(own.get(choice, 0)) for choice in choices]
            for choice, many in zip(choices, counts, strict=True):
                covered[choice] += many > 0
                totals[choice] += many
            gaps = [choice for choice, many in zip(choices, counts, strict=True) if not many]
            figures = [
                figure(of_plan.where_also("priority", c), n) for c, n in zip(choices, counts, strict=True)
            ]
            yield [row["whose"], "; ".join(gaps) or "–", *figures]

    columns = [
        ("School", "row.bold"),
        ("Not covered", "row.prose"),
        *((choice, "row.count") for choice in choices),
    ]
    note = " ".join(filter(None, (cut_note(plans, "Data priorities"), figure.note)))
    end = write_block(page, top, widths, f"priorities_{number}", form, columns, lines(), note=note)
    first = end - min(plans, MOST)
    gap = {"type": "cell", "criteria": "==", "value": 0, "format": page.book.rule("if.gap")}
    page.sheet.conditional_format(first, 2, end - 1, 1 + len(choices), gap)
    areas = [page.range(first, end - 1, column) for column in range(2, 2 + len(choices))]
    sums = [Figure(totals[choice], f"=SUM({area})") for choice, area in zip(choices, areas, strict=True)]
    page.row(end, ["All connections", None, *sums], ["last", "last", *["last.count"] * len(choices)], 20)
    shown = min(plans, MOST)
    many = [
        Figure(f"{covered[choice]:,} of {shown:,}", f'=TEXT(COUNTIF({area},">0"),"#,##0")&" of {shown:,}"')
        for choice, area in zip(choices, areas, strict=True)
    ]
    page.row(
        end + 1, ["Plans that cover it", None, *many], ["row.bold", "row", *["row.count"] * len(choices)], 20
    )
    return end + 2


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM priorities LIMIT 1")), _write)
