"""Progress: what became of each school's activities since the round before, and what the schools say of it."""

from __future__ import annotations

from dataclasses import replace

from xlplan.rollup.deck import Deck
from xlplan.rollup.report.lists import count, day, listing, named, prose, text
from xlplan.rollup.report.model import Block, Part, Table, Text
from xlplan.rollup.report.numbers import number
from xlplan.rollup.sheets.progress import DONE_NOW, DONE_THEN, GUIDANCE, NEWLY, ROWS, SUMS, finding


def part(deck: Deck) -> Part | None:
    """None in a first round."""
    if not deck.store.one("SELECT 1 FROM progress LIMIT 1"):
        return None
    blocks: list[Block] = [Text(GUIDANCE), _by_school(deck), _moved(deck), _words(deck)]
    return Part(id="progress", title="Progress", finding=finding(deck), blocks=blocks)


def _by_school(deck: Deck) -> Table:
    sql = (
        f"SELECT plan, {named(deck)}, {SUMS}, sum(days <> 0) AS moved, "
        "sum(learned IS NOT NULL OR changes IS NOT NULL) AS said FROM progress_full GROUP BY plan ORDER BY plan"
    )
    columns = [
        count("Rows", "asked"), count("Done then", "before"), count("Done now", "now"), count("Newly done", "newly"),
        count("Moved to another day", "moved"), count("With words", "said"),
    ]  # fmt: skip
    table = listing(deck, "progress-by-school", "By school", sql, columns)
    sums = tuple(number(deck, measure) for measure in (ROWS, DONE_THEN, DONE_NOW, NEWLY))
    return replace(table, total=("All schools", *sums, None, None))


def _moved(deck: Deck) -> Table:
    sql = f"SELECT *, {named(deck)} FROM progress_full WHERE days <> 0 ORDER BY days DESC, plan, n"
    columns = [
        text("Number", "number"), prose("What", "step"), day("First due", "first_due"), day("Due now", "due"),
        count("Days later", "days"),
    ]  # fmt: skip
    return listing(
        deck,
        "moved",
        "Moved to another day",
        sql,
        columns,
        empty="Everything is due on the day first planned.",
    )


def _words(deck: Deck) -> Table:
    said = "learned IS NOT NULL OR changes IS NOT NULL"
    sql = f"SELECT *, {named(deck)} FROM progress_full WHERE {said} ORDER BY plan, n"
    columns = [
        text("Number", "number"), prose("What", "step"), text("Then", "last"), text("Now", "now"),
        prose("What they learned", "learned"), prose("What they change", "changes"),
    ]  # fmt: skip
    return listing(
        deck, "progress-words", "In the schools’ words", sql, columns,
        empty="No school has written what it learned or what it changes.",
    )  # fmt: skip
