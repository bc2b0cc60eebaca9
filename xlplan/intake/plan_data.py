"""A plan's data from its cells: empty slots closed up, references rewritten to match; and the way back to slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, Group
from xlplan.intake.answers import Answers, generic
from xlplan.intake.references import References
from xlplan.layout.model import Layout
from xlplan.layout.rows import escaped, path_of


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table that are used: the table's group, its slot path, and their slots."""

    group: Group
    path: str
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one of pydantic's errors is: slot path, the field or group there, and the row around it with its path."""

    path: str
    member: Field | Group | None
    row: str
    group: Group


@dataclass(slots=True)
class PlanData:
    """The closed-up data, every table in it, and closed-up list path → the slot of each item."""

    root: Group
    data: dict[str, Any] = field(default_factory=dict)
    tables: list[Rows] = field(default_factory=list)
    slots: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def spot(self, loc: tuple[int | str, ...]) -> Spot:
        """The place of a location in the data; that of the answer, where one of its items is meant."""
        path, closed, row, group = "", "", "", self.root
        member: Field | Group | None = None
        for part in loc:
            if isinstance(part, int):
                used = self.slots.get(closed, ())
                if part >= len(used):
                    break
                path, closed = f"{path}[{used[part]}]", f"{closed}[{part}]"
                if isinstance(member, Group) and not member.plain:
                    row, group = path, member
                continue
            known = (member if isinstance(member, Group) else self.root).member(part)
            if known is None:
                break
            path, closed, member = path_of(path, part), path_of(closed, part), known
            if isinstance(known, Group) and known.slots is None:
                row, group = path, known
        return Spot(path, member, row, group)


def plan_data(answers: Answers, references: References) -> PlanData:
    """The plan's data as far as it can be read."""
    made = PlanData(answers.layout.spec.root)
    made.data = _Closing(answers, references, made).object("", "")
    return made


@dataclass(slots=True)
class _Closing:
    """`path` speaks in slots, `closed` in positions of the closed-up lists."""

    answers: Answers
    references: References
    made: PlanData

    def object(self, path: str, closed: str) -> dict[str, Any]:
        values = self.answers.values
        data: dict[str, Any] = {}
        members = _members(self.answers.layout, path)
        for inner, where, rows in members.groups:
            there = path_of(closed, inner.name)
            if inner.slots is None:
                data[inner.name] = self.object(where, there)
            else:
                data[inner.name] = self._rows(inner, where, there, rows)
        for name, where in members.single:
            if where in values:
                data[name] = values[where]
        for item in members.others:
            value = self._field(item, path)
            if value is not None:
                data[item.name] = value
        return data

    def _rows(self, group: Group, path: str, closed: str, rows: Sequence[str]) -> list[Any]:
        begun = self.answers.begun
        used = tuple(k for k, row in enumerate(rows) if row in begun)
        self.made.tables.append(Rows(group, path, used))
        self.made.slots[closed] = used
        if group.plain:
            return [self.answers.values.get(rows[k]) for k in used]
        return [self.object(rows[k], f"{closed}[{number}]") for number, k in enumerate(used)]

    def _field(self, item: Field, row: str) -> Any:
        where, values = path_of(row, item.name), self.answers.values
        if item.ticks and item.refers_to:
            return self.references.letters(item, row)
        if item.ticks:
            return [choice for choice in item.choices if values.get(f"{where}[{escaped(choice)}]")]
        if not item.many:
            return self.references.one(item, row, where)
        found = (self.references.one(item, row, f"{where}[{k}]") for k in range(item.slots))
        return [name for name in found if name is not None]


class _Members(NamedTuple):
    """What stands in one object. `groups`: each with its slot path and those of its rows; `single`: names and slot
    paths of answers that are one cell's; `others`: all that are ticks or refer to rows. Facts are none of them."""

    groups: tuple[tuple[Group, str, tuple[str, ...]], ...]
    single: tuple[tuple[str, str], ...]
    others: tuple[Field, ...]


@lru_cache(maxsize=5_000)
def _members(layout: Layout, path: str) -> _Members:
    """The members of the object at a slot path, the plan's own at the empty one."""
    group = layout.spec.group(generic(path))
    wheres = [(inner, path_of(path, inner.name)) for inner in group.groups]
    answers = [item for item in group.fields if path or item.name not in HEADER]
    others = tuple(item for item in answers if item.ticks or item.refers_to)
    return _Members(
        groups=tuple(
            (inner, where, tuple(f"{where}[{k}]" for k in range(inner.slots or 0))) for inner, where in wheres
        ),
        single=tuple((item.name, path_of(path, item.name)) for item in answers if item not in others),
        others=others,
    )


def dumped(group: Group, data: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's JSON: every member, dates ISO, money as text with two decimals, what is empty null or []."""
    return {member.name: _dumped(member, data.get(member.name)) for member in group.members}


def _dumped(member: Field | Group, value: Any) -> Any:
    if isinstance(member, Group):
        if member.slots is None:
            return dumped(member, value or {})
        return [(item if member.plain else dumped(member, item)) for item in value or []]
    if value is None:
        return [] if member.many else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
