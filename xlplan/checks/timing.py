"""Steps and dates of a deliverable: few steps, in its days, one after the other (004, criteria for success)."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows, Row, Span, counted, shown
from xlplan.checks.rule import check
from xlplan.findings import Finding, Severity
from xlplan.form import hints
from xlplan.form.markers import Meaning

_STEPS = (Meaning.DELIVERABLE, Meaning.STEP)
_DATED = (*_STEPS, Meaning.START, Meaning.DUE)


@check(
    '004, Consistent: "action steps\' start and due dates match that of its ‘parent’ deliverable".', *_DATED
)
def outside_deliverable(rows: PlanRows) -> Iterator[Finding]:
    """A step starts and ends within the days of its deliverable."""
    for deliverable, steps in _deliverables(rows):
        whole = rows.span(deliverable)
        for step in steps:
            own = rows.span(step)
            if not hints.outside(own.start, own.due, whole.start, whole.due):
                continue
            start, due = step.marked(Meaning.START), step.marked(Meaning.DUE)
            if start and own.start and whole.start and hints.ends_before_start(whole.start, own.start):
                beyond = f"before its deliverable starts, {shown(whole.start)}"
                yield rows.found(
                    "outside-deliverable", step.cell(start), found=shown(own.start), beyond=beyond
                )
            elif due and own.due and whole.due:
                beyond = f"after its deliverable is due, {shown(whole.due)}"
                yield rows.found("outside-deliverable", step.cell(due), found=shown(own.due), beyond=beyond)


@check(
    "004, Consistent: \"the last action step's due date coincides with the deliverable's due date\".", *_DATED
)
def last_step_not_at_due(rows: PlanRows) -> Iterator[Finding]:
    """The last step is due on the day on which its deliverable is."""
    for deliverable, steps in _deliverables(rows):
        whole = rows.span(deliverable).due
        spans = [rows.span(step) for step in steps]
        if not steps or whole is None or _open_end(steps[-1], spans[-1]):
            continue
        dues = [span.due for span in spans]
        if hints.ends_elsewhere(dues, whole):
            last, day = next((step, due) for step, due in zip(steps[::-1], dues[::-1], strict=True) if due)
            item = last.marked(Meaning.DUE)
            if item:
                yield rows.found("last-step-not-at-due", last.cell(item), found=shown(day), due=shown(whole))


@check(
    '004, Logical: "a action step\'s start date is usually scheduled for after the previous action step is completed".',
    *_DATED,
)
def starts_before_previous_ends(rows: PlanRows) -> Iterator[Finding]:
    """A step starts when the one before it is done."""
    for _, steps in _deliverables(rows):
        spans = [rows.span(step) for step in steps]
        shared = _shared(spans)
        for number, (step, span) in enumerate(zip(steps, spans, strict=True)):
            above = [other.due for other in spans[:number]]
            if not number or spans[number - 1].due_told or not hints.starts_early(span.start, above):
                continue
            if (span.start, span.due) in shared:
                continue  # told once, as same-dates
            item, due = step.marked(Meaning.START), next(day for day in reversed(above) if day)
            if item and span.start:
                yield rows.found(
                    "starts-before-previous-ends", step.cell(item), found=shown(span.start), due=shown(due)
                )


@check("004, non-example of timing: five steps, all from 4/18 to 7/22.", *_DATED)
def same_dates(rows: PlanRows) -> Iterator[Finding]:
    """Steps have dates of their own: not three or more of a deliverable with one start and one due date."""
    for _, steps in _deliverables(rows):
        spans = [rows.span(step) for step in steps]
        if not hints.same_dates([span.start for span in spans], [span.due for span in spans]):
            continue
        shared = _shared(spans)
        alike = [
            (step, span) for step, span in zip(steps, spans, strict=True) if (span.start, span.due) in shared
        ]
        step, span = alike[0]
        item = step.marked(Meaning.START)
        if item and span.start and span.due:
            yield rows.found(
                "same-dates", step.cell(item), found=shown(span.start), due=shown(span.due),
                count=counted(len(alike), step.group.noun),
            )  # fmt: skip


@check('004, Prioritized: "3-5 action steps total".', *_STEPS)
def step_count(rows: PlanRows) -> Iterator[Finding]:
    """A deliverable has three to five steps; with none it is advice, since it is not planned yet."""
    for deliverable, steps in _deliverables(rows):
        item, count = deliverable.marked(Meaning.DELIVERABLE), len(steps)
        if item is None or (count and not hints.too_few_or_many(count)):
            continue
        todo = f"Name the {hints.FEWEST_STEPS} to {hints.MOST_STEPS} most important steps that complete it."
        if count > hints.MOST_STEPS:
            todo = (
                f"Keep the {hints.FEWEST_STEPS} to {hints.MOST_STEPS} most important steps; "
                "their owners can keep the details in a list of their own."
            )
        said = f"has {counted(count, 'step')}" if count else "is not planned yet: it has no steps"
        found = rows.found(
            "step-count", deliverable.cell(item), found=deliverable.name or None, said=said, todo=todo
        )
        yield found if count else found.with_severity(Severity.ADVICE)


def _deliverables(rows: PlanRows) -> Iterator[tuple[Row, list[Row]]]:
    """Each deliverable whose table has steps inside, with its begun steps."""
    for row in rows.having(Meaning.DELIVERABLE):
        for group in row.group.groups:
            if group.slots is not None and any(item.meaning is Meaning.STEP for item in group.fields):
                yield row, row.inner[group.name]


def _open_end(step: Row, span: Span) -> bool:
    """Whether the last step's own due date is told of already: unreadable, or required and missing."""
    item = step.marked(Meaning.DUE)
    return span.due is None and (span.due_told or bool(item and item.required))


def _shared(spans: list[Span]) -> set[tuple[hints.Day, hints.Day]]:
    """The pairs of dates that so many steps share that it is told."""
    return hints.shared_dates([span.start for span in spans], [span.due for span in spans])
