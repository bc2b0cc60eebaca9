"""What can be wrong with an answer, for every field of any template: what its cell holds, and the code it earns."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from xlplan.form.expressions import serial
from xlplan.form.markers import Kind, Meaning
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group, bounds
from xlplan.layout.book import Book, Cell
from xlplan.layout.model import Input, Layout
from xlplan.samples import sample_plans

from . import edits

DAYS, TEXTS = (Kind.DATE, Kind.PAST_DATE), (Kind.TEXT, Kind.PROSE, Kind.PERSON)
ANSWERS: dict[Kind, object] = {
    Kind.TEXT: "An answer", Kind.PROSE: "An answer with 3 words more", Kind.PERSON: "R. Diaz",
    Kind.MONEY: "1200.50", Kind.YES_NO: True,
}  # fmt: skip
Plan = dict[str, Any]


def full_plan(spec: FormSpec) -> Plan:
    """The first sample with a first row in every table, and every answer of first rows but optional references."""
    plan = copy.deepcopy(sample_plans(spec.name)[0])
    _complete(spec, spec.root, plan)
    return plan


def _complete(spec: FormSpec, group: Group, data: Plan) -> None:
    for item in group.fields:
        if item.refers_to is None and data.get(item.name) in (None, []) and item.name not in HEADER:
            data[item.name] = _answer(spec, item)
    for inner in group.groups:
        if inner.slots is None:
            data[inner.name] = data.get(inner.name) or {}
            _complete(spec, inner, data[inner.name])
        elif inner.plain:
            data[inner.name] = data.get(inner.name) or [_answer(spec, inner.fields[0])]
        else:
            data[inner.name] = data.get(inner.name) or [{}]
            _complete(spec, inner, data[inner.name][0])


def _answer(spec: FormSpec, item: Field) -> object:
    if item.kind in DAYS:
        first, last = bounds(item, spec.facts.window)
        return (first if item.meaning is Meaning.START else last).isoformat()
    if item.kind is Kind.CHOICE:
        return item.choices[0]
    return [item.choices[0]] if item.kind is Kind.TICK else ANSWERS[item.kind]


def first_cells(layout: Layout) -> dict[str, Input]:
    """One input for every field of the form: the first slot's, and for ticks the first choice's."""
    found: dict[str, Input] = {}
    for path, (_, item) in layout.inputs.items():
        slots = [part.split("]")[0] for part in path.split("[")[1:]]
        first = all(slot == "0" or not slot.isdigit() for slot in slots)
        if first and not item.locked:
            found.setdefault(generic(item), item)
    return found


def generic(item: Input) -> str:
    """The field's name with its tables: "trends[].name"; a bare row's is its table's."""
    table = re.sub(r"\[\d+\]", "[]", item.group)
    return f"{table}.{item.name}".strip(".") if item.name else table


def illnesses(field: Field, *, plain: bool) -> Iterator[tuple[str, Cell]]:
    """Code and content of a cell, for every structural code that applies; an emptied `plain` row is no row."""
    yield "error-cell", Cell(None, error="#REF!")
    yield "formula-no-value", Cell(None, formula="1+1")
    if field.required and not field.many and not plain:
        yield "missing", Cell(None)
        yield "missing", Cell("  \u00a0 ")
    if field.kind in TEXTS and field.required:
        yield "missing", Cell("<insert the answer>")
    if field.kind in DAYS:
        yield "type", Cell("Fall 2026")
        yield "type", Cell(True)
    if field.kind is Kind.PAST_DATE:
        yield "range", Cell(datetime(2000, 1, 1))
    if field.kind is Kind.DATE:
        yield "date-outside-window", Cell(datetime(2000, 1, 1))
        yield "date-outside-window", Cell("10/2/2062")
    if field.kind is Kind.MONEY:
        yield "type", Cell("in kind")
        yield from (("range", Cell(amount)) for amount in (-500.0, 1.005, 1e10, 1e300))
    if field.refers_to is not None and not field.ticks:
        yield "unknown-reference", Cell("None of them")
        yield "unknown-reference", Cell(99.0)
    elif field.kind in (Kind.YES_NO, Kind.CHOICE, Kind.TICK):
        yield "choice", Cell("perhaps")
        yield "choice", Cell(7.0)
    if field.kind in TEXTS and field.limit:
        yield "too-long", Cell("x" * (field.limit + 1))
        yield "too-long", Cell("🎓" * (field.limit // 2 + 1))


def hanging_on(layout: Layout, book: Book, item: Input) -> set[str]:
    """The cells that choose the row whose name stands in this cell: broken with it."""
    name = held(book, layout, item.path)
    return {
        path
        for path, (_, other) in layout.inputs.items()
        if other.field.refers_to is not None
        and other.field.refers_to.by == "name"
        and other.field.refers_to.target == generic(item).replace("[]", "")
        and name is not None
        and held(book, layout, path) == name
    }


def held(book: Book, layout: Layout, path: str) -> object:
    """What a copy holds in the cell of a slot path."""
    sheet, item = layout.inputs[path]
    cells = next(one.cells for one in book.sheets if one.name == sheet.title)
    return cells.get((item.row, item.column), Cell(None)).value


def holding(book: Book, layout: Layout, path: str, cell: Cell) -> Book:
    """The workbook with that content in the cell of a slot path."""
    title, item = layout.inputs[path][0].title, layout.inputs[path][1]
    changed = {(item.row, item.column): cell}
    return replace(
        book,
        sheets=tuple(
            replace(sheet, cells={**sheet.cells, **changed}) if sheet.name == title else sheet
            for sheet in book.sheets
        ),
    )


def as_xml(cell: Cell) -> tuple[str, str]:
    """A cell's type and inner XML, as a file holds it."""
    if cell.error is not None:
        return "e", f"<v>{cell.error}</v>"
    if cell.formula is not None:
        return "", f"<f>{escape(cell.formula)}</f>"
    if isinstance(cell.value, bool):
        return "b", f"<v>{int(cell.value)}</v>"
    if isinstance(cell.value, str):
        return "inlineStr", f'<is><t xml:space="preserve">{escape(cell.value)}</t></is>'
    if isinstance(cell.value, datetime):
        return "", f"<v>{serial(cell.value.date())}</v>"
    return "", "" if cell.value is None else f"<v>{cell.value!r}</v>"


def _choices_changed(book: Any) -> None:
    book["Lists"]["A1"] = "Certainly"


def _rules_gone(book: Any) -> None:
    book["Resources"].data_validations.dataValidation = []


def _merged(book: Any) -> None:
    book["Resources"].merge_cells("D5:D6")


def _written_at(sheet: str, a1: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][a1] = value

    return change


def _called(sheet: str, method: str, *args: Any, **more: Any) -> Callable[[Any], None]:
    return lambda book: getattr(book[sheet], method)(*args, **more)


STRUCTURE: dict[str, Callable[[Any], object]] = {
    "label-changed": _written_at("Resources", "G4", "Reallocated?"),
    "list-changed": _choices_changed,
    "validation-gone": _rules_gone,
    "merged": _merged,
    "tag-column-deleted": _called("Resources", "delete_cols", 1),
    "cells-shifted-down": _called("Challenge 1", "move_range", "D8:D80", rows=1),
    "cells-shifted-up": _called("Challenge 1", "move_range", "D9:D80", rows=-1),
    "cells-shifted-right": _called("Challenge 1", "move_range", "D33:H38", cols=1),
}


def structural(healthy: Callable[[], bytes], layout: Layout) -> dict[str, Callable[[], bytes]]:
    """What a hand does to the sheets of an sfss copy: a maker by the name of the illness."""
    made: dict[str, Callable[[], bytes]] = {
        name: partial(_by_openpyxl, healthy, change) for name, change in STRUCTURE.items()
    }
    made["tag-overtyped"] = lambda: edits.put(
        healthy(), layout, "Resources", "A6", "inlineStr", "<is><t>mine</t></is>"
    )
    return made


def _by_openpyxl(healthy: Callable[[], bytes], change: Callable[[Any], object]) -> bytes:
    return edits.by_openpyxl(healthy(), change)
