"""A workbook with our look: styles by name, sheets set up for screen and paper, values as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

from xlplan.form.expressions import column_letters
from xlplan.form.text import harmless
from xlplan.rollup.look import BASE, STYLES, TITLE

TEXT_LENGTH = 32_767  # Excel takes no longer text in one cell
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # begins what Excel reads as one character
_MARKED = re.compile("[&<>]|_x")
FOOTER_LENGTH = 90  # characters of one part of a footer, of which Excel takes 255 in all


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or text with the formula that gives it; without formula it is written as it stands."""

    value: Any
    formula: str | None = None


class Book:
    """An XlsxWriter workbook that never takes a text for a formula, a number or a link."""

    def __init__(self, out: BinaryIO | str, *, footer: str, as_of: date, folder: Path | None = None) -> None:
        """`folder`: a private one for what does not fit into memory; without it nothing leaves memory."""
        import xlsxwriter  # a summary that is a page is made of the same figures, without it

        options = {
            "in_memory": folder
            is None,  # what schools wrote goes into no temporary files that others could read
            "tmpdir": None if folder is None else str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": STYLES["row.day"]["num_format"],
        }
        self.file: Any = xlsxwriter.Workbook(out, options)
        self.file.set_properties({"title": footer, "created": datetime.combine(as_of, time())})
        self._footer = footer
        self._styles = {name: self.file.add_format({**BASE, **style}) for name, style in STYLES.items()}

    def style(self, name: str) -> Any:
        """The XlsxWriter format of that name."""
        return self._styles[name]

    def rule(self, name: str) -> Any:
        """A format for a conditional format: only what it changes."""
        return self.file.add_format(dict(STYLES[name]))

    def page(self, name: str, widths: Sequence[float], *, tab: str = TITLE, tall: int = 0) -> Page:
        """A new sheet, ready for screen and letter paper; `tall` 1 fits it on one page, 0 on any number."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_landscape()
        sheet.set_paper(1)
        sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, tall)
        sheet.set_footer(footer(self._footer, name), {"margin": 0.3})
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return Page(self, sheet, name, len(widths) - 1)

    def long_page(self, name: str, widths: Sequence[float], *, tab: str = TITLE) -> Page:
        """A new sheet whose rows are written once, from the top, and are not kept in memory."""
        self.file.constant_memory = True  # of the sheets that are added now; XlsxWriter asks each for its own
        try:
            return self.page(name, widths, tab=tab)
        finally:
            self.file.constant_memory = False


def footer(left: str, middle: str) -> str:
    """Left, middle and page number; `&` is doubled, since a single one is a code."""
    parts = [part[:FOOTER_LENGTH].replace("&", "&&") for part in (left, middle)]
    font = '&"Calibri,Regular"&9'
    # A blank keeps a text that begins with a digit from being read as part of the size.
    return f"&L{font} {parts[0]}&C{font} {parts[1]}&R{font} Page &P of &N"


class Page:
    """One sheet of a Book; rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Any, name: str, last_column: int) -> None:
        self.book, self.sheet, self.name, self.last_column = book, sheet, name, last_column

    def title(self, text: str, subtitle: str, *, home: bool = True) -> None:
        """Rows 0 and 1: the title over its rule, the way back to the summary, and one line of guidance."""
        self.sheet.set_row(0, 34)
        self.sheet.set_row(1, 23)
        for column in range(self.last_column + 1):
            self.put(0, column, text if column == 0 else None, "title")
        if home:
            self.link(0, self.last_column, "Summary", "Summary", "home")
        self.put(1, 0, subtitle, "subtitle")

    def heading(self, row: int, text: str) -> None:
        """The heading of a block, with air above it."""
        self.sheet.set_row(row, 30)
        self.put(row, 0, text, "heading")

    def signs(self, first: int, last: int, column: int) -> None:
        """Colour the states of a column by their sign, wherever sorting takes them."""
        for sign, rule in (("✓", "if.done"), ("▲", "if.fix"), ("○", "if.need")):
            begins = {
                "type": "text",
                "criteria": "begins with",
                "value": sign,
                "format": self.book.rule(rule),
            }
            self.sheet.conditional_format(first, column, last, column, begins)

    def put(self, row: int, column: int, value: Any, style: str = "plain") -> None:
        """Write a value as what it is; a text is never anything but text."""
        form = self.book.style(style)
        match value:
            case None | "":
                self.sheet.write_blank(row, column, None, form)
            case Figure(value=known, formula=str() as formula):
                known = float(known) if isinstance(known, Decimal) else known
                self.sheet.write_formula(row, column, formula, form, known)
            case Figure(value=known):
                self.put(row, column, known, style)
            case bool():
                self.sheet.write_boolean(row, column, value, form)
            case int() | float() | Decimal():
                self.sheet.write_number(row, column, value, form)
            case date() if value.year >= 1900:
                self.sheet.write_datetime(row, column, datetime.combine(value, time()), form)
            case _:
                self.sheet.write_string(row, column, harmless(str(value))[:TEXT_LENGTH], form)

    def row(
        self, row: int, values: Sequence[Any], styles: Sequence[str], height: float | None = None
    ) -> None:
        """Write a row from column 0."""
        if height is not None:
            self.sheet.set_row(row, height)
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            self.put(row, column, value, style)

    def link(self, row: int, column: int, to: str, text: str, style: str = "link") -> None:
        """A link to another sheet's first cell."""
        self.sheet.write_url(row, column, f"internal:{quoted(to)}!A1", self.book.style(style), text)

    def table(self, name: str, top: int, headers: Sequence[str], rows: int, styles: Sequence[str]) -> None:
        """Make the `rows` below `top` a real table with filters; its cells are written by their own calls."""
        head = [
            {"header": header, "header_format": self.book.style(style)}
            for header, style in zip(headers, styles, strict=True)
        ]
        options = {"name": name, "columns": head, "style": None, "autofilter": True}
        self.sheet.add_table(top, 0, top + rows, len(headers) - 1, options)

    def long_table(self, name: str, headers: Sequence[str], rows: int, style: str) -> None:
        """The same on a long page, with its head in row 0 and before any row is written."""
        keeps = self.sheet.constant_memory
        self.sheet.constant_memory = (
            False  # XlsxWriter makes no table there, and would note every cell of one
        )
        self.table(name, 0, headers, 1, [style] * len(headers))
        self.sheet.constant_memory = keeps
        area = f"A1:{column_letters(len(headers))}{rows + 1}"
        self.sheet.tables[-1] |= {"range": area, "a_range": area, "autofilter": area}
        for column, header in enumerate(headers):
            self.put(0, column, header, style)

    def long_rows(self, first: int, rows: Iterable[str]) -> None:
        """Write the rows from `first` on, the last ones of a long page, each as the XML of its cells (`CellXml`).

        XlsxWriter would keep an object for each cell and look through it a dozen times, which was most of the time
        that a workbook of many plans took.
        """
        sheet = self.sheet
        sheet._write_single_row(first)  # the row before, which waits to be complete
        last = first - 1
        for last, cells in enumerate(rows, first):
            if cells:
                sheet.fh.write(f'<row r="{last + 1}">{cells}</row>')
        sheet.dim_rowmax, sheet.dim_colmax = max(sheet.dim_rowmax, last), self.last_column

    def at(self, row: int, column: int) -> str:
        """The cell as formulas of other sheets name it."""
        return f"{quoted(self.name)}!{_fixed(row, column)}"

    def range(self, first: int, last: int, column: int) -> str:
        """A piece of one column as formulas of other sheets name it."""
        return f"{self.at(first, column)}:{_fixed(last, column)}"


class CellXml:
    """Makes the cells of one column of a long page, as XML, all in one style. Rows count from 0."""

    def __init__(self, book: Book, column: int, style: str) -> None:
        self._opening = f'<c r="{column_letters(column + 1)}'
        self._style = f'" s="{book.style(style)._get_xf_index()}"'
        self._text, self._xml = "", ""  # of the row before: a plan's rows have much in common

    def text(self, row: int, text: str) -> str:
        """A text, as it may be shown."""
        if text != self._text:
            self._text, self._xml = text, _text_xml(text)
        xml = self._xml
        return f'{self._opening}{row + 1}{self._style} t="inlineStr"><is>{xml}</is></c>' if xml else ""

    def number(self, row: int, number: float) -> str:
        """A number."""
        return f"{self._opening}{row + 1}{self._style}><v>{number:.16G}</v></c>"

    def boolean(self, row: int, value: bool) -> str:
        """True or false."""
        return f'{self._opening}{row + 1}{self._style} t="b"><v>{value:d}</v></c>'

    def formula(self, row: int, formula: str, value: str) -> str:
        """A formula, with the text that it gives."""
        told = escape(formula.removeprefix("="), quote=False)
        return f'{self._opening}{row + 1}{self._style} t="str"><f>{told}</f><v>{escape(value, quote=False)}</v></c>'


def _text_xml(text: str) -> str:
    """A text as the element of an inline string; nothing for an empty one."""
    text = harmless(text)
    if 2 * len(text) > TEXT_LENGTH:  # in units of UTF-16, a character may be two
        text = text.encode("utf-16-le")[: 2 * TEXT_LENGTH].decode("utf-16-le", "ignore")
    if not text:
        return ""
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    if _MARKED.search(text):
        text = _ESCAPED.sub("_x005F_", escape(text, quote=False))
    return f"<t{kept}>{text}</t>"


def _fixed(row: int, column: int) -> str:
    """A cell as a formula names it that is copied elsewhere."""
    return f"${column_letters(column + 1)}${row + 1}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"
