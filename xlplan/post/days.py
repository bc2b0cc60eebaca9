"""Days in words, in the languages that letters are written in."""

from __future__ import annotations

from datetime import date

from xlplan import languages
from xlplan.languages import speaking

SPANISH = "es"


def day_in_words(day: date | None, language: str = "") -> str:
    """The day with weekday and year: Friday, December 18, 2026; empty for none."""
    with speaking(language):
        return languages.day_in_words(day, weekday=True) if day is not None else ""


def short_day(day: date | None, language: str = "") -> str:
    """The day without weekday and year: December 18; empty for none."""
    with speaking(language):
        return languages.day_in_words(day, year=False) if day is not None else ""
