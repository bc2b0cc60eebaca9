"""Exports read back by other programs than ours: rows of the same kinds of values, whatever the format."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pyarrow.parquet as parquet
from openpyxl.utils.escape import unescape

from xlplan.rollup.exports.model import About, ExportColumn, ExportTable, Reference, Written
from xlplan.rollup.exports.text import as_typed

ABOUT = About(campaign="autumn", title="Autumn", as_of=date(2026, 12, 18), owner="0123456789abcdef")
Rows = list[dict[str, Any]]


def table(
    name: str,
    columns: dict[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str] = ("n",),
    to: str = "",
) -> ExportTable:
    """A table of `n`, which counts its rows from 1, and these columns; `to`: a table that its last column names."""
    made = [ExportColumn(name="n", kind="count", about="The row's number.", required=True)]
    made += [
        ExportColumn(name=column, kind=kind, about=f"About {column}") for column, kind in columns.items()
    ]
    held = [(number, *row) for number, row in enumerate(rows, start=1)]
    last = made[-1].name
    references = (Reference(columns=(last,), table=to, to=("n",)),) if to else ()
    return ExportTable(
        name=name, about=f"About {name}", columns=tuple(made), key=tuple(key), references=references,
        count=len(held), rows=lambda: iter(held),
    )  # fmt: skip


def from_csv(written: Written, table: ExportTable) -> Rows:
    with Path(written.file).open(encoding="utf-8", newline="") as file:
        return _typed(table, csv.DictReader(file), as_typed)


def from_json(written: Written, table: ExportTable) -> Rows:
    document = json.loads(Path(written.file).read_text(encoding="utf-8"))
    assert document["schema"] == 1 and document["table"] == table.name
    return _typed(table, document["rows"])


def from_xlsx(written: Written, table: ExportTable) -> Rows:
    book = _book(Path(written.file))
    rows: Rows = []
    for name in written.part.split("; "):
        head, *lines = book[name].iter_rows(values_only=True)
        assert list(head) == [column.name for column in table.columns]
        rows += [dict(zip(head, line, strict=True)) for line in lines if any(v is not None for v in line)]
    return _typed(table, rows, unescape)  # a stored text's _xHHHH_, which openpyxl leaves as it stands


@lru_cache(maxsize=1)
def _book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def from_parquet(written: Written, table: ExportTable) -> Rows:
    return _typed(table, parquet.read_table(written.file).to_pylist())


def from_sqlite(written: Written, table: ExportTable) -> Rows:
    with closing(sqlite3.connect(written.file)) as database:
        database.row_factory = sqlite3.Row
        return _typed(table, (dict(row) for row in database.execute(f'SELECT * FROM "{written.part}"')))


def from_postgresql(url: str) -> Callable[[Written, ExportTable], Rows]:
    def rows(written: Written, table: ExportTable) -> Rows:
        schema, name = written.part.split(".", 1)
        with psycopg.connect(url) as database:
            found = database.execute(f'SELECT * FROM "{schema}"."{name}"'.encode())
            names = [column.name for column in found.description or ()]
            return _typed(table, (dict(zip(names, row, strict=True)) for row in found))

    return rows


READERS = {
    "csv": from_csv, "json": from_json, "xlsx": from_xlsx, "parquet": from_parquet, "sqlite": from_sqlite,
    "frictionless": from_csv,
}  # fmt: skip


def _typed(
    table: ExportTable,
    rows: Iterator[dict[str, Any]] | Rows | csv.DictReader[str],
    text: Callable[[str], str] = str,
) -> Rows:
    kinds = {column.name: column.kind for column in table.columns}
    return [{name: _value(kind, row[name], text) for name, kind in kinds.items()} for row in rows]


def _value(kind: str, value: Any, text: Callable[[str], str]) -> Any:
    if value is None or value == "":
        return None
    match kind:
        case "money":
            return Decimal(str(value)).quantize(Decimal("0.01"))
        case "day":
            return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))
        case "count":
            return int(value)
        case "yes-no":
            return value == "true" if isinstance(value, str) else bool(value)
    return text(str(value))
