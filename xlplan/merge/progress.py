"""A plan of a later round against what it began with: what is done since, which days were moved, what was learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.form.markers import Kind, Meaning
from xlplan.form.rounds import CHANGES, DONE, FIRST_DUE, LAST_STATUS, LEARNED, NOT_DONE
from xlplan.form.spec import FormSpec, Group
from xlplan.merge.carry_rows import MET


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One row that is due. `number`: its place and those of the rows around it, counted from 1 as in the plan's JSON.

    `counts`: it is asked whether it is done, or how far it is; `now`: the answer in words, `last`: that of the round
    before.
    """

    label: str
    number: str
    text: str
    counts: bool
    now: str | None
    last: str | None
    due: date | None
    first_due: date | None
    learned: str | None
    changes: str | None

    @property
    def done(self) -> bool:
        """Whether it is done, or met, now."""
        return self.now in (DONE, MET)

    @property
    def was_done(self) -> bool:
        """Whether it was so in the round before."""
        return self.last in (DONE, MET)

    @property
    def days(self) -> int | None:
        """By how many days it is due later than at first; None where one of the days is not known."""
        return None if self.due is None or self.first_due is None else (self.due - self.first_due).days

    @property
    def moved(self) -> bool:
        """Whether it is due on another day than at first."""
        return bool(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The activities of a plan, in printed order."""

    activities: tuple[Activity, ...]

    def counts(self) -> dict[str, int]:
        """Of the rows that are asked how far they are: how many there are, are done, are newly so, are answered; of
        all that are due, how many were moved to another day.
        """
        asked = [item for item in self.activities if item.counts]
        return {
            "rows": len(asked),
            "done": sum(item.done for item in asked),
            "newly_done": sum(item.done and not item.was_done for item in asked),
            "moved": sum(item.moved for item in self.activities),
            "answered": sum(item.now is not None for item in asked),
        }

    @property
    def were_done(self) -> int:
        """How many were done in the round before."""
        return sum(item.was_done for item in self.activities if item.counts)


def progress_of(spec: FormSpec, plan: Mapping[str, Any]) -> Progress | None:
    """What became of the activities of a plan; None for one of a first round, which began with nothing."""
    found = list(_activities(spec.root, plan, ""))
    if not any(FIRST_DUE in row for _, _, row in found):
        return None
    return Progress(activities=tuple(_activity(group, number, row) for group, number, row in found))


def _activities(group: Group, data: Any, number: str) -> Iterator[tuple[Group, str, Mapping[str, Any]]]:
    """Each activity of a piece of a plan with its group and number."""
    for inner in group.groups:
        value = data.get(inner.name) if isinstance(data, Mapping) else None
        if inner.slots is None or inner.plain:
            if isinstance(value, Mapping):
                yield from _activities(inner, value, number)
            continue
        for at, row in enumerate(value if isinstance(value, list) else (), 1):
            if not isinstance(row, Mapping):
                continue
            here = f"{number}.{at}" if number else str(at)
            if _name(inner, Meaning.DUE):
                yield inner, here, row
            yield from _activities(inner, row, here)


def _activity(group: Group, number: str, row: Mapping[str, Any]) -> Activity:
    done, status = _name(group, Meaning.DONE), _name(group, Meaning.STATUS)
    said = row.get(status) if status else None
    if done and row.get(done) is not None:
        now: str | None = DONE if row[done] is True else str(said or NOT_DONE)
    else:
        now = str(said) if said is not None else None
    first = next((item.name for item in group.fields if item.kind in (Kind.PROSE, Kind.TEXT)), "")
    return Activity(
        label=group.label, number=number, text=str(row.get(first) or ""), counts=bool(done or status), now=now,
        last=row.get(LAST_STATUS), due=_day(row.get(_name(group, Meaning.DUE))), first_due=_day(row.get(FIRST_DUE)),
        learned=row.get(LEARNED), changes=row.get(CHANGES),
    )  # fmt: skip


def _name(group: Group, meaning: Meaning) -> str:
    """The group's first field of that meaning; empty if it has none."""
    return next((item.name for item in group.fields if item.meaning is meaning), "")


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
