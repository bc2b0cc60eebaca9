"""A figure as data: which rows of which table it counts or sums. Its value, formula, filter and rows follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from sqlite3 import Row
from typing import Any, Protocol

from xlplan.rollup.facts import CODES, FactColumn, FactTable, table_named
from xlplan.rollup.store import Store

OPERATORS = {"=": "is", "<>": "is not", "<": "before", ">": "after", "<=": "until", ">=": "from"}
LITERAL = 250  # characters of a text within a formula, of which Excel takes 255
_UNSAFE = re.compile(r"[*?~]|^[=<>]|^\s|\s$")
_NUMBERLIKE = re.compile(
    r"^[-+$(]?[\d.,:/% \-eE+)]*\d[\d.,:/% \-eE+)]*$|^(true|false|wahr|falsch)$", re.IGNORECASE
)


class Region(Protocol):
    """A piece of a data sheet that a table, or a part of it, stands on."""

    def range(self, column: str) -> str:
        """The column's cells, as formulas of other sheets name them."""
        ...


Regions = Mapping[str, Sequence[Region]]
"""Where each table stands in a workbook; one past a sheet's row limit stands on several."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column; None asks for an empty cell (=) or a filled one (<>).

    `at`: the cell that holds the value in a formula, such as "$A5", where it stands in one. `code`: the number of a
    text from outside (`coded`), by which a formula compares instead.
    """

    column: str
    operator: str
    value: Any
    at: str = ""
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A count of rows, or the sum of a column (`sum`; money in cents), of the rows of a table that fit.

    `name` is what `trace` takes: lower case, "-" between words, unique in a rollup ("activities-overdue").
    """

    name: str
    label: str
    table: str
    where: tuple[Condition, ...] = ()
    sum: str = ""

    def where_also(self, column: str, value: Any, at: str = "", operator: str = "=") -> Measure:
        """The same of fewer rows."""
        return replace(self, where=(*self.where, Condition(column, operator, value, at)))

    @property
    def facts(self) -> FactTable:
        """The table it is taken over."""
        return table_named(self.table)


def coded(store: Store, measure: Measure, column: str, found: str | None) -> Measure:
    """The measure of the rows that have one text of a column of `facts.CODES`; its formula holds no such text."""
    code = None if found is None else store.code(measure.facts, column, found)
    return replace(measure, where=(*measure.where, Condition(column, "=", found, code=code)))


def value(store: Store, measure: Measure) -> int | Decimal:
    """The figure: a count, or a sum; of money in dollars and cents."""
    what = f"coalesce(sum({measure.sum}), 0)" if measure.sum else "count(*)"
    test, values = test_of(measure)
    found = int(store.one(f"SELECT {what} FROM {measure.table}_full WHERE {test}", values))
    return (
        Decimal(found).scaleb(-2) if measure.sum and _column(measure, measure.sum).kind == "money" else found
    )


def values_by(store: Store, measure: Measure, *columns: str) -> dict[Any, int | Decimal]:
    """The figure for each value of a column (or tuple of values of several), in one query."""
    what = f"coalesce(sum({measure.sum}), 0)" if measure.sum else "count(*)"
    test, values = test_of(measure)
    keys = ", ".join(columns)
    money = bool(measure.sum) and _column(measure, measure.sum).kind == "money"
    rows = store.rows(f"SELECT {keys}, {what} FROM {measure.table}_full WHERE {test} GROUP BY {keys}", values)
    return {
        row[0] if len(columns) == 1 else tuple(row)[:-1]: Decimal(row[-1]).scaleb(-2) if money else row[-1]
        for row in rows
    }


def rows(store: Store, measure: Measure) -> Iterator[Row]:
    """The rows behind the figure, by plan and place."""
    test, values = test_of(measure)
    return store.rows(f"SELECT * FROM {measure.table}_full WHERE {test} ORDER BY plan, n", values)


def words(measure: Measure) -> str:
    """The filter that reproduces the figure: "Data activities: Status is Overdue"."""
    parts = [
        f"{_column(measure, item.column).label} {OPERATORS[item.operator]} "
        f"{'empty' if item.value is None else _spoken(item.value)}"
        for item in measure.where
    ]
    what = f", sum of {_column(measure, measure.sum).label}" if measure.sum else ""
    return f"Data {measure.facts.title.lower()}: {', '.join(parts) or 'all rows'}{what}"


def formula(measure: Measure, regions: Regions) -> str | None:
    """The figure as a formula over the data sheets; None where it has no rows there to be taken over."""
    pieces = [_piece(measure, region) for region in regions.get(measure.table, ())]
    return "=" + "+".join(pieces) if pieces else None


def _piece(measure: Measure, region: Region) -> str:
    if any(item.code is not None for item in measure.where):
        where = (
            item if item.code is None else Condition(CODES[item.column], "=", item.code)
            for item in measure.where
        )
        return _piece(replace(measure, where=tuple(where)), region)
    if not measure.where:
        column = measure.sum or "plan"
        return f"{'SUM' if measure.sum else 'COUNT'}({region.range(column)})"
    if all(map(_plain_criterion, measure.where)):
        pairs = ",".join(f"{region.range(item.column)},{_criterion(item)}" for item in measure.where)
        return f"SUMIFS({region.range(measure.sum)},{pairs})" if measure.sum else f"COUNTIFS({pairs})"
    tests = "*".join(
        f"({region.range(item.column)}{item.operator}{_operand(item)})" for item in measure.where
    )
    return f"SUMPRODUCT({tests}*1,{region.range(measure.sum)})" if measure.sum else f"SUMPRODUCT({tests}*1)"


def _plain_criterion(item: Condition) -> bool:
    """Whether COUNTIFS reads the condition as it is meant: no wildcards, no text that it takes for a number."""
    if item.value is None:
        return item.operator == "<>"
    text = item.value
    return not isinstance(text, str) or not (
        len(text) > LITERAL or _UNSAFE.search(text) or _NUMBERLIKE.match(text)
    )


def _criterion(item: Condition) -> str:
    if item.value is None:
        return '"<>"'
    if isinstance(item.value, bool):
        return "TRUE" if item.value else "FALSE"
    if item.at:
        return item.at if item.operator == "=" else f'"{item.operator}"&{item.at}'
    if isinstance(item.value, str):
        start = "" if item.operator == "=" else item.operator
        return _quoted(start + item.value)
    return str(item.value) if item.operator == "=" else f'"{item.operator}{item.value}"'


def _operand(item: Condition) -> str:
    if item.value is None:
        return '""'
    if item.at:
        return item.at
    if isinstance(item.value, bool):
        return "TRUE" if item.value else "FALSE"
    return _quoted(item.value) if isinstance(item.value, str) else str(item.value)


def _quoted(text: str) -> str:
    pieces = [text[at : at + LITERAL].replace('"', '""') for at in range(0, len(text), LITERAL)]
    return "&".join(f'"{piece}"' for piece in pieces) or '""'


def _spoken(found: Any) -> str:
    return ("yes" if found else "no") if isinstance(found, bool) else str(found)


def _column(measure: Measure, name: str) -> FactColumn:
    return measure.facts.column(name)


def test_of(measure: Measure) -> tuple[str, list[Any]]:
    """The condition in SQL, equal without regard to case as a spreadsheet's = is, and its values."""
    tests, values = ["1"], []
    for item in measure.where:
        if item.value is None:
            tests.append(f"{item.column} IS {'NULL' if item.operator == '=' else 'NOT NULL'}")
            continue
        alike = " COLLATE NOCASE" if isinstance(item.value, str) and item.operator in ("=", "<>") else ""
        tests.append(f"{item.column} {item.operator} ?{alike}")
        values.append(item.value)
    return " AND ".join(tests), values
