"""A Frictionless data package: CSV files, and beside them what stands in each column and how tables hang together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlplan.campaign.files import write_safely
from xlplan.form.text import in_json
from xlplan.rollup.exports.as_csv import write_csv
from xlplan.rollup.exports.model import (
    COUNT,
    DAY,
    MONEY,
    TEXT,
    YES_NO,
    About,
    ExportColumn,
    ExportTable,
    Written,
)  # fmt: skip
from xlplan.rollup.exports.text import TOLD

FILE = "datapackage.json"
TYPES: dict[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    DAY: {"type": "date", "format": "default"},
    MONEY: {"type": "number", "decimalChar": "."},
    COUNT: {"type": "integer"},
    YES_NO: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


def write_frictionless(tables: Sequence[ExportTable], to: Path, about: About) -> list[Written]:
    """Write `<table>.csv` for every table into the folder `to`, and datapackage.json (version 1 of the standard)."""
    written = write_csv(tables, to, about)
    text = in_json(json.dumps(package(tables, about), ensure_ascii=False, indent=1)) + "\n"
    write_safely(to / FILE, text.encode())
    return written


def package(tables: Sequence[ExportTable], about: About) -> dict[str, Any]:
    """The package as data."""
    return {
        "profile": "tabular-data-package",
        "name": about.campaign.lower(),
        "title": about.title,
        "description": f"Plans of schools as of {about.as_of.isoformat()}, a row of theirs a row. "
        f"Money is in dollars. {TOLD}",
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: ExportTable) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(item.columns),
                "reference": {"resource": item.table.lower(), "fields": list(item.to)},
            }
            for item in table.references
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.lower(),
        "path": f"{table.name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": schema,
    }


def _field(table: ExportTable, column: ExportColumn) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.required and column.kind == COUNT:
        constraints["minimum"] = 1
    field = {"name": column.name, **TYPES[column.kind], "description": column.about}
    return field | ({"constraints": constraints} if constraints else {})
