"""Planned days inside the plan's window (all five originals plan a year), and how a day beyond one is told."""

from __future__ import annotations

from datetime import date

from xlplan.findings import Finding, finding
from xlplan.form.markers import Kind, Window
from xlplan.intake.answers import Answers
from xlplan.intake.values import in_words


def judge_days(answers: Answers) -> None:
    """Every planned day lies within the plan's dates, both included."""
    window = answers.layout.spec.facts.window
    for path, value in answers.values.items():
        if not isinstance(value, date) or window.holds(value):
            continue
        item = answers.layout.inputs[path][1]
        if item.field.kind is not Kind.DATE or item.locked:
            continue
        answers.say(path, "date-outside-window", **_planned(value, window))


def outside(kind: Kind, day: date, window: Window, *, path: str, sheet: str, cell: str) -> Finding | None:
    """What is to be said of a day that a window does not hold; None where it does, or the answer is no day."""
    if kind is Kind.DATE and not window.holds(day):
        return finding("date-outside-window", path=path, sheet=sheet, cell=cell, **_planned(day, window))
    if kind is Kind.PAST_DATE and not window.holds_record(day):
        edge = beyond(day, window.last, f"before {in_words(window.first_record)}")
        todo = f"Enter a date from {in_words(window.first_record)} to {in_words(window.last)}."
        return finding("range", path=path, sheet=sheet, cell=cell, found=_shown(day), beyond=edge, todo=todo)
    return None


def _planned(day: date, window: Window) -> dict[str, str]:
    """What is told of a planned day beyond the plan's dates."""
    edge = beyond(day, window.last, f"before the first plan date, {in_words(window.first)}")
    todo = f"Enter a date from {in_words(window.first)} to {in_words(window.last)}."
    todo += _same_day(day, window.first, window.last)
    return {"found": _shown(day), "beyond": edge, "todo": todo}


def _shown(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def beyond(day: date, last: date, before: str) -> str:
    """On which side of the plan's dates a day lies; `before`: what is said of one that is too early."""
    return f"after the last plan date, {in_words(last)}" if day > last else before


def _same_day(day: date, first: date, last: date) -> str:
    """ "Did you mean": the same day of the year within the window, if there is one."""
    for year in range(first.year, last.year + 1):
        try:
            meant = day.replace(year=year)
        except ValueError:
            continue
        if first <= meant <= last:
            return f" Did you mean {meant:%b} {meant.day}, {meant.year}?"
    return ""
