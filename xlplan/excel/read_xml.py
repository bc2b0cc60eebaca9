"""One expat pass over a part, with nothing resolved: no entity, no DOCTYPE, no link, no great depth."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from xlplan.excel.guard import damaged, hostile, too_big

MOST_DEPTH = 100
MOST_ELEMENTS = 1_000_000  # of a small part
MOST_NAMESPACE = 200  # characters: expat writes the namespace out for every name
CHUNK = 1 << 18  # bytes that expat is given at a time
MOST_TAG = 1_000_000  # bytes of one tag or comment, which expat keeps whole
MOST_PIECES = 2_000_000  # characters between two tags; a cell takes 32,767
Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], object]
OnEnd = Callable[[str], object]

_SPREADSHEETML = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # Strict
)
_EXTENSION = (
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "http://schemas.microsoft.com/office/excel/2006/main",
)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def sheet_tags(*names: str) -> dict[str, str]:
    """Local name by full name, for these elements of SpreadsheetML, transitional and Strict."""
    return {f"{space} {name}": name for space in _SPREADSHEETML for name in names}


def extension_tags(*names: str) -> dict[str, str]:
    """ "x14:" and local name by full name, for these elements of Excel's 2010 extension."""
    return {f"{space} {name}": f"x14:{name}" for space in _EXTENSION for name in names}


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def parse(part: str, data: bytes, start: OnStart, end: OnEnd, pieces: list[str]) -> None:
    """Run handlers over the part. Names come as "namespace local"; texts are added to `pieces`.

    Raises Refusal naming the part when it is not well-formed or holds a document type. A handler's ValueError
    and LookupError mean a broken part too. Handlers bound the depth themselves, as `walk` does.
    """
    parser = _parser(part)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    _run(parser, part, data, pieces)


def check_xml(part: str, data: bytes) -> None:
    """Refuse a part that is not well-formed or holds a document type, without looking at what it says."""
    _run(_parser(part), part, data, [])


def _parser(part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> NoReturn:
        raise hostile(f"{part}: a document type")

    def name_space(_prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > MOST_NAMESPACE:
            raise hostile(f"{part}: a namespace of {len(uri)} characters")

    parser.StartNamespaceDeclHandler = name_space
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _run(parser: expat.XMLParserType, part: str, data: bytes, pieces: list[str]) -> None:
    try:
        for at in range(0, len(data), CHUNK):
            _feed(parser, part, data, at, pieces)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise damaged(part) from fault


def _feed(parser: expat.XMLParserType, part: str, data: bytes, at: int, pieces: list[str]) -> None:
    """The next bytes; what expat or `pieces` hold back afterwards is bounded."""
    parser.Parse(memoryview(data)[at : at + CHUNK], False)
    if at + CHUNK - parser.CurrentByteIndex > MOST_TAG + CHUNK:
        raise too_big(f"{part}: a tag of more than 1 MB")
    if sum(map(len, pieces)) > MOST_PIECES:
        raise too_big(f"{part}: a text of more than {MOST_PIECES:,} characters")


def walk(part: str, data: bytes, start: OnStart, end: Callable[[str, str], object]) -> None:
    """The same for small parts: `end` gets the name and the text since the last tag, and depth is bounded."""
    pieces: list[str] = []
    depth = count = 0

    def enter(name: str, attributes: Attributes) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > MOST_DEPTH:
            raise too_deep(part)
        if count > MOST_ELEMENTS:
            raise too_big(f"{part}: too many elements")
        pieces.clear()
        start(name, attributes)

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name, "".join(pieces))
        pieces.clear()

    parse(part, data, enter, leave, pieces)


def too_deep(part: str) -> Exception:
    """The refusal of a part whose elements nest too deeply."""
    return hostile(f"{part}: elements nested more than {MOST_DEPTH} deep")


def unescaped(text: str) -> str:
    """The text with `_xHHHH_` turned into the characters they stand for (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(text):  # characters beyond the first plane are escaped as two UTF-16 halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
