"""A rollup in, the district's workbook out."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from xlplan.campaign.files import write_safely
from xlplan.rollup.book import Book
from xlplan.rollup.data import Rollup
from xlplan.rollup.report import Report, report_of
from xlplan.rollup.sheets.charts import write_charts
from xlplan.rollup.sheets.data import write_data
from xlplan.rollup.sheets.findings import write_findings
from xlplan.rollup.sheets.method import write_method
from xlplan.rollup.sheets.money import MoneyCells, write_money
from xlplan.rollup.sheets.priorities import write_priorities
from xlplan.rollup.sheets.progress import write_progress
from xlplan.rollup.sheets.returns import write_returns
from xlplan.rollup.sheets.steps import StepCells, write_steps
from xlplan.rollup.sheets.stories import Story, money_story, priority_story, state_story, step_story
from xlplan.rollup.sheets.summary import open_summary, write_summary
from xlplan.rollup.sheets.tiles import tiles_of


def write_workbook(rollup: Rollup, path: Path) -> None:
    """Write the workbook, whole or not at all. Equal rollups give equal files.

    A sheet without data is left out, and Method names it.
    """
    report = report_of(rollup)
    named = (rollup.district, f"{rollup.shape.title} {rollup.shape.year}")
    content = BytesIO()
    book = Book(content, footer=" · ".join(filter(None, named)), as_of=rollup.as_of)
    _write_sheets(book, report)
    book.file.close()
    write_safely(path, content.getvalue())


def _write_sheets(book: Book, report: Report) -> None:
    """Write every sheet in its order; the summary stands first and is filled in last."""
    summary = open_summary(book, report)
    states = write_returns(book, report)
    steps = write_steps(book, report) if report.steps else None
    if report.rollup.progress:
        write_progress(book, report)
    money = write_money(book, report, report.money) if report.money and report.money.items else None
    counted = report.priorities and report.plans
    priorities = write_priorities(book, report, report.priorities) if report.priorities and counted else {}
    if report.rollup.findings:
        write_findings(book, report)
    write_data(book, report)
    told = _stories(report, states, steps, money, dict(priorities))
    charts = write_charts(book, told)
    write_method(book, report, _left_out(report))
    write_summary(
        summary, report, tiles_of(report, states, steps, money), list(zip(told, charts, strict=True))
    )


def _stories(
    report: Report, states: str, steps: StepCells | None, money: MoneyCells | None, priorities: dict[str, str]
) -> list[Story]:
    """The two charts that this template and these returns have numbers for."""
    stories = (
        priority_story(report, priorities),
        step_story(report, steps),
        money_story(report, money),
        state_story(report, states),
    )
    return [story for story in stories if story][:2]


def _left_out(report: Report) -> list[str]:
    """The sheets that this rollup has nothing for."""
    present = {
        "Steps": report.steps,
        report.money_sheet: report.money and report.money.items,
        "Priorities": report.priorities and report.plans,
        "Findings": report.rollup.findings,
    }
    tables = [f"data {name}" for name in report.tables if name not in report.regions]
    return [*(name for name, there in present.items() if not there), *tables]
