"""Boxes under their labels, and lettered boxes."""

from __future__ import annotations

from xlplan.form.expressions import (
    Expr,
    compare,
    counted,
    filled,
    literal,
    or_else,
    when,
)
from xlplan.form.markers import Kind
from xlplan.form.spec import Field, Group
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.model import CellRef
from xlplan.layout.rows import (
    DONE,
    ERROR_HINT,
    LAST,
    LETTERS,
    STAR,
    Slots,
    heading,
    hints,
    label_of,
    one_answer,
    path_of,
    row_unit,
)
from xlplan.layout.sheet import (
    FIRST,
    LEAST,
    SheetBuilder,
    live,
)

PROSE_LEAST, SIDE_LEAST = 4.0, 6.0
NARROW = 45.0  # characters: below that prose wants more lines
SIDE = 18.0  # characters: the least for a text that stands beside others


def field_boxes(b: SheetBuilder, group: Group, path: str, asked: Expr) -> None:
    """The fields of an object: prose in a box under its label, short answers beside theirs.

    On sheets with a narrow column D, optional prose that follows one another stands side by side.
    """
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    beside: list[Field] = []
    for field in group.fields:
        if _goes_beside(b, field, len(beside)):
            beside.append(field)
            continue
        _side_by_side(b, beside, path)
        beside = []
        if field.kind is Kind.PROSE:
            _prose_box(b, field, path, asked)
        else:
            _line_box(b, field, path, asked)
    _side_by_side(b, beside, path)


def _goes_beside(b: SheetBuilder, field: Field, offset: int) -> bool:
    """Whether a box stands beside those before it, of which there are so many."""
    if field.kind is not Kind.PROSE or field.required or b.width(FIRST) >= NARROW:
        return False
    # in later rounds texts that were required may be locked, and columns are narrower
    return not b.facts.round or (FIRST + offset <= b.last_used and b.width(FIRST + offset) >= SIDE)


def _side_by_side(b: SheetBuilder, fields: list[Field], path: str) -> None:
    """Optional boxes in D, E and so on, with one Check."""
    if not fields:
        return
    head = b.line(22)
    for offset, field in enumerate(fields):
        b.text(head, FIRST + offset, label_of(field), "label")
    said = max(guide_lines(field.guide, b.width(FIRST + offset)) for offset, field in enumerate(fields))
    row = b.line(height(said))
    for offset, field in enumerate(fields):
        b.text(row, FIRST + offset, field.guide, "guide.wrap")
    least = max((field.least or SIDE_LEAST) if field.locked else SIDE_LEAST for field in fields)
    row = b.line(height(least), tag=fields[0].tag, least=least, top=True)
    for offset, field in enumerate(fields):
        b.put_input(
            path_of(path, field.name), path, field.name, row, FIRST + offset, field, place=field.label,
            header=(head, FIRST + offset),
        )  # fmt: skip
    columns = [(field, 0, "") for field in fields]
    row_unit(b, tuple(fields), columns, row, fields[0].label, path, None)
    b.gap(8)


def _prose_box(b: SheetBuilder, field: Field, path: str, asked: Expr) -> None:
    row = b.line(22)
    b.text(row, FIRST, label_of(field), "label")
    header = (row, FIRST)
    if field.guide:
        row = b.line(18)
        b.text(row, FIRST, field.guide, "guide")
    least = field.least or (PROSE_LEAST if b.width(FIRST) >= NARROW else SIDE_LEAST)
    row = b.line(height(least), tag=field.tag, least=least, top=True)
    _boxed(b, field, path, row, FIRST, header, asked)
    b.gap(8)


def _line_box(b: SheetBuilder, field: Field, path: str, asked: Expr) -> None:
    row = b.line(24, tag=field.tag)
    b.text(row, FIRST, label_of(field), "label.right")
    _boxed(b, field, path, row, FIRST + 1, (row, FIRST), asked)
    if field.guide:
        b.text(row, FIRST + 2, field.guide, "guide.in")


def _boxed(
    b: SheetBuilder, field: Field, path: str, row: int, column: int, header: tuple[int, int], asked: Expr
) -> None:
    """One input with a Check line of its own."""
    b.put_input(
        path_of(path, field.name), path, field.name, row, column, field, place=field.label, header=header
    )
    cell, line = b.cell(row, column), b.live.row
    if field.locked:
        answered = literal(0) if field.shown else or_else(counted(filled(cell)), 1)
        one_answer(b, row, field.label, path, None, answered, literal(""), counted=False)
        return
    has = compare(live(line, "begun"), ">", literal(0))
    done = or_else(hints([(field, cell)], b), say(ERROR_HINT))
    todo = (
        when(compare(live(line, "asked"), ">", literal(0)), literal(say("○ To do")), literal(""))
        if field.required
        else literal("")
    )
    one_answer(
        b,
        row,
        field.label,
        path,
        asked,
        or_else(counted(filled(cell)), 1),
        when(has, done, todo),
        counted=field.required,
    )


def letters(b: SheetBuilder, group: Group, path: str, asked: Expr) -> Slots:
    """Lettered boxes, one a row; on a sheet's first block the letters say what people call them."""
    heading(b, group.label + (STAR if group.minimum else ""), group.guide)
    field = group.fields[0]
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    for k in range(group.slots or 0):
        row = b.line(
            height(field.least if field.locked and field.least else LEAST[Kind.PROSE] + 0.4),
            tag=f"{group.tag}{LETTERS[k].lower()}",
            number=LETTERS[k],
            least=field.least if field.locked and field.least else 2.0,
        )
        where = f"{path}[{k}]"
        b.rows[where] = CellRef(b.title, row, FIRST)
        place = f"{group.noun} {LETTERS[k]}"
        b.put_input(where, where, "", row, FIRST, field, place=place, style="input.prose.row")
        line = b.live.row
        wanted = slots.asked(k, asked)
        todo = (
            when(compare(live(line, "asked"), ">", literal(0)), literal(say("○ At least one")), literal(""))
            if wanted
            else literal("")
        )
        done = literal(say(LAST if k + 1 == group.slots else DONE))
        words = (
            when(compare(live(line, "begun"), ">", literal(0)), done, todo)
            if not field.locked
            else literal("")
        )
        has = or_else(counted(filled(b.cell(row, FIRST))), 1)
        slots.rows.append(one_answer(b, row, place, where, wanted, has, words, counted=not field.locked))
    b.gap()
    return slots
