"""That the contenders do the same, before anything is timed. Each raises AssertionError with what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from openpyxl.utils.cell import range_boundaries

from benchmarks import by_openpyxl
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.pipeline.opening import Result

_TOKEN = re.compile("⟦([a-z_]+)⟧")


def same_workbook(ours: bytes, theirs: bytes, personal: Mapping[str, str]) -> None:
    """The same sheets, texts, numbers, days, formulas, rules and locks; `theirs` may still name what differs."""
    left, right = by_openpyxl.read(ours), by_openpyxl.read(theirs)
    assert [sheet.name for sheet in left.sheets] == [sheet.name for sheet in right.sheets]
    for one, other in zip(left.sheets, right.sheets, strict=True):
        named = {place: _named(cell, personal) for place, cell in other.cells.items()}
        assert one.cells == named, f"cells of {one.name}"
        for part in ("visible", "protected", "merged"):
            assert getattr(one, part) == getattr(other, part), f"{part} of {one.name}"
        assert set(one.validations) == set(other.validations), f"rules of {one.name}"
    assert {name: _named(Cell(text), personal).value for name, text in right.names.items()} == left.names


def same_cells(ours: bytes, theirs: bytes, personal: Mapping[str, str], *, rules: bool) -> None:
    """The same sheets, texts, numbers, days, formulas and locks; with `rules`, the same cells have one of each kind."""
    left, right = by_openpyxl.read(ours), by_openpyxl.read(theirs)
    assert [sheet.name for sheet in left.sheets] == [sheet.name for sheet in right.sheets]
    for one, other in zip(left.sheets, right.sheets, strict=True):
        named = {place: _named(cell, personal) for place, cell in other.cells.items()}
        assert one.cells == named, f"cells of {one.name}"
        assert (one.visible, one.protected) == (other.visible, other.protected), one.name
        assert not rules or _ruled(one) == _ruled(other), f"rules of {one.name}"


def _ruled(sheet: Sheet) -> set[tuple[str, int, int]]:
    """Each cell that has a rule, with the kind of it."""
    return {
        (rule.kind, row, column)
        for rule in sheet.validations
        for area in rule.sqref.split()
        for left, top, right, bottom in [range_boundaries(area)]
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def same_reading(content: bytes) -> None:
    """Our reader and openpyxl see the same cells, but for cached values and the sheet that ours need not read."""
    ours, theirs = read_workbook(content), by_openpyxl.read(content)
    assert isinstance(ours, Book)
    for one, other in zip(ours.sheets, theirs.sheets, strict=True):
        if one.cells or one.visible:
            cells = {
                place: cell._replace(value=None) if cell.formula else cell
                for place, cell in one.cells.items()
            }
            assert replace(one, cells=cells, validations=()) == replace(other, validations=())
            assert set(one.validations) == set(other.validations), one.name


def same_result(ours: Result, theirs: Result) -> None:
    """The same outcome, plan, findings, completeness and lineage."""
    assert ours.checked == theirs.checked
    assert ours.completeness == theirs.completeness
    assert ours.validated is not None and theirs.validated is not None
    assert ours.validated.filled == theirs.validated.filled
    assert ours.checked.outcome == "accepted", [item.code for item in ours.checked.findings]


def digest(content: bytes) -> str:
    """A file's SHA-256."""
    return sha256(content).hexdigest()


def _named(cell: Cell, personal: Mapping[str, str]) -> Cell:
    if not isinstance(cell.value, str):
        return cell
    return cell._replace(value=_TOKEN.sub(lambda token: personal[token[1]], cell.value))
