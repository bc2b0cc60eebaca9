"""What one cell element of an .xlsx says: its value by type and number format."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from xlplan.excel.guard import damaged
from xlplan.excel.read_styles import ToDate
from xlplan.excel.read_xml import unescaped
from xlplan.layout.book import Cell, Scalar

BLANK = Cell("")  # text that is empty: not kept, like a cell with nothing in it
TRUTH = {
    "TRUE()": Cell(True),
    "FALSE()": Cell(False),
}  # how LibreOffice writes what somebody typed as TRUE or FALSE


class Setting(NamedTuple):
    """What cells refer to. `shared`: a ready cell for every shared string, by its index as cells write it."""

    shared: dict[str, Cell]
    dates: frozenset[str]
    to_date: ToDate

    def read(self, part: str, kind: str, style: str, text: str | None, formula: str | None) -> Cell:
        """The cell, BLANK where it holds nothing. `text` None: it has no value element at all.

        Raises Refusal naming the part when the cell contradicts its type.
        """
        if text is None or (not text and kind not in ("str", "inlineStr")):
            return BLANK if formula is None else Cell(None, formula)
        if kind == "e":
            return Cell(None, formula, text)
        if kind in ("str", "inlineStr"):
            value: Scalar = unescaped(text)
        elif kind == "s":
            value = self._shared(part, text)
        elif kind == "n":
            value = self._number(part, style, text)
        elif kind == "b" and text in ("0", "1", "true", "false"):
            value = text in ("1", "true")
            if formula in TRUTH:
                return TRUTH[formula]
        elif kind == "d":
            value = _iso(text)
        else:
            raise damaged(f"{part}: a cell of type {kind[:20]!r}")
        return BLANK if value == "" and formula is None else Cell(value, formula)

    def _shared(self, part: str, text: str) -> Scalar:
        cell = self.shared.get(text.strip())
        if cell is None:
            raise damaged(f"{part}: shared string {text[:20]!r}")
        return cell.value

    def _number(self, part: str, style: str, text: str) -> float | datetime:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if number - number != 0.0 or "_" in text:  # infinite, no number, or one only to Python
            raise damaged(f"{part}: number {text[:20]!r}")
        return self.to_date(number) if style in self.dates else number


def _iso(text: str) -> datetime | str:
    """The moment; the text itself where it is a time of day, or a date as somebody else writes it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
