"""A workbook of Excel 5 to 2003, .xls ([MS-XLS]): globals first, then each sheet at the place they name."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xlplan.excel.bounds import MOST_NAMES, MOST_SHEETS, MOST_STRINGS, Tally
from xlplan.excel.guard import Refusal, damaged, too_big
from xlplan.excel.read_biff import BYTE, LONG, SHORT, Body, Records, page_of
from xlplan.excel.read_binary import NO_TEXT, Grid, error, rk
from xlplan.excel.read_ole import OleFile
from xlplan.excel.read_styles import BUILTIN_DATES, date_1900, date_1904, is_date
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Sheet

_TELLS = frozenset(("formulas", "protection", "names"))
_PART = "Workbook"
_BOF, _EOF, _FILEPASS, _CODEPAGE, _DATEMODE = 0x809, 0x0A, 0x2F, 0x42, 0x22
_BOUNDSHEET, _STRINGS, _FORMAT, _XF, _NAME = 0x85, 0xFC, 0x41E, 0xE0, 0x18
_FORMULA, _RESULT, _LABEL, _RICH, _SHARED = 0x06, 0x207, 0x204, 0xD6, 0xFD
_NUMBER, _RK, _RKS, _BOOL, _MERGED, _PROTECT = 0x203, 0x27E, 0xBD, 0x205, 0xE5, 0x12
_OLD = (0x09, 0x209, 0x409)  # how the streams of Excel 2 to 4 begin
_BIFF8, _BIFF5 = 0x600, 0x500
_GLOBALS, _WORKSHEET = 0x05, 0x10
_PLACE, _FLOAT = struct.Struct("<HHH"), struct.Struct("<d")
_SHEET_HEAD, _NAME_HEAD, _FORMULA_TAIL = (
    struct.Struct("<IBBB"),
    struct.Struct("<HBBHHHBBBB"),
    struct.Struct("<8sH"),
)
# The constants and the functions TRUE and FALSE alone: how programs write what somebody typed as such
_TRUTH = (
    b"\x1d\0",
    b"\x1d\1",
    *(bytes((token, number, 0)) for token in (0x21, 0x41, 0x61) for number in (34, 35)),
)
_MERGE = struct.Struct("<HHHH")


def read_xls(ole: OleFile) -> Book:
    """The workbook in a compound file. Raises Refusal."""
    reading = _Reading(ole.stream("Workbook", "Book"))
    reading.globals()
    return Book(
        format="xls",
        sheets=tuple(reading.sheets()),
        names=reading.local_names | reading.names,
        macros="_VBA_PROJECT_CUR" in ole.names,
        date1904=reading._date1904,
        tells=_TELLS,
    )


class _Reading:
    """The stream, and what its globals say that the sheets refer to."""

    def __init__(self, stream: bytes) -> None:
        self.names: dict[str, str] = {}
        self.local_names: dict[str, str] = {}
        self._records, self._length = Records(stream), len(stream)
        self._tally = Tally()
        self._listed: list[tuple[int, str, bool]] = []
        self._strings: list[Cell] = []
        self._formats: dict[int, str] = {}
        self._used: list[int] = []
        self._page, self._wide, self._date1904 = "cp1252", True, False

    def globals(self) -> None:
        """What the workbook says of itself, up to its first sheet."""
        for kind, body in self._substream(0, _GLOBALS):
            if kind == _FILEPASS:
                raise Refusal("encrypted")
            if kind == _BOUNDSHEET:
                self._list_sheet(body)
            elif kind == _STRINGS:
                self._shared_strings(body)
            elif kind == _CODEPAGE:
                self._page = page_of(body.numbers(SHORT)[0])
            elif kind == _DATEMODE:
                self._date1904 = body.numbers(SHORT)[0] == 1
            elif kind == _FORMAT:
                (key,) = body.numbers(SHORT)
                self._formats[key] = self._text(body, short=not self._wide)
            elif kind == _XF:
                self._used.append(struct.unpack("<H", body.data[2:4].ljust(2, b"\0"))[0])
            elif kind == _NAME:
                self._name(body)
        if not self._listed:
            raise damaged("no sheet is listed")

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in order; charts and macro sheets are left out."""
        keys = {key for key in set(self._used) if self._is_date(key)}
        dates = frozenset(index for index, key in enumerate(self._used) if key in keys)
        for at, name, visible in self._listed:
            yield self._sheet(at, name, visible, dates)

    def _is_date(self, key: int) -> bool:
        return is_date(self._formats[key]) if key in self._formats else key in BUILTIN_DATES

    def _substream(self, at: int, wanted: int) -> Iterator[tuple[int, Body]]:
        """The records of one substream without its ends and without those within it, such as charts."""
        depth = 0
        for kind, body in self._records.read(at):
            if kind == _BOF:
                depth += 1
                version, what = body.numbers(SHORT)[0], body.numbers(SHORT)[0]
                if depth == 1 and (what != wanted or version not in (_BIFF8, _BIFF5)):
                    raise damaged(f"{_PART}: a sheet of another kind")
                if wanted == _GLOBALS and depth == 1:  # some programs name another version in each sheet
                    self._wide = version == _BIFF8
            elif not depth:
                if kind in _OLD:
                    raise Refusal("unsupported-format", "A file of very old Excel")
                raise damaged(_PART)
            elif kind == _EOF:
                depth -= 1
                if not depth:
                    return
            elif depth == 1:
                yield kind, body
        raise damaged(f"{_PART} is cut off")

    def _text(self, body: Body, *, short: bool) -> str:
        """A text with its length before it; in Excel 5 it is bytes of the code page."""
        (length,) = body.numbers(BYTE if short else SHORT)
        return body.text(length) if self._wide else self._bytes(body, length)

    def _bytes(self, body: Body, length: int) -> str:
        raw = body.rest()[:length]
        if len(raw) < length:
            raise damaged(_PART)
        return raw.decode(self._page, "replace")

    def _list_sheet(self, body: Body) -> None:
        at, state, kind, length = body.numbers(_SHEET_HEAD)
        name = body.text(length) if self._wide else self._bytes(body, length)
        if kind == 0:
            self._listed.append((at, name, state & 3 == 0))
        if len(self._listed) > MOST_SHEETS:
            raise too_big("too many sheets")

    def _shared_strings(self, body: Body) -> None:
        """The texts that cells refer to; how many the table says there are need not be true."""
        body.skip(8)
        while body.left():
            try:
                text = self._text(body, short=False)
            except Refusal:  # what is left is no text; whoever refers to it will see
                return
            self._tally.add_text(len(text))
            self._strings.append(Cell(text))
            if len(self._strings) > MOST_STRINGS:
                raise too_big("too many strings")

    def _name(self, body: Body) -> None:
        """A name with its text, where it stands for a constant text; the formulas of others stay tokens."""
        _, _, length, size, _, sheet, *_ = body.numbers(_NAME_HEAD)
        name = body.text(length) if self._wide else self._bytes(body, length)
        if not self._wide:
            body.skip(length)
        tokens, text = body.rest()[:size], ""
        if tokens[:1] == b"\x17" and len(tokens) > 3:
            inner = Body(tokens[1:], [])
            text = f'"{self._text(inner, short=True)}"'
        names = self.local_names if sheet else self.names
        names.setdefault(name, text)
        if len(names) > MOST_NAMES:
            raise too_big("too many names")

    def _sheet(self, at: int, name: str, visible: bool, dates: frozenset[int]) -> Sheet:
        if at >= self._length:
            raise damaged(f"sheet {name!r} has no part")
        grid = Grid(name, self._tally, dates, date_1904 if self._date1904 else date_1900)
        merged: list[str] = []
        protected, awaited = False, None
        for kind, body in self._substream(at, _WORKSHEET):
            if kind == _FORMULA and awaited is not None:
                grid.put(*awaited, Cell(None, NO_TEXT))
            if kind == _RESULT and awaited is not None:
                text = self._text(body, short=False)
                self._tally.add_text(len(text))
                grid.put(*awaited, Cell(text, NO_TEXT))
                awaited = None
            elif kind == _FORMULA:
                awaited = self._formula(grid, body)
            elif kind == _PROTECT:
                protected = body.numbers(SHORT)[0] == 1
            elif kind == _MERGED:
                merged += self._merged(body)
            else:
                self._cell(grid, kind, body)
        if awaited is not None:
            grid.put(*awaited, Cell(None, NO_TEXT))
        return Sheet(name=name, cells=grid.cells, visible=visible, protected=protected, merged=tuple(merged))

    def _cell(self, grid: Grid, kind: int, body: Body) -> None:
        """A cell without a formula; what is no cell that holds something is passed over."""
        if kind == _RKS:
            self._row_of_numbers(grid, body.data)
            return
        if kind not in (_SHARED, _NUMBER, _RK, _BOOL, _LABEL, _RICH):
            return
        row, column, style = body.numbers(_PLACE)
        if kind == _SHARED:
            (index,) = body.numbers(LONG)
            if index >= len(self._strings):
                raise damaged(f"{grid.part}: shared string {index}")
            grid.put(row, column, self._strings[index])
        elif kind == _NUMBER:
            grid.number(row, column, style, body.numbers(_FLOAT)[0])
        elif kind == _RK:
            grid.number(row, column, style, rk(body.numbers(LONG)[0]))
        elif kind == _BOOL:
            value, is_error = body.numbers(BYTE)[0], body.numbers(BYTE)[0]
            grid.put(row, column, error(value) if is_error else Cell(value != 0))
        else:
            grid.text(row, column, self._text(body, short=False))

    def _formula(self, grid: Grid, body: Body) -> tuple[int, int] | None:
        """A formula's cell with its result; its place where that is a text, which follows in a record of its own."""
        row, column, style = body.numbers(_PLACE)
        result, _ = body.numbers(_FORMULA_TAIL)
        if result[6:] != b"\xff\xff":
            grid.put(row, column, Cell(grid.dated(style, _FLOAT.unpack(result)[0]), NO_TEXT))
        elif result[0] == 0:
            return row, column
        elif result[0] == 1:
            constant = body.rest()[6:] in _TRUTH
            grid.put(row, column, Cell(result[2] != 0, None if constant else NO_TEXT))
        elif result[0] == 2:
            grid.put(row, column, error(result[2])._replace(formula=NO_TEXT))
        else:
            grid.put(row, column, Cell("", NO_TEXT))
        return None

    def _row_of_numbers(self, grid: Grid, data: bytes) -> None:
        """Numbers side by side: row, first column, style and number of each, last column."""
        if len(data) < 6:
            raise damaged(grid.part)
        row, column = struct.unpack_from("<HH", data)
        for at in range(4, len(data) - 7, 6):
            style, packed = struct.unpack_from("<HI", data, at)
            grid.number(row, column, style, rk(packed))
            column += 1

    def _merged(self, body: Body) -> Iterator[str]:
        (count,) = body.numbers(SHORT)
        for _ in range(count):
            top, bottom, left, right = body.numbers(_MERGE)
            self._tally.add_merged()
            yield f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
