"""What pydantic finds wrong, said in words at the cell; silent where the cell, or its sheet, is told of already.

A begun row that lacks three required answers or more is told once, of the row: its finding has the row's path and the
first empty cell, and names the others. One or two are told each at their own cell, where somebody looks for them; so
are the boxes of a sheet, which do not stand side by side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, Group
from xlplan.intake.answers import Answers
from xlplan.intake.plan_data import PlanData, Spot
from xlplan.intake.values import in_words
from xlplan.intake.window import beyond
from xlplan.intake.words import all_of
from xlplan.layout.rows import escaped

_MARKED = re.compile(": (?:mark|marque) ")  # where a label of ticks says how to answer
MANY = 3  # empty cells of one row that are told as one
_EMPTY = ("missing", "string_type", "too_short")  # pydantic's words for what is not there
_OURS = ("one-of", "row-needed")  # told in `conditions`, whatever else is wrong


def explain(answers: Answers, data: PlanData, errors: Iterable[Any]) -> None:
    """Findings for pydantic's errors about the plan's data."""
    _Explaining(answers, data).all(errors)


@dataclass(slots=True)
class _Explaining:
    answers: Answers
    data: PlanData
    empty: dict[str, list[Spot]] = field(default_factory=lambda: defaultdict(list))

    def all(self, errors: Iterable[Any]) -> None:
        for error in errors:
            loc = tuple(error["loc"])
            if error["type"] not in _OURS and not (loc and loc[0] in HEADER):
                self._one(error["type"], self.data.spot(loc))
        for row, spots in self.empty.items():
            self._lacking(row, spots)

    def _one(self, kind: str, spot: Spot) -> None:
        path, member = spot.path, spot.member
        if self.answers.gone(path) or self.answers.unread(path):
            return
        if kind in _EMPTY:
            if isinstance(member, Field) and member.required:  # else a table, or optional in this campaign
                self.empty[spot.row].append(spot)
        elif kind == "range":
            self.answers.say(
                path, "range", found=self.answers.text(path), beyond=self._beyond(path), todo=self._todo()
            )
        else:
            wanted, todo = "an answer that this box takes", "Type it again."
            self.answers.say(path, "type", found=self.answers.text(path), wanted=wanted, todo=todo)

    def _lacking(self, row: str, spots: list[Spot]) -> None:
        group = spots[0].group
        if len(spots) < MANY or group.slots is None or group.display == "sheets":
            for spot in spots:
                self._missing(spot)
            return
        spots = sorted(spots, key=self._printed)
        cells = [self.answers.where(_first(spot))[1] or "" for spot in spots]
        place = self.answers.place(_first(spots[0])) or group.noun
        label = f"In {place} each of {all_of([_label(spot.member) for spot in spots])}"
        todo = f"Fill in {all_of(cells)}."
        self.answers.say(row, "missing", at=_first(spots[0]), label=label, cells=", ".join(cells), todo=todo)

    def _printed(self, spot: Spot) -> tuple[int, int]:
        ref = self.answers.layout.cell_of(_first(spot))
        return (ref.row, ref.column) if ref else (0, 0)

    def _missing(self, spot: Spot) -> None:
        ticks = isinstance(spot.member, Field) and spot.member.ticks
        place = "" if ticks else self.answers.place(_first(spot))
        label = _label(spot.member)
        label = f"{label} of {place}" if place else label
        todo = "Mark at least one with x." if ticks else "Fill it in."
        self.answers.say(spot.path, "missing", at=_first(spot), label=label, todo=todo)

    def _beyond(self, path: str) -> str:
        window, value = self.answers.layout.spec.facts.window, self.answers.values.get(path)
        if not isinstance(value, date):
            return "beyond what this box takes"
        return beyond(value, window.last, f"before {in_words(window.first_record)}")

    def _todo(self) -> str:
        window = self.answers.layout.spec.facts.window
        return f"Enter a date from {in_words(window.first_record)} to {in_words(window.last)}."


def _first(spot: Spot) -> str:
    """The path of the answer's cell; the first one, where it has several."""
    item = spot.member
    if not isinstance(item, Field) or not item.many:
        return spot.path
    return f"{spot.path}[{escaped(item.choices[0]) if item.choices else 0}]"


def _label(member: Field | Group | None) -> str:
    return _MARKED.split(member.label)[0] if member else ""
