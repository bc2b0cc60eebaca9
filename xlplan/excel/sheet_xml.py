"""A compiled sheet's XML: cut at its cells, put together again with what a copy changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from html import escape

from xlplan.form.expressions import Key, column_letters, key_of, plain, serial

Row = tuple[int, str, tuple["Slot", ...]]  # its number, its attributes, its cells
Held = tuple[str, str | None]  # the type that a cell's tag names, and what its <v> holds, None for no <v>

EMPTY: Held = ("", None)
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff&<>]|_x")
_HEIGHT = re.compile(r'\bht="[^"]*"')


@dataclass(frozen=True)
class Slot:
    """One cell of a compiled sheet. `formula`: with its tags, empty where there is none."""

    row: int
    column: int
    style: str
    held: Held = EMPTY
    formula: str = ""

    @cached_property
    def opening(self) -> str:
        """How the cell's tag begins."""
        style = f' s="{self.style}"' if self.style != "0" else ""
        return f'<c r="{column_letters(self.column)}{self.row}"{style}'

    @property
    def xml(self) -> str:
        """The cell as it stands in the sheet."""
        return self.holding(self.held)

    def holding(self, held: Held) -> str:
        """The cell with another value, beside a formula the cached one."""
        kind, value = held
        if value is None:
            return f"{self.opening}>{self.formula}</c>" if self.formula else f"{self.opening}/>"
        named = f' t="{kind}"' if kind else ""
        return f"{self.opening}{named}>{self.formula}<v>{value}</v></c>"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledSheet:
    """A sheet's XML cut at its cells: rows with their cells, and what stands before and after them."""

    part: str
    before: str
    rows: tuple[Row, ...]
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The XML of a sheet as the plate has it, in pieces: all before its rows, each row's tags and cells, the rest.

    `at`: cell → which of them it is; `rows`: number → which of them is that row's opening tag.
    """

    xml: tuple[str, ...]
    cells: Mapping[Key, Slot]
    at: Mapping[Key, int]
    rows: Mapping[int, int]

    def with_(self, cells: Mapping[Key, str], taller: Mapping[int, float], after: str | None = None) -> str:
        """The sheet with other cells, by their XML, with other heights of rows, and with something else at its end."""
        xml = list(self.xml)
        for key, cell in cells.items():
            xml[self.at[key]] = cell
        for row, points in taller.items():
            opening = self.rows[row]
            xml[opening] = _HEIGHT.sub(f'ht="{points:g}"', xml[opening])
        if after is not None:
            xml[-1] = after
        return "".join(xml)


def pieces_of(title: str, sheet: CompiledSheet) -> Pieces:
    """The pieces of the sheet of that title."""
    xml = [sheet.before]
    cells: dict[Key, Slot] = {}
    at: dict[Key, int] = {}
    rows: dict[int, int] = {}
    for number, attributes, slots in sheet.rows:
        rows[number] = len(xml)
        xml.append(f"<row {attributes}>")
        for slot in slots:
            key = key_of(title, slot.row, slot.column)
            cells[key], at[key] = slot, len(xml)
            xml.append(slot.xml)
        xml.append("</row>")
    xml.append(sheet.after)
    return Pieces(xml=tuple(xml), cells=cells, at=at, rows=rows)


def sheet_xml(sheet: CompiledSheet) -> str:
    """The sheet as it was compiled."""
    return "".join(pieces_of("", sheet).xml)


def xml_text(text: str) -> str:
    """Text as XML content, in the format's own escapes for what XML cannot hold (ISO/IEC 29500, 22.9.2.19)."""
    if _SPECIAL.search(text) is None:
        return text
    text = _ESCAPE.sub(lambda found: "_x005F" + found[0], text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text, quote=False).replace("\r", "_x000D_")


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
        self._seen: dict[str, str] = {}

    def index(self, text: str) -> str:
        """The number of the string in the whole table."""
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = str(self.first + len(self.texts))
            self.texts.append(string_item(text))
        return found


def computed(value: object) -> Held:
    """A formula's value: a text, a truth or a number."""
    if isinstance(value, str):
        return "str", xml_text(value)
    value = plain(value)
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, float):
        return "", str(int(value)) if value.is_integer() else repr(value)
    return "str", xml_text(value or "")


def typed(value: object, added: AddedStrings) -> Held:
    """What was typed into an input."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        return "s", added.index(value)
    if isinstance(value, (date, datetime)):
        return "", str(serial(value))
    if isinstance(value, bool):
        return "b", str(int(value))
    return ("", str(value)) if isinstance(value, (int, float, Decimal)) else ("s", added.index(str(value)))
