"""A returned workbook as plain data: every cell that holds something, whatever program wrote the file.

`excel.read` makes it; `layout.locate` turns it into a raw plan. Nothing here judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from xlplan.form.expressions import column_number

Scalar = str | float | bool | datetime | None
Place = tuple[int, int]  # row and column, both from 1
Area = tuple[int, int, int, int]  # top, left, bottom, right
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


class Cell(NamedTuple):
    """What one cell holds.

    `value`: text, number (always float), bool or date; None for a formula without a value.
    `formula`: the formula's text without "=", or None. `error`: an error such as "#REF!", value None.
    Dates are datetimes when the cell's number format is a date's, in either date system.
    """

    value: Scalar
    formula: str | None = None
    error: str | None = None


@lru_cache(maxsize=50_000)
def place_at(row: int, column: int) -> Place:
    """A place; the same object each time, so that cells are found sooner."""
    return row, column


@lru_cache(maxsize=4_000)
def text_cell(text: str) -> Cell:
    """The cell of a text; the same object each time, so that texts that are alike compare at once."""
    return Cell(text)


class Validation(NamedTuple):
    """One validation rule of a sheet: its type ("list", "date", …), cells and first formula."""

    kind: str
    sqref: str
    formula: str


def areas_of(sqref: str) -> Iterator[Area]:
    """The ranges of a reference such as "D5:D9 F5"; what is none of ours is left out."""
    for part in sqref.split():
        found = _AREA.fullmatch(part)
        if found is not None:
            left, top = column_number(found[1]), int(found[2])
            yield top, left, int(found[4] or top), column_number(found[3]) if found[3] else left


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet. `cells` maps (row, column), both from 1, to what stands there; blank styled cells are absent."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    visible: bool = True
    protected: bool | None = None  # None: this format or program does not tell
    validations: tuple[Validation, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook. `names`: defined names with their text; `properties`: custom document properties;
    `core`: creator, lastModifiedBy, modified and application, as far as given; `tells`: what the file's format can tell
    beside values ("formulas", "protection", "validation", "names", "properties"); `date1904`: its bare numbers count
    days from January 1, 1904."""

    format: str  # "xlsx", "xlsm", "ods", "xls", "xlsb"
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    core: Mapping[str, str] = field(default_factory=dict)
    macros: bool = False
    date1904: bool = False
    tells: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The file cannot be read: `code` is one of the catalogue's refusals, `detail` the fact for its sentence,
    `todo` what to do where that depends on the kind of file."""

    code: str
    detail: str = ""
    todo: str = ""
