"""What all blocks share: slots and what they are asked for, a row's inputs and its Check line, heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlplan.form.expressions import (
    Expr,
    both,
    commas,
    compare,
    either,
    filled,
    flag,
    is_text,
    listed,
    literal,
    locked,
    minus,
    needs,
    or_else,
    serial,
    total,
    when,
)
from xlplan.form.markers import Kind
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, Group, begins, bounds
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, head_lines, height
from xlplan.layout.model import Put, Unit
from xlplan.layout.sheet import (
    CHECK,
    FIRST,
    NUMBER,
    WIDTHS,
    SheetBuilder,
    live,
)

DONE, LAST = "✓ Done", "✓ Done, last row"
ERROR_HINT = "Look: error in cell"
FAULTY = "Look: an error in a cell"  # where there is room for it
DATES = (Kind.DATE, Kind.PAST_DATE)
CENTRED = (*DATES, Kind.YES_NO, Kind.TICK, Kind.CHOICE)
ERROR_NOUN = ", repair of error"
EMPTY_ROW = "Look: empty row"
STAR = "\u00a0\u00a0*"  # nonbreaking, so that no star stands alone on a line
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


Rules = Callable[[Mapping[str, Sequence[Expr]]], list[tuple[Expr, str]]] | None


@dataclass(slots=True)
class Slots:
    """The rows of one table while it is built: the Live row of each, complete once the sheets are.

    `unless`: where it is true, the table needs no row.
    """

    minimum: int
    rows: list[int]
    unless: Expr | None = None

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

        def wanted() -> Expr:
            needed = [] if self.unless is None else [compare(self.unless, "=", literal(0))]
            return both(compare(parent, ">", literal(0)), lacking(), *needed)

        return late(lambda: when(begun(), literal(1), when(wanted(), literal(1), literal(0))))


def late(make: Callable[[], Expr]) -> Expr:
    """An expression that is put together when it is first used, because it speaks of rows not placed yet."""
    found: list[Expr] = []

    def get() -> Expr:
        if not found:
            found.append(make())
        return found[0]

    return Expr(lambda here: get().excel(here), lambda values: get().twin(values))


def label_of(field: Field) -> str:
    """The label as printed, with the star of what must be filled in."""
    return f"{field.label}{STAR}" if field.required else field.label


def column_label(field: Field, index: int) -> str:
    """The label of one of a field's columns: several references are numbered, and one of them is enough."""
    if field.slots == 1:
        return label_of(field)
    return f"{field.label} {index + 1}" + (STAR if field.required and index == 0 else "")


def path_of(group: str, name: str) -> str:
    """A field's path in its row; the bare values of a plain list have the row's own path."""
    return f"{group}.{name}" if group and name else group or name


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


def hints(
    cells: list[tuple[Field, Expr]],
    b: SheetBuilder,
    rules: Sequence[tuple[Expr, str]] = (),
    *,
    final: bool = False,
) -> Expr:
    """ "✓ Done", or a hint on a complete row: a date that is no date or outside its bounds, or one of the rules.

    `final`: the row is the last that its table offers, which a table without a line under it says there.
    """
    done = literal(say(LAST if final else DONE))
    for test, words in reversed(rules):
        done = when(test, literal(say(words)), done)
    dated = [(field, cell) for field, cell in cells if field.kind in DATES and not field.locked]
    for kind, words in ((Kind.PAST_DATE, "Look: which date?"), (Kind.DATE, "Look: outside plan")):
        needed = [_outside(b, field, cell) for field, cell in dated if field.kind is kind and field.required]
        if needed:
            done = when(either(*needed), literal(say(words)), done)
        for field, cell in dated:
            if field.kind is kind and not field.required:
                done = when(both(filled(cell), _outside(b, field, cell)), literal(say(words)), done)
    texts = [is_text(cell) if field.required else both(filled(cell), is_text(cell)) for field, cell in dated]
    if texts:
        done = when(either(*texts), literal(say("Look: not a date")), done)
    return done


def _outside(b: SheetBuilder, field: Field, cell: Expr) -> Expr:
    """Whether a day lies outside its bounds."""
    first, last = (locked(say("Start"), *b.dates[key]) for key in ("plan_from", "plan_to"))
    if field.kind is Kind.PAST_DATE:
        first = literal(serial(bounds(field, b.facts.window)[0]))
    return either(compare(cell, "<", first), compare(cell, ">", last))


def columns_of(fields: tuple[Field, ...]) -> list[tuple[Field, int, str]]:
    """The columns of a row from D on, as (field, item, choice): a tick has one a choice, references one a slot."""
    made: list[tuple[Field, int, str]] = []
    for field in fields:
        if field.ticks:
            made += [(field, index, choice) for index, choice in enumerate(field.choices)]
        else:
            made += [(field, index, "") for index in range(field.slots)]
    return made


def columns_at(fields: tuple[Field, ...]) -> dict[str, int]:
    """The first column of each field of a row, from D on."""
    at: dict[str, int] = {}
    for offset, (field, _, _) in enumerate(columns_of(fields)):
        at.setdefault(field.name, FIRST + offset)
    return at


def widths_of(group: Group) -> tuple[float, ...]:
    """The widths of a table's columns from D on."""
    own = tuple(field.width or WIDTHS[field.kind] for field, _, _ in columns_of(group.fields))
    return (group.printed.widths if group.printed else ()) + own


def heading(b: SheetBuilder, text: str, guide: str, *, check: bool = True) -> None:
    """A section heading with its line, and the sentence that guides it. `check`: it is also the head of column B."""
    row = b.line(25)
    b.blocks.append(row)
    if check:
        b.text(row, CHECK, say("Check"), "check.head")
    else:
        b.puts.append(blank(row, CHECK, "h2.rule"))
    b.text(row, NUMBER, text, "h2")
    for column in range(FIRST, b.last_used + 1):
        b.puts.append(blank(row, column, "h2.rule"))
    if guide:
        row = b.line(18)
        b.text(row, FIRST, guide, "guide")


def blank(row: int, column: int, style: str) -> Put:
    return Put(row=row, column=column, style=style)


def row_inputs(
    b: SheetBuilder,
    columns: list[tuple[Field, int, str]],
    where: str,
    row: int,
    first: int,
    place: str,
    head: int,
    *,
    prose: str = "input.prose.row",
) -> None:
    """The input cells of one row, from column `first` on; `prose`: the style of its texts of many lines."""
    for offset, (field, index, choice) in enumerate(columns):
        base = path_of(where, field.name)
        path = (
            f"{base}[{escaped(choice)}]"
            if choice
            else f"{base}[{index}]"
            if field.many and field.refers_to
            else base
        )
        style = prose if field.kind is Kind.PROSE and row not in b.tops else ""
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
    rows: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    one_of: tuple[str, ...] = (),
    rules: Rules = None,
    last: bool = False,
) -> Unit:
    """The Check line of a row: what it still needs once begun, in the fields' nouns.

    `one_of`: fields of which one must be filled; `rules`: what else a complete row is asked to look at, by its cells.
    """
    cells: dict[str, list[Expr]] = {}
    for offset, (field, _, _) in enumerate(columns):
        own = cells.setdefault(field.name, [])
        own.append(b.cell(*rows[field.name][len(own)]) if rows else b.cell(row, first + offset))
    tests: list[tuple[Expr, str]] = []
    for field in fields:
        if field.required:
            own = [filled(cell) for cell in cells[field.name]]
            tests.append((own[0] if len(own) == 1 else flag_group(own), field.noun))
    if one_of:
        nouns_ = say(" or ").join(field.noun for field in fields if field.name in one_of)
        tests.append((flag_group([filled(cell) for name in one_of for cell in cells[name]]), nouns_))
    line = b.live.row
    has = literal(0)
    if tests:  # as many as the nouns that are not named; no noun has a comma
        named = minus(literal(len(tests)), commas(live(line, "nouns")))
        has = Expr(named.excel, total([test for test, _ in tests]).twin)
    if b.facts.round == STATUS_ROUND and any(field.locked and not field.shown for field in fields):
        return _held_unit(b, fields, cells, tests, row, place, where, has, begun=begun, rules=rules)
    optional = [
        filled(cell)
        for field in fields
        if not field.required and not field.shown
        for cell in cells[field.name]
    ]
    any_ = begun or or_else(total([live(line, "filled"), *optional]), 1)
    wanted = compare(live(line, "asked" if asked else "begun"), ">", literal(0))
    more = rules(cells) if rules else []
    done = hints([(field, cells[field.name][0]) for field in fields], b, more, final=last)
    optional_date = any(not field.required for field in fields if field.kind in DATES)
    done = or_else(done, say(ERROR_HINT)) if more or optional_date else done
    lacking = compare(live(line, "missing"), ">", literal(0))
    said = (
        when(lacking, needs(live(line, "nouns"), live(line, "missing"), most=len(tests)), done)
        if tests
        else done
    )
    todo = (
        when(compare(live(line, "begun"), ">", literal(0)), said, literal(say("○ To do"))) if asked else said
    )
    words = when(wanted, todo, literal(""))
    missing = when(wanted, minus(literal(len(tests)), live(line, "filled")), literal(0))
    nouns = or_else(listed(tests), say(ERROR_NOUN)) if tests else None
    return b.unit(
        row, place, where, begun=any_, asked=asked, filled=has, missing=missing, words=words, nouns=nouns
    )


def _held_unit(
    b: SheetBuilder,
    fields: tuple[Field, ...],
    cells: Mapping[str, Sequence[Expr]],
    tests: list[tuple[Expr, str]],
    row: int,
    place: str,
    where: str,
    has: Expr,
    *,
    begun: Expr | None,
    rules: Rules,
) -> Unit:
    """The Check line of a row some of which is locked: it is in use where that says something, and cannot be begun."""
    line = b.live.row
    held = [filled(cell) for field in fields if begins(field, fields) for cell in cells[field.name]]
    open_ = [filled(cell) for field in fields if not field.locked for cell in cells[field.name]]
    in_use = compare(live(line, "begun"), ">", literal(0))
    words: Expr = literal("")
    if open_:
        more = rules(cells) if rules else []
        done = or_else(hints([(field, cells[field.name][0]) for field in fields], b, more), say(ERROR_HINT))
        lacking = compare(live(line, "missing"), ">", literal(0))
        said = when(lacking, needs(live(line, "nouns"), live(line, "missing"), most=len(tests)), done)
        stray = or_else(
            when(compare(total(open_), ">", literal(0)), literal(say(EMPTY_ROW)), literal("")), ""
        )
        words = when(in_use, said if tests else done, stray)
    missing = when(in_use, minus(literal(len(tests)), live(line, "filled")), literal(0))
    nouns = or_else(listed(tests), say(ERROR_NOUN)) if tests else None
    any_ = begun or or_else(total(held), 1)
    return b.unit(
        row, place, where, begun=any_, asked=None, filled=when(in_use, has, literal(0)), missing=missing, words=words,
        nouns=nouns,
    )  # fmt: skip


def flag_group(parts: list[Expr]) -> Expr:
    """1 where any of the parts is."""
    whole = total(parts)
    return Expr(lambda here: f"(({whole.excel(here)})>0)", lambda values: 1 if whole.twin(values) else 0)


def header_row(
    b: SheetBuilder, columns: list[tuple[Field, int, str]], *, banded: bool, first: str = ""
) -> int:
    """The header of a table: labels with stars, tall enough for the longest. `first`: said over the first column."""
    labels = [field.word(choice) or column_label(field, index) for field, index, choice in columns]
    labels[0] = first or labels[0]
    most = max(head_lines(text, b.width(FIRST + offset) - 1) for offset, text in enumerate(labels))
    row = b.line(22 if most == 1 else 15 * most + 8)
    if banded:
        b.text(row, CHECK, say("Check"), "head")
        b.puts.append(blank(row, NUMBER, "head"))
    for offset, text in enumerate(labels):
        field = columns[offset][0]
        centred = field.kind in CENTRED
        right = field.kind is Kind.MONEY
        style = ("head" if banded else "label") + (".center" if centred else ".right" if right else ".in")
        b.text(row, FIRST + offset, text, style)
    if banded:
        for column in range(FIRST + len(labels), b.last_used + 1):
            b.puts.append(blank(row, column, "head"))
    else:
        said = next((field.guide for field, _, _ in columns if field.guide), "")
        if said and FIRST + len(labels) <= b.last_used:
            b.text(row, FIRST + len(labels), said, "guide.low")
    return row


def guides(b: SheetBuilder, columns: list[tuple[Field, int, str]]) -> None:
    """The guiding questions under the heads of their columns, where the fields have any."""
    texts = {
        offset: field.guide for offset, (field, index, _) in enumerate(columns) if field.guide and not index
    }
    if texts:
        row = b.line(
            height(max(guide_lines(text, b.width(FIRST + offset) - 1) for offset, text in texts.items()))
        )
        for offset, text in texts.items():
            b.text(row, FIRST + offset, text, "guide.head")
