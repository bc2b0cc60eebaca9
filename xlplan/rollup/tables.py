"""Plans in, the rows of one tidy table per table of the template out: keys before, lineage behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xlplan.rollup.data import Column, PlanRecord, TableShape
from xlplan.rollup.places import Place, joined, rows_of

WHOSE = ("district_id", "district", "school_id", "school", "template", "version", "draft")
LINEAGE = ("file", "sheet", "cell")
CENTS = Decimal("0.01")
MOST_DOLLARS = Decimal("999999999999.99")  # what numeric(14, 2) holds; a draft may hold any number
MOST_COUNT = 2**53


def tidy_rows(table: TableShape, plan: PlanRecord) -> Iterator[tuple[Any, ...]]:
    """The rows of one plan in a table, their values in the order of `columns_of`."""
    fields = field_columns(table)
    whose = tuple(getattr(plan, name) for name in WHOSE)
    for place in rows_of(table, plan):
        sheet, cell = _cell(table, plan, place)
        values = (typed(column, value_in(table, place.item, column.name)) for column in fields.values())
        yield (*whose, *place.numbers, place.slot, *values, plan.file, sheet, cell)


def keys_of(table: TableShape) -> tuple[str, ...]:
    """The columns that number a row and the rows around it."""
    return (*around(table), "number", "slot")


def around(table: TableShape) -> tuple[str, ...]:
    """The columns that number the rows around a row, outermost first."""
    return tuple(
        f"{part.removesuffix('[]')}_number" for part in table.path.split(".")[:-1] if part.endswith("[]")
    )


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


def value_in(table: TableShape, item: Any, name: str) -> Any:
    """A field of a row as the plan has it; a row that is one plain value is its table's first field."""
    if not isinstance(item, Mapping):
        return item if name == table.columns[0].name else None
    value: Any = item
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _cell(table: TableShape, plan: PlanRecord, place: Place) -> tuple[str | None, str | None]:
    """Sheet and cell of the row's first field that has a cell of its own."""
    places = (*(joined(place.path, column.name) for column in table.columns), place.path)
    return next((plan.cells[path] for path in places if path in plan.cells), (None, None))


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
            whole = isinstance(value, int) and not isinstance(value, bool)
            return value if whole and abs(value) <= MOST_COUNT else None
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
        dollars = Decimal(str(value))
        known = dollars.is_finite() and abs(dollars) <= MOST_DOLLARS
        return dollars.quantize(CENTS) if known else None
    except InvalidOperation:
        return None
