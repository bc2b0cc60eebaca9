"""Variations of the hand-written plans for the demonstration: other amounts, other progress, and typical flaws.

They know a template by its spec alone, so that every template has a demonstration.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from xlplan.form.markers import Kind, Meaning
from xlplan.form.spec import Field, FormSpec, Group

OWNERS = (
    "A. Whitfield, counselor", "B. Nakai, assistant principal", "C. Oyelaran, instructional coach", "D. Petrov, dean",
    "E. Castellanos, family liaison", "F. Lindgren, grade 6 teacher", "G. Marsh, registrar", "H. Sato, librarian",
)  # fmt: skip
PAST = "2027-02-01"  # what is due before may be done
SETTLED = (0.6, 0.75, 0.85)  # Met, Partly met, Not met; the rest is In progress
FACTORS = (0.8, 0.9, 1, 1.1, 1.25)

Row = tuple[Group, dict[str, Any]]


def varied(plan: dict[str, Any], number: int, spec: FormSpec) -> dict[str, Any]:
    """The plan with other costs, some other owners and some steps done; the same number, the same plan."""
    chance = random.Random(number)  # seeded: a demonstration is the same every time
    made = copy.deepcopy(plan)
    for group, row in _rows(spec.root, made):
        due = next((row[item.name] for item in _filled(group, row) if item.meaning is Meaning.DUE), None)
        for item in group.fields:
            if item.meaning in (Meaning.DONE, Meaning.STATUS) and due and due < PAST:
                row[item.name] = _progress(item, chance.random())
            elif row.get(item.name) is None:
                continue
            elif item.meaning is Meaning.OWNER and chance.random() < 0.2:
                row[item.name] = chance.choice(OWNERS)
            elif item.kind is Kind.MONEY:
                row[item.name] = f"{float(row[item.name]) * chance.choice(FACTORS):.2f}"
    return made


def _progress(item: Field, chance: float) -> Any:
    if item.meaning is Meaning.DONE:
        return chance < 0.8
    words = ("Met", "Partly met", "Not met")
    met = (
        word for word, share in zip(words, SETTLED, strict=True) if chance < share and word in item.choices
    )
    return next(met, "In progress" if "In progress" in item.choices else None)


def spoiled(plan: dict[str, Any], number: int, spec: FormSpec) -> dict[str, Any]:
    """The plan with flaws that schools really make: a wrong year, a missing name, text for an amount."""
    made = copy.deepcopy(plan)
    flaws = list(_flaws(made, spec)) or [lambda: made.update(prepared_by=None)]
    flaws[number % len(flaws)]()
    flaws[(number // 7) % len(flaws)]()
    return made


def _flaws(plan: dict[str, Any], spec: FormSpec) -> Iterator[Callable[[], None]]:
    """What can be spoiled in this plan, each as a call that does it."""
    rows = [(group, row) for group, row in _rows(spec.root, plan) if row is not plan]
    dated = [(row, item) for group, row in rows for item in _filled(group, row) if item.kind is Kind.DATE]
    owned = [
        (row, item) for group, row in rows for item in _filled(group, row) if item.meaning is Meaning.OWNER
    ]
    priced = [(row, item) for group, row in rows for item in _filled(group, row) if item.kind is Kind.MONEY]
    asked = [
        (row, item)
        for group, row in rows
        for item in _filled(group, row)[1:]
        if item.required and item.kind is Kind.PROSE
    ]
    if dated:
        row, item = dated[0]
        late = {item.name: _wrong_year(row[item.name])}
        yield lambda row=row, late=late: row.update(late)  # type: ignore[misc]
    needed = [(row, item) for row, item in owned if item.required] or asked
    if needed:
        row, item = needed[-1]
        yield lambda row=row, name=item.name: row.update({name: None})  # type: ignore[misc]
    if priced:
        row, item = priced[0]
        yield lambda row=row, name=item.name: row.update({name: "about 3,200"})  # type: ignore[misc]
    for group in spec.root.groups:
        if group.minimum > 1:
            yield lambda name=group.name: plan.update({name: plan[name][:1]})  # type: ignore[misc]
    if asked:
        row, item = asked[0]
        yield lambda row=row, name=item.name: row.update({name: None})  # type: ignore[misc]
    both = [(row, who, day) for row, who in owned for other, day in dated if other is row]
    if both:
        row, who, day = both[0]
        vague = {who.name: "Ortiz and Lee", day.name: "Fall 2026"}
        yield lambda row=row, vague=vague: row.update(vague)  # type: ignore[misc]


def _wrong_year(day: str) -> str:
    """2026-10-02 as 2062-10-02."""
    return f"20{day[3]}{day[2]}{day[4:]}"


def _filled(group: Group, row: dict[str, Any]) -> list[Field]:
    return [item for item in group.fields if row.get(item.name) is not None]


def _rows(group: Group, data: dict[str, Any]) -> Iterator[Row]:
    """The plan itself, then every row and object in it that is no bare value, in printed order."""
    yield group, data
    for inner in group.groups:
        value = data.get(inner.name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _rows(inner, item)
