"""Run every check that applies to a plan."""

from __future__ import annotations

from datetime import date
from inspect import getdoc, getmodule

from xlplan.checks.causes import root_cause_unaddressed
from xlplan.checks.evidence import no_evidence_number
from xlplan.checks.money import cost_unknown
from xlplan.checks.owners import owner_not_one_person
from xlplan.checks.priorities import priority_uncovered
from xlplan.checks.rows import PlanRows
from xlplan.findings import CATALOGUE, Finding
from xlplan.intake.validate import Validated
from xlplan.layout.model import Layout

CHECKS = (owner_not_one_person, root_cause_unaddressed, no_evidence_number, cost_unknown, priority_uncovered)


def run_checks(layout: Layout, validated: Validated, as_of: date | None = None) -> list[Finding]:
    """The findings of all checks; rules that look at a day are silent without `as_of`."""
    rows = PlanRows(layout, validated, as_of)
    return [found for check in CHECKS for found in check(rows)]


def described() -> list[dict[str, str]]:
    """Every check with its code, severity, rule and source, as their docstrings state them."""
    return [
        {
            "code": code,
            "severity": str(CATALOGUE[code].severity),
            "rule": _first(check),
            "source": _first(getmodule(check)),
        }
        for check in CHECKS
        for code in [check.__name__.replace("_", "-")]
    ]


def _first(item: object) -> str:
    """The first line of a docstring."""
    return (getdoc(item) or "").partition("\n")[0]
