"""The rows of a plan as a later round sees them: what each is about, which are done, which are still the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from xlplan.form.markers import Kind, Meaning
from xlplan.form.plan import HEADER
from xlplan.form.rounds import (
    CHANGES,
    DONE,
    FIRST_DUE,
    LAST_STATUS,
    LEARNED,
    NOT_DONE,
    NOT_STARTED,
    STATUS_ROUND,
)
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.form.text import folded
from xlplan.intake.answers import generic
from xlplan.layout.model import Input, Layout
from xlplan.layout.rows import path_of
from xlplan.merge.rows import detected, referred, refers, rows_of
from xlplan.merge.values import Plain, plain

MET, DROPPED = "Met", "drop"  # what closes a row that has a status, or a decision beside it
_NUMBER = re.compile(r"\d{1,3}")
_TEXTS = (Kind.TEXT, Kind.PROSE, Kind.PERSON)
_ABOUT = (
    Meaning.STEP,
    Meaning.DELIVERABLE,
    Meaning.CAUSE,
    Meaning.TREND,
)  # what a row with such a field is about
_WORD = re.compile(r"\w+")
_LEAST_LIKE = 0.5  # of the words of two texts that they share, from which one is the other, changed


def answers_of(layout: Layout, cells: Mapping[str, object]) -> dict[str, Plain]:
    """A return's filled answers by slot path, locked ones too, without the header and what only says what was."""
    later = layout.spec.facts.round
    found: dict[str, Plain] = {}
    for path, (_, item) in layout.inputs.items():
        if path in cells and not (item.group == "" and item.name in HEADER):
            shown = later and item.name in (LAST_STATUS, FIRST_DUE) and _is_added(layout.spec, item)
            value = plain(cells[path], item.field.kind)
            if value is not None and not shown:
                found[path] = value
    return found


def is_note(layout: Layout, item: Input) -> bool:
    """Whether a box asks what was learned or changes, as mid-year checks do."""
    asks = layout.spec.facts.round == STATUS_ROUND and item.name in (LEARNED, CHANGES)
    return asks and _is_added(layout.spec, item)


def _is_added(spec: FormSpec, item: Input) -> bool:
    return is_activity(spec.group(generic(item.group)))


def is_activity(group: Group) -> bool:
    """Whether the group's rows are due on some day."""
    return group.slots is not None and any(field.meaning is Meaning.DUE for field in group.fields)


def table_of(row: str) -> str:
    """The table of a row by its slot path, rows around it as "[]"."""
    return generic(row[: row.rindex("[")])


class Named(NamedTuple):
    """An answer that names another row by its place: where it stands, and the row."""

    path: str
    row: str


class Rows:
    """The filled rows of one plan. `cells`: its answers, as `answers_of` gives them.

    `required`: the paths of fields, rows as "[]", without which a row cannot be; by default as the layout says, where
    a mid-year check requires nothing that is locked.
    """

    def __init__(
        self, layout: Layout, cells: Mapping[str, Plain], required: frozenset[str] | None = None
    ) -> None:
        self.layout, self.cells, self.required = layout, cells, required

    @cached_property
    def every(self) -> tuple[str, ...]:
        """The slot paths of all rows that hold anything, in sheet order, each before those inside it."""
        found = (row.path for path in self.cells for row in rows_of(self.layout.inputs[path][1].group))
        return tuple(dict.fromkeys(found))

    @cached_property
    def _own(self) -> dict[str, list[tuple[Input, Plain]]]:
        found: dict[str, list[tuple[Input, Plain]]] = {}
        for path, value in self.cells.items():
            item = self.layout.inputs[path][1]
            found.setdefault(item.group, []).append((item, value))
        return found

    @cached_property
    def _inner(self) -> dict[str, list[str]]:
        """Row → the rows directly inside it."""
        found: dict[str, list[str]] = {}
        for row in self.every:
            around = rows_of(row)[:-1]
            if around:
                found.setdefault(around[-1].path, []).append(row)
        return found

    def group(self, row: str) -> Group:
        """What the template says of a row's table."""
        return self.layout.spec.group(table_of(row))

    def own(self, row: str) -> list[tuple[Input, Plain]]:
        """The filled boxes of a row itself."""
        return self._own.get(row, [])

    def of_meaning(self, row: str, meaning: Meaning) -> Plain:
        """The row's answer of that meaning, its companions' too."""
        beside = (f"{row}.{inner.name}" for inner in self.group(row).groups if inner.slots is None)
        held = (pair for group in (row, *beside) for pair in self.own(group))
        return next((value for item, value in held if item.field.meaning is meaning), None)

    def note(self, row: str, name: str) -> Plain:
        """What a mid-year check was told of the row under that name."""
        held = (value for item, value in self.own(row) if item.name == name and is_note(self.layout, item))
        return next(held, None)

    def text(self, row: str) -> str:
        """What the row is about, in its own words: what its meaning says, else its first words, else anything."""
        group = self.group(row)
        if group.plain:
            return str(self.cells.get(row, ""))
        words = [item for item in group.fields if item.kind in _TEXTS and item.meaning is not Meaning.OWNER]
        about = [item for item in words if item.meaning in _ABOUT]
        for field in (*about, *words, *group.fields):
            value = self.cells.get(path_of(row, field.name))
            if value is not None:
                return str(value)
        return ""

    def said(self, row: str) -> str | None:
        """What was said of the row's progress, in words; None where its table does not ask."""
        meanings = {field.meaning for field in self.group(row).fields}
        done, status = self.of_meaning(row, Meaning.DONE), self.of_meaning(row, Meaning.STATUS)
        if done is True and Meaning.DONE in meanings:
            return DONE
        if Meaning.STATUS in meanings:
            return NOT_STARTED if status is None else str(status)
        if Meaning.DONE in meanings:
            return NOT_DONE if done is None or done is False else str(done)
        return None

    # --- what is done

    @cached_property
    def closed(self) -> frozenset[str]:
        """The rows that are done, and those that speak of one that is, by its name; what is inside them not named."""
        found = {row for row in self.every if self._is_closed(row)}
        while more := {row for row in self.every if row not in found and self._speaks_of(row, found)}:
            found |= more
        return frozenset(row for row in found if not any(item.path in found for item in rows_of(row)[:-1]))

    def _is_closed(self, row: str) -> bool:
        own = self._says(row)
        if own is not None:
            return own
        inner = [one for one in self._inner.get(row, ()) if self._has_activities(self.group(one))]
        return bool(inner) and all(map(self._is_closed, inner))

    def _says(self, row: str) -> bool | None:
        """Whether the row says itself that it is done, or that it is not; None where it says neither."""
        group = self.group(row)
        if not is_activity(group):
            return None
        done, status = self.of_meaning(row, Meaning.DONE), self.of_meaning(row, Meaning.STATUS)
        if done is True or status == MET or self.of_meaning(row, Meaning.DECISION) == DROPPED:
            return True
        return False if done is False or status is not None else None

    def _has_activities(self, group: Group) -> bool:
        return is_activity(group) or any(self._has_activities(inner) for inner in group.groups)

    def _speaks_of(self, row: str, gone: set[str]) -> bool:
        """Whether what the row must name is a row that is left out, and nothing else."""
        by_field: dict[str, list[Plain]] = {}
        fields: dict[str, Field] = {}
        for item, value in self.own(row):
            if _by_name(item.field) and self._must_name(row, item.field):
                fields[item.name] = item.field
                by_field.setdefault(item.name, []).append(value)
        return any(
            all(self._is_gone(fields[name], value, gone) for value in values)
            for name, values in by_field.items()
        )

    def _must_name(self, row: str, field: Field) -> bool:
        if self.required is None:
            return field.required
        return f"{table_of(row)}[].{field.name}" in self.required

    def _is_gone(self, field: Field, value: Plain, gone: set[str]) -> bool:
        """Whether a name is that of rows which are all left out."""
        assert field.refers_to is not None
        table, _, name = field.refers_to.target.rpartition(".")
        named = [
            row
            for row in self.every
            if table_of(row) == table
            and folded(str(self.cells.get(f"{row}.{name}", ""))) == folded(str(value))
        ]
        return bool(named) and all(_within(row, gone) for row in named)

    def dangling(self) -> Iterator[str]:
        """The paths of answers in rows that stay, which name a row that is left out."""
        gone = set(self.closed)
        for path, value in self.cells.items():
            item = self.layout.inputs[path][1]
            if _within(path, gone) or item.field.refers_to is None:
                continue
            if refers(item):
                row = self._by_place(item, value)
                if row is not None and _within(row, gone):
                    yield path
            elif _by_name(item.field) and self._is_gone(item.field, value, gone):
                yield path

    def _by_place(self, item: Input, value: Plain) -> str | None:
        """The row that an answer names by its letter or number."""
        table = referred(item.group, item.field)
        if item.item is not None:
            return f"{table}[{item.item}]"
        number = _NUMBER.search(value) if isinstance(value, str) else None
        return f"{table}[{int(number[0]) - 1}]" if number else None


def _by_name(field: Field) -> bool:
    return field.refers_to is not None and field.refers_to.by == "name"


def _within(path: str, rows: set[str] | frozenset[str]) -> bool:
    """Whether a path is one of these rows, or leads into one."""
    return path in rows or any(item.path in rows for item in rows_of(path))


def followed(layout: Layout, before: Mapping[str, Plain], after: Mapping[str, Plain]) -> dict[str, str]:
    """Which row of an earlier plan each row of a later one is: path after → path before. New rows are not in it.

    Paths that the form has not are left out of the earlier plan.
    """
    before = {path: value for path, value in before.items() if path in layout.inputs}
    old, new = Rows(layout, before), Rows(layout, after)
    taken = detected(layout, before, after)
    there = set(new.every)
    found: dict[str, str] = {}
    for row in old.every:
        to = placed(row, taken)
        if to in there and _same(old, row, new, to):
            found[to] = row
    return found


def placed(row: str, taken: Mapping[str, Mapping[int, int]]) -> str:
    """Where a row stands after rows have taken other slots; inner tables are named as they stood before."""
    made, done = "", 0
    for item in rows_of(row):
        slot = taken.get(item.table, {}).get(item.slot, item.slot)
        made += f"{item.table[done:]}[{slot}]"
        done = len(item.path)
    return made + row[done:]


def _same(old: Rows, row: str, new: Rows, to: str) -> bool:
    """Whether what a row is about is still the same, whatever else has changed in it."""
    was, is_ = old.text(row), new.text(to)
    if not was or folded(was) == folded(is_):
        return True
    if not is_:
        return False
    if _likeness(was, is_) >= _LEAST_LIKE:
        return True
    rest = [{path[len(one) :]: value for path, value in plan.cells.items() if _leads(path, one)}
            for plan, one in ((old, row), (new, to))]  # fmt: skip
    same = sum(rest[0].get(end) == value for end, value in rest[1].items())
    return same >= 2 and same == len(rest[1]) - 1 == len(rest[0]) - 1


def _leads(path: str, row: str) -> bool:
    return path == row or path.startswith((f"{row}.", f"{row}["))


def _likeness(one: str, other: str) -> float:
    a, b = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    shared = sum((a & b).values())
    least = min(a.total(), b.total())
    if least >= 2 and shared == least:
        return 1.0  # words were only added, or only taken away
    return 2 * shared / max(a.total() + b.total(), 1)
