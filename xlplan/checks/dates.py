"""A plan's days: inside its window, not ending before they start, and answered for once they are past."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows, shown
from xlplan.checks.rule import check
from xlplan.findings import Finding, quoted
from xlplan.form import hints
from xlplan.form.markers import Meaning


@check("All five originals plan a year; the days of the campaign.", structural=True)
def date_outside_window(_: PlanRows) -> Iterator[Finding]:
    """A planned day lies within the plan's dates, both included."""
    yield from ()  # the importer says it of every planned day, with the cell as typed


@check(
    '002: "what is the best time to start and end each action step?"; 004: "start and end dates of action steps".',
    Meaning.START, Meaning.DUE,
)  # fmt: skip
def end_before_start(rows: PlanRows) -> Iterator[Finding]:
    """Nothing is due before it starts."""
    for row in rows.having(Meaning.START, Meaning.DUE):
        first, last = row.marked(Meaning.START), row.marked(Meaning.DUE)
        start, due = rows.day(row, first)[0], rows.day(row, last)[0]
        if last and start and due and hints.ends_before_start(start, due):
            yield rows.found("end-before-start", row.cell(last), found=shown(due), start=shown(start))


@check('003: benchmarks have a date and a status; "Is the work getting done?".', Meaning.DUE, Meaning.STATUS)
def benchmark_overdue(rows: PlanRows) -> Iterator[Finding]:
    """A benchmark that was due says whether it was met; judged only against a given day."""
    if rows.as_of is None:
        return
    for row in rows.having(Meaning.DUE, Meaning.STATUS):
        status = row.marked(Meaning.STATUS)
        due = rows.span(row).due
        if status is None or due is None or due >= rows.as_of or rows.unread(row, status):
            continue
        stands = row.text(status)
        if stands.casefold() not in rows.words["result-status"]:
            yield rows.found(
                "benchmark-overdue", row.cell(status), found=row.name, due=shown(due),
                status=quoted(status.word(stands or "Not started")),
            )  # fmt: skip
