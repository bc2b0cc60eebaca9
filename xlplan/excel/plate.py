"""Compile a blank into a plate, stamp a plate into copies: what is the same for every school is done once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO
from xml.sax.saxutils import escape

from xlplan.excel.package import Head, Part, assemble, deflated, head_of, with_tail
from xlplan.excel.write import FAULTY_ROW, write
from xlplan.form.expressions import Key, Values, column_letters, plain, serial
from xlplan.form.markers import Kind
from xlplan.layout.heights import height, lines
from xlplan.layout.model import Layout, SheetPlan

_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"((?: [a-z]+="[^"]*")*)\s*(?:/>|>(.*?)</c>)', re.S)
_ROW = re.compile(r"<row ([^>]*?)\s*(?:/>|>(.*?)</row>)", re.S)
_TEXT = re.compile(r"<is><t[^>]*>(.*?)</t></is>", re.S)
_TOKEN = re.compile("⟦([a-z_]+)⟧")
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CLOCK = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FONT = re.compile(r"(<font>)(.*?)</font>", re.S)
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme")
_PINNED = "2026-09-01T00:00:00Z"
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xlplan</Application></Properties>"
)
QUIET = (
    '<ignoredErrors><ignoredError sqref="A1:{last}" numberStoredAsText="1" formula="1" unlockedFormula="1"/>'
    "</ignoredErrors>"
)
SHARED = "xl/sharedStrings.xml"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A blank compiled for stamping. `varying`: member → its constant head and the text after it, with tokens."""

    layout: Layout
    members: tuple[str, ...]
    constant: Mapping[str, Part]
    varying: Mapping[str, tuple[Head, str]]
    strings: Head
    first_tail: int
    tail: tuple[str, ...]
    sheets: Mapping[str, CompiledSheet]
    rendered: Mapping[str, tuple[str, ...]] = field(repr=False)  # title → the XML of each row's cells
    faulty: Mapping[str, str]
    values: Values = field(repr=False)


def compile_plate(layout: Layout, password: str = "") -> Plate:
    """The plate of a layout: shared strings with what differs last, cached values, pinned clock."""
    with zipfile.ZipFile(BytesIO(write(layout, password))) as blank:
        content = {name: blank.read(name).decode() for name in blank.namelist() if name != SHARED}
    values = Values(fixed_values(layout), layout.twins)
    table = _Strings()
    sheets: dict[str, CompiledSheet] = {}
    faulty: dict[str, str] = {}
    for number, plan in enumerate(layout.sheets, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        made = _compile_sheet(part, content[part], plan, table, values)
        if plan.key == "meta":
            made, faulty = _take_twins(made)
        sheets[plan.title] = made
    sheets = {title: _numbered(sheet, table) for title, sheet in sheets.items()}
    rendered = {
        title: tuple("".join(map(_cell_xml, slots)) for _, _, slots in sheet.rows)
        for title, sheet in sheets.items()
    }
    for title, sheet in sheets.items():
        content[sheet.part] = _sheet_xml(sheet, rendered[title])
    _pin(content)
    content["xl/workbook.xml"] = _identity_last(content["xl/workbook.xml"])
    varying = {}
    for name in [name for name, text in content.items() if _TOKEN.search(text)]:
        head, token, tail = content.pop(name).partition("⟦")
        varying[name] = (head_of(name, head.encode()), token + tail)
    shared, items, first = table.xml()
    return Plate(
        layout=layout, members=tuple(_order([*content, *varying, SHARED])),
        constant={name: deflated(name, text.encode()) for name, text in content.items()}, varying=varying,
        strings=head_of(SHARED, shared.encode()), first_tail=first, tail=items, sheets=sheets, rendered=rendered,
        faulty=faulty, values=values,
    )  # fmt: skip


def stamp(plate: Plate, personal: Mapping[str, str]) -> bytes:
    """A fresh copy: `personal` names what differs (school, code, identity, …). Same inputs, same bytes."""
    parts = dict(plate.constant)
    return _assembled(plate, parts, personal, ())


def pour(plate: Plate, personal: Mapping[str, str], typed: Mapping[str, object]) -> bytes:
    """A prefilled copy: `typed` maps slot paths to values (text, bool, date, Decimal, number); formulas recomputed."""
    cells: dict[Key, object] = {}
    for path, value in typed.items():
        sheet, item = plate.layout.inputs[path]
        cells[sheet.title, item.row, item.column] = shown(value, item.field.kind)
    values = Values(fixed_values(plate.layout) | cells, plate.layout.twins)
    parts = dict(plate.constant)
    added = _Added(len(plate.tail) + plate.first_tail)
    for plan in plate.layout.sheets:
        compiled = plate.sheets[plan.title]
        changed = _changes(plan, cells, values, plate.values)
        if changed:
            xml = _sheet_xml(compiled, plate.rendered[plan.title], changed, added, _taller(plan, cells))
            parts[compiled.part] = deflated(compiled.part, xml.encode(), 6)
    return _assembled(plate, parts, personal, added.texts)


def fixed_values(layout: Layout) -> dict[Key, object]:
    """What the locked cells hold."""
    return {
        (sheet.title, put.row, put.column): put.value
        for sheet in layout.sheets
        for put in sheet.puts
        if put.value is not None
    }


def shown(value: object, kind: Kind) -> object:
    """A value as its cell holds it: yes and no in words, a tick as its sign."""
    if isinstance(value, bool):
        return ("✓" if value else None) if kind is Kind.TICK else ("Yes" if value else "No")
    return value


def _assembled(
    plate: Plate, parts: dict[str, Part], personal: Mapping[str, str], added: tuple[str, ...] | list[str]
) -> bytes:
    for name, (head, tail) in plate.varying.items():
        parts[name] = with_tail(head, _filled_in(tail, personal).encode())
    items = [_filled_in(text, personal) for text in plate.tail]
    items += added
    parts[SHARED] = with_tail(plate.strings, ("".join(items) + "</sst>").encode())
    return assemble(parts[name] for name in plate.members)


def _filled_in(text: str, personal: Mapping[str, str]) -> str:
    return _TOKEN.sub(lambda token: _xml_text(personal[token[1]]), text)


def _xml_text(text: str) -> str:
    """Text as XML content, in the format's own escapes for what XML cannot hold (ISO/IEC 29500, 22.9.2.19)."""
    text = _ESCAPE.sub(lambda found: "_x005F" + found[0], text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text).replace("\r", "_x000D_")


def _item(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
    return f"<si><t{keep}>{_xml_text(text)}</t></si>"


class _Strings:
    """The blank's shared strings: constant ones first, those with tokens last."""

    def __init__(self) -> None:
        self.constant: dict[str, int] = {}
        self.personal: dict[str, int] = {}

    def add(self, text: str) -> str:
        """A mark for the string; indices are known once all strings are."""
        table = self.personal if _TOKEN.search(text) else self.constant
        number = table.setdefault(text, len(table))
        return f"{'p' if table is self.personal else 'c'}{number}"

    def number(self, mark: str) -> str:
        """The final index of a mark."""
        return str(int(mark[1:]) + (len(self.constant) if mark[0] == "p" else 0))

    def xml(self) -> tuple[str, tuple[str, ...], int]:
        """The constant head, the items of the tail, and the index of its first item."""
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        head += "".join(_item(text) for text in self.constant)
        return head, tuple(_item(text) for text in self.personal), len(self.constant)


class _Added:
    """The strings of one prefilled copy, behind the plate's own."""

    def __init__(self, first: int) -> None:
        self.first, self.texts = first, list[str]()
        self._seen: dict[str, int] = {}

    def index(self, text: str) -> int:
        if text not in self._seen:
            self._seen[text] = self.first + len(self.texts)
            self.texts.append(_item(text))
        return self._seen[text]


def _compile_sheet(part: str, xml: str, plan: SheetPlan, table: _Strings, values: Values) -> CompiledSheet:
    before, _, rest = xml.partition("<sheetData>")
    body, _, after = rest.partition("</sheetData>")
    rows = []
    for row in _ROW.finditer(body):
        attributes = row[1]
        number = int(re.search(r'\br="(\d+)"', attributes)[1])  # type: ignore[index]  # openpyxl writes it
        rows.append(
            (
                number,
                attributes,
                tuple(_slot(cell, plan, table, values) for cell in _CELL.finditer(row[2] or "")),
            )
        )
    last = f"{column_letters(max(plan.last_column, 1))}{plan.last_row}"
    after = (
        after.replace("</worksheet>", QUIET.format(last=last) + "</worksheet>") if not plan.hidden else after
    )
    return CompiledSheet(
        part=part, before=before + "<sheetData>", rows=tuple(rows), after="</sheetData>" + after
    )


def _slot(cell: re.Match[str], plan: SheetPlan, table: _Strings, values: Values) -> Slot:
    column, row = _column(cell[1]), int(cell[2])
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', cell[3]))
    style, inner = attributes.get("s", "0"), cell[4] or ""
    text = _TEXT.search(inner)
    if text:
        return Slot(row, column, style, "s", table.add(unescape(text[1])))
    formula = re.search(r"<f>(.*?)</f>", inner, re.S)
    if formula:
        return _computed(Slot(row, column, style, "f", formula[1]), values[plan.title, row, column])
    number = re.search(r"<v>(.*?)</v>", inner)
    return Slot(row, column, style, "n" if number else "", f"<v>{number[1]}</v>" if number else "")


def _numbered(sheet: CompiledSheet, table: _Strings) -> CompiledSheet:
    """The sheet with the final indices of its shared strings."""
    rows = tuple(
        (
            number,
            attributes,
            tuple(
                replace(slot, content=table.number(slot.content)) if slot.type == "s" else slot
                for slot in slots
            ),
        )
        for number, attributes, slots in sheet.rows
    )
    return replace(sheet, rows=rows)


def _computed(slot: Slot, value: object) -> Slot:
    """The formula with its value: a text, a truth or a number."""
    formula = slot.content.partition("</f>")[0].removeprefix("<f>")
    value = plain(value)
    if isinstance(value, bool):
        return Slot(slot.row, slot.column, slot.style, "b", f"<f>{formula}</f><v>{int(value)}</v>")
    if isinstance(value, float):
        return Slot(slot.row, slot.column, slot.style, "n", f"<f>{formula}</f><v>{_number(value)}</v>")
    return Slot(slot.row, slot.column, slot.style, "str", f"<f>{formula}</f><v>{_xml_text(value or '')}</v>")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _take_twins(sheet: CompiledSheet) -> tuple[CompiledSheet, dict[str, str]]:
    """The faulty twin of each input style; their cells leave the sheet."""
    cells = {row: slots for row, _, slots in sheet.rows}
    twins = {
        good.style: bad.style for good, bad in zip(cells[FAULTY_ROW], cells[FAULTY_ROW + 1], strict=True)
    }
    rows = tuple(row for row in sheet.rows if row[0] < FAULTY_ROW)
    before = re.sub(r'<dimension ref="[^"]*"\s*/>', "", sheet.before)
    return CompiledSheet(part=sheet.part, before=before, rows=rows, after=sheet.after), twins


def _sheet_xml(
    sheet: CompiledSheet,
    rendered: tuple[str, ...],
    changed: Mapping[tuple[int, int], object] | None = None,
    added: _Added | None = None,
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
                out.append(_cell_xml(_value(slot, changed[place], added) if place in changed else slot))
        else:
            out.append(cells)
        out.append("</row>")
    out.append(sheet.after)
    return "".join(out)


def _cell_xml(slot: Slot) -> str:
    style = f' s="{slot.style}"' if slot.style != "0" else ""
    place = f'<c r="{column_letters(slot.column)}{slot.row}"{style}'
    if not slot.content:
        return place + "/>"
    if slot.type == "s":
        return f'{place} t="s"><v>{slot.content}</v></c>'
    kind = "" if slot.type == "n" else f' t="{slot.type}"'
    return f"{place}{kind}>{slot.content}</c>"


def _value(slot: Slot, value: object, added: _Added) -> Slot:
    """The slot holding a value: a formula its cached one, an input what was typed."""
    if slot.content.startswith("<f>"):
        return _computed(slot, value)
    if value is None or value == "":
        return Slot(slot.row, slot.column, slot.style, "", "")
    if isinstance(value, (date, datetime)):
        return Slot(slot.row, slot.column, slot.style, "n", f"<v>{serial(value)}</v>")
    if isinstance(value, bool):
        return Slot(slot.row, slot.column, slot.style, "b", f"<v>{int(value)}</v>")
    if isinstance(value, (int, float, Decimal)):
        return Slot(slot.row, slot.column, slot.style, "n", f"<v>{value}</v>")
    return Slot(slot.row, slot.column, slot.style, "s", str(added.index(str(value))))


def _changes(
    plan: SheetPlan, cells: Mapping[Key, object], values: Values, fresh: Values
) -> dict[tuple[int, int], object]:
    """What differs from the fresh copy on one sheet: typed cells, and formulas whose value is another."""
    changed: dict[tuple[int, int], object] = {
        (item.row, item.column): cells[plan.title, item.row, item.column]
        for item in plan.inputs
        if (plan.title, item.row, item.column) in cells
    }
    for put in plan.puts:
        key = (plan.title, put.row, put.column)
        if put.formula is not None and values[key] != fresh[key]:
            changed[put.row, put.column] = values[key]
    return changed


def _taller(plan: SheetPlan, cells: Mapping[Key, object]) -> dict[int, float]:
    """Rows whose answers need more room, with a line to spare so that none is cut."""
    found: dict[int, float] = {}
    heights = {line.row: line.height for line in plan.lines}
    for item in plan.inputs:
        value = cells.get((plan.title, item.row, item.column))
        if isinstance(value, str) and len(value) > 12:
            wanted = height(lines(value, plan.widths[item.column - 1]) + (1 if len(value) > 40 else 0))
            if wanted > found.get(item.row, heights[item.row]):
                found[item.row] = wanted
    return found


def _pin(content: dict[str, str]) -> None:
    """No clock, our own name, and the shared strings declared."""
    core = content["docProps/core.xml"]
    content["docProps/core.xml"] = _CLOCK.sub(rf"\g<1>{_PINNED}", core)
    content["docProps/app.xml"] = APP
    _without_theme(content)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = f'<Override PartName="/{SHARED}" ContentType="{kind}"/>'
    if SHARED not in content["[Content_Types].xml"]:
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
            "</Types>", types + "</Types>"
        )
    rels = content["xl/_rels/workbook.xml.rels"]
    if "sharedStrings" not in rels:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        relation = f'<Relationship Id="rIdStrings" Type="{kind}" Target="sharedStrings.xml"/>'
        content["xl/_rels/workbook.xml.rels"] = rels.replace(
            "</Relationships>", relation + "</Relationships>"
        )


def _without_theme(content: dict[str, str]) -> None:
    """No theme part: all our colours are given, and it is a fortieth of a copy."""
    del content["xl/theme/theme1.xml"]
    types, rels = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    content[types] = re.sub(r'<Override PartName="/xl/theme/[^>]*>', "", content[types])
    content[rels] = re.sub(r'<Relationship [^>]*relationships/theme"[^>]*>', "", content[rels])
    styles = (
        content["xl/styles.xml"]
        .replace('<color theme="1"/>', '<color rgb="FF1B2A35"/>')
        .replace('<color theme="1" />', '<color rgb="FF1B2A35" />')
    )
    content["xl/styles.xml"] = _FONT.sub(_in_order, re.sub(r'<scheme val="minor"\s*/>', "", styles))


def _in_order(font: re.Match[str]) -> str:
    """A font's properties in the order that Microsoft's validator asks for (ISO/IEC 29500 takes any)."""
    parts = re.findall(r"<(\w+)[^>]*/>", font[2])
    texts = re.findall(r"<\w+[^>]*/>", font[2])
    ranked = sorted(zip(parts, texts, strict=True), key=lambda part: _FONT_ORDER.index(part[0]))
    return font[1] + "".join(text for _, text in ranked) + "</font>"


def _identity_last(xml: str) -> str:
    """The workbook part with the name that differs from copy to copy behind all others."""
    name = re.search(r'<definedName name="xlplan_identity"[^>]*>.*?</definedName>', xml)
    assert name is not None
    return xml.replace(name[0], "").replace("</definedNames>", name[0] + "</definedNames>")


def _order(names: list[str]) -> list[str]:
    """Content types first, as programs that sniff expect, then by name."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
