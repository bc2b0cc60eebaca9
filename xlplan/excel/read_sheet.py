"""One worksheet part of an .xlsx: cells, rules, merged ranges and the lock, in a single pass."""

from __future__ import annotations

import re
from functools import lru_cache

from xlplan.excel.bounds import MOST_COLUMNS, MOST_ROWS, Tally
from xlplan.excel.guard import Refusal, damaged, too_big
from xlplan.excel.read_cells import BLANK, Setting
from xlplan.excel.read_plain import REMEMBERED, PlainSheet, plain_cells
from xlplan.excel.read_styles import date_1900
from xlplan.excel.read_xml import (
    MOST_DEPTH,
    Attributes,
    check_xml,
    extension_tags,
    parse,
    sheet_tags,
    too_deep,
)
from xlplan.layout.book import Cell, Validation

MOST_OTHERS = 1_200_000  # of a sheet: elements that are neither cell nor value, with its rows
MOST_STRANGERS = 500_000  # of a sheet: elements we have no use for, whose names expat keeps

_TAGS = {
    **sheet_tags(
        "c", "v", "f", "is", "t", "rPh", "row", "sheetProtection", "mergeCell", "dataValidation", "formula1"
    ),
    **extension_tags("dataValidation", "formula1", "f", "sqref"),
}
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ROW = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_columns: dict[str, int] = {}  # column number by letters, for those met so far; at most 16,384


class SheetPass:
    """The pass over one worksheet. After `run`: `cells`, `validations`, `merged`, `protected`.

    `start` and `end` are called for every element: they know cells and values, and hand on the rest.
    """

    def __init__(self, part: str, setting: Setting, tally: Tally) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.validations: list[Validation] = []
        self.merged: list[str] = []
        self.protected = False
        self.part, self._setting, self._tally = part, setting, tally
        self._shared = setting.shared
        self._pieces: list[str] = []  # text since a start tag; cleared where text is wanted
        self._runs: list[str] = []  # of a text written in the cell itself
        self._depth = self._elements = self._kept = self._phonetic = self._strangers = 0
        self._others = 0
        self._row, self._row_text, self._column, self._in_row = 0, "?", 0, False
        self._cell: Attributes | None = None
        self._value: str | None = None
        self._formula: str | None = None
        self._rule: Attributes | None = None

    def run(self, data: bytes) -> SheetPass:
        """Read the part: plain cells by patterns and the rest by expat, or all of it by expat. Raises Refusal."""
        plain = plain_cells(self.part, data, self._setting)
        if plain is None:
            parse(self.part, data, self.start, self.end, self._pieces)
        else:
            self._around(plain)
            self._take(plain)
        self._tally.add(self._kept, self._elements)
        if len(self.cells) != self._kept:
            raise damaged(f"{self.part}: two cells at one place")
        return self

    def check(self, data: bytes) -> None:
        """Refuse the part if it is not well-formed, or holds a document type, without looking at what it says."""
        try:
            plain = plain_cells(self.part, data, self._setting)
        except Refusal:  # for what a cell says
            plain = None
        if plain is None:
            check_xml(self.part, data)
        else:
            self._around(plain)

    def _around(self, plain: PlainSheet) -> None:
        """What stands around plain cells, which copies of one form share."""
        for text in (plain.start, plain.end):
            said = _said if len(text) <= REMEMBERED else _said.__wrapped__
            rules, merged, protected = said(self.part, text)
            self.validations += rules
            self.merged += merged
            self.protected = self.protected or protected
        self._tally.add_merged(len(self.merged))
        self._tally.add_rules(len(self.validations))

    def _take(self, plain: PlainSheet) -> None:
        """Keep what plain cells hold; each says its own row, so the rows around them do not matter."""
        self._elements = sum([row.elements for row in plain.rows])
        self._tally.check(0, self._elements)
        shared, kept, count, characters = self._shared.get, self.cells, 0, 0
        indexes = iter(plain.shared)
        for _, cells, _, length in plain.rows:
            for place, cell in cells:
                if cell is None:
                    index = next(indexes)
                    cell = shared(index) or self._setting.read(self.part, "s", "0", index, None)
                    if cell is BLANK:
                        continue
                kept[place] = cell
                count += 1
            characters += length
        self._kept = count
        self._tally.add_text(characters)

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins. Cells and values cannot nest, so only the others need their depth counted."""
        tag = _TAGS.get(name)
        if tag == "v":
            if self._cell is None or self._value is not None:
                raise damaged(f"{self.part}: a value out of place")
            self._value = ""
            self._pieces.clear()
        elif tag == "c":
            if self._cell is not None:
                raise damaged(f"{self.part}: a cell within a cell")
            self._cell = attributes
        else:
            self._start_other(tag, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        tag = _TAGS.get(name)
        if tag == "v":
            self._value = "".join(self._pieces)
        elif tag == "c":
            self._end_cell()
        else:
            self._end_other(tag)

    def _end_cell(self) -> None:
        """Keep the cell if it holds something."""
        attributes, text, formula = self._cell, self._value, self._formula
        assert attributes is not None  # expat has seen its start
        self._cell = self._value = self._formula = None
        self._elements += 1
        reference = attributes.get("r")
        if reference is not None and reference.endswith(self._row_text):
            column = _columns.get(reference[: -len(self._row_text)])
            place = (self._row, column) if column else self._place(reference)
        else:
            place = self._place(reference)
        self._column = place[1]
        if text is None and formula is None:
            return
        # Most cells are shared strings, and share the cell too
        plain = formula is None and text is not None and attributes.get("t") == "s"
        cell = self._shared.get(text or "") if plain else None
        if cell is None:
            kind, style = attributes.get("t", "n"), attributes.get("s", "0")
            cell = self._setting.read(self.part, kind, style, text, formula)
            self._tally.add_text(len(text or "") + len(formula or ""))
        if cell is not BLANK:
            self.cells[place] = cell
            self._kept += 1

    def _place(self, reference: str | None) -> tuple[int, int]:
        """Row and column of a cell without a reference, with new letters, or of another row than its own."""
        if reference is None:
            if not self._in_row or self._column >= MOST_COLUMNS:
                raise damaged(f"{self.part}: a cell outside the sheet")
            return self._row, self._column + 1
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise damaged(f"{self.part}: cell {reference[:20]!r}")
        column = 0
        for letter in found[1]:
            column = 26 * column + ord(letter) - 64
        if column > MOST_COLUMNS or int(found[2]) > MOST_ROWS:
            raise damaged(f"{self.part}: cell {reference}")
        _columns[found[1]] = column
        return int(found[2]), column

    def _start_other(self, tag: str | None, attributes: Attributes) -> None:
        self._depth += 1
        self._others += 1
        if self._depth > MOST_DEPTH:
            raise too_deep(self.part)
        if self._others > MOST_OTHERS:
            raise too_big(f"{self.part}: too many elements")
        self._pieces.clear()
        if tag is None:
            self._strangers += 1
            if self._strangers > MOST_STRANGERS:
                raise too_big(f"{self.part}: too many elements")
        elif tag == "row":
            self._start_row(attributes.get("r"))
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "sheetProtection":
            self.protected = attributes.get("sheet") in ("1", "true")
        elif tag == "mergeCell":
            self._tally.add_merged()
            self.merged.append(attributes["ref"])
        elif tag in ("dataValidation", "x14:dataValidation"):
            self._tally.add_rules()
            self._rule = {"type": "none", "sqref": "", **attributes, "formula": ""}
        elif tag == "x14:formula1" and self._rule is not None:
            self._rule["open"] = ""

    def _start_row(self, text: str | None) -> None:
        if self._in_row:
            raise damaged(f"{self.part}: a row within a row")
        if text is not None and _ROW.fullmatch(text) is None:
            raise damaged(f"{self.part}: row {text[:20]!r}")
        row = self._row + 1 if text is None else int(text)
        if row > MOST_ROWS:
            raise damaged(f"{self.part}: row {row}")
        self._row, self._row_text, self._column, self._in_row = row, str(row), 0, True
        self._tally.check(self._kept, self._elements)

    def _end_other(self, tag: str | None) -> None:
        self._depth -= 1
        if tag == "row":
            self._in_row = False
        elif tag == "f":
            self._formula = "".join(self._pieces)
        elif tag == "t":
            if not self._phonetic:
                self._runs.append("".join(self._pieces))
                self._tally.add_text(len(self._runs[-1]))
        elif tag == "is":
            self._value = "".join(self._runs)
            self._runs.clear()
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag is not None and self._rule is not None:
            self._end_of_rule(tag, self._rule)

    def _end_of_rule(self, tag: str, rule: Attributes) -> None:
        if tag == "formula1" or (tag == "x14:f" and "open" in rule):
            rule["formula"] = "".join(self._pieces)
        elif tag == "x14:formula1":
            rule.pop("open", None)
        elif tag == "x14:sqref":
            rule["sqref"] = "".join(self._pieces)
        elif tag in ("dataValidation", "x14:dataValidation"):
            self.validations.append(
                Validation(kind=rule["type"], sqref=rule["sqref"], formula=rule["formula"])
            )
            self._rule = None


@lru_cache(maxsize=400)
def _said(part: str, text: str) -> tuple[tuple[Validation, ...], tuple[str, ...], bool]:
    """Rules, merged ranges and the lock that stand in a sheet without its cells."""
    reading = SheetPass(part, Setting({}, frozenset(), date_1900), Tally())
    parse(part, text.encode(), reading.start, reading.end, reading._pieces)
    return tuple(reading.validations), tuple(reading.merged), reading.protected
