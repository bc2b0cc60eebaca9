"""References among a plan's own rows, by name and by number; what hangs on a faulty name is not told again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.plans import data_team, form, put, validated
from tests.checks.plans import process as plan
from tests.intake.sheets import HEADER, raw
from xlplan.findings import Finding
from xlplan.intake.pour import poured
from xlplan.intake.validate import validate
from xlplan.layout.book import Cell

TOLD = ("duplicate", "unknown-reference")
AFTER = "strategies[0].steps[2].after"


def process(cells: dict[str, object]) -> list[tuple[str, str | None]]:
    """Codes and paths about names, of a planning process with nothing but these cells."""
    where = form("planning-process")
    found = validate(where.layout, where.model, raw(where, cells), {})
    return [(item.code, item.path) for item in found.findings if item.code in TOLD]


def changed(cells: dict[str, object]) -> list[Finding]:
    """Of a whole planning process with some cells typed over."""
    return validated(form("planning-process"), plan(), cells).findings


def told(cells: dict[str, object]) -> list[tuple[str, str | None]]:
    return [(item.code, item.path) for item in changed(cells)]


def test_two_equal_names_are_duplicate() -> None:
    """Compared without case, spaces and punctuation; the second one is told."""
    assert process({"trends[0].name": "Late work", "trends[2].name": "late-work"}) == [
        ("duplicate", "trends[2].name")
    ]
    assert process({"trends[0].name": "Late work", "trends[2].name": "Later work"}) == []


def test_references_by_name() -> None:
    """To a row that is there, however it is written; not to none, not to itself, not in a circle."""
    a, b, c = ({f"root_causes[{k}].name": f"Cause {k}"} for k in range(3))
    of = [f"root_causes[{k}].symptom_of" for k in range(3)]
    assert process({**a, **b, of[0]: "CAUSE 1"}) == []
    assert process({**a, of[0]: "Cause 9"}) == [("unknown-reference", of[0])]
    assert process({**a, of[0]: "Cause 0"}) == [("unknown-reference", of[0])]
    assert process({**a, **b, **c, of[0]: "Cause 1", of[1]: "Cause 2"}) == []
    assert process({**a, **b, **c, of[0]: "Cause 1", of[1]: "Cause 0", of[2]: "Cause 0"}) == [
        ("unknown-reference", of[0]), ("unknown-reference", of[1]),
    ]  # fmt: skip


def test_a_name_written_otherwise_is_mended_with_a_note() -> None:
    """The plan says the name as it stands in its own row."""
    found = validated(form("planning-process"), plan(), {"funding[0].action_step": "embed  COACHING!"})
    assert [(item.code, item.path, item.found) for item in found.findings] == [
        ("mended-choice", "funding[0].action_step", "embed  COACHING!")
    ]
    assert found.findings[0].message == "“embed COACHING!” was read as “Embed coaching”."
    assert found.plan["funding"][0]["action_step"] == "Embed coaching"
    assert told({"funding[0].action_step": "Embed coaching"}) == []


def test_a_near_miss_is_told_with_what_was_meant() -> None:
    (item,) = changed({"funding[0].action_step": "Embed coachin"})
    assert (item.code, item.path) == ("unknown-reference", "funding[0].action_step")
    assert item.message == "“Embed coachin” is not among the rows of Action steps."
    assert item.remedy == "Choose one from the list. Did you mean “Embed coaching”?"
    (item,) = changed({"funding[0].action_step": "Buses"})
    assert item.remedy == "Choose one from the list."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Training fades" + "x" * 120, "too-long"),
        (Cell(None, None, "#REF!"), "error-cell"),
        (Cell(None, "A1"), "formula-no-value"),
        (None, "missing"),
    ],
)
def test_what_hangs_on_a_faulty_name_is_not_told_again(name: Any, code: str) -> None:
    """One fault, one finding: the references are in order once the name is."""
    typed: dict[str, object] = {"root_causes[0].name": name}
    if code == "too-long":  # the references say what the faulty cell says
        typed |= dict.fromkeys(("action_steps[0].root_causes[0]", "root_causes[2].symptom_of"), name)
    assert told(typed) == [(code, "root_causes[0].name")]


def test_another_name_than_that_of_the_faulty_cell_is_told() -> None:
    """A name that is too long is still a name; it is not what this reference means."""
    typed: dict[str, object] = {"root_causes[0].name": "x" * 130, "action_steps[1].root_causes[0]": "Buses"}
    assert ("unknown-reference", "action_steps[1].root_causes[0]") in told(typed)


def test_a_name_given_twice_is_told_where_it_is_given() -> None:
    """And not at the references to it."""
    typed: dict[str, object] = {
        "root_causes[1].name": "Training fades",
        "action_steps[1].root_causes[0]": "Training fades",
    }
    assert told(typed) == [("duplicate", "root_causes[1].name")]


def test_names_on_a_sheet_that_is_gone_are_told_of_the_sheet() -> None:
    """Not of every reference to them."""
    where = form("planning-process")
    cells = {
        path: value for path, value in poured(where.layout, plan()).items() if not path.startswith("trends")
    }
    found = raw(where, cells)
    found.missing.append(next(sheet for sheet in where.layout.sheets if sheet.key == "tre"))
    assert validate(where.layout, where.model, found, HEADER).findings == []


# --- by number


@pytest.mark.parametrize("typed", ["Step 2", "step 2", "STEP 2 ", "2", 2.0, "Step2", "2.", "#2"])
def test_a_number_may_be_typed_in_several_ways(typed: object) -> None:
    found = validated(form("data-team"), three(), {AFTER: typed})
    assert [item.code for item in found.findings if not item.code.startswith("mended")] == []
    assert found.plan["strategies"][0]["steps"][2]["after"] == 2


@pytest.mark.parametrize(
    "typed", ["Step 3", "Step 4", "Step 9", "0", "12th of May", "step 1 of 2", "TBD", "1, 2", "-1"]
)
def test_a_step_comes_after_one_above_it(typed: str) -> None:
    """Not after itself, one below, one that is not filled in, or what is no number of a step."""
    found = validated(form("data-team"), three(), {AFTER: typed})
    (item,) = found.findings
    assert (item.code, item.path, item.found) == ("unknown-reference", AFTER, typed)
    assert item.message == f"“{typed}” is not among the steps above it."
    assert item.remedy == "Choose an earlier step from the list, or leave it empty."
    assert found.plan["strategies"][0]["steps"][2]["after"] is None


def test_an_empty_row_above_is_no_step() -> None:
    """And the numbers close up over it."""
    data = three()
    data["strategies"][0]["steps"].insert(1, None)
    cell = "strategies[0].steps[3].after"
    assert [item.code for item in validated(form("data-team"), data, {cell: "Step 2"}).findings] == [
        "unknown-reference"
    ]
    found = validated(form("data-team"), data, {cell: "Step 3"})
    assert found.findings == []
    assert found.plan["strategies"][0]["steps"][2]["after"] == 2


def test_a_faulty_step_above_is_still_a_step() -> None:
    """What is wrong with it is told there."""
    found = validated(
        form("data-team"), three(), {AFTER: "Step 2", "strategies[0].steps[1].deadline": "fall"}
    )
    assert [(item.code, item.path) for item in found.findings] == [
        ("type", "strategies[0].steps[1].deadline")
    ]


def three() -> dict[str, Any]:
    return put(data_team("2026-10-02", "2026-11-06", "2026-12-04"), "strategies.0.goal", "All read")
