"""An OpenDocument spreadsheet: one pass over content.xml, in the dialect of whatever program wrote it.

Names are OpenDocument 1.3's (part 3); elements are known by namespace, never by prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from xlplan.excel.bounds import MOST_COLUMNS, MOST_NAMES, MOST_ROWS, MOST_SHEETS, Tally
from xlplan.excel.guard import Archive, Refusal, damaged, too_big
from xlplan.excel.read_cells import BLANK, TRUTH
from xlplan.excel.read_xml import MOST_DEPTH, Attributes, local, parse, too_deep, walk
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Scalar, Sheet

_PART, _MANIFEST, _META = "content.xml", "META-INF/manifest.xml", "meta.xml"
_TELLS = frozenset(("formulas", "protection", "names", "properties"))
_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{_SPACE}{name}:1.0 " for name in ("table", "office", "text", "style"))
_META_SPACE = f"{_SPACE}meta:1.0 "
_ERROR = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ROWS, _COLUMNS = _TABLE + "number-rows-repeated", _TABLE + "number-columns-repeated"
_MOST_ELEMENTS = 500_000  # repeats are written once, so that a plan has some thousands
_LONGEST = 1_000_000  # characters of one cell

# What stands among the cells and is none of their content: notes, drawings, forms, changes, caches of other files
_PASSED_OVER = {
    *(_TABLE + name for name in ("shapes", "tracked-changes", "dde-links", "detective", "database-ranges")),
    *(_OFFICE + name for name in ("annotation", "forms", "scripts", "font-face-decls", "event-listeners")),
    *(_TEXT + name for name in ("ruby-text", "note", "tracked-changes")),
}
_DRAWINGS = (f"{_SPACE}drawing:1.0 ", f"{_SPACE}dr3d:1.0 ", f"{_SPACE}chart:1.0 ")
_CACHE = re.compile(r"'.*'#")  # how LibreOffice names its copies of other files' sheets
_PREFIX = re.compile(r"(?:[A-Za-z][\w.-]*:)?=?")  # of a formula: the language, and the sign
_SHOWN = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|ERR)|Err:\d{3}")
_TIME = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d+)?)S)?")
_WHITE = re.compile("[ \t\r\n]+")
_KEPT = str.maketrans("\0\1\2", " \t\n")  # blanks that are elements, and so no white space of the XML
_AMOUNTS = ("float", "percentage", "currency")


def read_ods(archive: Archive) -> Book:
    """An OpenDocument spreadsheet. Raises Refusal when it is encrypted, broken or too big."""
    if "encrypted-package" in archive or _is_encrypted(archive):
        raise Refusal("encrypted")
    content = _ContentPass().run(archive.read(_PART))
    properties, core = _meta(archive.read(_META)) if _META in archive else ({}, {})
    return Book(
        format="ods",
        sheets=tuple(content.sheets),
        names=content.local_names | content.names,
        properties=properties,
        core=core,
        macros=any(
            name.startswith(("Basic/", "Scripts/"))
            and not name.endswith(("/", "script-lb.xml", "script-lc.xml"))
            for name in archive.names
        ),
        tells=_TELLS,
    )


def _is_encrypted(archive: Archive) -> bool:
    """Whether the manifest names an encrypted part (OpenDocument 1.3 part 2, 3.4)."""
    found = False

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal found
        found = found or local(name) == "encryption-data"

    if _MANIFEST in archive:
        walk(_MANIFEST, archive.read(_MANIFEST), start, lambda *_: None)
    return found


def _meta(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """The user-defined properties, and who saved the file when."""
    properties: dict[str, str] = {}
    core: dict[str, str] = {}
    names = {
        "initial-creator": "creator",
        "creator": "lastModifiedBy",
        "date": "modified",
        "generator": "application",
    }
    current = ""

    def start(_name: str, attributes: Attributes) -> None:
        nonlocal current
        current = attributes.get(_META_SPACE + "name", "")

    def end(name: str, text: str) -> None:
        if name == _META_SPACE + "user-defined":
            properties.setdefault(current, text)
        elif text and local(name) in names:
            core[names[local(name)]] = text

    walk(_META, data, start, end)
    return properties, core


class _ContentPass:
    """The pass. After `run`: `sheets`, and `names` of the workbook and `local_names` of its sheets."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.names: dict[str, str] = {}
        self.local_names: dict[str, str] = {}
        self._tally, self._pieces = Tally(), list[str]()
        self._depth = self._elements = 0
        self._over = self._kept = 0  # the depth of an element passed over, and the pieces from before it
        self._style, self._hidden = "", set[str]()
        self._spreadsheet = False
        self._table: Attributes | None = None
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merged: list[str] = []
        self._row = self._column = self._repeat = 0
        self._line: dict[int, Cell] | None = None
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._paragraph = self._length = 0  # the depth of a paragraph, and the blanks in it that are elements
        cells, paragraphs = ("table-cell", "covered-table-cell"), ("p", "h")
        self._starts: dict[str, Callable[[Attributes], None]] = {
            _OFFICE + "spreadsheet": self._start_spreadsheet,
            _STYLE + "style": self._start_style,
            _STYLE + "table-properties": self._table_properties,
            _TABLE + "table": self._start_table,
            _TABLE + "table-row": self._start_row,
            _TABLE + "named-expression": self._name,
            _TABLE + "named-range": self._name,
            _TEXT + "s": self._blanks,
            _TEXT + "tab": lambda _: self._put("\1"),
            _TEXT + "line-break": lambda _: self._put("\2"),
            **{_TABLE + name: self._start_cell for name in cells},
            **{_TEXT + name: self._start_paragraph for name in paragraphs},
        }
        self._ends: dict[str, Callable[[], None]] = {
            _TABLE + "table": self._end_table,
            _TABLE + "table-row": self._end_row,
            **{_TABLE + name: self._end_cell for name in cells},
            **{_TEXT + name: self._end_paragraph for name in paragraphs},
        }

    def run(self, data: bytes) -> _ContentPass:
        """Read the part. Raises Refusal."""
        parse(_PART, data, self.start, self.end, self._pieces)
        if not self._spreadsheet:
            raise damaged(f"{_PART} is no spreadsheet")
        return self

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH:
            raise too_deep(_PART)
        if self._elements > _MOST_ELEMENTS:
            raise too_big("too many elements")
        if not self._paragraph:
            self._pieces.clear()
        if self._over:
            return
        if name in _PASSED_OVER or name.startswith(_DRAWINGS) or (name == _TABLE + "table" and self._table):
            self._over, self._kept = self._depth, len(self._pieces)
        elif (action := self._starts.get(name)) is not None:
            action(attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._over:
            if self._over == self._depth:
                self._over = 0
                del self._pieces[self._kept :]
        elif (action := self._ends.get(name)) is not None:
            action()
        self._depth -= 1

    def _start_spreadsheet(self, _: Attributes) -> None:
        self._spreadsheet = True

    def _start_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(_STYLE + "name", "")

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get(_TABLE + "display") == "false":
            self._hidden.add(self._style)

    def _name(self, attributes: Attributes) -> None:
        text = attributes.get(_TABLE + "expression", attributes.get(_TABLE + "cell-range-address", ""))
        names = self.names if self._table is None else self.local_names
        names.setdefault(attributes.get(_TABLE + "name", ""), _PREFIX.sub("", text, count=1))
        if len(names) > MOST_NAMES:
            raise too_big("too many names")

    def _start_table(self, attributes: Attributes) -> None:
        self._table, self._cells, self._merged, self._row = attributes, {}, [], 0

    def _end_table(self) -> None:
        table, self._table = self._table or {}, None
        name = table.get(_TABLE + "name", "")
        if _CACHE.match(name):
            return
        if len(self.sheets) >= MOST_SHEETS:
            raise too_big("too many sheets")
        self.sheets.append(
            Sheet(
                name=name,
                cells=self._cells,
                visible=table.get(_TABLE + "style-name") not in self._hidden,
                protected=table.get(_TABLE + "protected") == "true",
                merged=tuple(self._merged),
            )
        )

    def _start_row(self, attributes: Attributes) -> None:
        if self._table is None or self._line is not None:
            raise damaged(f"{_PART}: a row out of place")
        self._line, self._column, self._repeat = {}, 0, _count(attributes, _ROWS)
        if self._row + self._repeat > MOST_ROWS:
            raise damaged(f"{_PART}: a row beyond the last")

    def _end_row(self) -> None:
        line, self._line = self._line or {}, None
        if line:
            self._tally.add(len(line) * self._repeat)
            rows = range(self._row + 1, self._row + 1 + self._repeat)
            self._cells.update({(row, column): cell for row in rows for column, cell in line.items()})
        self._row += self._repeat

    def _start_cell(self, attributes: Attributes) -> None:
        if self._line is None or self._cell is not None:
            raise damaged(f"{_PART}: a cell out of place")
        self._cell, self._length = attributes, 0
        self._paragraphs.clear()

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        line = self._line if self._line is not None else {}
        first, repeat = self._column + 1, _count(attributes, _COLUMNS)
        self._column += repeat
        if self._column > MOST_COLUMNS:
            raise damaged(f"{_PART}: a column beyond the last")
        self._merge(first, _spanned(attributes, "rows"), _spanned(attributes, "columns"))
        cell = _read(attributes, "\n".join(self._paragraphs))
        if cell is not BLANK:
            self._tally.check(len(line) + repeat, 0)
            self._tally.add_text(len(cell.value) if isinstance(cell.value, str) else 0)
            line.update(dict.fromkeys(range(first, first + repeat), cell))

    def _merge(self, column: int, rows: int, columns: int) -> None:
        if rows > 1 or columns > 1:
            self._tally.add_merged()
            last = f"{column_letters(column + columns - 1)}{self._row + rows}"
            self._merged.append(f"{column_letters(column)}{self._row + 1}:{last}")

    def _start_paragraph(self, _: Attributes) -> None:
        if self._cell is not None and not self._paragraph:
            self._paragraph = self._depth

    def _end_paragraph(self) -> None:
        if self._paragraph == self._depth and self._cell is not None:
            self._paragraph = 0
            text = "".join(self._pieces)
            self._length += len(text)
            if self._length > _LONGEST:
                raise too_big(f"{_PART}: a text of more than {_LONGEST:,} characters")
            self._paragraphs.append(_WHITE.sub(" ", text).strip(" ").translate(_KEPT))

    def _blanks(self, attributes: Attributes) -> None:
        count = _count(attributes, _TEXT + "c")
        self._length += count
        if self._length > _LONGEST:
            raise too_big(f"{_PART}: a text of more than {_LONGEST:,} characters")
        self._put("\0" * count)

    def _put(self, text: str) -> None:
        if self._paragraph:
            self._pieces.append(text)


def _read(attributes: Attributes, shown: str) -> Cell:
    """The cell, BLANK where it holds nothing. `shown`: its text as people see it."""
    formula = attributes.get(_TABLE + "formula")
    if formula is not None:
        formula = _PREFIX.sub("", formula, count=1)
        if formula in TRUTH:
            return TRUTH[formula]
    kind = attributes.get(_OFFICE + "value-type", "")
    text = attributes.get(_OFFICE + "string-value", shown)
    if attributes.get(_ERROR) == "error":
        return Cell(None, formula, shown.strip() or text.strip() or "#ERR")
    if formula is not None and (error := _SHOWN.fullmatch(shown.strip()) or _SHOWN.fullmatch(text.strip())):
        return Cell(None, formula, error[0])  # programs that have no word for an error write its text
    if formula is not None and not kind and not shown:
        return Cell(None, formula)
    value = _typed(attributes, kind)
    if value is None:
        value = text
    return BLANK if value == "" and formula is None else Cell(value, formula)


def _typed(attributes: Attributes, kind: str) -> Scalar:
    """The value of a cell that is no text; None where it says none, and what it shows has to do."""
    if kind in _AMOUNTS:
        return _number(attributes.get(_OFFICE + "value"))
    if kind == "boolean":
        return {"true": True, "false": False}.get(attributes.get(_OFFICE + "boolean-value", ""))
    if kind == "date":
        return _moment(attributes.get(_OFFICE + "date-value", ""))
    if kind == "time":
        return _time(attributes.get(_OFFICE + "time-value", ""))
    return None


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0.0 or "_" in text:  # infinite, no number, or one only to Python
        raise damaged(f"{_PART}: number {text[:20]!r}")
    return number


def _moment(text: str) -> datetime | str | None:
    """The moment, to the millisecond; the text itself where it is none, such as a year before the first."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
        return moment.replace(microsecond=0) + timedelta(milliseconds=round(moment.microsecond / 1000))
    except (ValueError, OverflowError):
        return text or None


def _time(text: str) -> datetime | float | None:
    """A time of day on the day 0 of Excel's calendar, as an .xlsx has it; a longer time as days."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.group(2, 3, 4))
    seconds = round(float((found[5] or "0").replace(",", ".")), 3)
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found[1] or span >= timedelta(days=1):
        return span / timedelta(days=1) * (-1 if found[1] else 1)
    return datetime(1899, 12, 31) + span


def _spanned(attributes: Attributes, what: str) -> int:
    return _count(attributes, f"{_TABLE}number-{what}-spanned")


def _count(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 7 and int(text) > 0):
        raise damaged(f"{_PART}: a repeat of {text[:20]!r}")
    return int(text)
