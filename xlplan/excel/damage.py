"""What people and programs do to a copy, done on purpose: for the demonstration and the specimens."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from io import BytesIO


def edited(content: bytes, edits: Mapping[str, Callable[[str], str]]) -> bytes:
    """The workbook with the parts named changed as text; everything else stays as it was."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            data = source.read(info)
            edit = edits.get(info.filename)
            fixed = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(fixed, edit(data.decode()).encode() if edit else data)
    return out.getvalue()


def unprotected(content: bytes) -> bytes:
    """The workbook with the protection of every sheet removed."""
    with zipfile.ZipFile(BytesIO(content)) as source:
        sheets = [name for name in source.namelist() if name.startswith("xl/worksheets/sheet")]
    return edited(content, dict.fromkeys(sheets, lambda xml: re.sub(r"<sheetProtection[^>]*/>", "", xml)))


def beside(content: bytes, part: str, row: int, column: str, text: str) -> bytes:
    """The workbook with a text in a cell to the right of a row's own, where the form has no box."""
    cell = f'<c r="{column}{row}" t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'
    whole = re.compile(rf'(<row [^>]*\br="{row}"[^>]*>.*?)</row>', re.S)
    return edited(
        content, {part: lambda xml: whole.sub(lambda found: f"{found[1]}{cell}</row>", xml, count=1)}
    )
