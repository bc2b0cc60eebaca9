"""Remarks typed beside the form: told as strays, and nothing of the plan becomes doubtful by them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.layout.edits import form
from xlplan.excel.plate import pour
from xlplan.excel.read import read_workbook
from xlplan.intake.pour import poured
from xlplan.layout.book import Book, Cell
from xlplan.layout.locate import locate
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, personal
from xlplan.pipeline.generate import plate_of
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES


def filled(name: str, sample: int) -> Book:
    made = form(name)
    who = personal(BLANK_SCHOOL, blank_identity(made), b"", "")
    book = read_workbook(pour(plate_of(made, ""), who, poured(made.layout, sample_plans(name)[sample])))
    assert isinstance(book, Book)
    return book


def without_formulas(book: Book) -> Book:
    """The workbook as programs write it that keep values only."""
    return replace(
        book,
        sheets=tuple(
            replace(sheet, cells={at: cell._replace(formula=None) for at, cell in sheet.cells.items()})
            for sheet in book.sheets
        ),
    )


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("sample", range(3))
@pytest.mark.parametrize("formulas", [True, False])
def test_a_remark_beside_the_form_leaves_every_answer(name: str, sample: int, formulas: bool) -> None:
    chance, made, book = Random(f"{name} {sample} {formulas}"), form(name), filled(name, sample)
    book = book if formulas else without_formulas(book)
    values = {path: value.cell.value for path, value in locate(made.layout, book).values.items()}
    for plan in (plan for plan in made.layout.sheets if plan.inputs):
        at = (chance.randint(2, plan.last_row), plan.last_column + chance.randint(2, 4))
        cell = Cell(chance.choice(("a remark", 12.5, "x", "D")))
        sheets = tuple(
            replace(sheet, cells={**sheet.cells, at: cell}) if sheet.name == plan.title else sheet
            for sheet in book.sheets
        )
        raw = locate(made.layout, replace(book, sheets=sheets))
        assert raw.undecided == set()
        assert {path: value.cell.value for path, value in raw.values.items()} == values
        assert [(one.sheet, one.value) for one in raw.left_over] == [(plan.title, cell.value)]
