"""What tables and rows ask for: rows unless a choice makes them unnecessary, one of several answers, room for more."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from tests.checks.plans import CLEAN, data_team, form, put, step, strong, success, validated
from xlplan.findings import Finding, Severity
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Cell
from xlplan.pipeline.forms import form_of

STATUS, STEPS = "strategies[0].status", "strategies[0].steps"
RESOURCE = "initiatives[0].resources[1]"
THREE = tuple(f"{RESOURCE}.{name}" for name in ("expanded_use", "reallocation", "new"))


def found(name: str, data: dict[str, Any], cells: dict[str, object] | None = None) -> list[Finding]:
    return validated(form(name), data, cells).findings


def told(*given: Any) -> list[tuple[str, str | None]]:
    return [(item.code, item.path) for item in found(*given)]


# --- unless


@pytest.mark.parametrize("status", ["new, several steps", "existing, to be refined"])
def test_a_strategy_that_needs_a_plan_needs_a_step(status: str) -> None:
    (item,) = found("data-team", data_team(status=status))
    assert (item.code, item.path, item.sheet, item.cell is None) == ("too-few", STEPS, "Strategy 1", False)
    assert item.message == "Action Steps: 0 filled, and at least 1 needed."
    assert item.remedy == "Fill in one."


@pytest.mark.parametrize("status", ["new, one step", "existing, unchanged"])
def test_one_that_needs_no_plan_needs_none(status: str) -> None:
    assert validated(form("data-team"), data_team(status=status)).model is not None


@pytest.mark.parametrize(
    ("typed", "code"), [(None, "missing"), ("perhaps", "choice"), (Cell(None, None, "#N/A"), "error-cell")]
)
def test_while_the_status_is_not_known_no_step_is_asked_for(typed: object, code: str) -> None:
    """The follow-on of a cell that is told of already."""
    assert told("data-team", data_team(), {STATUS: typed}) == [(code, STATUS)]


def test_where_the_campaign_made_the_status_optional_an_empty_one_asks_for_steps() -> None:
    """As the workbook's Check line and the model do: what is accepted is held by the model."""
    where = form_of("data-team", FormFacts(optional=("strategies[].status",)))
    empty = validated(where, data_team(), {STATUS: None})
    assert [(item.code, item.path) for item in empty.findings] == [("too-few", STEPS)]
    steps = validated(where, data_team("2026-10-02"), {STATUS: None})
    assert (steps.findings, steps.model is None) == ([], False)


def test_a_step_that_failed_is_a_step() -> None:
    """Too few is not told where a row is there and wrong."""
    cells: dict[str, object] = {f"{STEPS}[0].deadline": "fall"}
    assert [code for code, _ in told("data-team", data_team(), cells)] == ["missing", "type"]


# --- one of


def test_one_of_the_three_is_needed_and_told_once() -> None:
    (item,) = found("planning-for-success", success(), dict.fromkeys(THREE))
    assert (item.code, item.path) == ("missing", THREE[0])
    assert item.message == (
        "In resource 2 each of New/expanded use of existing resource, Reallocation/Reassignment of Resource "
        "and New resources is empty."
    )
    assert item.remedy == "Fill in at least one of them."


@pytest.mark.parametrize("cell", THREE)
def test_any_of_the_three_will_do(cell: str) -> None:
    typed = dict.fromkeys(THREE) | {cell: "The district budget"}
    where = validated(form("planning-for-success"), success(), typed)
    assert (where.findings, where.model is None) == ([], False)


def test_a_faulty_one_of_the_three_is_told_alone() -> None:
    typed: dict[str, object] = dict.fromkeys(THREE) | {THREE[2]: "x" * 5000}
    assert told("planning-for-success", success(), typed) == [("too-long", THREE[2])]


def test_one_of_the_three_is_told_whatever_else_the_row_lacks() -> None:
    """All in one pass, though pydantic judges such a condition only of a row that is good in itself."""
    typed: dict[str, object] = dict.fromkeys(THREE) | {f"{RESOURCE}.resource": None}
    assert sorted(told("planning-for-success", success(), typed), key=str) == [
        ("missing", THREE[0]), ("missing", f"{RESOURCE}.resource"),
    ]  # fmt: skip


# --- full tables


def full_steps(count: int = 12) -> dict[str, Any]:
    return data_team(*[f"2026-10-{day:02}" for day in range(1, count + 1)])


def test_a_full_table_is_told_once_with_how_to_get_more() -> None:
    """At the last row of the first one that is full; the slot path is there for the coordinator."""
    data = full_steps()
    data["strategies"].append(copy.deepcopy(data["strategies"][0]))
    (item,) = found("data-team", data)
    assert (item.code, item.path, item.sheet) == ("table-full", STEPS, "Strategy 1")
    assert item.message == "All 12 rows of Action Steps are used."
    assert item.remedy == "More rows? Ask the district for a larger copy."
    assert item.facts["slots"] == "strategies[].steps"
    assert item.severity is Severity.WARNING
    assert found("data-team", full_steps(11)) == []


def test_a_plan_that_uses_every_sheet_is_told_of_the_sheets() -> None:
    data = data_team("2026-10-02")
    data["strategies"] = [put(data["strategies"][0], "strategy", f"Number {n}") for n in range(6)]
    (item,) = found("data-team", data)
    assert (item.path, item.sheet, item.cell is None) == ("strategies", "Strategy 6", False)
    assert item.message == "All 6 sheets of Strategies are used."


def test_a_table_that_nobody_has_to_fill_in_may_be_full() -> None:
    """A team of eight is no lack of room."""
    data = CLEAN["data-team"] | {"team": [{"name": f"R. Diaz {n}"} for n in range(8)]}
    assert found("data-team", data) == []


def test_a_deliverable_with_five_steps_has_as_many_as_it_should() -> None:
    """Seed 004's own example of timing has five; a form with room for more is told when that is used up."""
    first = date(2026, 10, 1)
    steps = [
        step(f"Publish chapter {n}", *(f"{first + timedelta(days=7 * n + more)}" for more in (0, 5)))
        for n in range(8)
    ]
    assert "table-full" not in {item.code for item in found("strong-systems", strong(*steps[:5]))}
    larger = form("strong-systems", initiatives__deliverables__steps=8)
    assert "table-full" in {item.code for item in validated(larger, strong(*steps)).findings}


def test_a_table_with_one_row_is_not_called_full() -> None:
    where = form("data-team", strategies__steps=1)
    assert validated(where, data_team("2026-10-02")).findings == []
