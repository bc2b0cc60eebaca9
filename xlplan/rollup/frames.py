"""Tables of an export as typed DataFrames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xlplan.form.text import harmless
from xlplan.rollup.exports.model import COUNT, DAY, MONEY, TEXT, YES_NO, ExportColumn, ExportTable, Value

Frame = pd.DataFrame
TYPES: dict[str, Any] = {
    TEXT: "string",
    DAY: "datetime64[s]",
    COUNT: "Int64",
    YES_NO: "boolean",
    MONEY: "object",
}


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
