"""Pictures of every sheet, as printed: a blank, a filled copy, and the demonstration's district workbook.

    python docs/looks/make.py            into the folders beside this file
    python docs/looks/make.py OUT        into another folder

Takes soffice, pdftoppm and ImageMagick's convert. The schools are on a real roster; their plans and people
are invented.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

from xlplan.pipeline.demo import run_demo
from xlplan.pipeline.fill import fill_bytes
from xlplan.samples import sample_plans

HERE = Path(__file__).parent
DPI, COLOURS = 60, 48
SECONDS = 180
UNUSED = ("Challenge 3", "Challenge 4")


class Book(NamedTuple):
    """A workbook to picture: its folder, what it is, its bytes, sheets to leave out, most pages of each."""

    name: str
    said: str
    content: bytes
    skip: tuple[str, ...] = ()
    pages: int = 9


def books(folder: Path) -> list[Book]:
    """The three workbooks, made as the demonstration makes them."""
    told = run_demo(folder, lambda: None)
    blank = min((folder / "copies").rglob("*.xlsx")).read_bytes()
    filled, refused = fill_bytes(blank, sample_plans("sfss")[0], "sample")
    assert refused is None, refused
    return [
        Book("blank", "A school's copy as it is sent out", blank, ("Challenge 2", *UNUSED)),
        Book("filled", "The same copy with an invented plan (sample 01)", filled, UNUSED),
        Book("district", "The district workbook of the demonstration, the first page of each sheet",
             Path(told["report"]).read_bytes(), pages=1),
    ]  # fmt: skip


def pictures(book: Book, out: Path, folder: Path) -> list[tuple[str, Path]]:
    """One PNG a printed page, named by its number and sheet; returns (sheet, file) in order."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    made: list[tuple[str, Path]] = []
    workbook = folder / f"{book.name}.xlsx"
    workbook.write_bytes(book.content)
    pdf = _pdf(workbook, folder)
    pages = _pages(pdf, folder / book.name)
    for sheet, page in zip(_sheets(book.content, pdf), pages, strict=True):
        if sheet in book.skip or [title for title, _ in made].count(sheet) == book.pages:
            continue
        file = out / f"{len(made) + 1:02d}-{sheet.lower().replace(' ', '-')}.png"
        subprocess.run(
            ["convert", page, "-dither", "None", "-colors", str(COLOURS), "-strip",
             "-define", "png:compression-level=9", f"PNG8:{file}"], check=True, timeout=SECONDS,
        )  # fmt: skip
        made.append((sheet, file))
    return made


def _pdf(workbook: Path, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
         folder, workbook],
        check=True, timeout=SECONDS, capture_output=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return workbook.with_suffix(".pdf")


def _pages(pdf: Path, folder: Path) -> list[Path]:
    folder.mkdir()
    subprocess.run(["pdftoppm", "-png", "-r", str(DPI), pdf, folder / "page"], check=True, timeout=SECONDS)
    return sorted(folder.glob("page-*.png"))


def _sheets(content: bytes, pdf: Path) -> list[str]:
    """The sheet of each page: every footer names its sheet, in the order of the workbook."""
    book = load_workbook(BytesIO(content))
    titles = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    book.close()
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, timeout=SECONDS, capture_output=True, text=True
    ).stdout
    found: list[str] = []
    for page in text.split("\f")[:-1]:
        footer = re.split(r"\s{2,}", page.rstrip().rpartition("\n")[2])
        found.append(next(title for title in titles if title in footer))
    return found


def main() -> None:
    """Make everything anew and write the index."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    lines = [
        "# What it looks like",
        "",
        "Every sheet as LibreOffice prints it, made by `python docs/looks/make.py`. The schools are on a",
        "real roster; their plans and people are invented.",
    ]
    with tempfile.TemporaryDirectory(prefix="xlplan-looks-") as name:
        folder = Path(name)
        for book in books(folder / "demo"):
            lines += ["", f"## {book.said}", ""]
            for sheet, file in pictures(book, out / book.name, folder):
                lines.append(f"![{sheet}]({book.name}/{file.name})")
    (out / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in out.rglob("*.png"))
    sys.stdout.write(f"{len(list(out.rglob('*.png')))} pictures, {size / 1e6:.2f} MB, in {out}\n")


if __name__ == "__main__":
    main()
