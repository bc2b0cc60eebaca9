"""A band a slot: own box and ticks, ticks for the plan's own rows, inner rows in the same columns."""

from __future__ import annotations

from xlplan.form.expressions import (
    Expr,
    joined,
    literal,
    shorten,
)
from xlplan.form.spec import Field, Group
from xlplan.layout.heights import head_lines, height
from xlplan.layout.model import CellRef
from xlplan.layout.rows import (
    LETTERS,
    STAR,
    Slots,
    blank,
    columns_of,
    heading,
    label_of,
    late,
    row_inputs,
    row_unit,
)
from xlplan.layout.sheet import (
    FIRST,
    NUMBER,
    SheetBuilder,
    live,
)
from xlplan.layout.tables import begun_inside, table

BLOCK_LEAST = 2.6


def bands(b: SheetBuilder, group: Group, path: str, asked: Expr, causes: list[int]) -> Slots:
    """A band a slot: its own box and ticks, ticks for the plan's own rows, then its inner rows in the same columns."""
    b.breaks.append(b.row - 1)
    heading(b, group.label + (STAR if group.minimum else ""), group.guide)
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, b.row - 1, FIRST)
    for k in range(group.slots or 0):
        slots.rows.append(_band(b, group, f"{path}[{k}]", k, slots.asked(k, asked), causes))
    return slots


def _band(b: SheetBuilder, group: Group, where: str, k: int, asked: Expr | None, causes: list[int]) -> int:
    own = tuple(field for field in group.fields if not (field.refers_to and field.ticks))
    columns = columns_of(own)
    if k:
        b.breaks.append(b.row - 1)
    _band_head(b, group, k, columns)
    first_field = own[0]
    least = first_field.least or BLOCK_LEAST
    row = b.line(height(least), tag=f"{group.tag}{k + 1}", number=str(k + 1), least=least, top=True)
    b.rows[where] = CellRef(b.title, row, FIRST)
    place = f"{group.noun} {k + 1}"
    row_inputs(b, columns, where, row, FIRST, place, row - 1)
    for field in group.fields:
        if field.refers_to and field.ticks:
            _cause_ticks(b, field, where, f"{group.tag}{k + 1}.{field.tag}", place, causes)
    line = b.live.row
    # the band's own Live line comes first, its inner rows after it
    begun = late(lambda: begun_inside(b, where, b.last_used))
    row_unit(b, own, columns, row, place, where, asked, begun=begun)
    for inner in group.groups:
        table(b, inner, f"{where}.{inner.name}", live(line, "asked" if asked else "begun"), parent=str(k + 1))
    b.gap(14)
    return line


def _band_head(b: SheetBuilder, group: Group, k: int, columns: list[tuple[Field, int, str]]) -> None:
    row = b.line(24)
    for column in range(NUMBER, b.last_used + 1):
        b.puts.append(blank(row, column, "band"))
    b.text(row, NUMBER, f"{group.noun.capitalize()} {k + 1}", "band.title")
    ticks = next(((field, offset) for offset, (field, _, choice) in enumerate(columns) if choice), None)
    if ticks:
        b.text(row, FIRST + ticks[1], label_of(ticks[0]), "band.text")
    labels = [field.word(choice) or label_of(field) for field, _, choice in columns]
    most = max(head_lines(text, b.width(FIRST + offset)) for offset, text in enumerate(labels))
    head = b.line(max(22, 15 * most + 6))
    b.puts.append(blank(head, NUMBER, "band"))
    for offset, text in enumerate(labels):
        b.text(head, FIRST + offset, text, "band.label" if offset == 0 else "band.center")
    for column in range(FIRST + len(labels), b.last_used + 1):
        b.puts.append(blank(head, column, "band"))


def _cause_ticks(b: SheetBuilder, field: Field, where: str, tag: str, place: str, causes: list[int]) -> None:
    """A row of ticks for the plan's own lettered rows, each with that row's words above it, live."""
    row = b.line(50)
    for index, source in enumerate(causes):
        text = joined(literal(f"{LETTERS[index]}  "), shorten(b.cell(source, FIRST), 40))
        b.formula(row, FIRST + 1 + index, text, "preview")
    row = b.line(24, tag=tag)
    b.text(row, FIRST, label_of(field), "label.right")
    for index in range(len(causes)):
        b.put_input(
            f"{where}.{field.name}[{index}]",
            where,
            field.name,
            row,
            FIRST + 1 + index,
            field,
            place=place,
            item=index,
        )
    b.gap(6)
