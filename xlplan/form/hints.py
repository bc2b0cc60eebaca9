"""Rules of dates and steps that hold both in the workbook, while people type, and in the checks: one definition.

Dates are days, or numbers as spreadsheet programs count days; None where there is none. Lists go down the rows of one
table, a None for a row without that date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

Day = date | float | None
Days = Sequence[Day]

FEWEST_STEPS, MOST_STEPS = 3, 5  # seed 004, "Prioritized": 3-5 action steps in all
SAME_FROM = 3  # so many steps with the same dates are no coincidence


def ends_before_start(start: Day, due: Day) -> bool:
    """Due before the start of the same row (002, 004)."""
    return start is not None and due is not None and due < start  # type: ignore[operator]  # both of one kind


def outside(start: Day, due: Day, first: Day, last: Day) -> bool:
    """A step that starts before its deliverable does, or is due after it (004, "Consistent")."""
    return ends_before_start(first, start) or ends_before_start(due, last)


def out_of_order(due: Day, above: Days) -> bool:
    """Due before a step listed above it (001, "in order of completion")."""
    return any(ends_before_start(other, due) for other in above)


def starts_early(start: Day, above: Days) -> bool:
    """Starts before the step above it is due (004, "Logical"); the nearest one above that has a due date."""
    previous = next((day for day in reversed(above) if day is not None), None)
    return ends_before_start(previous, start)


def ends_elsewhere(dues: Days, last: Day) -> bool:
    """The last step with a due date is not due on its deliverable's day (004, "Consistent")."""
    final = next((day for day in reversed(dues) if day is not None), None)
    return final is not None and last is not None and final != last


def shared_dates(starts: Days, dues: Days) -> set[tuple[Day, Day]]:
    """The pairs of a start and a due date that three steps or more have (004, non-example of timing)."""
    pairs = Counter(zip(starts, dues, strict=True))
    return {pair for pair, count in pairs.items() if count >= SAME_FROM and None not in pair}


def same_dates(starts: Days, dues: Days) -> bool:
    """Three steps or more with one start and one due date."""
    return bool(shared_dates(starts, dues))


def too_few_or_many(steps: int) -> bool:
    """1, 2 or more than 5 steps; none at all is "not planned yet" (004, "Prioritized")."""
    return 0 < steps < FEWEST_STEPS or steps > MOST_STEPS
