"""Plans in, one tidy table per table of the template out: a row a row, keys before, lineage behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from xlplan.rollup.data import Column, PlanRecord, Shape, TableShape

WHOSE = ("district_id", "district", "school_id", "school", "template", "version", "draft")
LINEAGE = ("file", "sheet", "cell")
CENTS = Decimal("0.01")


def tidy(shape: Shape, plans: Sequence[PlanRecord]) -> dict[str, pd.DataFrame]:
    """The tables by name, rows in the order of `plans` and of each plan; one without rows keeps its columns.

    `number` counts a row in its plan from 1, `slot` is its place in the workbook from 0. Missing is None, in
    yes-no and integer columns `pd.NA`. A value that is not of its column's kind is missing: the findings of
    a draft name it.
    """
    return {table.name: _frame(table, plans) for table in shape.tables}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, None for whatever is missing."""
    columns = [str(name) for name in frame.columns]
    lists = [[None if pd.isna(value) else value for value in frame[name].tolist()] for name in columns]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def keys_of(table: TableShape) -> tuple[str, ...]:
    """The columns that number a row and the rows around it."""
    return (*(f"{parent}_number" for parent in table.parents), "number", "slot")


def field_columns(table: TableShape) -> dict[str, Column]:
    """The table's fields by the column they stand in.

    The plan's own row names district and school again; they stand once. A field that is named like a key
    or a lineage column gets an underscore.
    """
    taken = {*WHOSE, *keys_of(table), *LINEAGE}
    return {
        f"{column.name}_" if column.name in taken else column.name: column
        for column in table.columns
        if column.name not in WHOSE
    }


def columns_of(table: TableShape) -> tuple[str, ...]:
    """Every column of the tidy table, in order."""
    return (*WHOSE, *keys_of(table), *field_columns(table), *LINEAGE)


def _frame(table: TableShape, plans: Sequence[PlanRecord]) -> pd.DataFrame:
    rows = [_record(table, plan, row) for plan in plans for row in _rows(table, plan)]
    frame = pd.DataFrame(rows, columns=list(columns_of(table)), dtype=object)
    for name in ("version", *keys_of(table)):
        frame[name] = frame[name].astype("Int64")
    frame["draft"] = frame["draft"].astype("boolean")
    for name, column in field_columns(table).items():
        if column.kind == "integer":
            frame[name] = frame[name].astype("Int64")
        elif column.kind == "yes-no":
            frame[name] = frame[name].astype("boolean")
    return frame


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a plan: its values, its place in slots, and the numbers and slot that lead to it."""

    item: Any
    place: str
    numbers: tuple[int, ...]
    slot: int


def _rows(table: TableShape, plan: PlanRecord) -> Iterator[_Row]:
    if not table.path:
        yield _Row(plan.plan, "", (1,), 0)
        return
    names = [segment.removesuffix("[]") for segment in table.path.split(".")]
    yield from _walk(plan, names, "", _Row(plan.plan, "", (), 0))


def _walk(plan: PlanRecord, names: Sequence[str], closed: str, row: _Row) -> Iterator[_Row]:
    """The rows below `row`; `closed` is its path with lists closed up, as `plan.slots` speaks."""
    value = row.item.get(names[0]) if isinstance(row.item, Mapping) else None
    path, place = _joined(closed, names[0]), _joined(row.place, names[0])
    if isinstance(value, Mapping):
        found = [(path, _Row(value, place, row.numbers if names[1:] else (*row.numbers, 1), 0))]
    else:
        items = value if isinstance(value, list | tuple) else ()
        slots = plan.slots.get(path, ())
        found = []
        for index, item in enumerate(items):
            slot = slots[index] if index < len(slots) else index
            found.append(
                (f"{path}[{index}]", _Row(item, f"{place}[{slot}]", (*row.numbers, index + 1), slot))
            )
    for deeper, inner in found:
        if names[1:]:
            yield from _walk(plan, names[1:], deeper, inner)
        else:
            yield inner


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _record(table: TableShape, plan: PlanRecord, row: _Row) -> dict[str, Any]:
    fields = field_columns(table)
    sheet, cell = _cell(table, plan, row)
    record: dict[str, Any] = {name: getattr(plan, name) for name in WHOSE}
    record |= dict(zip(keys_of(table), (*row.numbers, row.slot), strict=True))
    record |= {name: typed(column, _value(table, row.item, column.name)) for name, column in fields.items()}
    return record | {"file": plan.file, "sheet": sheet, "cell": cell}


def _value(table: TableShape, item: Any, name: str) -> Any:
    """A field of a row; a row that is one plain value is its table's first field."""
    if not isinstance(item, Mapping):
        return item if name == table.columns[0].name else None
    value: Any = item
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _cell(table: TableShape, plan: PlanRecord, row: _Row) -> tuple[str | None, str | None]:
    """Sheet and cell of the row's first field that has a cell of its own."""
    places = [_joined(row.place, column.name) for column in table.columns]
    known = (plan.cells[place] for place in (*places, row.place) if place in plan.cells)
    return next(known, (None, None))


def typed(column: Column, value: Any) -> Any:
    """A value of a plan as its column has it: a date, a Decimal, a text …; None for what is not of its kind."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list | tuple):
        return "; ".join(str(part) for part in value)
    match column.kind:
        case "yes-no":
            return value if isinstance(value, bool) else None
        case "integer":
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case "date" | "past-date":
            return _day(value)
        case "money":
            return _dollars(value)
        case _:
            return value if isinstance(value, bool) else str(value)


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


def _dollars(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)).quantize(CENTS)
    except InvalidOperation:
        return None
