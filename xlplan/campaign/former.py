"""Schools as the roster had them before: closed, merged into another, renamed or moved. Lines are only ever added."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.roster import REQUIRED, Roster, School
from xlplan.errors import SetupError

FORMER = "roster-former.csv"
COLUMNS = (*REQUIRED, "until", "merged_into")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A school as the roster had it until a day. `merged_into`: the key of the school it is part of now."""

    school: School
    until: date
    merged_into: str = ""


def former_schools(root: Path) -> tuple[Former, ...]:
    """What a campaign's folder says of former schools, oldest first; nothing if no roster was ever updated.

    Raises SetupError naming the line that cannot be understood.
    """
    path = root / FORMER
    if not path.exists():
        return ()
    try:
        lines = list(csv.reader(io.StringIO(read_bytes(path).decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"{path}: it cannot be read as CSV in UTF-8 ({error}). {_MEND}") from None
    head, *rows = lines or [[]]
    if tuple(head) != COLUMNS:
        raise SetupError(f"{path}: its first line must name the columns {', '.join(COLUMNS)}. {_MEND}")
    return tuple(_former(path, number, row) for number, row in enumerate(rows, 2) if any(row))


def write_former(root: Path, items: Iterable[Former]) -> None:
    """Put all of them into the campaign's folder, in this order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in items:
        facts = [getattr(item.school, name) for name in REQUIRED]
        writer.writerow([*facts, item.until.isoformat(), item.merged_into])
    encoding = "utf-8" if text.getvalue().isascii() else "utf-8-sig"  # as the roster itself
    write_safely(root / FORMER, text.getvalue().encode(encoding))


def closed_schools(former: Sequence[Former], roster: Roster) -> dict[str, Former]:
    """By key the schools that are no longer on the roster, each as it was last."""
    open_ = {school.key for school in roster.schools}
    return {item.school.key: item for item in former if item.school.key not in open_}


def merged_schools(closed: Mapping[str, Former]) -> dict[str, tuple[str, ...]]:
    """Key of a school → the keys of those that became part of it."""
    found: dict[str, tuple[str, ...]] = {}
    for key, item in closed.items():
        if item.merged_into:
            found[item.merged_into] = (*found.get(item.merged_into, ()), key)
    return found


_MEND = "Put it back from a backup, or mend the line."


def _former(path: Path, number: int, row: list[str]) -> Former:
    try:
        *facts, until, merged_into = row
        school = School(**dict(zip(REQUIRED, facts, strict=True)))
        return Former(school=school, until=date.fromisoformat(until), merged_into=merged_into)
    except ValueError:
        raise SetupError(f"{path}, line {number}: it is not a former school. {_MEND}") from None
