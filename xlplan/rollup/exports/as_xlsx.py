"""One workbook, a sheet a table, each a real table."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from xlplan.campaign.files import replacing
from xlplan.form.text import harmless, units
from xlplan.rollup.exports.model import (
    DAY,
    MONEY,
    About,
    ExportColumn,
    ExportTable,
    Row,
    Value,
    Written,
    unique,
)  # fmt: skip

MOST_ROWS = 1_048_575  # of a sheet below its header
MOST_TEXT = 32_767  # UTF-16 units of one cell
NAME = 31  # characters of a sheet's name
WIDTHS = {DAY: 11, MONEY: 14, "text": 24}
STYLE = "Table Style Light 1"


def write_xlsx(
    tables: Sequence[ExportTable], to: Path, about: About, most_rows: int = MOST_ROWS
) -> list[Written]:
    """Write the workbook `to`: texts are never formulas, days are dates, amounts are numbers, yes-no is true or false.

    A table of more rows than a sheet takes goes on, with its header, on “NAME (2)”. The last sheet, dictionary,
    says what each column holds.
    """
    with tempfile.TemporaryDirectory(prefix=".export-") as folder, replacing(to) as draft:
        book = _Book(draft, folder, about)
        names = iter(unique([name for table in tables for name in _parts(table, most_rows)], NAME))
        written = [book.add(table, names, most_rows) for table in tables]
        book.dictionary(tables)
        book.file.close()
    return [Written(table=table.name, rows=table.count, file=to, part=part) for table, part in written]


def _parts(table: ExportTable, most_rows: int) -> list[str]:
    """The sheets that a table needs."""
    stem = re.sub(r"[\[\]:*?/\\]", "_", table.name).strip("'")[: NAME - 6]
    if stem.casefold() == "history":  # a name that Excel keeps for itself
        stem += "_"
    count = max(1, -(-table.count // most_rows))
    return [stem, *(f"{stem} ({number})" for number in range(2, count + 1))]


class _Book:
    """The workbook being written, a row at a time in memory."""

    def __init__(self, path: Path, folder: str, about: About) -> None:
        import xlsxwriter  # for this one form of an export

        options = {
            "constant_memory": True,
            "tmpdir": folder,  # readable by its owner alone
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.file: Any = xlsxwriter.Workbook(str(path), options)
        self.file.use_zip64()
        created = datetime.combine(about.as_of, time())
        self.file.set_properties({"title": harmless(f"{about.title}: tables"), "created": created})
        self._day = self.file.add_format({"num_format": "yyyy-mm-dd"})
        self._money = self.file.add_format({"num_format": "#,##0.00"})
        self._head = self.file.add_format({"bold": True})
        self._tables = 0

    def add(self, table: ExportTable, names: Iterator[str], most_rows: int) -> tuple[ExportTable, str]:
        """Write a table on as many sheets as it needs; with their names."""
        rows, left, used = table.rows(), table.count, []
        for name in islice(names, max(1, -(-table.count // most_rows))):
            here = min(left, most_rows)
            self._sheet(name, table.columns, islice(rows, here), here)
            left -= here
            used.append(name)
        return table, "; ".join(used)

    def dictionary(self, tables: Sequence[ExportTable]) -> None:
        """The sheet that says what each column holds."""
        columns = [
            ExportColumn(name=name, kind="text", about="") for name in ("table", "column", "type", "comment")
        ]
        rows: list[Row] = [
            (table.name, column.name, column.kind, column.about)
            for table in tables
            for column in table.columns
        ]
        taken = {sheet.name.casefold() for sheet in self.file.worksheets()}
        name = next(name for name in ("dictionary", "dictionary (xlplan)") if name not in taken)
        self._sheet(name, columns, iter(rows), len(rows))

    def _sheet(self, name: str, columns: Sequence[ExportColumn], rows: Iterator[Row], count: int) -> None:
        sheet = self.file.add_worksheet(name)
        for at, column in enumerate(columns):
            form = {DAY: self._day, MONEY: self._money}.get(column.kind)
            sheet.set_column(at, at, max(WIDTHS.get(column.kind, 9), min(len(column.name) + 4, 40)), form)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self._table(sheet, columns, count)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.name, self._head)
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                self._write(sheet, number, at, value)

    def _table(self, sheet: Any, columns: Sequence[ExportColumn], count: int) -> None:
        """Declare the table before its cells are written.

        XlsxWriter notes every cell of a table, and refuses tables in constant memory since it would write their
        headers late. So it is told of the first row alone, and the range is set after it; the header is ours.
        """
        self._tables += 1
        options = {
            "name": f"xlplan_table_{self._tables}",
            "columns": [{"header": column.name} for column in columns],
            "style": STYLE,
        }
        sheet.constant_memory = False
        sheet.add_table(0, 0, 1, len(columns) - 1, options)
        sheet.constant_memory = True
        (table,) = sheet.tables
        last = re.sub(r"\d+$", "", table["range"].split(":")[-1])
        table["range"] = table["a_range"] = table["autofilter"] = f"A1:{last}{max(count, 1) + 1}"

    def _write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        match value:
            case None | "":
                pass
            case bool():
                sheet.write_boolean(row, column, value)
            case int():
                sheet.write_number(row, column, value)
            case Decimal():
                sheet.write_number(row, column, float(value), self._money)
            case date() if value.year >= 1900:
                sheet.write_datetime(row, column, datetime.combine(value, time()), self._day)
            case _:
                sheet.write_string(row, column, _fitting(harmless(str(value))))


def _fitting(text: str) -> str:
    """The text as far as a cell takes it."""
    while units(text) > MOST_TEXT:
        text = text[: MOST_TEXT if len(text) > MOST_TEXT else len(text) - 1]
    return text
