"""`python -m xlplan.excel.child`: a workbook in by stdin, its values out by stdout as JSON, within limits.

Only `xlplan.excel.others` runs it. It alone imports calamine, which may abort the process it runs in.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

_MEMORY = 1 << 30  # bytes of address space
_SECONDS = 20  # of processor time
_MOST_AREA = 4_000_000  # places from A1 to the last cell, of all sheets: calamine keeps every one of them
_MOST_CELLS = 300_000
_MOST_TEXT = 50_000_000


class _TooBigError(Exception):
    """The workbook holds more than a plan can."""


def main() -> None:
    """Read stdin, write stdout."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        answer = _read(content)
    except _TooBigError:
        answer = {"refused": "too-big", "detail": "too many cells"}
    except MemoryError:
        answer = {"refused": "too-big", "detail": "it takes too much memory"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit() -> None:
    try:
        import resource  # not there on Windows, where the time limit of the parent has to do
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(content: bytes) -> dict[str, Any]:
    import python_calamine as calamine  # after the limits, so that they hold for its memory too

    try:
        book = calamine.load_workbook(io.BytesIO(content))
        budget = _Budget()
        sheets = []
        for index, item in enumerate(book.sheets_metadata):
            if item.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(index)
            sheets.append(
                {
                    "name": item.name,
                    "visible": item.visible == calamine.SheetVisibleEnum.Visible,
                    "merged": [_range(*ends) for ends in sheet.merged_cell_ranges or ()],
                    "cells": list(_cells(sheet, budget)),
                }
            )
    except calamine.PasswordError:
        return {"refused": "encrypted", "detail": ""}
    except calamine.CalamineError as fault:
        return {"refused": "damaged", "detail": str(fault)[:100]}
    return {"sheets": sheets}


class _Budget:
    """What may still be read, over all sheets."""

    def __init__(self) -> None:
        self.area, self.cells, self.text = _MOST_AREA, _MOST_CELLS, _MOST_TEXT

    def spend(self, *, area: int = 0, cells: int = 0, text: int = 0) -> None:
        """Take from it. Raises when there is nothing left."""
        self.area, self.cells, self.text = self.area - area, self.cells - cells, self.text - text
        if min(self.area, self.cells, self.text) < 0:
            raise _TooBigError


def _cells(sheet: Any, budget: _Budget) -> Iterator[tuple[int, int, str, Any]]:
    """Row, column, kind and value of every cell that holds something."""
    budget.spend(area=sheet.total_height * sheet.total_width)
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        for column, value in enumerate(values, start=1):
            if value == "":  # empty cells, and errors too: calamine does not tell them apart
                continue
            budget.spend(cells=1, text=len(value) if isinstance(value, str) else 0)
            yield row, column, *_plain(value)


def _plain(value: Any) -> tuple[str, Any]:
    match value:
        case bool() | str():
            return "", value
        case int() | float():
            return "", float(value)
        case datetime():
            return "d", value.replace(tzinfo=None).isoformat()
        case date():
            return "d", datetime(value.year, value.month, value.day).isoformat()
        case time():  # as Excel counts: a time alone is one on its day 0
            return "d", datetime.combine(date(1899, 12, 31), value).isoformat()
        case timedelta():
            return "", value / timedelta(days=1)
    return "", str(value)


def _range(start: tuple[int, int], end: tuple[int, int]) -> str:
    return f"{_letters(start[1])}{start[0] + 1}:{_letters(end[1])}{end[0] + 1}"


def _letters(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


if __name__ == "__main__":
    main()
