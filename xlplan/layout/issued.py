"""The form as issued: what is sealed of a layout, small enough to be kept with every form, and a layout again from it.

Wording changes from one xlplan to the next, and a district may change its own template while copies are out. A copy
is read and compared by the texts and addresses that it was issued with; the answers go to the fields of today's form.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from xlplan.form.expressions import literal
from xlplan.layout.book import Book
from xlplan.layout.model import Input, Layout, Line, Put, SheetPlan
from xlplan.layout.witnesses import WAY_BACK, fixed_of, shown

_UNSEALED = ("live", "meta")  # keys of hidden sheets that hold no text for people, nor a list
_PLAIN = "plain"


def sealed_of(layout: Layout) -> bytes:
    """Locked texts, places of formulas, inputs with their rules, names of lists: compressed JSON.

    Like layouts give like bytes.
    """
    sheets = [_sheet(plan) for plan in layout.sheets if plan.key not in _UNSEALED]
    data = {"names": dict(layout.names), "sheets": sheets}
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def as_issued(layout: Layout, sealed: bytes) -> Layout:
    """The layout with texts, names and addresses as they were sealed.

    Only for locating and comparing: rows have no height and formulas say nothing. Inputs and sheets that today's form
    no longer has are not in it, so that what stands there is told of as left over; nor are those it did not have yet.
    """
    data = json.loads(zlib.decompress(sealed))
    plans = {plan.key: plan for plan in layout.sheets}
    known = {path: item for path, (_, item) in layout.inputs.items()}
    sheets = [_plan(plans[one["key"]], one, known) for one in data["sheets"] if one["key"] in plans]
    sheets += [plans[key] for key in _UNSEALED if key in plans]
    inputs = {item.path: (plan, item) for plan in sheets for item in plan.inputs}
    return replace(layout, sheets=tuple(sheets), names=data["names"], inputs=inputs)


def likest(layouts: Iterable[Layout], book: Book) -> Layout:
    """Of several wordings the one that the workbook shows, wherever its rows stand now; of equals the first."""
    texts = [
        (layout, frozenset().union(*(fixed_of(plan).texts for plan in layout.sheets))) for layout in layouts
    ]
    every = frozenset().union(*(own for _, own in texts))
    held = every & {
        shown(cell.value)
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if isinstance(cell.value, str)
    }
    return min(texts, key=lambda one: len(one[1] ^ held))[0]


def _sheet(plan: SheetPlan) -> dict[str, Any]:
    formulas: dict[str, list[tuple[int, int]]] = {}
    for put in plan.puts:
        if put.formula is not None:
            formulas.setdefault(put.style, []).append((put.row, put.column))
    return {
        "key": plan.key,
        "title": plan.title,
        "lines": [(line.row, line.tag, line.number) for line in plan.lines],
        "texts": [_text(put) for put in plan.puts if put.formula is None and put.value is not None],
        "formulas": formulas,
        "inputs": [
            (item.path, item.row, item.column, item.header, item.rule, item.locked) for item in plan.inputs
        ],
    }


def _text(put: Put) -> tuple[Any, ...]:
    if isinstance(put.value, date):
        return put.row, put.column, put.value.isoformat(), "day"
    return (put.row, put.column, put.value) + ((WAY_BACK,) if put.style == WAY_BACK else ())


def _plan(plan: SheetPlan, sealed: dict[str, Any], known: dict[str, Input]) -> SheetPlan:
    return replace(
        plan,
        title=sealed["title"],
        lines=tuple(
            Line(row=row, height=0.0, tag=tag, number=number) for row, tag, number in sealed["lines"]
        ),
        puts=(
            *(_put(*text) for text in sealed["texts"]),
            *(
                Put(row=row, column=column, formula=literal(""), style=style)
                for style, places in sealed["formulas"].items()
                for row, column in places
            ),
        ),
        inputs=tuple(_input(known[path], *more) for path, *more in sealed["inputs"] if path in known),
    )


def _put(row: int, column: int, value: str | float, kind: str = "") -> Put:
    if kind == "day":
        return Put(row=row, column=column, value=date.fromisoformat(str(value)), style=_PLAIN)
    return Put(row=row, column=column, value=value, style=kind or _PLAIN)


def _input(item: Input, row: int, column: int, header: list[int] | None, rule: str, locked: bool) -> Input:
    at = (header[0], header[1]) if header else None
    return replace(item, row=row, column=column, header=at, rule=rule, locked=locked)
