"""English words that have no place in a text of another language, and where a workbook holds texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

WORDS = re.compile(
    r"\b(?:the|and|of|is|are|was|were|your|you|this|that|these|with|for|not|from|what|which|who|must|fill|row|rows|"
    r"sheet|needs|look|done|check|step|steps|box|boxes|answer|date|name|type|choose|enter|empty|please|school|year|"
    r"district|challenge|strategy|priority|team|page|start|yes|more|has|have|it|its|in|than|they|their|by|on|at|or)\b",
    re.I,
)
PROPER = ("SFSS Look Fors", "Excel", "Word", "Enable Editing", "plan_from", "plan_to")
_PARTS = re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')


def english_in(text: str) -> list[str]:
    """The English words of a text, proper names aside."""
    for name in PROPER:
        text = text.replace(name, "")
    return WORDS.findall(text)


def texts_of(content: bytes) -> Iterator[tuple[str, str]]:
    """Every text that a workbook shows: cells, what formulas say, messages of boxes, footers, names of sheets."""
    with ZipFile(BytesIO(content)) as parts:
        for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter():
            if sheet.tag.endswith("}sheet") and sheet.get("state") != "hidden":
                yield "tab", sheet.get("name", "")
        for part in filter(_PARTS.fullmatch, parts.namelist()):
            for item in ElementTree.fromstring(parts.read(part)).iter():
                yield from ((part, text) for text in _of(item.tag.rpartition("}")[2], item))


def _of(tag: str, item: ElementTree.Element) -> Iterator[str]:
    if tag in ("t", "v", "oddFooter") and item.text:
        yield item.text
    elif tag == "f" and item.text:
        yield from _LITERAL.findall(item.text)
    elif tag == "dataValidation":
        yield from (item.get(name, "") for name in ("errorTitle", "error", "promptTitle", "prompt"))
    elif tag == "hyperlink":
        yield item.get("display", "")
