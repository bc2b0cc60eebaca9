"""Cards: rows too wide for a line, as several lines of labelled boxes."""

from __future__ import annotations

from functools import partial

from xlplan.form.expressions import Expr
from xlplan.form.markers import Kind
from xlplan.form.spec import Field, Group
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, head_lines, height
from xlplan.layout.looks import rules_of
from xlplan.layout.model import CellRef
from xlplan.layout.rows import (
    LETTERS,
    STAR,
    Slots,
    column_label,
    columns_of,
    heading,
    late,
    path_of,
    row_unit,
)
from xlplan.layout.sheet import CHECK, FIRST, SheetBuilder
from xlplan.layout.tables import begun_inside, footer

CARD_WIDTHS = (45.0, 45.0, 20.0, 18.0, 18.0)
WIDE, NARROW = (FIRST, FIRST + 1), (FIRST + 2, FIRST + 3, FIRST + 4)
CARD_LEAST = 2.2

Column = tuple[Field, int, str]
CardLine = dict[int, Column]


def cards(b: SheetBuilder, group: Group, path: str, asked: Expr, *, alone: bool = False) -> Slots:
    """A card a slot: prose in D and E, the rest in F to H, in printed order, labels above each line.

    The first card carries the guiding questions of its fields.
    """
    if not alone:
        heading(b, group.label + (STAR if group.minimum else ""), group.guide, check=False)
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    _examples(b, group)
    placed = card_lines(columns_of(group.fields))
    slots = Slots(group.minimum, [])
    for k in range(group.slots or 0):
        slots.rows.append(_card(b, group, path, k, placed, slots.asked(k, asked)))
        b.gap(8)
    footer(b, group, [], 0, slots)
    return slots


def card_lines(columns: list[Column]) -> list[CardLine]:
    """The columns of a card, line by line. The first field names the card and stands in D.

    Of what is left over at the end, a single short field goes to a free wide place instead of a line of its own.
    """
    made: list[CardLine] = []
    for number, column in enumerate(columns):
        room = WIDE if column[0].kind is Kind.PROSE or number == 0 else NARROW
        line = next((line for line in made if any(place not in line for place in room)), None)
        if line is None:
            line = {}
            made.append(line)
        line[next(place for place in room if place not in line)] = column
    last = made[-1]
    if len(made) > 1 and len(last) == 1 and min(last) in NARROW:
        free = next(((line, place) for line in made[:-1] for place in WIDE if place not in line), None)
        if free is not None:
            free[0][free[1]] = next(iter(made.pop().values()))
    return made


def _card(
    b: SheetBuilder, group: Group, path: str, k: int, placed: list[CardLine], asked: Expr | None
) -> int:
    """One card; returns its line on Live."""
    where, place = f"{path}[{k}]", f"{group.noun} {k + 1}"
    b.blocks.append(b.row)
    rows: dict[str, list[tuple[int, int]]] = {}
    first_row = 0
    for number, line in enumerate(placed):
        suffix = "" if number == 0 else LETTERS[number].lower()
        head = _labels(b, line, check=k == 0 and number == 0)
        if k == 0:
            _guides(b, line)
        row = b.line(
            height(CARD_LEAST), tag=f"{group.tag}{k + 1}{suffix}", number=f"{k + 1}{suffix}", least=CARD_LEAST,
            top=True,
        )  # fmt: skip
        first_row = first_row or row
        for column, (field, index, _) in sorted(line.items()):
            base = path_of(where, field.name)
            b.put_input(f"{base}[{index}]" if field.many else base, where, field.name, row, column, field,
                        place=place, item=index if field.many else None, header=(head, column))  # fmt: skip
            rows.setdefault(field.name, []).append((row, column))
    b.rows[where] = CellRef(b.title, first_row, FIRST)
    return row_unit(
        b, group.fields, columns_of(group.fields), first_row, place, where, asked,
        begun=late(partial(begun_inside, b, where)), rows=rows, one_of=group.one_of,
        rules=partial(rules_of, b, path, group),
    ).live  # fmt: skip


def _labels(b: SheetBuilder, line: CardLine, *, check: bool) -> int:
    """The line of labels; returns its row. `check`: it is also the head of column B."""
    labels = {column: column_label(field, index) for column, (field, index, _) in line.items()}
    most = max(head_lines(text, b.width(column)) for column, text in labels.items())
    row = b.line(22 if most == 1 else 15 * most + 6)
    if check:
        b.text(row, CHECK, say("Check"), "label")
    for column, text in sorted(labels.items()):
        b.text(row, column, text, "label.wrap")
    return row


def _guides(b: SheetBuilder, line: CardLine) -> None:
    texts = {column: field.guide for column, (field, index, _) in line.items() if field.guide and not index}
    if texts:
        row = b.line(height(max(guide_lines(text, b.width(column)) for column, text in texts.items())))
        for column, text in sorted(texts.items()):
            b.text(row, column, text, "guide.wrap")


def _examples(b: SheetBuilder, group: Group) -> None:
    """The original's examples, a line each: what it is, and how each further answer begins with its label."""
    fields = [field for field, _, _ in columns_of(group.fields)]
    widths = (b.width(FIRST), b.width(FIRST + 1)) if b.facts.round else CARD_WIDTHS[:2]
    for example in group.examples:
        more = [f"{field.label}: {text}" for field, text in zip(fields, example, strict=False) if text][1:]
        texts = (example[0], ". ".join(more))
        row = b.line(height(max(guide_lines(text, wide) for text, wide in zip(texts, widths, strict=True))))
        for offset, text in enumerate(texts):
            b.text(row, FIRST + offset, text, "guide.wrap")
