"""The blocks that sheets are made of: boxes under labels, lettered boxes, tables, bands with inner rows, cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from xlplan.form.expressions import (
    Expr,
    Key,
    area_filled,
    both,
    column_sum,
    commas,
    compare,
    counted,
    either,
    filled,
    flag,
    is_text,
    joined,
    listed,
    literal,
    locked,
    minus,
    needs,
    or_else,
    serial,
    shorten,
    total,
    when,
)
from xlplan.form.markers import Kind
from xlplan.form.spec import Field, Group, bounds
from xlplan.layout.heights import head_lines, height, lines
from xlplan.layout.model import CellRef, Put, Unit
from xlplan.layout.sheet import (
    CHECK,
    FIRST,
    LEAST,
    NUMBER,
    WIDTHS,
    SheetBuilder,
    live,
)

PROSE_LEAST, BLOCK_LEAST = 4.0, 2.6
CARD_WIDTHS = (45.0, 45.0, 20.0, 18.0, 18.0)
ERROR_HINT = "Look: a cell shows an error"
DATES = (Kind.DATE, Kind.PAST_DATE)
ERROR_NOUN = ", repair: a cell shows an error"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class Slots:
    """The rows of one table while it is built: the Live row of each, complete once the sheets are."""

    minimum: int
    rows: list[int]

    def asked(self, slot: int, parent: Expr) -> Expr | None:
        """1 where slot `slot` must be filled in: it is begun, or one of the first that the table still lacks.

        None for a slot that is asked for only once begun."""
        own = self.rows

        def begun() -> Expr:
            return flag(live(own[slot], "begun"))

        if slot >= self.minimum:
            return None

        def lacking() -> Expr:
            all_, before = (
                [flag(live(row, "begun")) for row in own],
                [flag(live(row, "begun")) for row in own[:slot]],
            )
            count = total([*all_, literal(slot)])
            count = minus(count, total(before)) if before else count
            return compare(count, "<", literal(self.minimum))

        return _late(
            lambda: when(
                begun(),
                literal(1),
                when(both(compare(parent, ">", literal(0)), lacking()), literal(1), literal(0)),
            )
        )


def _late(make: Callable[[], Expr]) -> Expr:
    """An expression that is put together when it is first used, because it speaks of rows not placed yet."""
    found: list[Expr] = []

    def get() -> Expr:
        if not found:
            found.append(make())
        return found[0]

    return Expr(lambda here: get().excel(here), lambda values: get().twin(values))


def label_of(field: Field) -> str:
    """The label as printed, with the star of what must be filled in."""
    return f"{field.label}  *" if field.required else field.label


def path_of(group: str, name: str) -> str:
    """A field's path in its row; the bare values of a plain list have the row's own path."""
    return f"{group}.{name}" if group and name else group or name


def field_boxes(b: SheetBuilder, group: Group, path: str, asked: Expr) -> None:
    """The fields of an object: prose in a box under its label, short answers beside theirs."""
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    for field in group.fields:
        if field.kind is Kind.PROSE:
            _prose_box(b, field, path, asked)
        else:
            _line_box(b, field, path, asked)


def _prose_box(b: SheetBuilder, field: Field, path: str, asked: Expr) -> None:
    row = b.line(22)
    b.text(row, FIRST, label_of(field), "label")
    header = (row, FIRST)
    if field.guide:
        row = b.line(18)
        b.text(row, FIRST, field.guide, "guide")
    least = field.least or PROSE_LEAST
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
    has = compare(live(line, "begun"), ">", literal(0))
    done = or_else(_hints([(field, cell)], b), ERROR_HINT)
    todo = (
        when(compare(live(line, "asked"), ">", literal(0)), literal("○ To do"), literal(""))
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


def one_answer(
    b: SheetBuilder,
    row: int,
    place: str,
    path: str,
    asked: Expr | None,
    has: Expr,
    words: Expr,
    *,
    counted: bool,
) -> int:
    """The Check line of a single box; returns its Live row. `counted`: it is asked for, and so counted."""
    line = b.live.row
    begun = live(line, "begun")
    lacking = (
        when(compare(live(line, "asked"), ">", literal(0)), minus(literal(1), begun), literal(0))
        if asked
        else literal(0)
    )
    b.unit(row, place, path, begun=has, asked=asked, filled=begun if counted else literal(0),
           missing=lacking if counted else literal(0), words=words)  # fmt: skip
    return line


def _hints(cells: list[tuple[Field, Expr]], b: SheetBuilder) -> Expr:
    """ "✓ Done", or a hint on a complete row: a date that is no date, or one outside its bounds."""
    done = literal("✓ Done")
    for field, cell in reversed(cells):
        if field.kind not in DATES:
            continue
        first, last = (locked("Start", *b.dates[key]) for key in ("plan_from", "plan_to"))
        if field.kind is Kind.PAST_DATE:
            first = literal(serial(bounds(field, b.facts.window)[0]))
        outside = either(compare(cell, "<", first), compare(cell, ">", last))
        where = "Look: date outside plan" if field.kind is Kind.DATE else "Look: which date?"
        dated = when(
            is_text(cell), literal(f"Look: {field.noun} is text"), when(outside, literal(where), done)
        )
        done = dated if field.required else when(filled(cell), dated, done)
    return done


def columns_of(fields: tuple[Field, ...]) -> list[tuple[Field, int, str]]:
    """The columns of a row from D on, as (field, item, choice): a tick has one a choice, references one a slot."""
    made: list[tuple[Field, int, str]] = []
    for field in fields:
        if field.ticks:
            made += [(field, index, choice) for index, choice in enumerate(field.choices)]
        else:
            made += [(field, index, "") for index in range(field.slots)]
    return made


def widths_of(group: Group) -> tuple[float, ...]:
    """The widths of a table's columns from D on."""
    return tuple(field.width or WIDTHS[field.kind] for field, _, _ in columns_of(group.fields))


def heading(b: SheetBuilder, text: str, guide: str, *, check: bool = True) -> None:
    """A section heading with its line, and the sentence that guides it. `check`: it is also the head of column B."""
    row = b.line(25)
    b.blocks.append(row)
    if check:
        b.text(row, CHECK, "Check", "check.head")
    else:
        b.puts.append(_blank(row, CHECK, "h2.rule"))
    b.text(row, NUMBER, text, "h2")
    for column in range(FIRST, b.last_used + 1):
        b.puts.append(_blank(row, column, "h2.rule"))
    if guide:
        row = b.line(18)
        b.text(row, FIRST, guide, "guide")


def _blank(row: int, column: int, style: str) -> Put:
    return Put(row=row, column=column, style=style)


def letters(b: SheetBuilder, group: Group, path: str, asked: Expr) -> Slots:
    """Lettered boxes, one a row; on a sheet's first block the letters say what people call them."""
    heading(b, group.label + ("  *" if group.minimum else ""), group.guide)
    field = group.fields[0]
    slots = Slots(group.minimum, [])
    b.rows[path] = CellRef(b.title, b.row, FIRST)
    for k in range(group.slots or 0):
        row = b.line(
            height(LEAST[Kind.PROSE] + 0.4),
            tag=f"{group.tag}{LETTERS[k].lower()}",
            number=LETTERS[k],
            least=2.0,
        )
        where = f"{path}[{k}]"
        b.rows[where] = CellRef(b.title, row, FIRST)
        place = f"{group.noun} {LETTERS[k]}"
        b.put_input(where, where, "", row, FIRST, field, place=place, style="input.prose.row")
        line = b.live.row
        wanted = slots.asked(k, asked)
        todo = (
            when(compare(live(line, "asked"), ">", literal(0)), literal("○ At least one"), literal(""))
            if wanted
            else literal("")
        )
        words = when(compare(live(line, "begun"), ">", literal(0)), literal("✓ Done"), todo)
        has = or_else(counted(filled(b.cell(row, FIRST))), 1)
        slots.rows.append(one_answer(b, row, place, where, wanted, has, words, counted=True))
    b.gap()
    return slots


def table(
    b: SheetBuilder, group: Group, path: str, asked: Expr, *, alone: bool = False, parent: str = ""
) -> Slots:
    """A header and a row a slot. `alone` on its sheet, the header freezes; `parent` numbers inner rows ("1" → 1.2)."""
    b.tables += 1
    if not alone and not parent:
        heading(b, group.label + ("  *" if group.minimum else ""), group.guide, check=False)
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


def row_inputs(
    b: SheetBuilder,
    columns: list[tuple[Field, int, str]],
    where: str,
    row: int,
    first: int,
    place: str,
    head: int,
) -> None:
    """The input cells of one row, from column `first` on."""
    for offset, (field, index, choice) in enumerate(columns):
        base = path_of(where, field.name)
        path = (
            f"{base}[{escaped(choice)}]"
            if choice
            else f"{base}[{index}]"
            if field.many and field.refers_to
            else base
        )
        style = "input.prose.row" if field.kind is Kind.PROSE and row not in b.tops else ""
        b.put_input(path, where, field.name, row, first + offset, field, place=place, choice=choice, style=style,
                    item=index if field.many and not choice else None, header=(head, first + offset))  # fmt: skip


def escaped(choice: str) -> str:
    """A choice's text within the brackets of a path."""
    return choice.replace("\\", "\\\\").replace("]", "\\]")


def row_unit(
    b: SheetBuilder,
    fields: tuple[Field, ...],
    columns: list[tuple[Field, int, str]],
    row: int,
    place: str,
    where: str,
    asked: Expr | None,
    *,
    begun: Expr | None = None,
    first: int = FIRST,
    rows: dict[str, tuple[int, int]] | None = None,
) -> Unit:
    """The Check line of a row: what it still needs once begun, in the fields' nouns."""
    cells: dict[str, list[Expr]] = {}
    for offset, (field, _, _) in enumerate(columns):
        at = (rows or {}).get(field.name, (row, first + offset))
        cells.setdefault(field.name, []).append(
            b.cell(*at) if not rows else b.cell(at[0], at[1] + len(cells.get(field.name, [])))
        )
    tests: list[tuple[Expr, str]] = []
    for field in fields:
        if field.required:
            own = [filled(cell) for cell in cells[field.name]]
            tests.append((own[0] if len(own) == 1 else flag_group(own), field.noun))
    line = b.live.row
    has = minus(literal(len(tests)), commas(live(line, "nouns"))) if tests else literal(0)
    optional = [filled(cell) for field in fields if not field.required for cell in cells[field.name]]
    any_ = begun or or_else(total([live(line, "filled"), *optional]), 1)
    wanted = compare(live(line, "asked" if asked else "begun"), ">", literal(0))
    done = _hints([(field, cells[field.name][0]) for field in fields], b)
    done = (
        or_else(done, ERROR_HINT)
        if any(not field.required for field in fields if field.kind in DATES)
        else done
    )
    lacking = compare(live(line, "missing"), ">", literal(0))
    said = (
        when(lacking, needs(live(line, "nouns"), live(line, "missing"), most=len(tests)), done)
        if tests
        else done
    )
    todo = when(compare(live(line, "begun"), ">", literal(0)), said, literal("○ To do")) if asked else said
    words = when(wanted, todo, literal(""))
    missing = when(wanted, minus(literal(len(tests)), live(line, "filled")), literal(0))
    nouns = or_else(listed(tests), ERROR_NOUN) if tests else None
    return b.unit(
        row, place, where, begun=any_, asked=asked, filled=has, missing=missing, words=words, nouns=nouns
    )


def flag_group(parts: list[Expr]) -> Expr:
    """1 where any of the parts is."""
    whole = total(parts)
    return Expr(lambda here: f"(({whole.excel(here)})>0)", lambda values: 1 if whole.twin(values) else 0)


def header_row(b: SheetBuilder, columns: list[tuple[Field, int, str]], *, banded: bool) -> int:
    """The header of a table: labels with stars, tall enough for the longest."""
    labels = [
        choice or label_of(field) + (f" {index + 1}" if field.slots > 1 else "")
        for field, index, choice in columns
    ]
    most = max(head_lines(text, b.width(FIRST + offset) - 1) for offset, text in enumerate(labels))
    row = b.line(22 if most == 1 else 15 * most + 8)
    if banded:
        b.text(row, CHECK, "Check", "head")
        b.puts.append(_blank(row, NUMBER, "head"))
    for offset, text in enumerate(labels):
        field = columns[offset][0]
        centred = field.kind in (*DATES, Kind.YES_NO, Kind.TICK, Kind.CHOICE)
        right = field.kind is Kind.MONEY
        style = ("head" if banded else "label") + (".center" if centred else ".right" if right else ".in")
        b.text(row, FIRST + offset, text, style)
    if banded:
        for column in range(FIRST + len(labels), b.last_used + 1):
            b.puts.append(_blank(row, column, "head"))
    else:
        said = next((field.guide for field, _, _ in columns if field.guide), "")
        if said and FIRST + len(labels) <= b.last_used:
            b.text(row, FIRST + len(labels), said, "guide.low")
    return row


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


def bands(b: SheetBuilder, group: Group, path: str, asked: Expr, causes: list[int]) -> Slots:
    """A band a slot: its own box and ticks, ticks for the plan's own rows, then its inner rows in the same columns."""
    b.breaks.append(b.row - 1)
    heading(b, group.label + ("  *" if group.minimum else ""), group.guide)
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
    begun = _late(lambda: area_filled(b.title, *_area(b, row, where)))
    row_unit(b, own, columns, row, place, where, asked, begun=begun)
    for inner in group.groups:
        table(b, inner, f"{where}.{inner.name}", live(line, "asked" if asked else "begun"), parent=str(k + 1))
    b.gap(14)
    return line


def _area(b: SheetBuilder, row: int, where: str) -> tuple[tuple[int, int, int, int], int, tuple[Key, ...]]:
    """The band's area from its locked head to the gap under it, its locked texts counted, and its inputs."""
    inside = [item for item in b.inputs if item.path.startswith(where + ".")]
    bottom = max(item.row for item in inside) + 1
    corners = (row - 1, FIRST, bottom, b.last_used)
    cells = {(put.row, put.column) for put in b.puts if put.value is not None or put.formula is not None}
    texts = sum(1 for r, c in cells if corners[0] <= r <= bottom and FIRST <= c <= b.last_used)
    return corners, texts, tuple((b.title, item.row, item.column) for item in inside)


def _band_head(b: SheetBuilder, group: Group, k: int, columns: list[tuple[Field, int, str]]) -> None:
    row = b.line(24)
    for column in range(NUMBER, b.last_used + 1):
        b.puts.append(_blank(row, column, "band"))
    b.text(row, NUMBER, f"{group.noun.capitalize()} {k + 1}", "band.title")
    ticks = next(((field, offset) for offset, (field, _, choice) in enumerate(columns) if choice), None)
    if ticks:
        b.text(row, FIRST + ticks[1], label_of(ticks[0]), "band.text")
    labels = [choice or label_of(field) for field, _, choice in columns]
    most = max(head_lines(text, b.width(FIRST + offset)) for offset, text in enumerate(labels))
    head = b.line(max(22, 15 * most + 6))
    b.puts.append(_blank(head, NUMBER, "band"))
    for offset, text in enumerate(labels):
        b.text(head, FIRST + offset, text, "band.label" if offset == 0 else "band.center")
    for column in range(FIRST + len(labels), b.last_used + 1):
        b.puts.append(_blank(head, column, "band"))


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
        begun = _late(partial(_begun_inside, b, where))
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
                        begun=_late(partial(_begun_inside, b, where)), rows=rows)  # fmt: skip
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
    b.puts.append(_blank(row, NUMBER, "head"))
    b.text(row, FIRST, label, "head")
    for offset, (field, _, _) in enumerate(columns):
        b.text(row, FIRST + 1 + offset, label_of(field), "head.center")
    return row
