"""How much a workbook may hold, whatever its format; a plan is a hundredth of it."""

from __future__ import annotations

from xlplan.excel.guard import too_big

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet, in Excel
MOST_ELEMENTS, MOST_CELLS = 1_000_000, 200_000  # of a workbook: cell elements, and those that hold something
MOST_STRINGS = MOST_CELLS  # texts that cells share
MOST_TEXT = 20_000_000  # characters in all its strings
MOST_MERGED = 20_000  # merged ranges of a workbook
MOST_RULES = 70_000  # of a workbook; Excel itself stops at 65,534 in a sheet
MOST_SHEETS = 1_000
MOST_NAMES = MOST_RELATIONS = 20_000
MOST_RECORDS = 1_500_000  # of a workbook in .xls or .xlsb


class Tally:
    """What has been counted over all sheets of a workbook."""

    __slots__ = ("cells", "elements", "merged", "rules", "text")

    def __init__(self) -> None:
        self.cells = self.elements = self.merged = self.rules = self.text = 0

    def check(self, cells: int, elements: int) -> None:
        """Refuse once these, with those of earlier sheets, are too many."""
        if self.cells + cells > MOST_CELLS or self.elements + elements > MOST_ELEMENTS:
            raise too_big("too many cells")

    def add(self, cells: int, elements: int = 0) -> None:
        """Count these for good, and refuse once there are too many."""
        self.cells += cells
        self.elements += elements
        self.check(0, 0)

    def add_text(self, length: int) -> None:
        """Count the characters of a text."""
        self.text += length
        if self.text > MOST_TEXT:
            raise too_big("too much text")

    def add_merged(self, count: int = 1) -> None:
        """Count merged ranges."""
        self.merged += count
        if self.merged > MOST_MERGED:
            raise too_big("too many merged cells")

    def add_rules(self, count: int = 1) -> None:
        """Count validation rules."""
        self.rules += count
        if self.rules > MOST_RULES:
            raise too_big("too many validation rules")
