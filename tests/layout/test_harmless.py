"""What people and programs do to a copy that harms nothing: every answer is read where it belongs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.excel.dialects import parts_of, zipped
from tests.layout.edits import form
from tests.pipeline.corrections import sample
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Cell
from xlplan.layout.locate import locate
from xlplan.templates import TEMPLATES


def filled(name: str, number: int) -> Book:
    book = read_workbook(sample(name, number))
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
@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("formulas", [True, False])
def test_a_remark_beside_the_form_leaves_every_answer(name: str, number: int, formulas: bool) -> None:
    chance, made, book = Random(f"{name} {number} {formulas}"), form(name), filled(name, number)
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


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize(
    "around", ["\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "\N{BYTE ORDER MARK}", " \t"]
)
def test_padding_around_every_text_changes_nothing(name: str, around: str) -> None:
    """Some programs and pages leave blanks or invisible characters around whatever passes through them."""
    made, book = form(name), filled(name, 0)
    padded = replace(
        book,
        sheets=tuple(
            replace(sheet, cells={at: _padded(cell, around) for at, cell in sheet.cells.items()})
            for sheet in book.sheets
        ),
    )
    plain, raw = locate(made.layout, book), locate(made.layout, padded)
    assert (raw.findings, raw.left_over, raw.undecided) == ([], [], set())
    assert {path: value.a1 for path, value in raw.values.items()} == {
        path: value.a1 for path, value in plain.values.items()
    }


def _padded(cell: Cell, around: str) -> Cell:
    return cell._replace(value=f"{around}{cell.value}{around}") if isinstance(cell.value, str) else cell


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("title", ["Lists", "Live", "Meta"])
def test_a_hidden_sheet_under_another_name_is_no_stranger(name: str, title: str) -> None:
    """Nobody but a program looks for it; it is known by what stands on it."""
    parts = parts_of(sample(name))
    listing = parts["xl/workbook.xml"].replace(f'name="{title}"'.encode(), b'name="Sheet9"')
    assert listing != parts["xl/workbook.xml"]
    book = read_workbook(zipped(parts | {"xl/workbook.xml": listing}))
    assert isinstance(book, Book)
    raw = locate(form(name).layout, book)
    assert (raw.findings, raw.left_over) == ([], [])
