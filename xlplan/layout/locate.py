"""From a returned workbook to a raw plan: every value with its cell, found by its witnesses; and the strays.

A sheet's witness is its section key; those of rows and columns are in `witnesses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.sheet import TAG
from xlplan.layout.witnesses import EMPTY, Columns, Rows, fixed_of

KEY_AREA = (8, 6)  # rows and columns in which a section key is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class RawValue:
    """What stands in the cell of a field: the cell's content and where it was read."""

    cell: Cell
    sheet: str
    a1: str


@dataclass(slots=True, kw_only=True)
class RawPlan:
    """Every field's cell by slot path (empty ones left out), and what was found of the workbook's structure."""

    values: dict[str, RawValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[SheetPlan] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)


def locate(layout: Layout, book: Book) -> RawPlan:
    """The raw plan of a workbook. Never raises for what the workbook holds."""
    raw = RawPlan()
    found, others = _sheets(layout, book, raw)
    for plan in layout.sheets:
        if plan.key not in found:
            code = "section-missing" if plan.inputs else "guide-missing"
            raw.findings.append(finding(code, sheet=plan.title, section=plan.title))
            if plan.inputs:
                raw.missing.append(plan)
        elif not plan.hidden and plan.key != "start":
            _read_sheet(plan, found[plan.key], raw)
    raw.findings += [finding("extra-sheet", sheet=sheet.name, found=sheet.name) for sheet in others]
    return raw


def find_section(book: Book, key: str) -> Sheet | None:
    """The sheet that carries this section key."""
    return next((sheet for sheet in book.sheets if _key_place(sheet, {key})), None)


def keys_of(book: Book) -> set[str]:
    """All texts of a workbook that stand where section keys do."""
    return {
        str(cell.value)
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
        if row <= KEY_AREA[0] and column <= 2 and isinstance(cell.value, str)
    }


def _key_place(sheet: Sheet, keys: set[str] | Mapping[str, object]) -> tuple[str, int, int] | None:
    """The section key of a sheet with its row and column; its fixed place A3 first."""
    at = sheet.cells.get((3, TAG), EMPTY).value
    if isinstance(at, str) and at in keys:
        return at, 3, TAG
    for row in range(1, KEY_AREA[0] + 1):
        for column in range(1, KEY_AREA[1] + 1):
            value = sheet.cells.get((row, column), EMPTY).value
            if isinstance(value, str) and value in keys:
                return value, row, column
    return None


def _sheets(layout: Layout, book: Book, raw: RawPlan) -> tuple[dict[str, Sheet], list[Sheet]]:
    """Each section's sheet, by key, else by title; what is left over."""
    plans = {plan.key: plan for plan in layout.sheets}
    found: dict[str, Sheet] = {}
    others: list[Sheet] = []
    ranked = sorted(
        book.sheets, key=lambda sheet: not _titled(sheet, plans)
    )  # the sheet under its own title first
    for sheet in ranked:
        place = _key_place(sheet, plans)
        key = (
            place[0]
            if place
            else next((plan.key for plan in plans.values() if plan.title == sheet.name), None)
        )
        if key is None:
            if sheet.cells and sheet.name not in ("Evaluation Warning",):
                others.append(sheet)
        elif key in found:
            raw.findings.append(
                finding("sheet-twice", sheet=sheet.name, found=sheet.name, section=plans[key].title)
            )
        else:
            found[key] = sheet
            if sheet.name != plans[key].title and not plans[key].hidden:
                raw.findings.append(
                    finding("sheet-renamed", sheet=sheet.name, found=sheet.name, section=plans[key].title)
                )
    return found, others


def _titled(sheet: Sheet, plans: Mapping[str, SheetPlan]) -> bool:
    place = _key_place(sheet, plans)
    return place is not None and plans[place[0]].title == sheet.name


@lru_cache(maxsize=10_000)
def _a1(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def _read_sheet(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> None:
    place = _key_place(sheet, {plan.key})
    shift = place[2] - TAG if place else 0
    rows = Rows(plan, sheet, shift)
    columns = Columns(plan, sheet, rows, shift)
    read: set[tuple[int, int]] = set()
    for item in plan.inputs:
        row, column = rows.at.get(item.row), columns.of(item)
        if row is None or column is None:
            raw.undecided.add(item.path)
            continue
        read.add((row, column))
        a1 = _a1(row, column)
        raw.places[item.path] = (sheet.name, a1)
        cell = sheet.cells.get((row, column))
        if cell is not None:
            raw.values[item.path] = RawValue(cell=cell, sheet=sheet.name, a1=a1)
    raw.findings += rows.findings + columns.findings
    raw.findings += _strays(plan, sheet, rows, shift, read)


def _strays(
    plan: SheetPlan, sheet: Sheet, rows: Rows, shift: int, read: set[tuple[int, int]]
) -> list[Finding]:
    """What people left where the form has nothing: beside, below, in a second row of the same tag."""
    fixed = fixed_of(plan)
    known, texts = fixed.puts, fixed.texts
    found: list[Finding] = []
    left = [
        (place, cell)
        for place, cell in sheet.cells.items()
        if place not in read
        and cell.value is not None
        and cell.value != ""
        and not isinstance(cell.value, bool)
        and (rows.original(place[0]), place[1] - shift) not in known
    ]
    for (row, column), cell in sorted(left):
        if isinstance(cell.value, str) and (cell.value in texts or not cell.value.strip()):
            continue
        todo = "Move it into the white box it belongs to, or delete it."
        found.append(
            finding(
                "stray",
                sheet=sheet.name,
                cell=f"{column_letters(column)}{row}",
                found=str(cell.value),
                todo=todo,
            )
        )
    return found
