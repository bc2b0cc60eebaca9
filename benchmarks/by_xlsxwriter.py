"""A blank written from scratch with XlsxWriter: the same sheets, texts, formulas, looks, rules and locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlplan.excel.rules import Rule, areas, rule_for
from xlplan.excel.styles import DONE, FIX, LOOKS, NEED, Look
from xlplan.form.expressions import Expr, Values, column_letters
from xlplan.layout.model import Input, Layout, SheetPlan
from xlplan.layout.start import person, title_of

Looks = Mapping[str, Format]
EDGE, SOFT, TITLE = "71828F", "C5D0D8", "0B4A5E"
_LINES = {"edge": (1, EDGE), "soft": (1, SOFT), "title": (2, TITLE)}
_ALIGN = {"center": "vcenter", "top": "top", "bottom": "bottom"}


def ready(layout: Layout) -> Layout:
    """The layout with the text of every formula at hand, so that no contender's time has our rendering of it."""
    sheets = tuple(
        replace(
            sheet,
            puts=tuple(
                replace(put, formula=_said(put.formula, sheet.title)) if put.formula else put
                for put in sheet.puts
            ),
        )
        for sheet in layout.sheets
    )
    return replace(layout, sheets=sheets)


def _said(formula: Expr, here: str) -> Expr:
    text = formula.excel(here)
    return Expr(lambda _: text, formula.twin)


def write(layout: Layout, values: Values) -> bytes:
    """The blank as .xlsx bytes, with cached values.

    XlsxWriter cannot lock the workbook's structure; and it keeps every column apart, so the empty ones to the right of
    the form, 16,000 a sheet, get no ground.
    """
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    looks = {name: book.add_format(_look(LOOKS[name])) for name in _used(layout)}
    marks = [book.add_format({"font_color": f"#{color}"}) for color in (DONE, NEED, FIX)]
    for plan in layout.sheets:
        _sheet(book.add_worksheet(plan.title), plan, layout, values, looks, marks)
    for name, text in layout.names.items():
        book.define_name(name, f"={text}")
    book.define_name("xlplan_identity", f'="{person("identity")}"')
    book.set_custom_property("xlplan_identity", person("identity"))
    book.set_properties({"title": title_of(layout.spec), "author": "xlplan"})
    book.close()
    return target.getvalue()


def _used(layout: Layout) -> set[str]:
    puts = {put.style for sheet in layout.sheets for put in sheet.puts}
    return puts | {item.style for sheet in layout.sheets for item in sheet.inputs} | {"text"}


def _look(look: Look) -> dict[str, Any]:
    made: dict[str, Any] = {
        "font_name": "Calibri", "font_size": look.size, "bold": look.bold, "font_color": f"#{look.color}",
        "underline": 1 if look.underline else 0, "align": look.across, "valign": _ALIGN[look.down],
        "text_wrap": look.wrap, "indent": look.indent, "num_format": look.format, "locked": look.locked,
    }  # fmt: skip
    if look.fill:
        made |= {"pattern": 1, "fg_color": f"#{look.fill}"}
    if look.box:
        made |= {"border": 1, "border_color": f"#{EDGE}"}
    for side in ("top", "bottom"):
        if line := _LINES.get(getattr(look, side)):
            made |= {side: line[0], f"{side}_color": f"#{line[1]}"}
    return made


def _sheet(
    ws: Worksheet, plan: SheetPlan, layout: Layout, values: Values, looks: Looks, marks: list[Format]
) -> None:
    for line in () if plan.hidden else plan.lines:
        ws.set_row_pixels(line.row - 1, round(line.height * 4 / 3))
    for put in plan.puts:
        row, column, look = put.row - 1, put.column - 1, looks[put.style] if put.style != "plain" else None
        if put.link:
            text = put.value if isinstance(put.value, str) else "x"
            ws.write_url(row, column, f"internal:{put.link}", look, text)
        if put.formula is not None:
            value = values[plan.title, put.row, put.column]
            ws.write_formula(row, column, f"={put.formula.excel(plan.title)}", look, value)
        elif put.value and isinstance(put.value, str):
            ws.write_string(row, column, put.value, look)
        elif isinstance(put.value, date):
            ws.write_datetime(row, column, put.value, look)
        elif isinstance(put.value, (int, float)):
            ws.write_number(row, column, put.value, look)
        elif look is not None:
            ws.write_blank(row, column, None, look)
    for item in plan.inputs:
        if not item.fact:
            ws.write_blank(item.row - 1, item.column - 1, None, looks[item.style])
    if plan.hidden:
        ws.hide()
    else:
        _around(ws, plan, layout, looks, marks)
    ws.protect("", {"format_columns": True, "format_rows": True})


def _around(ws: Worksheet, plan: SheetPlan, layout: Layout, looks: Looks, marks: list[Format]) -> None:
    for number, width in enumerate(plan.widths):
        ws.set_column(number, number, width, looks["text"])
    ws.hide_gridlines(2)
    ws.set_tab_color(f"#{plan.tab}")
    ws.freeze_panes(plan.freeze)
    column = "E" if plan.key == "start" else "B"
    first, state = (
        f"{column}3",
        [f"{column_letters(put.column)}1" for put in plan.puts if put.style == "state"],
    )
    need = ",".join(f'LEFT({first},{len(word)})="{word}"' for word in ("Needs", "Look", "○"))
    tests = (f'LEFT({first},1)="✓"', f"OR({need})", f'LEFT({first},1)="▲"')
    where = " ".join([f"{column}3:{column}{plan.last_row}", *state, *plan.checks])
    for test, mark in zip(tests, marks, strict=True):
        shown = {"type": "formula", "criteria": f"={test}", "format": mark, "stop_if_true": True}
        ws.conditional_format(where.split()[0], {**shown, "multi_range": where})
    cells: dict[Rule, list[Input]] = defaultdict(list)
    for item in plan.inputs:
        if not item.locked:
            cells[rule_for(item, layout.spec.facts)].append(item)
    for rule, items in cells.items():
        ranges = areas(items)
        ws.data_validation(
            ranges[0].split(":")[0], {**_rule(rule, items[0]), "multi_range": " ".join(ranges)}
        )
    ws.set_landscape()
    ws.set_paper(1)
    ws.fit_to_pages(1, 1 if plan.one_page else 0)
    ws.set_margins(0.4, 0.4, 0.45, 0.55)
    ws.center_horizontally()
    left, center = (text.replace("&", "&&") for text in (title_of(layout.spec), plan.title))
    ws.set_footer(f"&L&9{left}&C&9{center}&R&9Page &P of &N", {"margin": 0.25})
    ws.repeat_rows(plan.repeat[0] - 1, plan.repeat[1] - 1)
    ws.print_area(0, 0, plan.last_row - 1, plan.last_column - 1)
    ws.set_h_pagebreaks(list(plan.breaks))


def _rule(rule: Rule, first: Input) -> dict[str, Any]:
    formula = "=" + rule.formula1.replace("{cell}", f"{column_letters(first.column)}{first.row}")
    kinds: dict[str, dict[str, Any]] = {
        "list": {"validate": "list", "source": formula},
        "custom": {"validate": "custom", "value": formula},
        "textLength": {"validate": "length", "criteria": "<=", "value": formula},
        "date": {
            "validate": "date",
            "criteria": "between",
            "minimum": formula,
            "maximum": f"={rule.formula2}",
        },
    }
    return {
        **kinds[rule.type], "error_title": "Please check", "error_message": rule.error,
        "input_title": rule.title, "input_message": rule.prompt,
    }  # fmt: skip
