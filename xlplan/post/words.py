"""What a letter can say: the facts that its wording is given, and what each of them means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

LETTERS = ("distribute", "cover", "letter", "remind")
MOST_ITEMS = 12  # findings that a letter names; the rest stand on the sheet To fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was found in a plan."""

    kind: str
    place: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """One part of a split plan."""

    number: int
    of: int
    title: str
    state: str
    file: str = ""
    fix: int = 0
    items: tuple[Item, ...] = ()
    more: int = 0
    to_fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """One plan of a school."""

    title: str
    state: str
    file: str = ""
    received: str = ""
    counted: str = ""
    fix: int = 0
    check: int = 0
    remarks: int = 0
    place: int = 0
    items: tuple[Item, ...] = ()
    more: int = 0
    to_fix: str = ""
    parts: tuple[PartWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWords:
    """One school of a district's zip."""

    name: str
    id: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All that a letter can speak of. What is not known is empty, `days` is None then."""

    school: str
    district: str
    year: str
    contact: str = ""
    due: str = ""
    due_day: str = ""
    days: int | None = None
    extended: bool = False
    round: str = ""
    plans: tuple[PlanWords, ...] = ()
    schools: tuple[SchoolWords, ...] = ()
    pack: str = ""
    enclosed: bool = True


MEANING: Mapping[str, Mapping[str, str]] = {
    "letter": {
        "school": "what people call the school; the district's name for the district's own plan",
        "district": "the district's name",
        "year": "the school year, such as 2026-27",
        "contact": "whom schools ask, from `campaign.toml`; may be empty",
        "due": "the day by which the plan is asked for, in words with weekday and year; empty where no day was set",
        "due_day": "the same day without weekday and year",
        "days": "how many days are left (0: today, negative: so many days over); `none` where no day was set",
        "extended": "whether the school has a later day of its own",
        "round": "`carried` or `status` in a later round, else empty",
        "plans": "the school's plans that the letter is about, one or several (below)",
        "schools": "only in `cover`: the schools whose workbooks are in the zip (below)",
        "pack": "only in `cover`: the name of the zip file",
        "enclosed": "only in `cover`: whether the zip is attached; it is not if it is too big for mail",
    },
    "plan": {
        "title": "the plan's title",
        "state": "`new` (to be filled in), `nothing` (nothing came back), `again` (what came back cannot count), `fix` "
        "(errors), `remarks` (a reader asks for changes), `parts` (split, and not complete), `waiting` (the district "
        "decides between two versions), `accepted`, `approved`",
        "file": "the name of the attached workbook; empty if none is attached",
        "received": "the day on which the plan came, in words; empty if nothing came",
        "counted": "the day on which an earlier plan came that still counts although this one has errors; else empty",
        "fix": "how many errors there are to correct",
        "check": "how many things there are to check",
        "remarks": "how many remarks are open",
        "place": "how many answers a person has to place, since the form has changed and has no box for them",
        "items": "what was found, the heaviest first, at most 12 (below)",
        "more": "how many more were found",
        "to_fix": "what the sheet To fix is called in the attached workbook; empty if none is attached",
        "parts": "the parts of a split plan (below)",
    },
    "part": {
        "number": "the part's number, from 1",
        "of": "how many parts there are",
        "title": "the part's title",
        "state": "`new`, `missing`, `fix` (errors) or `in` (accepted)",
        "file": "the name of the attached workbook; empty if none is attached",
        "fix": "how many errors there are to correct",
        "items": "what was found, as in a plan",
        "more": "how many more were found",
        "to_fix": "what the sheet To fix is called in the attached workbook; empty if none is attached",
    },
    "item": {
        "kind": "`remark`, `fix`, `place` (an answer that has no box in the newer form), `check` or `advice`",
        "place": "sheet and cell",
        "message": "what was found, a sentence",
        "remedy": "what to do, a sentence; may be empty",
    },
    "entry": {
        "name": "what people call the school",
        "id": "its id",
        "files": "the names of its workbooks in the zip",
    },
}
NAMED: Mapping[str, type] = {
    "letter": Words, "plan": PlanWords, "part": PartWords, "item": Item, "entry": SchoolWords,
}  # fmt: skip
KNOWN = frozenset(field.name for field in fields(Words))
ATTRIBUTES = frozenset(
    field.name for kind, facts in NAMED.items() if kind != "letter" for field in fields(facts)
)
