"""Compile a blank into a plate: what is the same for every school is done once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape
from io import BytesIO

from xlplan.excel.package import head_of, run_of, squeezed
from xlplan.excel.plate import SHARED, TOKEN, Plate, fixed_values, formulas_of
from xlplan.excel.sheet_xml import EMPTY, CompiledSheet, Slot, computed, pieces_of, string_item
from xlplan.excel.write import TWINS_ROW, WEIGHTS, write
from xlplan.form.expressions import Key, column_letters, column_number
from xlplan.form.recalculation import recalculation
from xlplan.layout.model import Layout, SheetPlan

_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"((?: [a-z]+="[^"]*")*)\s*(?:/>|>(.*?)</c>)', re.S)
_ROW = re.compile(r"<row ([^>]*?)\s*(?:/>|>(.*?)</row>)", re.S)
_TEXT = re.compile(r"<is><t[^>]*>(.*?)</t></is>", re.S)
_CLOCK = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FONT = re.compile(r"(<font>)(.*?)</font>", re.S)
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme")
_PLAIN = re.compile(
    r"<outlinePr [^>]*/>|<((?:odd|even|first)(?:Header|Footer))></\1>"
    r'| (?:showDropDown="0"|zoomScale="100"|baseColWidth="8")'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PINNED = "2026-09-01T00:00:00Z"
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xlplan</Application></Properties>"
)


QUIET = '<ignoredErrors><ignoredError sqref="A1:{last}" numberStoredAsText="1" formula="1"/></ignoredErrors>'


def compile_plate(layout: Layout, password: str = "", *, plain: bool = False) -> Plate:
    """The plate of a layout: shared strings with what differs last, cached values, pinned clock.

    `plain`: its copies are packed as Python's own zip library does it.
    """
    with zipfile.ZipFile(BytesIO(write(layout, password))) as blank:
        content = {name: blank.read(name).decode() for name in blank.namelist() if name != SHARED}
    traced = recalculation(fixed_values(layout), layout.twins)
    table = _Strings()
    sheets: dict[str, CompiledSheet] = {}
    twins: dict[str, dict[str, str]] = {}
    for number, plan in enumerate(layout.sheets, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        made = _compile_sheet(part, content[part], plan, table, traced.blank)
        if plan.key == "meta":
            made, twins = _take_twins(made)
        sheets[plan.title] = made
    sheets = {title: _numbered(sheet, table) for title, sheet in sheets.items()}
    pieces = {title: pieces_of(title, sheet) for title, sheet in sheets.items()}
    for title, sheet in sheets.items():
        content[sheet.part] = "".join(pieces[title].xml)
    _pin(content)
    content["xl/workbook.xml"] = _identity_last(content["xl/workbook.xml"])
    varying = {}
    for name in [name for name, text in content.items() if TOKEN.search(text)]:
        head, token, tail = content.pop(name).partition("⟦")
        varying[name] = (head_of(name, head.encode()), token + tail)
    shared, items = table.xml()
    varying[SHARED] = (head_of(SHARED, shared.encode()), items)
    constant = {name: squeezed(name, content[name].encode()) for name in _order(content)}
    return Plate(
        layout=layout, constant=constant, first=run_of(constant.values()), varying=varying,
        strings=len(table.constant) + len(table.personal), sheets=sheets,
        pieces=pieces, twins=twins, recalculation=traced,
        formulas={plan.title: formulas_of(plan, traced.blank) for plan in layout.sheets}, plain=plain,
    )  # fmt: skip


class _Strings:
    """The blank's shared strings: constant ones first, those with tokens last."""

    def __init__(self) -> None:
        self.constant: dict[str, int] = {}
        self.personal: dict[str, int] = {}

    def add(self, text: str) -> str:
        """A mark for the string; indices are known once all strings are."""
        table = self.personal if TOKEN.search(text) else self.constant
        number = table.setdefault(text, len(table))
        return f"{'p' if table is self.personal else 'c'}{number}"

    def number(self, mark: str | None) -> str:
        """The final index of a mark."""
        assert mark is not None
        return str(int(mark[1:]) + (len(self.constant) if mark[0] == "p" else 0))

    def xml(self) -> tuple[str, str]:
        """The constant head, and the items of the tail."""
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        head += "".join(string_item(text) for text in self.constant)
        return head, "".join(map(string_item, self.personal))


def _compile_sheet(
    part: str, xml: str, plan: SheetPlan, table: _Strings, values: Mapping[Key, object]
) -> CompiledSheet:
    before, _, rest = _slim(xml).partition("<sheetData>")
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


def _slot(cell: re.Match[str], plan: SheetPlan, table: _Strings, values: Mapping[Key, object]) -> Slot:
    column, row = column_number(cell[1]), int(cell[2])
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', cell[3]))
    style, inner = attributes.get("s", "0"), cell[4] or ""
    text = _TEXT.search(inner)
    if text:
        return Slot(row, column, style, ("s", table.add(unescape(text[1]))))
    formula = re.search(r"<f>.*?</f>", inner, re.S)
    if formula:
        return Slot(row, column, style, computed(values[plan.title, row, column]), formula[0])
    number = re.search(r"<v>(.*?)</v>", inner)
    return Slot(row, column, style, ("", number[1]) if number else EMPTY)


def _numbered(sheet: CompiledSheet, table: _Strings) -> CompiledSheet:
    """The sheet with the final indices of its shared strings."""
    rows = tuple(
        (
            number,
            attributes,
            tuple(
                replace(slot, held=("s", table.number(slot.held[1]))) if slot.held[0] == "s" else slot
                for slot in slots
            ),
        )
        for number, attributes, slots in sheet.rows
    )
    return replace(sheet, rows=rows)


def _take_twins(sheet: CompiledSheet) -> tuple[CompiledSheet, dict[str, dict[str, str]]]:
    """The marked twins of each input style, if the blank has any; their cells leave the sheet."""
    cells = {row: slots for row, _, slots in sheet.rows}
    plain = cells.get(TWINS_ROW, ())
    twins = {
        weight: {good.style: marked.style for good, marked in zip(plain, cells[row], strict=True)}
        for row, weight in enumerate(WEIGHTS, TWINS_ROW + 1)
        if row in cells
    }
    rows = tuple(row for row in sheet.rows if row[0] < TWINS_ROW)
    before = re.sub(r'<dimension ref="[^"]*"\s*/>', "", sheet.before)
    return CompiledSheet(part=sheet.part, before=before, rows=rows, after=sheet.after), twins


def _slim(xml: str) -> str:
    """A sheet without what is so by itself, and with the prefix of relations, which a program may use undeclared."""
    xml = _PLAIN.sub("", xml)
    return xml.replace("<worksheet ", f'<worksheet xmlns:r="{_RELATIONS}" ', 1)


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


def _order(names: Iterable[str]) -> list[str]:
    """Content types first and then the workbook's own parts, as programs that sniff expect."""
    first = ("[Content_Types].xml", "_rels/.rels")
    return sorted(names, key=lambda name: (*(name != one for one in first), name[:3] != "xl/", name))
