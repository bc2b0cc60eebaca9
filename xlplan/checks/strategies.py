"""A strategy's steps: in order of completion, and only where a plan is needed (001)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlplan.checks.rows import PlanRows, Row, counted, shown
from xlplan.checks.rule import check
from xlplan.findings import Finding
from xlplan.form import hints
from xlplan.form.markers import Meaning

_ONE = re.compile(r"\b(?:one|single|1)\b", re.I)


@check(
    '001: steps "should be listed in order of completion, note which need to be completed before others".',
    Meaning.STEP, Meaning.DUE, Meaning.AFTER,
)  # fmt: skip
def step_order(rows: PlanRows) -> Iterator[Finding]:
    """No step is due before one listed above it, or before the step that it comes after."""
    for table in rows.shape.with_all(Meaning.STEP, Meaning.DUE, Meaning.AFTER):
        for steps in _lists(rows.rows(table)):
            yield from _order(rows, steps)


def _order(rows: PlanRows, steps: list[Row]) -> Iterator[Finding]:
    dues = [rows.span(step).due for step in steps]
    for number, (step, due) in enumerate(zip(steps, dues, strict=True)):
        item, after = step.marked(Meaning.DUE), step.marked(Meaning.AFTER)
        chosen = step.data.get(after.name) if after else None
        before = chosen - 1 if isinstance(chosen, int) and 0 < chosen <= number else None
        if item is None or due is None or not hints.out_of_order(due, dues[:number]):
            continue
        if before is None or not hints.ends_before_start(dues[before], due):
            before = max((k for k in range(number) if dues[k]), key=lambda k: dues[k] or due)
        other = dues[before]
        if other:
            why = f"is before the deadline of step {_slot(steps[before])}, {shown(other)}"
            yield rows.found("step-order", step.cell(item), found=shown(due), why=why)


def _lists(steps: list[Row]) -> list[list[Row]]:
    """The steps of each strategy by themselves."""
    found: dict[Row | None, list[Row]] = {}
    for step in steps:
        found.setdefault(step.outer, []).append(step)
    return list(found.values())


def _slot(step: Row) -> str:
    """A step's printed number, which counts empty rows too."""
    return str(int(step.path.rpartition("[")[2].rstrip("]")) + 1)


@check('001: "action plans are only required for new strategies or strategies that requires changes".')
def strategy_needs_no_plan(rows: PlanRows) -> Iterator[Finding]:
    """A strategy that goes on unchanged has no steps. One that takes a single step may name it."""
    for generic, group in rows.shape.groups.items():
        for table in group.groups:
            if table.unless is None:
                continue
            name, choices = table.unless
            none_needed = {str(choice) for choice in choices if not _ONE.search(str(choice))}
            item = next((item for item in group.fields if item.name == name), None)
            for row in rows.rows(generic):
                count = len(row.inner[table.name])
                if item and count and row.text(item) in none_needed:
                    has = counted(count, table.noun)
                    yield rows.found(
                        "strategy-needs-no-plan", row.cell(item), found=item.word(row.text(item)), count=has
                    )
