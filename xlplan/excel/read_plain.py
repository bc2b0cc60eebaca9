"""Plain parts of an .xlsx by patterns: the same answers as the expat pass, at a fraction of its time.

A part is plain when it is UTF-8 without comments, CDATA or DOCTYPE and its rows hold only cells of the shape that
spreadsheet programs write. Every byte must be accounted for; whatever fits no pattern is left to expat, untouched.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlplan.excel.bounds import MOST_ROWS

LARGEST = 4_000_000  # bytes; what patterns find is held at once, while expat hands on cell by cell

_TEXT = "[^<]*"
_FORMULA = (
    r'(<f)(?: t="(?:shared|array|normal)")?(?: aca="(?:false|true|0|1)")?(?: ref="[A-Z0-9:]+")?'
    rf'(?: ca="[01]")?(?: si="[0-9]+")?(?:/>|>({_TEXT})</f>)'
)
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rf"(?:/>|>(?:{_FORMULA})?(?:(<v)(?:/>|>({_TEXT})</v>))?</c>)"
)
_ATTRIBUTE = r'\s+[A-Za-z][\w:.-]*="[^"<]*"'
_ROW = re.compile(rf'<row r="([1-9][0-9]{{0,6}})"((?:{_ATTRIBUTE})*)\s*(?:/>|>\s*</row>)\s*')
_QUOTED = re.compile('="[^"]*"')
_DECLARATION = r'\s*(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>)?\s*'
_MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
_SHEET = re.compile(rf'{_DECLARATION}<worksheet(?:{_ATTRIBUTE})*?\s+xmlns="{_MAIN}"')
_STRINGS = re.compile(
    rf'{_DECLARATION}<sst(?= xmlns="{_MAIN}")(?: (?:xmlns|count|uniqueCount)="[^"<&]*"){{1,3}}>(.*)</sst>\s*',
    re.S,
)
_ITEM = re.compile(rf'<si><t(?: xml:space="preserve")?>({_TEXT})</t></si>\s*')
_OF_CELLS = re.compile(r"<(?:c|v|f|is|t|rPh|row)[\s/>]")
_FOREIGN = re.compile("&(?!(?:lt|gt|amp|quot|apos|#[0-9]{2,7}|#x[0-9A-Fa-f]{2,6});)")
_CONTROLS = bytes((*range(9), *range(11, 32)))  # with \r, which a parser turns into \n
_REFERENCE = re.compile("&#(x?)([0-9A-Fa-f]+);")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))

# Of a cell: letters, row, style, type, "<f" where it has a formula, that, "<v" where it has a value, that
PlainCell = tuple[str, str, str | None, str | None, str | None, str | None, str | None, str | None]
_FIELDS = 8
_STRIDE = _FIELDS + 1  # with what stands between two cells


def plain_cells(data: bytes) -> tuple[bytes, list[PlainCell]] | None:
    """The part without cells and with few of its rows, for expat to read, and the cells; None if it is not plain."""
    text = _decoded(data)
    if text is None:
        return None
    before, opened, rest = text.partition("<sheetData>")
    body, closed, after = rest.partition("</sheetData>")
    if not opened or not closed or _SHEET.match(before) is None or "xmlns" in body:
        return None
    if before.count("xmlns=") != 1 or _OF_CELLS.search(before) or _OF_CELLS.search(after):
        return None
    pieces = _CELL.split(body)
    rows = _shapes("".join(pieces[::_STRIDE]))
    if rows is None:
        return None
    cells = list(zip(*(pieces[at::_STRIDE] for at in range(1, _STRIDE)), strict=True))
    return "".join((before, opened, rows, closed, after)).encode(), cells


def _shapes(rows: str) -> str | None:
    """One row of every set of attributes, which is all that expat could find fault with; None for other content."""
    pieces = _ROW.split(rows)
    if "&" in rows or "".join(pieces[::3]).strip():
        return None
    if any(len(number) > 6 and int(number) > MOST_ROWS for number in pieces[1::3]):
        return None
    shapes = {_QUOTED.sub('="1"', attributes) for attributes in set(pieces[2::3])}
    return "".join(f'<row r="1"{attributes}/>' for attributes in sorted(shapes))


def plain_strings(data: bytes) -> list[str] | None:
    """The shared strings, still with `_xHHHH_`; None where one is rich or the part is not plain."""
    text = _decoded(data)
    found = _STRINGS.fullmatch(text) if text is not None else None
    if found is None or _ITEM.sub("", found[1]).strip():
        return None
    try:
        return [resolved(item) for item in _ITEM.findall(found[1])]
    except ValueError:
        return None


@lru_cache(maxsize=2_000)
def formula_text(text: str) -> str:
    """A formula with its entities resolved; remembered, as copies of one form share their formulas."""
    return resolved(text)


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


def _decoded(data: bytes) -> str | None:
    """The part as text, or None where anything but elements and text may be in it."""
    if (
        len(data) > LARGEST
        or b"<!" in data
        or data.count(b"<?") > 1
        or (b"<?" in data and data[:5] != b"<?xml")
    ):
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        return None
    start = data.find(b"?>\r\n", 0, 200)  # Excel ends the declaration so, between elements
    if start > 0 and b"<" not in data[1:start]:
        data = data[: start + 2] + data[start + 4 :]
    if b"]]>" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        return None
    if len(data.translate(None, _CONTROLS)) != len(data):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _FOREIGN.search(text) else text
