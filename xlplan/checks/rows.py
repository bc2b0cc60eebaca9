"""A plan as checks see it: its rows with their slots and cells, found by what their fields mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from xlplan.checks.shape import Shape, shape_of
from xlplan.checks.words import Words, words_of
from xlplan.findings import Finding, finding
from xlplan.form import hints
from xlplan.form.markers import Kind, Meaning
from xlplan.form.spec import Field, Group
from xlplan.form.text import plural
from xlplan.intake.answers import generic
from xlplan.intake.validate import Validated
from xlplan.layout.model import Layout
from xlplan.layout.rows import path_of


@dataclass(eq=False, slots=True)
class Row:
    """A begun row, an object, or the plan itself. `data`: its answers; `path`: its slot path; `number`: from 1."""

    group: Group
    path: str
    data: dict[str, Any]
    outer: Row | None
    number: int = 0
    inner: dict[str, list[Row]] = field(default_factory=dict)

    def cell(self, item: Field) -> str:
        """The slot path of one of its answers."""
        return self.path if self.group.plain else path_of(self.path, item.name)

    def marked(self, meaning: Meaning) -> Field | None:
        """Its first field of that meaning."""
        return next((item for item in self.group.fields if item.meaning is meaning), None)

    def text(self, item: Field | None) -> str:
        """The answer as text; empty where there is none."""
        value = self.data.get(item.name) if item else None
        return value if isinstance(value, str) else ""

    @property
    def name(self) -> str:
        """What a finding calls it by: its step, deliverable, cause or trend, else its first answer."""
        named = (
            Meaning.STEP,
            Meaning.DELIVERABLE,
            Meaning.CAUSE,
            Meaning.TREND,
            Meaning.EVIDENCE,
            Meaning.NEED,
        )
        found = next((item for meaning in named if (item := self.marked(meaning))), None)
        return self.text(found or next(iter(self.group.fields), None))


@dataclass(frozen=True, slots=True)
class Span:
    """A row's dates as far as they are good. `start_told`, `due_told`: what stands there is another finding already."""

    start: date | None = None
    due: date | None = None
    start_told: bool = False
    due_told: bool = False


class PlanRows:
    """The plan's rows with the cells they came from; `found` makes a finding that points at its cell."""

    def __init__(
        self, layout: Layout, validated: Validated, as_of: date | None, words: Words | None = None
    ) -> None:
        self.layout, self.plan, self.as_of = layout, validated.plan, as_of
        self.slots, self.filled = validated.slots, validated.filled
        self.words = words or words_of()
        self.shape: Shape = shape_of(layout)
        self._gone_sheets = {item.sheet for item in validated.findings if item.code == "section-missing"}
        self._tables: dict[str, list[Row]] = {}
        self._spans: dict[Row, Span] = {}
        root = Row(layout.spec.root, "", self.plan, None)
        self._tables[""] = [root]
        self._enter(root, "", "")

    def _enter(self, row: Row, generic: str, closed: str) -> None:
        """Note the rows inside a row; `closed`: its path with empty slots closed up, as `slots` names lists."""
        for group in row.group.groups:
            path = path_of(row.path, group.name)
            there = path_of(closed, group.name)
            name = path_of(generic, group.name)
            value = row.data.get(group.name)
            inner = row.inner.setdefault(group.name, [])
            table = self._tables.setdefault(name, [])
            if group.slots is None:
                made = [(Row(group, path, value if isinstance(value, dict) else {}, row), name, there)]
            else:
                used = self.slots.get(there, ())
                items = list(enumerate(zip(used, value or (), strict=False)))
                made = [
                    (
                        Row(group, f"{path}[{slot}]", _answers(group, item), row, number + 1),
                        f"{name}[]",
                        f"{there}[{number}]",
                    )
                    for number, (slot, item) in items
                ]
            for child, child_name, child_closed in made:
                inner.append(child)
                table.append(child)
                self._enter(child, child_name, child_closed)

    # --- rows

    def rows(self, generic: str) -> list[Row]:
        """The rows of a table such as "initiatives[].deliverables", in sheet order."""
        return self._tables.get(generic, [])

    def having(self, *meanings: Meaning) -> Iterator[Row]:
        """The rows whose own fields have all of these meanings."""
        for table in self.shape.with_all(*meanings):
            yield from self.rows(table)

    def texts(self, meaning: Meaning) -> Iterator[tuple[Row, Field, str]]:
        """Row, field and text of every filled answer of that meaning, in printed order."""
        for table, items in self.shape.fields(meaning):
            for row in self.rows(table):
                for item in items:
                    if text := row.text(item):
                        yield row, item, text

    def about(self, row: Row, meaning: Meaning) -> tuple[Row, Field] | None:
        """The row's field of that meaning, or that of an object in it (a companion)."""
        objects = (
            inner for group in row.group.groups if group.slots is None for inner in row.inner[group.name]
        )
        for place in (row, *objects):
            if item := place.marked(meaning):
                return place, item
        return None

    # --- answers

    def unread(self, row: Row, item: Field) -> bool:
        """Whether something stands there that is not in the plan, or its sheet is gone: told of already."""
        cell = row.cell(item)
        if cell in self._gone or self.layout.is_elsewhere(cell):
            return True
        value = row.data.get(item.name)
        if item.many or item.ticks:
            return self._parts[cell] > len(value or ())
        return value is None and cell in self.filled

    def gone(self, table: str) -> bool:
        """Whether a table stood on a sheet that is no longer in the file, or stands in another part."""
        return self.layout.is_elsewhere(table) or any(
            generic(path).startswith(f"{table}[]") for path in self._gone
        )

    @cached_property
    def _gone(self) -> frozenset[str]:
        return frozenset(
            path_of(item.group, item.name)
            for sheet in self.layout.sheets
            if sheet.title in self._gone_sheets
            for item in sheet.inputs
        )

    @cached_property
    def _parts(self) -> Counter[str]:
        """How many cells are filled of each answer that has several."""
        found = Counter[str]()
        for path in self.filled:
            item = self.layout.inputs[path][1]
            if item.choice or item.item is not None:
                found[path_of(item.group, item.name)] += 1
        return found

    def first_part(self, row: Row, item: Field) -> str:
        """The slot path of the first filled cell of an answer that has several."""
        cell = row.cell(item)
        return next((path for path in self.filled if path.startswith(f"{cell}[")), cell)

    # --- dates

    def day(self, row: Row, item: Field | None) -> tuple[date | None, bool]:
        """A good day, or None and whether what stands there is told of already."""
        if item is None:
            return None, False
        value = row.data.get(item.name)
        if not isinstance(value, str):
            return None, self.unread(row, item)
        found = date.fromisoformat(value)
        window = self.layout.spec.facts.window
        if item.kind is Kind.DATE and not window.holds(found):
            return None, True
        return found, False

    def span(self, row: Row) -> Span:
        """The row's start and due; a due date before its start is told of, and judged no further."""
        if row not in self._spans:
            start, start_told = self.day(row, row.marked(Meaning.START))
            due, due_told = self.day(row, row.marked(Meaning.DUE))
            if hints.ends_before_start(start, due):
                due, due_told = None, True
            self._spans[row] = Span(start, due, start_told, due_told)
        return self._spans[row]

    # --- findings

    def found(self, code: str, path: str, *, found: str | None = None, **facts: str) -> Finding:
        """A finding at the cell of that path."""
        ref = self.layout.cell_of(path)
        sheet, cell = self.filled.get(path) or ((ref.sheet, ref.a1) if ref else (None, None))
        return finding(code, path=path or None, sheet=sheet, cell=cell, found=found, **facts)


def _answers(group: Group, item: Any) -> dict[str, Any]:
    if group.plain:
        return {group.fields[0].name: item}
    return item if isinstance(item, dict) else {}


def shown(day: date) -> str:
    """A day as cells show it: Oct 2, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def counted(number: int, noun: str) -> str:
    """ "1 step", "3 steps", "no steps"; nouns as tables name their rows."""
    return f"{number or 'no'} {noun if number == 1 else plural(noun)}"
