"""A compiled sheet's XML: cut at its cells, put together again with what a copy changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from xlplan.form.expressions import column_letters, plain, serial

_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of a compiled sheet: its style and, where constant, its content as XML (without the `<c>`)."""

    row: int
    column: int
    style: str
    type: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledSheet:
    """A sheet's XML cut at its cells: rows with their attributes, and what stands before and after them."""

    part: str
    before: str
    rows: tuple[tuple[int, str, tuple[Slot, ...]], ...]
    after: str


def xml_text(text: str) -> str:
    """Text as XML content, in the format's own escapes for what XML cannot hold (ISO/IEC 29500, 22.9.2.19)."""
    text = _ESCAPE.sub(lambda found: "_x005F" + found[0], text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text).replace("\r", "_x000D_")


def attribute_text(text: str) -> str:
    """Text as the value of an XML attribute, or within an element, whatever quotes and line breaks it has."""
    return xml_text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def string_item(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
    return f"<si><t{keep}>{xml_text(text)}</t></si>"


class AddedStrings:
    """The strings of one prefilled copy, behind the plate's own."""

    def __init__(self, first: int) -> None:
        self.first, self.texts = first, list[str]()
        self._seen: dict[str, int] = {}

    def index(self, text: str) -> int:
        if text not in self._seen:
            self._seen[text] = self.first + len(self.texts)
            self.texts.append(string_item(text))
        return self._seen[text]


def computed(slot: Slot, value: object) -> Slot:
    """The formula with its value: a text, a truth or a number."""
    formula = slot.content.partition("</f>")[0].removeprefix("<f>")
    value = plain(value)
    if isinstance(value, bool):
        return Slot(slot.row, slot.column, slot.style, "b", f"<f>{formula}</f><v>{int(value)}</v>")
    if isinstance(value, float):
        return Slot(slot.row, slot.column, slot.style, "n", f"<f>{formula}</f><v>{_number(value)}</v>")
    return Slot(slot.row, slot.column, slot.style, "str", f"<f>{formula}</f><v>{xml_text(value or '')}</v>")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def sheet_xml(
    sheet: CompiledSheet,
    rendered: tuple[str, ...],
    changed: Mapping[tuple[int, int], object] | None = None,
    added: AddedStrings | None = None,
    taller: Mapping[int, float] | None = None,
) -> str:
    """The sheet as XML: as compiled, or with what a prefilled copy changes."""
    out = [sheet.before]
    touched = {row for row, _ in changed or ()}
    for (number, attributes, slots), cells in zip(sheet.rows, rendered, strict=True):
        if taller and number in taller:
            attributes = re.sub(r'\bht="[^"]*"', f'ht="{taller[number]:g}"', attributes)
        out.append(f"<row {attributes}>")
        if changed and added is not None and number in touched:
            for slot in slots:
                place = (slot.row, slot.column)
                out.append(cell_xml(filled_slot(slot, changed[place], added) if place in changed else slot))
        else:
            out.append(cells)
        out.append("</row>")
    out.append(sheet.after)
    return "".join(out)


def cell_xml(slot: Slot) -> str:
    style = f' s="{slot.style}"' if slot.style != "0" else ""
    place = f'<c r="{column_letters(slot.column)}{slot.row}"{style}'
    if not slot.content:
        return place + "/>"
    if slot.type == "s":
        return f'{place} t="s"><v>{slot.content}</v></c>'
    kind = "" if slot.type == "n" else f' t="{slot.type}"'
    return f"{place}{kind}>{slot.content}</c>"


def filled_slot(slot: Slot, value: object, added: AddedStrings) -> Slot:
    """The slot holding a value: a formula its cached one, an input what was typed."""
    if slot.content.startswith("<f>"):
        return computed(slot, value)
    if value is None or value == "":
        return Slot(slot.row, slot.column, slot.style, "", "")
    if isinstance(value, (date, datetime)):
        return Slot(slot.row, slot.column, slot.style, "n", f"<v>{serial(value)}</v>")
    if isinstance(value, bool):
        return Slot(slot.row, slot.column, slot.style, "b", f"<v>{int(value)}</v>")
    if isinstance(value, (int, float, Decimal)):
        return Slot(slot.row, slot.column, slot.style, "n", f"<v>{value}</v>")
    return Slot(slot.row, slot.column, slot.style, "s", str(added.index(str(value))))
