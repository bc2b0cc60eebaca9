"""What can be wrong with the lines of a roster, and how to repair it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields

from xlplan.campaign.roster import School

ID_LENGTH = 40
OWN_PLAN = "school_id and school for the district's own plan"

Numbered = tuple[int, School]
_FIELDS = tuple(item.name for item in fields(School))
# Excel shows a long number as 5.30825E+11 and saves it like that, or with a decimal: the digits are lost
_MANGLED = re.compile(r"\d+[.,]?\d*[eE]\+?\d+|\d+[.,]0+")
_AS_TEXT = (
    "Excel has turned the id into a number. In Excel format the column as Text and paste the ids again, "
    "or import the CSV file with this column as Text."
)


def faults(school: School) -> Iterator[str]:
    """The problems of one line by itself, in the order of the columns."""
    own_plan = not school.school_id and not school.school
    for name in _FIELDS:
        value: str = getattr(school, name)
        if not value.isprintable() and any(
            unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in value
        ):
            yield f"column {name}: it holds a line break or control character. Type it again on one line."
        elif name in {"district_id", "district"} and not value:
            yield f"column {name}: it is empty. Every line needs its district's id and name."
        elif name in {"school_id", "school"} and not value and not own_plan:
            yield f"column {name}: it is empty. Fill it in, or empty both {OWN_PLAN}."
        elif name in {"district_id", "school_id"}:
            yield from _id_faults(name, value)


def _id_faults(name: str, value: str) -> Iterator[str]:
    if _MANGLED.fullmatch(value):
        yield f"column {name}: “{value}” is not an id. {_AS_TEXT}"
    elif len(value) > ID_LENGTH:
        yield f"column {name}: the id has {len(value)} characters; it may have {ID_LENGTH}."


def clashes(rows: Iterable[Numbered]) -> list[tuple[int, str]]:
    """The lines that repeat an earlier one, or use its key for another school."""
    plans: dict[tuple[str, str], int] = {}
    keys: dict[str, Numbered] = {}
    problems = []
    for line, school in rows:
        if not school.key:
            continue
        column = "school_id" if school.school_id else "district_id"
        first, holder = keys.setdefault(school.key, (line, school))
        twin = plans.setdefault((school.key, school.template), line)
        if twin != line:
            text = f"“{school.key}” stands in line {twin} already. Remove one, or give each its own template."
            problems.append((line, f"column {column}: {text}"))
        elif (holder.district_id, holder.school_id) != (school.district_id, school.school_id):
            text = f"“{school.key}” is another school or district in line {first}. Correct the wrong id."
            problems.append((line, f"column {column}: {text}"))
    return problems


def remarks(rows: Iterable[Numbered]) -> list[str]:
    """What is worth a look but stops nothing: one district under two names."""
    names: dict[str, str] = {}
    notes = []
    for line, school in rows:
        name = names.setdefault(school.district_id, school.district)
        if name != school.district:
            notes.append(
                f"line {line}: district {school.district_id} is '{school.district}' here and '{name}' above"
            )
    return notes
