"""A JSON document a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlplan.campaign.files import replacing
from xlplan.form.text import in_json
from xlplan.rollup.exports.model import About, ExportTable, Value, Written

SCHEMA = 1


def write_json(tables: Sequence[ExportTable], to: Path, _about: About) -> list[Written]:
    """Write `<table>.json` into the folder `to`: {"schema": 1, "table": …, "rows": [{column: value}]}.

    Every text is as it was typed; days are ISO, money is a text with two decimals, missing is null.
    """
    written = []
    for table in tables:
        path = to / f"{table.name}.json"
        with replacing(path) as draft:
            _write(table, draft)
        written.append(Written(table=table.name, rows=table.count, file=path))
    return written


def _write(table: ExportTable, path: Path) -> None:
    names = [column.name for column in table.columns]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{\n "schema": {SCHEMA},\n "table": {json.dumps(table.name)},\n "rows": [')
        for number, row in enumerate(table.rows()):
            values = dict(zip(names, map(_plain, row), strict=True))
            file.write(",\n  " if number else "\n  ")
            file.write(in_json(json.dumps(values, ensure_ascii=False)))
        file.write("\n ]\n}\n" if table.count else "]\n}\n")


def _plain(value: Value) -> Any:
    match value:
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
    return value
