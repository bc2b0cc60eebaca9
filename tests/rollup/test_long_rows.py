"""The rows of data, which we write as XML ourselves, beside the cells that XlsxWriter would have made of them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.form.expressions import serial
from xlplan.rollup.book import TEXT_LENGTH, Book, CellXml, Figure

TEXTS = (
    "plain", "  blanks around ", "two\nlines\n", "<b>&amp; \"quoted\" 'so'</b>", "_x000B_ as typed", "_x00 and x0041_",
    "Ana Peña “so” – 日本", "👩‍👧 of a flag 🏴", "\tindented", "=1+1", "1234", "https://example.org", "a" * TEXT_LENGTH,
    "left\u202eright\x07 and \x0b",
)  # fmt: skip
NUMBERS = (0, 1, -5, 2**53, 12.5, 0.1 + 0.2, 1e-7, 1234567.89, 123456789012345678)
DAYS = (date(1900, 1, 2), date(1900, 2, 28), date(1900, 3, 1), date(2026, 9, 1), date(9999, 12, 31))
FORMULA = '=HYPERLINK("../"&F2&"#\'A & B\'!C14","C14")'


def sheet(write: Any, folder: Path) -> str:
    """The sheet's XML after `write(page)`."""
    out = io.BytesIO()
    book = Book(out, footer="Footer", as_of=date(2026, 9, 1), folder=folder)
    page = book.long_page("Data", [10, 10, 10, 10, 10])
    page.row(0, ["a", "b", "c", "d", "e"], ["head.data"] * 5)
    write(page)
    book.file.close()
    with zipfile.ZipFile(out) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


STYLES = ("data", "data.center", "data.day", "data.boolean", "data.link")
LAST = 1 + len(TEXTS) + len(NUMBERS) + len(DAYS)


def by_us(page: Any) -> None:
    """Every kind of cell, a row each."""
    text, number, day, boolean, link = (
        CellXml(page.book, column, style) for column, style in enumerate(STYLES)
    )
    cells = [
        *((text.text, item) for item in TEXTS),
        *((number.number, item) for item in NUMBERS),
        *((day.number, serial(item)) for item in DAYS),
    ]
    rows = [make(at, item) for at, (make, item) in enumerate(cells, 1)]
    page.long_rows(1, [*rows, "", boolean.boolean(LAST + 1, True), link.formula(LAST + 2, FORMULA, "C14")])


def by_xlsxwriter(page: Any) -> None:
    """The same by its own methods."""
    for style in STYLES:
        page.book.style(style)._get_xf_index()  # numbers are given in the order of asking
    cells = [*((0, item) for item in TEXTS), *((1, item) for item in NUMBERS), *((2, item) for item in DAYS)]
    for at, (column, item) in enumerate(cells, 1):
        page.put(at, column, item, STYLES[column])
    page.put(LAST + 1, 3, True, STYLES[3])
    page.put(LAST + 2, 4, Figure("C14", FORMULA), STYLES[4])


def test_rows_are_as_xlsxwriter_writes_them(tmp_path: Path) -> None:
    """Texts with whatever is in them, numbers, days, yes-no and links; a row without cells is left out."""
    assert sheet(by_us, tmp_path).split("<row ") == sheet(by_xlsxwriter, tmp_path).split("<row ")


def test_a_text_that_is_too_long_is_cut_where_excel_counts(tmp_path: Path) -> None:
    """By UTF-16 units, and never in the middle of a character."""

    def write(page: Any) -> None:
        page.long_rows(1, [CellXml(page.book, 0, "data").text(1, "👩" * TEXT_LENGTH)])

    assert sheet(write, tmp_path).count("👩") == TEXT_LENGTH // 2


def test_what_looks_like_marks_of_a_rich_text_stays_text(tmp_path: Path) -> None:
    """XlsxWriter would pass it on as XML."""

    def write(page: Any) -> None:
        page.long_rows(1, [CellXml(page.book, 0, "data").text(1, "<r><t>so</t></r>")])

    assert "&lt;r&gt;&lt;t&gt;so&lt;/t&gt;&lt;/r&gt;" in sheet(write, tmp_path)
