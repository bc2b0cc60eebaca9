"""One person answers for a step (001: "a specific person"; 002: "only one owner").

Prefers silence to a false alarm: what may be one person with a title, a field of work or an office is one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

SEVERAL, GROUP = "more than one person", "a group"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    "principal director superintendent coach teacher coordinator lead leader chair chairperson dean "
    "manager head specialist liaison facilitator counselor counsellor secretary nurse officer assistant "
    "aide paraprofessional psychologist librarian supervisor consultant registrar interventionist "
    "strategist trainer navigator advocate clerk president analyst therapist technician administrator "
    "instructor tutor mentor advisor adviser pathologist interpreter custodian worker ap vp"
)
_PLURALS = frozenset(f"{title}s" for title in _TITLES) | {"coaches", "secretaries", "people"}
_BODIES = _set(
    "team teams staff committee committees council councils department departments dept office offices "
    "board cabinet faculty everyone everybody all pta pto ptsa plc plcs taskforce administration "
    "leadership members personnel group"
)
_PUBLIC = _set("parents families students community partners")  # a group, but also whom one works with
_RANKS = _set(
    "the our a an his her their assistant vice associate deputy interim acting lead head senior building "
    "school district"
)
_FIELDS = _set(
    "teaching learning curriculum instruction instructional college career science math mathematics "
    "health wellness family families community equity inclusion student students safety security special "
    "education data assessment culture climate english language languages arts literacy reading writing "
    "technology federal state title programs program services operations human resources behavior "
    "behaviour multilingual counseling counselling testing research accountability engagement attendance "
    "early childhood elementary middle high school schools primary secondary transportation nutrition "
    "finance budget facilities communications music art physical social emotional studies history grade "
    "grades support intervention prevention discipline partnerships outreach activities athletics "
    "technical vocational gifted bilingual"
)
_FIELD_OF = re.compile(r"\b(?:of|for|to)\b", re.I)
_HEAD_END = re.compile(r"\b(?:of|for|to|with)\b", re.I)
_SURE_NAME = re.compile(
    r"\b[A-Z]\.\s*(?:[A-Z]\.\s*)?[A-Z][\w'’-]+|\b(?:Mr|Mrs|Ms|Mx|Dr|Sr|Sra)\b\.?\s+[A-Z][\w'’-]+|\b[A-Z][\w'’-]+,\s*[A-Z]\.(?!\s*[A-Z])"
)
_CUT = re.compile(r"\s*(;|/|\+|\n|\s&\s|\b(?:and|or|with|as well as|together with)\b)\s*", re.I)


def owner_not_one_person(rows: PlanRows) -> Iterator[Finding]:
    """An owner cell that names several people, or a group."""
    for path, text in rows.texts(Meaning.OWNER):
        several = several_people(text)
        if several:
            yield rows.found("owner-not-one-person", path, found=text, several=several)


def several_people(text: str) -> str:
    """SEVERAL, GROUP, or nothing for what may be one person."""
    names = len(_SURE_NAME.findall(text))
    if names > 1:
        return SEVERAL
    plain = re.sub(r"\([^()]*\)", " ", text).strip() or text  # what stands in brackets explains
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    if not parts:
        return ""
    if _listed(parts) or _joined(parts[0]) or (_is_role(parts[0]) and any(map(_joined_roles, parts[1:]))):
        return SEVERAL
    return GROUP if not names and _is_group(parts[0]) and not any(map(_is_name, parts[1:])) else ""


def _listed(parts: list[str]) -> bool:
    """Three names or roles with commas between them; two may be "Lee, Maria" or a name with its title."""
    pieces = [piece for part in parts for piece in _CUT.split(part)[::2] if piece]
    return len(pieces) > 2 and (
        all(map(_is_name, pieces)) or all(_is_role(piece) or _is_group(piece) for piece in pieces)
    )


def _joined(text: str) -> bool:
    """Whether "and", a slash or the like joins people, and not the words of a title."""
    first, *rest = _CUT.split(text)
    joints, others = rest[::2], rest[1::2]
    return any(
        _two(first, joint.strip().casefold(), other, text)
        for joint, other in zip(joints, others, strict=True)
    )


def _two(first: str, joint: str, other: str, text: str) -> bool:
    """Whether two pieces are two people, or one and a group."""
    if not first or not other:
        return False
    if joint == "with" and (_FIELD_OF.search(first) or _head(other) in _PUBLIC or _head(first) == "liaison"):
        return False
    if _is_name(first) and _is_name(other):
        return True
    if joint in ("/", ";") and (_is_name(first) or _is_name(other)):
        return _is_group(first) or _is_group(other)  # else a name and its title
    if joint == "/" and " / " not in text and "\n" not in text:
        return False  # teacher/librarian, PE/health teacher
    if _is_name(first):
        return _is_group(other) or (_is_role(other) and _plainly(other))
    return (_is_role(first) or _is_group(first)) and (
        _is_role(other) or _is_group(other) or bool(_SURE_NAME.search(other))
    )


def _joined_roles(text: str) -> bool:
    """ "principal, coach and counselor": the end of a list of roles."""
    pieces = _CUT.split(text)[::2]
    return len(pieces) > 1 and all(_is_role(piece) and _plainly(piece) for piece in pieces)


def _plainly(role: str) -> bool:
    """A role that can stand for itself: "the principal", "literacy coach"; not "Learning Director"."""
    words = _words(role)
    return role[:1].islower() or all(word.casefold() in _TITLES | _RANKS for word in words)


def _is_name(text: str) -> bool:
    """One to three capitalised words that are neither titles nor fields of work nor abbreviations."""
    if _SURE_NAME.search(text):
        return True
    words = _words(text)
    known = _TITLES | _PLURALS | _BODIES | _PUBLIC | _FIELDS | _RANKS
    return 0 < len(words) < 4 and all(
        word[0].isupper() and not (word.isupper() and len(word) > 1) and word.casefold() not in known
        for word in words
    )


def _is_role(text: str) -> bool:
    return _head(text) in _TITLES


def _is_group(text: str) -> bool:
    return _head(text) in _PLURALS | _BODIES | _PUBLIC


def _head(text: str) -> str:
    """The word that says what it is: the last one, or the last before "of", "for" and the like."""
    words = _words(_HEAD_END.split(text)[0]) or _words(text)
    return words[-1].casefold() if words else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text)
