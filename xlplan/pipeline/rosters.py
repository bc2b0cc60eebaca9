"""A roster as people have it, a CSV file or a workbook, as the schools that a campaign keeps in its roster.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from xlplan.campaign import Roster, read_roster
from xlplan.campaign.files import read_bytes
from xlplan.campaign.roster import REQUIRED
from xlplan.campaign.roster_csv import column_of, roster_of
from xlplan.errors import SetupError, UsageError
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Cell, Sheet, Unreadable
from xlplan.pipeline.opening import refusal

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .xlsb begin, and .xls
DISTRICT_DIGITS, SCHOOL_DIGITS = 7, 12  # of the ids of NCES, which begin with the state's two digits
PRECISE = 10**15  # spreadsheet programs keep 15 digits of a number

Row = dict[str, str]


def roster_in(path: Path) -> Roster:
    """The schools of a CSV file or a workbook; raises UsageError if there is none, SetupError naming each problem.

    Of a workbook it takes the first sheet whose first filled row names the columns. An id that stands in its cell as
    a number and so lost its leading zero gets it back, with a note.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    content = read_bytes(path)
    if not content.startswith(WORKBOOKS):
        return read_roster(path)
    book = read_workbook(content, path.name)
    if isinstance(book, Unreadable):
        told = refusal(book.code, book.detail, book.todo)
        raise SetupError(f"{path}: {told.message} Save the roster as .xlsx or as CSV UTF-8.")
    sheet = _sheet(book.sheets)
    if sheet is None:
        raise SetupError(f"{path}: no sheet has the columns {', '.join(REQUIRED)} in its first row.")
    rows = _rows(sheet, path)
    notes = tuple(_restored(rows))
    return roster_of(iter([(number, list(row.values())) for number, row in rows]), path, notes)


def _sheet(sheets: tuple[Sheet, ...]) -> Sheet | None:
    """The first sheet with all columns; else the one with most of them, so that what lacks is named."""
    counted = [
        (sum(column_of(head) in REQUIRED for head in _head(sheet).values()), sheet) for sheet in sheets
    ]
    best = max((count for count, _ in counted), default=0)
    return next((sheet for count, sheet in counted if count == best and best > 0), None)


def _head(sheet: Sheet) -> Mapping[int, str]:
    """The first filled row: column → text."""
    first = min((row for row, _ in sheet.cells), default=0)
    return {column: _text(cell) for (row, column), cell in sorted(sheet.cells.items()) if row == first}


def _rows(sheet: Sheet, path: Path) -> list[tuple[int, Row]]:
    """Row number and cells by column, the head first; ids that were numbers are marked by `_restored`'s rule."""
    head = _head(sheet)
    last = max((column for _, column in sheet.cells), default=0)
    columns = range(1, last + 1)
    rows: dict[int, Row] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if cell.error or (isinstance(cell.value, float) and abs(cell.value) >= PRECISE):
            what = cell.error or "a number with more digits than a spreadsheet keeps"
            raise SetupError(
                f"{path}, row {row}, column {head.get(column, column)}: it holds {what}. Type it as text."
            )
        rows.setdefault(row, dict.fromkeys(map(str, columns), ""))[str(column)] = _text(cell)
    return [(row, cells) for row, cells in rows.items() if any(map(str.strip, cells.values()))]


def _text(cell: Cell) -> str:
    """A cell as text: whole numbers without decimals, days as 2026-09-01, a text that looks like a formula as it is."""
    match cell.value:
        case None:
            return ""
        case bool():
            return "yes" if cell.value else "no"
        case float():
            return str(int(cell.value)) if cell.value == int(cell.value) else repr(cell.value)
        case datetime():
            return cell.value.date().isoformat()
        case _:
            return str(cell.value)


def _restored(rows: list[tuple[int, Row]]) -> Iterator[str]:
    """Put back the leading zero of ids (states 01 to 09) that a program took for numbers; a note for each column.

    Only where nothing else can be missing: the district's id is how the school's begins.
    """
    if not rows:
        return
    places = {column_of(text): key for key, text in rows[0][1].items()}
    district, school = places.get("district_id"), places.get("school_id")
    if district is None or school is None:
        return
    known: set[str] = set()
    counts = {"district_id": 0, "school_id": 0}
    for _, row in rows[1:]:
        whole = _whole(row[district], row[school])
        if whole is not None:
            known.add(whole[0])
            counts["district_id"] += row[district] != whole[0]
            counts["school_id"] += row[school] != whole[1]
            row[district], row[school] = whole
    for _, row in rows[1:]:
        if not row[school] and "0" + row[district] in known:  # the district's own plan
            row[district] = "0" + row[district]
            counts["district_id"] += 1
    for name, count in counts.items():
        if count:
            yield f"column {name}: {count} ids had lost their leading zero and got it back"


def _whole(district: str, school: str) -> tuple[str, str] | None:
    """Both ids with their leading zero, or None where none is missing or we cannot know."""
    digits = district.isascii() and district.isdigit() and school.isascii() and school.isdigit()
    if not digits or (len(district), len(school)) == (DISTRICT_DIGITS, SCHOOL_DIGITS):
        return None
    if not 0 <= DISTRICT_DIGITS - len(district) <= 1 or not 0 <= SCHOOL_DIGITS - len(school) <= 1:
        return None
    padded = district.zfill(DISTRICT_DIGITS), school.zfill(SCHOOL_DIGITS)
    return padded if padded[1].startswith(padded[0]) else None
