"""One cell, mended: what was typed becomes a value of the field's kind, a note, or an error that says what to type."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from xlplan.form.markers import MOST_MONEY, Kind, Window
from xlplan.form.spec import Field, bounds
from xlplan.form.text import clean_text, folded, units
from xlplan.form.translate import YES_NO
from xlplan.intake.dates import read_day
from xlplan.intake.nearest import did_you_mean
from xlplan.layout.book import Scalar

PLACEHOLDERS = frozenset({"n/a", "na", "tbd", "tba", "tbc", "-", "--", "–", "—", "none", "?", "..."})
_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
_INSERT = re.compile(r"<\s*insert\b[^<>]*>", re.I)
_BREAK = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_MIDNIGHT, _DAY_0, _DAY_0_OF_1904 = time(), date(1899, 12, 31), date(1904, 1, 1)
_YES, _NO = (
    frozenset({"yes", "y", "true", "x", "1", "✓", "✔", "sí", "si", "s", "verdadero"}),
    frozenset({"no", "n", "false", "0", "falso"}),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding in the making: its code and facts."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)


class Mended(NamedTuple):
    """What a cell came to: a value (None is empty), notes about what was mended, or the fault that left no value."""

    value: object = None
    notes: tuple[Fault, ...] = ()
    fault: Fault | None = None


NOTHING = Mended()


def mend(value: Scalar, item: Field, window: Window) -> Mended:
    """The cell's value as the field's kind."""
    if value is None or (isinstance(value, str) and _is_blank(value)):
        return NOTHING
    return _MENDERS[item.kind](value, item, window)


def _is_blank(text: str) -> bool:
    first = text[:1]
    return not (first.isascii() and first.isalnum()) and not clean_text(text, lines=True)


def as_text(value: Scalar) -> str:
    """What the cell shows, for quoting it, and for a text that a program took for something else."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return _moment_text(value)
    return "" if value is None else value


def _number_text(value: float) -> str:
    """All digits of a whole number; of others the 15 that spreadsheet programs show, without the noise of floats."""
    if value.is_integer() and abs(value) < 1e21:
        return f"{Decimal(repr(value + 0.0)):f}".removesuffix(".0")  # + 0.0: there is no minus nothing
    return f"{value:.15g}".upper()


def _moment_text(value: datetime) -> str:
    """A day with its time of day, if it has one; on the day 0 of either date system a time of day alone."""
    clock = f"{value:%H:%M:%S}".removesuffix(":00") if value.time() != _MIDNIGHT else ""
    if _no_day(value):
        return clock or "0"
    return f"{value:%b} {value.day}, {value.year}{' ' if clock else ''}{clock}"


def _no_day(value: datetime) -> bool:
    """Whether it is a time of day alone, or nothing: both are on day 0 of the date systems."""
    return value.date() == _DAY_0 or (value.date() == _DAY_0_OF_1904 and value.time() != _MIDNIGHT)


def _text(value: Scalar, item: Field, _: Window) -> Mended:
    lines = item.kind is Kind.PROSE
    raw = as_text(value)
    text = clean_text(raw, lines=lines)
    notes: list[Fault] = []
    if isinstance(value, (bool, float)):
        notes.append(Fault("mended-number", {"read": f"the text “{text}”"}))
    if isinstance(value, datetime):
        notes.append(Fault("mended-date", {"read": f"the text “{text}”"}))
    if isinstance(value, str) and text != value:
        flat = unicodedata.normalize("NFC", _BREAK.sub("\n", value))
        if not lines and "\n" in flat.strip():
            notes.append(Fault("mended-newline"))
        elif text != flat:
            notes.append(Fault("mended-space"))
    if _stands_for_nothing(text, required=item.required):
        if item.required:
            said = {"label": item.label, "quote": f" “{text}” does not count as an answer."}
            return Mended(fault=Fault("missing", said | {"todo": "Fill it in."}))
        return Mended()
    if item.limit is not None and units(text) > item.limit:
        length = units(text)
        facts = {
            "length": f"{length:,}",
            "limit": f"{item.limit:,}",
            "over": _characters(length - item.limit),
        }
        return Mended(fault=Fault("too-long", facts))
    return Mended(item.meant(text), tuple(notes))


def _stands_for_nothing(text: str, *, required: bool) -> bool:
    if text[:1] == "<" and _INSERT.fullmatch(text):
        return True
    return required and len(text) <= _LONGEST_PLACEHOLDER and text.casefold() in PLACEHOLDERS


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count:,} characters"


def _day(value: Scalar, item: Field, window: Window) -> Mended:
    first, last = bounds(item, window) if not item.shown else (window.first, window.last)
    if isinstance(value, bool) or (isinstance(value, datetime) and _no_day(value)):
        return _no_date(first, last)
    if isinstance(value, datetime):
        day, noted = value.date(), value.hour or value.minute or value.second
        return Mended(day, (Fault("mended-date", {"read": in_words(day)}),) if noted else ())
    found = read_day(value if isinstance(value, float) else clean_text(str(value), lines=False), first, last)
    if found.day is None:
        return _no_date(
            first, last, f" Did you mean {in_words(found.suggestion)}?" if found.suggestion else ""
        )
    return Mended(found.day, (Fault("mended-date", {"read": in_words(found.day)}),) if found.doubtful else ())


def _no_date(first: date, last: date, hint: str = "") -> Mended:
    such = f"{last.month}/{last.day}/{last.year}"
    todo = f"Enter a date from {in_words(first)} to {in_words(last)}, such as {such}.{hint}"
    return Mended(fault=Fault("type", {"wanted": "a day", "todo": todo}))


def in_words(day: date) -> str:
    """A day as people write it: June 30, 2027."""
    return f"{day:%B} {day.day}, {day.year}"


_DIGITS = r"[\d.,\u00a0\u202f'’ ]+?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<minus>[-−–]\s*)?(?:US\s*)?\$?\s*(?P<inner>[-−–])?\s*(?P<number>{_DIGITS})"
    r"(?P<after>-)?\s*(?:usd|dollars?)?\s*(?P<close>\))?",
    re.I | re.ASCII,
)


def _money(value: Scalar, _field: Field, _: Window) -> Mended:
    if isinstance(value, float) and math.isfinite(value):
        return _checked_amount(Decimal(repr(value)))
    if not isinstance(value, str):
        return _no_amount("an amount")
    match = _AMOUNT.fullmatch(clean_text(value, lines=False))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return _no_amount("an amount")
    number = _number(match["number"])
    if number is None:
        digits = sum(char.isdigit() for char in match["number"])
        return _no_amount("an amount with one reading" if digits else "an amount")
    below = number and any(match[sign] for sign in ("open", "minus", "inner", "after"))
    mended = _checked_amount(-number if below else number)
    if mended.fault is None:
        return Mended(mended.value, (Fault("mended-money", {"read": f"${mended.value:,}"}),))
    return mended


def _no_amount(wanted: str) -> Mended:
    todo = "Enter only the number, such as 1200 or 1200.50. The cell adds the dollar sign."
    return Mended(fault=Fault("type", {"wanted": wanted, "todo": todo}))


_WRITINGS = tuple(
    (re.compile(pattern, re.ASCII), thousands, point)
    for pattern, thousands, point in (
        (r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|\d+\.?|\d*\.\d{1,2}|\d*\.\d{4,}", ",", "."),
        (r"(?:\d{4,}|0+)\.\d{3}", ",", "."),  # a third decimal: no thousands are written like this
        (r"[1-9]\d{0,2}(?:\.\d{3})+,\d{1,2}", ".", ","),
        (r"[1-9]\d{0,2}(?: \d{3})+(?:,\d{1,2})?", " ", ","),
        (r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d{1,2})?", " ", "."),
    )
)


def _number(text: str) -> Decimal | None:
    """The number in US or continental writing; None where it could be two numbers (1.200 or 1,20)."""
    text = re.sub(r"[\u00a0\u202f'’ ]", " ", text.strip())
    for pattern, thousands, point in _WRITINGS:
        if pattern.fullmatch(text):
            return Decimal(text.replace(thousands, "").replace(point, "."))
    return None


def _checked_amount(amount: Decimal) -> Mended:
    todo = "Enter an amount from 0 to 999,999,999.99, with cents at most."
    if amount > MOST_MONEY + 1 or amount < -1:  # far out, perhaps too far to be rounded
        cents = amount
    else:
        cents = amount.quantize(Decimal("0.01"))
        if abs(amount - cents) < Decimal("0.000001"):
            amount = cents
    if not 0 <= amount <= MOST_MONEY:
        beyond = "below 0" if amount < 0 else "more than 999,999,999.99"
        return Mended(fault=Fault("range", {"beyond": beyond, "todo": todo}))
    if amount != cents:
        return Mended(fault=Fault("range", {"beyond": "finer than a cent", "todo": todo}))
    return Mended(abs(cents))


def _yes_no(value: Scalar, item: Field, _: Window) -> Mended:
    text = clean_text(as_text(value), lines=False).casefold().removesuffix("\ufe0f")  # ✔️ in colour
    if text in _YES or text in _NO:
        return Mended(text in _YES)
    if item.kind is Kind.TICK:
        return Mended(fault=Fault("choice", {"choices": "x or ✓ for yes, empty for no"}))
    return Mended(fault=Fault("choice", {"choices": ", ".join(item.words or YES_NO)}))


def _choice(value: Scalar, item: Field, _: Window) -> Mended:
    text = clean_text(as_text(value), lines=False)
    if item.refers_to is not None:
        return Mended(text)
    said = dict(zip(item.words, item.choices, strict=True)) if item.words else {}
    known = said | {
        choice: choice for choice in item.choices
    }  # in any language the template's own words count too
    if text in known:
        return Mended(known[text])
    same = [shown for shown in known if folded(shown) == folded(text)]
    if len({known[shown] for shown in same}) == 1:
        return Mended(known[same[0]], (Fault("mended-choice", {"read": f"“{same[0]}”"}),))
    meant = "" if text.casefold() in PLACEHOLDERS else did_you_mean(text, item.offered)
    return Mended(fault=Fault("choice", {"choices": "; ".join(item.offered), "did_you_mean": meant}))


_MENDERS: dict[Kind, Callable[[Scalar, Field, Window], Mended]] = {
    Kind.TEXT: _text, Kind.PROSE: _text, Kind.PERSON: _text, Kind.DATE: _day, Kind.PAST_DATE: _day,
    Kind.MONEY: _money, Kind.YES_NO: _yes_no, Kind.TICK: _yes_no, Kind.CHOICE: _choice,
}  # fmt: skip
