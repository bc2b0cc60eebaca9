"""The laws of a copy: what is poured is read, whatever is typed, wherever it stands; stamping is a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.specimens.build import blank, form
from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import stamp
from xlplan.form.plan import HEADER
from xlplan.form.spec import FormFacts
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

from .plans import Maker, closed_up, plans

NAMES = sorted(TEMPLATES)
LAW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def filled(name: str, plan: dict[str, Any]) -> bytes:
    content, refused = fill_bytes(blank(name), plan, "blank.xlsx")
    assert refused is None
    return content


def read(content: bytes) -> dict[str, Any]:
    """The plan as far as readable, without the header fields."""
    plan = check_file(content, "copy.xlsx", Context()).checked.plan
    assert plan is not None
    return {key: value for key, value in plan.items() if key not in HEADER}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each answer with its path, so that a failure names the answers that differ; an empty list is an answer."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    if not items or not value:
        yield path, value
    for key, inner in items:
        yield from _leaves(inner, f"{path}.{key}")


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@LAW
def test_what_is_poured_is_read(name: str, data: st.DataObject) -> None:
    """read(fill(p)) == closed_up(p), with gaps between slots, hostile texts, days and amounts at their bounds."""
    spec = form(name).layout.spec
    plan = data.draw(plans(spec))
    assert dict(_leaves(read(filled(name, plan)))) == dict(_leaves(closed_up(spec, plan)))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(LAW, max_examples=2)
def test_pouring_again_what_was_read_changes_nothing(name: str, data: st.DataObject) -> None:
    """A closed-up plan is its own closed-up plan, and the same plan gives the same bytes."""
    first = read(filled(name, data.draw(plans(form(name).layout.spec))))
    content = filled(name, first)
    assert read(content) == first
    assert filled(name, first) == content


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(LAW, max_examples=3)
def test_a_poured_plan_never_looks_tampered_with(name: str, data: st.DataObject) -> None:
    """No text that people type makes the importer believe that a row moved or that something strayed."""
    spec = form(name).layout.spec
    plan = closed_up(spec, data.draw(plans(spec)))  # without answers beside empty rows, which do stray
    content = filled(name, plan)
    codes = {item.code for item in check_file(content, "copy.xlsx", Context()).checked.findings}
    structure = {"stray", "moved", "contradiction", "sheet-renamed", "sheet-twice", "extra-sheet", "unknown-reference",
                 "error-cell", "formula", "type", "choice", "range", "too-long"}  # fmt: skip
    assert not codes & structure


@pytest.mark.parametrize("name", NAMES)
def test_stamping_twice_gives_the_same_bytes(name: str) -> None:
    """Also from a plate compiled anew: no clock and no order of sets gets into a copy."""
    made = form(name)
    own = personal(BLANK_SCHOOL, blank_identity(made), b"", "")
    assert stamp(compile_plate(made.layout), own) == stamp(compile_plate(made.layout), own) == blank(name)


RAISED = {
    "sfss": ("challenges[].strategies[].steps", 8),
    "data-team": ("strategies[].steps", 15),
    "planning-process": ("action_steps", 18),
    "planning-for-success": ("initiatives[].resources", 13),
    "strong-systems": ("initiatives[].deliverables[].steps", 13),
}


@cache
def larger(name: str) -> tuple[FormOf, bytes]:
    """A form with more rows in one of its tables, and a copy of it."""
    made = form_of(name, FormFacts(slots=(RAISED[name],)))
    return made, stamp(plate_of(made, ""), personal(BLANK_SCHOOL, blank_identity(made), b"", ""))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(LAW, max_examples=4)
def test_what_is_poured_into_a_larger_copy_is_read(name: str, data: st.DataObject) -> None:
    """More rows than the template offers, the last of them filled too: the copy's own facts say so."""
    made, copy = larger(name)
    table, slots = RAISED[name]
    assert made.layout.spec.group(table).slots == slots
    assert form(name).layout.spec.group(table).slots < slots
    plan = data.draw(plans(made.layout.spec))
    content, refused = fill_bytes(copy, plan, "blank.xlsx")
    assert refused is None
    assert dict(_leaves(read(content))) == dict(_leaves(closed_up(made.layout.spec, plan)))


@pytest.mark.parametrize("name", NAMES)
def test_the_last_row_of_a_larger_copy_is_read(name: str) -> None:
    """The plans above need not reach it: a full one does."""
    made, copy = larger(name)
    table, slots = RAISED[name]
    plan = Maker(made.layout.spec, Random(1), 1.0, []).plan()
    content, refused = fill_bytes(copy, plan, "blank.xlsx")
    assert refused is None
    found: Any = read(content)
    for part in table.split("[]."):
        rows = [found] if isinstance(found, dict) else found
        found = max((row[part] for row in rows), key=len)
    assert len(found) == slots
    assert read(content) == closed_up(made.layout.spec, plan)


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name in NAMES for number in range(len(sample_plans(name)))]
)
def test_an_accepted_plan_is_its_model_s_json(name: str, number: int) -> None:
    """The model dumps what the plan's JSON says, member for member."""
    result = check_file(filled(name, sample_plans(name)[number]), "copy.xlsx", Context())
    assert result.checked.outcome == "accepted"
    assert result.validated is not None
    assert result.validated.model is not None
    assert result.validated.model.model_dump(mode="json") == result.checked.plan


def test_references_survive_gaps() -> None:
    """Root causes in slots A and C are letters A and B of the plan; findings and paths go on speaking in slots."""
    plan = sample_plans("sfss")[1]
    challenge = plan["challenges"][0]
    challenge["root_causes"] = ["Buses come late.", None, "Nobody calls home."]
    for strategy in challenge["strategies"]:
        strategy["root_causes"] = ["A"]
    challenge["strategies"][0]["root_causes"] = ["A"]
    result = check_file(filled("sfss", plan), "copy.xlsx", Context()).checked
    assert result.plan is not None
    assert result.plan["challenges"][0]["root_causes"] == ["Buses come late.", "Nobody calls home."]
    assert [(item.code, item.path) for item in result.findings] == [
        ("root-cause-unaddressed", "challenges[0].root_causes[2]")
    ]
    challenge["strategies"][0]["root_causes"] = ["A", "C"]
    result = check_file(filled("sfss", plan), "copy.xlsx", Context()).checked
    assert result.findings == ()
    assert result.plan is not None
    assert result.plan["challenges"][0]["strategies"][0]["root_causes"] == ["A", "B"]


def test_step_numbers_survive_gaps() -> None:
    """A step that comes after step 3 comes after step 2 once the empty second row is closed up."""
    steps = [{"action": "One"}, None, {"action": "Three"}, {"action": "Four", "after": 3}]
    (strategy,) = read(filled("data-team", {"strategies": [{"steps": steps}]}))["strategies"]
    assert [step["after"] for step in strategy["steps"]] == [None, None, 2]
