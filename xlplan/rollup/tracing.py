"""A figure, or a row of a data sheet, back to the cells of the returned files that it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from sqlite3 import Row
from typing import Any

from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError
from xlplan.rollup.facts import LINEAGE, TABLES, WHOSE, FactColumn, FactTable
from xlplan.rollup.measures import Condition, Measure, rows, value, words
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.store import Store
from xlplan.rollup.words import cut, dollars, short_day

OPERATOR = re.compile(r"\s*(<>|<=|>=|=|<|>)\s*")
TEXT = 80  # characters of an answer that a line shows
# what a line says of a row of each table, where it has it; a sum's own column comes first
TOLD = {
    "plans": ("template", "state"),
    "activities": ("step", "owner", "due", "status"),
    "money": ("role", "item", "amount", "source"),
    "causes": ("cause", "name"),
    "benchmarks": ("kind", "benchmark", "due", "status"),
    "people": ("name", "part"),
    "needs": ("kind", "item", "need"),
    "priorities": ("priority", "strategy"),
    "completeness": ("section", "filled", "required"),
    "findings": ("code", "severity", "message"),
    "progress": ("step", "last", "now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One row behind a figure and the cell it was read from; a plan as a whole has a file alone.

    `counts`: what the row adds to the figure. `values`: what stands there, by the columns' labels.
    """

    row: str
    school_id: str
    school: str
    district: str
    template: str
    file: str
    sheet: str
    cell: str
    counts: int | Decimal
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """One row of a data sheet with all its values; `sha256` and `received` are those of its file, if it has one."""

    table: str
    traced: Traced
    sha256: str | None
    received: date | None
    folder: str


def figure_named(name: str) -> Measure:
    """The figure of that name. Raises UsageError with the nearest names."""
    known = {measure.name: measure for measure in FIGURES}
    if name in known:
        return known[name]
    by_label = {measure.label.casefold(): measure for measure in FIGURES}
    if found := by_label.get(name.casefold()):
        return found
    raise UsageError(
        f'There is no figure "{name}".{did_you_mean(name, known)} “xlplan trace” alone lists them all; '
        "a row is named as in column Row of the data sheets."
    )


def narrowed(measure: Measure, conditions: Sequence[str]) -> Measure:
    """The figure of the rows that also fit conditions such as "status=Overdue". Raises UsageError."""
    return replace(measure, where=(*measure.where, *(_condition(measure.facts, text) for text in conditions)))


def of_school(store: Store, measure: Measure, key: str) -> Measure:
    """The figure of one school alone, or of a district's own plan. Raises UsageError for one that is not there."""
    known = [row[0] for row in store.rows("SELECT DISTINCT key FROM plans")]
    if key not in known:
        raise UsageError(f'--school: there is no school "{key}" on the roster.{did_you_mean(key, known)}')
    own = store.one("SELECT 1 FROM plans WHERE key = ? AND school_id IS NULL LIMIT 1", [key])
    if not own:
        return measure.where_also("school_id", key)
    return measure.where_also("district_id", key).where_also("school_id", None)


def listing(store: Store) -> Iterator[tuple[Measure, int | Decimal, str]]:
    """Every figure with its value on the day of the store and the filter that reproduces it."""
    for measure in FIGURES:
        yield measure, value(store, measure), words(measure)


def traced(store: Store, measure: Measure) -> Iterator[Traced]:
    """The rows behind a figure, by plan and place, a few in memory at a time; their `counts` sum up to it."""
    table = measure.facts
    summed = table.column(measure.sum) if measure.sum else None
    told = dict.fromkeys((*([measure.sum] if measure.sum else ()), *TOLD[table.name]))
    columns = [table.column(name) for name in told]
    for row in rows(store, measure):
        yield _traced(row, columns, _adds(row, summed))


def row_named(store: Store, name: str) -> list[FoundRow]:
    """The rows of the data sheets with that id. Raises UsageError with what is nearest."""
    found = [
        _found(row, table)
        for table in TABLES
        if table.per_plan
        for row in store.rows(f"SELECT * FROM {table.name}_full WHERE row = ? ORDER BY plan, n", [name])
    ]
    if not found:
        raise UsageError(f'There is no row "{name}".{_nearest_row(store, name)}')
    shas = {row["plan"]: row for row in store.rows("SELECT plan, sha256, received FROM plans")}
    return [
        replace(item, sha256=shas[plan]["sha256"], received=_day(shas[plan]["received"]))
        for plan, item in found
    ]


def is_row(name: str) -> bool:
    """Whether a name is a row's and not a figure's: only rows have a colon."""
    return ":" in name


def told(amount: int | Decimal) -> str:
    """A count or an amount as people read it."""
    return dollars(amount) if isinstance(amount, Decimal) else f"{amount:,}"


def _condition(table: FactTable, text: str) -> Condition:
    parts = OPERATOR.split(text, maxsplit=1)
    columns = (*WHOSE, *table.columns, *LINEAGE) if table.per_plan else (WHOSE[0], *table.columns)
    if len(parts) != 3 or not parts[0].strip():
        raise UsageError(f"--where: {text!r} is not COLUMN=VALUE, such as status=Overdue.")
    name, operator, given = (part.strip() for part in parts)
    for column in columns:
        if name.casefold() in (column.name.casefold(), column.label.casefold()):
            return Condition(column.name, operator, _value(column, given, text))
    known = [column.name for column in columns]
    raise UsageError(
        f'--where: Data {table.title.lower()} has no column "{name}".{did_you_mean(name, known)} '
        f"It has: {', '.join(known)}."
    )


def _value(column: FactColumn, given: str, text: str) -> Any:
    """The value of a condition as the store holds it; nothing given asks for an empty cell."""
    if not given:
        return None
    try:
        match column.kind:
            case "yes-no":
                return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[
                    given.casefold()
                ]
            case "day":
                return date.fromisoformat(given)
            case "count":
                return int(given)
            case "money":
                return int((Decimal(given.replace("$", "").replace(",", "")) * 100).to_integral_exact())
            case _:
                return given
    except (KeyError, ValueError, InvalidOperation):
        wanted = {"yes-no": "yes or no", "day": "a day such as 2026-12-18", "count": "a whole number"}
        raise UsageError(
            f"--where: {text!r}: {column.label} is {wanted.get(column.kind, 'an amount such as 1200.50')}."
        ) from None


def _traced(row: Row, columns: Sequence[FactColumn], counts: int | Decimal) -> Traced:
    names = set(row.keys())
    return Traced(
        row=row["row"] or "" if "row" in names else "", school_id=row["key"], school=row["school"],
        district=row["district"], template=row["template"], file=row["file"] or "",
        sheet=(row["sheet"] or "") if "sheet" in names else "",
        cell=(row["cell"] or "") if "cell" in names else "", counts=counts,
        values={column.label: said for column in columns if (said := _said(column, row[column.name]))},
    )  # fmt: skip


def _found(row: Row, table: FactTable) -> tuple[int, FoundRow]:
    columns = [column for column in table.columns if not column.inner]
    found = _traced(row, columns, 1)
    return row["plan"], FoundRow(
        table=table.title, traced=found, sha256=None, received=None, folder=row["folder"]
    )


def _adds(row: Row, summed: FactColumn | None) -> int | Decimal:
    if summed is None:
        return 1
    found = row[summed.name] or 0
    return Decimal(found).scaleb(-2) if summed.kind == "money" else int(found)


def _said(column: FactColumn, found: Any) -> str:
    if found is None or found == "":
        return ""
    match column.kind:
        case "yes-no":
            return "yes" if found else "no"
        case "money":
            return dollars(Decimal(found).scaleb(-2))
        case "day":
            return short_day(date.fromisoformat(found))
        case _:
            return str(found)


def shortened(text: str) -> str:
    """An answer as one line has room for it."""
    return cut(text, TEXT)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _nearest_row(store: Store, name: str) -> str:
    """What was probably meant: a row of that school, or a school that has rows."""
    key = name.partition(":")[0]
    parts = [
        f"SELECT row FROM {table.name} WHERE substr(row, 1, ?) = ?"
        for table in TABLES
        if table.per_plan and table.name != "completeness"
    ]
    prefix = [len(key) + 1, f"{key}:"] * len(parts)
    known = {row[0] for row in store.rows(" UNION ".join(parts), prefix) if row[0]}
    if known:
        return did_you_mean(name, known)
    schools = {row[0] for row in store.rows("SELECT DISTINCT key FROM plans WHERE counted")}
    return f" No plan in the figures begins its rows with “{key}:”.{did_you_mean(key, schools)}"
