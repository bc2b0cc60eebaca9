"""The five plan templates, by name, and a district's own, by file and class; each reads like its paper form.

An older version of a template is named with its number, as in "sfss@1".
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.form.plan import Plan

_MODELS = {
    "sfss": ("sfss", "SfssPlan"),
    "data-team": ("data_team", "DataTeamPlan"),
    "planning-process": ("planning_process", "PlanningProcessPlan"),
    "planning-for-success": ("planning_for_success", "PlanningForSuccessPlan"),
    "strong-systems": ("strong_systems", "StrongSystemsPlan"),
}
_PAST = {("sfss", 1): ("past.sfss_1", "SfssPlan1")}
TEMPLATES = tuple(_MODELS)
NO_OTHERS: Mapping[str, str] = MappingProxyType({})


def template(name: str, own: Mapping[str, str] = NO_OTHERS) -> type[Plan]:
    """The template's model: one of the five ("sfss", or "sfss@1" for an older version), one of `own` (name → what
    stands for it), or a source "ours.py:OurPlan".

    A source's file is run, so it is named by people and settings alone, never by a returned file. Raises
    UsageError where there is no such template, file or class, and TemplateError where the file is at fault.
    """
    source = own.get(name, name)
    if source in _MODELS:
        return _shipped(_MODELS[source])
    if is_pinned(source):
        name, _, version = source.partition("@")
        newest = _shipped(_MODELS[name])
        found = older(newest, int(version))
        if found is None:
            there = ", ".join(f"{name}@{number}" for number in versions(newest))
            raise UsageError(f"There is no version {version} of {name}. There are: {there}.")
        return found
    if is_source(source):
        from xlplan.templates.own import load  # it needs the models, which --help does without

        return load(source)
    raise UsageError(
        f"There is no template {name!r}. There are: {', '.join((*TEMPLATES, *own))}. "
        "A template of your own is named by its file and class, such as ours.py:OurPlan."
    )


def versions(model: type[Plan]) -> tuple[int, ...]:
    """The versions of a template that there are up to this one, oldest first."""
    numbers = range(1, model.form.version + 1)
    return tuple(number for number in numbers if older(model, number) is not None)


def is_pinned(name: str) -> bool:
    """Whether one of the five templates is named with a version, as in "sfss@1"."""
    known, at, version = name.partition("@")
    return bool(at) and known in _MODELS and version.isascii() and version.isdigit()


def older(model: type[Plan], version: int) -> type[Plan] | None:
    """The template in that version: itself, a past one, or one that stands beside it in a district's own file."""
    form = model.form
    if version == form.version:
        return model
    if (form.name, version) in _PAST:
        return _shipped(_PAST[form.name, version])
    beside = vars(sys.modules[model.__module__]).values()
    return next(
        (
            item
            for item in beside
            if isinstance(item, type) and getattr(getattr(item, "form", None), "name", "") == form.name
            if item.form.version == version  # type: ignore[attr-defined]  # it has a form
        ),
        None,
    )


def _shipped(place: tuple[str, str]) -> type[Plan]:
    module, model = place
    found: type[Plan] = getattr(import_module(f"xlplan.templates.{module}"), model)
    return found


def is_source(name: str) -> bool:
    """Whether a template is named by its file, as in "ours.py:OurPlan"."""
    return name.endswith(".py") or ".py:" in name
