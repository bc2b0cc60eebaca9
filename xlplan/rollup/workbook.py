"""A deck in, the district's workbook out."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from xlplan.campaign.files import replacing
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.sheets.data import ROWS, regions_of, write_data
from xlplan.rollup.snapshot import keep

ORDER = (
    "summary", "levels", "returns", "completeness", "timeline", "due", "benchmarks", "priorities", "causes", "money",
    "needs", "quality", "changes", "progress", "charts",
)  # fmt: skip
"""The sheets before the data, a module each."""


@cache
def sheets() -> tuple[Sheet, ...]:
    """The sheets that tell something, in their order."""
    modules = (importlib.import_module(f"xlplan.rollup.sheets.{name}") for name in ORDER)
    return tuple(cast(Sheet, module.SHEET) for module in modules)


def left_out(deck: Deck) -> list[str]:
    """The sheets for which there is nothing to show."""
    return [sheet.name for sheet in sheets() if not sheet.has(deck)]


def write_workbook(deck: Deck, path: Path, *, rows: int = ROWS) -> None:
    """Write the workbook, whole or not at all. Equal decks give equal files.

    A sheet without data is left out, and Method names it. What the workbook says is kept for later ones to compare
    with. `rows`: how many rows of data one sheet takes.
    """
    regions = regions_of(deck.store, rows)
    deck = replace(deck, out=path if deck.linked else None, regions=regions)
    title = " · ".join(filter(None, (deck.whose, deck.forms[0].split(", version")[0], deck.year)))
    with replacing(path) as draft:
        book = Book(str(draft), footer=title, as_of=deck.as_of, folder=deck.store.folder)
        _write(book, deck, sheets())
        write_data(book, deck, regions)
        from xlplan.rollup.sheets.dictionary import write_dictionary
        from xlplan.rollup.sheets.method import write_method

        write_dictionary(book, deck)
        write_method(book, deck, left_out(deck))
        book.file.close()
    keep(deck)


def _write(book: Book, deck: Deck, told: Sequence[Sheet]) -> None:
    for sheet in told:
        if sheet.has(deck):
            sheet.write(book, deck)
