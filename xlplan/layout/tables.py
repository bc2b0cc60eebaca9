"""Tables, outlines, cards, and the lines of companions."""

from __future__ import annotations

from functools import partial

from xlplan.form.expressions import (
    Expr,
    column_sum,
    counted,
    filled,
    flag,
    joined,
    literal,
    total,
)
from xlplan.form.markers import Kind
from xlplan.form.spec import Field, Group
from xlplan.layout.heights import head_lines, height, lines
from xlplan.layout.model import CellRef
from xlplan.layout.rows import (
    LETTERS,
    STAR,
    Slots,
    blank,
    columns_of,
    flag_group,
    header_row,
    heading,
    label_of,
    late,
    path_of,
    row_inputs,
    row_unit,
)
from xlplan.layout.sheet import (
    CHECK,
    FIRST,
    LEAST,
    NUMBER,
    SheetBuilder,
    live,
)

CARD_WIDTHS = (45.0, 45.0, 20.0, 18.0, 18.0)


def table(
    b: SheetBuilder, group: Group, path: str, asked: Expr, *, alone: bool = False, parent: str = ""
) -> Slots:
    """A header and a row a slot. `alone` on its sheet, the header freezes; `parent` numbers inner rows ("1" → 1.2)."""
    b.tables += 1
    if not alone and not parent:
        heading(b, group.label + (STAR if group.minimum else ""), group.guide, check=False)
    columns = columns_of(group.fields)
    head = header_row(b, columns, banded=not parent)
    if alone:
        b.freeze, b.repeat = f"A{b.row}", (1, head)
    _examples(b, group, len(columns))
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, head, FIRST)
    prefix = group.tag.upper()[:1] if b.tables > 1 and not parent else ""
    first = b.row
    for k in range(group.slots or 0):
        number = (
            f"{parent}.{k + 1}" if parent and k < 9 else f"{parent}·{k + 1}" if parent else f"{prefix}{k + 1}"
        )
        tag = f"s{number}" if parent and b.key != group.tag else f"{group.tag}{k + 1}"
        slots.rows.append(
            _table_row(
                b, group, columns, f"{path}[{k}]", number, tag.replace("·", "."), head, slots, k, asked
            )
        )
    if not parent:
        _footer(b, group, columns, first, slots)
    return slots


def _table_row(
    b: SheetBuilder,
    group: Group,
    columns: list[tuple[Field, int, str]],
    where: str,
    number: str,
    tag: str,
    head: int,
    slots: Slots,
    k: int,
    asked: Expr,
) -> int:
    least = max((field.least or LEAST.get(field.kind, 1.2) for field in group.fields), default=1.2)
    row = b.line(height(least), tag=tag, number=number, least=least)
    b.rows[where] = CellRef(b.title, row, FIRST)
    place = f"{group.noun} {number}"
    row_inputs(b, columns, where, row, FIRST, place, head)
    return row_unit(b, group.fields, columns, row, place, where, slots.asked(k, asked)).live


def _examples(b: SheetBuilder, group: Group, count: int) -> None:
    for example in group.examples:
        most = max(
            lines(text, b.width(FIRST + offset)) for offset, text in enumerate(example[:count]) if text
        )
        row = b.line(height(most))
        for offset, text in enumerate(example[:count]):
            if text:
                b.text(row, FIRST + offset, text, "guide.wrap")


def _footer(
    b: SheetBuilder, group: Group, columns: list[tuple[Field, int, str]], first: int, slots: Slots
) -> None:
    """Under a table: the total of its money, and how many of its rows are used."""
    row = b.line(24)
    rows = list(slots.rows)
    used = joined(
        total([flag(live(number, "begun")) for number in rows]),
        literal(f" of {len(rows)} rows used. More rows? Ask the district for a larger copy."),
    )
    money = next((offset for offset, (field, _, _) in enumerate(columns) if field.name == group.total), None)
    if money is None:
        b.formula(row, FIRST, used, "guide")
    else:
        b.text(row, FIRST + money - 1, "Total of the rows above", "label.right")
        b.formula(row, FIRST + money, column_sum(b.title, FIRST + money, first, row - 1), "total.money")
        b.formula(row, FIRST + money + 1, used, "guide.in")
    b.gap()


def outline(b: SheetBuilder, group: Group, path: str, asked: Expr) -> Slots:
    """Bold rows with their inner rows set in under them, in the same columns."""
    inner = next(item for item in group.groups if item.slots is not None)
    order = columns_of(inner.fields)
    head = header_row(b, order, banded=True)
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, head, FIRST)
    at = {field.name: FIRST + offset for offset, (field, _, _) in enumerate(order)}
    for k in range(group.slots or 0):
        where = f"{path}[{k}]"
        if k:
            b.blocks.append(b.row)
        row = b.line(30, tag=f"{group.tag}{k + 1}", number=str(k + 1), least=1.6)
        b.rows[where] = CellRef(b.title, row, FIRST)
        columns, rows = columns_of(group.fields), {}
        for field, _, _ in columns:
            column = FIRST if field is group.fields[0] else at[field.name]
            rows[field.name] = (row, column)
            b.put_input(path_of(where, field.name), where, field.name, row, column, field,
                        place=f"{group.noun} {k + 1}",
                        style="input.prose.bold" if column == FIRST else "", header=(head, column))  # fmt: skip
        line = b.live.row
        begun = late(partial(_begun_inside, b, where))
        wanted = slots.asked(k, asked)
        row_unit(
            b, group.fields, columns, row, f"{group.noun} {k + 1}", where, wanted, begun=begun, rows=rows
        )
        slots.rows.append(line)
        inner_slots = Slots(inner.minimum, [])
        for j in range(inner.slots or 0):
            inner_slots.rows.append(
                _table_row(
                    b,
                    inner,
                    order,
                    f"{where}.{inner.name}[{j}]",
                    f"{k + 1}.{j + 1}",
                    f"{group.tag}{k + 1}.{j + 1}",
                    head,
                    inner_slots,
                    j,
                    live(line, "asked" if wanted else "begun"),
                )
            )
        b.rows[f"{where}.{inner.name}"] = CellRef(b.title, row + 1, FIRST)
        b.gap(8)
    return slots


def _begun_inside(b: SheetBuilder, where: str) -> Expr:
    cells = [b.cell(item.row, item.column) for item in b.inputs if item.path.startswith(where + ".")]
    return counted(flag_group([filled(cell) for cell in cells]))


def cards(b: SheetBuilder, group: Group, path: str, asked: Expr) -> Slots:
    """Rows too wide for a line: prose in D and E, the rest in F to H, as many lines as it takes, labels above each."""
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    for k in range(group.slots or 0):
        where = f"{path}[{k}]"
        b.blocks.append(b.row)
        b.rows[where] = CellRef(b.title, b.row + 1, FIRST)
        rows: dict[str, tuple[int, int]] = {}
        first_row = b.row + 1
        for number, placed in enumerate(_card_lines(columns_of(group.fields))):
            suffix = "" if number == 0 else LETTERS[number].lower()
            labels = {
                column: label_of(field) + (f" {index + 1}" if field.slots > 1 else "")
                for column, (field, index, _) in placed.items()
            }
            most = max(head_lines(text, b.width(column)) for column, text in labels.items())
            head = b.line(22 if most == 1 else 15 * most + 6)
            row = b.line(
                height(2.6), tag=f"{group.tag}{k + 1}{suffix}", number=f"{k + 1}{suffix}", least=2.6, top=True
            )
            for column, (field, index, _) in placed.items():
                b.text(head, column, labels[column], "label.wrap")
                base = path_of(where, field.name)
                b.put_input(f"{base}[{index}]" if field.many else base, where, field.name, row, column, field,
                            place=f"{group.noun} {k + 1}", item=index if field.many else None,
                            header=(head, column))  # fmt: skip
                rows.setdefault(field.name, (row, column))
        single = tuple((field, 0, "") for field in group.fields)
        unit = row_unit(b, group.fields, list(single), first_row, f"{group.noun} {k + 1}", where, slots.asked(k, asked),
                        begun=late(partial(_begun_inside, b, where)), rows=rows)  # fmt: skip
        slots.rows.append(unit.live)
        b.gap(8)
    return slots


def _card_lines(columns: list[tuple[Field, int, str]]) -> list[dict[int, tuple[Field, int, str]]]:
    """The columns of a card, line by line: prose in the next free D or E, others in the next free F, G, H."""
    made: list[dict[int, tuple[Field, int, str]]] = []
    for column in columns:
        room = (FIRST, FIRST + 1) if column[0].kind is Kind.PROSE else (FIRST + 2, FIRST + 3, FIRST + 4)
        line = next((line for line in made if any(place not in line for place in room)), None)
        if line is None:
            line = {}
            made.append(line)
        line[next(place for place in room if place not in line)] = column
    return made


def companion(
    b: SheetBuilder, group: Group, parents: list[tuple[str, SheetBuilder, int, int]], label: str
) -> None:
    """A line for each row of another sheet, its name carried over; what is answered here belongs to that row."""
    columns = columns_of(group.fields)
    head = _companion_head(b, columns, label)
    b.freeze, b.repeat = f"A{b.row}", (1, head)
    for number, (where, source, row_, live_row) in enumerate(parents, 1):
        row = b.line(30, tag=f"c{number}", number=str(number), least=1.6)
        path = f"{where}.{group.name}"
        b.rows[path] = CellRef(b.title, row, FIRST)
        name = source.cell(row_, FIRST)
        b.formula(row, FIRST, joined(name, literal("")), "carried")
        row_inputs(b, columns, path, row, FIRST + 1, f"line {number}", head)
        row_unit(
            b, group.fields, columns, row, f"line {number}", path, live(live_row, "begun"), first=FIRST + 1
        )


def _companion_head(b: SheetBuilder, columns: list[tuple[Field, int, str]], label: str) -> int:
    row = b.line(52)
    b.text(row, CHECK, "Check", "head")
    b.puts.append(blank(row, NUMBER, "head"))
    b.text(row, FIRST, label, "head")
    for offset, (field, _, _) in enumerate(columns):
        b.text(row, FIRST + 1 + offset, label_of(field), "head.center")
    return row
