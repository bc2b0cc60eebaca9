"""The month strip beside dated rows: a small square in each month from a row's start to its due date."""

from __future__ import annotations

from datetime import date

from xlplan.form.expressions import Expr, Values, serial
from xlplan.form.live import day
from xlplan.form.spec import FormFacts
from xlplan.layout.sheet import SheetBuilder

MONTH_WIDTH = 4.0
MOST_MONTHS = 12
SQUARE = "■"


def months_of(facts: FormFacts) -> list[date]:
    """The first day of each month of the plan, twelve at the most, and of the month after them."""
    first, last = facts.plan_from, facts.plan_to
    count = min(MOST_MONTHS, (last.year - first.year) * 12 + last.month - first.month + 1)
    return [_month(first, number) for number in range(count + 1)]


def strip_widths(facts: FormFacts) -> tuple[float, ...]:
    """A narrow column a month."""
    return (MONTH_WIDTH,) * (len(months_of(facts)) - 1)


def strip_head(b: SheetBuilder, row: int, first: int) -> None:
    """The months' names, as texts: a date in four characters would show as ###."""
    b.months = first
    for offset, month in enumerate(months_of(b.facts)[:-1]):
        b.text(row, first + offset, f"{month:%b}", "head.month")


def legend(b: SheetBuilder, row: int) -> None:
    """What a square means, said once above them."""
    if b.months:
        b.text(row, b.months, f"{SQUARE} planned in that month", "guide")


def strip(b: SheetBuilder, row: int, start: Expr | None, due: Expr | None, style: str) -> None:
    """The squares of one row, by formula."""
    if start is None or due is None:
        return
    months = months_of(b.facts)
    for offset in range(len(months) - 1):
        square = _square(start, due, serial(months[offset]), serial(months[offset + 1]))
        b.formula(row, b.months + offset, square, style)


def _square(start: Expr, due: Expr, first: int, following: int) -> Expr:
    def excel(here: str) -> str:
        s, d = start.excel(here), due.excel(here)
        return f'IF(COUNT({s},{d})<2,"",IF(AND({s}<{following},{d}>={first}),"{SQUARE}",""))'

    def twin(values: Values) -> str:
        s, d = day(start.twin(values)), day(due.twin(values))
        return SQUARE if s is not None and d is not None and s < following and d >= first else ""

    return Expr(excel, twin)


def _month(first: date, number: int) -> date:
    months = first.month - 1 + number
    return date(first.year + months // 12, months % 12 + 1, 1)
