"""Correction copies in a real LibreOffice: what they say is what it computes, and goes as cells are corrected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.corrections import answer, asked, checked, checked_book, sample
from tests.pipeline.test_correct import spoiled
from tests.specimens.edits import put, text
from xlplan.excel.read import read_workbook
from xlplan.findings import Severity
from xlplan.form.expressions import column_letters
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book
from xlplan.layout.leftover import BOX, FIRST_LINE
from xlplan.layout.tofix import STATE
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

from .libreoffice import LibreOffice
from .test_recalculation import formulas, same

DUE, COST = "challenges[0].strategies[0].steps[0].due", "resources[0].cost"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_cached_values_are_the_computed_ones(libreoffice: LibreOffice, tmp_path: Path, name: str) -> None:
    """Every formula of a correction copy, with its words in Check, its states and the last column of To fix."""
    first = next(
        made for seed in range(20) if (made := checked_book(spoiled(name, seed))).returned is not None
    )
    assert first.returned is not None
    path = tmp_path / "fix.xlsx"
    path.write_bytes(answer(name, first.returned))
    cached = formulas(path.read_bytes())
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    wrong = [
        (place, value, computed[place].value if place in computed else None)
        for place, value in cached.items()
        if not same(value, computed[place].value if place in computed else None)
    ]
    assert any(sheet == "To fix" for sheet, _ in cached)
    assert not wrong


def cell_of(path: str) -> tuple[str, str]:
    sheet, item = form_of("sfss", FormFacts()).layout.inputs[path]
    return sheet.title, f"{column_letters(item.column)}{item.row}"


def test_a_school_corrects_its_copy(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Typed with real keys: words go cell by cell, and what is returned is accepted."""
    form = form_of("sfss", FormFacts())
    content = put(sample("sfss"), form.layout, "Challenge 1", "N40", "inlineStr", "<is><t>a remark</t></is>")
    book = read_workbook(text(text(content, form.layout, DUE, "TBD"), form.layout, COST, "about 3,200"))
    assert isinstance(book, Book)
    first = checked_book(book)
    assert first.returned is not None
    path, back = tmp_path / "fix.xlsx", tmp_path / "back.xlsx"
    path.write_bytes(answer("sfss", first.returned))
    states = [("To fix", f"{column_letters(STATE)}{row}") for row in range(7, 10)]
    before = libreoffice.run(path, values=states)
    assert [before.value(*place) for place in states] == ["▲ As you sent it"] * 3
    (sheet, due), (other, cost) = cell_of(DUE), cell_of(COST)
    typing = [
        (sheet, due, "10/15/2026"),
        (other, cost, "3200"),
        ("Left over", f"{column_letters(BOX)}{FIRST_LINE}", "Yes"),
    ]
    check = ("Challenge 1", f"B{due[1:]}")
    after = libreoffice.run(path, type=typing, values=[*states, check, ("Start", "B3")], save=[back])
    assert not after.unchanged
    assert [after.value(*place) for place in states] == ["✓ Changed"] * 3
    assert after.value(*check) == "✓ Done"
    found = checked(back.read_bytes())
    assert not [item for item in found.checked.findings if item.severity is Severity.ERROR]
    assert not set(asked(found.checked.findings)) - set(asked(first.checked.findings))
