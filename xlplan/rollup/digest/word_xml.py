"""The pieces of a Word document that python-docx has no words for: links within, bookmarks, fields, repeated heads.

Numbers in comments are paragraphs of ECMA-376, part 1.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def element(tag: str, /, **attributes: str) -> Any:
    """An element such as "w:b" with attributes of the same namespace."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """A place that links lead to, at the paragraph's beginning; `number` is unique in the document (17.13.6.2)."""
    at = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(at, element("w:bookmarkStart", id=str(number), name=name))
    paragraph._p.insert(at + 1, element("w:bookmarkEnd", id=str(number)))


def link(paragraph: Any, text: str, to: str, style: str) -> None:
    """A link to a bookmark of the same document (17.16.22), in a style of characters."""
    run = element("w:r")
    properties = element("w:rPr")
    properties.append(element("w:rStyle", val=style))
    run.append(properties)
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    around = element("w:hyperlink", anchor=to, history="1")
    around.append(run)
    paragraph._p.append(around)


def field(paragraph: Any, code: str) -> None:
    """A number that Word counts, such as PAGE (17.16.5)."""
    made = element("w:fldSimple", instr=code)
    run, words = element("w:r"), OxmlElement("w:t")
    words.text = "1"
    run.append(words)
    made.append(run)
    paragraph._p.append(made)


def repeat_head(table: Any) -> None:
    """The first row stands on every page (17.4.78), and no row is broken between pages (17.4.6)."""
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if not at:
            properties.append(element("w:tblHeader"))


def font(style: Any, name: str) -> None:
    """The font of a style for all scripts, whatever the theme says, with letters at their own distance (17.3.2.26)."""
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:spacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name))


def language(document: Any, code: str) -> None:
    """The language that the text is spelled in (17.3.2.20), for the whole document."""
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), code)


def shaded(cell: Any, colour: str) -> None:
    """A ground behind a cell (17.4.32)."""
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))


def ruled(table: Any, colour: str) -> None:
    """Thin lines above, below and between the rows, none between columns (17.4.38)."""
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=colour))
    table._tbl.tblPr.append(borders)


def line_below(style: Any, colour: str) -> None:
    """A line under the paragraphs of a style (17.3.1.24)."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="8", space="4", color=colour))
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
        "w:outlineLvl",
    )  # fmt: skip
