"""The rules that a workbook's boxes carry are witnesses too: of columns that moved, and of cells that were shifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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


def pairs(plan: SheetPlan) -> Iterator[tuple[int, int, int]]:
    """Rows of heads, with two columns beside one another."""
    for row, columns in fixed_of(plan).heads.items():
        yield from ((row, left, right) for left, right in pairwise(columns))


def stay(place: Place) -> Place:
    return place


def read(name: str, book: Book, plan: SheetPlan, sheet: Sheet) -> RawPlan:
    sheets = tuple(sheet if one.name == plan.title else one for one in book.sheets)
    return locate(form(name).layout, replace(book, sheets=sheets))


def misread(before: RawPlan, after: RawPlan) -> list[str]:
    """Paths at which another answer is read than before; those that are asked for again are none."""
    return [
        path
        for path, value in after.values.items()
        if path not in before.values or before.values[path].cell.value != value.cell.value
    ]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_heads_that_changed_places_alone_carry_no_answer_along(name: str) -> None:
    book = filled(name, 0)
    before = locate(form(name).layout, book)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for plan in (plan for plan in form(name).layout.sheets if plan.inputs):
        for row, left, right in pairs(plan):
            swap = {(row, left): (row, right), (row, right): (row, left)}
            sheet = moved(sheets[plan.title], lambda at, swap=swap: swap.get(at, at), stay)  # type: ignore[misc]
            after = read(name, book, plan, sheet)
            assert misread(before, after) == [], (plan.title, row, left, right)
            assert (
                any(item.code in ("contradiction", "label-changed") for item in after.findings)
                or after.labels
            )


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_head_that_is_gone_carries_no_answer_along(name: str) -> None:
    """What is not read then is a contradiction: cells may have been taken out with the head."""
    book = filled(name, 0)
    before = locate(form(name).layout, book)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for plan in (plan for plan in form(name).layout.sheets if plan.inputs):
        for row, left, _ in pairs(plan):
            gone = (row, left)
            sheet = moved(sheets[plan.title], lambda at, gone=gone: None if at == gone else at, stay)  # type: ignore[misc]
            after = read(name, book, plan, sheet)
            assert misread(before, after) == [], (plan.title, gone)
            whole = after.values.keys() == before.values.keys()
            assert whole or any(item.code == "contradiction" for item in after.findings)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("by", [-1, 1])
def test_cells_shifted_with_their_rules_in_one_column_change_no_field(name: str, by: int) -> None:
    """Cells taken out or put in at the head, and with them all that stands below, rules too."""
    book = filled(name, 0)
    before = locate(form(name).layout, book)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for plan in (plan for plan in form(name).layout.sheets if plan.inputs):
        for row, left, _ in pairs(plan):

            def shift(at: Place, row: int = row, left: int = left) -> Place | None:
                if at[1] != left or at[0] < row:
                    return at
                return None if by < 0 and at[0] == row else (at[0] + by, at[1])

            after = read(name, book, plan, moved(sheets[plan.title], shift, shift))
            assert misread(before, after) == [], (plan.title, row, left)
