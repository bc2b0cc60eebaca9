"""Days as people type them: an own small grammar for US school plans, strict about what has two readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\.?)?(?:Z)?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME, re.I)
_SLASH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})" + _TIME, re.I)
_MONTH_FIRST = re.compile(
    r"(?:[a-z]+day,?\s+)?([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME, re.I
)
_DAY_FIRST = re.compile(
    r"(?:[a-z]+day,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+([a-z]+)\.?,?[\s-]+(\d{4})" + _TIME, re.I
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SHORT_SLASH, _SHORT_MONTH = (
    re.compile(r"(\d{1,2})/(\d{1,2})"),
    re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?", re.I),
)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Found:
    """The day read, or the one day that may have been meant."""

    day: date | None = None
    suggestion: date | None = None


def read_day(typed: str | float, first: date, last: date) -> Found:
    """The day in a text or number. A day without a year is only a suggestion: the one such day from first to last."""
    if isinstance(typed, float) or _SERIAL.fullmatch(typed):
        number = float(typed)
        return (
            Found(_EPOCH + timedelta(days=int(number)))
            if _FIRST_SERIAL <= number <= _LAST_SERIAL
            else Found()
        )
    for pattern, order in ((_ISO, "ymd"), (_SLASH, "mdy"), (_MONTH_FIRST, "mdy"), (_DAY_FIRST, "dmy")):
        match = pattern.fullmatch(typed)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            day = _day(parts["y"], parts["m"], parts["d"])
            if day is None and pattern is _SLASH:
                day = _day(parts["y"], parts["d"], parts["m"])  # 15/10/2026 has one reading
            return Found(day)
    match = _SHORT_SLASH.fullmatch(typed) or _SHORT_MONTH.fullmatch(typed)
    return Found(suggestion=_in_window(match[1], match[2], first, last)) if match else Found()


def _day(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.casefold()) if not month.isdigit() else int(month)
    full = int(year) + (2000 if len(year) == 2 else 0)
    if number is None:
        return None
    try:
        return date(full, number, int(day))
    except ValueError:
        return None


def _in_window(month: str, day: str, first: date, last: date) -> date | None:
    days = [_day(str(year), month, day) for year in range(first.year, last.year + 1)]
    inside = [found for found in days if found and first <= found <= last]
    return inside[0] if len(inside) == 1 else None
