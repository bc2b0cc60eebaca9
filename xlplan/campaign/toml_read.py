"""`campaign.toml` into Settings, every problem named by its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.campaign.files import read_bytes
from xlplan.campaign.languages import is_known
from xlplan.campaign.nearest import nearest
from xlplan.campaign.settings import COUNTING, COUNTS, PACKINGS, ROUNDS, Settings, Waiver
from xlplan.campaign.toml_table import Table, kind, unknown
from xlplan.errors import SetupError, UsageError
from xlplan.findings import CATALOGUE, Severity

CAMPAIGN_KEYS = (
    *("id", "title", "template", "plan_from", "plan_to", "return_by", "year", "contact", "language"),
    *("counting", "counts", "ledger", "password", "packing", "split", "from", "round"),
)
TABLES = (
    *("campaign", "slots", "optional", "private", "lists", "help", "words"),
    *("severity", "from", "waiver", "extension"),
)
WAIVER_KEYS = tuple(item.name for item in fields(Waiver))
_SEVERITIES = tuple(str(severity) for severity in Severity if severity is not Severity.REFUSAL)
# the id is part of every copy's identity, one line of limited length whose parts need separators
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


def read_settings(path: Path) -> Settings:
    """The settings of a `campaign.toml`; raises UsageError if it is not there, SetupError if at fault."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    try:
        document = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SetupError(f"{path}: the file is not in UTF-8 ({error.reason}). Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        hint = 'Texts stand in quotes, and so do keys with brackets, as in "challenges[].strategies" = 4.'
        raise SetupError(f"{path}: this is not TOML: {error}. {hint}") from None
    return settings_from(document, str(path))


def settings_from(document: Mapping[str, Any], origin: str = "campaign.toml") -> Settings:
    """The settings of a parsed TOML document; `origin` begins every line of the SetupError it may raise."""
    problems: list[str] = []
    for name in document:
        if name not in TABLES:
            unknown("at the top", name, TABLES, problems)
    if "campaign" not in document:
        problems.append("the table [campaign] is missing.")
    settings = _settings(document, problems)
    if problems:
        raise SetupError("\n".join(f"{origin}: {problem}" for problem in problems))
    return settings


def _settings(document: Mapping[str, Any], problems: list[str]) -> Settings:
    def table(name: str, known: tuple[str, ...] | None = None) -> Table:
        return Table(f"[{name}]", document.get(name, {}), problems, known)

    campaign = table("campaign", CAMPAIGN_KEYS) if "campaign" in document else Table("[campaign]", {}, [])
    plan_from, plan_to = _window(campaign)
    slots, school_slots = _slots(table("slots"), problems)
    split, split_schools = _split(campaign)
    return Settings(
        id=_id(campaign),
        title=campaign.text("title"),
        template=campaign.text("template", None),
        plan_from=plan_from,
        plan_to=plan_to,
        return_by=campaign.day("return_by"),
        year=campaign.text("year") or _year(plan_from, plan_to),
        contact=campaign.text("contact"),
        language=_language(campaign),
        counting=campaign.one_of("counting", COUNTING, "accepted"),
        counts=campaign.one_of("counts", COUNTS, "newest-accepted"),
        ledger=campaign.text("ledger"),
        password=campaign.text("password"),
        packing=campaign.one_of("packing", PACKINGS, PACKINGS[0]),
        former=campaign.text("from"),
        round=_round(campaign),
        split=split,
        split_schools=split_schools,
        slots=slots,
        school_slots=school_slots,
        optional=table("optional", ("fields",)).texts("fields"),
        private=table("private", ("fields",)).texts("fields"),
        lists=_texts(table("lists")),
        help=_help(table("help")),
        words=_texts(table("words")),
        severity=_severity(table("severity")),
        from_dates=_from_dates(table("from")),
        waivers=_waivers(document.get("waiver", []), problems),
        extensions=_days(table("extension")),
    )


def _language(campaign: Table) -> str:
    """The language of schools that name none of their own."""
    value = campaign.text("language")
    if not is_known(value):
        campaign.problem("language", f'"{value}" is no language that forms speak; there are "en" and "es".')
    return value


def _round(campaign: Table) -> str:
    """In which round the plans of a former campaign are carried on; empty where none are."""
    if not campaign.values.get("from"):
        if campaign.values.get("round"):
            campaign.problem(
                "round", 'says how plans are carried on; name the former campaign too: from = "../autumn".'
            )
        return ""
    return campaign.one_of("round", ROUNDS, ROUNDS[0])


def _id(campaign: Table) -> str:
    value = campaign.text("id", None)
    if value and not _ID.fullmatch(value):
        campaign.problem(
            "id", f"{kind(value)} must be 1 to 20 letters, digits and hyphens, and not begin with a hyphen."
        )
    return value


def _window(campaign: Table) -> tuple[date, date]:
    first, last = campaign.day("plan_from", required=True), campaign.day("plan_to", required=True)
    if first and last and first > last:
        campaign.problem("plan_to", f"{last} is before plan_from, {first}.")
    return first or date.min, last or date.max


def _year(first: date, last: date) -> str:
    """The school year as people write it: 2026-27, or 2026 within one calendar year."""
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year % 100:02}"


def _slots(table: Table, problems: list[str]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    schools = {
        key: Table(f"[slots.{key}]", table.values[key], problems)
        for key in table
        if isinstance(table.values[key], dict)
    }
    everywhere = {key: table.count(key) for key in table if key not in schools}
    return everywhere, {key: {path: own.count(path) for path in own} for key, own in schools.items()}


def _split(campaign: Table) -> tuple[bool, tuple[str, ...]]:
    """Whether all plans are split, or those of which schools."""
    value = campaign.values.get("split", False)
    if isinstance(value, bool):
        return value, ()
    if isinstance(value, list):
        return False, campaign.texts("split")
    campaign.problem("split", f"must be true, false or a list of school ids, not {kind(value)}.")
    return False, ()


def _texts(table: Table) -> dict[str, tuple[str, ...]]:
    return {key: table.texts(key) for key in table}


def _help(table: Table) -> dict[str, str]:
    return {key: table.text(key) for key in table}


def _days(table: Table) -> dict[str, date]:
    return {key: day for key in table if (day := table.day(key))}


def _severity(table: Table) -> dict[str, Severity]:
    for code in table:
        _adjustable(table, code, code)
    return {code: Severity(table.one_of(code, _SEVERITIES, "note")) for code in table}


def _from_dates(table: Table) -> dict[str, date]:
    for code in table:
        _adjustable(table, code, code)
    return _days(table)


def _adjustable(table: Table, key: str, code: str) -> None:
    """Note a code that is not in the catalogue, or that no campaign can turn down."""
    if code not in CATALOGUE:
        table.problem(key, f'there is no code "{code}"; the nearest is "{nearest(code, CATALOGUE)}".')
    elif CATALOGUE[code].structural:
        table.problem(key, f"{code} follows from the form's fields, so a campaign cannot change it.")
    elif CATALOGUE[code].severity is Severity.REFUSAL:
        table.problem(key, f"{code} means that the file is not read at all, so a campaign cannot change it.")


def _waivers(values: object, problems: list[str]) -> tuple[Waiver, ...]:
    if not isinstance(values, list):
        problems.append("[[waiver]] needs two brackets on either side, since there can be several.")
        return ()
    return tuple(
        _waiver(Table(f"[[waiver]] {n}", value, problems, WAIVER_KEYS)) for n, value in enumerate(values, 1)
    )


def _waiver(table: Table) -> Waiver:
    rule = table.text("rule", None)
    if rule:
        _adjustable(table, "rule", rule)
    return Waiver(
        rule=rule, reason=table.text("reason", None), school=table.text("school"), until=table.day("until")
    )
