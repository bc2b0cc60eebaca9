"""The chart of the sheet Timeline: months as stacked columns of what is done, overdue and not yet due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from xlplan.rollup.book import Figure, Page
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import DONE, GOING, OPEN, OVERDUE, SOON, STATUSES
from xlplan.rollup.look import BARS, EDGE, INK, SOFT, TITLE, heads
from xlplan.rollup.measures import values_by
from xlplan.rollup.standard import ACTIVITIES

PARTS = {"Done": (DONE,), "Overdue": (OVERDUE,), "Not yet due": (SOON, GOING, OPEN)}
SIZE = (1040, 280)  # pixels
CHART_ROWS = 15
FONT = {"name": "Calibri", "size": 10, "color": INK}


def insert_chart(
    page: Page,
    deck: Deck,
    sheet: str,
    row: int,
    place: tuple[int, int, Sequence[date], Sequence[str]],
    title: str,
) -> int:
    """Write the three parts below the statuses and the chart under them; gives the next free row.

    `place`: row of the first status, column of the first month, the months and their names.
    """
    first, column, months, labels = place
    counts = values_by(deck.store, ACTIVITIES, "status", "month")
    page.heading(row, "By month: done, overdue, not yet due")
    page.row(row + 1, ["Part", *[None] * (column - 1), *labels],
             heads(["row.bold", *["row"] * (column - 1), *["row.count"] * len(labels)]), 22)  # fmt: skip
    told = []
    for at, (part, statuses) in enumerate(PARTS.items(), start=row + 2):
        values = [sum(int(counts.get((s, day.isoformat()), 0)) for s in statuses) for day in months]
        figures = [
            Figure(
                known, "=" + "+".join(page.at(first + STATUSES.index(s), column + offset) for s in statuses)
            )
            for offset, known in enumerate(values)
        ]
        page.row(at, [part, *[None] * (column - 1), *figures],
                 ["row.bold", *["row"] * (column - 1), *["row.count"] * len(figures)], 20)  # fmt: skip
        told.append(f"{part}: " + ", ".join(f"{label} {n}" for label, n in zip(labels, values, strict=True)))
    chart = page.book.file.add_chart({"type": "column", "subtype": "stacked"})
    last = column + len(months) - 1
    for number, at in enumerate(range(row + 2, row + 2 + len(PARTS))):
        chart.add_series({
            "name": [sheet, at, 0], "categories": [sheet, row + 1, column, row + 1, last],
            "values": [sheet, at, column, at, last], "fill": {"color": BARS[number]}, "gap": 60, "overlap": 100,
            "border": {"color": "#FFFFFF", "width": 0.75},
            "data_labels": {"value": True, "num_format": "0;;", "position": "center",
                            "font": {**FONT, "bold": True, "color": "#FFFFFF" if number < 2 else INK}},
        })  # fmt: skip
    _dress(chart, title)
    below = row + 3 + len(PARTS)
    text = f"Stacked column chart. {title}. {'; '.join(told)}."
    page.sheet.insert_chart(below, 0, chart, {"description": text, "object_position": 2, "x_offset": 4})
    for at in range(below, below + CHART_ROWS):
        page.sheet.set_row(at, 15)
    return below + CHART_ROWS


def _dress(chart: Any, title: str) -> None:
    font = {"name": "Calibri", "size": 14, "bold": True, "color": TITLE}
    chart.set_title({"name": title, "name_font": font, "overlay": True, "layout": {"x": 0.012, "y": 0.03}})
    chart.set_size({"width": SIZE[0], "height": SIZE[1]})
    chart.set_chartarea({"border": {"color": SOFT}, "fill": {"color": "#FFFFFF"}})
    chart.set_x_axis({"num_font": FONT, "line": {"color": EDGE}, "major_tick_mark": "none",
                      "major_gridlines": {"visible": False}})  # fmt: skip
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend(
        {"position": "top", "font": FONT, "layout": {"x": 0.01, "y": 0.13, "width": 0.4, "height": 0.09}}
    )
    chart.set_plotarea({"layout": {"x": 0.015, "y": 0.25, "width": 0.97, "height": 0.62}})
