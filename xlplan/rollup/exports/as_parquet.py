"""A Parquet file a table."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.form.text import harmless
from xlplan.rollup.exports.model import COUNT, DAY, MONEY, YES_NO, About, ExportTable, Row, Value, Written

GROUP = 20_000  # rows of a row group


def write_parquet(tables: Sequence[ExportTable], to: Path, _about: About) -> list[Written]:
    """Write `<table>.parquet` into the folder `to`: money decimal128(14, 2), days date32, yes-no bool, counts int64.

    Each column's field carries what it holds as “description”, the file its table's. Raises UsageError without
    pyarrow.
    """
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    written = []
    for table in tables:
        path, schema = to / f"{table.name}.parquet", _schema(arrow, table)
        with replacing(path) as draft, parquet.ParquetWriter(str(draft), schema) as writer:
            for group in _groups(table.rows()):
                arrays = [
                    arrow.array(map(_plain, values), type=field.type)
                    for values, field in zip(zip(*group, strict=True), schema, strict=True)
                ]
                writer.write_batch(arrow.record_batch(arrays, schema=schema))
        written.append(Written(table=table.name, rows=table.count, file=path))
    return written


def _schema(arrow: Any, table: ExportTable) -> Any:
    types = {
        MONEY: arrow.decimal128(14, 2), DAY: arrow.date32(), YES_NO: arrow.bool_(), COUNT: arrow.int64(),
    }  # fmt: skip
    fields = [
        arrow.field(
            column.name, types.get(column.kind, arrow.string()), nullable=not column.required,
            metadata={"description": column.about},
        )
        for column in table.columns
    ]  # fmt: skip
    return arrow.schema(fields, metadata={"description": table.about})


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while group := list(islice(left, GROUP)):
        yield group


def _plain(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else value


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise UsageError(
            "--format parquet needs the library pyarrow. Install it with: pip install 'xlplan[parquet]'."
        ) from None
