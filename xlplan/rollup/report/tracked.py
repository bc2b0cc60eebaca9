"""What a status page tells, as values: plans, what was found in them, and the files that came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from xlplan.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedFile:
    """A file that came in. `said` and `todo`: what it is and what to do, where it is nobody's plan."""

    file: str
    day: date
    time: str
    outcome: str
    school_key: str = ""
    school: str = ""
    template: str = ""
    said: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedPart:
    """A part of a plan that comes in parts. `state`: not-issued, issued, rejected or accepted."""

    title: str
    state: str
    returns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRemark:
    """What a reader of the plan asked for, and where."""

    place: str
    text: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedPlan:
    """A school's plan. `number`: its place in the roster, from 1; `id`: its part of the page; `key`: school, template.

    `sections`: of each the required answers (filled, all); `findings`: those of the return that `state` is of; `todo`:
    what the district does now, empty where it waits; `progress`: counts of a round after the first.
    """

    number: int
    id: str
    key: tuple[str, str]
    school: str
    district_id: str
    district: str
    template: str
    state: str
    late: bool = False
    late_words: str = ""
    issued: int | None = None
    returns: int = 0
    fix: int = 0
    check: int = 0
    sections: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    todo: str = ""
    notes: tuple[str, ...] = ()
    remarks: tuple[TrackedRemark, ...] = ()
    findings: tuple[Finding, ...] = ()
    about: TrackedFile | None = None
    files: tuple[TrackedFile, ...] = ()
    parts: tuple[TrackedPart, ...] = ()
    progress: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """A campaign at a day. `at`: the moment, where it is told; `plans`: what needs work first.

    `arrivals`: newest first; `loose`: files that are nobody's plan; `returned`: how many files came in.
    """

    title: str
    as_of: date
    at: datetime | None
    due: date | None
    plans: tuple[TrackedPlan, ...]
    arrivals: tuple[TrackedFile, ...]
    loose: tuple[TrackedFile, ...]
    returned: int

    @cached_property
    def several_districts(self) -> bool:
        """Whether a school has to be named with its district."""
        return len({plan.district_id for plan in self.plans}) > 1

    @cached_property
    def _plans_of(self) -> Mapping[str, int]:
        count: dict[str, int] = {}
        for plan in self.plans:
            count[plan.key[0]] = count.get(plan.key[0], 0) + 1
        return count

    def name_of(self, plan: TrackedPlan) -> str:
        """A school with what tells its plan from others."""
        name = plan.school
        if self.several_districts and plan.school != plan.district:
            name += f" · {plan.district}"
        if self._plans_of[plan.key[0]] > 1:
            name += f" · {plan.template}"
        return name
