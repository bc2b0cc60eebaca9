"""A small plan in its cells, as the reader would hand it over: what the tests of this folder type into."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlplan
from xlplan.checks import run_checks
from xlplan.findings import Finding
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.intake.validate import Validated, in_sheet_order, validate
from xlplan.layout.book import Cell
from xlplan.layout.raw import RawPlan, RawValue
from xlplan.pipeline.forms import FormOf, form_of

HEADER = {
    "district_id": "5308250",
    "district": "Spokane",
    "school_id": "530825001378",
    "school": "Adams",
    "year": "2026-27",
}


def sfss(**facts: Any) -> FormOf:
    return form_of("sfss", FormFacts(**facts))


@lru_cache
def sample() -> str:
    path = Path(xlplan.__file__).parent / "samples" / "sfss" / "02-behaviour-elementary.json"
    return path.read_text(encoding="utf-8")


def plan() -> dict[str, Any]:
    """A sample plan that earns nothing, to be changed by a test."""
    found: dict[str, Any] = json.loads(sample())
    return found


def raw(form: FormOf, cells: dict[str, object]) -> RawPlan:
    """The raw plan that a workbook with these cells gives."""
    made = RawPlan()
    for path, value in cells.items():
        sheet, item = form.layout.inputs[path]
        ref = form.layout.cell_of(path)
        assert ref is not None and sheet.title == ref.sheet and item.path == path
        content: Any = value if isinstance(value, Cell) else Cell(_held(value))
        if content.value is not None or content.formula or content.error:
            made.values[path] = RawValue(cell=content, sheet=ref.sheet, a1=ref.a1)
    return made


def _held(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return float(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def checked(
    cells: dict[str, object] | None = None, *, base: dict[str, Any] | None = None, form: FormOf | None = None,
    header: dict[str, str | None] | None = None,
) -> tuple[Validated, list[Finding]]:  # fmt: skip
    """A plan with some cells typed over (None empties one), validated and judged."""
    form = form or sfss()
    filled = poured(form.layout, plan() if base is None else base) | (cells or {})
    found = validate(form.layout, form.model, raw(form, filled), HEADER if header is None else header)
    if any(item.code == "blank" for item in found.findings):
        return found, found.findings
    return found, in_sheet_order(form.layout, found.findings + run_checks(form.layout, found))


def codes(cells: dict[str, object] | None = None, **more: Any) -> list[tuple[str, str | None]]:
    """Code and slot path of each finding, in their order."""
    return [(item.code, item.path) for item in checked(cells, **more)[1]]


def reads_well(said: str) -> None:
    """A full sentence, no doubled marks, no empty quotes, no fact left out."""
    assert said and said[-1] in ".?!”…", said
    assert not any(
        pair in said for pair in ("..", "“”", ".”.", "?”.", " .", " ,", "  ", "{", "}", "None", "()")
    ), said


__all__ = ["HEADER", "checked", "codes", "plan", "raw", "reads_well", "sfss"]
