"""Answers as values that can be compared, hashed and written as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from xlplan.form.markers import Kind
from xlplan.layout.model import Layout

Plain = str | bool | float | int | None

_MIDNIGHT = time()
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: object, kind: Kind) -> Plain:
    """An answer as the plan's JSON has it: days as ISO text, money with two decimals, an unset tick as nothing."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return (True if value else None) if kind is Kind.TICK else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        exact = value == value.quantize(Decimal("0.01")) if value.is_finite() else False
        return str(value.quantize(Decimal("0.01"))) if exact else str(value)
    if value is None or value == "":
        return None
    return value if isinstance(value, (str, int, float)) else str(value)


def typed(value: Plain, kind: Kind) -> object:
    """An answer as cells hold it: the way back from `plain`; what is not of its kind stays text."""
    if isinstance(value, str) and kind in (Kind.DATE, Kind.PAST_DATE):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, str) and kind is Kind.MONEY:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            return value
        return amount if amount.is_finite() else value
    return value


def typed_cells(layout: Layout, cells: Mapping[str, Plain]) -> dict[str, object]:
    """The answers as cells hold them: the way back from `plain_cells`."""
    return {path: typed(value, layout.inputs[path][1].field.kind) for path, value in cells.items()}


def plain_cells(layout: Layout, cells: Mapping[str, object]) -> dict[str, Plain]:
    """The filled answers by slot path, in sheet order; locked cells and paths that the form has not are left out."""
    found = {
        path: plain(cells[path], item.field.kind)
        for path, (_, item) in layout.inputs.items()
        if path in cells and not item.locked
    }
    return {path: value for path, value in found.items() if value is not None}


def values_hash(layout: Layout, cells: Mapping[str, object]) -> str:
    """The SHA-256 of a plan's answers, alike for files that say the same in other bytes."""
    inputs, answers = layout.inputs, {}
    for path, value in cells.items():
        item = inputs[path][1] if path in inputs else None
        if item is None or item.locked or (said := plain(value, item.field.kind)) is None:
            continue
        answers[path] = said
    text = _SORTED.encode([layout.spec.name, answers])
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
