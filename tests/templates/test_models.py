"""The templates say what their originals and TEMPLATES.md say, and hold a small plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from xlplan.form.inspect import spec_of
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.templates import template

NAMES = ("data-team", "planning-process", "planning-for-success", "strong-systems")
COMMON = {*HEADER, "prepared_by", "prepared_on", "team", "signoffs"}
YES_NO = "yes-no"
LEVELS = "district | subject | grade band | school | classroom"
STATUS = "Not started | In progress | Met | Partly met | Not met"

# Transcribed from TEMPLATES.md: fields in order, "name*: kind", references as "→ target ×slots"; and of
# groups "path ×capacity (minimum)", or "path" for what stands once.
WRITTEN = {
    "data-team": """
        strategies ×6 (1)
          strategy*: prose
          status*: new, several steps | new, one step | existing, to be refined | existing, unchanged
          problem_statement: prose
          goal: prose
          measures_of_change: prose
        strategies[].steps ×12 (0)
          action*: prose
          resources*: prose
          measures*: prose
          owner*: person
          deadline*: date
          after: → steps ×1
          resources_available: yes-no
          done: yes-no
    """,
    "planning-process": f"""
        consultation ×10 (0)
          group*: students | families | teachers | principals & leaders | specialists & paraprofessionals \
| other staff | board | union | community | tribes | other
          how*: prose
          held_on*: past-date
          heard: prose
        trends ×8 (1)
          name*: text 120
          data_source*: prose
          direction*: promising | concerning
          finding*: prose
          connects_to: → trends.name ×3
        root_causes ×10 (1)
          name*: text 120
          trends*: → trends.name ×3
          factor*: prose
          controllable*: yes-no
          symptom_of: → root_causes.name ×1
          systemic*: yes-no
          breakdown_level: {LEVELS}
          breakdown: prose
        action_steps ×15 (1)
          name*: text 120
          root_causes*: → root_causes.name ×3
          description*: prose
          level*: {LEVELS}
          owner*: person
          leads: prose
          existing_capacity: prose
          needed_capacity: prose
          monitoring*: prose
          risks: prose
          mitigation: prose
          start*: date
          end*: date
          timing_fits: yes-no
          done: yes-no
        action_steps[].priority
          targets_root_cause: yes-no
          systemic: yes-no
          spreads_success: yes-no
          cost_benefit_analysed: yes-no
          simultaneous: yes-no
          builds_leadership: yes-no
          increases_scale: yes-no
          decision*: do now | do later | drop
        deliverables ×20 (1)
          action_step*: → action_steps.name ×1
          deliverable*: prose
          start: date
          due*: date
          verifiable*: yes-no
          shows_quality*: prose
          retires: prose
        funding ×20 (0)
          action_step*: → action_steps.name ×1
          amount: money
          source*: text 200
          frees: money
          retires: prose
          reason: redundant | no demonstrated effect | low fidelity | staff time better used elsewhere
    """,
    "planning-for-success": f"""
        initiatives ×4 (1)
          objective*: prose
          initiative*: prose
          implementation*: prose
        initiatives[].terms ×4 (0)
          term*: text 200
          definition*: prose
        initiatives[].process_benchmarks ×8 (1)
          benchmark*: prose
          owner*: person
          due*: date
          status: {STATUS}
        initiatives[].early_evidence ×6 (1)
          benchmark*: prose
          owner*: person
          due*: date
          status: {STATUS}
        initiatives[].resources ×10 (0)
          resource*: prose
          kind: people | time | materials | money
          expanded_use: prose
          reallocation: prose
          new: prose
          cost: money
          notes: prose
        swot
          strengths: prose
          weaknesses: prose
          opportunities: prose
          threats: prose
    """,
    # A deliverable's owner stands after its dates, so that it shares its steps' columns.
    "strong-systems": """
        initiatives ×3 (1)
          initiative*: prose
        initiatives[].deliverables ×6 (1)
          name*: prose
          start*: date
          due*: date
          owner: person
          done: yes-no
        initiatives[].deliverables[].steps ×5 (0)
          action*: prose
          start*: date
          due*: date
          owner: person
          done: yes-no
        initiatives[].deliverables[].criteria
          observable: yes-no
          clear: yes-no
          comprehensive: yes-no
    """,
}

SHEETS = {
    "data-team": ["Strategy {n}", "Review"],
    "planning-process": [
        "Consultation",
        "1 Trends",
        "2 Root causes",
        "3 Action steps",
        "4 Priorities",
        "5 Deliverables",
        "6 Funding",
    ],
    "planning-for-success": ["Initiative {n}", "SWOT"],
    "strong-systems": ["Initiative {n}", "Criteria"],
}

HEAD = {
    "district_id": "0612345",
    "district": "Cedar Valley",
    "school_id": None,
    "school": None,
    "year": "2026-27",
    "prepared_by": "M. Edwards",
    "prepared_on": "2026-10-01",
}


def strategy(**changes: Any) -> dict[str, Any]:
    step = {
        "action": "Train the grade teams in the routine",
        "resources": "None needed",
        "measures": "90% of the teachers trained",
        "owner": "B. Tran, literacy coach",
        "deadline": "2026-11-20",
        "after": None,
    }
    later = step | {"action": "Use it in every class", "deadline": "2027-01-15", "after": 1, "done": False}
    plan = {"strategy": "One reading routine", "status": "new, several steps", "steps": [step, later]}
    return plan | changes


def resource(**changes: Any) -> dict[str, Any]:
    return {"resource": "Provider", "kind": "money", "new": "Budget", "cost": "1200.50"} | changes


def success(**changes: Any) -> dict[str, Any]:
    benchmark = {"benchmark": "Identify strategies", "owner": "M. Edwards", "due": "2026-11-20"}
    return {
        "initiatives": [
            {
                "objective": "Every child reads",
                "initiative": "Reading strategies",
                "implementation": "Grades K to 3",
                "process_benchmarks": [benchmark | {"status": "Met"}],
                "early_evidence": [benchmark | {"benchmark": "75% of observations cite evidence"}],
                "resources": [resource(**changes)],
            }
        ]
    }


PLANS: dict[str, dict[str, Any]] = {
    "data-team": {"strategies": [strategy()]},
    "planning-process": {
        "trends": [
            {"name": "Reading", "data_source": "State test", "direction": "concerning", "finding": "Down 6%"},
            {
                "name": "Attendance",
                "data_source": "Office",
                "direction": "promising",
                "finding": "Up 2%",
                "connects_to": ["Reading"],
            },
        ],
        "root_causes": [
            {
                "name": "Training fades",
                "trends": ["Reading"],
                "factor": "No classroom support",
                "controllable": True,
                "systemic": True,
                "breakdown_level": "classroom",
            }
        ],
        "action_steps": [
            {
                "name": "Coaching",
                "root_causes": ["Training fades"],
                "description": "Coach every teacher",
                "level": "grade band",
                "owner": "J. Ortiz",
                "monitoring": "Walkthroughs",
                "start": "2026-10-01",
                "end": "2027-05-01",
                "priority": {"targets_root_cause": True, "decision": "do now"},
            }
        ],
        "deliverables": [
            {
                "action_step": "Coaching",
                "deliverable": "Common assessments",
                "due": "2027-01-15",
                "verifiable": True,
                "shows_quality": "Whether the routine is used",
            }
        ],
        "funding": [{"action_step": "Coaching", "source": "Title II", "amount": "90000.00"}],
    },
    "planning-for-success": success(),
    "strong-systems": {
        "initiatives": [
            {
                "initiative": "A shared vision of excellence",
                "deliverables": [
                    {
                        "name": "Create a working group",
                        "start": "2026-10-01",
                        "due": "2026-11-01",
                        "steps": [{"action": "Name members", "start": "2026-10-01", "due": "2026-11-01"}],
                    }
                ],
            }
        ]
    },
}


def spec(name: str) -> FormSpec:
    return spec_of(template(name))


def written(group: Group, path: str) -> Iterator[str]:
    """The group in the notation of WRITTEN."""
    yield path if group.slots is None else f"{path} ×{group.slots} ({group.minimum})"
    yield from (f"{item.name}{'*' if item.required else ''}: {kind(item)}" for item in group.fields)


def kind(item: Field) -> str:
    if item.refers_to:
        return f"→ {item.refers_to.target} ×{item.slots}"
    if item.choices:
        return " | ".join(item.choices)
    return f"{item.kind} {item.limit}" if item.kind == "text" else str(item.kind)


def errors(name: str, plan: dict[str, Any]) -> list[tuple[tuple[int | str, ...], str]]:
    """Where the model objects, and by what code."""
    try:
        template(name).model_validate(HEAD | plan)
    except ValidationError as problem:
        return [(item["loc"], item["type"]) for item in problem.errors()]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_the_groups_fields_capacities_and_choices_of_its_page(name: str) -> None:
    lines = [
        line
        for path, group in spec(name).walk()
        if path and path not in COMMON
        for line in written(group, path)
    ]
    assert lines == [line.strip() for line in WRITTEN[name].strip().splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_the_sheets_of_its_page_and_every_member_stands_on_one(name: str) -> None:
    found = spec(name)
    assert found.form.name == name
    assert found.form.version == 1
    assert [sheet.title for sheet in found.form.sheets] == SHEETS[name]
    held = [path for sheet in found.form.sheets for path in sheet.holds]
    companions = {path for path, group in found.walk() if group.companion}
    own = {member.name for member in found.root.members} - COMMON
    assert sorted(held) == sorted(own | companions)
    for path, group in found.walk():
        if group.companion:
            row = found.group(path.rpartition(".")[0])
            assert row.member(group.companion) in row.fields


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_fits_its_place(name: str) -> None:
    """Excel shows 255 characters of an input message and 31 of a sheet's name; the rest is ours (LOOK)."""
    found = spec(name)
    for sheet in found.form.sheets:
        assert len(sheet.title) <= 31
        assert 1 <= len(sheet.key) <= 4
        assert sheet.purpose and sheet.asks
        assert all(len(line) <= 120 for line in sheet.guide), sheet.title
    keys = [sheet.key for sheet in found.form.sheets] + ["pl", "start"]
    assert len(set(keys)) == len(keys)
    for path, group in found.walk():
        assert len(group.guide) <= 120, path
        fields = [item for item in group.fields if item.name not in COMMON]
        nouns = [item.noun for item in fields]
        assert len(set(nouns)) == len(nouns), path
        for item in fields:
            assert item.noun and len(item.noun) <= 8, (path, item.noun)
            assert len(item.tag) <= 4, (path, item.tag)
            assert len(item.guide) <= 120, (path, item.name)
            assert len(item.message) <= 255, (path, item.name)
            assert item.message or path in ("team", "signoffs"), (path, item.name)
        assert all(len(row) == len(group.fields) for row in group.examples), path


@pytest.mark.parametrize("name", NAMES)
def test_a_reference_names_rows_that_the_plan_holds(name: str) -> None:
    found = spec(name)
    for path, group in found.walk():
        for item in filter(lambda item: item.refers_to, group.fields):
            assert item.refers_to is not None
            target, _, field = item.refers_to.target.partition(".")
            if item.refers_to.by == "name":
                assert found.group(target).member(field) is not None
            else:
                assert path.rpartition(".")[2] == target


@pytest.mark.parametrize("name", NAMES)
def test_a_small_plan_comes_back_as_it_went_in(name: str) -> None:
    model = template(name)
    plan = model.model_validate(HEAD | PLANS[name])
    assert model.model_validate_json(json.dumps(HEAD | PLANS[name])) == plan
    assert model.model_validate(plan.model_dump()) == plan
    assert model.model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_no_plan(name: str) -> None:
    model = template(name)
    with pytest.raises(ValidationError):
        model.model_validate({})
    with pytest.raises(ValidationError):
        model.model_validate_json("{}")


def test_every_template_lists_a_sheet_at_most_once_and_in_printed_order() -> None:
    """The members of a plan are declared in the order of its sheets, so findings come in that order too."""
    for name in NAMES:
        found = spec(name)
        order = [member.name for member in found.root.members]
        firsts = [order.index(path) for sheet in found.form.sheets for path in sheet.holds if "[" not in path]
        assert all(a < b for a, b in pairwise(firsts)), name


@pytest.mark.parametrize("status", ["new, one step", "existing, unchanged"])
def test_a_strategy_that_needs_no_plan_needs_no_steps(status: str) -> None:
    assert errors("data-team", {"strategies": [strategy(status=status, steps=[])]}) == []


@pytest.mark.parametrize("status", ["new, several steps", "existing, to be refined"])
def test_any_other_strategy_needs_a_step(status: str) -> None:
    place = ("strategies", 0)
    bare = strategy(status=status)
    del bare["steps"]
    assert errors("data-team", {"strategies": [bare]}) == [(place, "row-needed")]
    assert errors("data-team", {"strategies": [strategy(status=status, steps=[])]}) == [(place, "row-needed")]


def test_an_unknown_status_is_told_alone() -> None:
    """Whether steps are needed is not known, so nothing is said of them."""
    assert errors("data-team", {"strategies": [strategy(status="old", steps=[])]}) == [
        (("strategies", 0, "status"), "enum")
    ]


def test_a_resource_says_how_it_is_come_by() -> None:
    place = ("initiatives", 0, "resources", 0)
    assert errors("planning-for-success", success(new=None)) == [(place, "one-of")]
    assert errors("planning-for-success", success(new=None, expanded_use="Coaches add it")) == []
    assert errors("planning-for-success", success(new=None, reallocation="Calendar")) == []


def test_an_action_step_needs_its_decision_and_a_cause() -> None:
    plan = json.loads(json.dumps(PLANS["planning-process"]))
    plan["action_steps"][0] |= {"priority": {"decision": None}, "root_causes": []}
    assert errors("planning-process", plan) == [
        (("action_steps", 0, "root_causes"), "too_short"),
        (("action_steps", 0, "priority", "decision"), "enum"),
    ]


def test_unanswered_criteria_are_an_object_of_nulls() -> None:
    plan = template("strong-systems").model_validate(HEAD | PLANS["strong-systems"])
    criteria = plan.model_dump()["initiatives"][0]["deliverables"][0]["criteria"]
    assert criteria == {"observable": None, "clear": None, "comprehensive": None}


def test_the_originals_examples_stand_above_the_tables_of_planning_for_success() -> None:
    found = spec("planning-for-success")
    counts = {path: len(group.examples) for path, group in found.walk() if group.examples}
    assert counts == {
        "initiatives[].process_benchmarks": 1,
        "initiatives[].early_evidence": 1,
        "initiatives[].resources": 3,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_meaning_stands_on_the_kind_of_answer_it_is_about_and_once_a_row(name: str) -> None:
    kinds = {"owner": "person", "start": "date", "due": "date", "done": YES_NO, "money": "money"}
    for path, group in spec(name).walk():
        meanings = [item.meaning for item in group.fields if item.meaning not in (None, "question")]
        assert len(set(meanings)) == len(meanings), path
        for item in group.fields:
            if item.meaning in kinds:
                assert item.kind == kinds[item.meaning], (path, item.name)
