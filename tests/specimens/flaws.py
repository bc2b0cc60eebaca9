"""What earns each rule of the four later templates: changes to one of their samples that earns nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plan = dict[str, Any]
Change = Callable[[Plan], object]

BASE = {"sfss": 1, "data-team": 0, "planning-process": 1, "planning-for-success": 0, "strong-systems": 0}
GROUP = {"owner": "Data team"}


def _strategy(plan: Plan) -> Plan:
    found: Plan = plan["strategies"][0]
    return found


def _initiative(plan: Plan) -> Plan:
    found: Plan = plan["initiatives"][0]
    return found


def _deliverable(plan: Plan) -> Plan:
    found: Plan = _initiative(plan)["deliverables"][1]
    return found


def _step(number: int, **values: Any) -> Change:
    return lambda plan: _deliverable(plan)["steps"][number].update(values)


def _action(number: int, **values: Any) -> Change:
    return lambda plan: plan["action_steps"][number].update(values)


def _decided(**values: Any) -> Change:
    return lambda plan: plan["action_steps"][1]["priority"].update(values)


def _same_dates(plan: Plan) -> None:
    for step in _deliverable(plan)["steps"]:
        step.update(start="2026-10-05", due="2026-12-11")


CAUSE = {
    "name": "No time to plan together", "trends": ["Third graders stall at 41%"], "controllable": True,
    "factor": "Grade teams share no hour in the week.", "systemic": True,
}  # fmt: skip
TREND = {
    "name": "Absences grow in grade 2", "data_source": "Attendance records, three years",
    "direction": "concerning", "finding": "From 9% to 14% chronically absent.",
}  # fmt: skip

FLAWS: dict[str, dict[str, Change]] = {
    "data-team": {
        "owner-not-one-person": lambda plan: _strategy(plan)["steps"][0].update(GROUP),
        "step-order": lambda plan: _strategy(plan)["steps"][1].update(deadline="2026-09-11"),
        "strategy-needs-no-plan": lambda plan: _strategy(plan).update(status="existing, unchanged"),
    },
    "planning-process": {
        "owner-not-one-person": _action(0, **GROUP),
        "end-before-start": _action(0, end="2026-09-11"),
        "weak-deliverable": lambda plan: plan["deliverables"][0].update(
            deliverable="Sign-in sheets of the eight meetings"
        ),
        "root-cause-unaddressed": lambda plan: plan["root_causes"].append(CAUSE),
        "symptom-as-root": _action(2, root_causes=["Parents work shifts at the plant"]),
        "trend-unexplained": lambda plan: plan["trends"].append(TREND),
        "unfunded": lambda plan: plan["funding"].pop(),
        "cost-unknown": lambda plan: plan["funding"][0].update(amount=None),
        "not-scored": _decided(systemic=None),
        "dropped-but-funded": _decided(decision="drop"),
    },
    "planning-for-success": {
        "owner-not-one-person": lambda plan: _initiative(plan)["process_benchmarks"][0].update(GROUP),
        "no-evidence-number": lambda plan: _initiative(plan)["early_evidence"][0].update(
            benchmark="Teachers feel at home with the sequence"
        ),
        "benchmark-overdue": lambda plan: _initiative(plan)["early_evidence"][0].update(status="In progress"),
        "unfunded": lambda plan: _initiative(plan)["resources"][1].update(cost=None),
    },
    "strong-systems": {
        "owner-not-one-person": _step(0, **GROUP),
        "end-before-start": _step(1, due="2026-10-16"),
        "outside-deliverable": _step(0, start="2026-10-01"),
        "last-step-not-at-due": _step(3, due="2026-12-04"),
        "starts-before-previous-ends": _step(2, start="2026-10-26"),
        "same-dates": _same_dates,
        "step-count": lambda plan: _deliverable(plan).update(steps=_deliverable(plan)["steps"][2:]),
        "not-observable": _step(0, action="Support teachers in a good classroom culture"),
        "too-fine": _step(0, action="Schedule a meeting of the group"),
    },
}
