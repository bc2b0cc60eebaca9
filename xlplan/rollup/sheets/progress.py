"""Progress: what became of each school's activities since the round before, and what the schools say of it."""

from __future__ import annotations

from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import PROGRESS
from xlplan.rollup.measures import Condition, Measure
from xlplan.rollup.sheets.blocks import Columns, Counter, day_of, write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.words import counted

NAME = "Progress"
WIDTHS = (30, 12, 42, 14, 14, 14, 38, 38)
GUIDANCE = (
    "Of plans that came back and began with those of an earlier round. Then: as that round left them. "
    "Rows: those that are asked whether they are done, or how far they are."
)
ASKED = Condition("counts", "=", True)
ROWS = Measure(name="progress-rows", label="Rows", table=PROGRESS.name, where=(ASKED,))
DONE_NOW = ROWS.where_also("done", True)
NEWLY = DONE_NOW.where_also("was_done", False)
DONE_THEN = ROWS.where_also("was_done", True)
SUMS = (
    "sum(counts) AS asked, sum(counts AND was_done) AS before, sum(counts AND done) AS now, "
    "sum(counts AND done AND NOT was_done) AS newly"
)


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    sums = next(deck.store.rows(f"SELECT {SUMS}, count(DISTINCT plan) AS plans FROM progress"))
    rows, schools = counted(sums["asked"] or 0, "row"), counted(sums["plans"], "school")
    page.title(f"Progress: {sums['now'] or 0:,} of {rows} done at {schools}", finding(deck))
    page.row(2, [GUIDANCE], ["note"], 20)
    row = _by_school(page, deck, sums, 3)
    row = _moved(page, deck, row + 1, _moved_rows(deck))
    _words(page, deck, row + 1)
    page.sheet.freeze_panes(1, 0)


def finding(deck: Deck) -> str:
    """What was done and what was moved since the round before."""
    newly = int(deck.store.one(f"SELECT newly FROM (SELECT {SUMS} FROM progress)") or 0)
    return f"{counted(newly, 'row')} done since the round before; {_moved_rows(deck):,} moved to another day."


def _moved_rows(deck: Deck) -> int:
    return int(deck.store.one("SELECT count(*) FROM progress WHERE days <> 0"))


def _by_school(page: Page, deck: Deck, sums: Any, top: int) -> int:
    columns: Columns = (("School", "row.bold"), ("Rows", "row.count"), ("In words", "row.prose"),
                        ("Done then", "row.count"), ("Done now", "row.count"), ("Newly done", "row.count"))  # fmt: skip
    figure = Counter(deck, PROGRESS.name, 4 * sums["plans"], "Plan no., Done then and Done now")
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose, {SUMS}, sum(days <> 0) AS moved, "
        "sum(learned IS NOT NULL OR changes IS NOT NULL) AS said FROM progress_full GROUP BY plan ORDER BY plan"
    )

    def line(row: Any) -> list[Any]:
        words = f"{row['said'] or 0} with words, {row['moved'] or 0} moved to another day"
        asked = ((ROWS, "asked"), (DONE_THEN, "before"), (DONE_NOW, "now"), (NEWLY, "newly"))
        rows, then, now, newly = (
            figure(measure.where_also("plan", row["plan"]), row[name] or 0) for measure, name in asked
        )
        return [row["whose"], rows, words, then, now, newly]

    end = write_block(
        page, top, WIDTHS, "progress", "By school", columns, map(line, found), note=figure.note,
        empty="No plan has begun with an earlier round.",
    )  # fmt: skip
    totals: list[Figure | str | None] = [
        "All schools", deck.figure(ROWS), None, deck.figure(DONE_THEN), deck.figure(DONE_NOW), deck.figure(NEWLY),
    ]  # fmt: skip
    page.row(end, totals, ["last", *["last.count"] * 5], 20)
    return end + 1


def _moved(page: Page, deck: Deck, top: int, total: int) -> int:
    """Every row that is due on another day than at first, the longest delay first."""
    columns: Columns = (("School", "row.bold"), ("Number", "row.center"), ("What", "row.prose"),
                        ("First due", "row.day"), ("Due now", "row.day"), ("Days later", "row.count"))  # fmt: skip
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM progress_full WHERE days <> 0 "
        f"ORDER BY days DESC, plan, n LIMIT {MOST}"
    )
    lines = (
        [row["whose"], row["number"], row["step"], day_of(row["first_due"]), day_of(row["due"]), row["days"]]
        for row in found
    )
    return write_block(
        page, top, WIDTHS, "moved", f"Moved to another day: {counted(total, 'row')}", columns, lines,
        note=cut_note(total, "Data progress", "Days later"), empty="Everything is due on the day first planned.",
    )  # fmt: skip


def _words(page: Page, deck: Deck, top: int) -> None:
    """What the schools learned and what they change, in their words."""
    columns: Columns = (("School", "row.bold"), ("Number", "row.center"), ("What", "row.prose"), ("Due now", "row.day"),
                        ("Then", "row.center"), ("Now", "row.center"), ("What they learned", "row.prose"),
                        ("What they change", "row.prose"))  # fmt: skip
    said = "learned IS NOT NULL OR changes IS NOT NULL"
    total = int(deck.store.one(f"SELECT count(*) FROM progress WHERE {said}"))
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM progress_full WHERE {said} ORDER BY plan, n LIMIT {MOST}"
    )
    lines = (
        [
            row["whose"],
            row["number"],
            row["step"],
            day_of(row["due"]),
            row["last"],
            row["now"],
            row["learned"],
            row["changes"],
        ]
        for row in found
    )
    write_block(
        page, top, WIDTHS, "words", "In the schools’ words", columns, lines,
        note=cut_note(total, "Data progress", "What they learned"),
        empty="No school has written what it learned or what it changes.",
    )  # fmt: skip


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM progress LIMIT 1")), _write)
