"""A report as the HTML that is typeset: what is shown of each cell, and which parts a link can lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice

from jinja2 import Environment

from xlplan.merge.html import environment, inert
from xlplan.rollup.paper.charts import Picture, picture_of
from xlplan.rollup.paper.widths import widths
from xlplan.rollup.report.model import (
    Cell,
    Chart,
    Column,
    Folded,
    Heading,
    Link,
    Marked,
    Number,
    Report,
    Share,
    State,
    Table,
    Text,
    Tiles,
)
from xlplan.rollup.words import dollars, short_day

FIRST = 40  # rows that are printed of a table that is too long
FEW = 5  # rows of a table that stays on one page, if its words are few too
TALL = 500  # letters of a cell, beyond which its row may be broken
CONTENTS = 4  # parts from which on there is a list of contents
WHOLE = ("count", "money", "share", "day", "state")  # kinds of columns whose cells stand on one line


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in a cell: text with its class, or a link; `stretches`: of a text with marked words, which are."""

    text: str
    kind: str = ""
    href: str = ""
    stretches: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is printed. `left`: how many rows were left out."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[Piece, ...], ...]
    total: tuple[Piece, ...]
    widths: tuple[float, ...]
    left: int

    @property
    def short(self) -> bool:
        """Whether it stays on one page."""
        return len(self.rows) <= FEW and sum(len(piece.text) for row in self.rows for piece in row) <= TALL


def document(report: Report, longest: int | None) -> str:
    """The document; of a table with more rows than `longest` only the first ones."""
    parts = list(report.parts())
    setter = Setter(frozenset(part.id for part in parts), longest)
    template = _environment().get_template("paper.html")
    return template.render(
        report=report, parts=parts, setter=setter, contents=len(parts) >= CONTENTS, day=short_day(report.as_of),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    made = environment("xlplan.rollup.paper", inert)
    made.tests |= {
        "text": lambda one: isinstance(one, Text), "heading": lambda one: isinstance(one, Heading),
        "tiles": lambda one: isinstance(one, Tiles), "chart": lambda one: isinstance(one, Chart),
        "table": lambda one: isinstance(one, Table), "folded": lambda one: isinstance(one, Folded),
    }  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets blocks. `parts`: the ids that are in the document, to which links may lead."""

    parts: frozenset[str]
    longest: int | None

    def grid(self, table: Table) -> Grid:
        """A table with the rows that are printed."""
        found = iter(table.rows)
        kept = [row.cells for row in islice(found, None if self.longest is None else self.longest + 1)]
        left = sum(1 for _ in found)
        if self.longest is not None and len(kept) > self.longest:
            kept, left = kept[:FIRST], left + len(kept) - FIRST
        whole = [
            _whole([*(cells[at] for cells in kept), *table.total[at : at + 1]])
            for at in range(len(table.columns))
        ]
        rows = tuple(self._line(cells, table.columns, whole) for cells in kept)
        line = self._line(table.total, table.columns, whole)
        total = tuple(Piece("") if piece.kind == "none" else piece for piece in line)
        return Grid(
            table=table, columns=table.columns, left=left, rows=rows, total=total,
            widths=tuple(widths(_asked(table.columns, rows))),
        )  # fmt: skip

    def _line(
        self, cells: Sequence[Cell], columns: Sequence[Column], whole: Sequence[bool]
    ) -> tuple[Piece, ...]:
        return tuple(
            self.piece(cell, column.kind, cents=not even)
            for cell, column, even in zip(cells, columns, whole, strict=False)
        )

    def piece(self, cell: Cell, kind: str = "text", *, cents: bool = False) -> Piece:
        """A cell as it is printed."""
        match cell:
            case Link(text=text, href=href):
                return Piece(text, "", href if href.removeprefix("#") in self.parts else "")
            case State(text=text, means=means):
                return Piece(text, f"state {means}")
            case Marked(text=text, stretches=stretches):
                return Piece(text, stretches=stretches)
            case None:
                return Piece("" if kind in ("text", "prose") else "–", "none")
        return Piece(_words(cell, cents=cents))

    def tall(self, row: Sequence[Piece]) -> bool:
        """Whether a row may go on over the page."""
        return any(len(piece.text) > TALL for piece in row)

    def figure(self, found: Number | Share) -> str:
        """A tile's number."""
        return _words(found, cents=False)

    def picture(self, chart: Chart) -> Picture:
        """A chart as a picture."""
        return picture_of(chart)


def _asked(columns: Sequence[Column], rows: Sequence[Sequence[Piece]]) -> list[tuple[str, bool, list[str]]]:
    """What each column has to hold."""
    return [
        (column.label, column.kind in WHOLE, [row[at].text for row in rows if at < len(row)])
        for at, column in enumerate(columns)
    ]


def _words(found: Cell, *, cents: bool) -> str:
    match found:
        case Number(value=value, kind=kind):
            return _amount(Decimal(value), cents=cents) if kind == "money" else f"{value:,}"
        case Share(part=part, whole=whole, shown=shown):
            if shown == "of":
                return f"{_words(part, cents=cents)} of {_words(whole, cents=cents)}"
            return f"{int(100 * part.value // whole.value)}%" if whole.value else "–"
        case Decimal():
            return _amount(found, cents=cents)
        case int():
            return f"{found:,}"
        case date():
            return short_day(found)
    return str(found)


def _amount(amount: Decimal, *, cents: bool) -> str:
    return f"${amount:,.2f}" if cents else dollars(amount)


def _whole(cells: Sequence[Cell]) -> bool:
    """Whether all amounts of a column are whole dollars, so that none needs cents."""
    amounts = [one.value if isinstance(one, Number) else one for one in cells]
    return all(one == one.to_integral_value() for one in amounts if isinstance(one, Decimal))
