"""A digest as data: sections of sentences, points, quotations and tables, whose numbers say where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlplan.rollup.measures import OPERATORS, Measure
from xlplan.rollup.standard import FIGURES

_NAMED = {measure.name: measure for measure in FIGURES}
_EQUAL = {(measure.table, measure.where, measure.sum): measure for measure in FIGURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number comes from. `sheet`: of the summary workbook, which shows it.

    `measure`: what counts it again. `of`: nothing for the figure itself, "plan" for how many plans have rows in it, or
    a column for the highest value there. `how`: in words, where no measure counts it.
    """

    sheet: str
    measure: Measure | None = None
    of: str = ""
    how: str = ""

    @property
    def words(self) -> str:
        """The figure's name as `trace` takes it, where it has one, and what narrows it."""
        if self.measure is None:
            return self.how
        same = (self.measure.table, self.measure.where, self.measure.sum)
        base = _EQUAL.get(same) or _NAMED.get(self.measure.name)
        start = f"figure {base.name}" if base else self.measure.label.lower()
        told = [
            f"{self.measure.facts.column(item.column).label} {OPERATORS[item.operator]} "
            f"{'empty' if item.value is None else _spoken(item.value)}"
            for item in self.measure.where[len(base.where) if base else 0 :]
        ]
        where = f" where {' and '.join(told)}" if told else ""
        before = ""
        if self.of:
            column = self.measure.facts.column(self.of).label.lower()
            before = "plans in " if self.of == "plan" else f"highest {column} in "
        return f"{before}{start}{where}"


@dataclass(frozen=True, slots=True)
class Num:
    """A number as it stands in a sentence ("1,204", "$300", "None"), its value and its source."""

    text: str
    value: int | Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Own:
    """Words that are not the sentence's: a school's name, a day, a theme, a form's or a school's own words."""

    text: str


Piece = str | Num | Own


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in pieces; the bare ones hold no number, so that each number has its source."""

    parts: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """As it reads."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def numbers(self) -> tuple[Num, ...]:
        """Its numbers, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Num))


def says(*parts: Piece) -> Said:
    """A sentence of these pieces."""
    return Said(parts)


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences below each other."""

    items: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A school's own words, and the cell of its returned file that they stand in. `row` is what `trace` takes.

    `number`: what the plan calls the row, where no cell is known.
    """

    text: str
    school: str
    sheet: str
    cell: str
    row: str
    number: str = ""

    @property
    def place(self) -> str:
        """Who says it, and where."""
        cell = (self.sheet and f"sheet {self.sheet}", self.cell)
        where = ", ".join(part for part in cell if part) or self.number
        return f"{self.school}, {where}" if where else self.school


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A small table; the first column names the rows and the others hold numbers. `sheet`: the one that shows it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Own | Num, ...], ...]
    total: tuple[Own | Num, ...] = ()
    sheet: str

    @property
    def numbers(self) -> Iterator[Num]:
        """All of its numbers."""
        for row in (*self.rows, self.total):
            yield from (cell for cell in row if isinstance(cell, Num))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


Block = Said | Points | Quote | Table | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A section; one without blocks is left out of the digest."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The whole narrative. `about`: whom it is for, of which forms and which day."""

    title: str
    about: str
    as_of: date
    sections: tuple[Section, ...]
    language: str = "en-US"


def sentences(blocks: Sequence[Block]) -> Iterator[Said]:
    """Every sentence of these blocks."""
    for block in blocks:
        if isinstance(block, Said):
            yield block
        elif isinstance(block, Points):
            yield from block.items


def note_of(numbers: Sequence[Num]) -> str:
    """What a note says of the numbers of a sentence: each with its figure, and the sheets that show them."""
    told = dict.fromkeys(
        f"{number.text if number.value else 0} is {number.source.words}" for number in numbers
    )
    sheets = dict.fromkeys(number.source.sheet for number in numbers)
    return f"{'; '.join(told)}. {'Sheets' if len(sheets) > 1 else 'Sheet'} {', '.join(sheets)}."


def _spoken(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"“{value}”"
