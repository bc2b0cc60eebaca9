"""Remarks on many plans from one list: a CSV file or a workbook, a remark a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError
from xlplan.excel.read import read_workbook
from xlplan.form.text import clean_text
from xlplan.layout.book import Sheet, Unreadable
from xlplan.layout.raw import in_words
from xlplan.ledger import RETURNED
from xlplan.pipeline.opening import refusal, school_of
from xlplan.pipeline.reviewing import Said, Word

COLUMNS = ("school_id", "template", "path", "sheet", "cell", "remark")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Line = tuple[int, list[str]]  # the number of a row, from 1, and its cells


def words_in(path: Path, campaign: Campaign) -> list[Word]:
    """The plans to send back with their remarks, in the order of the list.

    Columns, in any order: school_id, remark, and of path, sheet and cell, template what is needed; with no place it is
    a remark on the whole plan. Raises UsageError with every problem of rows on a line of its own.
    """
    lines = list(_lines(path))
    if not lines:
        raise UsageError(
            f"{path}: the list is empty. Its first row names the columns: school_id, path, remark."
        )
    columns = _columns(path, lines[0][1])
    said: dict[tuple[str, str], list[Said]] = {}
    problems: list[str] = []
    for number, cells in lines[1:]:
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        origin = f"{path}, row {number}: "
        key = _school(row["school_id"], campaign)
        if key is None:
            problems.append(f"{origin}there is no school “{row['school_id']}” on the roster.")
            continue
        made = Said(
            text=row["remark"], path=row.get("path", ""), sheet=row.get("sheet", ""), cell=row.get("cell", ""),
            origin=origin,
        )  # fmt: skip
        said.setdefault((key, row.get("template", "") or _only_plan(key, campaign)), []).append(made)
    if problems:
        raise UsageError("\n".join(problems))
    return [
        Word(school=key, template=template or None, decision=RETURNED, remarks=tuple(remarks))
        for (key, template), remarks in said.items()
    ]


def _only_plan(key: str, campaign: Campaign) -> str:
    """The template of a school that has one plan, so that rows with and without it are one review."""
    names = [campaign.template_of(line) for line in campaign.plans_of(key)]
    return names[0] if len(names) == 1 else ""


def _lines(path: Path) -> Iterator[Line]:
    """The rows that hold anything."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    content = read_bytes(path)
    rows = _of_workbook(content, path) if content.startswith(_WORKBOOKS) else _of_text(content, path)
    return ((number, cells) for number, cells in rows if any(map(str.strip, cells)))


def _of_text(content: bytes, path: Path) -> Iterator[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path}: this file is not in UTF-8. In Excel save it as “CSV UTF-8”, or as .xlsx."
        ) from None
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{path}, row {begins}: the quotation marks do not match ({error}).") from None


def _of_workbook(content: bytes, path: Path) -> Iterator[Line]:
    book = read_workbook(content, path.name)
    if isinstance(book, Unreadable):
        raise UsageError(f"{path}: {refusal(book.code, book.detail, book.todo).message}")
    sheet = next((sheet for sheet in book.sheets if sheet.cells), Sheet(name="", cells={}))
    last = max((column for _, column in sheet.cells), default=0)
    rows: dict[int, list[str]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if cell.error is not None:
            raise UsageError(f"{path}, row {row}: a cell shows {cell.error}. Type the text itself.")
        rows.setdefault(row, [""] * last)[column - 1] = in_words(cell.value)
    return iter(rows.items())


def _columns(path: Path, head: list[str]) -> Mapping[str, int]:
    """Where each column stands that we know."""
    names = [clean_text(name, lines=False).casefold().replace(" ", "_") for name in head]
    found = {name: names.index(name) for name in COLUMNS if name in names}
    lacking = [name for name in ("school_id", "remark") if name not in found]
    twice = [name for name in found if names.count(name) > 1]
    if lacking or twice:
        said = f"there is no column {lacking[0]}" if lacking else f"column {twice[0]} stands there twice"
        raise UsageError(f"{path}, row 1: {said}. The columns are {', '.join(COLUMNS)}.")
    if ("sheet" in found) != ("cell" in found):
        raise UsageError(f"{path}, row 1: sheet and cell go together. Add the other one, or name the path.")
    return found


def _school(written: str, campaign: Campaign) -> str | None:
    """The school's key; an id that a spreadsheet took for a number has lost its leading zero."""
    return next((key for key in (written, f"0{written}") if school_of(campaign, key) is not None), None)
