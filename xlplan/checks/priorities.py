"""The plan serves the five SFSS priorities (000: Five SFSS Priorities Connection)."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.form.markers import Meaning


def priority_uncovered(rows: PlanRows) -> Iterator[Finding]:
    """A priority that no strategy of the plan connects to; silent while no strategy connects to any."""
    for path, group in rows.layout.spec.walk():
        for field in group.fields:
            if field.meaning is Meaning.PRIORITY and field.ticks:
                served = {choice for choices in _values(rows.plan, path, field.name) for choice in choices}
                for choice in field.choices:
                    if served and choice not in served:
                        yield rows.found("priority-uncovered", _first_row(rows, path), priority=choice)


def _first_row(rows: PlanRows, path: str) -> str:
    """The first filled row of the plan's outermost table, so that the finding names a sheet."""
    table = path.split("[]")[0]
    return f"{table}[{rows.slots[table][0]}]" if rows.slots.get(table) else table


def _values(plan: object, path: str, name: str) -> Iterator[list[str]]:
    found = [plan]
    for part in path.replace("[]", "").split("."):
        found = [item for outer in found if isinstance(outer, dict) for item in outer.get(part) or []]
    for row in found:
        if isinstance(row, dict):
            yield row.get(name) or []
