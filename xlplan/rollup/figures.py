"""Tidy tables in, what a district asks of them out: steps, money and priorities, counted in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from xlplan.rollup.data import Column, Shape, TableShape
from xlplan.rollup.tables import field_columns, records

SOON = 30  # days
SETTLED = ("Met", "Not met")  # the statuses of a benchmark that leave nothing to do
DROPPED = "drop"  # the decision on a step that nobody has to take
PAID = "money"  # the kind of resource that has a cost
Tables = Mapping[str, pd.DataFrame]


def column_of(table: TableShape, mark: str) -> str | None:
    """The tidy table's first column of that meaning."""
    return next((name for name, column in field_columns(table).items() if column.mark == mark), None)


def field_of(table: TableShape, column: str) -> Column:
    """The field behind a tidy table's column."""
    return field_columns(table)[column]


def key_of(row: Mapping[str, Any]) -> str:
    """What tells a row's plan from others: the school's id, of a district's own plan the district's."""
    return str(row["school_id"] or row["district_id"])


def name_of(row: Mapping[str, Any]) -> str:
    """The school's name, of a district's own plan the district's."""
    return str(row["school"] or row["district"])


# --- steps
@dataclass(frozen=True, slots=True, kw_only=True)
class StepTable:
    """A table whose rows are due, by its columns. `settled` are the values of `done` that end a row.

    `decision`: the column in which a row may be dropped; dropped rows are nobody's steps.
    """

    table: TableShape
    due: str
    done: str | None
    settled: tuple[Any, ...]
    text: str | None
    owner: str | None
    decision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row with a due day, or that should have one."""

    key: str
    school: str
    table: str
    parents: Mapping[str, int]
    number: int
    text: str | None
    owner: str | None
    due: date | None
    state: str  # done overdue soon later undated
    draft: bool


def step_tables(shape: Shape) -> tuple[StepTable, ...]:
    """The tables of steps and of what has a status; where none is so marked, every table with due days."""
    dated = [table for table in shape.tables if table.marked("due")]
    marked = [table for table in dated if table.marked("step") or table.marked("status")]
    return tuple(_step_table(table) for table in marked or dated)


def _step_table(table: TableShape) -> StepTable:
    done, status = column_of(table, "done"), column_of(table, "status")
    return StepTable(
        table=table,
        due=column_of(table, "due") or "",
        done=done or status,
        settled=(True,) if done else SETTLED if status else (),
        text=column_of(table, "step")
        or next((n for n, c in field_columns(table).items() if c.kind == "prose"), None),
        owner=column_of(table, "owner"),
        decision=column_of(table, "decision"),
    )


def steps_of(shape: Shape, tables: Tables, as_of: date) -> tuple[Step, ...]:
    """Every step of the tables, with its state on that day."""
    return tuple(
        _step(source, row, as_of)
        for source in step_tables(shape)
        for row in records(tables[source.table.name])
        if source.decision is None or row[source.decision] != DROPPED
    )


def _step(source: StepTable, row: Mapping[str, Any], as_of: date) -> Step:
    due = row[source.due]
    done = source.done is not None and row[source.done] in source.settled
    return Step(
        key=key_of(row),
        school=name_of(row),
        table=source.table.name,
        parents={parent: int(row[f"{parent}_number"]) for parent in source.table.parents},
        number=int(row["number"]),
        text=row[source.text] if source.text else None,
        owner=row[source.owner] if source.owner else None,
        due=due,
        state="done" if done else _state(due, as_of),
        draft=bool(row["draft"]),
    )


def _state(due: date | None, as_of: date) -> str:
    if due is None:
        return "undated"
    if due < as_of:
        return "overdue"
    return "soon" if due <= as_of + timedelta(days=SOON) else "later"


# --- money
@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the plans cost. Sources are told apart without regard to case, as a spreadsheet's = does."""

    table: TableShape
    amount: str
    source: str | None
    items: tuple[Mapping[str, Any], ...]
    kind: str | None = None

    @property
    def total(self) -> Decimal:
        """All amounts together."""
        return sum((row[self.amount] for row in self.items if row[self.amount] is not None), Decimal(0))

    @property
    def open(self) -> tuple[Mapping[str, Any], ...]:
        """The items whose amount or source is not known yet; of resources by kind, those that are money."""
        needed = [self.amount, *([self.source] if self.source else [])]
        asked = (row for row in self.items if self.kind is None or row[self.kind] == PAID)
        return tuple(row for row in asked if any(row[name] is None for name in needed))

    def by_source(self) -> list[tuple[str, Decimal]]:
        """Sources with their amounts, the largest first; what names no source is "" and last."""
        first: dict[str, str] = {}
        sums: dict[str, Decimal] = {}
        for row in self.items if self.source else ():
            name = row[self.source or ""] or ""
            key = first.setdefault(name.lower(), name)
            sums[key] = sums.get(key, Decimal(0)) + (row[self.amount] or Decimal(0))
        return sorted(sums.items(), key=lambda pair: (not pair[0], -pair[1], pair[0]))


def money_of(shape: Shape, tables: Tables) -> Money | None:
    """The money of the first table that has any, one that names funding sources before others."""
    priced = [table for table in shape.tables if table.marked("money")]
    priced.sort(key=lambda table: table.marked("funding") is None)
    if not priced:
        return None
    amount = column_of(priced[0], "money") or ""
    rows = tuple(records(tables[priced[0].name]))
    source, kind = column_of(priced[0], "funding"), column_of(priced[0], "kind")
    return Money(table=priced[0], amount=amount, source=source, items=rows, kind=kind)


# --- priorities
@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """How many rows (strategies) of each school connect to each of the choices."""

    table: TableShape
    column: str
    choices: tuple[str, ...]
    by_school: Mapping[str, Mapping[str, int]]

    def total(self, choice: str) -> int:
        """Rows of all schools that connect to it."""
        return sum(counts[choice] for counts in self.by_school.values())

    def gaps(self) -> dict[str, int]:
        """How many of the choices each school leaves out."""
        return {key: sum(not counts[c] for c in self.choices) for key, counts in self.by_school.items()}

    def covered(self, choice: str) -> int:
        """Schools with a row that connects to it."""
        return sum(counts[choice] > 0 for counts in self.by_school.values())


def priorities_of(shape: Shape, tables: Tables, schools: Sequence[str]) -> Priorities | None:
    """The counts for these schools, nought for one without rows; None where no field is a priority."""
    table = next((table for table in shape.tables if table.marked("priority")), None)
    name = column_of(table, "priority") if table else None
    if table is None or name is None:
        return None
    rows = [(key_of(row), row[name] or "") for row in records(tables[table.name])]
    met = tuple(dict.fromkeys(choice for _, ticked in rows for choice in ticked.split("; ") if choice))
    choices = shape.choices.get(field_of(table, name).name) or met
    counts: dict[str, Counter[str]] = {school: Counter() for school in schools}
    for school, ticked in rows:
        counts[school].update(choice for choice in choices if f"; {choice}; " in f"; {ticked}; ")
    return Priorities(table=table, column=name, choices=choices, by_school=counts) if choices else None
