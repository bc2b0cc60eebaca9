"""Related findings are one: a row that lacks much, a note about many cells; and none of them repeats another."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checks.plans import CLEAN, data_team, form, success, validated
from tests.intake.sheets import checked, codes, plan, raw, reads_well, sfss
from tests.properties.plans import plans
from xlplan.findings import Severity
from xlplan.intake.pour import poured
from xlplan.intake.validate import validate
from xlplan.layout.book import Cell
from xlplan.templates import TEMPLATES

STEP = "challenges[0].strategies[0].steps[0]"
ROW = "strategies[0].steps[0]"


# --- a row that lacks much


def test_a_row_that_lacks_three_answers_is_told_once() -> None:
    """At its first empty cell, naming all of them and their cells."""
    typed: dict[str, object] = dict.fromkeys(
        f"{ROW}.{name}" for name in ("resources", "measures", "deadline")
    )
    (item,) = validated(form("data-team"), data_team("2026-10-02"), typed).findings
    assert (item.code, item.path, item.sheet, item.cell, item.found) == (
        "missing", ROW, "Strategy 1", "E21", None,
    )  # fmt: skip
    assert item.message == (
        "In step 1 each of Resources, Measures of Implementation (Outputs) and Deadline is empty."
    )
    assert item.remedy == "Fill in E21, F21 and H21."
    assert item.facts["cells"] == "E21, F21, H21"


def test_one_or_two_empty_answers_are_told_each_at_its_cell() -> None:
    typed: dict[str, object] = dict.fromkeys((f"{STEP}.due", f"{STEP}.owner"))
    assert codes(typed) == [("missing", f"{STEP}.due"), ("missing", f"{STEP}.owner")]


def test_the_boxes_of_a_sheet_are_told_each_at_its_own() -> None:
    """They stand one under the other, each with a Check line of its own."""
    names = [f"challenges[0].{name}" for name in ("description", "evidence", "target_outcomes")]
    assert codes(dict.fromkeys(names)) == [("missing", name) for name in names]


def test_a_placeholder_is_quoted_at_its_own_cell() -> None:
    """It is no empty cell; what is empty beside it is told as it is."""
    typed: dict[str, object] = {f"{STEP}.due": None, f"{STEP}.owner": "n/a"}
    assert codes(typed) == [("missing", f"{STEP}.due"), ("missing", f"{STEP}.owner")]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_row_begun_with_one_answer_is_told_in_full(name: str) -> None:
    """Every required answer of a begun row is found: at its cell, or named by the row's finding."""
    where = form(name)
    data = poured(where.layout, CLEAN[name])
    rows = {item.group for _, item in where.layout.inputs.values() if item.group.endswith("]")}
    for row in sorted(rows):
        own = [item for _, item in where.layout.inputs.values() if item.group == row and not item.locked]
        if any(data.get(item.path) is not None for item in own) or not own[0].name:
            continue
        one = next(item for item in own if item.field.kind in ("text", "prose", "person"))
        found = validate(where.layout, where.model, raw(where, data | {one.path: "Something"}), {}).findings
        said = " ".join(item.remedy for item in found if item.path and item.path.startswith(row))
        for item in own:
            if item.field.required and item.name != one.name and not item.item and not item.choice:
                ref = where.layout.cell_of(item.path)
                answer = f"{row}.{item.name}"
                assert ref and (any(one.path == answer for one in found) or ref.a1 in said), item.path


# --- a note about many cells


def test_a_note_about_many_cells_is_told_once_a_sheet() -> None:
    """With the first cell, and the others' addresses up to ten."""
    rows = [(s, k) for s in range(4) for k in range(4)]
    typed: dict[str, object] = {
        f"challenges[1].strategies[{s}].steps[{k}].action": "  Do it now" for s, k in rows
    }
    noted = [item for item in checked(typed)[1] if item.code == "mended-space"]
    assert [(item.sheet, item.path) for item in noted] == [
        ("Challenge 2", "challenges[1].strategies[0].steps[0].action")
    ]
    cells = [ref.a1 for path in list(typed)[1:11] if (ref := sfss().layout.cell_of(path))]
    assert noted[0].message == (
        "Stray blanks or invisible characters were removed from “Do it now”. "
        f"Likewise 15 more cells: {', '.join(cells)} and 5 more."
    )


def test_what_was_read_is_told_of_each_cell() -> None:
    """A reading is there to be checked."""
    typed: dict[str, object] = {f"resources[{k}].item": f"Item {k}" for k in range(6)}
    typed |= {f"resources[{k}].cost": f"${k + 1},200" for k in range(6)}
    (item,) = [item for item in checked(typed)[1] if item.code == "mended-money"]
    assert item.message == (
        "“$1,200” was read as $1,200.00. Likewise 5 more cells: E6 ($2,200.00), E7 ($3,200.00), E8 ($4,200.00), "
        "E9 ($5,200.00) and E10 ($6,200.00)."
    )


def test_a_few_notes_are_told_each_at_its_cell() -> None:
    typed: dict[str, object] = {f"resources[{k}].item": f" Item {k}" for k in range(4)}
    assert Counter(code for code, _ in codes(typed))["mended-space"] == 4


def test_formulas_are_grouped_and_faults_are_not() -> None:
    """Every fault is to be mended where it is."""
    items: dict[str, object] = {f"resources[{k}].item": f"Item {k}" for k in range(8)}
    costs: dict[str, object] = {f"resources[{k}].cost": Cell(1200.0, "600*2") for k in range(8)}
    faults: dict[str, object] = {f"resources[{k}].reallocation": "perhaps" for k in range(8)}
    found = Counter(code for code, _ in codes(items | costs | faults))
    assert (found["formula"], found["choice"]) == (1, 8)


# --- nothing is told twice


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@given(data=st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_no_finding_repeats_another_and_errors_have_a_cell(name: str, data: st.DataObject) -> None:
    """Of random plans with random cells emptied or overtyped: one code a path, and every error names its cell."""
    where = form(name)
    chance = Random(data.draw(st.integers(0, 2**32)))
    base: dict[str, Any] = chance.choice((data.draw(plans(where.layout.spec)), CLEAN[name]))
    cells = poured(where.layout, base)
    odd = (None, None, None, "TBD", "x" * 5000, Cell(None, None, "#REF!"), "=1", date(2062, 1, 1), "Step 3")
    for path in chance.sample(sorted(cells), chance.randint(0, len(cells) // 3)):
        cells[path] = chance.choice(odd)
    found = validate(where.layout, where.model, raw(where, cells), {}).findings
    told = Counter((item.code, item.path) for item in found)
    assert [key for key, count in told.items() if count > 1] == []
    for item in found:
        if item.severity is Severity.ERROR and item.code != "blank":
            assert item.path and item.sheet and item.cell, item
        if base is CLEAN[name]:  # random texts, which findings quote, need not read well
            reads_well(item.message)
            reads_well(item.remedy)


def test_a_clean_plan_of_each_template_earns_nothing() -> None:
    for name, data in CLEAN.items():
        assert validated(form(name), data).findings == [], name
    assert validated(form("planning-for-success"), success()).model is not None
    assert checked(base=plan())[1] == []
