"""What a returned workbook holds, before anything in it is judged: every value with its cell, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Cell, Place, Scalar, Sheet
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import SheetPlan
from xlplan.layout.witnesses import shown

MANY = 4  # of a sheet: strays from which on they are told as one


class RawValue(NamedTuple):
    """What stands in the cell of a field: the cell's content and where it was read."""

    cell: Cell
    sheet: str
    a1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A locked text that is another in the file: where, what it was as laid out, and what stands there."""

    sheet: str
    cell: str
    was: str
    found: str


@dataclass(slots=True, kw_only=True)
class RawPlan:
    """Every field's cell by slot path (empty ones left out), and what was found of the workbook's structure.

    `read`: section key → the sheet that was read for it; `untouched`: keys of those read by address. `labels`: locked
    texts that are others. `left_over`: what stands where nothing is read; of a second copy of a sheet what differs
    from the first.
    """

    values: dict[str, RawValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[SheetPlan] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_over: list[LeftOver] = field(default_factory=list)
    date1904: bool = False
    labels: list[Label] = field(default_factory=list)
    read: dict[str, Sheet] = field(default_factory=dict)
    untouched: set[str] = field(default_factory=set)


@lru_cache(maxsize=10_000)
def a1_of(row: int, column: int) -> str:
    """The address of a place within its sheet."""
    return f"{column_letters(max(column, 1))}{row}"  # a column that is gone was left of A


def strays(sheet: str, cells: Mapping[Place, Cell]) -> list[Finding]:
    """What people left where the form has nothing; many cells of a sheet as one."""
    told = [(a1_of(*place), in_words(cell.value)) for place, cell in cells.items()]
    todo = "Move it into the white box it belongs to, or delete it."
    if len(told) < MANY:
        return [finding("stray", sheet=sheet, cell=a1, found=text, todo=todo) for a1, text in told]
    (first, text), *more = told
    todo = (
        f"Move it and what stands in {count_of([a1 for a1, _ in more])} into the white boxes, or delete it."
    )
    return [finding("stray", sheet=sheet, cell=first, found=text, todo=todo)]


def in_words(value: Scalar) -> str:
    """A cell's content as text."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if value is None:
        return ""
    return shown(value) if isinstance(value, float) and shown(value) else str(value)


def count_of(cells: list[str]) -> str:
    """Cells by their addresses, the first ten of many."""
    if len(cells) <= 10:
        return ", ".join(cells)
    return f"{', '.join(cells[:10])} and {len(cells) - 10} more"
