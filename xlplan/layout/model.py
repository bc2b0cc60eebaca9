"""What `place` makes: sheets as rows of texts, inputs and formulas, each at its address. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xlplan.form.expressions import Expr, Key, Twin, column_letters
from xlplan.form.parts import top_of
from xlplan.form.spec import Field, FormSpec

LAYOUT_VERSION = 1


@dataclass(frozen=True, slots=True)
class CellRef:
    """One cell of one sheet."""

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address within the sheet, such as C14."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A locked cell: a text, number or day, or a formula; `link` is a place in the workbook it leads to."""

    row: int
    column: int
    value: str | float | date | None = None
    formula: Expr | None = None
    style: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A cell that people fill in, or a locked one: of a later round what stood there, else a header fact.

    `path`: its slot path. `group`, `name`: the row's slot path and the field's name, where the value belongs.
    `choice`: the text of a tick's choice; `item`: the slot of a tick for a row, or of one of several references.
    `place`: how people call it ("step 1.3"); `header`: the locked cell whose text names its column.
    """

    path: str
    group: str
    name: str
    row: int
    column: int
    field: Field
    style: str
    rule: str
    place: str
    choice: str = ""
    item: int | None = None
    locked: bool = False
    header: tuple[int, int] | None = None

    @property
    def fact(self) -> bool:
        """Whether it is a header cell, which says whose plan it is and holds no answer."""
        return self.locked and not self.field.locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a sheet with its height in points and its witnesses; `least`: lines shown when its boxes are empty."""

    row: int
    height: float
    tag: str = ""
    number: str = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One Check line: its row on the Live sheet, its place in words, and the cell of its words."""

    live: int
    row: int
    place: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet as it will be written. Columns and rows count from 1; `last_column` is the empty margin.

    `checks`: areas of words that are coloured as those of the Check column are.
    """

    key: str
    title: str
    path: str
    widths: tuple[float, ...]
    lines: tuple[Line, ...]
    puts: tuple[Put, ...]
    inputs: tuple[Input, ...]
    units: tuple[Unit, ...] = ()
    freeze: str = "A2"
    breaks: tuple[int, ...] = ()
    repeat: tuple[int, int] = (1, 1)
    tab: str = "5F6C77"
    hidden: bool = False
    one_page: bool = False
    checks: tuple[str, ...] = ()
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """The last row that holds anything."""
        return max(line.row for line in self.lines)

    @property
    def last_column(self) -> int:
        """The empty margin column after the last one used."""
        return len(self.widths)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Which cell holds which field: the one map between writer and reader.

    `elsewhere`: the plan's own members, by name, that stand in another part's workbook; nothing is said of them here.
    """

    spec: FormSpec
    version: int
    sheets: tuple[SheetPlan, ...]
    names: Mapping[str, str]
    inputs: Mapping[str, tuple[SheetPlan, Input]]
    twins: Mapping[Key, Twin]
    rows: Mapping[str, CellRef]  # slot path of a row, object or table → the cell that stands for it
    elsewhere: frozenset[str] = frozenset()

    def sheet(self, key: str) -> SheetPlan:
        """The sheet of that section key. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)

    def is_elsewhere(self, path: str) -> bool:
        """Whether what a path names stands in another part's workbook."""
        return bool(self.elsewhere) and top_of(path) in self.elsewhere

    def cell_of(self, path: str) -> CellRef | None:
        """The cell of a slot path: the field's, else its row's or table's, else its sheet's."""
        while path:
            if path in self.inputs:
                sheet, item = self.inputs[path]
                return CellRef(sheet.title, item.row, item.column)
            if path in self.rows:
                return self.rows[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None
