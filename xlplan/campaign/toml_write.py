"""Settings into a `campaign.toml` that people can read and change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from xlplan.campaign.files import write_safely
from xlplan.campaign.settings import Settings

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100

Value = str | int | date | Iterable[str]

_HEAD = """\
# The settings of one campaign, to be changed here; every command reads them anew.
# Lines that begin with # are notes and have no effect. Days are written 2026-09-01, texts stand in quotes.
"""
_NOTES: Mapping[str, str] = {
    "plan_from": "the plans cover these days, the first and the last",
    "return_by": "the last day for returning a plan; nobody is late without it",
    "contact": "whom schools ask; printed on every copy",
    "language": 'of schools whose roster line names none: "en", or "es" for Spanish',
    "counting": 'which returns may count: "accepted", or "readable" for those with errors too',
    "counts": 'which of a school\'s returns counts: "newest-accepted", "newest" or "chosen"',
    "ledger": "a file in this folder or a database URL; ledger.sqlite if empty",
    "split": "a workbook per section: true for all schools, or a list of schools' ids",
    "from": "the campaign whose plans this one carries on, as seen from this folder",
    "round": 'what is carried: "carried" for what is still open, "status" for the mid-year check',
    "password": "for the sheets' protection; none if empty, for it stops accidents and not people",
    "packing": 'of copies: "quick", or "plain" where a program at a school cannot open one',
}
# each section: what it is for, and an example that stands there while the section is empty
_SECTIONS: Mapping[str, tuple[str, str]] = {
    "slots": ("How many rows or sheets a copy offers.", '"challenges[].strategies[].steps" = 8'),
    "optional": (
        "Fields that need not be filled in, although the template asks for them.",
        'fields = ["prepared_on"]',
    ),
    "private": (
        "Fields and groups whose answers are left out of whatever is made for publishing.",
        'fields = ["challenges[].root_causes"]',
    ),
    "lists": (
        "The choices of a list, by the field's path; \"...\" stands for the template's own.",
        '"signoffs[].role" = ["...", "site council"]',
    ),
    "help": ("Your own help text for a field.", '"prepared_by" = "The principal, please."'),
    "words": ("Words that a check looks for.", 'group-owner = ["huddle"]'),
    "severity": ("How much a finding weighs: error, warning, advice or note.", 'cost-unknown = "error"'),
    "from": ("The day from which a rule is judged.", "benchmark-overdue = 2027-02-01"),
    "extension": ("A later day of return for one school.", '"530825001378" = 2026-11-15'),
}
_WAIVER = """\
# A rule that is not held against a school, or against any school if none is named."""
_WAIVER_EXAMPLE = """\
# [[waiver]]
# rule = "cost-unknown"
# school = "530825001378"
# until = 2026-12-31
# reason = "Costs are settled in December."
"""


def write_settings(path: Path, settings: Settings) -> None:
    """Write `campaign.toml`; what stood there before is replaced, remarks included."""
    write_safely(path, settings_text(settings).encode("utf-8"))


def settings_text(settings: Settings) -> str:
    """The settings as TOML with a remark on each section; reading it gives the settings back."""
    return "\n".join([_HEAD, *_campaign(settings), *_sections(settings), *_waivers(settings)])


def _campaign(settings: Settings) -> Iterator[str]:
    values: dict[str, Value | None] = {
        "id": settings.id,
        "title": settings.title,
        "template": settings.template,
        "plan_from": settings.plan_from,
        "plan_to": settings.plan_to,
        "return_by": settings.return_by,
        "year": settings.year,
        "contact": settings.contact,
        "language": settings.language,
        "counting": settings.counting,
        "counts": settings.counts,
        "ledger": settings.ledger,
        "password": settings.password,
        "packing": settings.packing,
        "split": split_value(settings),
    }
    if settings.former:
        values |= {"from": settings.former, "round": settings.round}
    yield "[campaign]"
    for key, value in values.items():
        if key in _NOTES:
            yield f"# {_NOTES[key]}"
        yield f"# {key} = 2026-10-30" if value is None else _line(key, value)
    yield ""


def _sections(settings: Settings) -> Iterator[str]:
    yield from _section("slots", settings.slots)
    for school, slots in settings.school_slots.items():
        yield from _table(f"[slots.{toml_key(school)}]", slots)
    yield from _section("optional", {"fields": settings.optional} if settings.optional else {})
    yield from _section("private", {"fields": settings.private} if settings.private else {})
    yield from _section("lists", settings.lists)
    yield from _section("help", settings.help)
    yield from _section("words", settings.words)
    yield from _section("severity", settings.severity)
    yield from _section("from", settings.from_dates)
    yield from _section("extension", settings.extensions)


def _waivers(settings: Settings) -> Iterator[str]:
    yield _WAIVER
    if not settings.waivers:
        yield _WAIVER_EXAMPLE
    for waiver in settings.waivers:
        until = {"until": waiver.until} if waiver.until else {}
        school = {"school": waiver.school} if waiver.school else {}
        yield from _table("[[waiver]]", {"rule": waiver.rule, **school, **until, "reason": waiver.reason})


def _section(name: str, values: Mapping[str, Value]) -> Iterator[str]:
    about, example = _SECTIONS[name]
    yield f"# {about}"
    yield from _table(f"[{name}]", values) if values else (f"[{name}]", f"# {example}", "")


def _table(heading: str, values: Mapping[str, Value]) -> Iterator[str]:
    yield heading
    for key, value in values.items():
        yield _line(key, value)
    yield ""


def _line(key: str, value: Value) -> str:
    return f"{toml_key(key)} = {toml_value(value)}"


def toml_key(key: str) -> str:
    """A key, in quotes where TOML asks for them."""
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def split_value(settings: Settings) -> bool | tuple[str, ...]:
    """Which schools get a workbook per section, as it is written."""
    return settings.split_schools or settings.split


def toml_value(value: Value) -> str:
    """A value as TOML, on one line where it fits."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case int() | date():
            return str(value)
    items = [_text(item) for item in value]
    line = f"[{', '.join(items)}]"
    return line if len(line) <= _WIDTH else "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _text(text: str) -> str:
    """A basic string of TOML: JSON's escapes, and one more that JSON does not ask for."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
