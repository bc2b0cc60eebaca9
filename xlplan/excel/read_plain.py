"""Plain parts of an .xlsx by patterns: the same answers as the expat pass, at a fraction of its time.

A part is plain when it is UTF-8 without comments, CDATA or DOCTYPE and its rows hold only cells of the shape that
spreadsheet programs write. Every byte must be accounted for; whatever fits no pattern is left to expat, untouched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from xlplan.excel.bounds import MOST_COLUMNS, MOST_ROWS
from xlplan.excel.guard import damaged
from xlplan.excel.read_cells import BLANK, Setting
from xlplan.excel.read_memory import Memory
from xlplan.excel.read_styles import ToDate
from xlplan.excel.read_xml import unescaped
from xlplan.form.expressions import column_number
from xlplan.layout.book import Cell, Place, place_at, text_cell

LARGEST = 4_000_000  # bytes; what patterns find is held at once, while expat hands on cell by cell
MOST_STRINGS = 8_000  # that are remembered; the five templates have 3,200
_LABEL = 200  # characters of a text that may be one of a form's
MANY_ROWS = 2_000  # of a sheet; no form of ours has so many
REMEMBERED = 60_000  # characters around a sheet's cells up to which what they say is kept for the next file

_TEXT, _SPACE, _SPACES = "[^<]*", r"[ \t\n]*", " \t\n"
_FORMULA = (
    r'(<f)(?: t="(?:shared|array|normal)")?(?: aca="(?:false|true|0|1)")?(?: ref="[A-Z0-9:]+")?'
    rf'(?: ca="[01]")?(?: si="[0-9]+")?(?:/>|>({_TEXT})</f>)'
)
_CELL = re.compile(
    r'([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rf"(?:/>|>(?:{_FORMULA})?(?:(<v)(?: ?/>|>({_TEXT})</v>))?</c>"
    rf'|>(<is><t)(?: xml:space="preserve")?>({_TEXT})</t></is></c>){_SPACE}'
)
_SHARED = b't="s"><v>'  # what stands before the index of a shared string
_ATTRIBUTE = r'\s+[A-Za-z][\w:.-]*="[^"<]*"'
_ROW = re.compile(rf'r="([1-9][0-9]{{0,6}})"((?:{_ATTRIBUTE})*)\s*(?:/>|>{_SPACE}(.*)</row>){_SPACE}', re.S)
_EMPTY_ROW = re.compile(rb'(?<=\0)r="[1-9][0-9]{0,5}"([^<>/\0]*)/>(?=\0)')
_QUOTED, _ANY_VALUE = re.compile('="[^"]*"'), '="1"'
_DECLARATION = r'\s*(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>)?\s*'
_MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
_SHEET = re.compile(rf"{_DECLARATION}(<worksheet(?:{_ATTRIBUTE})*\s*>)")
_SHEET_SPACE = re.compile(rf'\sxmlns="{_MAIN}"')
_STRINGS = re.compile(
    rf'{_DECLARATION}<sst(?= xmlns="{_MAIN}")(?: (?:xmlns|count|uniqueCount)="[^"<&]*"){{1,3}}>'
)
_END_OF_STRINGS = re.compile(rf"{_SPACE}</sst>{_SPACE}")
_OPEN_ITEM = "<si><t"
_ITEM = re.compile(rf'(?: xml:space="preserve")?>({_TEXT})</t></si>{_SPACE}')
_TOLD = re.compile(r"<(?:c|v|f|is|t|rPh|row)[\s/>]|sheetProtection|mergeCell|ataValidation")
_OF_CELLS = re.compile(r"<(?:c|v|f|is|t|rPh|row)[\s/>]")
# what no text holds, or what it holds only where expat has to look at it, such as \r, which a parser turns into \n
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]")
_FOREIGN = re.compile("&(?!(?:lt|gt|amp|quot|apos|#[0-9]{2,7}|#x[0-9A-Fa-f]{2,6});)")
_REFERENCE = re.compile("&#(x?)([0-9A-Fa-f]+);")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))

PlainCell = tuple[Place, Cell | None, int]  # place, what it holds (None: a shared string), characters of that


class PlainRow(NamedTuple):
    """A row. `shape`: it without its cells, as far as expat could find fault with that; `cells`: those that hold
    something, None for a shared string; `elements`: all its cells; `characters`: of texts and formulas in it."""

    shape: str
    cells: tuple[tuple[Place, Cell | None], ...]
    elements: int
    characters: int


class PlainSheet(NamedTuple):
    """A worksheet part. `start`: all up to its cells, with few of its rows, and `end`: all behind them, for expat.

    `shared`: the indexes of shared strings as its cells write them, in their order.
    """

    start: str
    end: str
    rows: list[PlainRow]
    shared: list[str]


def plain_cells(part: str, data: bytes, setting: Setting) -> PlainSheet | None:
    """The part as its cells and what stands around them; None if it is not plain. Raises Refusal for a bad cell."""
    if len(data) > LARGEST:
        return None
    opened = data.find(b"<sheetData>")
    closed = data.find(b"</sheetData>", opened)
    start = _start(data[:opened]) if 0 <= opened < closed else None
    end = _end(start.root, data[closed:]) if start is not None else None
    if start is None or end is None:
        return None
    body, shared = _without_indexes(data[opened + len(b"<sheetData>") : closed])
    between, *pieces = body.split(b"<row ")
    if len(pieces) > MANY_ROWS and b"\0" not in body and b"" not in pieces:
        pieces = _with_few_empty(pieces)
    if shared is None or between.strip(_SPACES.encode()):
        return None
    rows = _rows_met(setting.dates, setting.to_date).all(part, pieces)
    if rows is None:
        return None
    shapes = sorted({row[0] for row in rows})
    return PlainSheet(
        start=f"{start.text}<sheetData>{''.join(shapes)}</sheetData></worksheet>",
        end=end,
        rows=rows,
        shared=shared,
    )


def _without_indexes(body: bytes) -> tuple[bytes, list[str] | None]:
    """The rows without the indexes of shared strings, which differ from copy to copy, and these indexes."""
    first, *pieces = body.split(_SHARED)
    if not pieces:
        return body, []
    parts = [piece.partition(b"<") for piece in pieces]
    indexes = b" ".join([index for index, _, _ in parts])
    rest = (_SHARED + b"<").join([first, *[after for _, _, after in parts]])
    found = indexes.decode().split(" ") if indexes.replace(b" ", b"").isdigit() else [""]
    return rest, None if "" in found else found


def _with_few_empty(pieces: list[bytes]) -> list[bytes]:
    """The rows with one of each kind of those that hold no cell, of which there can be a million."""
    parts = _EMPTY_ROW.split(b"\0%b\0" % b"\0".join(pieces))
    kept = [b'r="1"%b/>' % attributes for attributes in set(parts[1::2])]
    return [*filter(None, b"".join(parts[::2]).split(b"\0")), *kept]


class _Start(NamedTuple):
    """What stands before the cells, and the tag in it that opens the sheet."""

    text: str
    root: str


def _start(before: bytes) -> _Start | None:
    """None where what stands before the cells is not plain."""
    return (_start_met if len(before) <= REMEMBERED else _start_met.__wrapped__)(before)


@lru_cache(maxsize=200)
def _start_met(before: bytes) -> _Start | None:
    text = _decoded(before)
    found = _SHEET.match(text) if text is not None else None
    if text is None or found is None or _SHEET_SPACE.search(found[1]) is None or text.count("xmlns=") != 1:
        return None
    if "<!" in text or "<?" in text[found.start(1) :] or _TOLD.search(text):
        return None
    return _Start(text, found[1])


def _end(root: str, after: bytes) -> str | None:
    """The sheet without its cells; None where what stands behind them holds some again, or what could hide them."""
    return (_end_met if len(after) <= REMEMBERED else _end_met.__wrapped__)(root, after)


@lru_cache(maxsize=200)
def _end_met(root: str, after: bytes) -> str | None:
    text = _decoded(after)
    if text is None or "<!" in text or "<?" in text or _OF_CELLS.search(text):
        return None
    return f"{root}<sheetData>{text}"


@lru_cache(maxsize=8)
def _rows_met(dates: frozenset[str], to_date: ToDate) -> Memory[bytes, PlainRow]:
    """What rows say in workbooks that have their days in these styles."""
    setting = Setting({}, dates, to_date)
    cells: Memory[str, PlainCell | tuple[()]] = Memory(lambda part, piece: _cell(part, piece, setting))
    return Memory(lambda part, piece: _row(part, piece, cells))


def _row(part: str, piece: bytes, met: Memory[str, PlainCell | tuple[()]]) -> PlainRow | None:
    """What a row says behind the beginning of its tag."""
    text = _decoded(piece)
    found = _ROW.fullmatch(text) if text is not None else None
    if found is None or "&" in found[2] or "xmlns" in found[2] or _is_strange(found[2]):
        return None
    if len(found[1]) > 6 and int(found[1]) > MOST_ROWS:
        return None
    between, *pieces = (found[3] or "").split('<c r="')
    cells = None if between else met.all(part, pieces)
    if cells is None:
        return None
    held = [cell for cell in cells if cell]
    return PlainRow(
        f'<row r="1"{_QUOTED.sub(_ANY_VALUE, found[2])}/>',
        tuple((place, cell) for place, cell, _ in held),
        len(pieces),
        sum(characters for _, _, characters in held),
    )


def _cell(part: str, piece: str, setting: Setting) -> PlainCell | tuple[()] | None:
    """What a cell says behind the letters of its opening, with the characters of it; () for nothing."""
    found = _CELL.fullmatch(piece)
    if found is None or "xmlns" in piece or _is_strange(piece):
        return None
    letters, digits, style, kind, has_formula, inside, has_value, value, is_inline, inline = found.groups()
    if (kind == "s" and (has_formula or value)) or (is_inline and kind != "inlineStr"):
        return None
    at = _place(part, letters, int(digits))
    if kind == "s" and value is not None:
        return at, None, 0
    try:
        text = resolved(inline if is_inline else value or "") if has_value or is_inline else None
        formula = resolved(inside or "") if has_formula else None
    except ValueError as fault:  # a character reference to what XML cannot hold
        raise damaged(part) from fault
    cell = setting.read(part, kind or "n", style or "0", text, formula)
    return () if cell is BLANK else (at, cell, len(text or "") + len(formula or ""))


def _place(part: str, letters: str, row: int) -> Place:
    column = column_number(letters)
    if column > MOST_COLUMNS or row > MOST_ROWS:
        raise damaged(f"{part}: cell {letters}{row}")
    return place_at(row, column)


def plain_strings(part: str, data: bytes) -> list[Cell] | None:
    """A cell for each shared string; None where one is rich or the part is not plain."""
    text = _decoded(data) if len(data) <= LARGEST else None
    found = _STRINGS.match(text) if text is not None else None
    if text is None or found is None:
        return None
    between, *items = text[found.end() :].split(_OPEN_ITEM)
    if not items:
        return [] if _END_OF_STRINGS.fullmatch(between) else None
    items[-1], ended, after = items[-1].rpartition("</sst>")
    if between.strip(_SPACES) or not ended or after.strip(_SPACES):
        return None
    return _STRINGS_MET.all(part, items)


def _string(_part: str, piece: str) -> Cell | None:
    found = _ITEM.fullmatch(piece)
    if found is None or _is_strange(piece):
        return None
    try:
        text = unescaped(resolved(found[1]))
    except ValueError:
        return None
    return text_cell(text) if 0 < len(text) <= _LABEL else Cell(text) if text else BLANK


_STRINGS_MET = Memory(_string, MOST_STRINGS)


def resolved(text: str) -> str:
    """The text with XML's own entities resolved. Raises ValueError for a character that XML cannot hold."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    if "&#" in text:
        text = _REFERENCE.sub(_character, text)
    return text.replace("&amp;", "&")  # last: what it yields begins nothing


def _character(found: re.Match[str]) -> str:
    code = int(found[2], 16 if found[1] else 10)
    if (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    ):
        return chr(code)
    raise ValueError(f"character {code}")


def _is_strange(text: str) -> bool:
    """Whether there is something in a text that expat has to look at."""
    if not text.isprintable() and _CONTROLS.search(text):
        return True
    return "]]>" in text or ("&" in text and _FOREIGN.search(text) is not None)


def _decoded(data: bytes) -> str | None:
    """Bytes as text, or None where they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
