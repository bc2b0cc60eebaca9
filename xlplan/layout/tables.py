"""Tables, outlines, cards, and the lines of companions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from xlplan.form.expressions import (
    Expr,
    area_filled,
    column_sum,
    filled,
    flag,
    or_else,
    phrase,
    total,
)
from xlplan.form.markers import Meaning
from xlplan.form.rounds import ADDED, STATUS_ROUND
from xlplan.form.spec import Field, Group, begins
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.looks import Among, by_meaning, rules_of, step_rules
from xlplan.layout.model import CellRef
from xlplan.layout.months import strip, strip_head
from xlplan.layout.rows import (
    CENTRED,
    STAR,
    Slots,
    columns_at,
    columns_of,
    guides,
    header_row,
    heading,
    late,
    path_of,
    row_inputs,
    row_unit,
)
from xlplan.layout.sheet import (
    FIRST,
    LEAST,
    SheetBuilder,
    live,
)


def table(
    b: SheetBuilder,
    group: Group,
    path: str,
    asked: Expr,
    *,
    alone: bool = False,
    parent: str = "",
    unless: Expr | None = None,
) -> Slots:
    """A header and a row a slot. `alone` on its sheet, the header freezes; `parent` numbers inner rows ("1" → 1.2)."""
    b.tables += 1
    if not alone and not parent:
        heading(b, group.label + (STAR if group.minimum else ""), group.guide, check=False)
    columns = columns_of(group.fields)
    head = header_row(b, columns, banded=not parent)
    if alone:
        b.freeze, b.repeat = f"A{b.row}", (1, head)
    if not parent:
        guides(b, columns)
    _examples(b, columns, group.examples)
    slots = Slots(1 if unless else group.minimum, [], unless)
    b.rows[path] = CellRef(b.title, head, FIRST)
    prefix = group.tag.upper()[:1] if b.tables > 1 and not parent else ""
    first = b.row
    for k in range(group.slots or 0):
        number = (
            f"{parent}.{k + 1}" if parent and k < 9 else f"{parent}·{k + 1}" if parent else f"{prefix}{k + 1}"
        )
        tag = f"s{number}" if parent and b.key != group.tag else f"{group.tag}{k + 1}"
        names = (number, tag.replace("·", "."))
        among = _among(group, first, k)
        slots.rows.append(
            _table_row(b, group, columns, path, names, head, slots, among, asked, inner=bool(parent))
        )
    if not parent:
        footer(b, group, columns, first, slots)
    return slots


def _among(group: Group, first: int, k: int, around: Mapping[Meaning, Expr] | None = None) -> Among:
    at = columns_at(group.fields)
    return Among(first=first, k=k, count=group.slots or 0, columns=at, around=around or {})


def _table_row(
    b: SheetBuilder,
    group: Group,
    columns: list[tuple[Field, int, str]],
    path: str,
    names: tuple[str, str],
    head: int,
    slots: Slots,
    among: Among,
    asked: Expr,
    *,
    inner: bool,
) -> int:
    """One row of a table; `names`: its printed number and its tag; `inner`: it stands under another row."""
    least = max((field.least or LEAST.get(field.kind, 1.2) for field in group.fields), default=1.2)
    number, tag = names
    row = b.line(height(least), tag=tag, number=number, least=least)
    where, place = f"{path}[{among.k}]", f"{group.noun} {number}"
    b.rows[where] = CellRef(b.title, row, FIRST)
    set_in = "input.prose.inner" if among.around else "input.prose.row"
    row_inputs(b, columns, where, row, FIRST, place, head, prose=set_in)
    return row_unit(
        b, group.fields, columns, row, place, where, slots.asked(among.k, asked),
        one_of=group.one_of, rules=lambda cells: rules_of(b, path, group, cells, among),
        last=inner and among.k + 1 == among.count,
    ).live  # fmt: skip


def _examples(
    b: SheetBuilder, columns: list[tuple[Field, int, str]], examples: Sequence[Sequence[str]]
) -> None:
    """The original's example rows, locked, in their columns."""
    for example in examples:
        shown = {offset: text for offset, text in enumerate(example[: len(columns)]) if text}
        row = b.line(
            height(max(guide_lines(text, b.width(FIRST + offset)) for offset, text in shown.items()))
        )
        for offset, text in shown.items():
            centred = columns[offset][0].kind in CENTRED
            b.text(row, FIRST + offset, text, "guide.center" if centred else "guide.head")


def footer(
    b: SheetBuilder, group: Group, columns: list[tuple[Field, int, str]], first: int, slots: Slots
) -> None:
    """Under a table: the total of its money, and how many of its rows are used."""
    row = b.line(24)
    rows = list(slots.rows)
    used = phrase(
        "{n} of {m} rows used."
        if b.facts.round == STATUS_ROUND
        else "{n} of {m} rows used. More rows? Ask the district for a larger copy.",
        n=total([flag(live(number, "begun")) for number in rows]),
        m=str(len(rows)),
    )
    money = next((offset for offset, (field, _, _) in enumerate(columns) if field.name == group.total), None)
    if money is None:
        b.formula(row, FIRST, used, "guide")
    else:
        b.text(row, FIRST + money - 1, say("Total of the rows above"), "label.right")
        b.formula(row, FIRST + money, column_sum(b.title, FIRST + money, first, row - 1), "total.money")
        b.formula(row, FIRST + money + 1, used, "guide.in")
    b.gap()


def outline_head(b: SheetBuilder, group: Group) -> int:
    """The head of an outline, which freezes: the inner rows' columns, and the months that the plan spans."""
    columns = columns_of(fields_beside(group))
    head = header_row(b, columns, banded=True, first=group.label + (STAR if group.minimum else ""))
    strip_head(b, head, FIRST + len(columns))
    b.freeze, b.repeat = f"A{b.row}", (1, head)
    return head


def inner_of(group: Group) -> Group:
    """The rows inside a row."""
    return next(item for item in group.groups if item.slots is not None)


def fields_beside(group: Group) -> tuple[Field, ...]:
    """The fields of an outline's columns: its inner rows', and what a later round adds to the bold rows alone."""
    inner = inner_of(group).fields
    known = {field.name for field in inner}
    return (*inner, *(field for field in group.fields if field.name in ADDED and field.name not in known))


def outline(b: SheetBuilder, group: Group, path: str, asked: Expr, head: int) -> Slots:
    """Bold rows with their inner rows set in under them, in the same columns, and a month strip at the right."""
    inner = inner_of(group)
    order = columns_of(inner.fields)
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, head, FIRST)
    for k in range(group.slots or 0):
        b.blocks.append(b.row)
        slots.rows.append(_outlined(b, group, inner, order, path, k, slots.asked(k, asked), head))
        b.gap(8)
    footer(b, group, [], 0, slots)
    return slots


def _outlined(
    b: SheetBuilder,
    group: Group,
    inner: Group,
    order: list[tuple[Field, int, str]],
    path: str,
    k: int,
    wanted: Expr | None,
    head: int,
) -> int:
    """One bold row with its inner rows; returns its line on Live."""
    where = f"{path}[{k}]"
    row = b.line(30, tag=f"{group.tag}{k + 1}", number=str(k + 1), least=1.6)
    b.rows[where] = CellRef(b.title, row, FIRST)
    at = columns_at(fields_beside(group))
    columns = columns_of(group.fields)
    rows: dict[str, list[tuple[int, int]]] = {}
    for field, _, _ in columns:
        column = FIRST if field is group.fields[0] else at[field.name]
        rows[field.name] = [(row, column)]
        b.put_input(path_of(where, field.name), where, field.name, row, column, field,
                    place=f"{group.noun} {k + 1}",
                    style="input.prose.bold" if column == FIRST else "", header=(head, column))  # fmt: skip
    line = b.live.row
    dates = {key: b.cell(*rows[item.name][0]) for key, item in by_meaning(group).items()}
    among = _among(inner, row + 1, 0)
    lines = list(range(line + 1, line + 1 + (inner.slots or 0)))
    due = dates.get(Meaning.DUE)

    def rules(cells: Mapping[str, Sequence[Expr]]) -> list[tuple[Expr, str]]:
        own = rules_of(b, path, group, cells, Among(first=row, k=0, count=1, columns=at))
        return own + (step_rules(b, inner, due, among, lines) if due else [])

    begun = late(partial(begun_inside, b, where))
    row_unit(b, group.fields, columns, row, f"{group.noun} {k + 1}", where, wanted,
             begun=begun, rows=rows, one_of=group.one_of, rules=rules)  # fmt: skip
    strip(b, row, line, dates.get(Meaning.START), due, "month")
    inner_slots = Slots(inner.minimum, [])
    asked = live(line, "asked" if wanted else "begun")
    own = by_meaning(inner)
    for j in range(inner.slots or 0):
        names = (f"{k + 1}.{j + 1}", f"{group.tag}{k + 1}.{j + 1}")
        among = _among(inner, row + 1, j, dates)
        inner_slots.rows.append(
            _table_row(
                b, inner, order, f"{where}.{inner.name}", names, head, inner_slots, among, asked, inner=True
            )
        )
        start, end = (own[key].name if key in own else "" for key in (Meaning.START, Meaning.DUE))
        if start and end:
            strip(
                b,
                row + 1 + j,
                lines[j],
                b.cell(row + 1 + j, at[start]),
                b.cell(row + 1 + j, at[end]),
                "month.step",
            )
    b.rows[f"{where}.{inner.name}"] = CellRef(b.title, row + 1, FIRST)
    return line


def begun_inside(b: SheetBuilder, where: str, right: int = 0) -> Expr:
    """How many boxes of a row and of its inner rows are filled: over their whole area, less its locked texts.

    The area reaches from the locked row above them to the one below, up to column `right` or the last with a box.
    """
    if b.facts.round:
        return _begun_by_answers(b, where)
    inside = [item for item in b.inputs if item.path.startswith((f"{where}.", f"{where}["))]
    rows = [item.row for item in inside]
    corners = (min(rows) - 1, FIRST, max(rows) + 1, right or max(item.column for item in inside))
    taken = {(put.row, put.column) for put in b.puts if put.value is not None or put.formula is not None}
    texts = sum(corners[0] <= row <= corners[2] and FIRST <= column <= corners[3] for row, column in taken)
    return area_filled(b.title, corners, texts, tuple((b.title, item.row, item.column) for item in inside))


def _begun_by_answers(b: SheetBuilder, where: str) -> Expr:
    """The same where not all that is filled begins a row: its own answers, and the rows inside that are begun."""
    own = [item for item in b.inputs if item.group == where]
    beside = [item.field for item in own]
    cells = [filled(b.cell(item.row, item.column)) for item in own if begins(item.field, beside)]
    lines = [unit.live for unit in b.units if unit.group.startswith(f"{where}.")]
    return or_else(total([*cells, *(flag(live(line, "begun")) for line in lines)]), 1)
