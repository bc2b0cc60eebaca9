"""A plan's JSON into slot paths: what `fill` types where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xlplan.errors import UsageError
from xlplan.form.markers import Kind
from xlplan.form.parts import top_of
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, Group
from xlplan.languages import say, speaking
from xlplan.layout.model import Layout
from xlplan.layout.rows import LETTERS, escaped, path_of

_HALVES = re.compile("[\ud800-\udfff]")


def poured(layout: Layout, plan: Mapping[str, Any]) -> dict[str, object]:
    """The value of each cell that the plan names, by slot path; None empties a cell, an absent key leaves it.

    A value that the form would refuse comes as typed text. Raises UsageError for an unknown field, a value of the
    wrong shape or more items than there are slots; nothing is poured then.
    """
    cells: dict[str, object] = {}
    with speaking(layout.spec.facts.language):
        _object(layout.spec.root, "", plan, cells)
    for path, value in cells.items():
        if value is not None and layout.is_elsewhere(path):
            raise UsageError(
                f"{path}: this workbook is one part of the plan, and {top_of(path)} stands in another. "
                "Leave it out of the plan, or fill it into the workbook of that part."
            )
        if value is not None and path not in layout.inputs:
            raise UsageError(f"{path}: the form has no such place.")
    return {path: value for path, value in cells.items() if path in layout.inputs}


def _object(group: Group, path: str, data: Any, cells: dict[str, object]) -> None:
    if data is None:
        data = dict.fromkeys(member.name for member in group.members)
    if not isinstance(data, Mapping):
        raise UsageError(f"{path or 'The plan'} must be an object, not {type(data).__name__}.")
    for name, value in data.items():
        member = group.member(name)
        where = path_of(path, name)
        if member is None:
            known = ", ".join(item.name for item in group.members)
            raise UsageError(f"There is no field {where!r}. {path or 'The plan'} has: {known}.")
        if isinstance(member, Field):
            if not (path == "" and name in HEADER):
                _field(member, where, value, cells)
        elif member.slots is None:
            _object(member, where, value, cells)
        else:
            _rows(member, where, value, cells)


def _rows(group: Group, path: str, items: Any, cells: dict[str, object]) -> None:
    items = [] if items is None else items
    if not isinstance(items, list):
        raise UsageError(f"{path} must be a list.")
    if len(items) > (group.slots or 0):
        raise UsageError(
            f"{path} has {len(items)} items and the form has room for {group.slots}. Ask for a copy with more rows."
        )
    for k in range(group.slots or 0):
        item = items[k] if k < len(items) else None
        if group.plain:
            _field(group.fields[0], f"{path}[{k}]", item, cells)
        else:
            _object(group, f"{path}[{k}]", item, cells)


def _field(item: Field, where: str, value: Any, cells: dict[str, object]) -> None:
    if item.ticks:
        _ticks(item, where, value or [], cells)
    elif item.many:
        values = value or []
        if len(values) > item.slots:
            raise UsageError(f"{where} has {len(values)} items and the form has room for {item.slots}.")
        for k in range(item.slots):
            cells[f"{where}[{k}]"] = values[k] if k < len(values) else None
    else:
        cells[where] = None if value is None else _typed(item, value, where)


def _ticks(item: Field, where: str, values: Any, cells: dict[str, object]) -> None:
    if not isinstance(values, list):
        raise UsageError(f"{where} must be a list.")
    if item.refers_to:
        letters = LETTERS
        for value in values:
            if value not in tuple(letters):
                raise UsageError(f"{where}: {value!r} is not the letter of a row.")
        cells.update(
            {f"{where}[{k}]": True if letter in values else None for k, letter in enumerate(letters)}
        )
        return
    for value in values:
        if value not in item.choices:
            raise UsageError(f"{where}: {value!r} is not one of: {'; '.join(item.choices)}.")
    cells.update(
        {f"{where}[{escaped(choice)}]": True if choice in values else None for choice in item.choices}
    )


def _typed(item: Field, value: Any, where: str) -> object:
    """The value as its cell holds it; what is not of the field's kind stays the text that was given."""
    if isinstance(value, (list, dict)):
        raise UsageError(f"{where} must be one value.")
    if isinstance(value, str) and _HALVES.search(value):
        raise UsageError(f"{where} holds half a character (a lone surrogate), which no workbook can hold.")
    if item.kind in (Kind.DATE, Kind.PAST_DATE):
        try:
            return date.fromisoformat(value)
        except (ValueError, TypeError):
            return str(value)
    if item.kind is Kind.MONEY:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        return amount if amount.is_finite() else str(value)
    if item.refers_to is not None and item.refers_to.by == "number":
        return say("Step ") + str(value)
    return value if isinstance(value, bool) and item.kind is Kind.YES_NO else str(value)
