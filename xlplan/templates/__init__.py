"""The five plan templates, by name; each module reads like its paper form."""

from __future__ import annotations

from importlib import import_module
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


def template(name: str) -> type[Plan]:
    """The template's model. Raises UsageError naming the templates there are."""
    if name not in _MODELS:
        raise UsageError(f"There is no template {name!r}. There are: {', '.join(TEMPLATES)}.")
    module, model = _MODELS[name]
    found: type[Plan] = getattr(import_module(f"xlplan.templates.{module}"), model)
    return found
