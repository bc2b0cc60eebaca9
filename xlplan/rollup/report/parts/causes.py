"""Causes: what they are about, by the list of themes, and the schools' own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import value
from xlplan.rollup.report.lists import Shown, count, listing, named, place, short, text
from xlplan.rollup.report.model import Chart, Column, Marked, Number, Part, Row, Table, Text
from xlplan.rollup.report.numbers import query
from xlplan.rollup.sheets.causes import GUIDANCE, TOLD, finding, text_of, themes_of
from xlplan.rollup.standard import CAUSES
from xlplan.rollup.themes import OTHER
from xlplan.rollup.words import counted, listed

BARS = 8


def part(deck: Deck) -> Part | None:
    """None where no plan names a cause."""
    causes = int(value(deck.store, CAUSES))
    if not causes:
        return None
    found = themes_of(deck)
    many = query(deck, f"SELECT theme, plan, count(DISTINCT n) FROM {TOLD} GROUP BY theme, plan")
    return Part(
        id="causes", title="Causes", finding=finding(found, causes),
        blocks=[Text(GUIDANCE), _chart(found, many), _by_theme(deck, found, many), _in_words(deck)],
    )  # fmt: skip


def _chart(found: list[Any], many: dict[str, Number]) -> Chart:
    first = found[0]["theme"]
    known = [row["theme"] for row in found if row["theme"] != OTHER]
    title = f"Most often about {first}" if known else "No cause has a word of any theme"
    shown = found[:BARS]
    cut = len(found) > BARS
    rest = f", the {BARS} of most plans" if cut else ""
    return Chart(
        name="themes", title=title, heading=f"Causes by theme{rest}", axis="Theme", parts=("Causes",),
        cut=cut,
        rows=tuple((short(row["theme"]), (many[row["theme"]],)) for row in shown),
    )  # fmt: skip


def _by_theme(deck: Deck, found: list[Any], many: dict[str, Number]) -> Table:
    plans = query(deck, f"SELECT DISTINCT theme, plan, 1 FROM {TOLD}")

    def rows() -> Iterator[Row]:
        for row in found:
            words = deck.store.rows(
                f"SELECT lower(word) AS word, count(*) AS many FROM {TOLD} WHERE theme = ? AND word IS NOT NULL "
                "GROUP BY lower(word) ORDER BY many DESC, word LIMIT 40", [row["theme"]]
            )  # fmt: skip
            told = listed((f"{one['word']} {one['many']:,}" for one in words), 220)
            yield Row(
                (
                    row["theme"],
                    many[row["theme"]],
                    plans[row["theme"]],
                    told or "None of the words of any theme",
                )
            )

    return Table(
        name="themes-table", title="By theme", rows=rows(),
        columns=(Column("Theme"), Column("Causes", "count"), Column("Plans", "count"),
                 Column("Words that tell it, and how often", "prose")),
    )  # fmt: skip


def _in_words(deck: Deck) -> Table:
    total = int(deck.store.one(f"SELECT count(*) FROM {TOLD}"))
    sql = (
        f"SELECT told.theme AS theme, told.word AS word, causes_full.*, {named(deck)} FROM {TOLD} AS told "
        f"JOIN causes_full ON causes_full.n = told.n ORDER BY told.theme = '{OTHER}', told.theme, told.plan, told.n"
    )
    columns = [
        text("Theme", "theme"), Shown(Column("In the school's words", "prose"), _marked),
        count("Addressed by", "addressed"), place(),
    ]  # fmt: skip
    return listing(
        deck, "causes-in-words", f"In the schools' words, {counted(total, 'row')}: one for each theme of a cause", sql,
        columns, total=total, note="The word that tells the theme is marked.",
    )  # fmt: skip


def _marked(row: Any) -> Marked:
    words, found = text_of(row), row["word"] or ""
    at = words.find(found) if found else -1
    return Marked(words, ((at, at + len(found)),) if at >= 0 else ())
