"""The shared strings of an .xlsx: plain and rich ones, without the reading aids of East Asian text."""

from __future__ import annotations

from xlplan.excel.bounds import MOST_STRINGS, Tally
from xlplan.excel.guard import too_big
from xlplan.excel.read_cells import BLANK
from xlplan.excel.read_plain import plain_strings
from xlplan.excel.read_xml import MOST_DEPTH, Attributes, parse, sheet_tags, too_deep, unescaped
from xlplan.layout.book import Cell

_TAGS = sheet_tags("si", "t", "rPh")


def shared_strings(part: str, data: bytes) -> list[Cell]:
    """A cell for every shared string, by index. Runs of rich text are joined; phonetic runs are left out."""
    plain = plain_strings(part, data)
    if plain is not None:
        return plain
    return [Cell(text) if text else BLANK for text in _by_expat(part, data)]


def _by_expat(part: str, data: bytes) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    runs: list[str] = []
    depth = phonetic = 0
    tally = Tally()

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal depth, phonetic
        depth += 1
        if depth > MOST_DEPTH:
            raise too_deep(part)
        pieces.clear()
        tag = _TAGS.get(name)
        tally.add(0, 1)
        if tag == "si":
            runs.clear()
        elif tag == "rPh":
            phonetic += 1

    def end(name: str) -> None:
        nonlocal depth, phonetic
        depth -= 1
        tag = _TAGS.get(name)
        if tag == "t":
            if not phonetic:
                runs.append("".join(pieces))
        elif tag == "si":
            text = unescaped("".join(runs))
            tally.add_text(len(text))
            strings.append(text)
            if len(strings) > MOST_STRINGS:
                raise too_big(f"{part}: too many strings")
        elif tag == "rPh":
            phonetic -= 1

    parse(part, data, start, end, pieces)
    return strings
