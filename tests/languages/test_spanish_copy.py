"""A Spanish copy of sfss: all of it Spanish, read as the English one is, and answered in Spanish."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.languages import copies
from tests.languages.english import english_in, texts_of
from xlplan.excel.plate import stamp
from xlplan.findings import said
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.intake.dates import read_day
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.returned import typed_again

_OURS = re.compile(r'^\{"|XLPLAN1\.|^(identity|template|version|layout|facts|sfss|start|year)$')


def english_texts(content: bytes) -> set[str]:
    """The texts of a workbook that hold English words; what the sheet for programs says is for programs."""
    return {text for _, text in texts_of(content) if english_in(text) and not _OURS.search(text)}


def test_no_text_of_a_fresh_copy_is_english() -> None:
    """Cells, formulas, messages, footers, lists."""
    assert len(set(texts_of(copies.blank()))) > 300
    assert english_texts(copies.blank()) == set()
    assert len(english_texts(copies.blank("")) - english_texts(copies.blank())) > 200


@pytest.mark.parametrize("round_", [CARRIED, STATUS_ROUND])
def test_no_text_of_a_later_round_is_english(round_: str) -> None:
    """What rounds add to a form is spoken too."""
    form = form_of("sfss", FormFacts(language="es", round=round_))
    who = personal(copies.SCHOOL, blank_identity(form), b"", "", "es")
    assert english_texts(stamp(plate_of(form, ""), who)) == set()


def test_no_text_of_a_correction_copy_is_english() -> None:
    """To fix, Left over, words in Check, messages of marked cells."""
    result = copies.checked(copies.faulty())
    codes = {item.code for item in result.checked.findings}
    assert codes >= {
        "missing", "type", "choice", "range", "too-long", "date-outside-window", "stray", "extra-sheet",
        "sheet-renamed", "label-changed", "owner-not-one-person", "no-evidence-number",
        "priority-uncovered",
    }  # fmt: skip
    content = copies.answered(result)
    assert {"Corregir", "Sin lugar", "Inicio"} <= {text for kind, text in texts_of(content) if kind == "tab"}
    assert english_texts(content) == set()


def test_the_correction_copy_reads_without_a_new_finding() -> None:
    """It holds what came back, in Spanish words; what cannot be put right is found again, nothing else."""
    result = copies.checked(copies.faulty())
    again = copies.checked(copies.answered(result))
    assert again.checked.outcome == "rejected"
    codes = {item.code for item in again.checked.findings}
    assert not codes & {"label-changed", "list-changed", "moved", "contradiction", "sheet-renamed", "formula"}
    assert again.checked.plan == result.checked.plan


def test_plans_are_alike_in_both_languages() -> None:
    """Choices, yes and no and ticks are read as the canonical ones; a filled copy holds the Spanish words."""
    spanish, english = copies.checked(copies.filled()), copies.checked(copies.filled(""))
    assert spanish.checked.outcome == english.checked.outcome == "accepted"
    assert spanish.checked.plan == english.checked.plan
    assert spanish.values_hash == english.values_hash
    texts = {text for _, text in texts_of(copies.filled())}
    assert {"Sí", "No", "dirección de la escuela"} <= texts and "principal" not in texts


def test_a_filled_copy_is_read_back() -> None:
    """read(fill(p)) == p, and pouring once more changes nothing."""
    plan = copies.checked(copies.filled()).checked.plan
    assert plan is not None
    again, refused = fill_bytes(copies.blank(), plan, "copia.xlsx")
    assert refused is None and copies.checked(again).checked.plan == plan


@pytest.mark.parametrize("language", ["es", ""])
def test_a_copy_without_its_hidden_sheets_is_read_in_its_language(language: str) -> None:
    """What it speaks is told by the names of its sheets, also without a campaign."""
    book = load_workbook(BytesIO(copies.filled(language)))
    for name in [sheet.title for sheet in book if sheet.sheet_state != "visible"]:
        del book[name]
    content = BytesIO()
    book.save(content)
    found = copies.checked(content.getvalue()).checked
    assert found.plan == copies.checked(copies.filled(language)).checked.plan
    assert not [item for item in found.findings if item.code in ("contradiction", "section-missing")]


@pytest.mark.parametrize(
    ("typed", "role"),
    [("junta escolar", "board"), ("board", "board"), ("Junta  Escolar", "board"), ("Otra", "other")],
)  # fmt: skip
def test_choices_are_taken_in_both_languages(typed: str, role: str) -> None:
    """The copy's own words, the canonical ones, and either with other case and blanks."""
    plan = {**copies.PLAN, "signoffs": [{"role": typed, "name": "Ana Ruiz", "signed_on": "2026-11-18"}]}
    content, _ = fill_bytes(copies.blank(), plan, "copia.xlsx")
    found = copies.checked(content).checked.plan
    assert found is not None and found["signoffs"][0]["role"] == role


def test_no_finding_of_a_fresh_copy_says_that_it_was_changed() -> None:
    """A copy as it went out reads as nothing but blank."""
    found = copies.checked(copies.blank()).checked.findings
    assert [item.code for item in found if item.code != "identity-unverified"] == ["blank"]


def test_values_typed_again_are_the_same_values() -> None:
    """What a correction copy holds is read in its own language."""
    raw = typed_again(copies.form().layout, {"signoffs[0].role": "board", "resources[0].reallocation": True})
    assert {path: value.cell.value for path, value in raw.values.items()} == {
        "signoffs[0].role": "junta escolar",
        "resources[0].reallocation": "Sí",
    }


@pytest.mark.parametrize(
    "typed",
    ["15 de octubre de 2026", "15 octubre 2026", "el 15 de octubre de 2026", "jueves, 15 de octubre de 2026",
     "15 de oct. de 2026", "octubre 15, 2026", "15-oct-2026", "10/15/2026", "15 de octubre del 2026"],
)  # fmt: skip
def test_spanish_dates(typed: str) -> None:
    """Months in Spanish; the order of numbers stays the one of the United States."""
    assert read_day(typed, date(2026, 9, 1), date(2027, 6, 30)).day == date(2026, 10, 15)


def test_numbers_keep_the_order_of_the_united_states() -> None:
    assert read_day("5/6/2027", date(2026, 9, 1), date(2027, 6, 30)).day == date(2027, 5, 6)
    assert read_day("1.º de mayo de 2027", date(2026, 9, 1), date(2027, 6, 30)).day == date(2027, 5, 1)
    assert read_day("15 de octubre", date(2026, 9, 1), date(2027, 6, 30)).suggestion == date(2026, 10, 15)


def test_the_coordinator_reads_english() -> None:
    """A finding itself stays English; only what the school gets is Spanish."""
    found = {item.code: item for item in copies.checked(copies.faulty()).checked.findings}
    late = found["date-outside-window"]
    assert late.message.endswith("is after the last plan date, June 30, 2027.")
    assert said(late, "") == (late.message, late.remedy)
    assert said(late, "es") == (
        "“15 oct 2062” es después del último día del plan, el 30 de junio de 2027.",
        "Escriba una fecha del 1 de septiembre de 2026 al 30 de junio de 2027. ¿Quiso decir 15 oct 2026?",
    )


def test_the_blank_school_is_for_tests_alone() -> None:
    """The school of the copies above has a Spanish name, so that no name is taken for a text left over."""
    assert english_in(copies.SCHOOL.school + copies.SCHOOL.district) == []
    assert english_in(BLANK_SCHOOL.district) != []
