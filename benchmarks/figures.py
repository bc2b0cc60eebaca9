"""What a benchmark gives: sections of figures with the demands on them, as Markdown and as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

Who = Literal["ours", "peer", "limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one contender took for the work of its section.

    `by`: its name ("openpyxl, from scratch"); `who`: ours, a peer's, or the physical limit. `milliseconds`: of CPU,
    for one unit of work (a copy, a return, a row: the section's `unit`). `megabytes`: the most memory (VmHWM) of a
    process that did this work alone, None where that was not asked.
    """

    by: str
    who: Who
    milliseconds: float
    megabytes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is demanded of a ratio, and what it is. `at_least`: whether more is better; `remark`: why it is missed."""

    what: str
    measured: float
    required: float
    at_least: bool
    remark: str = ""

    @property
    def met(self) -> bool:
        """Whether the demand holds."""
        return self.measured >= self.required if self.at_least else self.measured <= self.required

    @property
    def sentence(self) -> str:
        """A line of the list under a section's table."""
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.met else "**missed**"
        said = f"{self.what}: {number(self.measured)} (demanded {sign} {number(self.required)}), {verdict}"
        return f"{said}. {self.remark}" if self.remark else f"{said}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Other figures of a section: a heading line and rows, numbers already as text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One comparison: its contenders did the same `work`, which was compared before anything was timed.

    `unit`: what the milliseconds are of ("a copy"). `versions`: of other programs than Python packages. `remarks`:
    what a reader has to know to judge the figures, a paragraph each.
    """

    title: str
    work: str
    unit: str
    figures: tuple[Figure, ...] = ()
    demands: tuple[Demand, ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def milliseconds(self, by: str) -> float:
        """What the contender of that name took."""
        return next(figure.milliseconds for figure in self.figures if figure.by == by)


def installed(package: str) -> str | None:
    """The version of a Python package; None where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def number(value: float) -> str:
    """A figure with three digits that count, thousands with a comma."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def markdown(section: Section) -> str:
    """The section as a chapter."""
    lines = [f"## {section.title}", "", section.work, ""]
    if section.figures:
        ours = next((figure for figure in section.figures if figure.who == "ours"), None)
        lines += [
            f"| CPU ms for {section.unit} | ms | beside ours | peak MB |",
            "| --- | ---: | ---: | ---: |",
        ]
        lines += [_line(figure, ours) for figure in section.figures]
        lines.append("")
    for table in section.tables:
        lines += _table(table)
    lines += [f"- {demand.sentence}" for demand in section.demands]
    lines += [""] if section.demands else []
    for remark in section.remarks:
        lines += [remark, ""]
    return "\n".join(lines)


def _line(figure: Figure, ours: Figure | None) -> str:
    name = {"ours": f"**{figure.by}**", "limit": f"_limit: {figure.by}_", "peer": figure.by}[figure.who]
    ratio = number(figure.milliseconds / ours.milliseconds) + " ×" if ours and figure is not ours else ""
    memory = f"{figure.megabytes:,.0f}" if figure.megabytes is not None else ""
    return f"| {name} | {number(figure.milliseconds)} | {ratio} | {memory} |"


def _table(table: Table) -> Sequence[str]:
    heads = [f"| {' | '.join(table.heads)} |", "| --- " + "| ---: " * (len(table.heads) - 1) + "|"]
    rows = [f"| {' | '.join(row)} |" for row in table.rows]
    title = [f"**{table.title}**", ""] if table.title else []
    return [*title, *heads, *rows, ""]
