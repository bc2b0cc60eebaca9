"""Districts and regions side by side, as LibreOffice computes them from the data sheets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.rollup import mixed
from xlplan.rollup.book import Book
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.sheets.levels import SHEET

from .libreoffice import LibreOffice


def test_libreoffice_computes_the_same_for_every_unit(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Regions with names that spreadsheet programs read as conditions, one district in two, schools without one."""
    path = tmp_path / "levels.xlsx"
    with mixed.deck(mixed.campaign(tmp_path / "autumn")) as deck:
        deck.store.database.execute("UPDATE plans SET region = 'West*' WHERE plan % 3 = 0")
        deck.store.database.execute("UPDATE plans SET region = '<5' WHERE plan % 3 = 1")
        regions = regions_of(deck.store)
        made = replace(deck, out=path, regions=regions, by="all")
        book = Book(str(path), footer="Levels", as_of=deck.as_of, folder=deck.store.folder)
        book.page("Summary", [20])
        SHEET.write(book, made)
        write_data(book, made, regions)
        book.file.close()
    told = openpyxl.load_workbook(path, data_only=True)[SHEET.name]
    formulas = openpyxl.load_workbook(path)[SHEET.name]
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    asked = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(asked) >= 13 * (1 + 3 + 5)
    for cell in asked:
        known = told[cell.coordinate].value
        found = computed[SHEET.name, cell.coordinate].value
        if isinstance(known, str):
            assert found == known
        else:
            assert float(found or 0) == pytest.approx(float(known)), (cell.coordinate, cell.value)
