"""A small plan of each template that earns nothing, and the findings of a changed one, by the real path."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.intake.sheets import HEADER, plan, raw
from xlplan.checks import run_checks
from xlplan.findings import Finding
from xlplan.form.inspect import spec_of
from xlplan.form.plan import Plan
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.intake.validate import Validated, validate
from xlplan.layout.place import place
from xlplan.pipeline.forms import FormOf, form_of

Json = dict[str, Any]
SCORED = dict.fromkeys(
    (
        "targets_root_cause", "systemic", "spreads_success", "cost_benefit_analysed", "simultaneous",
        "builds_leadership", "increases_scale",
    ),
    True,
) | {"decision": "do now"}  # fmt: skip


def step(action: str, start: str, due: str) -> Json:
    return {"action": action, "start": start, "due": due, "owner": "J. Ortiz", "done": None}


def strong(*steps: Json | None, start: str = "2026-10-01", due: str = "2026-12-18") -> Json:
    """One deliverable with these steps, else with three good ones; None for a deliverable without."""
    steps = (
        tuple(item for item in steps if item)
        if steps
        else (
            step("Choose a starter rubric", "2026-10-01", "2026-10-16"),
            step("Revise it with what twelve interviews said", "2026-10-19", "2026-11-13"),
            step("Publish the final version to all staff", "2026-11-16", "2026-12-18"),
        )
    )
    deliverable = {
        "name": "Define a vision of excellence", "start": start, "due": due, "owner": "J. Ortiz", "done": None,
        "steps": list(steps), "criteria": {"observable": True, "clear": True, "comprehensive": True},
    }  # fmt: skip
    return HEADED | {
        "initiatives": [{"initiative": "Roll out a shared vision", "deliverables": [deliverable]}]
    }


HEADED: Json = {"prepared_by": "J. Ortiz", "prepared_on": "2026-09-15"}


def data_team(
    *deadlines: str, status: str = "new, several steps", after: Mapping[int, int] | None = None
) -> Json:
    """One strategy with a step a deadline; `after`: step number → the number of the step it comes after."""
    steps = [
        {
            "action": f"Carry out part {n}", "resources": "None needed", "measures": "Twelve teachers trained",
            "owner": "B. Tran, literacy coach", "deadline": day, "after": (after or {}).get(n),
            "resources_available": True, "done": None,
        }
        for n, day in enumerate(deadlines, 1)
    ]  # fmt: skip
    strategy = {"strategy": "Common phonics lessons", "status": status, "steps": steps}
    return HEADED | {"strategies": [strategy]}


def process() -> Json:
    """Two trends, three causes, two steps with a deliverable and a funding line each."""
    return copy.deepcopy(_PROCESS)


def _cause(name: str, trends: list[str], *, controllable: bool = True, symptom_of: str | None = None) -> Json:
    return {
        "name": name, "trends": trends, "factor": "Coaching ends two weeks after training",
        "controllable": controllable, "symptom_of": symptom_of, "systemic": True,
    }  # fmt: skip


def _action(name: str, causes: list[str]) -> Json:
    return {
        "name": name, "root_causes": causes, "description": "Coaches work in classrooms", "level": "school",
        "owner": "Director of Teaching and Learning", "monitoring": "Walkthrough data each month",
        "start": "2026-09-14", "end": "2027-03-12", "priority": dict(SCORED),
    }  # fmt: skip


_PROCESS: Json = HEADED | {
    "trends": [
        {"name": "Reading falls", "data_source": "State test", "direction": "concerning", "finding": "38% met it"},
        {"name": "Math rises", "data_source": "State test", "direction": "promising", "finding": "61% met it"},
    ],
    "root_causes": [
        _cause("Training fades", ["Reading falls"]),
        _cause("Few coaches", ["Math rises"]),
        _cause("Low morale", ["Reading falls"], symptom_of="Training fades"),
    ],
    "action_steps": [_action("Embed coaching", ["Training fades"]), _action("Hire two coaches", ["Few coaches"])],
    "deliverables": [
        {
            "action_step": name, "deliverable": product, "due": "2026-12-11", "verifiable": True,
            "shows_quality": "Which lessons use the routine",
        }
        for name, product in (("Embed coaching", "Common formative assessments"), ("Hire two coaches", "Contracts"))
    ],
    "funding": [
        {"action_step": name, "amount": "12000.00", "source": "Title II"}
        for name in ("Embed coaching", "Hire two coaches")
    ],
}  # fmt: skip


def success() -> Json:
    """One initiative with a benchmark of each kind and two resources."""
    return copy.deepcopy(_SUCCESS)


_SUCCESS: Json = HEADED | {
    "initiatives": [
        {
            "objective": "All students read by grade 3", "initiative": "Common reading strategies",
            "implementation": "Grades K-2 first",
            "process_benchmarks": [
                {"benchmark": "Identify common district-wide reading strategies", "owner": "M. Edwards",
                 "due": "2026-11-06", "status": "In progress"},
            ],
            "early_evidence": [
                {"benchmark": "75% of all teacher observations conducted in each school cite evidence of reading "
                 "strategy implementation", "owner": "S. Harris", "due": "2027-02-01", "status": None},
            ],
            "resources": [
                {"resource": "Out of district provider", "kind": "money", "new": "District budget", "cost": "8000.00"},
                {"resource": "Coaching during PLCs", "kind": "time", "expanded_use": "Added to the coaching agenda"},
            ],
        }
    ],
}  # fmt: skip

CLEAN: dict[str, Json] = {
    "sfss": plan(),
    "data-team": data_team("2026-10-02", "2026-11-06", "2027-01-15"),
    "planning-process": process(),
    "planning-for-success": success(),
    "strong-systems": strong(),
}


def form(name: str, **slots: int) -> FormOf:
    """A template's form; slots by path, with "__" for "[]."."""
    return form_of(name, FormFacts(slots=tuple((path.replace("__", "[]."), n) for path, n in slots.items())))


def own(model: type[Plan]) -> FormOf:
    """The form of a district's own model."""
    return FormOf(model, place(spec_of(model)), "")


def validated(where: FormOf, data: Json, cells: dict[str, object] | None = None) -> Validated:
    """The plan poured into cells, some of them typed over, and read."""
    filled = poured(where.layout, data) | (cells or {})
    return validate(where.layout, where.model, raw(where, filled), HEADER)


def found(
    where: FormOf | str, data: Json, cells: dict[str, object] | None = None, *, as_of: date | None = None,
    words: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Finding]:  # fmt: skip
    """What the checks find in it."""
    where = form(where) if isinstance(where, str) else where
    return run_checks(where.layout, validated(where, data, cells), as_of, words)


def codes(*given: Any, **more: Any) -> list[str]:
    """The codes of what is found."""
    return [item.code for item in found(*given, **more)]


def paths(code: str, *given: Any, **more: Any) -> list[str | None]:
    """Where that code is found."""
    return [item.path for item in found(*given, **more) if item.code == code]


def put(data: Json, path: str, value: object) -> Json:
    """A copy of the plan with one answer changed: "funding.0.amount"."""
    made = copy.deepcopy(data)
    at: Any = made
    *way, last = path.split(".")
    for part in way:
        at = at[int(part)] if part.isdigit() else at[part]
    at[int(last) if last.isdigit() else last] = value
    return made
