"""Money: what the plans cost, by funding source and by school, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.figures import Money, key_of
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import counted, dollars, percent

TITLE_ROOM = 56  # characters of the title before the link at the right end

TOP = 3  # the row of the first head
NO_SOURCE = "No source named"
WIDTHS = (40, 14, 18, 18, 14)
STYLES = ("row.bold", "row.count", "row.count", "row.money", "row.percent")
TOTALS = ("last", "last.count", "last.count", "last.money", "last.percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCells:
    """Where the total stands, and each source with its amount."""

    total: str
    sources: tuple[tuple[str, str], ...]


def write_money(book: Book, report: Report, money: Money) -> MoneyCells:
    """Write the sums with formulas over the data; sources only where the template asks for them."""
    page = book.page(report.money_sheet, WIDTHS)
    page.title(title_of(report, money), report.basis)
    row, sources = _by_source(page, report, money) if money.source else (TOP - 1, ())
    total = _by_school(page, report, money, row)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(row + 1)  # only pages after it repeat it
    return MoneyCells(total=total, sources=sources)


def title_of(report: Report, money: Money) -> str:
    """The total in its plans; the largest source's share too where the title has room for its name."""
    start = f"{report.money_sheet}: {dollars(money.total)} in {counted(report.plans, 'plan')}"
    whole = f"{start}, {largest(money)}" if largest(money) else start
    return whole if len(whole) <= TITLE_ROOM else start


def largest(money: Money) -> str:
    """ "41% from Title I", or nothing where no source has an amount."""
    named = [(name, amount) for name, amount in money.by_source() if name and amount]
    return f"{percent(named[0][1], money.total)} from {named[0][0]}" if named else ""


def _by_source(page: Page, report: Report, money: Money) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The table of sources; the row that comes after it, and the cells of the amounts."""
    region = report.regions[money.table.name]
    source, amount = region.range(money.source or ""), region.range(money.amount)
    sources = money.by_source()
    last = TOP + 1 + len(sources)  # the row of the sums
    page.heading(TOP - 1, "By funding source")
    page.row(TOP, ["Funding source", "Items", "With an amount", "Amount", "Share"], heads(STYLES), 22)
    for row, (name, total) in enumerate(sources, start=TOP + 1):
        items = [item for item in money.items if (item[money.source or ""] or "").lower() == name.lower()]
        same = f"({source}=$A{row + 1})" if name else f'({source}="")'
        values = [
            name or NO_SOURCE,
            Figure(len(items), f"=SUMPRODUCT({same}*1)"),
            Figure(_priced(money, items), f"=SUMPRODUCT({same}*ISNUMBER({amount}))"),
            Figure(total, f"=SUMPRODUCT({same}*1,{amount})"),
            _share(total, money.total, row, last),
        ]
        page.row(row, values, STYLES, height((values[0], WIDTHS[0])))
    _sums(page, money, TOP + 1, last)
    return last + 2, tuple(
        (name or NO_SOURCE, page.at(TOP + 1 + at, 3)) for at, (name, _) in enumerate(sources)
    )


def _by_school(page: Page, report: Report, money: Money, top: int) -> str:
    """The table of schools below; the cell of the total."""
    region = report.regions[money.table.name]
    amount, ids = region.range(money.amount), region.range("school_id")
    names, formulas = report.plan_names(), report.by_formula(money.table.name, 3)
    gaps = Counter(key_of(item) for item in money.open)
    last = top + 2 + len(names)
    page.heading(top, "By school")
    page.row(top + 1, ["School", "Items", "With an amount", "Amount", "Share"], heads(STYLES), 22)
    for row, (key, name) in enumerate(names.items(), start=top + 2):
        items = [item for item in money.items if key_of(item) == key]
        total = sum((item[money.amount] or Decimal(0) for item in items), Decimal(0))
        same = f'({ids}="{key}")' if formulas else None
        values = [
            name,
            Figure(len(items), f"=SUMPRODUCT({same}*1)" if same else None),
            Figure(_priced(money, items), f"=SUMPRODUCT({same}*ISNUMBER({amount}))" if same else None),
            Figure(total, f"=SUMPRODUCT({same}*1,{amount})" if same else None),
            _share(total, money.total, row, last),
        ]
        page.row(row, values, STYLES, height((values[0], WIDTHS[0])))
    _sums(page, money, top + 2, last)
    if gaps:
        what = "an amount or a source" if money.source else "an amount"
        items_open = counted(len(money.open), "item")
        page.put(last + 2, 0, f"{items_open} in {counted(len(gaps), 'plan')} still without {what}: "
                 f"filter the sheet “{region.sheet}” for empty cells.", "note")  # fmt: skip
    return page.at(last, 3)


def _priced(money: Money, items: Sequence[Mapping[str, Any]]) -> int:
    return sum(item[money.amount] is not None for item in items)


def _share(part: Decimal, whole: Decimal, row: int, last: int) -> Figure:
    value = part / whole if whole else Decimal(0)
    return Figure(value, f"=IF(D${last + 1}=0,0,D{row + 1}/D${last + 1})")


def _sums(page: Page, money: Money, first: int, last: int) -> None:
    counts = [
        Figure(len(money.items), _sum("B", first, last)),
        Figure(_priced(money, money.items), _sum("C", first, last)),
    ]
    total = Figure(money.total, _sum("D", first, last))
    page.row(
        last, ["All", *counts, total, Figure(1 if money.total else 0, _sum("E", first, last))], TOTALS, 20
    )


def _sum(letter: str, first: int, last: int) -> str:
    return f"=SUM({letter}{first + 1}:{letter}{last})"
