"""The figures of a rollup as LibreOffice computes them from the data sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup import mixed
from tests.rollup.books import book
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import table_named
from xlplan.rollup.measures import formula, value, words
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.standard import COSTS, FIGURES
from xlplan.rollup.workbook import write_workbook

from .libreoffice import LibreOffice
from .test_recalculation import same

ODD = (
    "Title*",
    "<5",
    "=5",
    "1e3",
    "00012",
    "12",
    "?",
    "~",
    '"',
    "true",
    ">",
    "a" * 300,
    "’n",
    " x",
    "1/2",
    "12:30",
)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    """Of the mixed campaign, with funding sources that spreadsheet programs read as something else."""
    with mixed.deck(mixed.campaign(tmp_path_factory.mktemp("mixed") / "autumn")) as found:
        table = table_named("money")
        lines = [
            {"role": "Cost", "item": "x", "amount": 100 + at, "source": text, "source_key": text}
            for at, text in enumerate(ODD)
        ]
        found.store.add(table, 1, lines)
        yield found


@pytest.mark.parametrize("limit", [1_048_575, 20])
def test_libreoffice_computes_the_same(
    libreoffice: LibreOffice, deck: Deck, tmp_path: Path, limit: int
) -> None:
    """Every standard figure, by school, and by sources that look like a condition, a number or a wildcard.

    With a limit of 20 rows a sheet, tables stand on several sheets and the figures add them up.
    """
    path = tmp_path / "figures.xlsx"
    regions = regions_of(deck.store, limit)
    asked = [*FIGURES]
    asked += [COSTS.where_also("source", text) for text in dict.fromkeys(ODD)]
    asked += [COSTS.where_also("plan", plan) for plan in (1, 2, 3)]
    asked += [figure.where_also("plan", 2, at="$D$1") for figure in FIGURES if figure.table != "plans"]
    made = replace(deck, out=path, regions=regions)
    book = Book(str(path), footer="Figures", as_of=deck.as_of, folder=deck.store.folder)
    page = book.page("Figures", [40, 20, 5, 5])
    page.put(0, 3, 2)
    for at, measure in enumerate(asked):
        page.put(at, 0, words(measure))
        page.put(at, 1, made.figure(measure))
    write_data(book, made, regions)
    book.file.close()
    assert OpenXmlValidator().validate(path).is_valid
    told = openpyxl.load_workbook(path, data_only=True)["Figures"]
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    wrong = []
    for at, measure in enumerate(asked, start=1):
        known = value(deck.store, measure)
        assert told.cell(at, 2).value == pytest.approx(float(known))
        if formula(measure, regions):
            found = computed["Figures", f"B{at}"].value
            if abs(float(found or 0) - float(known)) > 1e-6:
                wrong.append((words(measure)[:80], known, found))
    assert not wrong


def test_the_whole_summary_is_computed_as_it_was_written(
    libreoffice: LibreOffice, deck: Deck, tmp_path: Path
) -> None:
    """Every formula of every sheet, over five templates and two districts; links show their cell."""
    path = tmp_path / "summary.xlsx"
    write_workbook(deck, path)
    assert OpenXmlValidator().validate(path).is_valid
    formulas, told = book(path, values=False), book(path)
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    wrong, checked = [], 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                known = told[sheet.title][cell.coordinate].value
                found = computed.get((sheet.title, cell.coordinate))
                checked += 1
                if found is None or not same(known, found.value):
                    wrong.append((sheet.title, cell.coordinate, cell.value, known, found and found.value))
    assert checked > 1_000
    assert not wrong, wrong[:10]
