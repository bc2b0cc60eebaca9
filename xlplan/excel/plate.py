"""Stamp a plate into copies: fresh ones, and prefilled ones with their formulas' values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xlplan.excel.package import Head, Part, assemble, deflated, with_tail
from xlplan.excel.sheet_xml import AddedStrings, CompiledSheet, sheet_xml, xml_text
from xlplan.form.expressions import Key, Values
from xlplan.layout.heights import height, lines
from xlplan.layout.made import shown
from xlplan.layout.model import Layout, SheetPlan

TOKEN = re.compile("⟦([a-z_]+)⟧")
SHARED = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A blank compiled for stamping. `varying`: member → its constant head and the text after it, with tokens."""

    layout: Layout
    members: tuple[str, ...]
    constant: Mapping[str, Part]
    varying: Mapping[str, tuple[Head, str]]
    strings: Head
    first_tail: int
    tail: tuple[str, ...]
    sheets: Mapping[str, CompiledSheet]
    rendered: Mapping[str, tuple[str, ...]] = field(repr=False)  # title → the XML of each row's cells
    twins: Mapping[
        str, Mapping[str, str]
    ]  # of a correction plate: weight of a mark → input style → its marked twin
    values: Values = field(repr=False)


def stamp(plate: Plate, personal: Mapping[str, str]) -> bytes:
    """A fresh copy: `personal` names what differs (school, code, identity, …). Same inputs, same bytes."""
    parts = dict(plate.constant)
    return assembled(plate, parts, personal, ())


def pour(plate: Plate, personal: Mapping[str, str], typed: Mapping[str, object]) -> bytes:
    """A prefilled copy: `typed` maps slot paths to values (text, bool, date, Decimal, number); formulas recomputed."""
    cells: dict[Key, object] = {}
    for path, value in typed.items():
        sheet, item = plate.layout.inputs[path]
        cells[sheet.title, item.row, item.column] = shown(value, item.field)
    values = Values(fixed_values(plate.layout) | cells, plate.layout.twins)
    parts = dict(plate.constant)
    added = AddedStrings(len(plate.tail) + plate.first_tail)
    for plan in plate.layout.sheets:
        compiled = plate.sheets[plan.title]
        changed = changes(plan, cells, values, plate.values)
        if changed:
            xml = sheet_xml(compiled, plate.rendered[plan.title], changed, added, taller(plan, cells))
            parts[compiled.part] = deflated(compiled.part, xml.encode())
    return assembled(plate, parts, personal, added.texts)


def fixed_values(layout: Layout) -> dict[Key, object]:
    """What the locked cells hold."""
    return {
        (sheet.title, put.row, put.column): put.value
        for sheet in layout.sheets
        for put in sheet.puts
        if put.value is not None
    }


def assembled(
    plate: Plate, parts: dict[str, Part], personal: Mapping[str, str], added: tuple[str, ...] | list[str]
) -> bytes:
    """The package: these parts, what differs from copy to copy, and the strings that this copy adds."""
    for name, (head, tail) in plate.varying.items():
        parts[name] = with_tail(head, _filled_in(tail, personal).encode())
    items = [_filled_in(text, personal) for text in plate.tail]
    items += added
    parts[SHARED] = with_tail(plate.strings, ("".join(items) + "</sst>").encode())
    return assemble(parts[name] for name in plate.members)


def _filled_in(text: str, personal: Mapping[str, str]) -> str:
    # what only looks like a token stands in a text of the campaign or of an own template
    return TOKEN.sub(lambda token: xml_text(personal[token[1]]) if token[1] in personal else token[0], text)


def changes(
    plan: SheetPlan, cells: Mapping[Key, object], values: Values, fresh: Values
) -> dict[tuple[int, int], object]:
    """What differs from the fresh copy on one sheet: typed cells, and formulas whose value is another."""
    changed: dict[tuple[int, int], object] = {
        (item.row, item.column): cells[plan.title, item.row, item.column]
        for item in plan.inputs
        if (plan.title, item.row, item.column) in cells
    }
    for put in plan.puts:
        key = (plan.title, put.row, put.column)
        if put.formula is not None and values[key] != fresh[key]:
            changed[put.row, put.column] = values[key]
    return changed


def taller(plan: SheetPlan, cells: Mapping[Key, object]) -> dict[int, float]:
    """Rows whose answers need more room, with a line to spare so that none is cut."""
    found: dict[int, float] = {}
    heights = {line.row: line.height for line in plan.lines}
    for item in plan.inputs:
        value = cells.get((plan.title, item.row, item.column))
        if isinstance(value, str) and len(value) > 12:
            wanted = height(lines(value, plan.widths[item.column - 1]) + (1 if len(value) > 40 else 0))
            if wanted > found.get(item.row, heights[item.row]):
                found[item.row] = wanted
    return found
