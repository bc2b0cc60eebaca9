"""A roster as lines of cells, mostly a CSV file: every problem named by line and column, written back the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.roster import OPTIONAL, REQUIRED, Roster, School
from xlplan.campaign.roster_checks import clashes, faults, remarks
from xlplan.errors import SetupError, UsageError

_COLUMNS = {name.replace("_", ""): name for name in REQUIRED + OPTIONAL} | {"enrollment": "enrolment"}
_OWN = frozenset(("school_id", "school", "email"))  # which hardly two lines share
_AS_CSV = "In Excel choose File, Save As, “CSV UTF-8 (Comma delimited)”, and use that file."

Line = tuple[int, list[str]]  # the number of the line a record begins in, counted from 1, and its cells


def read_roster(path: Path) -> Roster:
    """The schools of a CSV file separated by commas, semicolons or tabs; every id stays the text it was.

    Raises UsageError if there is no such file, and SetupError with one line per problem.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    return roster_of(_lines(_decoded(path), path), path)


def roster_of(lines: Iterator[Line], path: Path, notes_before: Iterable[str] = ()) -> Roster:
    """The schools in lines of cells, of which the first names the columns; raises SetupError as `read_roster`."""
    head = next(lines, None)
    if head is None:
        raise SetupError(
            f"{path}: the roster is empty. Its first line must name the columns: {', '.join(REQUIRED)}."
        )
    columns, problems, notes = _header(head)
    if not problems:
        rows, problems = _rows(columns, lines)
        problems += clashes(rows)
        notes += remarks(rows)
    if problems:
        raise SetupError("\n".join(f"{path}, line {line}: {text}" for line, text in sorted(problems)))
    return Roster(schools=tuple(school for _, school in rows), notes=(*notes_before, *notes))


def column_of(head: str) -> str | None:
    """The field that a column of this head fills, or None."""
    return _COLUMNS.get(_folded(head))


def write_roster(path: Path, schools: Iterable[School]) -> None:
    """Write the roster as UTF-8 CSV: the four required columns, and those others that hold anything."""
    schools = list(schools)
    names = [*REQUIRED, *(name for name in OPTIONAL if any(getattr(school, name) for school in schools))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(school, name) for name in names] for school in schools)
    # without a byte order mark Excel takes UTF-8 for the local code page and spoils every accent
    encoding = "utf-8" if text.getvalue().isascii() else "utf-8-sig"
    write_safely(path, text.getvalue().encode(encoding))


def _decoded(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SetupError(f"{path}: this is a workbook, not a CSV file. {_AS_CSV}")  # within a campaign
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:200]:
        raise SetupError(f"{path}: this file is in UTF-16 (“Unicode text”), not UTF-8. {_AS_CSV}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SetupError(
            f"{path}, line {line}: this file is not in UTF-8, so names would be spoilt. {_AS_CSV}"
        ) from None


def _lines(text: str, path: Path) -> Iterator[Line]:
    """The records that hold anything."""
    # a StringIO would take four bytes a character
    source = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
    reader = csv.reader(source, delimiter=_separator(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(map(_trimmed, cells)):
                yield begins, [_trimmed(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SetupError(
            f"{path}, line {begins}: the quotation marks do not match ({error}). "
            'A cell that holds a quotation mark stands in quotes, the mark doubled: "The ""A"" School".'
        ) from None


def _separator(text: str) -> str:
    """The separator under which the first line names most columns that we know."""
    head = text.lstrip().partition("\n")[0].partition("\r")[0]
    return max(",;\t", key=lambda mark: sum(_folded(name) in _COLUMNS for name in head.split(mark)))


def _header(head: Line) -> tuple[list[str | None], list[tuple[int, str]], list[str]]:
    """For each column the field it fills or None; the problems; the notes."""
    line, names = head
    columns = [column_of(name) for name in names]
    problems = [
        (line, f"there is no column {name}. Add it; its name belongs in the first line.")
        for name in REQUIRED
        if name not in columns
    ]
    problems += [
        (line, f"column {name} stands there twice. Remove or rename one of the two.")
        for name in REQUIRED + OPTIONAL
        if columns.count(name) > 1
    ]
    unused = [name for name, column in zip(names, columns, strict=True) if name and column is None]
    return columns, problems, [f"column '{name}' is not used and was ignored" for name in unused]


def _rows(
    columns: list[str | None], lines: Iterator[Line]
) -> tuple[list[tuple[int, School]], list[tuple[int, str]]]:
    rows: list[tuple[int, School]] = []
    problems: list[tuple[int, str]] = []
    kept: dict[str, str] = {}  # what many lines share is kept once: a state has 100,000
    for line, cells in lines:
        if any(cells[len(columns) :]):
            text = f"it has {len(cells)} cells, but the first line names {len(columns)} columns."
            problems.append((line, f"{text} A name with a separator in it must stand in quotes."))
            continue
        padded = cells + [""] * (len(columns) - len(cells))
        named = ((name, cell) for name, cell in zip(columns, padded, strict=False) if name)
        school = School(
            **{name: cell if name in _OWN else kept.setdefault(cell, cell) for name, cell in named}
        )
        rows.append((line, school))
        problems += [(line, text) for text in faults(school)]
    return rows, problems


def _folded(name: str) -> str:
    return "".join(_trimmed(name).strip('"').casefold().replace("_", "").split())


def _trimmed(cell: str) -> str:
    return cell.strip().strip("\ufeff\u200b").strip()
