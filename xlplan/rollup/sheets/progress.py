"""Progress: what became of each school's activities since the round before, and what the schools say of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlplan.merge.progress import Activity
from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import counted

NAME = "Progress"
TOP = 3
WIDTHS = (30, 10, 42, 13, 13, 13, 38, 38)
GUIDANCE = (
    "Of plans that came back and began with those of an earlier round. Then: as that round left them. "
    "Rows: those that are asked whether they are done, or how far they are."
)
Line = tuple[str, Activity]


def write_progress(book: Book, report: Report) -> None:
    """Write a row a school, the days that were moved, and the schools' own words."""
    names = {status.key: status.name for status in report.rollup.statuses}
    page = book.page(NAME, WIDTHS)
    known = sorted(report.rollup.progress.items(), key=lambda pair: names.get(pair[0], pair[0]))
    every = [(names.get(key, key), item) for key, progress in known for item in progress.activities]
    done = sum(progress.counts()["done"] for _, progress in known)
    rows = sum(progress.counts()["rows"] for _, progress in known)
    page.title(
        f"Progress: {done:,} of {counted(rows, 'row')} done at {counted(len(known), 'school')}", GUIDANCE
    )
    at = _by_school(page, report, names)
    at = _moved(page, [line for line in every if line[1].moved], at + 1)
    _words(page, [line for line in every if line[1].learned or line[1].changes], at + 1)
    page.sheet.freeze_panes(1, 0)


def _by_school(page: Page, report: Report, names: dict[str, str]) -> int:
    """A row a school with a sum below; gives the next free row."""
    page.heading(TOP - 1, "By school")
    headers = ["School", "Rows", "In words", "Done then", "Done now", "Newly done"]
    styles = ["row.bold", "row.count", "row.prose", *["row.count"] * 3]
    page.sheet.set_row(TOP, 22)
    known = sorted(report.rollup.progress, key=lambda key: names.get(key, key))
    page.table("progress", TOP, headers, len(known), heads(styles))
    for row, key in enumerate(known, start=TOP + 1):
        progress = report.rollup.progress[key]
        counts = progress.counts()
        name = names.get(key, key)
        words = f"{counts['answered']} answered, {counts['moved']} moved to another day"
        values: list[Any] = [
            name,
            counts["rows"],
            words,
            progress.were_done,
            counts["done"],
            counts["newly_done"],
        ]
        page.row(row, values, styles, height((name, WIDTHS[0]), (words, WIDTHS[2])))
    last = TOP + len(known)
    every = [progress.counts() for progress in report.rollup.progress.values()]
    sums = {
        1: sum(counts["rows"] for counts in every),
        3: sum(progress.were_done for progress in report.rollup.progress.values()),
        4: sum(counts["done"] for counts in every),
        5: sum(counts["newly_done"] for counts in every),
    }
    totals = [
        Figure(sums[column], f"=SUM({page.range(TOP + 1, last, column)})") if column in sums else None
        for column in range(1, 6)
    ]
    page.row(last + 1, ["All schools", *totals], ["last", *["last.count"] * 5], 20)
    return last + 3


def _moved(page: Page, lines: Sequence[Line], top: int) -> int:
    """Every row that is due on another day than at first, the longest delay first; gives the next free row."""
    page.heading(top, f"Moved to another day: {counted(len(lines), 'row')}")
    if not lines:
        page.put(top + 1, 0, "Everything is due on the day first planned.", "note")
        return top + 3
    headers = ["School", "Number", "What", "First due", "Due now", "Days later"]
    styles = ["row.bold", "row.center", "row.prose", "row.day", "row.day", "row.count"]
    page.sheet.set_row(top + 1, 22)
    page.table("moved", top + 1, headers, len(lines), heads(styles))
    ordered = sorted(lines, key=lambda line: -(line[1].days or 0))
    for row, (school, item) in enumerate(ordered, start=top + 2):
        values: list[Any] = [school, item.number, item.text, item.first_due, item.due, item.days]
        page.row(row, values, styles, height((item.text, WIDTHS[2]), (school, WIDTHS[0])))
    return top + 3 + len(lines)


def _words(page: Page, lines: Sequence[Line], top: int) -> None:
    """What the schools learned and what they change, in their words."""
    page.heading(top, "In the schools’ words")
    if not lines:
        page.put(top + 1, 0, "No school has written what it learned or what it changes.", "note")
        return
    headers = ["School", "Number", "What", "Due now", "Then", "Now", "What they learned", "What they change"]
    styles = [
        "row.bold",
        "row.center",
        "row.prose",
        "row.day",
        "row.center",
        "row.center",
        "row.prose",
        "row.prose",
    ]
    page.sheet.set_row(top + 1, 22)
    page.table("words", top + 1, headers, len(lines), heads(styles))
    for row, (school, item) in enumerate(lines, start=top + 2):
        values: list[Any] = [
            school, item.number, item.text, item.due, item.last, item.now, item.learned, item.changes,
        ]  # fmt: skip
        tall = height(
            (item.text, WIDTHS[2]), (item.learned, WIDTHS[6]), (item.changes, WIDTHS[7]), (school, WIDTHS[0])
        )
        page.row(row, values, styles, tall)
