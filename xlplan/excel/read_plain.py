"""Plain parts of an .xlsx by patterns: the same answers as the expat pass, at a fraction of its time.

A part is plain when it is UTF-8 without comments, CDATA or DOCTYPE and its rows hold only cells of the shape that
spreadsheet programs write. Every byte must be accounted for; whatever fits no pattern is left to expat, untouched.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LARGEST = 4_000_000  # bytes; what patterns find is held at once, while expat hands on cell by cell

_TEXT = r"[^<&]*(?:&(?:lt|gt|amp|quot|apos|#[0-9]{2,7}|#x[0-9A-Fa-f]{2,6});[^<&]*)*"
_FORMULA = (
    r'(<f)(?: t="(?:shared|array|normal)")?(?: aca="(?:false|true|0|1)")?(?: ref="[A-Z0-9:]+")?'
    rf'(?: ca="[01]")?(?: si="[0-9]+")?(?:/>|>({_TEXT})</f>)'
)
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rf"(?:/>|>(?:{_FORMULA})?(?:(<v)(?:/>|>({_TEXT})</v>))?</c>)"
)
_ATTRIBUTE = r'\s+[A-Za-z][\w:.-]*="[^"<]*"'
_ROWS = re.compile(rf"(?:\s*<row(?:{_ATTRIBUTE})*\s*(?:/>|>\s*</row>))*\s*")
_DECLARATION = r'\s*(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>)?\s*'
_MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
_SHEET = re.compile(rf'{_DECLARATION}<worksheet(?:{_ATTRIBUTE})*?\s+xmlns="{_MAIN}"')
_STRINGS = re.compile(
    rf'{_DECLARATION}<sst(?= xmlns="{_MAIN}")(?: (?:xmlns|count|uniqueCount)="[^"<&]*"){{1,3}}>(.*)</sst>\s*', re.S
)
_ITEM = re.compile(rf'<si><t(?: xml:space="preserve")?>({_TEXT})</t></si>\s*')
_OF_CELLS = re.compile(r"<(?:c|v|f|is|t|rPh|row)[\s/>]")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|]]>")  # and \r, which a parser turns into \n
_ENTITY = re.compile("&(#?)(x?)([0-9A-Za-z]+);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class PlainCell(NamedTuple):
    """One cell as it is written. `has_formula`, `has_value`: "" where the element is missing, not just empty."""

    letters: str
    row: str
    style: str
    kind: str
    has_formula: str
    formula: str
    has_value: str
    value: str


def plain_cells(data: bytes) -> tuple[bytes, list[tuple[str, ...]]] | None:
    """The part without its cells, for expat to read, and the fields of `PlainCell`s; None for a part not plain."""
    text = _decoded(data)
    if text is None:
        return None
    before, opened, rest = text.partition("<sheetData>")
    body, closed, after = rest.partition("</sheetData>")
    if not opened or not closed or _SHEET.match(before) is None or "xmlns" in body:
        return None
    if before.count("xmlns=") != 1 or _OF_CELLS.search(before) or _OF_CELLS.search(after):
        return None
    rows = _CELL.sub("", body)
    if _ROWS.fullmatch(rows) is None:
        return None
    cells: list[tuple[str, ...]] = _CELL.findall(body)
    return "".join((before, opened, rows, closed, after)).encode(), cells


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


def resolved(text: str) -> str:
    """The text with XML's own entities resolved. Raises ValueError for a character that XML cannot hold."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if not found[1]:
        return _NAMED[found[3]]
    code = int(found[3], 16 if found[2] else 10)
    if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return chr(code)
    raise ValueError(f"character {code}")


def _decoded(data: bytes) -> str | None:
    """The part as text, or None where anything but elements and text may be in it."""
    if len(data) > LARGEST or b"<!" in data or data.count(b"<?") > 1 or (b"<?" in data and data[:5] != b"<?xml"):
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    # Excel ends the declaration with \r\n, which stands between elements
    head, end, rest = text.partition("?>\r\n")
    if end and "<worksheet" not in head and "<sst" not in head:
        text = f"{head}?>\n{rest}"
    return None if _NOT_XML.search(text) else text
