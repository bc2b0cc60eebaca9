"""Deliverables show the quality of the work (002: "sign-in" sheets do not)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlplan.checks.phrases import words_in
from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.checks.words import Words
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

_ITEMS = re.compile(
    r"\s*(?:[,;/+&•\n]|\.\s|\b(?:and|or|plus|with|as well as|along with|including|showing|containing|that "
    r"show|documenting|recording|listing)\b)\s*",
    re.I,
)
_TAIL = re.compile(r"\s+(?:of|from|for|at|in|on|by|during|after|to|per)\s+", re.I)
_INSTEAD = re.compile(
    r"\b(?:not|no|instead of|rather than|replac\w+|beyond|more than|without|in place of|no longer|in lieu "
    r"of)\b",
    re.I,
)
_GOAL = re.compile(
    r"%|\bpercent|\b(?:rises?|rose|reach\w*|increas\w+|improv\w+|target|goal|rate|rates|dashboard|grows?|"
    r"above|below|chronic\w*|absen\w+|"
    r"students?|pupils?|daily|by grade|tier|intervention|tardi\w+|truan\w+|case)\b",
    re.I,
)
_ATTENDANCE = re.compile(r"\battendance\b|\battendees?\b", re.I)
_OTHER_AGENDA = re.compile(
    r"\b(?:equity|research|policy|reform|legislative|change|student|school-issued|improvement|advocacy|"
    r"learning|national|public|hidden)\s+agendas?\b|\bagendas?[- ](?:books?|planners?|setting|checked)\b",
    re.I,
)
_TIME = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|ten|fifteen|twenty|thirty|forty|forty-five|sixty|ninety|"
    r"instructional|of|more|additional|daily|the|weekly|lost|extra|few|last)\b)[\s-]*minutes\b|\bminutes "
    r"(?:per|a|each|of (?!the|our|each|every|all|meeting|plc|team)|daily|weekly|spent|lost|every)\b",
    re.I,
)
_MINUTES = re.compile(r"\bminutes\b", re.I)
_OF_MEETING = re.compile(
    r"^(?:(?:the|all|signed|typed|approved|detailed|written|copies|copy|of|set|file|binder|regular|weekly|"
    r"monthly)\s+)*minutes$"
    r"|\b(?:meetings?|plc|team|committee|council|board|staff|department|slt|ilt|faculty)\s+minutes\b",
    re.I,
)
_LIST_OF = re.compile(
    r"\b(?:lists?|records?|proof|evidence|certificates?|rosters?|signatures|attendance|copy|copies|"
    r"collection|set|file|binder|"
    r"photos?|submission|upload|photocop(?:y|ies))$",
    re.I,
)
_SIGN_SYSTEM = re.compile(
    r"\bsign[- ]?ins?\s+(?:system|procedure|process|desk|kiosk|station|software|app|policy|protocol|bonus)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Compiled patterns of one set of word lists."""

    weak: re.Pattern[str]
    strong: re.Pattern[str]


@lru_cache(maxsize=16)
def _kinds(words: Words) -> _Kinds:
    return _Kinds(
        weak=re.compile(rf"\b(?:{words_in(words['weak-deliverable'])})\b", re.I),
        strong=re.compile(rf"\b(?:{words_in(words['strong-deliverable'])})\b", re.I),
    )


@check(
    '002: "Common formative assessments are a strong deliverable … but ‘sign-in’ sheets are not".',
    Meaning.DELIVERABLE,
)
def weak_deliverable(rows: PlanRows) -> Iterator[Finding]:
    """A deliverable tells about the quality of the work, not only that people met."""
    for row, item, text in rows.texts(Meaning.DELIVERABLE):
        if weak(text, rows.words):
            yield rows.found("weak-deliverable", row.cell(item), found=text)


def weak(text: str, words: Words) -> bool:
    """Whether a text offers only sign-in sheets, agendas, attendance lists or minutes as evidence."""
    kinds = _kinds(words)
    if _INSTEAD.search(text) or not kinds.weak.search(text):
        return False
    plain = re.sub(r"\bsign in\b", "sign-in", text, flags=re.I)
    heads = [_head(part) for part in _ITEMS.split(plain) if part.strip()]
    weak_ones = [head for head in heads if kinds.weak.search(head) and not _other(head, text)]
    strong_ones = [
        head for head in heads if head not in weak_ones and kinds.strong.search(kinds.weak.sub(" ", head))
    ]
    return bool(weak_ones) and not strong_ones


def _head(part: str) -> str:
    """What an item is: "agenda" of "agenda for the data meeting"; the whole of "list of attendees"."""
    head = _TAIL.split(part, maxsplit=1)[0].strip()
    return part if _LIST_OF.search(head) else head


def _other(head: str, text: str) -> bool:
    """Whether the words mean something else: attendance as a goal, minutes of time, an agenda of change."""
    if _OTHER_AGENDA.search(head) or _SIGN_SYSTEM.search(head):
        return True
    if _MINUTES.search(head) and (_TIME.search(text) or not _OF_MEETING.search(head)):
        return True
    return bool(_ATTENDANCE.search(head) and _GOAL.search(text))
