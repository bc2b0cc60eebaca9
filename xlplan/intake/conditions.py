"""What tables and rows ask for beyond single cells: rows enough, one answer of several, and room for more.

The model asks the same, but says it only of rows that are good in themselves; here it is told whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlplan.form.hints import MOST_STEPS
from xlplan.form.markers import Meaning
from xlplan.form.plan import PEOPLE
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, Group
from xlplan.intake.answers import Answers, above, generic
from xlplan.intake.plan_data import Rows
from xlplan.intake.words import all_of
from xlplan.layout.rows import path_of


def judge_tables(answers: Answers, tables: Iterable[Rows]) -> None:
    """Every table of a plan, in printed order."""
    full: set[str] = set()
    for rows in tables:
        _enough(answers, rows)
        if rows.group.one_of:
            for k in rows.used:
                _one_of(answers, rows.group, f"{rows.path}[{k}]")
        if _full(answers, rows) and generic(rows.path) not in full and not _as_many_as_wanted(answers, rows):
            full.add(generic(rows.path))
            _say_full(answers, rows)


def _enough(answers: Answers, rows: Rows) -> None:
    """Rows in which nothing can be read count: what is wrong with them is told there."""
    count, minimum = len(rows.used), _minimum(answers, rows)
    if count >= minimum or answers.gone(rows.path):
        return
    lacking = minimum - count
    todo = f"Fill in {'one more' if count else 'one'}." if lacking == 1 else f"Fill in {lacking} more."
    label = rows.group.label
    answers.say(rows.path, "too-few", label=label, count=str(count), minimum=str(minimum), todo=todo)


def _minimum(answers: Answers, rows: Rows) -> int:
    """How many rows are needed; with `unless` the answer beside the table decides, which may itself be wrong."""
    if rows.group.unless is None:
        return rows.group.minimum
    name, choices = rows.group.unless
    around = above(rows.path)
    where = path_of(around, name)
    if where in answers.failed or answers.values.get(where) in choices:
        return rows.group.minimum
    beside = answers.layout.inputs.get(where)
    told = where not in answers.values and beside is not None and beside[1].field.required
    return rows.group.minimum if told else max(1, rows.group.minimum)


def _one_of(answers: Answers, group: Group, row: str) -> None:
    """One finding, at the first of the cells of which one is needed."""
    paths = [path_of(row, name) for name in group.one_of]
    if any(path in answers.values or path in answers.failed or answers.gone(path) for path in paths):
        return
    labels = all_of([item.label for name in group.one_of if isinstance(item := group.member(name), Field)])
    where = answers.place(paths[0])
    told = f"In {where} each of {labels}" if where else f"Each of {labels}"
    answers.say(paths[0], "missing", label=told, todo="Fill in at least one of them.")


def _full(answers: Answers, rows: Rows) -> bool:
    """Whether every one of a table's rows is used, so that there was no room for another; people may need no more.

    A row that nobody can tell the place of is not known to be used.
    """
    slots = rows.group.slots
    if answers.layout.spec.facts.round == STATUS_ROUND:  # none can be added
        return False
    lost = any(path.startswith(f"{rows.path}[") for path in answers.raw.undecided)
    return slots is not None and 1 < slots == len(rows.used) and rows.path not in PEOPLE and not lost


def _as_many_as_wanted(answers: Answers, rows: Rows) -> bool:
    """Whether the rows are a deliverable's steps, which should be no more than five: room for more would mislead."""
    outer = answers.layout.spec.group(generic(above(rows.path)))
    few = rows.group.slots is not None and rows.group.slots <= MOST_STEPS
    return few and Meaning.STEP in _meanings(rows.group) and Meaning.DELIVERABLE in _meanings(outer)


def _meanings(group: Group) -> set[Meaning | None]:
    return {item.meaning for item in group.fields}


def _say_full(answers: Answers, rows: Rows) -> None:
    """Told at the last row. `slots`: what a coordinator raises in `[slots]`, or with `generate --slots`."""
    group = rows.group
    count = f"{group.slots} {'sheets' if group.display == 'sheets' else 'rows'}"
    last = f"{rows.path}[{rows.used[-1]}]"
    answers.say(rows.path, "table-full", at=last, label=group.label, rows=count, slots=generic(rows.path))
