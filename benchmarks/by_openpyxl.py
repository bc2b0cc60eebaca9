"""The same work done with openpyxl, in its fastest honest idiom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.excel.plate import shown
from xlplan.layout.book import Book, Cell, Sheet, Validation
from xlplan.layout.model import Layout

TELLS = frozenset(("formulas", "protection", "validation", "names", "properties"))


def read(content: bytes) -> Book:
    """The workbook through openpyxl, as what our own reader gives; no cached values beside formulas."""
    book = load_workbook(BytesIO(content))
    core = {"creator": book.properties.creator, "lastModifiedBy": book.properties.lastModifiedBy}
    return Book(
        format="xlsx",
        sheets=tuple(_sheet(sheet) for sheet in book.worksheets),
        names={name: str(defined.attr_text) for name, defined in book.defined_names.items()},
        properties={item.name: str(item.value) for item in book.custom_doc_props.props},
        core={name: value for name, value in core.items() if value},
        tells=TELLS,
    )


def filled(content: bytes, layout: Layout, typed: Mapping[str, object]) -> bytes:
    """A copy loaded, filled and saved."""
    book = load_workbook(BytesIO(content))
    for path, value in typed.items():
        sheet, item = layout.inputs[path]
        book[sheet.title].cell(row=item.row, column=item.column).value = shown(value, item.field)
    return _saved(book)


def _sheet(sheet: Worksheet) -> Sheet:
    return Sheet(
        name=sheet.title,
        cells={
            (cell.row, cell.column): _cell(cell.value, cell.data_type)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        },
        visible=sheet.sheet_state == "visible",
        protected=sheet.protection.sheet,
        validations=tuple(
            Validation(kind=rule.type or "none", sqref=str(rule.sqref), formula=rule.formula1 or "")
            for rule in sheet.data_validations.dataValidation
        ),
        merged=tuple(str(area) for area in sheet.merged_cells.ranges),
    )


def _cell(value: Any, kind: str) -> Cell:
    if kind == "f":
        return Cell(None, str(value).removeprefix("="))
    if kind == "e":
        return Cell(None, None, str(value))
    if isinstance(value, bool | str | datetime):
        return Cell(value)
    return Cell(float(value))


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


Cells = Mapping[tuple[str, int, int], object]


def differing(one: bytes, other: bytes) -> Cells:
    """The cells of the other workbook that are not those of the first."""
    left, right = read(one), read(other)
    return {
        (sheet.name, *place): cell.value
        for before, sheet in zip(left.sheets, right.sheets, strict=True)
        for place, cell in sheet.cells.items()
        if before.cells[place] != cell
    }


def changed(content: bytes, cells: Cells, identity: str) -> bytes:
    """A copy loaded, made another school's and saved."""
    book = load_workbook(BytesIO(content))
    for (title, row, column), value in cells.items():
        book[title].cell(row=row, column=column).value = value
    book.defined_names["xlplan_identity"].attr_text = f'"{identity}"'
    book.custom_doc_props["xlplan_identity"].value = identity
    return _saved(book)
