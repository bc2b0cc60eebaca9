"""Timeline: what is due in which month of the school year, by status and by school, and the plans as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from xlplan.rollup.axis import axis_of
from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import DONE, OVERDUE, SOON_DAYS, STATUSES, UNDATED
from xlplan.rollup.look import heads
from xlplan.rollup.measures import Measure, value, values_by
from xlplan.rollup.sheets.bars import BARS, has_bars, write_bars
from xlplan.rollup.sheets.blocks import Counter, write_block
from xlplan.rollup.sheets.naming import MOST, activity_noun, cut_note, plural, school_sql
from xlplan.rollup.sheets.timechart import insert_chart
from xlplan.rollup.standard import ACTIVITIES, ACTIVITIES_OVERDUE
from xlplan.rollup.words import counted, month, short_day

NAME = "Timeline"
FIXED = (30.0, 42.0, 12.5, 12.5, 11.5)
MONTH_WIDTH = 6.2
AT = len(FIXED)  # the column of the first month
SPARKS = 500  # schools, beyond which no shapes are drawn beside the numbers


def _write(book: Book, deck: Deck) -> None:
    months = months_of(deck)
    widths = [*FIXED, *[MONTH_WIDTH] * len(months)]
    page = book.page(NAME, widths)
    labels = [_label(day, len(months)) for day in months]
    page.title(_title(deck), finding(deck))
    derived = deck.store.one("SELECT 1 FROM activities WHERE derived LIMIT 1")
    told = " A form without a status is told by what is done and by the date." if derived else ""
    page.row(
        2,
        [f"As of {short_day(deck.as_of)}; due soon: within {SOON_DAYS} days.{told} {deck.basis}"],
        ["note"],
        20,
    )
    first, row = _by_status(page, deck, 3, months, labels)
    row = insert_chart(page, deck, NAME, row, (first, AT, months, labels), _chart_title(deck))
    row = _by_school(page, deck, row, months, labels, widths)
    if has_bars(deck):
        write_bars(page, deck, row, months, labels, widths)
    page.sheet.freeze_panes(1, 1)
    page.sheet.repeat_rows(0)


def months_of(deck: Deck) -> list[date]:
    sql = "SELECT min(due), max(due), min(start) FROM activities"
    found = next(deck.store.rows(sql))
    return axis_of([date.fromisoformat(day) for day in found if day], deck.as_of)


def _label(day: date, many: int) -> str:
    """The month as text, since a date would not fit; with its year where months come twice."""
    return month(day)[:3] + (f" {day:%y}" if many > 12 else "")


def _title(deck: Deck) -> str:
    every = int(value(deck.store, ACTIVITIES))
    noun = activity_noun(deck)
    return f"Timeline: {counted(every, noun, plural(noun))} in {counted(deck.plans, 'plan')}"


def _chart_title(deck: Deck) -> str:
    late = int(value(deck.store, ACTIVITIES_OVERDUE))
    nouns = plural(activity_noun(deck))
    return (
        f"{late:,} {nouns if late != 1 else activity_noun(deck)} overdue"
        if late
        else f"No {activity_noun(deck)} is overdue"
    )


def finding(deck: Deck) -> str:
    """How it stands, and which month to come is fullest."""
    done, late, undated = (
        int(value(deck.store, ACTIVITIES.where_also("status", status))) for status in (DONE, OVERDUE, UNDATED)
    )
    told = f"{done:,} done, {late:,} overdue" + (f", {undated:,} without a date" if undated else "")
    busy = next(deck.store.rows(
        "SELECT month, count(*) FROM activities WHERE due >= ? AND status <> ? GROUP BY month "
        "ORDER BY count(*) DESC, month LIMIT 1", [deck.as_of, DONE]
    ), None)  # fmt: skip
    if busy is None:
        return f"{told}; nothing is left to come."
    day = date.fromisoformat(busy[0])
    return f"{told}; the fullest month to come is {month(day)} {day.year} with {busy[1]:,}."


def in_month(measure: Measure, day: date) -> Measure:
    return measure.where_also("month", day, f"DATE({day.year},{day.month},1)")


def _by_status(
    page: Page, deck: Deck, top: int, months: Sequence[date], labels: Sequence[str]
) -> tuple[int, int]:
    """A row a status, a column a month; gives the row of the first status and the next free one."""
    counts = values_by(deck.store, ACTIVITIES, "status", "month")
    figure = Counter(deck, "activities", len(STATUSES) * (len(months) + 2), "Status and Month due")
    page.heading(top, "Due by month and status")
    head = top + 1 + bool(figure.note)
    if figure.note:
        page.row(top + 1, [figure.note], ["note"], 20)
    columns = ["Status", "Along the months", "All", "No date", "Other years", *labels]
    page.row(head, columns, heads(["row.bold", "row", *["row.count"] * (len(columns) - 2)]), 22)
    for at, status in enumerate(STATUSES, start=head + 1):
        own = ACTIVITIES.where_also("status", status)
        figures = _line(
            figure, own, months, {key[1]: many for key, many in counts.items() if key[0] == status}
        )
        page.row(at, [status, None, *figures], ["row.bold", "row", *["row.count"] * len(figures)], 20)
        _spark(page, at, len(months), "column")
    last = head + len(STATUSES)
    totals = _line(figure, ACTIVITIES, months, _summed(counts))
    page.row(last + 1, ["All", None, *totals], ["last", "last", *["last.count"] * len(totals)], 20)
    return head + 1, last + 2


def _summed(counts: dict[Any, Any]) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for (_, day), many in counts.items():
        sums[day] = sums.get(day, 0) + int(many)
    return sums


def _line(figure: Counter, measure: Measure, months: Sequence[date], known: dict[Any, Any]) -> list[Figure]:
    """All, without a date, in months that are not shown, and in each that is."""
    shown = [day.isoformat() for day in months]
    within = [
        figure(in_month(measure, day), int(known.get(text, 0)))
        for day, text in zip(months, shown, strict=True)
    ]
    dated = {day: int(many) for day, many in known.items() if day is not None}
    outside = sum(many for day, many in dated.items() if day not in shown)
    early = measure.where_also("month", months[0], f"DATE({months[0].year},{months[0].month},1)", "<")
    late = measure.where_also("month", months[-1], f"DATE({months[-1].year},{months[-1].month},1)", ">")
    both = [figure(part, 0).formula for part in (early, late)]
    other = Figure(outside, "=" + "+".join(str(part)[1:] for part in both) if all(both) else None)
    undated = figure(measure.where_also("month", None), int(known.get(None, 0)))
    return [figure(measure, sum(map(int, known.values()))), undated, other, *within]


def _spark(page: Page, row: int, many: int, kind: str) -> None:
    """The shape of a row's months, drawn in its cell; the numbers stand beside it."""
    area = f"{page.at(row, AT)}:{page.at(row, AT + many - 1).rsplit('!', 1)[1]}"
    page.sheet.add_sparkline(row, 1, {"range": area, "type": kind, "series_color": BARS, "min": 0})


def _by_school(
    page: Page, deck: Deck, top: int, months: Sequence[date], labels: Sequence[str], widths: Sequence[float]
) -> int:
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM activities"))
    figure = Counter(deck, "activities", min(plans, MOST) * (len(months) + 4), "Plan no. and Month due")
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose FROM plans WHERE plan IN (SELECT plan FROM activities) ORDER BY plan"
    )

    def line(row: Any) -> list[Any]:
        own = ACTIVITIES.where_also("plan", row["plan"])
        return [row["whose"], None, *_line(figure, own, months, values_by(deck.store, own, "month"))]

    columns = (("School", "row.bold"), ("Along the months", "row"), ("All", "row.count"), ("No date", "row.count"),
               ("Other years", "row.count"), *((label, "row.count") for label in labels))  # fmt: skip
    note = " ".join(filter(None, (cut_note(plans, "Data activities"), figure.note)))
    end = write_block(page, top, widths, "timeline", "By school", columns, map(line, found), note=note)
    for row in range(end - min(plans, MOST), end) if plans <= SPARKS else ():
        _spark(page, row, len(months), "column")
    return end


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM activities LIMIT 1")), _write)
