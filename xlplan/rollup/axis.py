"""The months of a school year, on which everything that is due is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

FIRST_MONTH, LAST_MONTH = 9, 6  # of a school year
MOST_MONTHS = 18


def axis_of(days: Iterable[date], as_of: date) -> list[date]:
    """The first day of each month: whole school years around the days; of too many, those around `as_of`.

    What lies outside is for the caller to count apart.
    """
    found = list(days) or [as_of]
    first, last = _start(min(found)), _end(max(found))
    if last - first >= MOST_MONTHS:
        middle = as_of.year * 12 + as_of.month - 1
        middle = min(max(middle, first), last)
        first = max(first, min(_start(date(middle // 12, middle % 12 + 1, 1)), last - MOST_MONTHS + 1))
        last = min(last, first + MOST_MONTHS - 1)
    return [date(at // 12, at % 12 + 1, 1) for at in range(first, last + 1)]


def _start(day: date) -> int:
    """September of the school year, or the day's own month in the summer before it."""
    year = day.year if day.month > LAST_MONTH else day.year - 1
    return year * 12 + min(day.month if day.month > LAST_MONTH else FIRST_MONTH, FIRST_MONTH) - 1


def _end(day: date) -> int:
    """June of the school year; a day in July or August ends the year that is over."""
    if LAST_MONTH < day.month < FIRST_MONTH:
        return day.year * 12 + day.month - 1
    return (day.year + (day.month >= FIRST_MONTH)) * 12 + LAST_MONTH - 1
