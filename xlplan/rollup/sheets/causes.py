"""Causes: what they are about, by the list of themes, and the schools' own words with what told the theme marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlplan.form.text import harmless
from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.measures import LITERAL, value
from xlplan.rollup.sheets.blocks import write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import CAUSES
from xlplan.rollup.themes import OTHER
from xlplan.rollup.words import counted, listed

NAME = "Causes"
WIDTHS = (30, 34, 74, 30, 14)
WORDS_AT = 2  # the column of the schools' words
GUIDANCE = (
    "Themes come from a list of words that you may edit (themes.toml beside campaign.toml). A cause may have several; "
    "Other: none of the words."
)
TOLD = (
    f"(SELECT causes.plan AS plan, causes.n AS n, coalesce(themes.theme, '{OTHER}') AS theme, themes.matched AS word "
    "FROM causes LEFT JOIN themes ON themes.plan = causes.plan AND themes.row = causes.row)"
)
"""A row for each cause and theme."""


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    causes = int(value(deck.store, CAUSES))
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM causes"))
    found = themes_of(deck)
    page.title(f"Causes: {causes:,} in {counted(plans, 'plan')}", finding(found, causes))
    page.row(2, [GUIDANCE], ["note"], 20)
    row = _by_theme(page, deck, 3, found)
    _in_words(page, deck, row)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def themes_of(deck: Deck) -> list[Any]:
    """Theme, causes and plans, the most frequent first and Other last."""
    return list(deck.store.rows(
        f"SELECT theme, count(DISTINCT n) AS many, count(DISTINCT plan) AS plans FROM {TOLD} GROUP BY theme "
        "ORDER BY theme = ?, plans DESC, many DESC, theme", [OTHER]
    ))  # fmt: skip


def finding(found: Sequence[Any], causes: int) -> str:
    known = [row for row in found if row["theme"] != OTHER]
    other = sum(row["many"] for row in found if row["theme"] == OTHER)
    rest = f"; {other:,} of {causes:,} fit no theme" if other else "; every cause fits a theme"
    if not known:
        return f"None of the {causes:,} causes has a word of any theme."
    first = known[0]
    where = f"{counted(first['many'], 'cause')} in {counted(first['plans'], 'plan')}"
    return f"Most often about {first['theme']}: {where}{rest}."


def _by_theme(page: Page, deck: Deck, top: int, found: Sequence[Any]) -> int:
    live = deck.by_formula("causes", len(found))

    def lines() -> Iterator[list[Any]]:
        for row in found:
            counts = deck.store.rows(
                f"SELECT lower(word) AS word, count(*) AS many FROM {TOLD} WHERE theme = ? AND word IS NOT NULL "
                "GROUP BY lower(word) ORDER BY many DESC, word LIMIT 40", [row["theme"]]
            )  # fmt: skip
            words = listed((f"{one['word']} {one['many']:,}" for one in counts), 220)
            many = Figure(row["many"], _formula(deck, row["theme"]) if live else None)
            filter_ = f"Themes {'is' if row['theme'] == OTHER else 'contains'} {row['theme']}"
            yield [row["theme"], filter_, words or "None of the words of any theme", many, row["plans"]]

    columns = (("Theme", "row.bold"), ("Filter of Data causes", "row.prose"),
               ("Words that tell it, and how often", "row.prose"), ("Causes", "row.count"),
               ("Plans", "row.count"))  # fmt: skip
    return write_block(page, top, WIDTHS, "themes", "By theme", columns, lines())


def _formula(deck: Deck, theme: str) -> str | None:
    """The causes that have the theme among theirs: looked for between separators, with no wildcards."""
    if len(theme) > LITERAL - 4 or harmless(theme) != theme:
        return None
    text = theme.replace('"', '""')
    pieces = [
        f'SUMPRODUCT(ISNUMBER(FIND("; {text}; ","; "&{region.range("themes")}&"; "))*1)'
        for region in deck.regions.get("causes", ())
    ]
    return "=" + "+".join(pieces) if pieces else None


def _in_words(page: Page, deck: Deck, top: int) -> int:
    total = int(deck.store.one(f"SELECT count(*) FROM {TOLD}"))
    order = {row["theme"]: at for at, row in enumerate(themes_of(deck))}
    found = deck.store.rows(
        f"SELECT told.theme AS theme, told.word AS word, causes_full.*, {school_sql(deck)} AS whose "
        f"FROM {TOLD} AS told JOIN causes_full ON causes_full.n = told.n "
        f"ORDER BY told.theme = '{OTHER}', told.theme, told.plan, told.n LIMIT {MOST}"
    )
    rows = sorted(found, key=lambda row: order[row["theme"]])
    lines = ([row["theme"], row["whose"], text_of(row), row["word"] or "–", row["addressed"]] for row in rows)
    columns = (("Theme", "row.bold"), ("School", "row.prose"), ("In the school's words", "row.prose"),
               ("Word that tells it", "row.prose"), ("Addressed by", "row.count"))  # fmt: skip
    end = write_block(
        page, top, WIDTHS, "causes_in_words", "In the schools' words, a row for each theme of a cause", columns, lines,
        note=cut_note(total, "Data causes"),
    )  # fmt: skip
    for at, row in enumerate(rows, start=end - len(rows)):
        _mark(page, at, text_of(row), row["word"])
    return end


def text_of(row: Any) -> str:
    return ". ".join(filter(None, (row["name"] if row["name"] != row["cause"] else None, row["cause"])))


def _mark(page: Page, row: int, text: str, word: str | None) -> None:
    """Write the text again with the word bold and underlined; all of it stays text."""
    text, word = harmless(text), harmless(word or "")
    at = text.find(word) if word else -1
    if at < 0 or len(text) > MOST:
        return
    plain, marked, cell = page.book.style("plain"), page.book.style("mark"), page.book.style("row.prose")
    pieces = [
        part
        for form, piece in ((plain, text[:at]), (marked, word), (plain, text[at + len(word) :]))
        if piece
        for part in (form, piece)
    ]
    if len(pieces) > 2:
        page.sheet.write_rich_string(row, WORDS_AT, *pieces, cell)
    else:
        page.put(row, WORDS_AT, text, "row.marked")


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM causes LIMIT 1")), _write)
