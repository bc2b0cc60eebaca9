"""One person answers for a step (001: "a specific person"; 002: "only one owner")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

_SEVERAL = re.compile(r"\s(?:and|&|with|or)\s|[;/+]|\n", re.I)
_ROLE_AND = re.compile(
    r"\b(?:director|head|chair|dean|coordinator|manager|supervisor|specialist|teacher|assistant)\s+(?:of|for)\s+[\w\s,&]*\sand\s",
    re.I,
)
_GROUPS = (
    "team", "teams", "staff", "committee", "committees", "council", "department", "departments", "office", "principals",
    "teachers", "leads", "leaders", "coaches", "counselors", "counsellors", "administrators", "directors", "board",
    "everyone", "all", "faculty", "pta", "pto", "plc", "plcs", "parents", "families", "members", "specialists", "deans",
    "chairs", "coordinators", "facilitators", "paraprofessionals", "administration", "leadership",
)  # fmt: skip
_TITLE = re.compile(
    r"\b(?:principal|director|superintendent|coach|teacher|coordinator|lead|leader|chair|dean|manager|head|specialist|liaison|facilitator|counselor|counsellor|secretary|nurse|officer|assistant)\b",
    re.I,
)


def owner_not_one_person(rows: PlanRows) -> Iterator[Finding]:
    """An owner cell that names several people, or a group."""
    for path, text in rows.texts(Meaning.OWNER):
        several = several_people(text)
        if several:
            yield rows.found("owner-not-one-person", path, found=text, several=several)


def several_people(text: str) -> str:
    """ "two people or more", "a group", or nothing for one person (with a role or department)."""
    if _SEVERAL.search(text) and not _ROLE_AND.search(text + " "):
        return "more than one person"
    name = text.split(",")[0]
    words = re.findall(r"[a-z]+", name.casefold())
    grouped = any(word in _GROUPS for word in words)
    if grouped and not _TITLE.search(name):
        return "a group"
    plural = bool(words) and words[-1] in _GROUPS and words[-1] != "all"
    possessive = re.search(r"['’]s\s+office\b", name, re.I)
    return "a group" if possessive or (plural and "," not in text) else ""
