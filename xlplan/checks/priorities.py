"""Priorities: those a plan serves (000), and how each action step was judged (002)."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.findings import Finding
from xlplan.form.markers import Meaning


@check('000: "Five SFSS Priorities Connection".', Meaning.PRIORITY)
def priority_uncovered(rows: PlanRows) -> Iterator[Finding]:
    """Some strategy of the plan connects to each priority; silent while none connects to any."""
    for table, items in rows.shape.fields(Meaning.PRIORITY):
        for item in items:
            there = rows.rows(table)
            served = {choice for row in there for choice in row.data.get(item.name) or ()}
            if not item.ticks or not served or any(rows.unread(row, item) for row in there):
                continue
            first = rows.rows(table.split("[]")[0])[0].path
            for choice in item.choices:
                if choice not in served:
                    yield rows.found("priority-uncovered", first, priority=item.word(choice))


@check("002, Step 4, Prioritize Action Steps: its seven questions.", Meaning.QUESTION)
def not_scored(rows: PlanRows) -> Iterator[Finding]:
    """Each of the priority questions is answered for every action step."""
    for table, items in rows.shape.fields(Meaning.QUESTION):
        for row in rows.rows(table):
            open_ = [item for item in items if row.data.get(item.name) is None and not rows.unread(row, item)]
            if open_:
                owner = row.outer if row.outer and row.group.slots is None and row.outer.outer else row
                which = "" if len(open_) == len(items) else ": " + "; ".join(item.label for item in open_)
                yield rows.found(
                    "not-scored", row.cell(open_[0]), found=owner.name or None,
                    count=f"{len(open_)} of the {len(items)}", are="is" if len(open_) == 1 else "are", which=which,
                )  # fmt: skip
