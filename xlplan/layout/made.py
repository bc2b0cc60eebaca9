"""What differs from copy to copy: rows that take the styles of a row of the plate, and answers as cells hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlplan.form.expressions import Expr, Key
from xlplan.form.markers import Kind
from xlplan.form.spec import Field
from xlplan.form.translate import YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRow:
    """One row. `like`: the row of the sheet's plan whose cells and styles it takes; `cells`: column → what it holds.

    `links`: column → the place in the workbook that it leads to. `box`: the column of its input cell, if it has one.
    """

    like: int
    height: float
    cells: Mapping[int, str | Expr] = field(default_factory=dict)
    links: Mapping[int, str] = field(default_factory=dict)
    box: int | None = None


def formulas_of(title: str, rows: Iterable[MadeRow]) -> dict[Key, Expr]:
    """The formulas of made rows, by cell; the rows stand one below the other from row 1 on."""
    return {
        (title, number, column): content
        for number, row in enumerate(rows, 1)
        for column, content in row.cells.items()
        if isinstance(content, Expr)
    }


def shown(value: object, item: Field) -> object:
    """A value as its cell holds it: yes, no and choices in the copy's own words, a tick as its sign."""
    if isinstance(value, bool):
        if item.kind is Kind.TICK:
            return "✓" if value else None
        yes, no = item.words or YES_NO
        return yes if value else no
    return item.word(value) if isinstance(value, str) and item.words else value
