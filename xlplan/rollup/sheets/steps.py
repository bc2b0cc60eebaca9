"""Steps: when they are due and how they stand, month by month, and those to ask about by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.figures import DROPPED, SOON, Step, StepTable, step_tables
from xlplan.rollup.report import Region, Report
from xlplan.rollup.sheets.due_steps import due_widths, write_due_steps
from xlplan.rollup.words import counted

NAME = "Steps"
TOP = 3  # the row of the head of the months
STATES = ("done", "overdue", "soon", "later", "undated")
HEADS = ("Month", "Done", "Overdue", f"Due in {SOON} days", "Later", "No date", "All")
Month = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCells:
    """Where the totals stand, by state and "all", and each month with its row."""

    totals: dict[str, str]
    months: tuple[tuple[date, dict[str, str]], ...]


def write_steps(book: Book, report: Report) -> StepCells:
    """Write the months with formulas over the data, then the overdue and the next steps as a real table."""
    page = book.page(NAME, due_widths(report))
    late = report.step_counts()["overdue"]
    page.title(
        f"Steps: {len(report.steps):,} in {counted(report.plans, 'plan')}, {late:,} overdue", report.basis
    )
    page.heading(TOP - 1, "By month in which they are due")
    page.row(TOP, HEADS, ["head", *["head.center"] * 6], 36)
    months = months_of(report.steps)
    counts = Counter((_month(step.due), step.state) for step in report.steps)
    for row, month in enumerate(months, start=TOP + 1):
        values = [Figure(counts[month, state], _formula(report, row, state)) for state in STATES[:4]]
        all_of = Figure(sum(value.value for value in values), f"=SUM(B{row + 1}:F{row + 1})")
        page.row(row, [date(*month, 1), *values, 0, all_of], ["row.month", *["row.count"] * 6], 18)
    cells = _totals(page, report, TOP + 1 + len(months), counts)
    cells_by_month = tuple(
        (date(*month, 1), {state: page.at(TOP + 1 + index, 1 + at) for at, state in enumerate(STATES)})
        for index, month in enumerate(months)
    )
    write_due_steps(page, report, TOP + 4 + len(months))
    page.sheet.freeze_panes(1, 0)
    return StepCells(totals=cells, months=cells_by_month)


def months_of(steps: Sequence[Step]) -> list[Month]:
    """The months in which steps are due, with the empty ones between unless a year lies far off."""
    found = sorted({(step.due.year, step.due.month) for step in steps if step.due})
    if not found:
        return []
    first, last = (year * 12 + month - 1 for year, month in (found[0], found[-1]))
    return [(at // 12, at % 12 + 1) for at in range(first, last + 1)] if last - first < 24 else found


def _month(due: date | None) -> Month | None:
    return (due.year, due.month) if due else None


def _formula(report: Report, row: int, state: str) -> str:
    """The count of one state among the steps due in the month whose first day stands in column A."""
    first, end = f"$A{row + 1}", f"EDATE($A{row + 1},1)"
    soon_end = f"as_of+{SOON + 1}"
    low, high = {
        "done": (first, end),
        "overdue": (first, f"MIN({end},as_of)"),
        "soon": (f"MAX({first},as_of)", f"MIN({end},{soon_end})"),
        "later": (f"MAX({first},{soon_end})", end),
    }[state]
    settled = _settled(report, low, high)
    return f"={settled or 0}" if state == "done" else f"={_due(report, low, high)}-({settled or 0})"


def _due(report: Report, low: str, high: str) -> str:
    return "+".join(
        f'COUNTIFS({due},">="&{low},{due},"<"&{high}{_kept(source, region)})'
        for source in step_tables(report.rollup.shape)
        if (region := report.regions.get(source.table.name)) and (due := region.range(source.due))
    )


def _settled(report: Report, low: str, high: str) -> str:
    return "+".join(
        f'COUNTIFS({due},">="&{low},{due},"<"&{high},{region.range(source.done)},{_literal(value)}'
        f"{_kept(source, region)})"
        for source in step_tables(report.rollup.shape)
        if (region := report.regions.get(source.table.name))
        and (due := region.range(source.due))
        and source.done
        for value in source.settled
    )


def _kept(source: StepTable, region: Region) -> str:
    """The condition that leaves out dropped rows, where a row can be dropped."""
    return f',{region.range(source.decision)},"<>{DROPPED}"' if source.decision else ""


def _undated(source: StepTable, region: Region) -> str:
    due = region.range(source.due)
    if not source.decision:
        return f"COUNTBLANK({due})"
    return f'SUMPRODUCT(({due}="")*({region.range(source.decision)}<>"{DROPPED}"))'


def _literal(value: Any) -> str:
    return "TRUE" if value is True else f'"{value}"'


def _totals(
    page: Page, report: Report, row: int, counts: Counter[tuple[Month | None, str]]
) -> dict[str, str]:
    """The steps without a date, and the sums; the cells of the sums."""
    sources = [
        (s, report.regions[s.table.name])
        for s in step_tables(report.rollup.shape)
        if s.table.name in report.regions
    ]
    done = "+".join(
        f"COUNTIFS({region.range(s.done)},{_literal(value)}{_kept(s, region)})"
        for s, region in sources
        if s.done
        for value in s.settled
    )
    blank = "+".join(_undated(s, region) for s, region in sources)
    above = f"-SUM(B{TOP + 2}:B{row})" if row > TOP + 1 else ""
    none = [
        Figure(counts[None, "done"], f"={done or 0}{above if done else ''}"),
        *(0, 0, 0),
        Figure(counts[None, "undated"], f"={blank}-B{row + 1}"),
    ]
    all_of = Figure(counts[None, "done"] + counts[None, "undated"], f"=SUM(B{row + 1}:F{row + 1})")
    page.row(row, ["No date", *none, all_of], ["row", *["row.count"] * 6], 18)
    totals = report.step_counts()
    known = [*(totals[state] for state in STATES), len(report.steps)]
    sums = [
        Figure(value, f"=SUM({c}{TOP + 2}:{c}{row + 1})") for value, c in zip(known, "BCDEFG", strict=True)
    ]
    page.row(row + 1, ["All", *sums], ["last", *["last.count"] * 6], 20)
    return {state: page.at(row + 1, 1 + at) for at, state in enumerate((*STATES, "all"))}
