"""Dictionary: every data sheet and column, what it means, and the words that stand in it here."""

from __future__ import annotations

from itertools import islice

from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import LINEAGE, TABLES, WHOSE, FactColumn, FactTable
from xlplan.rollup.look import TAG, heads, height
from xlplan.rollup.sheets.data import columns_of, sheet_name
from xlplan.rollup.words import counted, listed

NAME = "Dictionary"
TOP = 2  # the row of the head
WIDTHS = (27, 22, 20, 16, 66, 46)
KINDS = {
    "text": "text",
    "prose": "text",
    "day": "day",
    "money": "dollars",
    "count": "number",
    "yes-no": "yes or no",
}
WORDED = ("kind", "part", "status", "said", "state", "section", "severity", "role", "priority", "template")
"""Columns of few different words, which are listed."""
MANY = 12  # words that are listed


def write_dictionary(book: Book, deck: Deck) -> None:
    """Write a row a column; what every table has stands once, at the top."""
    tables = [table for table in TABLES if table.name in deck.regions]
    page = book.page(NAME, WIDTHS, tab=TAG)
    columns = sum(len(columns_of(table)) for table in tables)
    page.title(
        f"Dictionary: {counted(len(tables), 'data sheet')}, {counted(columns, 'column')}",
        "What each column of the data sheets means. Hidden columns are there for formulas; unhide them to use them.",
    )
    styles = ["row.bold", "row.prose", "row.prose", "row", "row.prose", "row.prose"]
    page.row(
        TOP, ["Sheet", "Column", "Name in exports", "Holds", "Means", "In this rollup"], heads(styles), 22
    )
    lines = [("All but Data schools", column, None) for column in (*WHOSE, *LINEAGE) if column.name != "path"]
    row = TOP
    for sheet, column, table in (*lines, *_of(tables)):
        row += 1
        if table is not None and column is None:
            rows = deck.store.count(table)
            told = f"{table.about} {counted(rows, 'row')}.{_goes_on(deck, table)}"
            page.row(row, [sheet, None, None, None, told, None], styles, height((told, WIDTHS[4])))
        elif column is not None:
            seen = _seen(deck, table, column) if table else ""
            holds = KINDS.get(column.kind, column.kind) + (", hidden" if column.inner else "")
            values = [sheet, column.label, column.name, holds, column.about, seen]
            page.row(row, values, styles, height((column.about, WIDTHS[4]), (seen, WIDTHS[5])))
    page.sheet.autofilter(TOP, 0, row, len(WIDTHS) - 1)
    page.sheet.freeze_panes(TOP + 1, 0)
    page.sheet.repeat_rows(0, TOP)


def _of(tables: list[FactTable]) -> list[tuple[str, FactColumn | None, FactTable | None]]:
    """The sheet's own line, then its own columns."""
    found: list[tuple[str, FactColumn | None, FactTable | None]] = []
    for table in tables:
        shown = {column.name for column in columns_of(table)}
        found.append((sheet_name(table), None, table))
        found += [(sheet_name(table), column, table) for column in table.columns if column.name in shown]
    return found


def _goes_on(deck: Deck, table: FactTable) -> str:
    """That a table too long for one sheet stands on several."""
    last = len(deck.regions[table.name]) - 1
    if not last:
        return ""
    return f" More than one sheet takes: they go on until {sheet_name(table, last)}, and figures add them up."


def _seen(deck: Deck, table: FactTable, column: FactColumn) -> str:
    """The words that stand in a column of few, the most frequent first."""
    if column.name not in WORDED:
        return ""
    asked = f"SELECT {column.name} FROM {table.name} WHERE {column.name} <> '' GROUP BY 1 ORDER BY count(*) DESC, 1"
    words = [str(row[0]) for row in islice(deck.store.rows(asked), MANY)]
    return listed(words, 200)
