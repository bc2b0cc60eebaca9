"""A list for a mail merge: a row a letter, in a CSV file that Excel and Word read as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from xlplan.form.text import harmless

# a spreadsheet program runs a text that begins so as a formula, whoever typed it; full-width signs too
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def merge_list(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The file, in UTF-8 with the mark by which Excel knows it. A text that looks like a formula stays a text."""
    into = io.StringIO(newline="")
    writer = csv.DictWriter(into, columns, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: cell(row.get(name, "")) for name in columns} for row in rows)
    return into.getvalue().encode("utf-8-sig")


def cell(value: object) -> str:
    """The value as text; numbers may be negative, texts that look like formulas get an apostrophe before them."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = harmless(str(value))
    return f"'{text}" if text.lstrip(" ").startswith(LIVE) else text
