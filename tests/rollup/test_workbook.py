"""The whole workbook, of five templates in one campaign: its sheets, its tables, its files, its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup import mixed
from tests.rollup.books import book, rows
from xlplan.campaign import Campaign
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import TABLES
from xlplan.rollup.workbook import left_out, sheets, write_workbook


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return mixed.campaign(tmp_path_factory.mktemp("mixed") / "autumn")


@pytest.fixture(scope="module")
def deck(campaign: Campaign) -> Iterator[Deck]:
    with mixed.deck(campaign) as found:
        yield found


@pytest.fixture(scope="module")
def path(deck: Deck, campaign: Campaign) -> Path:
    file = campaign.reports / "summary.xlsx"
    write_workbook(deck, file)
    return file


def test_sheets_stand_in_their_order_and_what_is_left_out_is_named(path: Path, deck: Deck) -> None:
    found = book(path).sheetnames
    told = [sheet.name for sheet in sheets() if sheet.has(deck)]
    data = [f"Data {table.title.lower()}" for table in TABLES if deck.store.count(table)]
    assert found[0] == "Summary"
    assert [name for name in found if name in told] == told
    assert [name for name in found if name in data] == data
    assert found[-2:] == ["Dictionary", "Method"]
    said = " ".join(str(value) for row in rows(path, "Method") for value in row if value)
    assert all(name in said for name in left_out(deck))


def test_it_passes_the_schema_and_repair_rules(path: Path) -> None:
    assert OpenXmlValidator().validate(path).is_valid


def test_equal_decks_give_equal_files(path: Path, deck: Deck) -> None:
    """Beside each other, so that their links are the same."""
    other = path.with_name("again.xlsx")
    write_workbook(deck, other)
    assert other.read_bytes() == path.read_bytes()


def test_nothing_is_locked_and_every_page_is_set_up_for_letter(path: Path) -> None:
    for sheet in book(path):
        assert not sheet.protection.sheet
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.paperSize) == 1
        assert "Page &P of &N" in str(sheet.oddFooter.right.text)


def test_every_sheet_before_the_data_says_in_a2_what_it_found(path: Path) -> None:
    """A sentence, computed; and a title."""
    for sheet in book(path):
        if not sheet.title.startswith("Data "):
            assert sheet["A1"].value and str(sheet["A2"].value).rstrip().endswith("."), sheet.title


def test_links_open_the_returned_file_at_its_cell(path: Path, campaign: Campaign) -> None:
    """Relative to the workbook, so that they work while the folder lies beside it."""
    sheet = book(path, values=False)["Data causes"]
    heads = [cell.value for cell in sheet[1]]
    file, name, cell, link = (
        sheet.cell(2, heads.index(head) + 1) for head in ("File", "Sheet", "Cell", "Cell")
    )
    prefix, rest = link.value.removeprefix('=HYPERLINK("').split('"&', 1)
    assert rest.startswith(f"{file.coordinate}&"), "of its own row, however the table is sorted"
    there = path.parent / f"{prefix}{file.value}"
    assert there.is_file() and there.resolve() == (campaign.root / file.value).resolve()
    assert f"#'{name.value}'!" in rest and name.value in book(there).sheetnames
    assert rest.endswith(f'"{book(path)["Data causes"][cell.coordinate].value}")')


def test_a_table_past_the_limit_of_a_sheet_goes_on_on_another(deck: Deck, tmp_path: Path) -> None:
    file = tmp_path / "split.xlsx"
    write_workbook(deck, file, rows=40)
    found = book(file)
    parts = [name for name in found.sheetnames if name.startswith("Data activities")]
    count = int(deck.store.one("SELECT count(*) FROM activities"))
    assert len(parts) == -(-count // 40) > 1
    assert sum(found[name].max_row - 1 for name in parts) == count
    assert OpenXmlValidator().validate(file).is_valid
    said = " ".join(str(value) for row in rows(file, "Dictionary") for value in row if value)
    assert parts[-1] in said


def test_the_private_file_is_gone(campaign: Campaign) -> None:
    with mixed.deck(campaign) as found:
        folder = found.store.folder
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
