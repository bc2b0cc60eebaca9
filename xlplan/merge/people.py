"""Answers and their places in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from xlplan.form.markers import Kind
from xlplan.intake.answers import generic
from xlplan.layout.model import Input, Layout
from xlplan.merge.values import Plain

NOTHING = "(empty)"


def in_words(value: Plain, kind: Kind) -> str:
    """An answer as a person would write it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "✓" if kind is Kind.TICK else "Yes" if value else "No"
    if kind in (Kind.DATE, Kind.PAST_DATE):
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            return str(value)
        return f"{day:%b} {day.day}, {day.year}"
    if kind is Kind.MONEY:
        try:
            return f"${Decimal(str(value)):,.2f}"
        except InvalidOperation:
            return str(value)
    return str(value)


def label_of(item: Input) -> str:
    """What people call an answer within its row."""
    return item.choice or (
        f"{item.field.label} {item.item + 1}" if item.item is not None else item.field.label
    )


def place_of(layout: Layout, path: str) -> tuple[str, str, str]:
    """Sheet, row and answer of a slot path in people's words; of a row without the answer."""
    if path in layout.inputs:
        sheet, item = layout.inputs[path]
        place = item.place if item.place != item.field.label else ""
        return sheet.title, _capital(place), label_of(item)
    first = next(known for known in layout.inputs if known.startswith((f"{path}.", f"{path}[")))
    sheet, item = layout.inputs[first]
    return sheet.title, _capital(item.place if item.group == path else _row(layout, path)), ""


def _row(layout: Layout, path: str) -> str:
    """A row of which no answer stands in the row itself: by its table's noun and its number."""
    table, _, slot = path.rpartition("[")
    return f"{layout.spec.group(generic(table)).noun} {int(slot[:-1]) + 1}"


def row_in_words(layout: Layout, cells: Mapping[str, Plain]) -> str:
    """A row's answers, a line each; what stands in rows inside it is named by its place."""
    lines = []
    several = len({layout.inputs[path][1].group for path in cells}) > 1
    for path, (_, item) in layout.inputs.items():
        if cells.get(path) is not None:
            inner = f"{item.place}, " if several else ""
            lines.append(f"{inner}{label_of(item)}: {in_words(cells[path], item.field.kind)}")
    return "\n".join(lines) or NOTHING


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
