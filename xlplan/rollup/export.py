"""Tidy tables in, one file a table out, as CSV or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.form.text import harmless, in_json
from xlplan.rollup.tables import records

SCHEMA = 1
# A spreadsheet program runs a CSV text that begins so as a formula, whoever typed it; full-width signs too.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = re.compile(rf"'+[{re.escape(''.join(LIVE))}]")


def export(tables: Mapping[str, pd.DataFrame], to: Path, format: str) -> tuple[Path, ...]:
    """Write `<table>.csv` or `<table>.json` for every table into the folder `to`; the files written.

    Both are UTF-8 without byte order mark, with ISO dates and money with two decimals. In CSV booleans are
    true and false, missing is empty, lines end in a line feed, and a text that a spreadsheet program would
    run as a formula gets a leading apostrophe, which `as_typed` takes off again. JSON leaves every text as it is,
    in the "rows" of {"schema": 1, "table": …, "rows": […]}.
    """
    writers = {"csv": _csv, "json": _json}
    if format not in writers:
        raise UsageError(f"“{format}” is not a format of export: choose csv or json.")
    paths = []
    for name, frame in tables.items():
        path = to / f"{name}.{format}"
        with replacing(path) as temporary:
            writers[format](name, frame, temporary)
        paths.append(path)
    return tuple(paths)


def _csv(_name: str, frame: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([str(name) for name in frame.columns])
        # The writer quotes a text for its own line ends only, yet readers take a carriage return for one too.
        quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in records(frame):
            texts = [_csv_text(value) for value in row.values()]
            (quoting if any("\r" in text for text in texts) else writer).writerow(texts)


def _csv_text(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if not isinstance(value, str):
        return str(plain)
    text = harmless(value)
    # one that begins like a guarded text is guarded too: so each has one reading
    return f"'{text}" if text.startswith(LIVE) or _GUARDED.match(text) else text


def as_typed(cell: str) -> str:
    """The text that was exported as this cell of a CSV file."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _json(name: str, frame: pd.DataFrame, path: Path) -> None:
    rows = [{column: _plain(value) for column, value in row.items()} for row in records(frame)]
    document = {"schema": SCHEMA, "table": name, "rows": rows}
    path.write_text(in_json(json.dumps(document, ensure_ascii=False, indent=1)) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    match value:
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case _:
            return value
