"""The seal shows what was changed of what is locked, and nothing that a program changes by saving."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.layout.edits import form
from tests.specimens.edits import by_openpyxl
from xlplan.excel.plate import pour, stamp
from xlplan.findings import Finding
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.layout.seal import named
from xlplan.pipeline.account import account
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES


@cache
def filled(name: str = "sfss", number: int = 1) -> bytes:
    made = form(name)
    who = personal(BLANK_SCHOOL, blank_identity(made), b"", "")
    return pour(plate_of(made, ""), who, poured(made.layout, sample_plans(name)[number]))


def found(content: bytes) -> list[Finding]:
    """What checking says beyond what the untouched copy earns."""
    usual = {(item.code, item.cell) for item in check_file(filled(), "x", Context()).checked.findings}
    told = check_file(content, "x", Context()).checked.findings
    return [item for item in told if (item.code, item.cell) not in usual]


def changed(change: Any) -> list[Finding]:
    return found(by_openpyxl(filled(), change))


def test_an_overtyped_text_is_told_with_what_it_was() -> None:
    def change(book: Any) -> None:
        book["Resources"]["G4"] = "Reallocated"

    (item,) = changed(change)
    assert (item.code, item.sheet, item.cell, item.found) == (
        "label-changed",
        "Resources",
        "G4",
        "Reallocated",
    )
    assert item.message == "A locked text was changed: it was “Reallocation? (yes/no)”, it is “Reallocated”."


def test_texts_are_compared_where_they_stand_now() -> None:
    """A row put in above moves texts and answers; only the row is told of."""
    assert {item.code for item in changed(lambda book: book["Roles"].insert_rows(4))} <= {
        "moved",
        "validation-gone",
    }


@pytest.mark.parametrize(
    "said", ["Reallocation?  (yes/no) ", "Reallocation? (yes/no)\r\n", "Reallocation?\n(yes/no)"]
)
def test_blanks_and_line_ends_are_no_change(said: str) -> None:
    def change(book: Any) -> None:
        book["Resources"]["G4"] = said

    assert changed(change) == []


def test_a_sheet_pasted_over_gives_a_handful_of_lines() -> None:
    """And every text that was pasted is left over, or quoted."""

    def change(book: Any) -> None:
        for row in range(4, 30):
            for column in range(1, 8):
                book["Challenge 1"].cell(row, column).value = f"pasted {row}.{column}"

    told = [
        item for item in changed(change) if item.code in ("label-changed", "stray", "contradiction", "moved")
    ]
    assert 2 <= len(told) <= 6


def test_a_choice_that_is_another_and_names_that_lead_nowhere() -> None:
    def change(book: Any) -> None:
        book["Lists"]["A2"] = "Never"
        book.defined_names["list_tick"].attr_text = "#REF!"

    told = changed(change)
    assert [item.code for item in told] == ["list-changed", "list-changed"]
    assert {"“No” is now “Never”" in item.message or "list_tick" in item.message for item in told} == {True}


def test_a_rule_with_a_list_of_its_own_is_told() -> None:
    def change(book: Any) -> None:
        rules = book["Resources"].data_validations.dataValidation
        next(rule for rule in rules if rule.type == "list").formula1 = '"Yes,No,Maybe"'

    (item,) = changed(change)
    assert (item.code, item.sheet) == ("list-changed", "Resources")
    assert "G5:G12" in item.message


def test_rules_that_are_gone_are_named_by_their_cells() -> None:
    def change(book: Any) -> None:
        rules = book["Resources"].data_validations.dataValidation
        book["Resources"].data_validations.dataValidation = [
            rule for rule in rules if "E5" not in str(rule.sqref)
        ]

    (item,) = changed(change)
    assert (item.code, item.sheet, item.facts["cells"]) == ("validation-gone", "Resources", "E5:E12")


def test_rules_that_are_gone_everywhere_are_told_once() -> None:
    def change(book: Any) -> None:
        for sheet in book.worksheets:
            sheet.data_validations.dataValidation = []

    assert [item.facts["cells"] for item in changed(change)] == ["all boxes of all sheets"]


def test_split_rules_are_no_change() -> None:
    def change(book: Any) -> None:
        for rule in book["Resources"].data_validations.dataValidation:
            areas = [f"{cell}" for area in rule.sqref.ranges for row in area.rows for cell in _addresses(row)]
            rule.sqref = openpyxl.worksheet.cell_range.MultiCellRange(" ".join(areas))

    assert changed(change) == []


def _addresses(row: Any) -> list[str]:
    return [f"{openpyxl.utils.get_column_letter(column)}{number}" for number, column in row]


def test_merged_boxes_are_named() -> None:
    told = changed(lambda book: book["Resources"].merge_cells("D5:D6"))
    assert ("merged", "Resources", "D5") in [(item.code, item.sheet, item.cell) for item in told]


def test_a_sheet_of_another_school_s_copy_is_refused() -> None:
    """Its form line names another school: whose answers stand on it nobody knows."""

    def change(book: Any) -> None:
        line = next(
            cell for row in book["Roles"].iter_rows(max_row=2) for cell in row if "·" in str(cell.value)
        )
        line.value = line.value.replace(BLANK_SCHOOL.key, "530825001379")

    (item,) = changed(change)
    assert (item.code, item.severity) == ("identity-conflict", "refusal")
    assert "530825001379" in item.message


def test_header_facts_that_are_others_are_told() -> None:
    def change(book: Any) -> None:
        book["Plan"]["E7"] = "530825001379"

    (item,) = changed(change)
    assert (item.code, item.sheet, item.cell, item.facts["was"]) == (
        "label-changed",
        "Plan",
        "E7",
        BLANK_SCHOOL.key,
    )


def test_which_identity_is_gone_is_named() -> None:
    def change(book: Any) -> None:
        for row in book["Meta"].iter_rows():
            for cell in row:
                if str(cell.value).startswith("XLPLAN1"):
                    cell.value = str(cell.value)[:20]

    (item,) = changed(change)
    assert (item.code, item.facts["gone"]) == ("identity-weak", "the hidden sheet Meta")


def test_a_form_that_is_not_at_hand_is_not_compared() -> None:
    """Texts and lists as issued are not known: nothing is said of them, but that."""
    other = form_of("sfss", FormFacts(title="Another"))
    who = personal(BLANK_SCHOOL, blank_identity(other), b"", "")
    content = by_openpyxl(
        stamp(plate_of(form("sfss"), ""), who), lambda book: book["Resources"].__setitem__("G4", "?")
    )
    codes = {item.code for item in check_file(content, "x", Context()).checked.findings}
    assert "seal-unchecked" in codes
    assert "label-changed" not in codes


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("blank", [True, False])
def test_opened_and_saved_by_openpyxl_earns_nothing(name: str, blank: bool) -> None:
    made = form(name)
    content = (
        stamp(plate_of(made, ""), personal(BLANK_SCHOOL, blank_identity(made), b"", ""))
        if blank
        else filled(name, 0)
    )
    before = [item.code for item in check_file(content, "x", Context()).checked.findings]
    out = BytesIO()
    openpyxl.load_workbook(BytesIO(content)).save(out)
    assert [item.code for item in check_file(out.getvalue(), "x", Context()).checked.findings] == before


def test_cells_are_named_as_ranges() -> None:
    places = [(row, column) for row in range(5, 9) for column in (4, 5)] + [(11, 7), (5, 7)]
    assert named(places) == "D5:E8, G5, G11"
    assert named([(row, 4) for row in range(1, 60, 2)], most=3) == "D1, D3, D5 and 27 more"


def test_an_account_tells_what_was_done_and_made_of_it() -> None:
    def change(book: Any) -> None:
        book["Roles"].title = "Who\u202edoes what"
        book["Resources"].insert_rows(4)
        book["Monitoring"]["A1"] = "Ours"

    made = account(by_openpyxl(filled(), change), "x.xlsx", Context())
    said = "\n".join(made.lines)
    assert 8 <= len(made.lines) <= 12
    for wanted in (
        "Sheets renamed: “Roles”",
        "stand elsewhere on “Resources”",
        "texts changed on “Monitoring”",
    ):
        assert wanted in said
    assert "answers were read" in said
    assert "\u202e" not in said
    assert not [item.code for item in made.checked.findings if item.code in said]


def test_an_account_of_a_refused_file_says_why() -> None:
    made = account(b"%PDF-1.7 a printed plan", "x.xlsx", Context())
    assert made.checked.outcome == "refused"
    assert made.lines[0].startswith("It was not read. ")
