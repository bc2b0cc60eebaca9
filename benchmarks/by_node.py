"""Blanks written from scratch by libraries of npm, as far as each can; what is to be written they get as JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.by_xlsxwriter import EDGE, SOFT, TITLE
from xlplan.excel.rules import rule_for
from xlplan.excel.styles import DONE, FIX, LOOKS, NEED, Look
from xlplan.form.expressions import Values, column_letters, serial
from xlplan.layout.model import Layout, Put, SheetPlan

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "benchmarks/peers/make.cjs"
MODULES = ROOT / "tests/clients/node_modules"
_LINES = {"edge": ("thin", EDGE), "soft": ("thin", SOFT), "title": ("medium", TITLE)}
_ALIGN = {"center": "middle", "top": "top", "bottom": "bottom"}


def missing(library: str) -> str:
    """Why a library cannot be measured here; empty if it can."""
    if shutil.which("node") is None:
        return f"{library} was not measured: node is not installed."
    if not (MODULES / library).is_dir():
        return f"{library} was not measured: npm install --prefix tests/clients brings it."
    return ""


def written(library: str, layout: Layout, values: Values, folder: Path, repeats: int) -> tuple[bytes, Any]:
    """The blank, and what the script says of it."""
    blank, out = folder / "blank.json", folder / f"{library}.xlsx"
    blank.write_text(json.dumps(described(layout, values)), encoding="utf-8")
    command = ["node", str(SCRIPT), library, str(blank), str(out), str(repeats)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return out.read_bytes(), json.loads(done.stdout)


def described(layout: Layout, values: Values) -> dict[str, Any]:
    """The blank as JSON."""
    return {
        "sheets": [_sheet(plan, layout, values) for plan in layout.sheets],
        "names": list(layout.names.items()),
        "looks": {name: _look(look) for name, look in LOOKS.items()},
    }


def _sheet(plan: SheetPlan, layout: Layout, values: Values) -> dict[str, Any]:
    heights: list[float | None] = [None] * plan.last_row
    for line in () if plan.hidden else plan.lines:
        heights[line.row - 1] = line.height
    column = "E" if plan.key == "start" else "B"
    first = f"{column}3"
    need = ",".join(f'LEFT({first},{len(word)})="{word}"' for word in ("Needs", "Look", "○"))
    tests = (f'LEFT({first},1)="✓"', f"OR({need})", f'LEFT({first},1)="▲"')
    where = f"{column}3:{column}{plan.last_row}"
    return {
        "title": plan.title, "hidden": plan.hidden, "widths": plan.widths, "heights": heights, "tab": f"FF{plan.tab}",
        "last": f"{column_letters(max(plan.last_column, 2))}{plan.last_row}",
        "cells": [*_cells(plan, values)],
        "rules": [] if plan.hidden else [*_rules(plan, layout)],
        "colors": []
        if plan.hidden
        else [
            (where, test, f"FF{color}") for test, color in zip(tests, (DONE, NEED, FIX), strict=True)
        ],
    }  # fmt: skip


def _cells(plan: SheetPlan, values: Values) -> Iterator[dict[str, Any]]:
    for put in plan.puts:
        value = values[plan.title, put.row, put.column] if put.formula else _plain(put)
        kind = "b" if isinstance(value, bool) else "s" if isinstance(value, str) else "n"
        yield {
            "at": f"{column_letters(put.column)}{put.row}", "row": put.row, "column": put.column,
            "kind": None if value is None else kind, "value": value,
            "formula": put.formula.excel(plan.title) if put.formula else None,
            "look": None if put.style == "plain" else put.style, "format": LOOKS[put.style].format,
        }  # fmt: skip
    for item in plan.inputs:
        if not item.fact:
            yield {
                "at": f"{column_letters(item.column)}{item.row}", "row": item.row, "column": item.column,
                "kind": None, "value": None, "formula": None, "look": item.style, "format": "",
            }  # fmt: skip


def _plain(put: Put) -> str | float | None:
    return serial(put.value) if isinstance(put.value, date) else put.value or None


def _rules(plan: SheetPlan, layout: Layout) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rule of each cell: ExcelJS puts those that are alike together itself."""
    for item in plan.inputs:
        if item.locked:
            continue
        rule, cell = rule_for(item, layout.spec.facts), f"{column_letters(item.column)}{item.row}"
        formula = rule.formula1.replace("{cell}", cell)
        yield (
            cell,
            {
                "type": rule.type, "operator": rule.operator, "allowBlank": True, "showInputMessage": True,
                "showErrorMessage": True, "errorTitle": "Please check", "error": rule.error,
                "promptTitle": rule.title, "prompt": rule.prompt,
                "formulae": [formula] if rule.formula2 is None else [formula, rule.formula2],
            },
        )  # fmt: skip


def _look(look: Look) -> dict[str, Any]:
    def line(style: str, color: str) -> dict[str, Any]:
        return {"style": style, "color": {"argb": f"FF{color}"}}

    sides = {side: line("thin", EDGE) for side in ("left", "right", "top", "bottom")} if look.box else {}
    sides |= {
        side: line(*_LINES[name]) for side in ("top", "bottom") if (name := getattr(look, side)) in _LINES
    }
    fill = {"type": "pattern", "pattern": "solid", "fgColor": {"argb": f"FF{look.fill}"}}
    return {
        "font": {
            "name": "Calibri", "size": look.size, "bold": look.bold, "color": {"argb": f"FF{look.color}"},
            "underline": look.underline,
        },
        "alignment": {
            "horizontal": look.across, "vertical": _ALIGN[look.down], "wrapText": look.wrap, "indent": look.indent,
        },
        "border": sides, "numFmt": look.format, "protection": {"locked": look.locked},
        **({"fill": fill} if look.fill else {}),
    }  # fmt: skip
