"""The workbook for publishing: sums of districts or regions alone, in which no small number can be found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlplan.campaign.files import replacing
from xlplan.rollup.book import Book, Page
from xlplan.rollup.deck import Deck
from xlplan.rollup.look import heads, height
from xlplan.rollup.published_blocks import Block, Published, counts_told, method_lines, published, rule
from xlplan.rollup.words import short_day

TOP = 2  # the row of a head


def write_published(deck: Deck, path: Path, least: int) -> None:
    """Write the workbook, whole or not at all: no school, no formula, no words of a school, no count under `least`."""
    found = published(deck, least)
    with replacing(path) as draft:
        book = Book(
            str(draft), footer=f"{found.whose} · {deck.year}", as_of=deck.as_of, folder=deck.store.folder
        )
        _summary(book, deck, found)
        for block in found.blocks:
            _write(book, block, found)
        page = book.page("Method", [30, 110])
        page.title("Method", f"How this was made, as of {short_day(deck.as_of)}.")
        for row, (label, text) in enumerate(method_lines(deck, found), start=TOP):
            page.row(row, [label, text], ["label", "prose"], height((text, 110)))
        book.file.close()


def _summary(book: Book, deck: Deck, found: Published) -> None:
    page = book.page("Summary", [44, 20, 60], tall=1)
    page.title(
        f"{found.whose}, {deck.year}", f"As of {short_day(deck.as_of)}. {rule(found.least)}", home=False
    )
    styles = ["row", "row.money", "row"]
    page.row(TOP, ["What", "All together", "By unit on sheet"], heads(styles), 22)
    for row, block in enumerate(found.blocks, start=TOP + 1):
        style = "row.money" if block.money else "row.count"
        page.put(row, 0, block.title, "row")
        page.put(row, 1, block.total, style)
        page.link(row, 2, block.name, block.name, "row.link")
    page.put(TOP + len(found.blocks) + 2, 0, counts_told(deck), "note")


def _write(book: Book, block: Block, found: Published) -> None:
    columns, names = block.heads, found.names
    width = 16 if block.money else 13
    page = book.page(block.name, [34, *[width] * max(3, len(columns))])
    page.title(f"{block.title}: {found.whose}", block.telling)
    kind = "row.money" if block.money else "row.count"
    styles = ["row.bold", *[kind] * len(columns)]
    page.sheet.set_row(TOP, height(*((column, width) for column in columns)) + 20)
    for row, name in enumerate(found.rows):
        page.row(
            TOP + 1 + row, [name, *(block.said(row, column) for column in range(len(columns)))], styles,
            height((name, 34)),
        )  # fmt: skip
    if len(names) > 1:
        _total(page, TOP + len(found.rows), block)
    page.table(
        f"published_{block.name.lower()}",
        TOP,
        [found.head, *_unique(columns, found.head)],
        len(names),
        heads(styles),
    )
    page.sheet.freeze_panes(TOP + 1, 1)
    page.sheet.repeat_rows(0, TOP)


def _total(page: Page, row: int, block: Block) -> None:
    last = len(block.values) - 1
    page.put(row, 0, "All", "last")
    for column in range(len(block.heads)):
        page.put(row, column + 1, block.said(last, column), "last.money" if block.money else "last.count")


def _unique(columns: Sequence[str], head: str) -> list[str]:
    """Heads of a table, which must differ, whatever choices are called."""
    taken, found = {head.casefold()}, []
    for column in columns:
        name = column
        while name.casefold() in taken:
            name += " "
        taken.add(name.casefold())
        found.append(name)
    return found
