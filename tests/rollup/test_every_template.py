"""Tables, exports and the district's workbook, of every template with its own sample plans."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.pipeline.loop import LINES, begun, returned
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Meaning
from xlplan.ledger import Ledger
from xlplan.pipeline.summarise import rollup_of
from xlplan.rollup.data import Rollup
from xlplan.rollup.export import export
from xlplan.rollup.report import report_of
from xlplan.rollup.tables import tidy
from xlplan.rollup.workbook import write_workbook
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

NAMES = [name for name in TEMPLATES if sample_plans(name)]
AS_OF = date(2027, 1, 31)


@pytest.fixture(scope="module", params=NAMES)
def rollup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rollup:
    """Three schools, all returned and accepted."""
    campaign = begun(tmp_path_factory.mktemp("c") / request.param, request.param)
    plans = sample_plans(request.param)[: len(LINES)]
    assert [item.outcome for item in returned(campaign, plans)] == ["accepted"] * len(LINES)
    with Ledger.open(campaign.ledger_url) as ledger:
        return rollup_of(campaign, ledger, AS_OF)


def test_every_row_of_every_plan_is_in_its_table_with_its_cell(rollup: Rollup) -> None:
    """No table is lost, no row, and each row says where it was read."""
    tables = tidy(rollup.shape, rollup.plans)
    assert len(tables) == len(rollup.shape.tables), "no two tables share a name"
    for table in rollup.shape.tables:
        rows = [plan.plan for plan in rollup.plans]
        for part in table.path.replace("[]", "").split(".") if table.path else ():
            inner = [row[part] for row in rows]
            rows = [item for value in inner for item in (value if isinstance(value, list) else [value])]
        frame = tables[table.name]
        assert len(frame) == len(rows), table.name
        filled = [row for row in rows if not isinstance(row, dict) or any(value for value in row.values())]
        assert frame["cell"].notna().sum() == len(filled), table.name


def test_export_writes_every_table(rollup: Rollup, tmp_path: Path) -> None:
    tables = tidy(rollup.shape, rollup.plans)
    for path in export(tables, tmp_path, "json"):
        assert len(json.loads(path.read_text(encoding="utf-8"))["rows"]) == len(tables[path.stem])
    assert len(export(tables, tmp_path, "csv")) == len(tables)


def test_the_workbook_has_the_sheets_that_its_template_has_answers_for(
    rollup: Rollup, tmp_path: Path
) -> None:
    """Priorities and costs only where the form asks for them; steps wherever something is due."""
    write_workbook(rollup, tmp_path / "s.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "s.xlsx").sheetnames
    meanings = {
        field.meaning
        for _, group in spec_of(template(rollup.shape.template)).walk()
        for field in group.fields
    }
    report = report_of(rollup)
    assert ("Priorities" in sheets) is (Meaning.PRIORITY in meanings)
    assert (report.money_sheet in sheets) is (Meaning.MONEY in meanings)
    assert "Steps" in sheets and {"Summary", "Returns", "Method"} <= set(sheets)
    assert len(set(map(str.lower, sheets))) == len(sheets)


def test_dropped_steps_do_not_count(tmp_path: Path) -> None:
    """What a team decided to drop (seed 002) is neither due nor overdue, in figures and formulas alike."""
    plan = next(
        item
        for item in sample_plans("planning-process")
        if any(step["priority"]["decision"] == "drop" for step in item["action_steps"])
    )
    campaign = begun(tmp_path / "c", "planning-process")
    returned(campaign, [plan])
    with Ledger.open(campaign.ledger_url) as ledger:
        data = rollup_of(campaign, ledger, AS_OF)
    kept = [step for step in plan["action_steps"] if step["priority"]["decision"] != "drop"]
    assert len(report_of(data).steps) == len(kept)
    write_workbook(data, tmp_path / "s.xlsx")
    formulas = [
        str(cell.value)
        for row in openpyxl.load_workbook(tmp_path / "s.xlsx")["Steps"].iter_rows(min_row=5, max_row=5)
        for cell in row
        if str(cell.value).startswith("=COUNTIFS")
    ]
    assert formulas and all('"<>drop"' in text for text in formulas)
