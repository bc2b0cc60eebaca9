"""The sheet Progress: in rounds after the first, and with the schools' words as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.rollup.mixed import HOSTILE
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import PLANS, PROGRESS
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.sheets.progress import SHEET
from xlplan.rollup.store import Store

LATE, SAME = date(2027, 2, 1), date(2027, 1, 4)


def activity(text: str, last: str, now: str, due: date, learned: str | None = None) -> dict[str, Any]:
    return {
        "label": "Steps", "number": "1.1", "step": text, "counts": True, "now": now, "last": last, "due": due,
        "first_due": SAME, "days": (due - SAME).days, "was_done": last == "Done", "done": now == "Done",
        "learned": learned, "changes": learned,
    }  # fmt: skip


def written(store: Store, path: Path) -> dict[str, list[list[Any]]]:
    """The values of a workbook with the sheet and its data."""
    deck = Deck(
        store=store, as_of=SAME, whose="Spokane", forms=("Form",), year="", counting="accepted", out=path
    )
    deck = replace(deck, regions=regions_of(store))
    book = Book(str(path), footer="Spokane", as_of=SAME, folder=store.folder)
    SHEET.write(book, deck)
    write_data(book, deck, regions_of(store))
    book.file.close()
    found = load_workbook(path, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in found}


def test_progress_is_told_by_school_by_day_and_in_words(tmp_path: Path) -> None:
    """Sums agree with the rows above, days stand from and to, and a formula that somebody typed stays text."""
    with Store(SAME, tmp_path) as store:
        assert not SHEET.has(Deck(store=store, as_of=SAME, whose="", forms=(), year="", counting=""))
        store.add(PLANS, 1, [{"school": "Adams", "district": "Spokane", "district_id": "1", "counted": True}])
        store.add(
            PLANS, 2, [{"school": "Browne", "district": "Spokane", "district_id": "1", "counted": True}]
        )
        store.add(
            PROGRESS,
            1,
            [activity("Pilot", "Done", "Done", SAME), activity("Train", "Not done", "Done", LATE, HOSTILE)],
        )
        store.add(PROGRESS, 2, [activity(HOSTILE, "Not done", "Not done", SAME)])
        store.index()
        rows = written(store, tmp_path / "progress.xlsx")["Progress"]
    assert rows[0][0] == "Progress: 2 of 3 rows done at 2 schools"
    assert rows[1][0] == "1 row done since the round before; 1 moved to another day."
    by_name = {row[0]: row for row in rows}
    assert by_name["All schools"][:6] == ["All schools", 3, None, 1, 2, 1]
    moved = next(at for at, row in enumerate(rows) if row[0] == "Moved to another day: 1 row")
    assert [rows[moved + 2][2], rows[moved + 2][5]] == ["Train", 28]
    assert any(row[6] == HOSTILE and row[7] == HOSTILE for row in rows)
    formulas = load_workbook(tmp_path / "progress.xlsx")["Progress"]
    assert not [
        c.value
        for row in formulas.iter_rows()
        for c in row
        if c.data_type == "f" and 'HYPERLINK("http' in c.value
    ]
