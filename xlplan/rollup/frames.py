"""Plans, and the tables of an export, as typed DataFrames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xlplan.form.text import harmless
from xlplan.rollup.data import PlanRecord, Shape, TableShape
from xlplan.rollup.exports.model import COUNT, DAY, MONEY, TEXT, YES_NO, ExportColumn, ExportTable, Value
from xlplan.rollup.tables import columns_of, field_columns, keys_of, tidy_rows

Frame = pd.DataFrame
TYPES: dict[str, Any] = {
    TEXT: "string",
    DAY: "datetime64[s]",
    COUNT: "Int64",
    YES_NO: "boolean",
    MONEY: "object",
}


def tidy(shape: Shape, plans: Sequence[PlanRecord]) -> dict[str, Frame]:
    """The tables by name, rows in the order of `plans` and of each plan; one without rows keeps its columns.

    `number` counts a row in its plan from 1, `slot` is its place in the workbook from 0. Missing is None, in
    yes-no and integer columns `pd.NA`. A value that is not of its column's kind is missing: the findings of
    a draft name it.
    """
    return {table.name: _frame(table, plans) for table in shape.tables}


def records(frame: Frame) -> list[dict[str, Any]]:
    """The rows as plain values, None for whatever is missing."""
    columns = [str(name) for name in frame.columns]
    lists = [[None if pd.isna(value) else value for value in frame[name].tolist()] for name in columns]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def frame_of(table: ExportTable) -> Frame:
    """The table: texts are string, days datetime64[s], counts Int64, yes-no boolean, amounts Decimal (object).

    Missing is pd.NA, of a day NaT, of an amount None. `frame.attrs` says what table and columns hold.
    """
    rows = list(table.rows())
    values = zip(*rows, strict=True) if rows else ((),) * len(table.columns)
    frame = pd.DataFrame(
        {column.name: _series(column, held) for column, held in zip(table.columns, values, strict=True)}
    )
    frame.attrs = {"about": table.about, "columns": {column.name: column.about for column in table.columns}}
    return frame


def _series(column: ExportColumn, values: Sequence[Value]) -> pd.Series:
    plain = [harmless(value) if isinstance(value, str) else value for value in values]
    return pd.Series(plain, dtype="object").astype(TYPES[column.kind])


def _frame(table: TableShape, plans: Sequence[PlanRecord]) -> Frame:
    rows = [row for plan in plans for row in tidy_rows(table, plan)]
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
