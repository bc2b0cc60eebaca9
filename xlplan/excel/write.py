"""A layout as an openpyxl workbook: the blank, built once per template and campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.excel.rules import Rule, areas, rule_for
from xlplan.excel.styles import DONE, FIX, FIXFILL, INPUT_STYLES, LOOKS, NEED, parts_of
from xlplan.form.expressions import column_letters
from xlplan.languages import say, speaking
from xlplan.layout.model import Input, Layout, SheetPlan
from xlplan.layout.sheet import LEFTOVER, TOFIX
from xlplan.layout.start import person, title_of

TWINS_ROW = (
    20  # of Meta: where a correction's blank keeps a cell of each input style and, below, of its marked twins
)
WEIGHTS = ("fix", "need")  # of a mark


def write(layout: Layout, password: str = "") -> bytes:
    """The blank as .xlsx bytes: sheets locked but for inputs, rules, colours, print set-up; no cached values."""
    with speaking(layout.spec.facts.language):
        return _written(layout, password)


def _written(layout: Layout, password: str) -> bytes:
    book = Workbook()
    corrects = any(plan.key == TOFIX for plan in layout.sheets)
    book.remove(book.worksheets[0])
    pens = _Pens(book, layout, WEIGHTS if corrects else ())
    for plan in layout.sheets:
        _sheet(book.create_sheet(plan.title), plan, layout, pens, password)
    if corrects:
        _twins(book["Meta"], pens)
    for name, text in layout.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.defined_names["xlplan_identity"] = DefinedName(
        "xlplan_identity", attr_text=f'"{person("identity")}"'
    )
    book.custom_doc_props.append(StringProperty(name="xlplan_identity", value=person("identity")))
    book.security = WorkbookProtection(lockStructure=True)
    book.properties.creator = "xlplan"
    book.properties.title = title_of(layout.spec)
    book.calculation.fullCalcOnLoad = True
    book.active = next((n for n, plan in enumerate(layout.sheets) if plan.key == TOFIX), 0)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Pens:
    """Each style of the layout made once, inputs with their marked twins; a cell gets a copy of its index array."""

    def __init__(self, book: Workbook, layout: Layout, weights: Sequence[str]) -> None:
        scratch = book.create_sheet("pens")
        self.arrays = {}
        used = {put.style for sheet in layout.sheets for put in sheet.puts} | {"text"}
        used |= {item.style for sheet in layout.sheets for item in sheet.inputs}
        self.inputs = [name for name in INPUT_STYLES if name in used]
        names = [(name, "") for name in LOOKS if name in used]
        names += [(name, weight) for weight in weights for name in self.inputs]
        for number, (name, weight) in enumerate(names, 1):
            cell = scratch.cell(row=number, column=1)
            for part, value in parts_of(LOOKS[name], weight=weight).items():
                setattr(cell, part, say(str(value)) if part == "number_format" else value)
            self.arrays[name + weight] = cell._style
        book.remove(scratch)

    def set(self, cell: Cell, name: str) -> None:
        cell._style = copy(self.arrays[name])


def _sheet(ws: Worksheet, plan: SheetPlan, layout: Layout, pens: _Pens, password: str) -> None:
    for line in plan.lines if not plan.hidden else ():
        ws.row_dimensions[line.row].height = line.height
    for put in plan.puts:
        cell = ws.cell(row=put.row, column=put.column)
        if put.formula is not None:
            cell.value = "=" + put.formula.excel(plan.title)
        elif put.value is not None:
            cell.value = put.value
            if isinstance(put.value, str) and cell.data_type == "f":
                cell.data_type = "s"
        if put.link:
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=put.link)
        if put.style != "plain":
            pens.set(cell, put.style)
    for item in plan.inputs:
        if not item.fact:
            pens.set(ws.cell(row=item.row, column=item.column), item.style)
    if plan.hidden:
        ws.sheet_state = "hidden"
    else:
        _columns(ws, plan, pens)
        _look(ws, plan, corrects=TOFIX in (sheet.key for sheet in layout.sheets))
        _print(ws, plan, layout)
        _validate(ws, plan, layout)
    _protect(ws, password)


def _columns(ws: Worksheet, plan: SheetPlan, pens: _Pens) -> None:
    """Widths, and the ground as the columns' style, so that no cells are spent on it."""
    for number, width in enumerate(plan.widths, 1):
        letters = column_letters(number)
        ws.column_dimensions[letters] = ColumnDimension(
            ws, index=letters, min=number, max=number, width=width
        )
        ws.column_dimensions[letters]._style = copy(pens.arrays["text"])
    first = len(plan.widths) + 1
    rest = column_letters(first)
    ws.column_dimensions[rest] = ColumnDimension(ws, index=rest, min=first, max=16384, width=9)
    ws.column_dimensions[rest]._style = copy(pens.arrays["text"])


def _look(ws: Worksheet, plan: SheetPlan, *, corrects: bool) -> None:
    ws.sheet_view.showGridLines = False
    ws.sheet_view.zoomScale = 100
    ws.sheet_properties.tabColor = plan.tab
    ws.freeze_panes = plan.freeze
    column = "E" if plan.key == "start" else "B"
    state = "".join(f" {column_letters(put.column)}1" for put in plan.puts if put.style == "state")
    first = f"{column}3"
    words = tuple(
        map(say, ("Needs", "Look", "○", "To fix", "As you") if corrects else ("Needs", "Look", "○"))
    )
    need = ",".join(f'LEFT({first},{len(word)})="{word}"' for word in words)
    for test, color in ((f'LEFT({first},1)="✓"', DONE), (f"OR({need})", NEED), (f'LEFT({first},1)="▲"', FIX)):
        rule = FormulaRule(formula=[test], font=Font(color=color), stopIfTrue=True)
        areas = [f"{column}3:{column}{plan.last_row}{state}", *plan.checks]
        ws.conditional_formatting.add(" ".join(areas), rule)
    if plan.key == TOFIX:  # the fill of faulty cells, for the marks of each copy
        fill = PatternFill(bgColor=FIXFILL, fill_type="solid")
        ws.conditional_formatting.add("A1", FormulaRule(formula=["FALSE"], fill=fill))


def _print(ws: Worksheet, plan: SheetPlan, layout: Layout) -> None:
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = ws.PAPERSIZE_LETTER
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 1 if plan.one_page else 0
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom = 0.45, 0.55
    ws.page_margins.header = ws.page_margins.footer = 0.25
    ws.print_options.horizontalCentered = True
    footer = ws.oddFooter
    footer.left.text, footer.center.text = _footer(title_of(layout.spec)), _footer(plan.title)
    footer.right.text = say("Page &P of &N")
    for part in (footer.left, footer.center, footer.right):
        part.size = 9
    ws.print_title_rows = f"{plan.repeat[0]}:{plan.repeat[1]}"
    if plan.key in (TOFIX, LEFTOVER):  # whose rows differ from copy to copy
        return
    ws.print_area = f"A1:{column_letters(plan.last_column)}{plan.last_row}"
    for row in plan.breaks:
        ws.row_breaks.append(Break(id=row))


def _footer(text: str) -> str:
    """Text of a footer: an ampersand would begin a code, and openpyxl does not double it."""
    return text.replace("&", "&&")


def _validate(ws: Worksheet, plan: SheetPlan, layout: Layout) -> None:
    """One rule for all cells that share kind, bounds and message."""
    cells: dict[Rule, list[Input]] = defaultdict(list)
    for item in plan.inputs:
        if not item.locked:
            cells[rule_for(item, layout.spec.facts)].append(item)
    for rule, items in cells.items():
        first = f"{column_letters(items[0].column)}{items[0].row}"
        validation = DataValidation(
            type=rule.type, operator=rule.operator,
            formula1=rule.formula1.replace("{cell}", first), formula2=rule.formula2,
            allow_blank=True, showErrorMessage=True, showInputMessage=True, errorTitle=say("Please check"),
            error=rule.error, promptTitle=rule.title or None, prompt=rule.prompt or None,
        )  # fmt: skip
        for area in areas(items):
            validation.add(area)
        ws.add_data_validation(validation)


def _protect(ws: Worksheet, password: str) -> None:
    """Locked but for inputs; rows and columns may be resized, everything selected."""
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.formatRows = False
    ws.protection.selectLockedCells = ws.protection.selectUnlockedCells = False
    if password:
        ws.protection.password = password


def _twins(ws: Worksheet, pens: _Pens) -> None:
    for row, weight in enumerate(("", *WEIGHTS), TWINS_ROW):
        for column, name in enumerate(pens.inputs, 1):
            pens.set(ws.cell(row=row, column=column), name + weight)
