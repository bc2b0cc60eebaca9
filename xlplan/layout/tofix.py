"""The sheet To fix of a correction copy: its plan, its columns and kinds of rows, and its place in the workbook."""

from __future__ import annotations

from dataclasses import replace

from xlplan.languages import say, speaking
from xlplan.layout import leftover
from xlplan.layout.model import Layout, Line, Put, SheetPlan
from xlplan.layout.place import META
from xlplan.layout.sheet import TAG, TAG_WIDTH, TOFIX

TITLE = "To fix"
WIDTHS = (TAG_WIDTH, 6.0, 19.0, 30.0, 36.0, 52.0, 18.0, 1.0)
NUMBER, LINK, FIELD, FOUND, DO, STATE = range(2, 8)
FOUND_ROW = 30  # of Meta: the first of the values found, one below the other in column B
FOUND_NAME = "found"  # of those cells: conditional formats may name no other sheet, but a name may lead there
MOST_FOUND = 5_000
ONE_PAGE = 22  # lines that still print readably on one page
TITLE_ROW, PURPOSE, KEY, GAP, FIX, NEED, PLAIN, HEAD, LINE = range(1, 10)  # a row of each kind


def skeleton() -> SheetPlan:
    """The sheet's plan: one row of each kind, for the styles that its rows take."""
    last = len(WIDTHS) - 1
    heights = (34.0, 23.0, 19.0, 8.0, 25.0, 25.0, 25.0, 22.0, 24.0)
    rest = range(2, last + 1)
    line = {
        NUMBER: "line.number", LINK: "line.link", FIELD: "line.text", FOUND: "line.text", DO: "line.text",
        STATE: "line.state",
    }  # fmt: skip
    head = dict.fromkeys(range(LINK, last + 1), "head") | dict.fromkeys((FIELD, FOUND, DO), "head.in")
    head[NUMBER] = "head.center"
    puts = [
        Put(row=TITLE_ROW, column=1, value=say(TITLE), style="title"),
        *(Put(row=TITLE_ROW, column=column, style="title.rule") for column in rest),
        Put(row=PURPOSE, column=1, style="purpose"),
        Put(row=KEY, column=TAG, style="tag"),
        Put(row=KEY, column=NUMBER, style="guide"),
        *(
            Put(row=row, column=NUMBER, style=style)
            for row, style in ((FIX, "group.fix"), (NEED, "group.need"), (PLAIN, "group.plain"))
        ),
        *(Put(row=row, column=FIELD, style="guide.in") for row in (FIX, NEED, PLAIN)),
        *(Put(row=HEAD, column=column, style=style) for column, style in head.items()),
        *(Put(row=LINE, column=column, style=style) for column, style in line.items()),
    ]
    return SheetPlan(
        key=TOFIX, title=say(TITLE), path="", widths=WIDTHS, puts=tuple(puts), inputs=(), tab="A1261C", one_page=True,
        lines=tuple(Line(row=row, height=points) for row, points in enumerate(heights, 1)), checks=("G5:G5000",),
    )  # fmt: skip


def correction_layout(layout: Layout, *, left_over: bool) -> Layout:
    """The layout of a form's correction copies: To fix after Start, Left over behind the plan, links to the first."""
    with speaking(layout.spec.facts.language):
        return _correction_layout(layout, left_over=left_over)


def _correction_layout(layout: Layout, *, left_over: bool) -> Layout:
    start, *others = (_linked(plan) for plan in layout.sheets)
    shown = [plan for plan in others if not plan.hidden]
    hidden = [plan for plan in others if plan.hidden]
    last = [leftover.skeleton()] if left_over else []
    names = {**layout.names, FOUND_NAME: f"{META}!$B${FOUND_ROW}:$B${FOUND_ROW + MOST_FOUND}"}
    return replace(layout, sheets=(start, skeleton(), *shown, *last, *hidden), names=names)


def _linked(plan: SheetPlan) -> SheetPlan:
    """The sheet with its way back leading to To fix."""
    puts = tuple(
        replace(put, value=say("Go to To fix"), link=f"'{say(TITLE)}'!A1")
        if put.style == "link.right"
        else put
        for put in plan.puts
    )
    return replace(plan, puts=puts)
