"""Which cell styles show a date, and the day a serial number stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from xlplan.excel.guard import too_big
from xlplan.excel.read_xml import Attributes, sheet_tags, walk

# Built-in formats that are dates or times (ECMA-376 part 1, 18.8.30, with the East Asian ones).
# 46 is [h]:mm:ss, an elapsed time, and so a number like every custom format of its kind.
BUILTIN_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_TAGS = sheet_tags("numFmt", "cellXfs", "xf")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P', re.IGNORECASE | re.DOTALL)
_DATE_LETTER = re.compile("[dmyhs]", re.IGNORECASE)
_DAY = 86_400_000  # milliseconds; Excel shows no finer times, and rounding hides the noise of floats
_LAST = 2_958_466  # the serial after 9999-12-31, in the 1900 system
_MOST = 70_000  # cell styles, or number formats; Excel stops at 65,490
_REMEMBERED = 200_000  # bytes
_1904 = 1_462  # days between the two systems

ToDate = Callable[[float], float | datetime]


def date_styles(part: str, data: bytes) -> frozenset[str]:
    """The indexes of the cell styles whose number format shows a date, as cells write them."""
    return _date_styles(part, data) if len(data) <= _REMEMBERED else _date_styles.__wrapped__(part, data)


@lru_cache(maxsize=16)
def _date_styles(part: str, data: bytes) -> frozenset[str]:
    """The same, remembered: copies of one form share their styles."""
    formats: dict[str, str] = {}
    used: list[str] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        tag = _TAGS.get(name)
        if tag == "xf" and inside:
            used.append(attributes.get("numFmtId", "0"))
            int(used[-1])  # no number breaks the part
        elif tag == "cellXfs":
            inside = True
        elif tag == "numFmt":
            formats[attributes["numFmtId"]] = attributes.get("formatCode", "")
        if len(used) > _MOST or len(formats) > _MOST:
            raise too_big(f"{part}: too many styles")

    def end(name: str, _text: str) -> None:
        nonlocal inside
        if _TAGS.get(name) == "cellXfs":
            inside = False

    walk(part, data, start, end)
    dates = {
        key for key in set(used) if (is_date(formats[key]) if key in formats else int(key) in BUILTIN_DATES)
    }
    return frozenset(str(index) for index, key in enumerate(used) if key in dates)


def is_date(code: str) -> bool:
    """Whether a number format's code shows a date or a time of day. Elapsed time ([h]:mm) is a number."""
    bare = re.sub(r'"[^"]*"|\\.', "", code)
    if _ELAPSED.search(bare):
        return False
    return _DATE_LETTER.search(_LITERAL.sub("", code)) is not None


def date_1900(serial: float) -> float | datetime:
    """The moment of a serial number, to the millisecond; the number itself where it is none.

    Day 60 of this system is 29 February 1900, which never was: 1-2-3 counted it, and Excel followed.
    """
    if not 0 <= serial < _LAST or 60 <= serial < 61:
        return serial
    return _moment(datetime(1899, 12, 31 if serial < 60 else 30), serial)


def date_1904(serial: float) -> float | datetime:
    """The same in the system old Macintosh files count by, from 1 January 1904 as 0."""
    if not 0 <= serial < _LAST - _1904:
        return serial
    return _moment(datetime(1904, 1, 1), serial)


def _moment(epoch: datetime, serial: float) -> float | datetime:
    try:
        return epoch + timedelta(milliseconds=round(serial * _DAY))
    except OverflowError:  # the last half millisecond of the year 9999
        return serial
