"""A layout that is sealed and made again reads and compares as the layout itself."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from tests.layout.edits import form
from xlplan.excel.plate import pour
from xlplan.excel.read import read_workbook
from xlplan.intake.pour import poured
from xlplan.layout.book import Book
from xlplan.layout.issued import as_issued, likest, sealed_of
from xlplan.layout.locate import locate
from xlplan.layout.model import Layout
from xlplan.layout.witnesses import Fixed, fixed_of
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, personal, plate_of
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

MOST_BYTES = 30_000  # of one form in the ledger


def filled(name: str) -> Book:
    made = form(name)
    who = personal(BLANK_SCHOOL, blank_identity(made), b"", "")
    book = read_workbook(pour(plate_of(made, ""), who, poured(made.layout, sample_plans(name)[0])))
    assert isinstance(book, Book)
    return book


def facts(fixed: Fixed) -> dict[str, object]:
    """All that reading goes by, in an order of its own."""
    found = {one.name: getattr(fixed, one.name) for one in fields(fixed) if one.name != "plan"}
    tagged = [(line.row, line.tag, line.number) for line in fixed.tagged]
    return found | {
        "tagged": tagged,
        "locked": sorted(fixed.locked),
        "computed": sorted(fixed.computed),
        "lines": [line.row for line in fixed.plan.lines],
        "inputs in order": [item.path for item in fixed.plan.inputs],
    }


def reworded(layout: Layout, old: str, new: str) -> Layout:
    """The layout with another text wherever this one is printed."""
    return replace(
        layout,
        sheets=tuple(
            replace(
                plan, puts=tuple(replace(put, value=new) if put.value == old else put for put in plan.puts)
            )
            for plan in layout.sheets
        ),
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_that_reading_goes_by_is_sealed(name: str) -> None:
    layout = form(name).layout
    sealed = sealed_of(layout)
    again = as_issued(layout, sealed)
    assert again.names == layout.names and again.inputs.keys() == layout.inputs.keys()
    for plan in layout.sheets:
        assert facts(fixed_of(again.sheet(plan.key))) == facts(fixed_of(plan)), plan.key
    assert sealed_of(again) == sealed
    assert len(sealed) < MOST_BYTES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_copy_is_read_alike_by_either(name: str) -> None:
    layout, book = form(name).layout, filled(name)
    again = as_issued(layout, sealed_of(layout))
    assert locate(again, book) == locate(layout, book)
    assert locate(again, book).untouched == {plan.key for plan in layout.sheets if plan.inputs}


def test_every_text_counts() -> None:
    """One other letter anywhere that is not a link, a formula or a program's own sheet makes another seal."""
    layout = form("sfss").layout
    sealed = sealed_of(layout)
    texts = {
        text
        for plan in layout.sheets
        for text in fixed_of(plan).texts
        if plan.key not in ("live", "meta") and any(put.value == text for put in plan.puts)
    }
    assert len(texts) > 100
    for text in sorted(texts)[::10]:
        assert sealed_of(reworded(layout, text, f"{text}!")) != sealed, text


def test_of_several_wordings_the_one_that_is_shown_is_taken() -> None:
    """Whichever was first, and though one has nothing that the other lacks."""
    layout, book = form("sfss").layout, filled("sfss")
    some = fixed_of(layout.sheet("pl")).texts
    old = next(put.value for put in layout.sheet("pl").puts if put.value in some and put.style == "guide")
    assert isinstance(old, str)
    other, less = reworded(layout, old, "Who signs."), reworded(layout, old, "")
    for wordings in ([layout, other, less], [less, other, layout], [other, layout]):
        assert likest(wordings, book) is layout
