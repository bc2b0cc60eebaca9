"""Stamp a plate into copies: fresh ones, and prefilled ones with their formulas' values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from xlplan.excel.package import (
    QUICKEST,
    Deflate,
    Head,
    Part,
    Run,
    assemble,
    deflated,
    plainly,
    with_tail,
)
from xlplan.excel.sheet_xml import AddedStrings, CompiledSheet, Pieces, computed, typed, xml_text
from xlplan.form.expressions import Key, Twin, Values, key_of
from xlplan.form.recalculation import Recalculation
from xlplan.form.spec import Field
from xlplan.layout.heights import height, lines
from xlplan.layout.made import shown
from xlplan.layout.model import Layout, SheetPlan

TOKEN = re.compile("⟦([a-z_]+)⟧")
SHARED = "xl/sharedStrings.xml"

Formula = tuple[Key, object]  # where it stands, and its value in a fresh copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A blank compiled for stamping.

    `first`: the `constant` members as every fresh copy begins with them. `varying`: member → its constant head and
    the text after it, with tokens; the shared strings last, where a copy may add some, from number `strings` on.
    `twins`: of a correction plate, weight of a mark → input style → its marked twin. `deflate`: what a copy's own
    sheets are deflated by. `plain`: whether copies have no trick in any stream.
    """

    layout: Layout
    constant: Mapping[str, Part]
    first: Run
    varying: Mapping[str, tuple[Head, str]]
    strings: int
    sheets: Mapping[str, CompiledSheet]
    pieces: Mapping[str, Pieces] = field(repr=False)  # by title, as what follows
    formulas: Mapping[str, tuple[Formula, ...]] = field(repr=False)
    twins: Mapping[str, Mapping[str, str]]
    recalculation: Recalculation = field(repr=False)
    deflate: Deflate = QUICKEST
    plain: bool = False


def stamp(plate: Plate, personal: Mapping[str, str]) -> bytes:
    """A fresh copy: `personal` names what differs (school, code, identity, …). Same inputs, same bytes."""
    return assembled(plate, {}, personal, ())


def pour(plate: Plate, personal: Mapping[str, str], answers: Mapping[str, object]) -> bytes:
    """A prefilled copy, its formulas computed. `answers`: slot path → value (text, bool, date, Decimal, number)."""
    filled = answered(plate.layout, answers)
    values = values_of(plate, filled)
    added = AddedStrings(plate.strings)
    texts: dict[str, str] = {}
    for plan in plate.layout.sheets:
        pieces, typed_in = plate.pieces[plan.title], filled[plan.title]
        changed = inputs_xml(pieces, typed_in, added)
        changed |= formulas_xml(pieces, plate.formulas[plan.title], values)
        if changed:
            texts[plan.title] = pieces.with_(changed, taller(plan, typed_in))
    return assembled(plate, texts, personal, added.texts)


def answered(layout: Layout, answers: Mapping[str, object]) -> dict[str, dict[Key, object]]:
    """What input cells hold, by their sheet's title, in order of rows. Raises KeyError for an unknown path."""
    if not answers.keys() <= layout.inputs.keys():
        raise KeyError(*sorted(answers.keys() - layout.inputs.keys()))
    found: dict[str, dict[Key, object]] = {sheet.title: {} for sheet in layout.sheets}
    for path, key, asked in _boxes(layout):
        if path in answers:
            found[key[0]][key] = shown(answers[path], asked)
    return found


@lru_cache(maxsize=64)
def _boxes(layout: Layout) -> tuple[tuple[str, Key, Field], ...]:
    """The input cells of a layout: slot path, place and field."""
    return tuple(
        (path, key_of(sheet.title, item.row, item.column), item.field)
        for path, (sheet, item) in layout.inputs.items()
    )


def values_of(
    plate: Plate, filled: Mapping[str, Mapping[Key, object]], twins: Mapping[Key, Twin] | None = None
) -> Values:
    """What stands in the cells of a copy that is filled so. `twins`: where it has other formulas than the blank."""
    cells: dict[Key, object] = {}
    for typed_in in filled.values():
        cells.update(typed_in)
    return plate.recalculation.over(cells, twins or {})


def fixed_values(layout: Layout) -> dict[Key, object]:
    """What the locked cells hold."""
    return {
        key_of(sheet.title, put.row, put.column): put.value
        for sheet in layout.sheets
        for put in sheet.puts
        if put.value is not None
    }


def formulas_of(plan: SheetPlan, fresh: Mapping[Key, object]) -> tuple[Formula, ...]:
    """The formulas of a sheet with the values that they have in a fresh copy."""
    keys = (key_of(plan.title, put.row, put.column) for put in plan.puts if put.formula is not None)
    return tuple((key, fresh[key]) for key in keys)


def inputs_xml(pieces: Pieces, cells: Mapping[Key, object], added: AddedStrings) -> dict[Key, str]:
    """Those input cells of a sheet into which something is typed that the fresh copy has not."""
    slots = pieces.cells
    return {
        key: slot.holding(held)
        for key, value in cells.items()
        if (held := typed(value, added)) != (slot := slots[key]).held
    }


def formulas_xml(pieces: Pieces, formulas: Iterable[Formula], values: Values) -> dict[Key, str]:
    """Those formulas of a sheet whose value is another than in the fresh copy."""
    slots = pieces.cells
    return {
        key: slots[key].holding(computed(value)) for key, fresh in formulas if (value := values[key]) != fresh
    }


def assembled(
    plate: Plate, sheets: Mapping[str, str], personal: Mapping[str, str], added: Iterable[str]
) -> bytes:
    """The package: sheets of its own by title, what differs from copy to copy, and the strings that this copy adds."""
    own = []
    for name, (head, tail) in plate.varying.items():
        text = TOKEN.sub(lambda token: _said(token, personal), tail)
        if name == SHARED:
            text = "".join((text, *added, "</sst>"))
        own.append(with_tail(head, text.encode()))
    if sheets:
        parts = dict(plate.constant)
        for title, xml in sheets.items():
            name = plate.sheets[title].part
            parts[name] = deflated(name, xml.encode(), plate.deflate)
        package = assemble([*parts.values(), *own])
    else:
        package = assemble(own, plate.first)
    return plainly(package) if plate.plain else package


def _said(token: re.Match[str], personal: Mapping[str, str]) -> str:
    # what only looks like a token stands in a text of the campaign or of an own template
    return xml_text(personal[token[1]]) if token[1] in personal else token[0]


def taller(plan: SheetPlan, cells: Mapping[Key, object]) -> dict[int, float]:
    """Rows whose answers need more room, with a line to spare so that none is cut."""
    wanted: dict[int, float] = {}
    for (_, row, column), value in cells.items():
        if isinstance(value, str) and len(value) > 12:
            points = height(lines(value, plan.widths[column - 1]) + (1 if len(value) > 40 else 0))
            wanted[row] = max(points, wanted.get(row, 0))
    return {line.row: wanted[line.row] for line in plan.lines if wanted.get(line.row, 0) > line.height}
