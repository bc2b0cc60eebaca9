"""The tiles of the summary: what a superintendent asks first, at most five."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from xlplan.findings import Severity
from xlplan.rollup.book import Figure
from xlplan.rollup.figures import SOON
from xlplan.rollup.report import ACCEPTED, AWAY, Report
from xlplan.rollup.sheets.money import MoneyCells, largest
from xlplan.rollup.sheets.returns import STATES
from xlplan.rollup.sheets.steps import StepCells
from xlplan.rollup.words import counted, cut, percent

NOTE = 58  # characters of a tile's note, two lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A label, a number and what to make of it."""

    label: str
    number: Figure
    note: str
    style: str = "tile.number"


def tiles_of(report: Report, states: str, steps: StepCells | None, money: MoneyCells | None) -> list[Tile]:
    """The tiles that this template and these returns have something for; the summary shows five."""
    tiles = [
        _accepted(report, states),
        _answers(report),
        _steps(report, steps) if steps else None,
        _money(report, money) if money else None,
        _priority(report),
        _findings(report),
        _late(report),
    ]
    return [tile for tile in tiles if tile]


def _note(report: Report, *parts: str, plans: bool = True) -> str:
    """The parts that say something; where drafts count, the note says so."""
    drafts = "with drafts" if plans and report.rollup.drafts_count and report.drafts else ""
    return cut(", ".join(part for part in (*parts, drafts) if part), NOTE)


def _accepted(report: Report, states: str) -> Tile:
    schools = len(report.rollup.statuses)
    done = len(report.in_state(*ACCEPTED))
    fix = len(report.in_state("rejected", "in-review", "waiting"))
    away = len(report.in_state(*AWAY))
    formula = (
        "=" + "+".join(f'COUNTIF({states},"{STATES[state]}*")' for state in ACCEPTED) + f'&" of {schools}"'
    )
    parts = [f"{fix} to correct" if fix else "", f"{away} not returned" if away else ""]
    note = _note(report, *parts, plans=False) or "all plans are in"
    return Tile(label="Plans accepted", number=Figure(f"{done} of {schools}", formula), note=note)


def _answers(report: Report) -> Tile | None:
    sums = [(filled, required) for status in report.returned for _, filled, required in status.completeness]
    filled, required = sum(min(pair) for pair in sums), sum(pair[1] for pair in sums)
    if not required:
        return None
    note = f"of the {counted(len(report.returned), 'plan')} returned"
    return Tile(label="Required answers in", number=Figure(percent(filled, required)), note=note)


def _steps(report: Report, cells: StepCells) -> Tile:
    counts = report.step_counts()
    note = _note(
        report, f"of {len(report.steps):,}; {counts['done']:,} done", f"{counts['overdue']:,} overdue"
    )
    return Tile(
        label=f"Steps due in {SOON} days",
        number=Figure(counts["soon"], f"={cells.totals['soon']}"),
        note=note,
    )


def _money(report: Report, cells: MoneyCells) -> Tile | None:
    if not report.money:
        return None
    number = Figure(report.money.total, f"={cells.total}")
    items, priced = (
        report.money.items,
        sum(row[report.money.amount] is not None for row in report.money.items),
    )
    note = _note(report, largest(report.money) or f"{priced:,} of {len(items):,} items have an amount")
    style = "tile.money" if report.money.total < 10_000_000 else "tile.large-money"
    return Tile(label="Anticipated costs", number=number, note=note, style=style)


def _priority(report: Report) -> Tile | None:
    priorities = report.priorities
    if not priorities or not report.plans:
        return None
    least = min(priorities.choices, key=lambda choice: (priorities.covered(choice), priorities.total(choice)))
    number = Figure(f"{priorities.covered(least)} of {report.plans}")
    return Tile(label="Least covered priority", number=number, note=_note(report, f"plans: {least}"))


def _findings(report: Report) -> Tile | None:
    if not report.returned:
        return None
    counts = Counter(finding.severity for _, finding in report.rollup.findings if not finding.waived)
    note = f"and {counted(counts[Severity.WARNING], 'warning')}, {counts[Severity.ADVICE]:,} advice"
    return Tile(label="Errors to correct", number=Figure(counts[Severity.ERROR]), note=note)


def _late(report: Report) -> Tile | None:
    late = sum(status.late for status in report.rollup.statuses)
    return (
        Tile(label="Late", number=Figure(late), note=f"{'school' if late == 1 else 'schools'} past the day")
        if report.rollup.statuses
        else None
    )
