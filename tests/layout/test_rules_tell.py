"""The rules that a workbook's boxes carry are witnesses too: of columns that moved, and of cells that were shifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import pytest

from tests.layout.edits import form
from tests.layout.test_harmless import filled
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Sheet, Validation, areas_of
from xlplan.layout.locate import locate
from xlplan.layout.model import SheetPlan
from xlplan.layout.raw import RawPlan
from xlplan.layout.witnesses import Place, fixed_of
from xlplan.templates import TEMPLATES

Move = Callable[[Place], Place | None]


def moved(sheet: Sheet, cells: Move, rules: Move) -> Sheet:
    """The sheet with its cells and its rules where these put them."""
    made = {to: cell for at, cell in sheet.cells.items() if (to := cells(at)) is not None}
    validations = [
        Validation(
            kind=rule.kind,
            formula=rule.formula,
            sqref=" ".join(f"{column_letters(to[1])}{to[0]}" for at in places_of(rule) if (to := rules(at))),
        )
        for rule in sheet.validations
    ]
    return replace(sheet, cells=made, validations=tuple(rule for rule in validations if rule.sqref))


def places_of(rule: Validation) -> Iterator[Place]:
    for top, left, bottom, right in areas_of(rule.sqref):
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def stay(place: Place) -> Place:
    return place


@dataclass(frozen=True)
class Pair:
    """Two heads beside one another in a row of a filled workbook."""

    name: str
    book: Book
    plan: SheetPlan
    row: int
    left: int
    right: int

    def read(self, cells: Move, rules: Move) -> RawPlan:
        """The raw plan once cells and rules of the heads' sheet are where these put them."""
        sheets = tuple(
            moved(sheet, cells, rules) if sheet.name == self.plan.title else sheet
            for sheet in self.book.sheets
        )
        return locate(form(self.name).layout, replace(self.book, sheets=sheets))


def pairs(name: str) -> Iterator[Pair]:
    """Every two heads beside one another, in every row of heads."""
    book = filled(name, 0)
    for plan in form(name).layout.sheets:
        for row, columns in fixed_of(plan).heads.items():
            yield from (Pair(name, book, plan, row, left, right) for left, right in pairwise(columns))


def misread(before: RawPlan, after: RawPlan) -> list[str]:
    """Paths at which another answer is read than before; those that are asked for again are none."""
    return [
        path
        for path, value in after.values.items()
        if path not in before.values or before.values[path].cell.value != value.cell.value
    ]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_heads_that_changed_places_alone_carry_no_answer_along(name: str) -> None:
    before = locate(form(name).layout, filled(name, 0))
    for one in pairs(name):
        swap = {(one.row, one.left): (one.row, one.right), (one.row, one.right): (one.row, one.left)}
        after = one.read(partial(placed, swap), stay)
        assert misread(before, after) == [], (one.plan.title, one.row, one.left)
        told = any(item.code in ("contradiction", "label-changed") for item in after.findings)
        assert told or after.labels


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_head_that_is_gone_carries_no_answer_along(name: str) -> None:
    """What is not read then is a contradiction: cells may have been taken out with the head."""
    before = locate(form(name).layout, filled(name, 0))
    for one in pairs(name):
        after = one.read(partial(placed, {(one.row, one.left): None}), stay)
        assert misread(before, after) == [], (one.plan.title, one.row, one.left)
        whole = after.values.keys() == before.values.keys()
        assert whole or any(item.code == "contradiction" for item in after.findings)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("by", [-1, 1])
def test_cells_shifted_with_their_rules_in_one_column_change_no_field(name: str, by: int) -> None:
    """Cells taken out or put in at the head, and with them all that stands below, rules too."""
    before = locate(form(name).layout, filled(name, 0))
    for one in pairs(name):
        shift = partial(shifted, one, by)
        assert misread(before, one.read(shift, shift)) == [], (one.plan.title, one.row, one.left)


def placed(places: Mapping[Place, Place | None], at: Place) -> Place | None:
    return places.get(at, at)


def shifted(one: Pair, by: int, at: Place) -> Place | None:
    """From the left head on, its column alone; a head that is taken out is gone."""
    if at[1] != one.left or at[0] < one.row:
        return at
    return None if by < 0 and at[0] == one.row else (at[0] + by, at[1])
