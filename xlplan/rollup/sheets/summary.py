"""Summary: one page to read aloud from: five tiles, two charts, and what the district does next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlplan.rollup.book import Book, Page
from xlplan.rollup.data import SchoolStatus
from xlplan.rollup.figures import key_of
from xlplan.rollup.report import Report
from xlplan.rollup.sheets.charts import SIZE
from xlplan.rollup.sheets.stories import Story
from xlplan.rollup.sheets.tiles import Tile
from xlplan.rollup.words import counted, listed, long_day

NAME = "Summary"
WIDTHS = (25, 1.7, 25, 1.7, 25, 1.7, 25, 1.7, 25)
TILES, CHARTS, NEXT = 3, 7, 23  # first rows of the blocks
NAMES = 59  # characters of schools' names that stand beside each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of what comes next."""

    what: str
    schools: str
    do: str
    sheet: str


def open_summary(book: Book, report: Report) -> Page:
    """The first sheet, with its title; filled in when the others are written."""
    page = book.page(NAME, WIDTHS, tall=1)
    rollup = report.rollup
    basis = report.basis if report.plans else "No plan counts yet."
    parts = (
        ", ".join(part for part in (rollup.district, counted(len(rollup.statuses), "school")) if part),
        f"What counted on {long_day(rollup.as_of)}",
        basis if report.returned else "No plan has come back yet.",
    )
    title = f"District summary: {rollup.shape.title} {rollup.shape.year.replace('-', '–')}"
    page.title(title, ". ".join(parts), home=False)
    return page


def write_summary(
    page: Page, report: Report, tiles: Sequence[Tile], charts: Sequence[tuple[Story, Any]]
) -> None:
    """Fill in tiles, charts and tasks."""
    page.sheet.set_row(TILES - 1, 8)
    for row, height in ((TILES, 22), (TILES + 1, 36), (TILES + 2, 34), (TILES + 3, 12)):
        page.sheet.set_row(row, height)
    for place, tile in enumerate(tiles[:5]):
        page.put(TILES, 2 * place, tile.label, "tile.label")
        page.put(TILES + 1, 2 * place, tile.number, tile.style)
        page.put(TILES + 2, 2 * place, tile.note, "tile.note")
    for place, (story, chart) in enumerate(charts):
        options = {"description": story.text, "object_position": 2, "x_offset": place * (SIZE[0] + 14)}
        page.sheet.insert_chart(CHARTS, 0, chart, options)
    _tasks(page, tasks_of(report))


def tasks_of(report: Report) -> list[Task]:
    """What comes next, the most urgent first."""
    tasks = [
        _by_state(report, "Not sent yet", ("not-issued",), "Send the workbook", "Returns"),
        _by_state(report, "Not returned", ("issued",), "Remind these schools", "Returns"),
        _by_state(report, "Needs corrections", ("rejected",), "Ask for the corrected copy", "Returns"),
        _by_state(report, "Sent back", ("in-review",), "Wait for their answer", "Returns"),
        _by_state(report, "Needs a decision", ("waiting",), "Decide between two versions", "Returns"),
        _counts(
            report, "Overdue steps", Counter(step.key for step in report.overdue()), "Ask the owners", "Steps"
        ),
    ]
    if report.money:
        gaps = Counter(key_of(item) for item in report.money.open)
        what = "Amount or source open" if report.money.source else "Amount open"
        tasks.append(_counts(report, what, gaps, "Settle cost and funding", report.money_sheet))
    if report.priorities:
        gaps = Counter(report.priorities.gaps())
        tasks.append(
            _counts(report, "Priorities not covered", gaps, "Talk about the next plan", "Priorities")
        )
    return [task for task in tasks if task]


def _by_state(report: Report, what: str, states: Sequence[str], do: str, sheet: str) -> Task | None:
    schools: list[SchoolStatus] = report.in_state(*states)
    if not schools:
        return None
    names = listed((status.name for status in schools), NAMES)
    return Task(what=f"{what}: {len(schools):,}", schools=names, do=do, sheet=sheet)


def _counts(report: Report, what: str, by_school: Mapping[str, int], do: str, sheet: str) -> Task | None:
    """Schools with their counts, the highest first. They are told apart by key, since names repeat."""
    known = report.plan_names()
    found = sorted((-many, known[key]) for key, many in by_school.items() if many)
    if not found:
        return None
    names = listed((f"{name} {-many}" for many, name in found), NAMES)
    return Task(what=f"{what}: {sum(by_school.values()):,}", schools=names, do=do, sheet=sheet)


def _tasks(page: Page, tasks: Sequence[Task]) -> None:
    page.heading(NEXT, "Next for the district")
    if not tasks:
        page.put(NEXT + 1, 0, "Nothing is waiting.", "note")
        return
    page.row(NEXT + 1, ["What", None, "Schools", None, None, None, "Do", None, "See"], ["head"] * 9, 22)
    for row, task in enumerate(tasks, start=NEXT + 2):
        values = [task.what, None, task.schools, None, None, None, task.do, None, None]
        page.row(row, values, ["row.bold", *["row"] * 8], 20)
        page.link(row, 8, task.sheet, f"{task.sheet} sheet", "row.link")
