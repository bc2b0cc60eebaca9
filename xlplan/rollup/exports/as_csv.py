"""A CSV file a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlplan.campaign.files import replacing
from xlplan.rollup.exports.model import About, ExportTable, Value, Written
from xlplan.rollup.exports.text import guarded


def write_csv(tables: Sequence[ExportTable], to: Path, _about: About) -> list[Written]:
    """Write `<table>.csv` into the folder `to`: UTF-8 without byte order mark, lines ending in a line feed.

    Days are ISO, money has two decimals, yes-no is true or false, missing is empty; a text that a spreadsheet
    program would run as a formula is guarded by an apostrophe, which `as_typed` takes off again.
    """
    written = []
    for table in tables:
        path = to / f"{table.name}.csv"
        with replacing(path) as draft:
            _write(table, draft)
        written.append(Written(table=table.name, rows=table.count, file=path))
    return written


def _write(table: ExportTable, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        # The writer quotes a text for its own line ends only, yet readers take a carriage return for one too.
        quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([column.name for column in table.columns])
        for row in table.rows():
            texts = [_text(value) for value in row]
            (quoting if any("\r" in text for text in texts) else writer).writerow(texts)


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case str():
            return guarded(value)
    return str(value)
