"""The tidy tables as they are, one sheet each, so that a district can count what we did not."""

from __future__ import annotations

from xlplan.rollup.book import Book
from xlplan.rollup.data import TableShape
from xlplan.rollup.look import TAG, height
from xlplan.rollup.report import Report
from xlplan.rollup.tables import field_columns, records

WIDTHS = {"prose": 45, "text": 26, "choice": 26, "tick": 36, "person": 32, "money": 16}
FIXED = {
    "district": 28,
    "school": 32,
    "school_id": 14.5,
    "version": 8,
    "draft": 8,
    "slot": 6,
    "file": 36,
    "sheet": 14,
}
STYLES = {"prose": "data.prose", "date": "data.day", "past-date": "data.day", "money": "data.money"}
CENTRED = ("version", "number", "slot", "cell")


def write_data(book: Book, report: Report) -> None:
    """Write a sheet for every table that has rows: a real table whose header is the column's name."""
    for table in report.rollup.shape.tables:
        if table.name in report.regions:
            _write_table(book, report, table)


def _write_table(book: Book, report: Report, table: TableShape) -> None:
    region = report.regions[table.name]
    kinds = {name: column.kind for name, column in field_columns(table).items()}
    widths = [max(_width(name, kinds.get(name, "")), len(name) + 4) for name in region.columns]
    page = book.page(region.sheet, widths, tab=TAG)
    styles = [_style(name, kinds.get(name, "")) for name in region.columns]
    for row, record in enumerate(records(report.tables[table.name]), start=1):
        wrapped = [
            pair
            for pair, style in zip(zip(record.values(), widths, strict=True), styles, strict=True)
            if style == "data.prose"
        ]
        page.row(row, list(record.values()), styles, height(*wrapped))
    page.table(f"data_{table.name}", 0, region.columns, region.rows, ["head.data"] * len(region.columns))
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def _width(name: str, kind: str) -> float:
    return FIXED.get(name) or WIDTHS.get(kind, 11)


def _style(name: str, kind: str) -> str:
    if name == "draft" or kind == "yes-no":
        return "data.boolean"
    if name in CENTRED or kind == "integer" or (not kind and name.endswith("_number")):
        return "data.center"
    return STYLES.get(kind, "data.prose") if kind else "data"
