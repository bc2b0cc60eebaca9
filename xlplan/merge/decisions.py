"""The decision form: what two people changed to different things, a line each, for a third one to decide.

It is a form like any other, made from the conflicts: each line prints the place, what stood there before and what each
side has, and asks for a choice, or for something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import Field, create_model

from xlplan.form.markers import Help, Kind, Label, Printed, Prose, Table, Width
from xlplan.form.plan import Form, Headed, Plan, Row, SheetOf
from xlplan.form.text import clean_text, folded, units
from xlplan.intake.values import mend
from xlplan.layout.book import Scalar
from xlplan.layout.model import Layout
from xlplan.merge.people import in_words, place_of, row_in_words
from xlplan.merge.threeway import Both, Choice, Conflict, Keep, Take, Write
from xlplan.merge.values import plain

NAME = "decisions"
AS_BEFORE, BOTH, ELSE = "As it was before", "Keep both rows", "Something else, typed beside"
_MOST_LABEL = 80  # characters of a side's name in the list of choices
_MOST_QUOTED = 200  # characters of what was typed that a message quotes
_MOST_TEXT = 30_000  # UTF-16 units of an answer that a line shows; a cell takes 32,767
_WIDTH, _WHERE, _ROOM = 38.0, 24.0, 3  # of columns; of a side's when there are at most three


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A line of the decision form that decides nothing, and why."""

    path: str  # of the form's own cell
    conflict: Conflict
    reason: str


def decision_model(
    layout: Layout, conflicts: Sequence[Conflict], labels: Sequence[str], title: str
) -> type[Plan]:
    """The form for these conflicts. `labels`: what the sides are called, in the order of the conflicts' sides."""
    names = side_names(labels)
    answers = [item for item in conflicts if not item.row]
    rows = [item for item in conflicts if item.row]
    fields: dict[str, Any] = {}
    sheets: list[SheetOf] = []
    if answers:
        fields["answers"] = (_lines(layout, answers, names, row=False), Field(default_factory=list))
        sheets.append(
            SheetOf(
                key="ans", title="Answers", holds=("answers",), asks="Which answer is to stand",
                purpose="People gave different answers here. Choose the one that is to stand.",
                guide=("Choose at Decision, or type the right answer at Something else.",),
            )
        )  # fmt: skip
    if rows:
        fields["rows"] = (_lines(layout, rows, names, row=True), Field(default_factory=list))
        sheets.append(
            SheetOf(
                key="row", title="Rows", holds=("rows",), asks="Which row is to stand",
                purpose="One took out a row that another changed, or two began the same row with different things.",
                guide=("Choose at Decision whose row is to stand.",),
            )
        )  # fmt: skip
    form = Form(
        name=NAME, version=1, title=_printable(title), sheets=tuple(sheets), source="made by xlplan merge",
        purpose="To make one plan of several people's copies.",
    )  # fmt: skip
    made = cast("type[Plan]", create_model("Decisions", __base__=Headed, **fields))
    made.form = form
    return made


class _AnswerLine(Row):
    """A line about one answer."""

    one_of = ("decision", "other")


def side_names(labels: Sequence[str]) -> list[str]:
    """What the choices call the sides: short enough for a list, each once."""
    found: list[str] = []
    for number, label in enumerate(labels, 1):
        name = clean_text(_printable(label), lines=False)
        name = name if len(name) <= _MOST_LABEL else name[: _MOST_LABEL - 1].rstrip() + "…"
        # as choices are told apart when they are read
        taken = {"", *map(folded, (AS_BEFORE, BOTH, ELSE, *found))}
        while folded(name) in taken:
            name = f"{number}: {name}".strip()
        found.append(name)
    return found


def _printable(text: str) -> str:
    """A text without what a blank form takes for a place to be filled in when it is issued."""
    return text.replace("⟦", "[").replace("⟧", "]")


def _lines(layout: Layout, conflicts: Sequence[Conflict], names: Sequence[str], *, row: bool) -> Any:
    """The table of these conflicts: what it prints and what it asks."""
    choices = [*names, AS_BEFORE, *([BOTH] if row else [ELSE])]
    members = {f"choice_{n}": choice for n, choice in enumerate(choices)}
    decided: Any = StrEnum("Decided", members)  # type: ignore[misc]  # made of data
    message = Help(message="Choose from the list.")
    label = Label("Decision", noun="decision", tag="dec")
    fields: dict[str, Any] = {"decision": (Annotated[decided, label, Width(26), message], ...)}
    if not row:
        fields = {"decision": (Annotated[decided | None, label, Width(26), message], None)}
        message = Help(message="If neither is right, type what is to stand there.")
        label = Label("Something else", noun="answer", tag="oth")
        fields["other"] = (Annotated[Prose | None, label, Width(34), message], None)
    line: Any = create_model("Line", __base__=Row if row else _AnswerLine, **fields)
    width = _WIDTH if len(names) <= _ROOM else _WIDTH * _ROOM / len(names)
    printed = Printed(
        heads=("Where", "Before", *names),
        widths=(_WHERE, width * 0.8, *(width for _ in names)),
        rows=tuple(_printed(layout, item) for item in conflicts),
    )
    table = Table(
        label="Rows" if row else "Answers", slots=len(conflicts), noun="row" if row else "answer",
        tag="r" if row else "a", printed=printed,
    )  # fmt: skip
    return Annotated[list[line], table]


def _printed(layout: Layout, item: Conflict) -> tuple[str, ...]:
    where = "\n".join(filter(None, place_of(layout, item.path)))
    if item.row:
        told = [row_in_words(layout, cells) for cells in (item.base, *item.sides)]
    else:
        kind = layout.inputs[item.path][1].field.kind
        told = [in_words(cells.get(item.path), kind) for cells in (item.base, *item.sides)]
    return tuple(_printable(_cut(text, _MOST_TEXT)) for text in (where, *told))


def _cut(text: str, most: int) -> str:
    """As much of a text as so many UTF-16 units hold, by which spreadsheet programs count."""
    if units(text) <= most:
        return text
    held = text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
    return f"{held} …"


def decided(
    layout: Layout, conflicts: Sequence[Conflict], labels: Sequence[str], cells: Mapping[str, object]
) -> tuple[dict[str, Choice], list[Undecided]]:
    """What a filled decision form says: choices by the conflicts' paths, and the lines that say nothing usable.

    `cells`: its answers by slot path, as read.
    """
    names = side_names(labels)
    choices: dict[str, Choice] = {}
    undecided: list[Undecided] = []
    for table, items in (
        ("answers", [item for item in conflicts if not item.row]),
        ("rows", [item for item in conflicts if item.row]),
    ):
        for n, item in enumerate(items):
            line = f"{table}[{n}]"
            said = cells.get(f"{line}.decision")
            other = cells.get(f"{line}.other")
            made = _choice(layout, item, names, said, other)
            if isinstance(made, str):
                path = f"{line}.other" if other is not None else f"{line}.decision"
                undecided.append(Undecided(path=path, conflict=item, reason=made))
            else:
                choices[item.path] = made
    return choices, undecided


_NO_ROOM = "There is no free row for the second one. Choose one of the two."


def no_room(conflicts: Sequence[Conflict], item: Conflict) -> Undecided:
    """The line of a row for which no free slot was left when others had been kept."""
    line = [one.path for one in conflicts if one.row].index(item.path)
    return Undecided(path=f"rows[{line}].decision", conflict=item, reason=_NO_ROOM)


def _choice(
    layout: Layout, item: Conflict, names: Sequence[str], said: object, other: object
) -> Choice | str:
    """The choice of one line, or why there is none."""
    if other is not None:
        if said not in (None, ELSE):
            return f"“{said}” is chosen, and something else is typed beside it. Clear one of the two."
        return _written(layout, item, other)
    if said is None:
        return "Nothing is decided yet."
    if said == AS_BEFORE:
        return Keep()
    if said == BOTH:
        return Both() if item.room else _NO_ROOM
    if said == ELSE:
        return "Type beside it what is to stand there."
    return Take(names.index(str(said))) if said in names else f"“{said}” is not one of the choices."


def _written(layout: Layout, item: Conflict, other: object) -> Choice | str:
    field = layout.inputs[item.path][1].field
    mended = mend(cast("Scalar", other), field, layout.spec.facts.window)
    if mended.fault is not None:
        found = _cut(str(other), _MOST_QUOTED)
        return f"{_WANTED.get(field.kind, 'This cannot stand there.')} Found “{found}”."
    return Write(plain(mended.value, field.kind))


_WANTED = {
    Kind.DATE: "Type a day of the plan, such as Oct 15, 2026.",
    Kind.PAST_DATE: "Type a day, such as Oct 15, 2026.",
    Kind.MONEY: "Type an amount, such as 1,200.50.",
    Kind.YES_NO: "Type Yes or No.",
    Kind.TICK: "Type x for a mark, or No for none.",
    Kind.CHOICE: "Type one of the choices that the plan's own list offers.",
}
