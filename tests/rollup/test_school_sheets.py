"""Each plan as a sheet to read: all of its answers, on few pages, and nobody's own work overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup import mixed
from xlplan.campaign import Campaign
from xlplan.form.plan import HEADER
from xlplan.ledger import Ledger
from xlplan.pipeline.school_sheets import PlanSheet, written_plans
from xlplan.rollup.words import short_day


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return mixed.campaign(tmp_path_factory.mktemp("sheets") / "autumn")


@pytest.fixture(scope="module")
def first(made: Campaign) -> list[PlanSheet]:
    return written(made)


def written(made: Campaign, *, dry_run: bool = False) -> list[PlanSheet]:
    with Ledger.open(made.ledger_url) as ledger:
        return list(written_plans([(made, ledger)], mixed.AS_OF, dry_run=dry_run))


def words_of(path: Path) -> str:
    """All that a sheet says; pieces of long answers joined again."""
    sheet = openpyxl.load_workbook(path)["Plan"]
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
    said = (_said(cell) for cell in cells)
    return " ".join(" ".join(said).split())


def _said(cell: Any) -> str:
    if cell.is_date:
        return short_day(cell.value.date())
    return f"{cell.value:.2f}" if isinstance(cell.value, int | float) else str(cell.value)


def answers(value: Any, name: str = "") -> Iterator[str]:
    """The texts, days and amounts of a plan."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if name or key not in HEADER:
                yield from answers(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from answers(inner, name or "-")
    elif isinstance(value, str) and value:
        try:
            yield short_day(date.fromisoformat(value))
        except ValueError:
            yield " ".join(value.split())


def test_every_answer_of_every_template_is_there(first: list[PlanSheet]) -> None:
    """Of all five templates, and as text whatever it looks like."""
    assert len(first) == len(mixed.plans()) and len({item.template for item in first}) == 5
    by_school = {item.school_id: item for item in first}
    for line, plan in zip(mixed.LINES, mixed.plans(), strict=False):
        item = by_school[line.split(",")[2]]
        said = words_of(item.file)
        missing = [text for text in answers(plan) if text not in said]
        assert not missing, (item.template, missing[:3])
        assert OpenXmlValidator().validate(item.file).is_valid
        sheet = openpyxl.load_workbook(item.file)["Plan"]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_nothing_but_its_own_is_overwritten(made: Campaign, first: list[PlanSheet]) -> None:
    """Written again it is the same; what somebody wrote into stays and is told; a dry run writes nothing."""
    before = {item.file: item.file.read_bytes() for item in first}
    assert written(made) == first and {path: path.read_bytes() for path in before} == before
    noted = first[0].file
    book = openpyxl.load_workbook(noted)
    book["Plan"]["B40"] = "Ask about this"
    book.save(noted)
    kept = noted.read_bytes()
    again = written(made)
    assert [item.file for item in again if not item.written] == [noted] and again[0].why
    assert noted.read_bytes() == kept
    noted.unlink()
    assert written(made, dry_run=True)[0].written and not noted.exists()
    assert written(made) == first and noted.read_bytes() == before[noted]
