"""Rows and columns come, go and move: no value may land in the wrong field, none may vanish unsaid."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import pour
from xlplan.excel.read import read_workbook
from xlplan.findings import Severity
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.intake.validate import validate
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal
from xlplan.samples import sample_plans

SHEETS = ("Challenge 1", "Resources", "Roles", "Plan", "Monitoring")


@lru_cache
def _filled() -> tuple[FormOf, bytes, dict[str, object]]:
    form = form_of("sfss", FormFacts())
    who = personal(BLANK_SCHOOL, blank_identity(form), b"", "")
    cells = poured(form.layout, sample_plans("sfss")[0])
    return form, pour(compile_plate(form.layout), who, cells), cells


def _read(content: bytes) -> tuple[dict[str, object], list[str], list[str]]:
    """Slot path → what was read there; the codes of all findings; what errors quote."""
    form, _, _ = _filled()
    book = read_workbook(content)
    assert isinstance(book, Book)
    raw = locate(form.layout, book)
    validated = validate(form.layout, form.model, raw)
    said = [item.found or "" for item in validated.findings if item.severity is Severity.ERROR]
    values: dict[str, object] = {path: value.cell.value for path, value in raw.values.items()}
    return values, [item.code for item in validated.findings], said


def _damaged(sheet: str, what: str, at: int) -> bytes:
    workbook = openpyxl.load_workbook(BytesIO(_filled()[1]))
    page = workbook[sheet]
    {
        "insert row": page.insert_rows,
        "delete row": page.delete_rows,
        "insert column": page.insert_cols,
        "delete column": page.delete_cols,
    }[what](at)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sheet=st.sampled_from(SHEETS),
    what=st.sampled_from(("insert row", "insert column", "delete row", "delete column")),
    at=st.integers(min_value=1, max_value=40),
)
def test_no_value_lands_in_the_wrong_field(sheet: str, what: str, at: int) -> None:
    """Whatever row or column was put in or taken out, each field holds its own value or none."""
    at = min(at, 10) if "column" in what else at
    before, _, _ = _read(_filled()[1])
    after, codes, said = _read(_damaged(sheet, what, at))
    wrong = {path: value for path, value in after.items() if before.get(path) != value}
    assert not wrong
    lost = [path for path, value in before.items() if path not in after and value is not None]
    if lost and what.startswith("insert"):
        quoted = " ".join(said)
        for path in lost:
            assert str(before[path])[:30].split("\n")[0] in quoted or "contradiction" in codes, path
    if lost:
        told = {"contradiction", "stray", "missing", "too-few", "section-missing"}
        assert (told | ({"label-changed"} if what == "delete row" else set())) & set(codes)


@pytest.mark.parametrize("column", [2, 4, 5, 6, 7, 9])
def test_a_column_put_in_moves_ticks_with_their_heads(column: int) -> None:
    """Ticks for root causes have no head of their own; they follow the heads that stand over them."""
    before, _, _ = _read(_filled()[1])
    after, _, _ = _read(_damaged("Challenge 1", "insert column", column))
    ticks = [path for path in before if ".root_causes[" in path and "strategies" in path]
    assert ticks
    assert all(after.get(path) == before[path] for path in ticks if path in after)
