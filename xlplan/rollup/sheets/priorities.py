"""Priorities by school: how many strategies connect to each, and the gaps by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.figures import Priorities
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import counted, spelled

NAME = "Priorities"
TOP = 2  # the row of the head
GAPS = 60  # the width of the column that names them
LITERAL = 250  # characters of a text within a formula, of which Excel takes 255


def write_priorities(book: Book, report: Report, priorities: Priorities) -> Mapping[str, str]:
    """Write a row a school and a column a choice; the cells of the totals by choice."""
    names = report.plan_names()
    choices = priorities.choices
    page = book.page(NAME, [32, 18, *[22] * len(choices), GAPS])
    rows = priorities.table.name.replace("_", " ")
    page.title(
        _title(priorities, len(names)), f"How many {rows} connect to each. Shaded: none does. {report.basis}"
    )
    headers = ["School", "School id", *choices, "Not covered"]
    styles = ["row.bold", "row.center", *["row.count"] * len(choices), "row.prose"]
    last = TOP + len(names)
    page.table("priorities", TOP, _distinct(headers), len(names), heads(styles))
    page.sheet.set_row(TOP, 50)
    for row, (key, name) in enumerate(names.items(), start=TOP + 1):
        counts = [_figure(report, priorities, key, row, at) for at in range(len(choices))]
        gaps = [choice for choice in choices if not priorities.by_school[key][choice]]
        page.row(
            row, [name, key, *counts, "; ".join(gaps)], styles, height(("; ".join(gaps), GAPS), (name, 32))
        )
    gap = {"type": "cell", "criteria": "==", "value": 0, "format": book.rule("if.gap")}
    page.sheet.conditional_format(TOP + 1, 2, last, 1 + len(choices), gap)
    cells = _sums(page, priorities, last, len(names), rows)
    page.sheet.freeze_panes(TOP + 1, 1)
    page.sheet.repeat_rows(0, TOP)
    return cells


def _title(priorities: Priorities, plans: int) -> str:
    gaps = sum(priorities.covered(choice) < plans for choice in priorities.choices)
    every = f"Priorities: every one of {len(priorities.choices)} is covered in {counted(plans, 'plan')}"
    return (
        every
        if not gaps
        else f"Priorities: {spelled(gaps)} of {len(priorities.choices)} not covered in every plan"
    )


def _distinct(heads: list[str]) -> list[str]:
    """Heads that a table takes: no two equal but for case."""
    seen: set[str] = set()
    result = []
    for head in heads:
        while head.lower() in seen:
            head += " "
        seen.add(head.lower())
        result.append(head)
    return result


def _figure(report: Report, priorities: Priorities, key: str, row: int, at: int) -> Figure:
    """One count. The formula looks for the whole choice between separators, and asks for no wildcards."""
    choice, table = priorities.choices[at], priorities.table.name
    value = priorities.by_school[key][choice]
    if len(choice) > LITERAL or not report.by_formula(table, len(priorities.choices)):
        return Figure(value)
    region, text = report.regions[table], choice.replace('"', '""')
    found = f'ISNUMBER(FIND("; {text}; ","; "&{region.range(priorities.column)}&"; "))'
    return Figure(value, f"=SUMPRODUCT(({region.range('school_id')}=$B{row + 1})*{found})")


def _sums(page: Page, priorities: Priorities, last: int, plans: int, rows: str) -> dict[str, str]:
    """The rows below the table, which filters leave."""
    end = [None, *[None] * len(priorities.choices), None]
    page.row(
        last + 1,
        [f"All {rows}", *end],
        ["last", "last", *["last.count"] * len(priorities.choices), "last"],
        20,
    )
    page.row(
        last + 2,
        ["Plans that cover it", *end],
        ["row.bold", "row", *["row.count"] * len(priorities.choices), "row"],
        20,
    )
    cells = {}
    for column, choice in enumerate(priorities.choices, start=2):
        area = page.range(TOP + 1, last, column)
        total: Any = Figure(priorities.total(choice), f"=SUM({area})")
        covered = Figure(f"{priorities.covered(choice)} of {plans}", f'=COUNTIF({area},">0")&" of {plans}"')
        page.put(last + 1, column, total, "last.count")
        page.put(last + 2, column, covered, "row.count")
        cells[choice] = page.at(last + 1, column)
    return cells
