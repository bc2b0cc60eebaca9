"""Plans of any template in, rows of the one vocabulary out, by what the fields are marked to mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from xlplan.form.markers import Kind
from xlplan.form.rounds import FIRST_DUE
from xlplan.form.text import folded
from xlplan.rollup.data import Column, PlanRecord, Shape, TableShape
from xlplan.rollup.facts import (
    COST,
    DONE,
    EVIDENCE,
    FREED,
    GOING,
    OPEN,
    OVERDUE,
    PROCESS,
    SOON,
    SOON_DAYS,
    UNDATED,
)  # fmt: skip
from xlplan.rollup.places import Place, joined, rows_of
from xlplan.rollup.tables import typed, value_in
from xlplan.rollup.words import singular

SETTLED = ("Met", "Not met")  # the statuses that leave nothing to do
BEGUN = ("In progress", "Partly met")
DROPPED = "drop"  # the decision on a step that nobody has to take
PAID = "money"  # the kind of resource that has a cost
NOTHING = frozenset(
    {"none", "none needed", "no", "n a", "na", "not needed", "nothing"}
)  # answers that ask for nothing
TEAM = {"team": "Team", "signoffs": "Sign-off"}
_WORDS = (str(Kind.TEXT), str(Kind.PROSE))
Fact = dict[str, Any]
Facts = dict[str, list[Fact]]


@dataclass(frozen=True, slots=True)
class _Marked:
    """A table with its columns by mark, and those of the rows around it, outermost first (the plan left out)."""

    table: TableShape
    marks: Mapping[str, Column]
    around: tuple[Mapping[str, Column], ...]

    @property
    def names(self) -> Iterator[str]:
        """The names of its columns."""
        return (column.name for column in self.table.columns)

    def value(self, place: Place, mark: str) -> Any:
        """The row's own value of that meaning, typed; None where it has none."""
        column = self.marks.get(mark)
        return None if column is None else typed(column, value_in(self.table, place.item, column.name))

    def above(self, place: Place, *marks: str) -> str | None:
        """The first of these meanings in the row or in one around it, the nearest first."""
        levels = ((*self.around, self.marks), place.items[1:] if self.table.path else place.items)
        for columns, item in reversed(list(zip(*levels, strict=False))):
            for mark in marks:
                if column := columns.get(mark):
                    found = typed(column, value_in(self.table, item, column.name))
                    return None if found is None else str(found)
        return None


class Vocabulary:
    """Reads the plans of one template. `as_of`: the day by which activities are overdue."""

    def __init__(self, shape: Shape, as_of: date) -> None:
        self.shape, self.as_of = shape, as_of
        by_path = {table.path: _marks(table) for table in shape.tables}
        self._tables = [
            _Marked(table, by_path[table.path], tuple(by_path.get(path, {}) for path in _around(table.path)))
            for table in shape.tables
        ]
        dated = [item for item in self._tables if "due" in item.marks]
        self._due = [item for item in dated if {"step", "status"} & set(item.marks)] or dated
        causes = [item for item in self._tables if _cause(item)]
        self._causes = causes[0] if causes else None

    def facts(self, plan: PlanRecord, prefix: str) -> Facts:
        """The rows by table of `facts`; `prefix` begins the ids of the rows."""
        read = _Reading(self, plan, prefix)
        return {
            "activities": list(read.activities()),
            "money": read.money,
            "causes": list(read.causes()),
            "benchmarks": list(read.benchmarks()),
            "people": list(read.people()),
            "needs": list(read.needs()),
            "priorities": list(read.priorities()),
        }

    def standing(self, due: date | None, done: Any, said: str | None) -> dict[str, Any]:
        """Status and days late of what is due then; `said`: the school's own status, if the form asks for one."""
        late = (self.as_of - due).days if due else 0
        if done is True or said in SETTLED:
            status = DONE
        elif due is None:
            status = UNDATED
        elif late > 0:
            status = OVERDUE
        elif due <= self.as_of + timedelta(days=SOON_DAYS):
            status = SOON
        else:
            status = GOING if said in BEGUN else OPEN
        return {
            "due": due, "month": due.replace(day=1) if due else None, "status": status, "said": said,
            "days_late": late if status == OVERDUE else None,
        }  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """One plan being read."""

    vocabulary: Vocabulary
    plan: PlanRecord
    prefix: str
    money: list[Fact] = field(init=False)
    _paid: dict[str, list[Fact]] = field(init=False)

    def __post_init__(self) -> None:
        self._paid = {}
        self.money = list(self._money())

    def _placed(self, held: _Marked, place: Place, *columns: Column | None, suffix: str = "") -> Fact:
        """The lineage of a row, with the cell of the first of these columns that has one, else of any."""
        cells = self.plan.cells
        fields = chain((column.name for column in columns if column), held.names)
        paths = chain((joined(place.path, name) for name in fields), (place.path,))
        found = next((cells[path] for path in paths if path in cells), (None, None))
        return {
            "row": f"{self.prefix}:{place.path}{suffix}", "path": place.path, "sheet": found[0], "cell": found[1],
            "number": ".".join(map(str, place.numbers)),
            "goal": held.above(place, "goal"),
            "strategy": held.above(place, "strategy", "deliverable"),
        }  # fmt: skip

    def _standing(self, held: _Marked, place: Place) -> Fact:
        said = held.value(place, "status")
        told = self.vocabulary.standing(held.value(place, "due"), held.value(place, "done"), said)
        return told | {"derived": "status" not in held.marks}

    def activities(self) -> Iterator[Fact]:
        """Every row that is due, of the tables of steps and of what has a status."""
        for held in self.vocabulary._due:
            text = held.marks.get("step") or held.marks.get("evidence") or _wording(held.table)
            first_due = next((c for c in held.table.columns if c.name == FIRST_DUE), None)
            for place in rows_of(held.table, self.plan):
                if held.value(place, "decision") == DROPPED:
                    continue
                owner, said = held.value(place, "owner"), _typed(text, place, held.table)
                paid = self._paid.get(folded(said), []) if said and held.marks.get("step") else []
                costs = [held.value(place, "money"), *(line["amount"] for line in paid)]
                known = [cents for cents in map(_cents, costs) if cents is not None]
                sources = dict.fromkeys(line["source"] for line in paid if line["source"])
                yield self._placed(held, place, text, held.marks.get("due")) | self._standing(held, place) | {
                    "kind": singular(held.table.name), "step": said, "owner": owner,
                    "owner_key": folded(owner) if owner else None, "start": held.value(place, "start"),
                    "baseline_due": _typed(first_due, place, held.table), "cost": sum(known) if known else None,
                    "funding": held.value(place, "funding") or "; ".join(sources) or None,
                    "priority": held.above(place, "priority"),
                }  # fmt: skip

    def _money(self) -> Iterator[Fact]:
        for held in self.vocabulary._tables:
            if not {"money", "freed"} & set(held.marks):
                continue
            item = _paid_for(held.table) or _wording(held.table)
            for place in rows_of(held.table, self.plan):
                what, source = _typed(item, place, held.table), held.value(place, "funding")
                kind, amount = held.value(place, "kind"), held.value(place, "money")
                freed = held.value(place, "freed")
                base = {
                    "item": what, "kind": kind, "source": source, "source_key": folded(source) if source else None,
                    "reallocated": bool(held.value(place, "reallocated")),
                }  # fmt: skip
                lacking = amount is None or ("funding" in held.marks and source is None)
                asked = kind is None or kind.casefold() == PAID
                if "money" in held.marks and (amount is not None or asked):
                    line = self._placed(held, place, held.marks["money"], item) | base | {
                        "role": COST, "amount": _cents(amount), "open": lacking and asked,
                    }  # fmt: skip
                    if item and item.by == "name" and what:
                        self._paid.setdefault(folded(what), []).append(line | {"amount": amount})
                    yield line
                if freed is not None:
                    yield self._placed(held, place, held.marks["freed"], suffix="#freed") | base | {
                        "role": FREED, "amount": _cents(freed), "open": False, "source": None, "source_key": None,
                    }  # fmt: skip

    def causes(self) -> Iterator[Fact]:
        """The root causes, with how many rows say that they address each."""
        held = self.vocabulary._causes
        if held is None:
            return
        column = held.marks["cause"]
        short = column.kind == str(Kind.TEXT)
        longer = next((c for c in held.table.columns if c.kind == str(Kind.PROSE)), None) if short else None
        aimed = self._aimed(held)
        for place in rows_of(held.table, self.plan):
            name = held.value(place, "cause")
            yield self._placed(held, place, column) | {
                "name": name if short else None, "cause": _typed(longer, place, held.table) or name,
                "addressed": aimed.get(self._cause_key(held, place, name), 0),
                "controllable": held.value(place, "controllable"), "systemic": held.value(place, "systemic"),
            }  # fmt: skip

    def _cause_key(self, held: _Marked, place: Place, name: str | None) -> tuple[str, str]:
        """What a reference says of it: its letter within the rows around it, or its name."""
        if held.marks["cause"].kind == str(Kind.TEXT):
            return "", folded(name or "")
        return place.places[-2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(place.numbers[-1] - 1) % 26]

    def _aimed(self, causes: _Marked) -> dict[tuple[str, str], int]:
        """How many rows refer to each cause, a row that is one itself left out."""
        found: dict[tuple[str, str], int] = {}
        for held in self.vocabulary._tables:
            columns = [c for c in held.table.columns if c.target == causes.table.path.split(".")[-1]]
            if held is causes or not columns:
                continue
            for place in rows_of(held.table, self.plan):
                for column in columns:
                    given = value_in(held.table, place.item, column.name) or ()
                    for one in [given] if isinstance(given, str) else given:
                        key = ("", folded(one)) if column.by == "name" else (place.places[-2], str(one))
                        found[key] = found.get(key, 0) + 1
        return found

    def benchmarks(self) -> Iterator[Fact]:
        """The rows that a school gives a status: of the process, and of early evidence."""
        for held in self.vocabulary._tables:
            if "status" not in held.marks or not {"step", "evidence"} & set(held.marks):
                continue
            kind, text = (PROCESS, "step") if "step" in held.marks else (EVIDENCE, "evidence")
            for place in rows_of(held.table, self.plan):
                yield (
                    self._placed(held, place, held.marks[text], held.marks.get("due"))
                    | self._standing(held, place)
                    | {
                        "kind": kind,
                        "benchmark": held.value(place, text),
                        "owner": held.value(place, "owner"),
                    }
                )

    def people(self) -> Iterator[Fact]:
        """Every person named, by what they do."""
        for held in self.vocabulary._tables:
            columns = [column for column in held.table.columns if column.kind == str(Kind.PERSON)]
            for place in rows_of(held.table, self.plan) if columns else ():
                for column in columns:
                    name = _typed(column, place, held.table)
                    if name is None:
                        continue
                    part = TEAM.get(held.table.name) or ("Owner" if column.mark == "owner" else column.label)
                    text = held.marks.get("step") or held.marks.get("evidence") or _role(held.table)
                    yield self._placed(held, place, column, suffix=f"#{column.name}") | {
                        "name": name, "name_key": folded(name), "part": part,
                        "detail": _typed(text, place, held.table) if held.table.path else None,
                    }  # fmt: skip

    def needs(self) -> Iterator[Fact]:
        """What is asked for: rows with a need of their own, and resources."""
        for held in self.vocabulary._tables:
            need, what = held.marks.get("need"), _wording(held.table)
            if need is None and ("money" not in held.marks or what is None or _paid_for(held.table)):
                continue
            own = "step" in held.marks  # what a step needs; its text is no need
            item = None if own else what
            for place in rows_of(held.table, self.plan):
                asked, named = _typed(need, place, held.table), _typed(item, place, held.table)
                asked = None if need is item or folded(asked or "") in NOTHING else asked
                if not asked and not named:
                    continue
                yield self._placed(held, place, item, need, suffix="#need") | {
                    "kind": need.label if own and need else held.table.name.replace("_", " ").capitalize(),
                    "item": named or asked, "need": asked if named else None,
                }  # fmt: skip

    def priorities(self) -> Iterator[Fact]:
        """One row for each choice of a field of priorities."""
        for held in self.vocabulary._tables:
            column = held.marks.get("priority")
            for place in rows_of(held.table, self.plan) if column else ():
                given = value_in(held.table, place.item, column.name) if column else None
                for choice in [given] if isinstance(given, str) else given or ():
                    yield self._placed(held, place, column, suffix=f"#{choice}") | {"priority": str(choice)}


def _marks(table: TableShape) -> dict[str, Column]:
    """The first column of each mark; one that refers to other rows means them, and not itself."""
    found: dict[str, Column] = {}
    for column in table.columns:
        if column.mark and not (column.mark == "cause" and column.target):
            found.setdefault(column.mark, column)
    return found


def _cause(held: _Marked) -> bool:
    return "cause" in held.marks and held.marks["cause"].kind in _WORDS


def _around(path: str) -> Sequence[str]:
    """The paths of the tables around one, outermost first."""
    parts = path.split(".")
    return [".".join(parts[:end]).removesuffix("[]") for end in range(1, len(parts))]


def _wording(table: TableShape) -> Column | None:
    """The field that says what a row is: the first that is written in words, and names no source of money."""
    return next(
        (column for column in table.columns if column.kind in _WORDS and column.mark != "funding"), None
    )


def _paid_for(table: TableShape) -> Column | None:
    """The field by which a row of money names the row of another table that it pays for."""
    return next((column for column in table.columns if column.by == "name"), None)


def _role(table: TableShape) -> Column | None:
    """The field beside a person's name that says what they are."""
    words = (*_WORDS, str(Kind.CHOICE))
    return next((column for column in table.columns if column.kind in words), None)


def _typed(column: Column | None, place: Place, table: TableShape) -> Any:
    return None if column is None else typed(column, value_in(table, place.item, column.name))


def _cents(amount: Any) -> int | None:
    return int((amount * 100).to_integral_value()) if isinstance(amount, Decimal) else None
