"""The facts as they are, a sheet each: every figure can be followed, and a district can count what we did not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from sqlite3 import Row
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from xlplan.form.text import harmless
from xlplan.rollup.book import TEXT_LENGTH, Book, Page, quoted
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import LINEAGE, TABLES, WHOSE, FactColumn, FactTable
from xlplan.rollup.links import opening, prefix_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The part of a table that one sheet holds: heads in row 1, rows below."""

    sheet: str
    rows: int
    columns: tuple[str, ...]

    def range(self, column: str) -> str:
        """The column's cells without their head."""
        letter = xl_col_to_name(self.columns.index(column))
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
        found = deck.store.rows(f"SELECT * FROM {table.name}_full ORDER BY plan, n")
        for part, region in enumerate(regions.get(table.name, ())):
            _write(book, deck, table, region, part, islice(found, region.rows))


def _write(book: Book, deck: Deck, table: FactTable, region: Region, part: int, rows: Any) -> None:
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
    writers = [_writer(page, deck, column, table) for column in columns]
    for at, row in enumerate(rows, start=1):
        for place, write in enumerate(writers):
            write(at, place, row)


def _writer(page: Page, deck: Deck, column: FactColumn, table: FactTable) -> Callable[[int, int, Row], None]:
    """What writes one column's cell of a row, straight into the sheet; what is missing is left empty."""
    name, style = column.name, STYLES.get(column.kind, "data")
    out = deck.out if table.per_plan and name == "cell" else None
    file_column = xl_col_to_name([one.name for one in columns_of(table)].index("file"))
    form, sheet = page.book.style(style), page.sheet

    def write(at: int, place: int, row: Row) -> None:
        found = row[name]
        if found is None or found == "":
            return
        match column.kind:
            case "yes-no":
                sheet.write_boolean(at, place, bool(found), form)
            case "money":
                sheet.write_number(at, place, found / 100, form)
            case "count":
                sheet.write_number(at, place, found, form)
            case "day":
                page.put(at, place, date.fromisoformat(found), style)
            case _:
                sheet.write_string(at, place, harmless(found)[:TEXT_LENGTH], form)

    shown = page.book.style("data.link")

    def link(at: int, place: int, row: Row) -> None:
        """The file's name from its own row, so that the link holds however the table is sorted."""
        if out is None or not row["cell"] or not row["file"] or not row["sheet"]:
            write(at, place, row)
            return
        target = opening(
            prefix_of(row["folder"], row["file"], out), f"{file_column}{at + 1}", row["sheet"], row["cell"]
        )
        sheet.write_formula(at, place, target, shown, row["cell"])

    return link if out else write
