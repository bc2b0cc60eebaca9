"""Returns: who sent what, and how much of the required answers is in, by sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.data import SchoolStatus, Shape
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import ACCEPTED, Report
from xlplan.rollup.words import counted

NAME = "Returns"
TOP = 2  # the row of the head
STATES = {
    "not-issued": "○ Not sent yet",
    "issued": "○ Not returned",
    "rejected": "▲ Needs corrections",
    "in-review": "▲ Sent back",
    "waiting": "▲ Needs a decision",
    "accepted": "✓ Accepted",
    "approved": "✓ Approved",
}
GUIDANCE = "Share of the required answers in, by sheet. Shaded: below 100%. A dash: nothing came back."
Shares = list[float | None]


def write_returns(book: Book, report: Report) -> str:
    """Write a row a school as a real table, a share a sheet, and the count below; the range of the states."""
    statuses = report.rollup.statuses
    families = families_of(report.rollup.shape, statuses)
    districts = len({status.district_id for status in statuses}) > 1
    fixed = ["School", "District", "State", "Returned"] if districts else ["School", "State", "Returned"]
    styles = [
        "row.bold",
        *["row"] * (len(fixed) - 2),
        "row.short-day",
        *["row.percent"] * (1 + len(families)),
    ]
    headers = [*fixed, "All sheets", *families]
    widths = [32, *[26] * (len(fixed) - 2), 13, *[14] * (1 + len(families))]
    page = book.page(NAME, [max(width, len(head) + 4) for width, head in zip(widths, headers, strict=True)])
    page.title(_title(report), GUIDANCE)
    page.sheet.set_row(TOP, 36)
    shares = [_shares(report.rollup.shape, status, families) for status in statuses]
    for row, (status, parts) in enumerate(zip(statuses, shares, strict=True), start=TOP + 1):
        page.row(row, _values(status, districts, parts), styles, height((status.name, widths[0])))
    last = TOP + max(1, len(statuses))  # a table has a row at least
    page.table("returns", TOP, headers, last - TOP, heads(styles))
    _count(page, last, len(fixed), shares, len(headers))
    _rules(page, last, len(fixed))
    page.sheet.freeze_panes(TOP + 1, 1)
    page.sheet.repeat_rows(0, TOP)
    return page.range(TOP + 1, last, len(fixed) - 2)


def families_of(shape: Shape, statuses: Sequence[SchoolStatus]) -> list[str]:
    """The families of sheets that hold answers, in the order of the form."""
    found = dict.fromkeys(_family(sheet, shape) for status in statuses for sheet, _, _ in status.completeness)
    order = list(dict.fromkeys(_family(sheet, shape) for sheet in shape.sheets))
    return sorted(found, key=lambda family: order.index(family) if family in order else len(order))


def _family(sheet: str, shape: Shape) -> str:
    """Where "Challenge 2" belongs: the tables' sheet title that is its plural, else its own stem."""
    stem = re.sub(r" \d+$", "", sheet)
    if stem == sheet:
        return sheet
    titles = (re.sub(r" \d+$", "", table.sheet_title) for table in shape.tables)
    # "Strategy" and "Strategies" agree up to the last letter of the singular.
    return next((title for title in titles if title.startswith(stem[:-1])), stem)


def state_words(status: SchoolStatus) -> str:
    """The state with its sign."""
    return STATES.get(status.state, status.state) + (", late" if status.late else "")


def _title(report: Report) -> str:
    schools = counted(len(report.rollup.statuses), "school")
    if not report.returned:
        return f"Returns: no plan has come back yet from {schools}"
    return f"Returns: {len(report.returned)} of {schools}, {len(report.in_state(*ACCEPTED))} accepted"


def _values(status: SchoolStatus, districts: bool, shares: Shares) -> list[Any]:
    whose = [status.name, status.district] if districts else [status.name]
    parts = ["–" if part is None else part for part in shares]
    return [*whose, state_words(status), status.received or "–", *parts]


def _shares(shape: Shape, status: SchoolStatus, families: Sequence[str]) -> Shares:
    """All sheets, then each family; None where nothing came."""
    sums = {family: [0, 0] for family in families}
    for sheet, filled, required in status.completeness:
        sums[_family(sheet, shape)][0] += filled
        sums[_family(sheet, shape)][1] += required
    if not status.completeness:
        return [None] * (1 + len(families))
    whole = (sum(filled for filled, _ in sums.values()), sum(required for _, required in sums.values()))
    return [_share(*pair) for pair in (whole, *sums.values())]


def _share(filled: int, required: int) -> float:
    """The share of required answers, rounded down to a percent: only what is complete reads 100%."""
    return 1.0 if filled >= required else int(100 * filled / required) / 100


def _count(page: Page, last: int, first: int, shares: Sequence[Shares], end: int) -> None:
    """How many schools have all of a sheet, below the table, so that filters leave it."""
    page.sheet.set_row(last + 1, 20)
    page.put(last + 1, 0, "Schools with all required answers in", "last")
    for column in range(1, first):
        page.put(last + 1, column, None, "last")
    for column in range(first, end):
        complete = sum(parts[column - first] == 1 for parts in shares)
        formula = f'=COUNTIF({page.range(TOP + 1, last, column)},1)&" of {len(shares)}"'
        page.put(last + 1, column, Figure(f"{complete} of {len(shares)}", formula), "last.count")


def _rules(page: Page, last: int, first: int) -> None:
    """Tints that follow the cells when the table is sorted."""
    short = {"type": "cell", "criteria": "<", "value": 1, "format": page.book.rule("if.short")}
    page.sheet.conditional_format(TOP + 1, first, last, page.last_column, short)
    page.signs(TOP + 1, last, first - 2)
