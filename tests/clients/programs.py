"""The programs that Debian, npm and PyPI offer: each opens workbooks, types into them and saves them.

Node programs are in `open_and_save.cjs`; `npm install --prefix tests/clients` brings their libraries.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from .libreoffice import LibreOffice, available

HERE = Path(__file__).parent
LINK = "https://example.org/"
MOST_SECONDS = 180

Stroke = tuple[str, str, str, Any]  # sheet, a1, kind (text, rich, link, formula, number, yes, date) and value


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A workbook to open, what to type into it, and the files to save it as."""

    open: Path
    save: tuple[Path, ...]
    type: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program: the formats it saves, the kinds of content it can type, and what starts it once for many jobs.

    `missing`: why it cannot be used here, or None.
    """

    name: str
    formats: tuple[str, ...]
    run: Callable[[Sequence[Job]], None]
    missing: Callable[[], str | None] = lambda: None
    types: frozenset[str] = frozenset()


def by_libreoffice(jobs: Sequence[Job]) -> None:
    """One start for all."""
    with LibreOffice() as office:
        for job in jobs:
            office.run(job.open, save=job.save)


def by_gnumeric(jobs: Sequence[Job]) -> None:
    """`ssconvert`, once a file."""
    exporters = {
        "xlsx": "Gnumeric_Excel:xlsx2",
        "xls": "Gnumeric_Excel:excel_biff8",
        "ods": "Gnumeric_OpenCalc:odf",
    }
    for job in jobs:
        for file in job.save:
            _run(["ssconvert", "-T", exporters[file.suffix[1:]], str(job.open), str(file)])


def by_node(library: str, jobs: Sequence[Job]) -> None:
    """One node process for all."""
    listed = [{"open": str(job.open), "save": list(map(str, job.save)), "type": job.type} for job in jobs]
    done = _run(["node", str(HERE / "open_and_save.cjs"), library], json.dumps(listed))
    assert json.loads(done) == {"failed": []}


def _run(command: list[str], text: str = "") -> str:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def by_openpyxl(jobs: Sequence[Job]) -> None:
    """Loaded, typed into, saved."""
    for job in jobs:
        book = load_workbook(job.open, rich_text=True)
        for sheet, a1, kind, value in job.type:
            cell = book[sheet][a1]
            if kind == "rich":
                cell.value = CellRichText(TextBlock(InlineFont(b=True), value[:3]), value[3:])
            else:
                cell.value = datetime.fromisoformat(value) if kind == "date" else value
            if kind == "link":
                cell.hyperlink = LINK
        for file in job.save:
            book.save(file)
        book.close()


def by_pandas(reader: Any, writer: Any, jobs: Sequence[Job]) -> None:
    """Values alone, as a data frame holds them."""
    for job in jobs:
        frames = pd.read_excel(
            job.open, sheet_name=None, header=None, engine=reader, keep_default_na=False, dtype=object
        )
        for file in job.save:
            with pd.ExcelWriter(file, engine=writer) as target:
                for name, frame in frames.items():
                    frame.to_excel(target, sheet_name=str(name), header=False, index=False)


def like_google(jobs: Sequence[Job]) -> None:
    """What is known of downloads from Google Sheets: no document properties, no protection, `1.0` for 1."""
    for job in jobs:
        for file in job.save:
            file.write_bytes(_without_properties(job.open.read_bytes()))


def _without_properties(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            if name.startswith("docProps/"):
                continue
            text = source.read(name).decode()
            text = re.sub(r'<(?:Relationship|Override)\b[^>]*"/?docProps/[^>]*/>', "", text)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r"<sheetProtection\b[^>]*/>", "", text)
                text = re.sub(r'(<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="n")?><v>\d+)(</v>)', r"\1.0\2", text)
            if name == "xl/workbook.xml":
                text = re.sub(r"<workbookProtection\b[^>]*/>", "", text).replace("veryHidden", "hidden")
            made.writestr(name, text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _no_gnumeric() -> str | None:
    return None if shutil.which("ssconvert") else "gnumeric is not installed"


def _no_library(library: str) -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    installed = (HERE / "node_modules" / library).is_dir()
    return None if installed else f"{library} is not installed: npm install --prefix tests/clients"


def _node(library: str, *formats: str, types: frozenset[str]) -> Program:
    return Program(
        name=library,
        formats=formats,
        run=partial(by_node, library),
        missing=partial(_no_library, library),
        types=types,
    )


_VALUES = frozenset(("text", "number", "yes", "date"))
_MORE = _VALUES | {"rich", "link"}

PROGRAMS = (
    Program(name="libreoffice", formats=("xlsx", "ods", "xls"), run=by_libreoffice, missing=available),
    Program(name="gnumeric", formats=("xlsx", "ods", "xls"), run=by_gnumeric, missing=_no_gnumeric),
    _node("xlsx", "xlsx", "xlsb", "ods", "xls", types=_MORE | {"formula"}),
    _node("@e965/xlsx", "xlsx", types=_MORE | {"formula"}),  # the same, newer; its .ods is not even XML
    _node("exceljs", "xlsx", types=_MORE | {"formula"}),
    _node("@cj-tech-master/excelts", "xlsx", types=_MORE | {"formula"}),
    _node(
        "xlsx-populate", "xlsx", types=_VALUES | {"rich"}
    ),  # its links use a prefix that it does not declare
    _node("excelize-wasm", "xlsx", types=_MORE),
    _node("hucre", "xlsx", types=_VALUES),
    Program(name="openpyxl", formats=("xlsx",), run=by_openpyxl, types=_MORE),
    Program(name="pandas-openpyxl", formats=("xlsx",), run=partial(by_pandas, "openpyxl", "xlsxwriter")),
    Program(name="pandas-calamine", formats=("xlsx",), run=partial(by_pandas, "calamine", "openpyxl")),
    Program(name="google-like", formats=("xlsx",), run=like_google),
)
