"""People who fill in copies: what they type, by slot path, and files that say who saved them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes, write_safely
from xlplan.pipeline.fill import ALONE, typed_over
from xlplan.pipeline.opening import Opened, open_file


def typed(copy: Path, answers: Mapping[str, object]) -> bytes:
    """A copy with these answers beside those that stand in it; None empties a box."""
    opened = open_file(read_bytes(copy), copy.name, ALONE)
    assert isinstance(opened, Opened)
    return typed_over(opened, answers)


def saved_by(content: bytes, name: str) -> bytes:
    """The file with that name among its properties, as spreadsheet programs put it there."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            part = old.read(item)
            if item == "docProps/core.xml":
                told = f"<cp:lastModifiedBy>{escape(name)}</cp:lastModifiedBy></cp:coreProperties>"
                part = part.replace(b"</cp:coreProperties>", told.encode())
            new.writestr(item, part)
    return into.getvalue()


def sent(
    campaign: Campaign, copy: Path, answers: Mapping[str, object], *, name: str, by: str = "", day: str = ""
) -> Path:
    """The copy as its school sends it back: in returns/ (in a folder of that day), with its answers."""
    content = typed(copy, answers)
    path = campaign.returns / day / name
    write_safely(path, saved_by(content, by) if by else content)
    return path
