"""Workbooks that are no .xlsx: .xls, .ods and .xlsb, read by calamine in a child process with limits.

Calamine gives values alone, and some files make it take all memory and abort the whole process, which nothing
can catch. So it never runs in ours, and of a zip it sees only parts that were inflated and counted before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from xlplan.excel.guard import Archive, Refusal, damaged, too_big
from xlplan.excel.read_ods import is_encrypted, scan
from xlplan.layout.book import Book, Cell, Scalar, Sheet

TIME_LIMIT = 30.0  # seconds by the clock on the wall
CHILD = "xlplan.excel.child"
_ROOT = Path(__file__).parents[2]  # what holds the package
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TEMP", "TMP", "TMPDIR", "HOME")


def read_ods(archive: Archive) -> Book:
    """An OpenDocument spreadsheet. Refused when encrypted, or when repeats unfold beyond all bounds."""
    if is_encrypted(archive.read("META-INF/manifest.xml")):
        raise Refusal("encrypted")
    filled, errors = scan(archive.read("content.xml"))
    macros = any(
        name.startswith(("Basic/", "Scripts/")) and not name.endswith(("/", "script-lb.xml", "script-lc.xml"))
        for name in archive.names
    )
    parts = ("mimetype", "META-INF/manifest.xml", "content.xml")
    book = read(archive.rebuilt(parts), "ods", macros=macros)
    if filled > sum(map(len, errors.values())) and not any(sheet.cells for sheet in book.sheets):
        # calamine knows elements by the prefixes LibreOffice uses, and sees nothing where they differ
        raise Refusal("unsupported-format", "foreign OpenDocument")
    sheets = (replace(sheet, cells={**sheet.cells, **errors.get(sheet.name, {})}) for sheet in book.sheets)
    return replace(book, sheets=tuple(sheets))


def read_xlsb(archive: Archive) -> Book:
    """A binary workbook of Excel."""
    parts = [
        name
        for name in archive.names
        if name.casefold().endswith((".bin", ".rels", ".xml")) and "vbaproject" not in name.casefold()
    ]
    macros = any(name.casefold().endswith("vbaproject.bin") for name in archive.names)
    return read(archive.rebuilt(parts), "xlsb", macros=macros)


def read(content: bytes, kind: str, *, macros: bool = False) -> Book:
    """The values of a workbook of this kind, as calamine sees them. Raises Refusal."""
    document = _from_child(content)
    if (code := document.get("refused")) is not None:
        raise Refusal(code, document["detail"])
    return Book(format=kind, sheets=tuple(_sheet(item) for item in document["sheets"]), macros=macros)


def _from_child(content: bytes) -> dict[str, Any]:
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    try:
        done = subprocess.run(
            # -P: nothing is imported from the working directory, which may well be a folder of returns
            [sys.executable, "-P", "-m", CHILD],
            input=content,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env=environment | {"PYTHONPATH": str(_ROOT)},
        )
    except subprocess.TimeoutExpired as fault:
        raise too_big("it took too long to read") from fault
    if done.returncode != 0:
        raise damaged("reading it failed")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _sheet(item: dict[str, Any]) -> Sheet:
    return Sheet(
        name=item["name"],
        visible=item["visible"],
        merged=tuple(item["merged"]),
        cells={(row, column): Cell(_value(kind, value)) for row, column, kind, value in item["cells"]},
    )


def _value(kind: str, value: Any) -> Scalar:
    """A value as the child wrote it: "d" for dates; text, numbers and truth speak for themselves."""
    if kind == "d":
        return datetime.fromisoformat(value)
    scalar: Scalar = value
    return scalar
