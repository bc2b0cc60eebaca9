"""What people and programs do to a copy: cells overtyped past every rule, rows shifted, parts cut."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook

from xlplan.excel.damage import edited
from xlplan.form.expressions import column_letters
from xlplan.layout.model import Layout


def part_of(layout: Layout, title: str) -> str:
    """The member that holds a sheet."""
    number = next(n for n, sheet in enumerate(layout.sheets, 1) if sheet.title == title)
    return f"xl/worksheets/sheet{number}.xml"


def put(content: bytes, layout: Layout, sheet: str, a1: str, kind: str, inner: str) -> bytes:
    """The workbook with one cell holding `inner` (XML) as type `kind` ("" for a number); past every lock."""
    return edited(content, {part_of(layout, sheet): lambda xml: with_cell(xml, a1, kind, inner)})


def with_cell(xml: str, a1: str, kind: str, inner: str) -> str:
    """The XML of a sheet with one cell holding `inner`, in its own style."""
    row = re.sub("[A-Z]", "", a1)
    old = re.search(rf'<c r="{a1}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', xml, re.S)
    style = (old[1] or "") if old else ""
    cell = f'<c r="{a1}"{style}' + (f' t="{kind}"' if kind else "") + (f">{inner}</c>" if inner else "/>")
    if old:
        return xml.replace(old[0], cell, 1)
    whole = re.compile(rf'(<row [^>]*\br="{row}"[^>]*>.*?)</row>', re.S)
    return whole.sub(lambda found: f"{found[1]}{cell}</row>", xml, count=1)


def typed(content: bytes, layout: Layout, path: str, kind: str, inner: str) -> bytes:
    """The workbook with the cell of a slot path holding `inner`."""
    sheet, item = layout.inputs[path]
    return put(content, layout, sheet.title, f"{column_letters(item.column)}{item.row}", kind, inner)


def text(content: bytes, layout: Layout, path: str, said: str) -> bytes:
    """The workbook with a text in the cell of a slot path."""
    return typed(content, layout, path, "inlineStr", f'<is><t xml:space="preserve">{escape(said)}</t></is>')


def with_row_inserted(content: bytes, layout: Layout, title: str, before: int) -> bytes:
    """The sheet with an empty row put in: all that stood from there on stands one row lower."""

    def lower(found: re.Match[str]) -> str:
        row = int(found[2])
        return f"{found[1]}{row + 1 if row >= before else row}{found[3]}"

    def edit(xml: str) -> str:
        xml = re.sub(r'(<row [^>]*?\br=")(\d+)(")', lower, xml)
        return re.sub(r'(<c r="[A-Z]+)(\d+)(")', lower, xml)

    return edited(content, {part_of(layout, title): edit})


def everywhere(content: bytes, old: str, new: str) -> bytes:
    """The workbook with a text replaced in every part."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = parts.namelist()
    return edited(content, dict.fromkeys(names, lambda xml: xml.replace(old, new)))


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """The workbook with one part more."""
    out = BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def by_openpyxl(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook as openpyxl saves it after a change, without a clock."""
    book = load_workbook(BytesIO(content))
    change(book)
    out = BytesIO()
    book.save(out)
    clock = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    return edited(
        out.getvalue(), {"docProps/core.xml": lambda xml: clock.sub(r"\g<1>2026-09-01T00:00:00Z", xml)}
    )


def compound(stream: str) -> bytes:
    """An OLE compound file ([MS-CFB]) with one stream, such as an encrypted workbook's."""

    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32], header[48:52] = struct.pack("<H", 9), struct.pack("<I", 1)
    header[56:60], header[60:64] = struct.pack("<I", 4096), b"\xfe\xff\xff\xff"
    header[68:72], header[76:512] = b"\xfe\xff\xff\xff", bytes(4) + b"\xff" * 432
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff".ljust(512, b"\xff")
    return bytes(header) + table + (_entry("Root Entry", 5) + _entry(stream, 2)).ljust(512, b"\0")


def _entry(name: str, kind: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head.ljust(116, b"\0") + b"\xfe\xff\xff\xff" + bytes(8)
