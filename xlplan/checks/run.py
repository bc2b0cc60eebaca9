"""Run every check that applies to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from xlplan.checks.causes import root_cause_unaddressed, symptom_as_root, trend_unexplained
from xlplan.checks.dates import benchmark_overdue, date_outside_window, end_before_start
from xlplan.checks.evidence import no_evidence_number
from xlplan.checks.logistics import too_fine
from xlplan.checks.money import cost_unknown, dropped_but_funded, unfunded
from xlplan.checks.observable import not_observable
from xlplan.checks.owners import owner_not_one_person
from xlplan.checks.priorities import not_scored, priority_uncovered
from xlplan.checks.products import weak_deliverable
from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import Check
from xlplan.checks.strategies import step_order, strategy_needs_no_plan
from xlplan.checks.timing import (
    last_step_not_at_due,
    outside_deliverable,
    same_dates,
    starts_before_previous_ends,
    step_count,
)
from xlplan.checks.words import words_of
from xlplan.findings import CATALOGUE, Finding
from xlplan.form.spec import FormSpec
from xlplan.intake.validate import Validated
from xlplan.layout.model import Layout

CHECKS: tuple[Check, ...] = (
    date_outside_window,
    end_before_start,
    outside_deliverable,
    owner_not_one_person,
    step_order,
    strategy_needs_no_plan,
    last_step_not_at_due,
    starts_before_previous_ends,
    same_dates,
    step_count,
    not_observable,
    too_fine,
    weak_deliverable,
    root_cause_unaddressed,
    symptom_as_root,
    trend_unexplained,
    no_evidence_number,
    benchmark_overdue,
    unfunded,
    cost_unknown,
    not_scored,
    priority_uncovered,
    dropped_but_funded,
)
CODES = tuple(item.code for item in CHECKS)


def run_checks(
    layout: Layout,
    validated: Validated,
    as_of: date | None = None,
    words: Mapping[str, Iterable[str]] | None = None,
) -> list[Finding]:
    """The findings of the form's checks; rules that look at a day are silent without `as_of`.

    `words`: a campaign's own words beside ours, by the names in `WORD_LISTS`. Raises SetupError for another name.
    """
    rows = PlanRows(layout, validated, as_of, words_of(words))
    return [found for item in _chosen(layout.spec) for found in item.judge(rows)]


def described(spec: FormSpec | None = None) -> list[dict[str, str]]:
    """The checks of a form, or all of them, with code, severity, rule and source."""
    return [
        {
            "code": item.code,
            "severity": str(CATALOGUE[item.code].severity),
            "rule": item.rule,
            "source": item.source,
        }
        for item in (_applying(spec) if spec else CHECKS)
    ]


def _chosen(spec: FormSpec) -> tuple[Check, ...]:
    """The checks that the form names, all where it names none; those of every form in any case."""
    named = spec.form.checks
    return tuple(item for item in CHECKS if named is None or item.structural or item.code in named)


def _applying(spec: FormSpec) -> tuple[Check, ...]:
    """Of those, the ones whose meanings the form's fields have."""
    meanings = {item.meaning for _, group in spec.walk() for item in group.fields}
    planned = any(group.unless for _, group in spec.walk())
    return tuple(
        item
        for item in _chosen(spec)
        if set(item.needs) <= meanings and (item is not strategy_needs_no_plan or planned)
    )
