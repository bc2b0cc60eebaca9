"""Planned days inside the plan's window (all five originals plan a year), and how a day beyond one is told."""

from __future__ import annotations

from datetime import date

from xlplan.form.markers import Kind
from xlplan.intake.answers import Answers
from xlplan.intake.values import in_words


def judge_days(answers: Answers) -> None:
    """Every planned day lies within the plan's dates, both included."""
    window = answers.layout.spec.facts.window
    for path, value in answers.values.items():
        if not isinstance(value, date) or window.first <= value <= window.last:
            continue
        if answers.layout.inputs[path][1].field.kind is not Kind.DATE:
            continue
        edge = beyond(value, window.last, f"before the first plan date, {in_words(window.first)}")
        todo = f"Enter a date from {in_words(window.first)} to {in_words(window.last)}."
        todo += _same_day(value, window.first, window.last)
        shown = f"{value:%b} {value.day}, {value.year}"
        answers.say(path, "date-outside-window", found=shown, beyond=edge, todo=todo)


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
