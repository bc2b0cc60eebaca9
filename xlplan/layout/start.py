"""The Start sheet: for whom, until when, how to fill in, progress by sheet, and what identifies the copy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlplan.form.expressions import (
    Expr,
    column_sum,
    compare,
    first_where,
    grouped,
    joined,
    literal,
    per_cent,
    phrase,
    quote_sheet,
    starting_with,
    total,
    when,
)
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import FormSpec
from xlplan.languages import say
from xlplan.layout.midyear import round_line
from xlplan.layout.model import Line, Put, SheetPlan
from xlplan.layout.sheet import CHECK, LIVE, PERSONAL, TAG_WIDTH, address

WIDTHS = (TAG_WIDTH, 22.0, 58.0, 20.0, 48.0, 1.0)
FIRST_PROGRESS_ROW = 14
START = "Start"
_SEED = re.compile(r" \(seed \d+\)")  # our own number of an original, which means nothing to a school


def person(name: str) -> str:
    """A place for a text that differs from copy to copy."""
    return PERSONAL.format(name)


def date_cells(sheets: int) -> dict[str, tuple[int, int]]:
    """Where Start shows the plan's first and last day, as (row, column), for so many input sheets."""
    first = FIRST_PROGRESS_ROW + sheets + 7
    return {"plan_from": (first, 3), "plan_to": (first + 1, 3)}


def title_of(spec: FormSpec) -> str:
    """The plan's title with its year."""
    years = re.sub(r"(?<=\d)-(?=\d)", "–", spec.facts.year)
    return f"{spec.facts.title or spec.form.title} {years}".strip()


_BEGUN = "In every row you begin. Rows you do not use stay empty."
_IN_USE = "In every row that is in use. Empty rows stay empty."


class _Start:
    def __init__(self) -> None:
        self.puts: list[Put] = []
        self.lines: list[Line] = []

    def row(self, height: float, *texts: tuple[int, object, str], tag: str = "") -> int:
        row = len(self.lines) + 1
        self.lines.append(Line(row=row, height=height, tag=tag))
        if tag:
            self.puts.append(Put(row=row, column=1, value=tag, style="tag"))
        for column, value, style in texts:
            if isinstance(value, Expr):
                self.puts.append(Put(row=row, column=column, formula=value, style=style))
            else:
                self.puts.append(Put(row=row, column=column, value=value, style=style))  # type: ignore[arg-type]  # a text, number or day
        return row


def start_sheet(
    spec: FormSpec,
    sheets: Sequence[SheetPlan],
    asks: Sequence[str],
    live: Sequence[tuple[int, int]],
    guides: Sequence[tuple[str, str]] = (),
    reviews: Sequence[tuple[str, str]] = (),
) -> SheetPlan:
    """The sheet, given the input sheets, what each asks, and the first and last row of each on Live.

    `guides`, `reviews`: title and what it tells of each sheet to read before and after.
    """
    s = _Start()
    s.row(34, (1, title_of(spec), "title"), *((column, None, "title.rule") for column in range(2, 6)))
    part = f"  {spec.part.place}." if spec.part else ""
    s.row(23, (1, say("For {school}.", school=person("for")) + part, "purpose"))
    s.row(
        27,
        (2, person("return_line"), "deadline"),
        (5, say("Opened from e-mail? Choose Enable Editing first."), "guide.right"),
        tag="start",
    )
    said = round_line(spec.facts)
    s.row(22 if said else 8, *([(2, said, "text")] if said else []))
    _how_to(s, spec)
    s.row(10)
    s.row(25, (2, say("Your progress"), "h2"), *((column, None, "h2.rule") for column in range(3, 6)))
    s.row(
        22,
        (2, say("Sheet"), "head"),
        (3, say("What it asks"), "head"),
        (4, say("Required answers in"), "head.center"),
        (5, say("State"), "head.in"),
    )
    for title, tells in guides:
        _to_read(s, title, tells)
    for sheet, ask, (first, last) in zip(sheets, asks, live, strict=True):
        if spec.facts.round == STATUS_ROUND and all(item.locked for item in sheet.inputs):
            _to_read(s, sheet.title, ask)
            continue
        missing, filled = column_sum(LIVE, 5, first, last), column_sum(LIVE, 4, first, last)
        row = s.row(
            20,
            (3, ask, "soft"),
            (4, _share(filled, missing), "soft.center"),
            (5, _state(sheet, first, last), "soft.state"),
        )
        s.puts.append(
            Put(row=row, column=2, value=sheet.title, style="soft.link", link=f"'{sheet.title}'!A1")
        )
    for title, tells in reviews:
        _to_read(s, title, tells)
    filled = column_sum(LIVE, 4, live[0][0], live[-1][1])
    missing = column_sum(LIVE, 5, live[0][0], live[-1][1])
    done = phrase("{n}% of what is needed so far is filled in", n=per_cent(filled, total([filled, missing])))
    s.row(
        22,
        (2, say("All sheets"), "total.label"),
        (3, None, "total.label"),
        (4, _share(filled, missing), "total.center"),
        (5, done, "total.text"),
    )
    s.row(14)
    _about(s, spec)
    return SheetPlan(
        key="start", title=say(START), path="", widths=WIDTHS, lines=tuple(s.lines), puts=tuple(s.puts), inputs=(),
        tab="5F6C77", one_page=True, texts={(put.row, put.column): str(put.value) for put in s.puts if put.value},
    )  # fmt: skip


def _to_read(s: _Start, title: str, tells: str) -> None:
    """A progress row of a sheet that asks for nothing."""
    row = s.row(20, (3, tells, "soft"), (4, say("to read"), "soft.center"), (5, None, "soft.state"))
    s.puts.append(Put(row=row, column=2, value=title, style="soft.link", link=f"'{title}'!A1"))


def _how_to(s: _Start, spec: FormSpec) -> None:
    s.row(25, (2, say("How to fill it in"), "h2"), *((column, None, "h2.rule") for column in range(3, 6)))
    s.row(
        22,
        (2, say("1  Type in white boxes"), "label.beside"),
        (3, say("Everything else is fixed. Tab takes you to the next box."), "text"),
        (4, "", "sample"),
        (5, say("a white box is yours"), "guide.in"),
    )
    s.row(
        22,
        (2, say("2  Fill in what has a *"), "label.beside"),
        (3, say(_IN_USE if spec.facts.round == STATUS_ROUND else _BEGUN), "text"),
        (4, "*", "center"),
        (5, say("required"), "guide.in"),
    )
    s.row(
        22,
        (2, say("3  Follow the Check"), "label.beside"),
        (3, say("At the left of each row, in words: what is done, what is missing."), "text"),
        (4, say("✓ Done"), "check.center"),
        (5, say("or  ○ To do,  or  Needs date, name"), "guide.in"),
    )
    s.row(
        22,
        (2, say("4  Paste as values"), "label.beside"),
        (
            3,
            say(
                "From Word or another sheet: Paste Special, Values (Ctrl+Shift+V), so that the boxes stay as they are."
            ),
            "text",
        ),
    )
    to = (
        say(" and send it to {contact}", contact=spec.facts.contact)
        if spec.facts.contact
        else say(" and send it back to the district")
    )
    to += say(", which puts the parts together") if spec.part else ""
    s.row(
        22,
        (2, say("5  Save and return"), "label.beside"),
        (3, say("Keep the file’s name{to}.", to=to), "text"),
    )


def _share(filled: Expr, missing: Expr) -> Expr:
    both = total([filled, missing])
    return when(compare(both, "=", literal(0)), literal("–"), phrase("{n} of {m}", n=filled, m=grouped(both)))


def _state(sheet: SheetPlan, first: int, last: int) -> Expr:
    missing, begun = column_sum(LIVE, 5, first, last), column_sum(LIVE, 2, first, last)
    looks = starting_with(sheet.title, CHECK, 2, sheet.last_row, say("Look"))
    following = first_where(1, 5, LIVE, first, last)
    count = when(
        compare(missing, "=", literal(1)),
        literal(say("Needs 1 answer")),
        phrase("Needs {n} answers", n=missing),
    )
    asks = joined(grouped(count), literal(say("; next is ")), following)
    look = when(
        compare(looks, "=", literal(1)),
        literal(say("Look at 1 row")),
        phrase("Look at {n} rows", n=looks),
    )
    done = when(compare(looks, ">", literal(0)), look, literal(say("✓ Done")))
    unused = when(
        compare(missing, ">", literal(0)),
        literal(say("○ Not begun")),
        literal(say("Not used, and that is fine")),
    )
    return when(compare(begun, "=", literal(0)), unused, when(compare(missing, ">", literal(0)), asks, done))


def _about(s: _Start, spec: FormSpec) -> None:
    facts = spec.facts
    s.row(25, (2, say("This copy"), "h2"), *((column, None, "h2.rule") for column in range(3, 6)))
    s.row(20, (2, say("School"), "label.beside"), (3, person("school"), "text"))
    s.row(20, (2, say("School ID"), "label.beside"), (3, person("school_id"), "text"))
    s.row(20, (2, say("District"), "label.beside"), (3, person("district"), "text"))
    s.row(20, (2, say("District ID"), "label.beside"), (3, person("district_id"), "text"))
    s.row(20, (2, say("Plan begins"), "label.beside"), (3, facts.plan_from, "text.date"))
    s.row(20, (2, say("Plan ends"), "label.beside"), (3, facts.plan_to, "text.date"))
    larger = say("More rows or sheets? Ask for a larger copy: your answers move over.")
    more = [(4, larger, "guide.in")] if facts.round != STATUS_ROUND else []
    s.row(20, (2, say("Questions"), "label.beside"), (3, facts.contact or say("Ask your district office."), "text"),
          *more)  # fmt: skip
    s.row(20, (2, say("Form code"), "label.beside"), (3, person("code"), "text"))
    s.row(20, (2, say("What it is for"), "label.beside"), (3, spec.form.purpose, "text"))
    if spec.part:
        others = ", ".join(part.title for part in spec.parts if part.key != spec.part.key)
        said = say("This is one part of the plan. Others fill in: {others}.", others=others)
        s.row(20, (2, say("Other parts"), "label.beside"), (3, said, "text"))
    s.row(20, (2, say("Made from"), "label.beside"), (3, _SEED.sub("", spec.form.source), "text"))
    s.row(14, (2, person("identity"), "tag"))


def start_address(cells: dict[str, tuple[int, int]], name: str) -> str:
    """Where a date of Start stands, for a defined name."""
    row, column = cells[name]
    letters = address(row, column)
    return f"{quote_sheet(say(START), '')}${letters.rstrip('0123456789')}${row}"
