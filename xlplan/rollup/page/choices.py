"""What a reader chooses plans by: districts, schools, templates, states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from xlplan.form.text import harmless
from xlplan.rollup.report.model import PlanKey, Report

One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a list: `value` stands in links, `label` is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The lists, each empty where there is nothing to choose. `plans`: plan, district, school, template, state."""

    districts: tuple[Choice, ...] = ()
    schools: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    plans: tuple[tuple[int, str, str, str, str], ...] = ()


def choices_of(report: Report) -> Choices:
    """The choices of a report."""
    keys = report.plans
    names = {_district(key): harmless(key.district or key.district_id) for key in keys}
    named = Counter(names.values())
    districts = {value: name if named[name] == 1 else f"{name} ({value})" for value, name in names.items()}
    schools = Counter((_school(key), _district(key)) for key in keys)
    many = Counter(school for school, _ in schools)
    called = {
        key.plan: f"{_school(key)}, {districts[_district(key)]}" if many[_school(key)] > 1 else _school(key)
        for key in keys
    }
    return Choices(
        districts=_several(
            Choice(value=value, label=label)
            for value, label in sorted(districts.items(), key=lambda item: (item[1], item[0]))
        ),
        schools=_several(sorted(set(called.values()))),
        templates=_several(dict.fromkeys(harmless(key.template) for key in keys)),
        states=_several(dict.fromkeys(harmless(key.state) for key in keys)),
        statuses=report.statuses if keys else (),
        plans=tuple(
            (key.plan, _district(key), called[key.plan], harmless(key.template), harmless(key.state)) for key in keys
        ),
    )  # fmt: skip


def _several(found: Iterable[One]) -> tuple[One, ...]:
    every = tuple(found)
    return every if len(every) > 1 else ()


def _district(key: PlanKey) -> str:
    return harmless(key.district_id or key.district)


def _school(key: PlanKey) -> str:
    return harmless(key.school or key.district or key.district_id)
