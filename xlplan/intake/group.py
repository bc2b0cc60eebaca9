"""Findings as people get them: in sheet order, and the same note about many cells of a sheet as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from xlplan.findings import Finding, Severity
from xlplan.form.expressions import column_number
from xlplan.intake.words import most_of
from xlplan.layout.model import Layout

MANY = 5  # cells of a sheet from which on a note is told once; fewer are told each where they stand
_ALSO = ("formula", "moved")  # warnings of which a whole column may earn one


def in_sheet_order(layout: Layout, findings: Iterable[Finding]) -> list[Finding]:
    """Findings by sheet as printed, then by row and column; those about the file first."""
    order = {sheet.title: number for number, sheet in enumerate(layout.sheets)}

    def key(item: Finding) -> tuple[int, int, int]:
        if not item.sheet:
            return (-1, 0, 0)
        letters = (item.cell or "").rstrip("0123456789")
        row = int((item.cell or "")[len(letters) :] or 0)
        return (order.get(item.sheet, len(order)), row, column_number(letters))

    return sorted(findings, key=key)


def grouped(findings: list[Finding]) -> list[Finding]:
    """The findings in their order, notes of one code about many cells of one sheet told at the first of them."""
    alike: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for item in findings:
        if item.sheet and item.cell and (item.severity is Severity.NOTE or item.code in _ALSO):
            alike[item.sheet, item.code].append(item)
    first = {id(items[0]): items for items in alike.values() if len(items) >= MANY}
    if not first:
        return findings
    rest = {id(item) for items in first.values() for item in items[1:]}
    return [
        _with_more(first[id(item)]) if id(item) in first else item
        for item in findings
        if id(item) not in rest
    ]


def _with_more(items: list[Finding]) -> Finding:
    """The first one, naming the others' cells, with what was read in each where that differs from cell to cell."""
    one, *more = items
    shown = [
        f"{item.cell} ({item.facts['read']})" if "read" in item.facts else item.cell or "" for item in more
    ]
    return replace(one, facts={**one.facts, "more": f" Likewise {len(more)} more cells: {most_of(shown)}."})
