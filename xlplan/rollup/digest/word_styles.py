"""The looks of the digest as a Word document: real styles, which a reader may change in one place."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Inches, Pt, RGBColor

from xlplan.rollup.digest.word_xml import font, line_below
from xlplan.rollup.look import GUIDE, INK, SOFT, TITLE

FONT = "Calibri"
PLACE, NOTE, SMALL_HEAD, CELL, MARK = "Quote Source", "Note", "Table Title", "Table Text", "Note Mark"
# points of the letters, space before and after, colour, bold
SIZES = {
    "Normal": (11, 0, 5, INK, False),
    "Title": (22, 0, 2, TITLE, True),
    "Subtitle": (11, 0, 8, GUIDE, False),
    "Heading 1": (15, 14, 4, TITLE, True),
    "Heading 2": (12, 9, 3, TITLE, True),
    "Quote": (11, 3, 0, INK, False),
    "List Bullet": (11, 0, 4, INK, False),
    PLACE: (9.5, 0, 5, GUIDE, False),
    NOTE: (8.5, 0, 2, GUIDE, False),
    SMALL_HEAD: (10, 6, 3, GUIDE, True),
    CELL: (10, 1, 1, INK, False),
    "Header": (9, 0, 0, GUIDE, False),
    "Footer": (9, 0, 0, GUIDE, False),
}
KEPT = ("Title", "Heading 1", "Heading 2", "Quote", SMALL_HEAD)  # on one page with what follows


def dress(document: Any) -> None:
    """Set page and styles of a new document."""
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin = section.bottom_margin = Inches(0.9)
    for name, size in SIZES.items():
        _set(_style(document, name), *size)
    for name in KEPT:
        document.styles[name].paragraph_format.keep_with_next = True
    for name in ("Quote", PLACE):
        document.styles[name].paragraph_format.left_indent = Inches(0.3)
    document.styles["Normal"].paragraph_format.line_spacing = 1.1
    document.styles["Quote"].font.italic = False
    document.styles["Subtitle"].font.italic = False
    note = document.styles[NOTE].paragraph_format
    note.left_indent, note.first_line_indent = Inches(0.28), Inches(-0.28)
    line_below(document.styles["Title"], SOFT.removeprefix("#"))
    mark = document.styles.add_style(MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript, mark.font.color.rgb = True, _colour(TITLE)


def _style(document: Any, name: str) -> Any:
    if name in document.styles:
        return document.styles[name]
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    return made


def _set(style: Any, size: float, before: int, after: int, colour: str, bold: bool) -> None:
    font(style, FONT)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, _colour(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _colour(hexadecimal: str) -> RGBColor:
    return RGBColor.from_string(hexadecimal.removeprefix("#"))
