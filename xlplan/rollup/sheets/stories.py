"""What the charts tell: for each its title as a sentence, its numbers, and the same as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlplan.rollup.book import Figure
from xlplan.rollup.report import Report
from xlplan.rollup.sheets.money import MoneyCells
from xlplan.rollup.sheets.returns import STATES
from xlplan.rollup.sheets.steps import StepCells
from xlplan.rollup.words import cut, dollars, first_that_fits, month, opened, spelled

TITLE_LENGTH = 44  # characters of a chart's title; LibreOffice breaks longer ones
SOURCES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One chart. `rows` are a label and a figure for each of `parts`; `spoken_of` is the bar of the title."""

    title: str
    heading: str
    parts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]
    money: bool = False
    spoken_of: int | None = None

    @property
    def text(self) -> str:
        """What the chart is and every number in it, for those who do not see it."""
        kind = "Stacked column chart" if len(self.parts) > 1 else "Bar chart"
        rows = "; ".join(f"{label}: {self._numbers(figures)}" for label, figures in self.rows)
        return f"{kind}. {self.title}. {self.heading}. {rows}."

    def _numbers(self, figures: Sequence[Figure]) -> str:
        if self.money:
            return ", ".join(dollars(figure.value) for figure in figures)
        if len(self.parts) == 1:
            return str(figures[0].value)
        return ", ".join(f"{part} {figure.value}" for part, figure in zip(self.parts, figures, strict=True))


def priority_story(report: Report, cells: Mapping[str, str]) -> Story | None:
    """How many strategies connect to each priority, most first."""
    priorities = report.priorities
    if not priorities or not cells:
        return None
    choices = sorted(priorities.choices, key=priorities.total, reverse=True)
    rows = priorities.table.name.replace("_", " ")
    least = priorities.total(choices[-1])
    fewest = [choice for choice in choices if priorities.total(choice) == least]
    titles = [f"Each priority has {spelled(least)} {rows}"]
    if len(fewest) < len(choices):
        one = fewest[-1] if len(fewest) == 1 else ""
        named = [
            f"{one} has the fewest {rows}: {least}",
            f"{one} has the fewest: {least}",
            f"Fewest {rows}: {one}, {least}",
        ]
        those = "priorities have" if len(fewest) > 1 else "priority has"
        many = f"{opened(spelled(len(fewest)))} {those} the fewest {rows}: {least}"
        titles = [*(named if one and not one.startswith("=") else []), many]
    return Story(
        title=first_that_fits(titles, TITLE_LENGTH),
        heading=f"{opened(rows)} by priority",
        parts=(opened(rows),),
        rows=tuple((choice, (Figure(priorities.total(choice), f"={cells[choice]}"),)) for choice in choices),
        spoken_of=len(choices) - 1 if len(fewest) == 1 else None,
    )


def step_story(report: Report, cells: StepCells | None) -> Story | None:
    """Steps by the month they are due in: done, overdue, not yet due."""
    if not cells or not cells.months:
        return None
    counts = Counter((step.due.replace(day=1), step.state) for step in report.steps if step.due)
    to_come = {day: counts[day, "soon"] + counts[day, "later"] for day, _ in cells.months}
    busiest = max(to_come, key=lambda day: to_come[day])
    late = report.step_counts()["overdue"]
    start = f"{opened(spelled(late))} {'step is' if late < 2 else 'steps are'} overdue"
    title = f"{start}; {month(busiest)} is busiest" if sum(map(bool, to_come.values())) > 1 else start
    years = len(cells.months) > 12
    rows = tuple(
        (
            month(day)[:3] + (f" {day:%y}" if years else ""),
            (
                Figure(counts[day, "done"], f"={at['done']}"),
                Figure(counts[day, "overdue"], f"={at['overdue']}"),
                Figure(to_come[day], f"={at['soon']}+{at['later']}"),
            ),
        )
        for day, at in cells.months
    )
    return Story(
        title=title, heading="Steps by month due", parts=("Done", "Overdue", "Not yet due"), rows=rows
    )


def money_story(report: Report, cells: MoneyCells | None) -> Story | None:
    """The largest funding sources."""
    if not report.money or not cells or not report.money.total:
        return None
    sums = [amount for _, amount in report.money.by_source()]
    sources = [
        (name, Figure(amount, f"={at}"))
        for (name, at), amount in zip(cells.sources, sums, strict=True)
        if amount
    ]
    if not sources:
        return None
    sources.sort(key=lambda pair: pair[1].value, reverse=True)
    name, amount = sources[0]
    titles = [
        f"Most money: {name}, {dollars(amount.value)}",
        f"{dollars(amount.value)} from the largest source",
    ]
    return Story(
        title=first_that_fits(titles, TITLE_LENGTH),
        heading="Amounts by funding source" + (f", the {SOURCES} largest" if len(sources) > SOURCES else ""),
        parts=("Amount",),
        rows=tuple((cut(name, 60), (figure,)) for name, figure in sources[:SOURCES]),
        money=True,
        spoken_of=0,
    )


def state_story(report: Report, states: str) -> Story | None:
    """How many schools are in each state."""
    counts = Counter(status.state for status in report.rollup.statuses)
    if not counts:
        return None
    found = sorted((state for state in STATES if counts[state]), key=lambda state: -counts[state])
    title = f"{len(report.returned)} of {len(report.rollup.statuses)} plans have come back"
    return Story(
        title=title if report.returned else "No plan has come back yet",
        heading="Schools by state",
        parts=("Schools",),
        rows=tuple((STATES[s], (Figure(counts[s], f'=COUNTIF({states},"{STATES[s]}*")'),)) for s in found),
    )
