"""Districts and regions side by side, several campaigns in one summary, and what is fit for publishing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest

from tests.cli.runner import run
from tests.pipeline.loop import begun, returned
from tests.rollup import mixed
from xlplan.campaign import Campaign
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.published import write_published
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.sheets.levels import DISTRICTS, SHEET, units_of
from xlplan.rollup.sheets.naming import school_sql
from xlplan.samples import sample_plans

HEAD = "district_id,district,school_id,school,region"
PALOUSE = (
    "5301000,Colfax & Sons,530100000001,Leonard,East",
    "5301000,Colfax & Sons,530100000002,Hostile <b>,East",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, Campaign]:
    folder = tmp_path_factory.mktemp("levels")
    other = begun(folder / "palouse", "sfss", PALOUSE, head=HEAD)
    returned(other, sample_plans("sfss")[:1])
    return mixed.campaign(folder / "autumn"), other


@pytest.fixture(scope="module")
def deck(made: tuple[Campaign, Campaign]) -> Iterator[Deck]:
    with mixed.deck(made[0]) as found:
        yield found


def rows_of(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def written(deck: Deck, path: Path) -> Path:
    regions = regions_of(deck.store)
    shown = replace(deck, out=path, regions=regions)
    book = Book(str(path), footer="Levels", as_of=deck.as_of, folder=deck.store.folder)
    book.page("Summary", [20])
    SHEET.write(book, shown)
    write_data(book, shown, regions)
    book.file.close()
    return path


def test_the_parts_sum_up_to_the_whole(deck: Deck, tmp_path: Path) -> None:
    """Every column of the districts, but for the share, adds up to the line of all of them."""
    rows = rows_of(written(deck, tmp_path / "levels.xlsx"), SHEET.name)
    heads, whole = rows[2], rows[3]
    units = [row for row in rows[6:] if row[1] is not None and row[0]]
    assert [row[0] for row in units] == ["Mead", "Spokane"]
    for column, head in enumerate(heads):
        if column and head != "Answers in":
            assert sum(row[column] for row in units) == pytest.approx(whole[column]), head  # type: ignore[misc]
    assert any(name in str(rows[1][0]) for name in ("Mead", "Spokane"))


def test_one_district_needs_no_sheet(made: tuple[Campaign, Campaign]) -> None:
    with mixed.deck(made[1]) as found:
        assert not SHEET.has(found)
        assert SHEET.has(replace(found, by="all")) and SHEET.has(replace(found, by="region"))


def test_a_plan_counts_once(made: tuple[Campaign, Campaign], tmp_path: Path) -> None:
    """The same folder, a copy of it, and a school on two rosters are told, and nothing is written."""
    one, other = made
    twin = begun(tmp_path / "twin", "sfss", PALOUSE[:1], head=HEAD)
    copy = copytree(other.root, tmp_path / "copied")
    said = {
        "named twice": (other.root, other.root),
        "same campaign": (other.root, copy),
        "Leonard (530100000001)": (one.root, other.root, twin.root),
    }
    for words, folders in said.items():
        given = [part for folder in folders for part in ("-C", folder)]
        done = run("rollup", *given, "-o", tmp_path / "none.xlsx")
        assert done.code in (2, 4) and words in done.err
    assert not (tmp_path / "none.xlsx").exists()
    assert "did you mean" in run("rollup", "-C", other.root, "--by", "regoin").err.casefold()
    assert "no school on the roster has a region" in run("rollup", "-C", one.root, "--by", "region").err
    assert run("rollup", "-C", other.root, "--min-cell", "2").code == 2


def test_what_is_published_names_no_school(made: tuple[Campaign, Campaign], tmp_path: Path) -> None:
    """No name, no formula, no file, no small count and no words of a plan, whatever part of the file one looks at."""
    out = tmp_path / "public.xlsx"
    day = ("--as-of", mixed.AS_OF.isoformat())
    folders = [part for one in made for part in ("-C", one.root)]
    assert run("rollup", *folders, "--min-cell", 5, "-o", out, *day).code == 0
    book = openpyxl.load_workbook(out)
    texts = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    schools = {line.split(",")[3] for line in (*mixed.LINES, *PALOUSE)}
    for text in texts:
        assert not isinstance(text, int) or text == 0 or text >= 5
        assert not str(text).startswith("=") and not any(name in str(text) for name in schools)
    plans = rows_of(out, "Plans")
    assert [row[0] for row in plans[3:] if row[0]] == ["Colfax & Sons", "Mead", "Spokane", "All"]
    assert "<5" in {cell for row in plans for cell in row}
    assert not any("Data" in name for name in book.sheetnames)


def test_what_is_published_is_whole_or_not_there(deck: Deck, tmp_path: Path) -> None:
    out = tmp_path / "public.xlsx"
    out.write_bytes(b"before")
    broken = replace(deck, forms=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_published(broken, out, 5)
    assert out.read_bytes() == b"before" and list(tmp_path.iterdir()) == [out]


def test_districts_of_one_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    """Beside each other, and behind the names of their schools."""
    lines = ("53,Spokane,5301,Adams", "54,Spokane,5401,Adams")
    with mixed.deck(begun(tmp_path / "same", "sfss", lines)) as found:
        assert [names for _, names in units_of(found, DISTRICTS)] == [("Spokane (53)",), ("Spokane (54)",)]
        schools = [row[0] for row in found.store.rows(f"SELECT {school_sql(found)} FROM plans ORDER BY plan")]
    assert schools == ["Adams · Spokane (53)", "Adams · Spokane (54)"]
