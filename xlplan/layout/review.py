"""The read-only sheet Review: a line a check and slot of a repeated sheet, in words, by formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlplan.form.expressions import (
    Expr,
    column_letters,
    compare,
    counted,
    filled,
    grouped,
    literal,
    or_else,
    phrase,
    shorten,
    total,
    when,
)  # fmt: skip
from xlplan.form.live import (
    Stretch,
    day_in_words,
    days_in,
    due_out_of_order,
    latest,
    rows_filled,
    rows_grouped,
    rows_saying,
    rows_with,
)
from xlplan.form.markers import Kind, Meaning
from xlplan.form.plan import SheetOf
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.form.text import plural, with_article
from xlplan.languages import say
from xlplan.layout.looks import by_meaning
from xlplan.layout.model import SheetPlan
from xlplan.layout.rows import FAULTY, blank, columns_at
from xlplan.layout.sheet import CHECK, FIRST, NUMBER, LiveLines, SheetBuilder, live

WIDTHS = (52.0, 92.0)
NOT_USED = "Not used, and that is fine"


class Reviewed(NamedTuple):
    """One slot of the reviewed sheets: its builder, its slot path and its line on Live."""

    sheet: SheetBuilder
    path: str
    live: int


def review_sheet(
    sheet: SheetOf, group: Group, reviewed: list[Reviewed], facts: FormFacts, live_lines: LiveLines
) -> SheetPlan:
    """The sheet that reviews these slots of a group."""
    b = SheetBuilder(
        sheet, key=sheet.key, title=sheet.title, path="", widths=sheet.columns or WIDTHS, facts=facts,
        live_lines=live_lines, check=2.0,
    )  # fmt: skip
    b.head(required=False)
    row = b.line(22)
    for column in range(CHECK, b.last_used + 1):
        b.puts.append(blank(row, column, "head"))
    b.text(row, FIRST, say("Checklist"), "head.in")
    b.text(row, FIRST + 1, say("What your plan says now"), "head.in")
    b.freeze, b.repeat = f"A{b.row}", (1, row)
    for number, slot in enumerate(reviewed, 1):
        _block(b, group, slot, number)
    return b.end(tab="2F7A78")


def _block(b: SheetBuilder, group: Group, slot: Reviewed, number: int) -> None:
    row = b.line(25)
    b.blocks.append(row)
    b.text(row, NUMBER, f"{group.noun.capitalize()} {number}", "h2")
    for column in range(FIRST, b.last_used + 1):
        b.puts.append(blank(row, column, "h2.rule"))
    begun = compare(live(slot.live, "begun"), ">", literal(0))
    title = slot.sheet.box(f"{slot.path}.{group.fields[0].name}")
    preview = when(begun, or_else(shorten(title, 90), say(FAULTY)), literal(say(NOT_USED)))
    b.formula(row, FIRST + 1, preview, "h2.text")
    top = b.row
    for label, words in _lines(group, slot):
        row = b.line(19)
        b.text(row, FIRST, label, "soft")
        b.formula(row, FIRST + 1, when(begun, or_else(words, say(FAULTY)), literal("")), "soft.words")
    letters = column_letters(FIRST + 1)
    b.checks.append(f"{letters}{top}:{letters}{row}")
    b.gap(8)


def _lines(group: Group, slot: Reviewed) -> Iterator[tuple[str, Expr]]:
    """Each line's label and words: the row's own required answers, then what its steps say."""
    for item in group.fields:
        if item.required:
            has = filled(slot.sheet.box(f"{slot.path}.{item.name}"))
            yield (
                say("{label} stated", label=item.label),
                when(has, literal(say("✓ Yes")), literal(say("○ Not yet"))),
            )
    inner = next((item for item in group.groups if item.slots is not None and not item.plain), None)
    if inner is not None:
        yield from _steps(inner, slot)


def _steps(inner: Group, slot: Reviewed) -> Iterator[tuple[str, Expr]]:
    b, at = slot.sheet, columns_at(inner.fields)
    rows = [b.rows[f"{slot.path}.{inner.name}[{k}]"].row for k in range(inner.slots or 0)]

    def cells(item: Field) -> Stretch:
        return b.stretch(at[item.name], rows[0], rows[-1])

    first, fields = inner.fields[0], by_meaning(inner)
    steps, noun = cells(first), inner.noun
    n = rows_filled(steps)
    for item in inner.fields[1:]:
        if item.required:
            what = with_article(say("owner") if item.meaning is Meaning.OWNER else item.noun)
            one, many = say("has {what}", what=what), say("have {what}", what=what)
            share = _share(rows_with(steps, cells(item)), n, noun, one, many)
            yield say("Every {noun} has {what}", noun=noun, what=what), share
    if Meaning.OWNER in fields:
        groups = rows_grouped(steps, cells(fields[Meaning.OWNER]))
        yield (
            say("Owners are one person each"),
            _few(groups, n, noun, say("names a group"), say("name a group")),
        )
    if Meaning.DUE in fields:
        due = cells(fields[Meaning.DUE])
        early = total(
            [
                counted(due_out_of_order(b.cell(row, due.column), b.stretch(due.column, rows[0], row - 1)))
                for row in rows[1:]
            ]
        )
        yield (
            say("Deadlines in order of completion"),
            _few(early, n, noun, say("is due before one above it"), say("are due before one above them")),
        )
    for item in inner.fields:
        if item.kind is Kind.YES_NO and item.meaning is not Meaning.DONE:
            yes = rows_saying(steps, cells(item), say("yes"))
            label = item.label.rstrip("?").lstrip("¿")
            yield label, _share(yes, n, noun, say("says yes"), say("say yes"), "Look: ")
    if Meaning.DUE in fields:
        due = cells(fields[Meaning.DUE])
        none, last = compare(days_in(due), "=", literal(0)), latest(due)
        yield (
            say("Fully operational by (the last deadline)"),
            when(none, literal(say("No deadline yet")), day_in_words(last)),
        )


def _share(part: Expr, whole: Expr, noun: str, one: str, many: str, short: str = "Needs more: ") -> Expr:
    """ "3 of 5 steps have an owner"; `short`: how it begins where it is not all of them."""
    p, w = grouped(part), grouped(whole)
    said = when(compare(w, "=", literal(1)), literal(f" {noun} {one}"), literal(f" {plural(noun)} {many}"))
    marked = when(compare(p, "=", w), literal("✓ "), literal(say(short)))
    told = phrase("{mark}{n} of {m}{said}", mark=grouped(marked), n=p, m=w, said=grouped(said))
    return when(compare(w, "=", literal(0)), literal(say("No {nouns} yet", nouns=plural(noun))), told)


def _few(part: Expr, whole: Expr, noun: str, one: str, many: str) -> Expr:
    """ "2 steps are due before one above them"; none is good."""
    n = grouped(part)
    said = phrase("Look: {n} {nouns} {many}", n=n, nouns=plural(noun), many=many)
    told = when(compare(n, "=", literal(1)), literal(say("Look: 1 {noun} {one}", noun=noun, one=one)), said)
    fine = when(compare(n, "=", literal(0)), literal(say("✓ Yes")), told)
    return when(
        compare(grouped(whole), "=", literal(0)), literal(say("No {nouns} yet", nouns=plural(noun))), fine
    )
