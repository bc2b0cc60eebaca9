"""Days in words, in the languages that letters are written in."""

from __future__ import annotations

from datetime import date

SPANISH = "es"
_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip


def day_in_words(day: date | None, language: str = "") -> str:
    """The day with weekday and year: Friday, December 18, 2026; empty for none."""
    if day is None:
        return ""
    if language == SPANISH:
        return f"{_WEEKDAYS[day.weekday()]} {short_day(day, language)} de {day.year}"
    return f"{day:%A}, {short_day(day)}, {day.year}"


def short_day(day: date | None, language: str = "") -> str:
    """The day without weekday and year: December 18; empty for none."""
    if day is None:
        return ""
    if language == SPANISH:
        return f"{day.day} de {_MONTHS[day.month - 1]}"
    return f"{day:%B} {day.day}"
