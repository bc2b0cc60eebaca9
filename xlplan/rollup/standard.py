"""The figures of every rollup by name: what summaries show and `trace` explains."""

from __future__ import annotations

from xlplan.rollup.facts import COST, DONE, EVIDENCE, FREED, OVERDUE, PROCESS, SOON, UNDATED
from xlplan.rollup.measures import Condition, Measure


def _is(column: str, value: object) -> Condition:
    return Condition(column, "=", value)


_COST, _FREED = _is("role", COST), _is("role", FREED)
SCHOOLS = Measure(name="plans", label="Plans asked for", table="plans")
ACCEPTED = Measure(
    name="plans-accepted", label="Plans accepted", table="plans", where=(_is("state", "accepted"),)
)
APPROVED = Measure(
    name="plans-approved", label="Plans approved", table="plans", where=(_is("state", "approved"),)
)
REJECTED = Measure(
    name="plans-to-correct", label="Plans to correct", table="plans", where=(_is("state", "rejected"),)
)
NOT_RETURNED = Measure(
    name="plans-not-returned", label="Not returned", table="plans", where=(_is("state", "issued"),)
)
COUNTED = Measure(
    name="plans-counted", label="Plans in the figures", table="plans", where=(_is("counted", True),)
)
LATE = Measure(name="plans-late", label="Late", table="plans", where=(_is("late", True),))
ANSWERS_IN = Measure(name="answers-in", label="Required answers in", table="plans", sum="filled")
ANSWERS_ASKED = Measure(
    name="answers-asked", label="Required answers asked for", table="plans", sum="required"
)
ACTIVITIES = Measure(name="activities", label="Activities", table="activities")
ACTIVITIES_DONE = Measure(
    name="activities-done", label="Activities done", table="activities", where=(_is("status", DONE),)
)
ACTIVITIES_OVERDUE = Measure(
    name="activities-overdue", label="Activities overdue", table="activities", where=(_is("status", OVERDUE),)
)
ACTIVITIES_SOON = Measure(
    name="activities-due-soon",
    label="Activities due in 30 days",
    table="activities",
    where=(_is("status", SOON),),
)
ACTIVITIES_UNDATED = Measure(
    name="activities-without-date", label="Activities without a date", table="activities",
    where=(_is("status", UNDATED),),
)  # fmt: skip
ACTIVITIES_UNOWNED = Measure(
    name="activities-without-owner", label="Activities without an owner", table="activities",
    where=(_is("owner", None),),
)  # fmt: skip
BENCHMARKS_PROCESS = Measure(
    name="benchmarks-process", label="Process benchmarks", table="benchmarks", where=(_is("kind", PROCESS),)
)
BENCHMARKS_EVIDENCE = Measure(
    name="benchmarks-early-evidence",
    label="Early evidence",
    table="benchmarks",
    where=(_is("kind", EVIDENCE),),
)
COSTS = Measure(name="cost", label="Costs", table="money", sum="amount", where=(_COST,))
COST_LINES = Measure(name="cost-lines", label="Cost lines", table="money", where=(_COST,))
COST_OPEN = Measure(
    name="cost-open", label="Amount or source open", table="money", where=(_COST, _is("open", True))
)
UNFUNDED = Measure(
    name="cost-unfunded", label="Costs without a source", table="money", sum="amount",
    where=(_COST, _is("source", None), _is("open", True)),
)  # fmt: skip
FREED_MONEY = Measure(name="freed", label="Freed", table="money", sum="amount", where=(_FREED,))
REALLOCATED = Measure(
    name="cost-reallocated", label="Paid by reallocating", table="money", sum="amount",
    where=(_COST, _is("reallocated", True)),
)  # fmt: skip
CAUSES = Measure(name="causes", label="Causes", table="causes")
PEOPLE = Measure(name="people", label="People named", table="people")
NEEDS = Measure(name="needs", label="Needs", table="needs")
PRIORITIES = Measure(name="priorities", label="Connections with priorities", table="priorities")
ERRORS = Measure(
    name="findings-errors", label="Errors to correct", table="findings",
    where=(_is("severity", "error"), _is("waived", None)),
)  # fmt: skip
FINDINGS = Measure(name="findings", label="Findings", table="findings")
FIGURES = (
    SCHOOLS, ACCEPTED, APPROVED, REJECTED, NOT_RETURNED, COUNTED, LATE, ANSWERS_IN, ANSWERS_ASKED,
    ACTIVITIES, ACTIVITIES_DONE, ACTIVITIES_OVERDUE, ACTIVITIES_SOON, ACTIVITIES_UNDATED, ACTIVITIES_UNOWNED,
    BENCHMARKS_PROCESS, BENCHMARKS_EVIDENCE, COSTS, COST_LINES, COST_OPEN, UNFUNDED, FREED_MONEY, REALLOCATED,
    CAUSES, PEOPLE, NEEDS, PRIORITIES, FINDINGS, ERRORS,
)  # fmt: skip
