"""One plan as a workbook of one sheet, to read and to print on letter paper: two pages where its size allows."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlplan.findings import Finding, Severity
from xlplan.form.spec import FormSpec
from xlplan.rollup.book import Book, Page
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.schools.content import SHORTS, Block, Heading, Line, Rows, content_of
from xlplan.rollup.words import counted, short_day

NAME = "Plan"
WIDTHS = (19.0, 62.0, 15.0, 18.0, 18.0, 14.0)
PAGE = 960.0  # points of rows that one page takes when its width fits
LEAST_SCALE = 0.68  # of that, under which words get too small to be read
PIECE = 1500  # characters that one row can show
SIGNS = {Severity.ERROR: "▲ To fix", Severity.WARNING: "! To check", Severity.ADVICE: "· Advice"}


def plan_sheet(
    spec: FormSpec,
    plan: PlanRecord,
    findings: Iterable[Finding] | None,
    statuses: Mapping[str, str],
    *,
    state: str,
    as_of: date,
) -> bytes:
    """The workbook. `statuses`: how activities stand on that day, by path; waived findings and notes are left out.

    For publishing there are no findings (None), and the state is not told (empty).
    """
    out = io.BytesIO()
    title = spec.facts.title or spec.form.title
    book = Book(out, footer=f"{plan.name} · {title} · {spec.facts.year}", as_of=as_of)
    page = book.page(NAME, WIDTHS)
    page.sheet.set_portrait()
    page.title(plan.name, _about(plan, title, spec.facts.year, state, as_of), home=False)
    points, row = 57.0, 2
    told = [*content_of(spec, plan, statuses), *(() if findings is None else _findings(findings))]
    for block in told:
        row, used = _write(page, row, block)
        points += used
    page.sheet.repeat_rows(0)
    page.sheet.print_area(0, 0, max(row - 1, 2), len(WIDTHS) - 1)
    if 2 * PAGE < points <= 2 * PAGE / LEAST_SCALE:
        page.sheet.fit_to_pages(1, 2)
    book.file.close()
    return out.getvalue()


def _about(plan: PlanRecord, title: str, year: str, state: str, as_of: date) -> str:
    whose = f"{plan.district}, " if plan.school else ""
    stands = (
        f"{state}, received {short_day(plan.received)}; activities as of {short_day(as_of)}." if state else ""
    )
    return f"{whose}{title}, {year}. {stands}".rstrip()


def _findings(findings: Iterable[Finding]) -> Iterator[Block]:
    """What was found and is not waived, the gravest first."""
    open_ = [item for item in findings if not item.waived and item.severity in SIGNS]
    order = list(SIGNS)
    open_.sort(key=lambda item: order.index(item.severity))
    yield Heading(f"Findings: {counted(len(open_), 'finding')}" if open_ else "Findings: none")
    if open_:
        yield Rows(
            "",
            ("Sheet", "Cell"),
            tuple(
                (SIGNS[item.severity], f"{item.message} {item.remedy}", (item.sheet or "", item.cell or ""))
                for item in open_
            ),
        )


def _write(page: Page, row: int, block: Block) -> tuple[int, float]:
    """Write a block; the row below it, and the points it takes."""
    match block:
        case Heading(text=text, level=1):
            page.heading(row, text)
            return row + 1, 30.0
        case Heading(text=text):
            page.sheet.set_row(row, 20)
            page.put(row, 0, text, "label")
            return row + 1, 20.0
        case Line():
            return _line(page, row, block)
        case Rows():
            return _rows(page, row, block)


def _line(page: Page, row: int, line: Line) -> tuple[int, float]:
    used = 0.0
    for number, piece in enumerate(_pieces(line.text)):
        label = line.label if number == 0 else ""
        points = _height([label, piece], (WIDTHS[0], sum(WIDTHS[1:])))
        style = "plan.strong" if line.strong else "plan.text"
        # Merged for once: nobody sorts this sheet, and prose in one column of it would take twice the paper.
        page.sheet.merge_range(row, 1, row, len(WIDTHS) - 1, "", page.book.style(style))
        page.row(row, [label, piece], ["plan.label", style], points)
        row, used = row + 1, used + points
    return row, used


def _rows(page: Page, row: int, table: Rows) -> tuple[int, float]:
    used = 0.0
    if table.title or table.heads:
        heads = ["", table.title, *table.heads, *[""] * (SHORTS - len(table.heads))]
        used = _height(heads)
        page.row(row, heads, ["head"] * len(heads), used)
        row += 1
    for name, words, shorts in table.rows:
        for number, piece in enumerate(_pieces(words)):
            values = [name, piece, *shorts] if number == 0 else ["", piece]
            values += [None] * (len(WIDTHS) - len(values))
            points = _height(values)
            page.row(row, values, [_style(at, value) for at, value in enumerate(values)], points)
            row, used = row + 1, used + points
    if table.total:
        values = ["Together", None, *table.total, *[None] * (SHORTS - len(table.total))]
        page.row(
            row, values, ["last.money" if isinstance(value, Decimal) else "last" for value in values], 20
        )
        row, used = row + 1, used + 20
    return row, used


def _height(values: Sequence[Any], widths: Sequence[float] = WIDTHS) -> float:
    """Points of a row, each value wrapped between words as its column does."""
    lines = 1
    for value, width in zip(values, widths, strict=False):
        room = int(1.12 * width) - 1
        found = sum(len(textwrap.wrap(line, room)) or 1 for line in _text(value).split("\n"))
        lines = max(lines, found)
    return min(lines * 14.6 + 4, 409.0)


def _style(at: int, value: Any) -> str:
    match value:
        case Decimal():
            return "plan.money"
        case date():
            return "plan.day"
        case _:
            return "plan.name" if at == 0 else "plan.cell"


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"${value:,.2f}"
    return "" if value is None or isinstance(value, date) else str(value)


def _pieces(text: str) -> Sequence[str]:
    """A long answer in pieces that a row can show, cut between words; all of it."""
    found = []
    while len(text) > PIECE or text.count("\n") > 24:
        lines = text.split("\n")
        limit = min(PIECE, len("\n".join(lines[:24])) if len(lines) > 25 else PIECE)
        end = max(text.rfind(" ", limit // 2, limit), text.rfind("\n", limit // 2, limit))
        end = end if end > 0 else max(limit, 1)
        found.append(text[:end])
        text = text[end:].lstrip()
    return [*found, text]
