"""What the records of .xls ([MS-XLS]) and .xlsb ([MS-XLSB]) have in common: numbers, errors, cells."""

from __future__ import annotations

import struct

from xlplan.excel.bounds import Tally
from xlplan.excel.guard import damaged
from xlplan.excel.read_cells import BLANK
from xlplan.excel.read_styles import ToDate
from xlplan.layout.book import Cell, Scalar

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_FLOAT = struct.Struct("<d")
NO_TEXT = ""  # the text of a formula, which stands in the file as tokens that we do not translate


def error(code: int) -> Cell:
    """A cell that shows an error ([MS-XLS] 2.5.10)."""
    return Cell(None, None, _ERRORS.get(code, "#ERR"))


def rk(packed: int) -> float:
    """A number in four bytes: 30 bits of an integer or of a float's head, perhaps in hundredths ([MS-XLS] 2.5.217)."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = float(_FLOAT.unpack(struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return number / 100 if packed & 1 else number


class Grid:
    """The cells of one sheet as its records are read. `part`: what to call it where it is damaged."""

    def __init__(self, part: str, tally: Tally, dates: frozenset[int], to_date: ToDate) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.part = part
        self._tally, self._dates, self._to_date = tally, dates, to_date

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell at its place, counted from 0, if it holds something."""
        if cell.value == "" and cell.formula is None:
            cell = BLANK
        self._tally.add(0 if cell is BLANK else 1, 1)
        if cell is BLANK:
            return
        if (row + 1, column + 1) in self.cells:
            raise damaged(f"{self.part}: two cells at one place")
        self.cells[row + 1, column + 1] = cell

    def text(self, row: int, column: int, text: str) -> None:
        """Keep a text that stands in the cell itself."""
        self._tally.add_text(len(text))
        self.put(row, column, Cell(text))

    def number(self, row: int, column: int, style: int, number: float) -> None:
        """Keep a number, or the day it stands for where the style shows a date."""
        self.put(row, column, Cell(self.dated(style, number)))

    def dated(self, style: int, number: float) -> Scalar:
        """The number, or the day it stands for where the style shows a date."""
        if number - number != 0.0:
            raise damaged(f"{self.part}: a number that is none")
        return self._to_date(number) if style in self._dates else number
