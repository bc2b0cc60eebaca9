"""The overdue steps and the next ones by name, as a table below the months of the sheet Steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from xlplan.rollup.book import Page
from xlplan.rollup.figures import SOON, Step, step_tables
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import short_day, singular

SIGNS = {"overdue": "▲ Overdue", "soon": "○ Due soon"}
NARROW = 7  # columns before the wide one, which the months above share
STEP_WIDTH = 58


def due_widths(report: Report) -> list[float]:
    """The widths of the list's columns, and so of the sheet's."""
    widths = {
        "School": 30.0,
        "State": 18.0,
        "Kind": 20.0,
        "School id": 15.0,
        "Step": STEP_WIDTH,
        "Owner": 27.0,
    }
    return [widths.get(name, max(13.5, len(name) + 5)) for name in _headers(report)]


def write_due_steps(page: Page, report: Report, row: int) -> None:
    """Write heading and list from `row` on, the longest overdue first."""
    page.heading(row, f"Overdue, and due until {short_day(report.rollup.as_of + timedelta(days=SOON))}")
    found = [(step.due or date.max, step) for step in report.steps if step.state in SIGNS]
    found.sort(
        key=lambda pair: (pair[0], pair[1].school, pair[1].table, *pair[1].parents.values(), pair[1].number)
    )
    if not found:
        page.put(row + 1, 0, f"No step is overdue or due in the next {SOON} days.", "note")
        return
    headers = _headers(report)
    styles = [_style(name) for name in headers]
    page.sheet.set_row(row + 1, 22)
    page.sheet.repeat_rows(row + 1)  # only pages after it repeat it
    page.table("due_steps", row + 1, headers, len(found), heads(styles))
    for at, (due, step) in enumerate(found, start=row + 2):
        values = _values(step, (report.rollup.as_of - due).days)
        page.row(
            at,
            [values.get(name) for name in headers],
            styles,
            height((step.text, STEP_WIDTH), (step.school, 30), (step.owner, 27)),
        )
    page.signs(row + 2, row + 1 + len(found), headers.index("State"))


def _headers(report: Report) -> list[str]:
    """The list's heads; where a template nests less, kind and school's id fill up the narrow columns."""
    sources = step_tables(report.rollup.shape)
    parents = dict.fromkeys(parent for source in sources for parent in source.table.parents)
    narrow = ["School", *map(_parent, parents), "No.", "Due", "Days late", "State"]
    if len(sources) > 1 or len(narrow) < NARROW:
        narrow.append("Kind")
    if len(narrow) < NARROW:
        narrow.append("School id")
    return [*narrow, "Step", "Owner"]


def _parent(name: str) -> str:
    """The head above the numbers of an enclosing row, never that of another column."""
    head = singular(name)
    return f"{head} no." if head in ("School", "Due", "State", "Kind", "Step", "Owner") else head


def _style(name: str) -> str:
    known = {
        "School": "row.bold",
        "Due": "row.day",
        "State": "row",
        "Kind": "row",
        "Step": "row.prose",
        "Owner": "row.prose",
    }
    return known.get(name, "row.count")


def _values(step: Step, late: int) -> dict[str, Any]:
    draft = ", draft" if step.draft else ""
    return {_parent(name): number for name, number in step.parents.items()} | {
        "School": step.school,
        "No.": step.number,
        "Due": step.due,
        "Days late": late if late > 0 else None,
        "State": SIGNS[step.state] + draft,
        "Kind": singular(step.table),
        "School id": step.key,
        "Step": step.text,
        "Owner": step.owner,
    }
