"""Companion sheets: a line for each row of another sheet, its name carried over, with what belongs to that row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlplan.form.expressions import (
    Expr,
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
from xlplan.form.live import answers_saying
from xlplan.form.markers import Kind, Meaning
from xlplan.form.spec import Field, Group
from xlplan.languages import say
from xlplan.layout.criteria import HEADS, steps_of, words_of
from xlplan.layout.heights import guide_lines, head_lines, height
from xlplan.layout.model import CellRef
from xlplan.layout.rows import FAULTY, blank, columns_of, label_of, row_inputs, row_unit
from xlplan.layout.sheet import CHECK, FIRST, NUMBER, SheetBuilder, live

NAME_LENGTH = 100  # characters of a carried name that show
WORD_WIDTH, NAME_WIDTH, SCORE_WIDTH = 18.0, 34.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A row that a companion line belongs to: its slot path, sheet, row and line on Live."""

    where: str
    sheet: SheetBuilder
    row: int
    live: int


def companion(b: SheetBuilder, group: Group, parent: Group, parents: list[Carried]) -> None:
    """The sheet of a companion: carried name, computed words where steps tell them, inputs, a score of questions."""
    carried = _carried(group, parent)
    heads = tuple(map(say, HEADS)) if steps_of(parent) else ()
    fields = columns_of(group.fields)
    first = FIRST + 1 + len(heads)
    score = _score_column(group, first)
    _head(b, carried.label, heads, fields, first, score)
    for number, row in enumerate(parents, 1):
        _line(b, group, row, number, parent, first, score)
    if heads:
        left, right = column_letters(FIRST + 1), column_letters(first - 1)
        b.checks.append(f"{left}{b.repeat[1] + 1}:{right}{b.row - 1}")


def companion_widths(group: Group, parent: Group) -> tuple[float, ...]:
    """The widths from column D on, where the sheet gives none."""
    inputs = [item.width or max(12.0, _longest_word(item.label) + 3.0) for item in group.fields]
    words = [WORD_WIDTH] * len(HEADS) if steps_of(parent) else []
    questions = sum(item.meaning is Meaning.QUESTION for item in group.fields)
    if questions:
        inputs.insert(questions, SCORE_WIDTH)
    return (NAME_WIDTH, *words, *inputs)


def _carried(group: Group, outer: Group) -> Field:
    """The field that names the row."""
    return next(item for item in outer.fields if item.name == group.companion)


def _longest_word(text: str) -> int:
    return max(len(word) for word in text.split())


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
        texts[score] = say("Score")
    most = max(head_lines(text, b.width(column) - 1) for column, text in texts.items())
    row = b.line(22 if most == 1 else 15 * most + 8)
    b.text(row, CHECK, say("Check"), "head")
    b.puts.append(blank(row, NUMBER, "head"))
    for column, text in texts.items():
        b.text(row, column, text, "head.in" if column < first else "head.center")
    b.freeze, b.repeat = f"A{b.row}", (1, row)
    guides = {
        _placed(offset, first, score): item.guide for offset, (item, _, _) in enumerate(fields) if item.guide
    }
    if guides:
        low = b.line(height(max(guide_lines(text, b.width(column)) for column, text in guides.items())))
        for column, text in guides.items():
            b.text(low, column, text, "guide.center")


def _line(
    b: SheetBuilder,
    group: Group,
    parent: Carried,
    number: int,
    outer: Group,
    first: int,
    score: int,
) -> None:
    carried, inner = _carried(group, outer), steps_of(outer)
    slots = [str(int(slot) + 1) for slot in re.findall(r"\[(\d+)\]", parent.where)]
    shown = ".".join(slots)
    row = b.line(29, tag=f"c{number}", number=shown, least=2)
    path = f"{parent.where}.{group.name}"
    b.rows[path] = CellRef(b.title, row, FIRST)
    name = parent.sheet.box(f"{parent.where}.{carried.name}")
    long = carried.kind is Kind.PROSE
    b.formula(row, FIRST, shorten(name, NAME_LENGTH) if long else joined(name, literal("")), "carried")
    begun = flag(live(parent.live, "begun"))
    if inner is not None:
        words_ = words_of(parent.sheet, parent.row, parent.live, outer, inner)
        for offset, words in enumerate(words_):
            said = or_else(when(compare(begun, ">", literal(0)), words, literal("")), say(FAULTY))
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
    return or_else(when(answered, answers_saying(questions, say("yes")), literal("")), "")
