"""Correction copies: the school's own answers in a fresh copy, and everything that was found in them."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.specimens.edits import text
from tests.specimens.ills import first_cells, holding, illnesses
from xlplan.catalogue import PUT_RIGHT
from xlplan.excel.correct import validations_xml
from xlplan.excel.read import read_workbook
from xlplan.excel.rules import rule_for
from xlplan.excel.write import write
from xlplan.findings import Severity
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book, Cell
from xlplan.layout.leftover import BOX, FIRST_LINE
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

from .corrections import answer, asked, blank, checked, checked_book, sample

NAMES = sorted(TEMPLATES)


def book_of(content: bytes) -> Book:
    book = read_workbook(content)
    assert isinstance(book, Book)
    return book


def with_cells(book: Book, title: str, cells: dict[tuple[int, int], Cell]) -> Book:
    """The workbook with these cells on one sheet."""
    return replace(
        book,
        sheets=tuple(
            replace(sheet, cells={**sheet.cells, **cells}) if sheet.name == title else sheet
            for sheet in book.sheets
        ),
    )


def spoiled(name: str, seed: int) -> Book:
    """A filled copy with some answers wrong in ways that leave them readable, and texts beside the form."""
    chance, form = random.Random(f"{name} {seed}"), form_of(name, FormFacts())
    book = book_of(sample(name, seed % 3))
    items = [item for _, item in form.layout.inputs.values() if not item.locked]
    for item in chance.sample(items, chance.randint(1, 12)):
        ills = [
            cell
            for code, cell in illnesses(item.field, plain=not item.name)
            if not cell.error and not cell.formula
        ]
        if ills:
            book = holding(book, form.layout, item.path, chance.choice(ills))
    for plan in chance.sample([plan for plan in form.layout.sheets if plan.inputs], chance.randint(0, 2)):
        place = (chance.randint(4, plan.last_row), len(plan.widths) + chance.randint(1, 3))
        book = with_cells(book, plan.title, {place: Cell(chance.choice(("=1+1", "a remark", "  x  ", 12.5)))})
    return book


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_returned_unchanged_it_earns_the_same(name: str, seed: int) -> None:
    """Errors, warnings and advice about answers come again, nothing else; what the copy put right is gone."""
    first = checked_book(spoiled(name, seed))
    if first.returned is None:
        return
    again = checked(answer(name, first.returned))
    if any(item.code == "contradiction" for item in first.checked.findings):
        return  # boxes of which nobody could tell what belongs to them come back empty, and are asked for
    assert asked(again.checked.findings) == asked(first.checked.findings)
    strays = [item for item in again.checked.findings if item.code == "stray" and item.path is None]
    assert len(strays) == len([one for one in first.returned.left_over if one.code != "label-changed"])
    assert not [
        item
        for item in again.checked.findings
        if item.code in PUT_RIGHT and item.severity is not Severity.NOTE
    ]
    assert again.checked.plan == first.checked.plan


@pytest.mark.parametrize("name", NAMES)
def test_errors_and_lost_results_come_back_empty_and_are_quoted(name: str) -> None:
    """Nothing stands in such a cell, and To fix says what stood there."""
    form, book = form_of(name, FormFacts()), book_of(sample(name))
    one, other, *_ = [item for item in first_cells(form.layout).values() if item.field.required]
    book = holding(book, form.layout, one.path, Cell(None, error="#REF!"))
    book = holding(book, form.layout, other.path, Cell(None, formula="1+1"))
    first = checked_book(book)
    assert first.returned is not None
    content = answer(name, first.returned)
    made = load_workbook(BytesIO(content))
    for item in (one, other):
        sheet = form.layout.inputs[item.path][0]
        assert made[sheet.title].cell(item.row, item.column).value is None
    said = [str(cell.value) for row in made["To fix"].iter_rows() for cell in row if cell.value]
    assert any("“#REF!”" in line for line in said) and any("result was not saved" in line for line in said)


def test_it_opens_on_to_fix_and_its_sheets_stand_in_order() -> None:
    """Start, To fix, the plan's sheets, Left over; the hidden ones last."""
    book = load_workbook(BytesIO(answer_to_strays()))
    titles = book.sheetnames
    assert book.active is not None and book.active.title == "To fix"
    assert titles[:2] == ["Start", "To fix"] and titles[-4:] == ["Left over", "Lists", "Live", "Meta"]
    without = answer("sfss", checked_book(spoiled_choice()).returned)  # type: ignore[arg-type]  # it has an error
    assert "Left over" not in load_workbook(BytesIO(without)).sheetnames


def spoiled_choice() -> Book:
    form = form_of("sfss", FormFacts())
    return book_of(text(sample("sfss"), form.layout, "challenges[0].strategies[0].steps[0].due", "TBD"))


def answer_to_strays() -> bytes:
    book = with_cells(
        book_of(sample("sfss")), "Challenge 1",
        {(40, 14): Cell("=cmd|' /C calc'!A0"), (41, 14): Cell("x" * 40_000), (42, 14): Cell(12.5)},
    )  # fmt: skip
    first = checked_book(book)
    assert first.returned is not None
    return answer("sfss", first.returned)


def test_what_fits_nowhere_is_kept_verbatim_and_asked_for_until_answered() -> None:
    """Every line is a stray until its box says Yes; then it earns nothing."""
    content = answer_to_strays()
    sheet = next(sheet for sheet in book_of(content).sheets if sheet.name == "Left over")
    kept = [sheet.cells[row, 4].value for row in range(FIRST_LINE, FIRST_LINE + 4)]
    assert (
        kept[0] == "=cmd|' /C calc'!A0" and str(kept[1]) + str(kept[2]) == "x" * 40_000 and kept[3] == "12.5"
    )
    again = checked(content).checked.findings
    assert [item.code for item in again if item.severity is Severity.ERROR] == ["stray"] * 4
    yes = {(row, BOX): Cell("Yes") for row in range(FIRST_LINE, FIRST_LINE + 4)}
    answered = checked_book(with_cells(book_of(content), "Left over", yes))
    assert answered.checked.outcome == "accepted" and "stray" not in {
        item.code for item in answered.checked.findings
    }


def test_lines_that_nobody_answered_come_back_with_the_next_copy() -> None:
    """Verbatim, and with the place where they first stood."""
    first = checked(answer_to_strays())
    assert first.returned is not None
    second = next(
        sheet for sheet in book_of(answer("sfss", first.returned)).sheets if sheet.name == "Left over"
    )
    assert second.cells[FIRST_LINE, 4].value == "=cmd|' /C calc'!A0"
    assert second.cells[FIRST_LINE, 5].value == "Challenge 1, N40"


def test_a_copy_without_its_sheet_left_over_is_told() -> None:
    """What stood there would be lost unseen."""
    book = book_of(answer_to_strays())
    found = checked_book(replace(book, sheets=tuple(one for one in book.sheets if one.name != "Left over")))
    assert [item.code for item in found.checked.findings if item.code == "section-missing"] == [
        "section-missing"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_rules_that_no_finding_touches_are_the_blanks(name: str) -> None:
    """Our own XML of a sheet's rules says what openpyxl's does."""
    layout = form_of(name, FormFacts()).layout
    written = load_workbook(BytesIO(write(layout)))
    for plan in layout.sheets:
        rules = {item.path: rule_for(item, layout.spec.facts) for item in plan.inputs if not item.locked}
        if rules:
            ours = rules_in(f"<x>{validations_xml(plan, rules, {})}</x>")
            theirs = [
                {
                    key: value
                    for key, value in {
                        **{name: str(getattr(rule, name) or "") for name in _TEXTS}, "sqref": str(rule.sqref),
                    }.items()
                    if value
                }
                for rule in written[plan.title].data_validations.dataValidation
            ]  # fmt: skip
            assert sorted(map(comparable, ours)) == sorted(map(comparable, theirs))


_TEXTS = ("type", "operator", "formula1", "formula2", "error", "errorTitle", "prompt", "promptTitle")


def comparable(rule: dict[str, str]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        sorted(
            (key, tuple(sorted(value.split())) if key == "sqref" else value) for key, value in rule.items()
        )
    )


def rules_in(xml: str) -> list[dict[str, str]]:
    from xml.etree import ElementTree

    found = []
    for rule in ElementTree.fromstring(xml).iter("dataValidation"):
        said = {key: value for key, value in rule.attrib.items() if key in _TEXTS or key == "sqref"}
        found.append(said | {child.tag: child.text or "" for child in rule})
    return found


def test_a_marked_box_has_the_finding_as_its_message_and_keeps_its_rule() -> None:
    """The message says what was found and what to do; what may be typed stays as it was."""
    first = checked_book(spoiled_choice())
    assert first.returned is not None
    sheet = load_workbook(BytesIO(answer("sfss", first.returned)))["Challenge 1"]
    form = form_of("sfss", FormFacts())
    item = form.layout.inputs["challenges[0].strategies[0].steps[0].due"][1]
    cell = sheet.cell(item.row, item.column)
    [rule] = [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
    assert rule.promptTitle == "To fix 1" and "“TBD”" in rule.prompt and rule.type == "date"
    assert cell.border.left.style == "medium" and not cell.protection.locked
    assert str(sheet.cell(item.row, 2).value).startswith("=IF(")


def test_same_return_same_bytes() -> None:
    """A correction copy can be written again as it was."""
    first = checked_book(spoiled_choice())
    assert first.returned is not None
    assert answer("sfss", first.returned) == answer("sfss", first.returned)


def test_a_blank_return_gets_an_empty_copy() -> None:
    """With one thing to fix."""
    first = checked(blank("sfss"))
    assert first.returned is not None and first.checked.outcome == "rejected"
    again = checked(answer("sfss", first.returned))
    assert [item.code for item in again.checked.findings if item.severity is Severity.ERROR] == ["blank"]
