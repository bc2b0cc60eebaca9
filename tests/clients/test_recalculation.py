"""The values that we cache are those that LibreOffice computes, in fresh and in prefilled copies."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests.languages.copies import answered, checked, faulty
from tests.properties.plans import HOSTILE, Maker
from xlplan.excel.plate import stamp
from xlplan.form.spec import FormFacts
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

from .libreoffice import LibreOffice

PLANS = (
    *((name, None) for name in sorted(TEMPLATES)),
    *((name, density) for name in sorted(TEMPLATES) for density in (0.2, 1.0)),
)


def copy_of(name: str, density: float | None) -> bytes:
    """A fresh copy, or one with a random plan as full as that; wrong kinds and blanks-only cells included."""
    form = form_of(name, FormFacts())
    blank = stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))
    if density is None:
        return blank
    chance = random.Random(f"{name} {density}")  # seeded: the same copies every time
    plan = spoiled(Maker(form.layout.spec, chance, density, ["   ", "one, two, three"]).plan(), chance)
    content, refused = fill_bytes(blank, plan, "blank.xlsx")
    assert refused is None
    return content


def spoiled(value: Any, chance: random.Random) -> Any:
    """The plan with a tenth of its days and amounts as the words that people type."""
    if isinstance(value, dict):
        return {key: spoiled(inner, chance) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner, chance) for inner in value]
    if isinstance(value, str) and value[:2] == "20" and len(value) == 10 and chance.random() < 0.2:
        return chance.choice(("TBD", "Fall 2026", "2019-01-01", "2031-12-31"))
    return value


def formulas(content: bytes) -> dict[tuple[str, str], object]:
    """Every formula cell of a file with its cached value."""
    texts, shown = load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): plain(shown[sheet.title][cell.coordinate].value)
        for sheet in texts
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def plain(value: object) -> object:
    """The value with the format's escapes undone, which openpyxl leaves in formulas' values."""
    return unescape(value) if isinstance(value, str) else value


def same(cached: object, computed: object) -> bool:
    """Texts and numbers alike; an empty text is nothing, a truth is a number to LibreOffice."""
    if isinstance(cached, (int, float)) and isinstance(computed, (int, float)):
        return abs(float(cached) - computed) < 1e-6
    return (cached or "") == (computed or "")


@pytest.mark.parametrize(("name", "density"), PLANS)
def test_cached_values_are_the_computed_ones(
    libreoffice: LibreOffice, tmp_path: Path, name: str, density: float | None
) -> None:
    """Every formula of the file, after a hard recalculation."""
    content = copy_of(name, density)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(content)
    cached = formulas(content)
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    wrong = [
        (place, value, computed[place].value if place in computed else None)
        for place, value in cached.items()
        if not same(value, computed[place].value if place in computed else None)
    ]
    assert len(cached) > 150
    assert not wrong


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_filled_sample_is_done_everywhere(libreoffice: LibreOffice, tmp_path: Path, name: str) -> None:
    """The plans people see in the demonstration say Done, and no formula shows an error."""
    form = form_of(name, FormFacts())
    blank = stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))
    content, _ = fill_bytes(blank, sample_plans(name)[0], "blank.xlsx")
    path = tmp_path / "copy.xlsx"
    path.write_bytes(content)
    result = libreoffice.run(path, recalculate=True, values="all")
    assert not [cell for cell in result.values if cell.type == "error"]
    assert all(
        same(value, result.by_cell()[place].value)
        for place, value in formulas(content).items()
        if place in result.by_cell()
    )


def test_spanish_words_are_computed_alike(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """What a Spanish correction copy says by formulas, accents and all, is what it shows before anybody computes."""
    content = answered(checked(faulty()))
    path = tmp_path / "copia.xlsx"
    path.write_bytes(content)
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    cached = formulas(content)
    assert not [
        (place, value, computed[place].value)
        for place, value in cached.items()
        if place in computed and not same(value, computed[place].value)
    ]
    assert any("Corregir" in str(value) for value in cached.values())


def test_there_is_something_hostile_to_compute() -> None:
    """The plans above hold texts that formulas trip over."""
    assert any("," in text for text in HOSTILE)
    with ZipFile(BytesIO(copy_of("sfss", 1.0))) as parts:
        assert "=SUM(A1:A9)" in parts.read("xl/sharedStrings.xml").decode()
