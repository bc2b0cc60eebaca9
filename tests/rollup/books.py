"""Summary workbooks as openpyxl reads them; it warns of sparklines, which it does not keep."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import openpyxl


def book(path: Path, *, values: bool = True) -> Any:
    """The workbook with its cached values, or with its formulas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension", UserWarning)
        return openpyxl.load_workbook(path, data_only=values)


def rows(path: Path, sheet: str) -> list[list[Any]]:
    """The values of a sheet."""
    return [list(row) for row in book(path)[sheet].iter_rows(values_only=True)]
