"""Blocks of a sheet that stand below each other: a heading, a real table, and what there is to note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from textwrap import wrap
from typing import Any

from xlplan.rollup.book import Figure, Page
from xlplan.rollup.deck import Deck
from xlplan.rollup.look import heads, height
from xlplan.rollup.measures import Measure
from xlplan.rollup.sheets.naming import MOST

Columns = Sequence[tuple[str, str]]
"""Heads with the styles of the cells below them."""
WRAPPED = ("row.bold", "row.prose")
NARROW = 8  # widths whose heads are made to fit on one line


def write_block(
    page: Page,
    top: int,
    widths: Sequence[float],
    name: str,
    heading: str,
    columns: Columns,
    rows: Iterable[Sequence[Any]],
    *,
    note: str = "",
    empty: str = "",
) -> int:
    """Write heading, note and table from `top` on, the first rows of it if they are many; gives the next free row.

    `name`: of the table, unique in the workbook. `empty`: what stands instead of a table without rows.
    """
    page.heading(top, heading)
    head = top + 1
    if note:
        page.row(head, [note], ["note"], 20)
        head += 1
    styles = [style for _, style in columns]
    last = head
    for last, values in enumerate(islice(rows, MOST), start=head + 1):
        page.row(last, values, styles, _height(values, styles, widths))
    if last == head:
        page.row(head, [empty], ["note"], 20)
        return head + 1
    lines = max(
        len(wrap(label, int(width)))
        for (label, _), width in zip(columns, widths, strict=False)
        if width > NARROW
    )
    page.sheet.set_row(head, 15 * lines + 7)
    page.table(name, head, distinct([label for label, _ in columns]), last - head, heads(styles))
    return last + 1


def _height(values: Sequence[Any], styles: Sequence[str], widths: Sequence[float]) -> float:
    cells = zip(values, styles, widths, strict=False)
    return height(*((value, width) for value, style, width in cells if style in WRAPPED))


def day_of(text: str | None) -> date | None:
    """A day as the store has it."""
    return date.fromisoformat(text) if text else None


def distinct(labels: Iterable[str]) -> list[str]:
    """Heads that a table takes: no two equal but for case."""
    seen: set[str] = set()
    result = []
    for label in labels:
        while label.lower() in seen:
            label += " "
        seen.add(label.lower())
        result.append(label)
    return result


class Counter:
    """Figures of one block: formulas where the sheets bear so many, else plain numbers, which `note` then says."""

    def __init__(self, deck: Deck, table: str, figures: int, filter_: str) -> None:
        """`figures`: how many the block holds; `filter_`: the columns by which a data sheet gives the same."""
        self.deck, self.live = deck, deck.by_formula(table, figures)
        lost = bool(deck.regions) and not self.live
        self.note = f"Plain numbers: filter Data {table} by {filter_} to count again." if lost else ""

    def __call__(self, measure: Measure, known: int | Decimal) -> Figure:
        """The figure of a measure whose value is known."""
        return self.deck.figure(measure, known) if self.live else Figure(known)
