"""Numbers, days and names in, the words that a district reads out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)  # no locale, no platform


def counted(number: int, noun: str, many: str | None = None) -> str:
    """ "1 step", "2 steps"."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def spelled(number: int) -> str:
    """Small numbers in words, as a sentence wants them."""
    return SPELLED[number] if number < len(SPELLED) else f"{number:,}"


def opened(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def month(day: date) -> str:
    """ "January"."""
    return MONTHS[day.month - 1]


def short_day(day: date) -> str:
    """ "Dec 18, 2026"."""
    return f"{month(day)[:3]} {day.day}, {day.year}"


def long_day(day: date) -> str:
    """ "Friday, December 18, 2026"."""
    return f"{DAYS[day.weekday()]}, {month(day)} {day.day}, {day.year}"


def dollars(amount: Decimal) -> str:
    """ "$286,450", with cents where there are any."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """ "41%", rounded, but 100% only for all of it."""
    return f"{min(round(100 * part / whole), 99 if part < whole else 100)}%" if whole else "–"


def singular(table: str) -> str:
    """A table's name as the name of one of its rows: "root_causes" is "Root cause"."""
    words = table.replace("_", " ")
    if words.endswith("ies"):
        words = words[:-3] + "y"
    elif words.endswith("s") and not words.endswith("ss"):
        words = words[:-1]
    return opened(words)


def listed(names: Iterable[str], limit: int) -> str:
    """As many names as `limit` characters hold, then "and 3 more"."""
    todo = list(names)
    for kept in range(len(todo), 0, -1):
        rest = f" and {len(todo) - kept:,} more" if kept < len(todo) else ""
        text = ", ".join(todo[:kept]) + rest
        if len(text) <= limit:
            return text
    rest = f" and {len(todo) - 1:,} more" if todo[1:] else ""
    return cut(todo[0], limit - len(rest)) + rest if todo else ""


def cut(text: str, limit: int) -> str:
    """The text on one line, with … where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def first_that_fits(texts: Sequence[str], limit: int) -> str:
    """The first text of at most `limit` characters, else the last."""
    return next((text for text in texts if len(text) <= limit), texts[-1])
