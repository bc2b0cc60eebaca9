"""The charts of a page as pictures of a printed report: the same bars, in pixels, with colours of their own."""

from __future__ import annotations

from dataclasses import dataclass

from xlplan.rollup.look import BARS, EDGE, GUIDE, INK
from xlplan.rollup.page.charts import Bar, Drawing, drawn
from xlplan.rollup.page.figures import Figures
from xlplan.rollup.report.model import Chart

WIDTH = 640  # pixels, of which the places along bars are percents
ON = ("#FFFFFF", "#FFFFFF", INK)  # of the figure on a bar of each colour


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of a bar with the figure on it."""

    x: float
    y: str
    width: float
    height: str
    fill: str
    at_x: float
    at_y: str
    text: str
    ink: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text at a place. `anchor` as SVG has it."""

    x: float
    y: str
    text: str
    anchor: str = "start"
    fill: str = INK
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to set. `legend`: what each colour stands for; `ground`: the line that columns stand on."""

    width: int
    height: int
    description: str
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]
    legend: tuple[tuple[str, str], ...]
    ground: str = ""
    edge: str = EDGE


def picture_of(chart: Chart) -> Picture:
    """The chart of all plans."""
    drawing = drawn(chart, Figures(counting=False))
    parts = list(zip(chart.parts, BARS, strict=False))
    return Picture(
        width=WIDTH, height=drawing.height, description=drawing.description,
        boxes=tuple(box for bar in drawing.bars for box in _boxes(bar)),
        words=tuple(word for bar in drawing.bars for word in _words(bar, chart)),
        legend=tuple((name, colour) for name, colour in parts) if len(parts) > 1 else (),
        ground=_ground(drawing) if chart.upright else "",
    )  # fmt: skip


def _boxes(bar: Bar) -> list[Box]:
    return [
        Box(
            x=_pixels(piece.x), y=piece.y, width=_pixels(piece.width), height=piece.height,
            fill=BARS[piece.part % len(BARS)], at_x=_pixels(piece.at_x), at_y=piece.at_y, text=piece.text,
            ink=ON[piece.part % len(ON)],
        )
        for piece in bar.pieces
        if piece.units
    ]  # fmt: skip


def _words(bar: Bar, chart: Chart) -> list[Words]:
    middle = "middle" if chart.upright else "start"
    lines = [Words(_pixels(bar.x), y, text, middle, GUIDE if chart.upright else INK) for text, y in bar.lines]
    if chart.upright and not any(piece.units for piece in bar.pieces):
        return lines
    anchor = "middle" if chart.upright else "end"
    return [*lines, Words(_pixels(bar.total_x), bar.total_y, bar.total, anchor, bold=True)]


def _ground(drawing: Drawing) -> str:
    """Where the columns end."""
    ends = [float(piece.y) + float(piece.height) for bar in drawing.bars for piece in bar.pieces[:1]]
    return f"{max(ends, default=0) + 0.5:.1f}"


def _pixels(place: str) -> float:
    """A place along the chart: percents of its width."""
    return (
        round(float(place.removesuffix("%") or 0) * WIDTH / 100, 2)
        if place.endswith("%")
        else float(place or 0)
    )
