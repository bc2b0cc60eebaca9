"""Returns: a row a plan: who was asked, what came, in what state, with the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from sqlite3 import Row
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.links import link_to_file
from xlplan.rollup.look import heads, height
from xlplan.rollup.sheets.naming import STATES, districts, templates
from xlplan.rollup.sheets.spoken import returns_sentence
from xlplan.rollup.sheets.tiles import share, share_formula
from xlplan.rollup.standard import ANSWERS_ASKED, ANSWERS_IN, LATE, SCHOOLS
from xlplan.rollup.words import counted

NAME = "Returns"
TOP = 2  # the row of the head
FILE = 47
COLUMNS = (
    ("State", "row", 23.0),
    ("Late", "row.center", 10.0),
    ("Returned", "row.day", 15.0),
    ("Issue", "row.count", 9.0),
    ("Returns", "row.count", 11.0),
    ("Answers in", "row.percent", 13.0),
    ("Errors", "row.count", 10.0),
    ("Warnings", "row.count", 12.0),
    ("File", "row.link", float(FILE)),
)
TOTALS = {"Returns": "returns", "Errors": "errors", "Warnings": "warnings"}


def _write(book: Book, deck: Deck) -> None:
    several = districts(deck)
    whose = [("School", "row.bold", 36.0)]
    whose += [("District", "row.prose", 30.0)] if several else []
    whose += [("Template", "row", 20.0)] if templates(deck) else []
    columns = (*whose, *COLUMNS)
    page = book.page(NAME, [width for _, _, width in columns])
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE returns"))
    page.title(f"Returns: {back:,} of {counted(deck.schools, 'plan')} came back", returns_sentence(deck))
    styles = [style for _, style, _ in columns]
    page.sheet.set_row(TOP, 22)
    rows = deck.store.rows("SELECT * FROM plans ORDER BY district, school, template, plan")
    last = TOP
    for last, row in enumerate(rows, start=TOP + 1):
        values = _values(deck, row, [name for name, _, _ in whose])
        page.row(last, values, styles, height((row["school"], 36), (row["district"], 30 if several else 90)))
    last = max(last, TOP + 1)  # a table has a row at least
    page.table("returns", TOP, [name for name, _, _ in columns], last - TOP, heads(styles))
    _totals(page, deck, last + 1, [name for name, _, _ in columns])
    page.signs(TOP + 1, last, len(whose))
    short = {"type": "cell", "criteria": "<", "value": 1, "format": book.rule("if.short")}
    share_at = len(whose) + [name for name, _, _ in COLUMNS].index("Answers in")
    page.sheet.conditional_format(TOP + 1, share_at, last, share_at, short)
    page.sheet.freeze_panes(TOP + 1, 1)
    page.sheet.repeat_rows(0, TOP)


def _values(deck: Deck, row: Row, whose: list[str]) -> list[Any]:
    back = bool(row["returns"])
    answers = share(row["filled"], row["required"]) if back and row["required"] else "–"
    link = link_to_file(deck, row)
    return [
        *(row[name.lower()] for name in whose), STATES.get(row["state"], row["state"]), "late" if row["late"] else None,
        date.fromisoformat(row["received"]) if row["received"] else "–", row["issued"], row["returns"], answers,
        *((row["errors"], row["warnings"]) if back else ("–", "–")), link,
    ]  # fmt: skip


def _totals(page: Page, deck: Deck, row: int, columns: list[str]) -> None:
    """Below the table, so that filters leave it."""
    filled, asked = deck.figure(ANSWERS_IN), deck.figure(ANSWERS_ASKED)
    formula = share_formula(filled.formula, asked.formula) if filled.formula and asked.formula else None
    figures = {name: deck.figure(replace(SCHOOLS, sum=column)) for name, column in TOTALS.items()} | {
        "Late": deck.figure(LATE),
        "Answers in": Figure(share(filled.value, asked.value), formula) if asked.value else None,
    }
    page.sheet.set_row(row, 22)
    for place, name in enumerate(columns):
        page.put(row, place, figures.get(name), "last.percent" if name == "Answers in" else "last.count")
    page.put(row, 0, "All", "last")


SHEET = Sheet(NAME, lambda _: True, _write)
