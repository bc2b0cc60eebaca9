"""The month strip beside dated rows: a small square in each month from a row's start to its due date."""

from __future__ import annotations

from datetime import date

from xlplan.form.expressions import Expr, Values, compare, literal, or_else, total, when
from xlplan.form.live import FACTOR, day, day_of, days_given, high, low, packed
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.languages import say
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
    # at the mid-year check what became of the steps takes the room
    return (MONTH_WIDTH,) * (len(months_of(facts)) - 1) if facts.round != STATUS_ROUND else ()


def strip_head(b: SheetBuilder, row: int, first: int) -> None:
    """The months' names, as texts: a date in four characters would show as ###."""
    if b.facts.round == STATUS_ROUND:
        return
    b.months = first
    for offset, month in enumerate(months_of(b.facts)[:-1]):
        b.text(row, first + offset, say(f"{month:%b}"), "head.month")


def legend(b: SheetBuilder, row: int) -> None:
    """What a square means, said once above them."""
    if b.months:
        b.text(row, b.months, f"{SQUARE} {say('planned in that month')}", "guide")


def strip(b: SheetBuilder, row: int, line: int, start: Expr | None, due: Expr | None, style: str) -> None:
    """The squares of one row, by formula: its first and last column stand on its line of Live."""
    if start is None or due is None or not b.months:
        return
    span = b.live.note(line, "months", or_else(_span(b, start, due), 0))
    for offset in range(len(months_of(b.facts)) - 1):
        b.formula(row, b.months + offset, _square(b.months + offset, span), style)


def _square(column: int, span: Expr) -> Expr:
    """The same formula in every column, which compresses to next to nothing."""
    first, last = high(span), low(span)

    def excel(here: str) -> str:
        return f'IF(AND(COLUMN()>={first.excel(here)},COLUMN()<={last.excel(here)}),"{SQUARE}","")'

    return Expr(excel, lambda values: SQUARE if first.twin(values) <= column <= last.twin(values) else "")


def _span(b: SheetBuilder, start: Expr, due: Expr) -> Expr:
    """The columns of a row's first and last month, packed; 0 where it has not both dates."""
    both_ = compare(total([days_given(start), days_given(due)]), "=", literal(2))
    return when(both_, packed(_column(b, start), _column(b, due)), literal(0))


def _column(b: SheetBuilder, cell: Expr) -> Expr:
    """The column of a day's month; never beyond what can be packed."""
    shift = b.months - 12 * b.facts.plan_from.year - b.facts.plan_from.month

    def excel(here: str) -> str:
        d = cell.excel(here)
        return f"MAX(0,MIN({FACTOR - 1},12*YEAR({d})+MONTH({d}){shift:+d}))"

    def twin(values: Values) -> int:
        found = day_of(day(cell.twin(values)) or 0)
        return max(0, min(FACTOR - 1, 12 * found.year + found.month + shift))

    return Expr(excel, twin)


def _month(first: date, number: int) -> date:
    months = first.month - 1 + number
    return date(first.year + months // 12, months % 12 + 1, 1)
