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
} | {
    name: number
    for number, names in enumerate(
        ("ene enero", "feb febrero", "mar marzo", "abr abril", "may mayo", "jun junio", "jul julio", "ago agosto",
         "sep sept set septiembre setiembre", "oct octubre", "nov noviembre", "dic diciembre"), 1)
    for name in names.split()
}  # fmt: skip
_TIME = r"(?:,?[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\.?)?(?:Z)?)?"
_WEEKDAY = (
    r"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(?:el\s+)?(?:lun(?:es)?|mar(?:tes)?|"
    r"mi[eé](?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|s[aá]b(?:ado)?|dom(?:ingo)?)|el)\.?,?\s+)?"
)
_NUMBER, _WORD, _YEAR = r"(\d{1,2})(?:st|nd|rd|th|[°º]|\.[°º]|ero)?", r"([a-z]+)\.?", r"(\d{4}|['’]?\d{2})"
_FLAGS = re.I | re.ASCII  # other scripts' digits come with other calendars
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _TIME, _FLAGS)
_SLASH = re.compile(_WEEKDAY + r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})" + _TIME, _FLAGS)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_WORD}\s+{_NUMBER}(?:,\s*|\s+){_YEAR}{_TIME}", _FLAGS)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}{_NUMBER}\.?(?:\s+(?:of|de))?[\s-]+{_WORD},?(?:\s+del?)?[\s-]+{_YEAR}{_TIME}", _FLAGS
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", _FLAGS)
_SHORT = (
    (re.compile(r"(\d{1,2})[/-](\d{1,2})", _FLAGS), "md"),
    (re.compile(rf"{_WEEKDAY}{_WORD}\s+{_NUMBER}", _FLAGS), "md"),
    (re.compile(rf"{_WEEKDAY}{_NUMBER}\.?(?:\s+(?:of|de))?[\s-]+{_WORD}", _FLAGS), "dm"),
)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Found:
    """The day read, or the one day that may have been meant.

    `doubtful`: the day is not what the text says plainly (day before month, a serial number, a time of day dropped).
    """

    day: date | None = None
    suggestion: date | None = None
    doubtful: bool = False


def read_day(typed: str | float, first: date, last: date) -> Found:
    """The day in a text or number. A day without a year is only a suggestion: the one such day from first to last."""
    if isinstance(typed, float) or _SERIAL.fullmatch(typed):
        number = float(typed)
        if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return Found()
        return Found(_EPOCH + timedelta(days=int(number)), doubtful=True)
    for pattern, order in ((_ISO, "ymd"), (_SLASH, "mdy"), (_MONTH_FIRST, "mdy"), (_DAY_FIRST, "dmy")):
        match = pattern.fullmatch(typed)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            day = _day(parts["y"], parts["m"], parts["d"])
            if day is None and pattern is _SLASH:  # 15/10/2026 has one reading
                return Found(_day(parts["y"], parts["d"], parts["m"]), doubtful=True)
            return Found(day, doubtful=":" in typed)
    for pattern, order in _SHORT:
        match = pattern.fullmatch(typed)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            return Found(suggestion=_in_window(parts["m"], parts["d"], first, last))
    return Found()


def _day(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.casefold()) if not month.isdigit() else int(month)
    digits = year.lstrip("'’")
    full = int(digits) + (2000 if len(digits) == 2 else 0)
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
