"""The facts as they are, a sheet each: every figure can be followed, and a district can count what we did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from xlplan.form.expressions import column_letters, serial
from xlplan.rollup.book import Book, CellXml, quoted
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import LINEAGE, TABLES, WHOSE, FactColumn, FactTable
from xlplan.rollup.links import is_here, opening, prefix_of
from xlplan.rollup.look import TAG
from xlplan.rollup.store import Store

ROWS = 1_048_575  # of a sheet, its head left out
UNSEEN = ("path", "folder")  # no formula asks for them
WIDTHS = {"prose": 45.0, "text": 20.0, "day": 13.0, "money": 14.0, "count": 9.0, "yes-no": 9.0}
FIXED = {"school": 30.0, "district": 26.0, "school_id": 15.0, "row": 44.0, "file": 36.0, "number": 9.0, "cell": 8.0,
         "sha256": 20.0}  # fmt: skip
STYLES = {
    "prose": "data",
    "day": "data.day",
    "money": "data.money",
    "count": "data.center",
    "yes-no": "data.boolean",
}

Cell = Callable[[int, Sequence[Any]], str]  # the number of a row, from 0, and its values → the cell's XML


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The part of a table that one sheet holds: heads in row 1, rows below."""

    sheet: str
    rows: int
    columns: tuple[str, ...]

    def range(self, column: str) -> str:
        """The column's cells without their head."""
        letter = column_letters(self.columns.index(column) + 1)
        return f"{quoted(self.sheet)}!${letter}$2:${letter}${self.rows + 1}"


def columns_of(table: FactTable) -> tuple[FactColumn, ...]:
    """The columns of a table's sheet, those that only formulas ask for too."""
    number = (WHOSE[0],)
    found = (*WHOSE, *table.columns, *LINEAGE) if table.per_plan else (*number, *table.columns)
    return tuple(column for column in found if column.name not in UNSEEN)


def regions_of(store: Store, rows: int = ROWS) -> dict[str, tuple[Region, ...]]:
    """Where each table that has rows will stand, by its name; `rows`: how many one sheet takes."""
    found = {}
    for table in TABLES:
        if count := store.count(table):
            names = tuple(column.name for column in columns_of(table))
            parts = range(-(-count // rows))
            found[table.name] = tuple(
                Region(sheet=sheet_name(table, part), rows=min(rows, count - part * rows), columns=names)
                for part in parts
            )
    return found


def sheet_name(table: FactTable, part: int = 0) -> str:
    """The name of the sheet of a table, or of a later part of it."""
    return f"Data {table.title.lower()}" + (f" {part + 1}" if part else "")


def write_data(book: Book, deck: Deck, regions: Mapping[str, Sequence[Region]]) -> None:
    """Write the sheets of all tables that have rows."""
    for table in TABLES:
        names = ", ".join((*(column.name for column in columns_of(table)), *_asked(table)))
        found = deck.store.rows(f"SELECT {names} FROM {table.name}_full ORDER BY plan, n")
        for part, region in enumerate(regions.get(table.name, ())):
            _write(book, deck, table, region, part, islice(found, region.rows))


def _asked(table: FactTable) -> tuple[str, ...]:
    """What stands in a row beside its columns."""
    return ("folder",) if table.per_plan else ()


def _write(
    book: Book, deck: Deck, table: FactTable, region: Region, part: int, rows: Iterable[Sequence[Any]]
) -> None:
    columns = columns_of(table)
    widths = [max(FIXED.get(c.name) or WIDTHS[c.kind], len(c.label) + 4) for c in columns]
    page = book.long_page(region.sheet, widths, tab=TAG)
    for at, column in enumerate(columns):
        if column.inner:
            page.sheet.set_column(at, at, widths[at], None, {"hidden": True})
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)
    name = f"data_{table.name}" + (f"_{part + 1}" if part else "")
    page.long_table(name, [column.label for column in columns], region.rows, "head.data")
    cells = [_cell(book, place, column) for place, column in enumerate(columns)]
    if deck.out is not None and table.per_plan:
        place = next(place for place, column in enumerate(columns) if column.name == "cell")
        cells[place] = _link(book, place, columns, deck.out, cells[place])
    page.long_rows(1, ("".join([cell(at, row) for cell in cells]) for at, row in enumerate(rows, start=1)))


def _cell(book: Book, place: int, column: FactColumn) -> Cell:
    """What makes one column's cell of a row; what is missing is left empty."""
    xml = CellXml(book, place, STYLES.get(column.kind, "data"))

    def text(at: int, row: Sequence[Any]) -> str:
        return "" if row[place] is None else xml.text(at, row[place])

    def number(at: int, row: Sequence[Any]) -> str:
        return "" if row[place] is None else xml.number(at, row[place])

    def money(at: int, row: Sequence[Any]) -> str:
        return "" if row[place] is None else xml.number(at, row[place] / 100)

    def boolean(at: int, row: Sequence[Any]) -> str:
        return "" if row[place] is None else xml.boolean(at, bool(row[place]))

    def day(at: int, row: Sequence[Any]) -> str:
        if not row[place]:
            return ""
        found = date.fromisoformat(row[place])
        # before 1900 no program counts days
        return xml.number(at, serial(found)) if found.year >= 1900 else xml.text(at, row[place])

    return {"yes-no": boolean, "money": money, "count": number, "day": day}.get(column.kind, text)


def _link(book: Book, place: int, columns: Sequence[FactColumn], out: Path, plain: Cell) -> Cell:
    """The file's name from its own row, so that the link holds however the table is sorted."""
    names = [column.name for column in columns]
    file, sheet, folder = names.index("file"), names.index("sheet"), len(names)
    letters, xml = column_letters(file + 1), CellXml(book, place, "data.link")

    def cell(at: int, row: Sequence[Any]) -> str:
        if not row[place] or not row[sheet] or not is_here(row[file]):
            return plain(at, row)
        target = opening(prefix_of(row[folder], row[file], out), f"{letters}{at + 1}", row[sheet], row[place])
        return xml.formula(at, target, row[place])

    return cell
