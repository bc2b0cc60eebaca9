"""Strategies as bars over the months, of forms that ask for a start: start and due in cells, progress in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from xlplan.form.expressions import column_letters
from xlplan.rollup.book import Figure, Page
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import DONE
from xlplan.rollup.look import TITLE
from xlplan.rollup.measures import coded, formula
from xlplan.rollup.sheets.blocks import day_of, write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import ACTIVITIES

BARS = TITLE
BAR = "■"
START, DUE = 2, 3  # columns
LIVE = 1_000  # bars by formula; of more, the marks are written as they stand
GROUPS = (
    "FROM activities_full WHERE plan IN (SELECT plan FROM activities WHERE start IS NOT NULL) "
    "GROUP BY plan, coalesce(strategy, step), strategy IS NULL HAVING min(start) IS NOT NULL"
)
"""A strategy of a plan, or an activity that is part of none."""


def has_bars(deck: Deck) -> bool:
    """Whether any plan says when something begins."""
    return bool(deck.store.one("SELECT 1 FROM activities WHERE start IS NOT NULL LIMIT 1"))


def write_bars(
    page: Page, deck: Deck, top: int, months: Sequence[date], labels: Sequence[str], widths: Sequence[float]
) -> int:
    """Write the bars from `top` on; gives the next free row."""
    total = int(deck.store.one(f"SELECT count(*) FROM (SELECT 1 {GROUPS})"))
    live = deck.by_formula("activities", min(total, MOST) * 2)
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose, strategy, step, min(start) AS start, max(due) AS due, "
        f"count(*) AS many, sum(status = '{DONE}') AS done {GROUPS} ORDER BY plan, min(n) LIMIT {MOST}"
    )
    note = cut_note(total, "Data activities")
    first = top + 2 + bool(note)
    rows = (
        [*_values(deck, row, live), *_bar(at, row, months, total <= LIVE)]
        for at, row in enumerate(found, start=first)
    )
    columns = (("School", "row.bold"), ("Strategy or initiative", "row.prose"), ("Start", "row.day"),
               ("Due", "row.day"), ("Progress", "row.center"), *((label, "row.bar") for label in labels))  # fmt: skip
    heading = "From start to due, of forms that ask for both"
    end = write_block(page, top, widths, "bars", heading, columns, rows, note=note)
    filled = {"type": "cell", "criteria": "==", "value": f'"{BAR}"', "format": page.book.rule("if.bar")}
    page.sheet.conditional_format(first, len(columns) - len(labels), end - 1, len(columns) - 1, filled)
    return end


def _values(deck: Deck, row: Any, live: bool) -> list[Any]:
    column = "step" if row["strategy"] is None else "strategy"
    own = coded(deck.store, ACTIVITIES.where_also("plan", row["plan"]), column, row[column])
    if column == "step":
        own = own.where_also("strategy", None)
    done, every = (
        formula(one, deck.regions) if live else None for one in (own.where_also("status", DONE), own)
    )
    told = f'={done[1:]}&" of "&{every[1:]}&" done"' if done and every else None
    if told and len(told) > 8000:  # Excel takes 8,192 characters
        told = None
    progress = Figure(f"{row['done']} of {row['many']} done", told)
    return [row["whose"], row[column], day_of(row["start"]), day_of(row["due"]), progress]


def _bar(at: int, row: Any, months: Sequence[date], live: bool) -> list[Figure]:
    """A mark in each month from start to due, by formula over these two cells unless they are too many."""
    start = day_of(row["start"])
    due = day_of(row["due"]) or start
    cells = [f"${column_letters(column + 1)}{at + 1}" for column in (START, DUE)]
    found = []
    for day in months:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        within = start is not None and due is not None and start < after and due >= day
        begin, end = f"DATE({day.year},{day.month},1)", f"DATE({after.year},{after.month},1)"
        text = f'=IF(AND({cells[0]}<{end},MAX({cells[0]},{cells[1]})>={begin}),"{BAR}","")'
        found.append(Figure(BAR if within else "", text if live else None))
    return found
