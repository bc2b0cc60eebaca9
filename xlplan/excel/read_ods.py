"""What is looked at in an .ods before calamine sees it: encryption, and how far its repeats unfold."""

from __future__ import annotations

from xlplan.excel.guard import damaged, too_big
from xlplan.excel.read_plain import MOST_COLUMNS, MOST_ROWS
from xlplan.excel.read_sheet import MOST_CELLS, MOST_ELEMENTS
from xlplan.excel.read_xml import MOST_DEPTH, Attributes, local, parse, too_deep, walk
from xlplan.layout.book import Cell

MOST_AREA = 4_000_000  # places from A1 to the last cell that holds something, of all sheets

_PART = "content.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_ERROR = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ROWS, _COLUMNS = _TABLE + "number-rows-repeated", _TABLE + "number-columns-repeated"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")

Places = dict[tuple[int, int], Cell]


def is_encrypted(manifest: bytes) -> bool:
    """Whether the manifest names an encrypted part (OpenDocument 1.3 part 2, 3.4)."""
    found = False

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal found
        found = found or local(name) == "encryption-data"

    walk("META-INF/manifest.xml", manifest, start, lambda *_: None)
    return found


def scan(data: bytes) -> tuple[int, dict[str, Places]]:
    """How many cells hold something, and those that show an error by sheet: calamine takes these for empty.

    Refuses content that is broken or unfolds to more cells than a plan can have.
    """
    extent = _Extent()
    parse(_PART, data, extent.start, extent.end, extent.text)
    return extent.filled, extent.errors


class _Extent:
    """The pass that counts what repeated rows and cells unfold to. Blank ones at an end cost nothing."""

    def __init__(self) -> None:
        self.filled = 0
        self.errors: dict[str, Places] = {}
        self._name, self._shown = "", ""
        self._depth = self._area = self._elements = 0
        self._row = self._last_row = self._last_column = 0
        self._repeat = self._column = self._row_end = self._row_filled = 0
        self._cell: Attributes | None = None
        self._has_text = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise too_deep(_PART)
        if name in _CELLS:
            self._cell, self._has_text, self._shown = attributes, False, ""
        elif name == _TABLE + "table-row":
            self._repeat, self._column, self._row_end, self._row_filled = _count(attributes, _ROWS), 0, 0, 0
        elif name == _TABLE + "table":
            self._row = self._last_row = self._last_column = 0
            self._name = attributes.get(_TABLE + "name", "")
        elif name == _TEXT + "p":
            self._has_text = True

    def text(self, piece: str) -> None:
        """Some text."""
        if self._cell is not None and self._cell.get(_ERROR) == "error" and len(self._shown) < 100:
            self._shown += piece

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        if name in _CELLS:
            self._end_cell()
        elif name == _TABLE + "table-row":
            self._end_row()
        elif name == _TABLE + "table":
            self._area += self._last_row * self._last_column
            self._check()

    def _end_cell(self) -> None:
        attributes = self._cell
        if attributes is None:  # a table within a cell
            return
        repeat = _count(attributes, _COLUMNS)
        self._cell = None
        self._elements += 1
        if attributes.get(_ERROR) == "error":
            place = (self._row + 1, self._column + 1)
            self.errors.setdefault(self._name, {})[place] = Cell(None, None, self._shown.strip() or "#ERR")
        self._column += repeat
        if self._column > MOST_COLUMNS:
            raise damaged(f"{_PART}: a column beyond the last")
        if self._has_text or any(key.startswith(_OFFICE) or key == _TABLE + "formula" for key in attributes):
            self._row_end = self._column
            self._row_filled += repeat

    def _end_row(self) -> None:
        self._row += self._repeat
        if self._row > MOST_ROWS:
            raise damaged(f"{_PART}: a row beyond the last")
        if self._row_filled:
            self._last_row = self._row
            self._last_column = max(self._last_column, self._row_end)
            self.filled += self._row_filled * self._repeat
            self._check()

    def _check(self) -> None:
        area = self._area + self._last_row * self._last_column
        if self.filled > MOST_CELLS or self._elements > MOST_ELEMENTS or area > MOST_AREA:
            raise too_big("too many cells")


def _count(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 7 and int(text) > 0):
        raise damaged(f"{_PART}: a repeat of {text[:20]!r}")
    return int(text)
