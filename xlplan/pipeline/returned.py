"""What came back, as its correction copy shows it: the cells of the fresh copy, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from xlplan.catalogue import PUT_RIGHT
from xlplan.findings import Checked, Finding, Severity, finding
from xlplan.form.spec import Field
from xlplan.form.upgrade import UPGRADED, is_to_place
from xlplan.intake.group import in_sheet_order
from xlplan.layout import leftover
from xlplan.layout.book import Cell, Scalar
from xlplan.layout.leftover import QUESTION, LeftOver
from xlplan.layout.made import shown
from xlplan.layout.model import CellRef, Layout
from xlplan.layout.points import Returned
from xlplan.layout.raw import RawPlan, RawValue

MOST_TEXT = 32_767  # characters that Excel takes in a cell
QUOTED = ("error-cell", "formula-no-value")  # their cells come back empty, and To fix says what stood there
_MOVED = ("moved", "contradiction", "section-missing", "sheet-twice", "sheet-renamed")

Judge = Callable[[RawPlan], list[Finding]]


def needs_copy(checked: Checked) -> bool:
    """Whether a return earns a correction copy: it was rejected, or a fresh copy puts right more than notes tell of."""
    if checked.outcome != "accepted":
        return checked.outcome == "rejected" and checked.school_id is not None
    return checked.school_id is not None and any(
        (
            item.severity is Severity.WARNING
            and (item.code in PUT_RIGHT or item.code in ("extra-sheet", "sheet-twice"))
        )
        or is_to_place(item)  # somebody has to place it
        for item in checked.findings
    )


def returned_of(
    layout: Layout,
    raw: RawPlan,
    cells: dict[str, object],
    ends: Sequence[LeftOver],
    findings: Iterable[Finding],
    judge: Judge,
) -> Returned:
    """What came back. `cells`, `ends`: as `fresh_cells` gives them; `judge`: the findings of a raw plan.

    Where answers were read away from their places, findings are made again for the places in the fresh copy.
    """
    found = list(findings)
    if any(item.code in _MOVED for item in found) or _elsewhere(layout, raw):
        found = _in_their_places(found, judge(typed_again(layout, cells)))
    left = [*raw.left_over, *ends]
    told = {(item.sheet, item.cell) for item in found if item.code == "stray"}
    found += [
        _stray(item) for item in left if item.code == "contradiction" and (item.sheet, item.cell) not in told
    ]
    return Returned(cells=cells, findings=tuple(in_sheet_order(layout, found)), left_over=tuple(left))


def _elsewhere(layout: Layout, raw: RawPlan) -> bool:
    """Whether answers were read away from where a fresh copy has them: the form as issued may have had other places."""
    found = ((layout.inputs[path], at) for path, at in raw.places.items())
    return any(
        (plan.title, CellRef(plan.title, item.row, item.column).a1) != at for (plan, item), at in found
    )


def fresh_cells(
    layout: Layout, raw: RawPlan, values: Mapping[str, object]
) -> tuple[dict[str, object], list[LeftOver]]:
    """What a fresh copy's inputs hold, and the ends of texts that no cell can hold.

    A mended answer as it was read, any other as it was typed; an error or a formula without a value leaves the cell
    empty.
    """
    cells: dict[str, object] = {}
    ends: list[LeftOver] = []
    for path, item in raw.values.items():
        sheet, place = layout.inputs[path]
        value: object = item.cell.value
        if place.fact or value is None or item.cell.error is not None:
            continue
        value = values.get(path, value)
        if isinstance(value, str) and len(value) > MOST_TEXT:
            ends.append(LeftOver(sheet=sheet.title, cell=item.a1, value=value[MOST_TEXT:], code="too-long"))
            value = value[:MOST_TEXT]
        cells[path] = value
    return cells, ends


def typed_again(layout: Layout, cells: Mapping[str, object]) -> RawPlan:
    """The raw plan of a fresh copy that holds these cells."""
    raw = RawPlan()
    for path, (sheet, item) in layout.inputs.items():
        a1 = CellRef(sheet.title, item.row, item.column).a1
        raw.places[path] = (sheet.title, a1)
        if path in cells:
            cell = Cell(as_read(cells[path], item.field))
            raw.values[path] = RawValue(cell=cell, sheet=sheet.title, a1=a1)
    return raw


def as_read(value: object, item: Field) -> Scalar:
    """A value as it is read from the cell of a fresh copy that holds it."""
    value = shown(value, item)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (Decimal, float, int)):
        return float(value)
    return None if value is None else str(value)


def _in_their_places(found: list[Finding], again: list[Finding]) -> list[Finding]:
    """The findings about the file as they were, those about answers made again for the fresh copy."""
    of_file = (*QUOTED, *PUT_RIGHT, UPGRADED)
    kept = [item for item in found if item.path is None or item.code in of_file]
    quoted = {item.path for item in kept if item.code in QUOTED}
    return kept + [item for item in again if item.path is not None and item.path not in quoted]


def _stray(item: LeftOver) -> Finding:
    todo = f"Copy it into the white box it belongs to. Then answer Yes at “{QUESTION}”."
    return finding("stray", sheet=item.sheet, cell=item.cell, found=leftover.verbatim(item.value), todo=todo)
