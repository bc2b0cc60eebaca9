"""A binary workbook of Excel, .xlsb ([MS-XLSB]): the parts of an .xlsx, written as records."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from xlplan.excel.bounds import (
    MOST_COLUMNS,
    MOST_NAMES,
    MOST_RECORDS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_STRINGS,
    Tally,
)
from xlplan.excel.guard import Archive, damaged, too_big
from xlplan.excel.read_binary import NO_TEXT, Grid, error, rk
from xlplan.excel.read_package import (
    Relation,
    core_properties,
    custom_properties,
    first,
    has_macros,
    part_properties,
    relations,
)
from xlplan.excel.read_styles import BUILTIN_DATES, date_1900, date_1904, is_date
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Sheet

_TELLS = frozenset(("formulas", "protection", "names", "properties"))
_WORKBOOK, _SHEET, _NAME = 153, 156, 39
_STRING, _FORMAT, _STYLES, _STYLES_END, _STYLE = 19, 44, 617, 618, 47
_ROW, _MERGED, _PROTECTION, _PROTECTION_ISO = 0, 176, 535, 678
_BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(1, 8)
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_SHORT = range(12, 19)  # the first seven again, each beside the cell before it
_RICH = 62
_LONG = struct.Struct("<I")
_FLOAT = struct.Struct("<d")


def read_xlsb(archive: Archive, package: Mapping[str, Relation], main: str) -> Book:
    """The workbook whose main part is `main`. Raises Refusal."""
    parts = relations(archive, main)
    reading = _Reading(archive)
    reading.workbook(main)
    strings, styles = first(parts, "sharedStrings"), first(parts, "styles")
    if strings is not None:
        reading.shared_strings(strings)
    if styles is not None:
        reading.styles(styles)
    sheets = []
    for name, key, visible in reading.listed:
        if key not in parts:
            raise damaged(f"sheet {name!r} has no part")
        if parts[key].kind == "worksheet":
            sheets.append(reading.sheet(name, visible, parts[key].part))
    return Book(
        format="xlsb",
        sheets=tuple(sheets),
        names=reading.local_names | reading.names,
        properties=part_properties(archive, first(package, "custom-properties"), custom_properties),
        core=part_properties(archive, first(package, "core-properties"), core_properties),
        macros=has_macros(archive, parts),
        date1904=reading._date1904,
        tells=_TELLS,
    )


class _Reading:
    """What the parts say that the sheets refer to."""

    def __init__(self, archive: Archive) -> None:
        self.listed: list[tuple[str, str, bool]] = []
        self.names: dict[str, str] = {}
        self.local_names: dict[str, str] = {}
        self._archive, self._tally, self._records = archive, Tally(), 0
        self._strings: list[Cell] = []
        self._dates: frozenset[int] = frozenset()
        self._date1904 = False

    def workbook(self, part: str) -> None:
        """The list of sheets, the names and the date system."""
        for kind, data in self._records_of(part):
            if kind == _SHEET:
                key, at = _wide(part, data, 8)
                name, _ = _wide(part, data, at)
                self.listed.append((name, key, _number(part, data, 0) == 0))
            elif kind == _WORKBOOK:
                self._date1904 = bool(_number(part, data, 0) & 1)
            elif kind == _NAME:
                self._name(part, data)
        if not self.listed:
            raise damaged(f"{part} is no workbook")
        if len(self.listed) > MOST_SHEETS:
            raise too_big("too many sheets")

    def _name(self, part: str, data: bytes) -> None:
        """A name with its text, where it stands for a constant text; the formulas of others stay tokens."""
        name, at = _wide(part, data, 9)
        tokens = data[at + 4 : at + 4 + _number(part, data, at)]
        text = ""
        if tokens[:1] == b"\x17" and len(tokens) >= 3:
            text = f'"{tokens[3 : 3 + 2 * int.from_bytes(tokens[1:3], "little")].decode("utf-16-le", "replace")}"'
        names = self.names if _number(part, data, 5) == 0xFFFFFFFF else self.local_names
        names.setdefault(name, text)
        if len(names) > MOST_NAMES:
            raise too_big("too many names")

    def shared_strings(self, part: str) -> None:
        """The texts that cells refer to."""
        for kind, data in self._records_of(part):
            if kind == _STRING:
                text = _wide(part, data, 1)[0]
                self._tally.add_text(len(text))
                self._strings.append(Cell(text))
                if len(self._strings) > MOST_STRINGS:
                    raise too_big("too many strings")

    def styles(self, part: str) -> None:
        """Which cell styles show a date."""
        formats: dict[int, str] = {}
        used: list[int] = []
        inside = False
        for kind, data in self._records_of(part):
            if kind == _FORMAT:
                formats[int.from_bytes(data[:2], "little")] = _wide(part, data, 2)[0]
            elif kind in (_STYLES, _STYLES_END):
                inside = kind == _STYLES
            elif kind == _STYLE and inside:
                used.append(int.from_bytes(data[2:4], "little"))
        dates = {
            key for key in set(used) if (is_date(formats[key]) if key in formats else key in BUILTIN_DATES)
        }
        self._dates = frozenset(index for index, key in enumerate(used) if key in dates)

    def sheet(self, name: str, visible: bool, part: str) -> Sheet:
        """The cells of a worksheet, its merged ranges and its lock."""
        grid = Grid(part, self._tally, self._dates, date_1904 if self._date1904 else date_1900)
        row, column, protected, merged = -1, -1, False, list[str]()
        for kind, data in self._records_of(part):
            if kind == _ROW:
                row, column = _number(part, data, 0), -1
                if row >= MOST_ROWS:
                    raise damaged(f"{part}: row {row + 1}")
            elif _BLANK <= kind <= _FORMULA_ERROR or kind == _RICH:
                column = _number(part, data, 0)
                self._cell(grid, row, column, kind, data, 4)
            elif kind in _SHORT:
                column += 1
                self._cell(grid, row, column, kind - _SHORT.start + _BLANK, data, 0)
            elif kind == _MERGED:
                self._tally.add_merged()
                merged.append(_range(part, data))
            elif kind == _PROTECTION:
                protected = _number(part, data, 2) != 0
            elif kind == _PROTECTION_ISO:
                protected = _number(part, data, 4) != 0
        return Sheet(name=name, cells=grid.cells, visible=visible, protected=protected, merged=tuple(merged))

    def _cell(self, grid: Grid, row: int, column: int, kind: int, data: bytes, at: int) -> None:
        """One cell, whose style stands at `at` and its value after that."""
        part = grid.part
        if row < 0 or column >= MOST_COLUMNS:
            raise damaged(f"{part}: a cell outside the sheet")
        style, value = _number(part, data, at) & 0xFFFFFF, at + 4
        formula = _FORMULA_TEXT <= kind <= _FORMULA_ERROR
        if kind == _BLANK:
            return
        if kind == _RK:
            cell = Cell(grid.dated(style, rk(_number(part, data, value))))
        elif kind in (_REAL, _FORMULA_NUMBER):
            cell = Cell(grid.dated(style, _float(part, data, value)))
        elif kind in (_ERROR, _FORMULA_ERROR):
            cell = error(_byte(part, data, value))
        elif kind in (_BOOL, _FORMULA_BOOL):
            cell = Cell(_byte(part, data, value) != 0)
        elif kind == _SHARED:
            cell = self._shared(part, _number(part, data, value))
        else:
            text = _wide(part, data, value + (kind == _RICH))[0]
            self._tally.add_text(len(text))
            cell = Cell(text)
        grid.put(row, column, cell._replace(formula=NO_TEXT) if formula else cell)

    def _shared(self, part: str, index: int) -> Cell:
        if index >= len(self._strings):
            raise damaged(f"{part}: shared string {index}")
        return self._strings[index]

    def _records_of(self, part: str) -> Iterator[tuple[int, bytes]]:
        """Kind and data of every record. Kinds take one byte or two, sizes up to four, seven bits in each."""
        data = self._archive.read(part)
        at, end = 0, len(data)
        while at < end:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | (data[at] & 0x7F) << 7 if at < end else 0
                at += 1
            size = 0
            for shift in (0, 7, 14, 21):
                if at >= end:
                    raise damaged(part)
                byte = data[at]
                at += 1
                size |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
            if at + size > end:
                raise damaged(part)
            self._records += 1
            if self._records > MOST_RECORDS:
                raise too_big("too many records")
            yield kind, data[at : at + size]
            at += size


def _number(part: str, data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise damaged(part)
    number: int = _LONG.unpack_from(data, at)[0]
    return number


def _float(part: str, data: bytes, at: int) -> float:
    if at + 8 > len(data):
        raise damaged(part)
    number: float = _FLOAT.unpack_from(data, at)[0]
    return number


def _byte(part: str, data: bytes, at: int) -> int:
    if at >= len(data):
        raise damaged(part)
    return data[at]


def _wide(part: str, data: bytes, at: int) -> tuple[str, int]:
    """A text in UTF-16 with its length before it, and where it ends; 0xFFFFFFFF for none."""
    length = _number(part, data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(data):
        raise damaged(part)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _range(part: str, data: bytes) -> str:
    top, bottom, left, right = (_number(part, data, at) for at in (0, 4, 8, 12))
    if max(left, right) >= MOST_COLUMNS:
        raise damaged(f"{part}: a merged range")
    return f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
