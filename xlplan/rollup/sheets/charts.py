"""Charts data, a sheet to be seen, and the charts drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.look import BARS, EDGE, INK, SOFT, TAG, TITLE, heads
from xlplan.rollup.sheets.stories import Story, stories_of

NAME = "Charts data"
SIZE = (478, 300)  # pixels
FIRST = 3  # the row of the first head
FONT = {"name": "Calibri", "size": 10, "color": INK}


def charts_of(book: Book, stories: Sequence[Story]) -> list[Any]:
    """The charts, drawn from a sheet that is written later; where they stand is the summary's to say."""
    return [_chart(book, story, head) for story, head in zip(stories, _heads(stories), strict=True)]


def _heads(stories: Sequence[Story]) -> list[int]:
    """The row of each story's head: a block a story, with air between."""
    rows = [FIRST]
    for story in stories[:-1]:
        rows.append(rows[-1] + len(story.rows) + 4)
    return rows[: len(stories)]


def _write(book: Book, deck: Deck) -> None:
    """Write the numbers, a block a chart."""
    stories = stories_of(deck)
    page = book.page(NAME, [44, 16, 16, 16], tab=TAG)
    page.title(
        "Charts data: what the charts of the summary show", "; ".join(story.title for story in stories) + "."
    )
    for story, row in zip(stories, _heads(stories), strict=True):
        page.heading(row - 1, f"{story.heading}. {story.filter}".removesuffix(". "))
        style = "row.money" if story.money else "row.count"
        page.row(row, [None, *story.parts], heads(["row", *[style] * len(story.parts)]), 20)
        for at, (label, figures) in enumerate(story.rows, start=row + 1):
            page.row(at, [label, *figures], ["row", *[style] * len(figures)], 20)


def _chart(book: Book, story: Story, head: int) -> Any:
    stacked = len(story.parts) > 1
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"} if stacked else {"type": "bar"})
    last = head + len(story.rows)
    for part in range(len(story.parts)):
        chart.add_series(
            {
                "name": [NAME, head, part + 1],
                "categories": [NAME, head + 1, 0, last, 0],
                "values": [NAME, head + 1, part + 1, last, part + 1],
                "fill": {"color": BARS[part]},
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": max(40, 360 - 90 * len(story.rows)),  # few bars stay slim
                "overlap": 100 if stacked else 0,
                "points": _points(story),
                "data_labels": _labels(story, part),
            }
        )
    _dress(chart, story, stacked)
    return chart


def _points(story: Story) -> list[Any] | None:
    """The bar that the title speaks of in its own colour."""
    if story.spoken_of is None:
        return None
    fill = {"fill": {"color": BARS[1]}, "border": {"color": "#FFFFFF", "width": 0.75}}
    return [fill if at == story.spoken_of else None for at in range(len(story.rows))]


def _labels(story: Story, part: int) -> dict[str, Any]:
    """Numbers on the bars; a nought is not shown."""
    if len(story.parts) == 1:
        shape = "$#,##0;;" if story.money else "0"
        return {"value": True, "num_format": shape, "position": "outside_end", "font": {**FONT, "bold": True}}
    color = "#FFFFFF" if part < 2 else INK
    font = {**FONT, "bold": True, "color": color}
    return {"value": True, "num_format": "0;;", "position": "center", "font": font}


def _dress(chart: Any, story: Story, stacked: bool) -> None:
    font = {"name": "Calibri", "size": 14, "bold": True, "color": TITLE}
    chart.set_title(
        {"name": story.title, "name_font": font, "overlay": True, "layout": {"x": 0.025, "y": 0.03}}
    )
    chart.set_size({"width": SIZE[0], "height": SIZE[1]})
    chart.set_chartarea({"border": {"color": SOFT}, "fill": {"color": "#FFFFFF"}})
    names = {
        "num_font": FONT,
        "line": {"color": EDGE},
        "major_tick_mark": "none",
        "major_gridlines": {"visible": False},
    }
    values = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
    if stacked:
        chart.set_x_axis(names)
        chart.set_y_axis(values)
        chart.set_legend(
            {"position": "top", "font": FONT, "layout": {"x": 0.04, "y": 0.13, "width": 0.62, "height": 0.09}}
        )
        chart.set_plotarea({"layout": {"x": 0.03, "y": 0.25, "width": 0.94, "height": 0.64}})
    else:
        chart.set_y_axis({**names, "reverse": True})
        chart.set_x_axis(values)
        chart.set_legend({"none": True})
        chart.set_plotarea({"layout": {"x": 0.46, "y": 0.16, "width": 0.43, "height": 0.8}})


SHEET = Sheet(NAME, lambda deck: bool(stories_of(deck)), _write)
