"""Charts as SVG: places along the bars in percent, across them in pixels, so that text keeps its size at any width.

The page's script (`page.js`, `draw`) draws the same again for the plans that are chosen.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlplan.rollup.page.figures import Figures, told, units
from xlplan.rollup.report.model import Chart, Number

LINE, THICK, GAP, LABEL = (
    18,
    16,
    14,
    46,
)  # pixels: a line of a label, a bar, after a bar; characters of a line
TALL, HEAD, FOOT = 190, 22, 24  # pixels: the tallest column, above the columns, below them
ROOM_ACROSS, ROOM_UP = 6, 16  # percent of a bar, pixels of a column that hold a figure
MOST_LABELS = 12  # under columns; of more, only every second or third month is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a bar, with its figure where it has the room."""

    x: str
    y: str
    width: str
    height: str
    key: str
    units: int
    part: int
    at_x: str
    at_y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: the lines of its label, its pieces and the figure of all of them."""

    label: str
    lines: tuple[tuple[str, str], ...]
    x: str
    y: str
    pieces: tuple[Piece, ...]
    total: str
    total_x: str
    total_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart to set: `height` in pixels; `description` tells all its numbers; `kind` count or money."""

    height: int
    kind: str
    description: str
    bars: tuple[Bar, ...]


def drawn(chart: Chart, figures: Figures) -> Drawing:
    """The chart as it is with all plans."""
    kinds = {number.kind for _, numbers in chart.rows for number in numbers}
    kind = "money" if "money" in kinds else "count"
    most = max((_sum(numbers) for _, numbers in chart.rows), default=0) or 1
    make = _columns if chart.upright else _bars
    bars = tuple(make(chart, figures, most))
    height = HEAD + TALL + FOOT if chart.upright else _below(chart)
    return Drawing(height=height, kind=kind, description=description(chart), bars=bars)


def description(chart: Chart) -> str:
    """All its numbers in words."""
    rows = (f"{label}: {', '.join(_said(chart, numbers))}" for label, numbers in chart.rows)
    return f"{chart.heading}. {'. '.join(rows)}."


def _said(chart: Chart, numbers: Sequence[Number]) -> Iterator[str]:
    for part, number in zip(chart.parts, numbers, strict=True):
        yield f"{part} {told(number, short=True)}" if len(chart.parts) > 1 else told(number, short=True)


def _bars(chart: Chart, figures: Figures, most: int) -> Iterator[Bar]:
    top = 0
    for label, numbers in chart.rows:
        lines = _lines(label)
        y = top + LINE * len(lines) + 2
        at = 0.0
        pieces = []
        for part, number in enumerate(numbers):
            width = 100 * units(number.value, number.kind) / most
            fits = len(numbers) > 1 and width >= ROOM_ACROSS
            pieces.append(
                Piece(
                    x=f"{at:.2f}%", y=str(y), width=f"{width:.2f}%", height=str(THICK),
                    key=figures.key(number), units=units(number.value, number.kind), part=part,
                    at_x=f"{at + width / 2:.2f}%", at_y=str(y + 13), text=told(number, short=True) if fits else "",
                )
            )  # fmt: skip
            at += width
        yield Bar(
            label=label, lines=tuple((line, str(top + LINE * n + 14)) for n, line in enumerate(lines)), x="0", y="",
            pieces=tuple(pieces), total=_total(numbers), total_x="100%", total_y=str(top + 14),
        )  # fmt: skip
        top = y + THICK + GAP


def _columns(chart: Chart, figures: Figures, most: int) -> Iterator[Bar]:
    step = 100 / len(chart.rows)
    every = -(-len(chart.rows) // MOST_LABELS)
    for n, (label, numbers) in enumerate(chart.rows):
        left, bottom = step * n + step * 0.1, float(HEAD + TALL)
        middle = f"{step * n + step / 2:.2f}%"
        pieces = []
        for part, number in enumerate(numbers):
            tall = TALL * units(number.value, number.kind) / most
            bottom -= tall
            fits = len(numbers) > 1 and tall >= ROOM_UP
            pieces.append(
                Piece(
                    x=f"{left:.2f}%", y=f"{bottom:.2f}", width=f"{step * 0.8:.2f}%", height=f"{tall:.2f}",
                    key=figures.key(number), units=units(number.value, number.kind), part=part,
                    at_x=middle, at_y=f"{bottom + tall / 2 + 4.5:.2f}", text=told(number, short=True) if fits else "",
                )
            )  # fmt: skip
        lines = ((label, str(HEAD + TALL + 17)),) if n % every == 0 else ()
        yield Bar(
            label=label, lines=lines, x=middle, y="", pieces=tuple(pieces), total=_total(numbers), total_x=middle,
            total_y=f"{bottom - 5:.2f}",
        )  # fmt: skip


def _below(chart: Chart) -> int:
    return sum(LINE * len(_lines(label)) + 2 + THICK + GAP for label, _ in chart.rows)


def _lines(label: str) -> list[str]:
    return textwrap.wrap(label, LABEL) or [""]


def _sum(numbers: Sequence[Number]) -> int:
    return sum(units(number.value, number.kind) for number in numbers)


def _total(numbers: Sequence[Number]) -> str:
    first = numbers[0]
    return told(Number(value=sum(number.value for number in numbers), kind=first.kind), short=True)
