"""The five plan templates, by name, and a district's own, by file and class; each reads like its paper form."""

from __future__ import annotations

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
TEMPLATES = tuple(_MODELS)
NO_OTHERS: Mapping[str, str] = MappingProxyType({})


def template(name: str, own: Mapping[str, str] = NO_OTHERS) -> type[Plan]:
    """The template's model: one of the five, one of `own` (name → source), or a source "ours.py:OurPlan".

    A source's file is run, so it is named by people and settings alone, never by a returned file. Raises
    UsageError where there is no such template, file or class, and TemplateError where the file is at fault.
    """
    if name in _MODELS:
        module, model = _MODELS[name]
        found: type[Plan] = getattr(import_module(f"xlplan.templates.{module}"), model)
        return found
    source = own.get(name, name)
    if is_source(source):
        from xlplan.templates.own import load  # it needs the models, which --help does without

        return load(source)
    raise UsageError(
        f"There is no template {name!r}. There are: {', '.join((*TEMPLATES, *own))}. "
        "A template of your own is named by its file and class, such as ours.py:OurPlan."
    )


def is_source(name: str) -> bool:
    """Whether a template is named by its file, as in "ours.py:OurPlan"."""
    return name.endswith(".py") or ".py:" in name
