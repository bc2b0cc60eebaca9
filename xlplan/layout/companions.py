"""Companion sheets: a line for each row of another sheet, its name carried over, with what belongs to that row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlplan.form.expressions import (
    Expr,
    both,
    column_letters,
    compare,
    filled,
    flag,
    joined,
    literal,
    or_else,
    shorten,
    total,
    when,
)
from xlplan.form.hints import FEWEST_STEPS, MOST_STEPS
from xlplan.form.live import (
    Stretch,
    answers_saying,
    any_outside,
    dates_shared,
    days_in,
    last_due_elsewhere,
    rows_dated,
    rows_filled,
    starts_before_previous_ends,
)
from xlplan.form.markers import Kind, Meaning
from xlplan.form.spec import Field, Group
from xlplan.layout.heights import head_lines
from xlplan.layout.looks import by_meaning
from xlplan.layout.model import CellRef
from xlplan.layout.rows import blank, columns_of, label_of, row_inputs, row_unit
from xlplan.layout.sheet import CHECK, FIRST, NUMBER, SheetBuilder, live

NAME_LENGTH = 100  # characters of a carried name that show
ERROR = "Look: an error in a cell"
WORD_HEADS = ("Complete", "Consistent", "Logical", "Prioritized")
WORD_WIDTH, NAME_WIDTH, SCORE_WIDTH = 18.0, 34.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A row that a companion line belongs to: its slot path, sheet, row, line on Live, and those of its steps."""

    where: str
    sheet: SheetBuilder
    row: int
    live: int


def companion(b: SheetBuilder, group: Group, parent: Group, parents: list[Carried]) -> None:
    """The sheet of a companion: carried name, computed words where steps tell them, inputs, a score of questions."""
    carried = next(item for item in parent.fields if item.name == group.companion)
    inner = _steps_of(parent)
    heads = WORD_HEADS if inner else ()
    fields = columns_of(group.fields)
    first = FIRST + 1 + len(heads)
    score = _score_column(group, first)
    _head(b, carried.label, heads, fields, first, score)
    for number, row in enumerate(parents, 1):
        _line(b, group, row, number, carried, inner, first, score)
    if inner:
        left, right = column_letters(FIRST + 1), column_letters(first - 1)
        b.checks.append(f"{left}{b.repeat[1] + 1}:{right}{b.row - 1}")


def companion_widths(group: Group, parent: Group) -> tuple[float, ...]:
    """The widths from column D on, where the sheet gives none."""
    inputs = [item.width or max(12.0, _longest_word(item.label) + 3.0) for item in group.fields]
    words = [WORD_WIDTH] * len(WORD_HEADS) if _steps_of(parent) else []
    questions = sum(item.meaning is Meaning.QUESTION for item in group.fields)
    if questions:
        inputs.insert(questions, SCORE_WIDTH)
    return (NAME_WIDTH, *words, *inputs)


def _longest_word(text: str) -> int:
    return max(len(word) for word in text.split())


def _steps_of(parent: Group) -> Group | None:
    """The dated steps inside a dated row, which words can be said about."""
    dated = {Meaning.START, Meaning.DUE}
    inner = next((item for item in parent.groups if item.slots is not None), None)
    if inner is None or not dated <= set(by_meaning(parent)):
        return None
    return inner if {*dated, Meaning.STEP} <= set(by_meaning(inner)) else None


def _score_column(group: Group, first: int) -> int:
    """The column of the score, behind the last of the questions; 0 where there are none."""
    asked = [offset for offset, item in enumerate(group.fields) if item.meaning is Meaning.QUESTION]
    return first + asked[-1] + 1 if asked else 0


def _placed(offset: int, first: int, score: int) -> int:
    """The column of an input: the score stands between."""
    return first + offset + (1 if score and first + offset >= score else 0)


def _head(
    b: SheetBuilder,
    label: str,
    heads: tuple[str, ...],
    fields: list[tuple[Field, int, str]],
    first: int,
    score: int,
) -> None:
    texts = {FIRST: label} | {FIRST + 1 + offset: text for offset, text in enumerate(heads)}
    texts |= {_placed(offset, first, score): label_of(item) for offset, (item, _, _) in enumerate(fields)}
    if score:
        texts[score] = "Score"
    most = max(head_lines(text, b.width(column) - 1) for column, text in texts.items())
    row = b.line(22 if most == 1 else 15 * most + 8)
    b.text(row, CHECK, "Check", "head")
    b.puts.append(blank(row, NUMBER, "head"))
    for column, text in texts.items():
        b.text(row, column, text, "head.in" if column < first else "head.center")
    b.freeze, b.repeat = f"A{b.row}", (1, row)


def _line(
    b: SheetBuilder,
    group: Group,
    parent: Carried,
    number: int,
    carried: Field,
    inner: Group | None,
    first: int,
    score: int,
) -> None:
    slots = [str(int(slot) + 1) for slot in re.findall(r"\[(\d+)\]", parent.where)]
    shown = ".".join(slots)
    row = b.line(31, tag=f"c{number}", number=shown, least=2)
    path = f"{parent.where}.{group.name}"
    b.rows[path] = CellRef(b.title, row, FIRST)
    name = parent.sheet.cell(parent.row, FIRST)
    long = carried.kind is Kind.PROSE
    b.formula(row, FIRST, shorten(name, NAME_LENGTH) if long else joined(name, literal("")), "carried")
    begun = flag(live(parent.live, "begun"))
    if inner is not None:
        for offset, words in enumerate(_words(parent, inner)):
            said = or_else(when(compare(begun, ">", literal(0)), words, literal("")), ERROR)
            b.formula(row, FIRST + 1 + offset, said, "words")
    fields = columns_of(group.fields)
    at = {item.name: [(row, _placed(offset, first, score))] for offset, (item, _, _) in enumerate(fields)}
    for offset, column in enumerate(fields):
        place = f"{group.label.lower()} {shown}"
        row_inputs(b, [column], path, row, _placed(offset, first, score), place, b.repeat[1])
    questions = [b.cell(*at[item.name][0]) for item in group.fields if item.meaning is Meaning.QUESTION]
    if questions:
        b.formula(row, score, _score(questions), "words.center")
    rules = [(_unanswered(questions), "Look: not scored")] if questions else []
    row_unit(b, group.fields, fields, row, f"{group.label.lower()} {shown}", path, live(parent.live, "begun"),
             rows=at, rules=lambda _: rules)  # fmt: skip


def _unanswered(questions: list[Expr]) -> Expr:
    """Whether one of the questions has no answer."""
    return compare(total([filled(cell) for cell in questions]), "<", literal(len(questions)))


def _score(questions: list[Expr]) -> Expr:
    """How many of the questions say yes, once all are answered."""
    answered = compare(total([filled(cell) for cell in questions]), "=", literal(len(questions)))
    return or_else(when(answered, answers_saying(questions, "yes"), literal("")), "")


def _words(parent: Carried, inner: Group) -> tuple[Expr, Expr, Expr, Expr]:
    """What the dates and counts of a row's steps say: complete, consistent, logical, prioritized."""
    b, top, count = parent.sheet, parent.row + 1, inner.slots or 0
    order = {item.name: FIRST + offset for offset, (item, _, _) in enumerate(columns_of(inner.fields))}
    fields = by_meaning(inner)
    own = {item.meaning: item for item in _own_fields(b, parent)}
    starts, dues, steps = (
        b.stretch(order[fields[key].name], top, top + count - 1)
        for key in (Meaning.START, Meaning.DUE, Meaning.STEP)
    )
    first, last = (b.cell(parent.row, own[key].column) for key in (Meaning.START, Meaning.DUE))
    return (
        _complete(rows_dated(starts, dues, steps), rows_filled(steps)),
        _consistent(starts, dues, first, last),
        _logical(b, starts, dues),
        _prioritized([parent.live + 1 + k for k in range(count)]),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    meaning: Meaning | None
    column: int


def _own_fields(b: SheetBuilder, parent: Carried) -> list[_Own]:
    return [_Own(item.field.meaning, item.column) for item in b.inputs if item.group == parent.where]


def _complete(dated: Expr, steps: Expr) -> Expr:
    """ "3 of 5 steps have both dates"."""
    said = joined(_in(dated), literal(" of "), _in(steps), literal(" steps have both dates"))
    fine = compare(_in(dated), "=", _in(steps))
    marked = when(fine, joined(literal("✓ "), said), joined(literal("Look: "), said))
    return when(compare(_in(steps), "=", literal(0)), literal("No steps yet"), marked)


def _consistent(starts: Stretch, dues: Stretch, first: Expr, last: Expr) -> Expr:
    """Whether the steps lie within the row's dates and the last one is due with it."""
    none = compare(days_in(dues), "=", literal(0))
    outside = when(
        any_outside(starts, dues, first, last),
        literal("Look: a step lies outside its dates"),
        literal("✓ Last step due with it"),
    )
    elsewhere = when(last_due_elsewhere(dues, last), literal("Look: last step due another day"), outside)
    return when(none, literal("No dates yet"), elsewhere)


def _logical(b: SheetBuilder, starts: Stretch, dues: Stretch) -> Expr:
    """Whether each step starts when the one above it is done, and not all on the same dates."""
    early = total(
        [
            _number(_early(b, starts.column, b.stretch(dues.column, dues.first, row - 1)))
            for row in range(starts.first + 1, starts.last + 1)
        ]
    )
    n = _in(early)
    many = joined(literal("Look: "), n, literal(" steps start before the one above is due"))
    one = literal("Look: 1 step starts before the one above is due")
    fine = when(
        compare(n, "=", literal(0)),
        literal("✓ One after the other"),
        when(compare(n, "=", literal(1)), one, many),
    )
    shared = when(dates_shared(starts, dues), literal("Look: steps share the same dates"), fine)
    none = compare(days_in(starts), "=", literal(0))
    return when(none, literal("No dates yet"), shared)


def _early(b: SheetBuilder, column: int, above: Stretch) -> Expr:
    return starts_before_previous_ends(b.cell(above.last + 1, column), above)


def _prioritized(lines: list[int]) -> Expr:
    """How many steps there are: 3-5 are asked for."""
    n = _in(total([flag(live(line, "begun")) for line in lines]))
    within = both(compare(n, ">=", literal(FEWEST_STEPS)), compare(n, "<", literal(MOST_STEPS + 1)))
    said = when(
        within,
        joined(literal("✓ "), n, literal(" steps")),
        joined(literal("Look: "), n, literal(f" of {FEWEST_STEPS}–{MOST_STEPS} steps")),
    )
    return when(compare(n, "=", literal(0)), literal("No steps yet"), said)


def _number(truth: Expr) -> Expr:
    return Expr(lambda here: f"({truth.excel(here)}+0)", lambda values: 1 if truth.twin(values) else 0)


def _in(number: Expr) -> Expr:
    """The number in parentheses."""
    return Expr(lambda here: f"({number.excel(here)})", number.twin)
