"""What belongs to a row and stands on another sheet: required when its row is begun, stray beside an empty one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.plans import CLEAN, HEADED, form, process, raw, strong, validated
from tests.intake.sheets import HEADER
from tests.specimens import edits
from tests.specimens.build import poured as workbook
from xlplan.intake.pour import poured
from xlplan.intake.validate import Validated, validate
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

PRIORITY = "action_steps[1].priority"
CASES = [
    ("planning-process", "4 Priorities", "action_steps", "priority", 8),
    ("strong-systems", "Criteria", "initiatives", "criteria", 3),
]


def told(found: Validated) -> list[tuple[str, str | None]]:
    return [(item.code, item.path) for item in found.findings]


def companions(plan: dict[str, Any], name: str) -> list[dict[str, Any]]:
    if name == "priority":
        return [step["priority"] for step in plan["action_steps"]]
    return [row["criteria"] for initiative in plan["initiatives"] for row in initiative["deliverables"]]


def without(name: str, sheet: str) -> Validated:
    """The clean plan of a template, one of its sheets gone."""
    where = form(name)
    cells = poured(where.layout, CLEAN[name])
    gone = next(plan for plan in where.layout.sheets if plan.title == sheet)
    own = {item.path for item in gone.inputs}
    found = raw(where, {path: value for path, value in cells.items() if path not in own})
    found.missing.append(gone)
    return validate(where.layout, where.model, found, HEADER)


def test_the_decision_is_required_once_its_step_is_begun() -> None:
    """It is missing where it is filled in: on the sheet of the priorities."""
    found = validated(form("planning-process"), process(), {f"{PRIORITY}.decision": None})
    (item,) = found.findings
    assert (item.code, item.path, item.sheet) == ("missing", f"{PRIORITY}.decision", "4 Priorities")
    assert item.message == "Decision of priority 2 is empty."


def test_criteria_are_asked_for_and_not_required() -> None:
    """Unanswered, a companion is an object of nulls."""
    data = strong()
    del data["initiatives"][0]["deliverables"][0]["criteria"]
    found = validated(form("strong-systems"), data)
    assert (found.findings, found.model is None) == ([], False)
    nulls = dict.fromkeys(("observable", "clear", "comprehensive"))
    assert found.plan["initiatives"][0]["deliverables"][0]["criteria"] == nulls


@pytest.mark.parametrize(("name", "sheet", "_table", "companion", "count"), CASES)
def test_a_companion_sheet_that_is_gone_is_told_of_the_sheet(
    name: str, sheet: str, _table: str, companion: str, count: int
) -> None:
    """Not of every decision on it; the plan has objects of nulls."""
    found = without(name, sheet)
    assert told(found) == []  # the reader tells of the sheet
    assert all(list(row.values()) == [None] * count for row in companions(found.plan, companion))


@pytest.mark.parametrize(("name", "sheet", "_table", "companion", "_count"), CASES)
def test_a_deleted_companion_sheet_leaves_one_error(
    name: str, sheet: str, _table: str, companion: str, _count: int
) -> None:
    """By the whole way, on a workbook."""
    content = edits.by_openpyxl(workbook(name, CLEAN[name]), lambda book: book.remove(book[sheet]))
    checked = check_file(content, "copy.xlsx", Context()).checked
    errors = [(item.code, item.sheet) for item in checked.findings if item.severity == "error"]
    assert errors == [("section-missing", sheet)]
    assert checked.plan is not None and companions(dict(checked.plan), companion)


def test_a_table_whose_companions_are_gone_still_needs_its_rows() -> None:
    """The sheet of the steps is there, and empty."""
    where = form("planning-process")
    found = raw(where, poured(where.layout, HEADED))
    found.missing.append(next(plan for plan in where.layout.sheets if plan.title == "4 Priorities"))
    said = told(validate(where.layout, where.model, found, HEADER))
    assert ("too-few", "action_steps") in said


def test_answers_beside_an_empty_row_are_told_once_a_row() -> None:
    """Companion fields begin no row; alone they belong to nothing, and are not in the plan."""
    typed: dict[str, object] = dict.fromkeys(
        (f"action_steps[{k}].priority.{name}" for k in (3, 5) for name in ("systemic", "simultaneous")), "yes"
    )
    found = validated(form("planning-process"), process(), typed)
    assert told(found) == [
        ("stray", "action_steps[3].priority.systemic"), ("stray", "action_steps[5].priority.systemic"),
    ]  # fmt: skip
    assert found.findings[0].remedy == "Fill in the row it belongs to, or delete what stands in F8 and I8."
    assert len(found.plan["action_steps"]) == 2
    assert not set(typed) & set(found.filled)


def test_a_single_answer_beside_an_empty_row() -> None:
    path = "action_steps[3].priority.systemic"
    (item,) = validated(form("planning-process"), process(), {path: "yes"}).findings
    assert (item.code, item.path, item.remedy) == (
        "stray",
        path,
        "Fill in the row it belongs to, or delete it.",
    )
    kept = validated(form("planning-process"), process(), {path: "yes", "action_steps[3].name": "Start"})
    assert "stray" not in [item.code for item in kept.findings]
    assert kept.plan["action_steps"][2]["priority"]["systemic"] is True


def test_a_faulty_answer_beside_an_empty_row_is_told_once() -> None:
    path = "action_steps[3].priority.systemic"
    found = validated(form("planning-process"), process(), {path: "perhaps"})
    assert told(found) == [("choice", path)]
    assert path not in found.filled
