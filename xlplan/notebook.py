"""A campaign in a notebook: typed plans, and every table as a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from xlplan.campaign import Campaign, find_campaign, open_campaign
from xlplan.errors import UsageError
from xlplan.form.plan import Plan
from xlplan.ledger import Ledger
from xlplan.pipeline.exporting import tables_of
from xlplan.pipeline.rolling import Source, row_prefix
from xlplan.rollup.frames import Frame, frame_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What `load` gives. It is a copy: whatever is done with it changes nothing in the campaign.

    `plans`: by the school's key the plan that counts, as its template's model; a plan on another template than the
    campaign's own by "KEY/TEMPLATE". `untyped`: those that the model does not hold, such as drafts, as plain data.
    `frames`: every table by the name that it has in an export, drafts as the campaign counts them.
    """

    campaign: str
    title: str
    as_of: date
    plans: Mapping[str, Plan] = field(repr=False)
    untyped: Mapping[str, Mapping[str, Any]] = field(repr=False)
    frames: Mapping[str, Frame] = field(repr=False)

    @property
    def schools(self) -> Frame:
        """One row for each school and template on the roster, whether its plan has come back or not."""
        return self.frames["all_plans"]

    @property
    def activities(self) -> Frame:
        """Every step, action or benchmark with an owner and a day, of all templates."""
        return self.frames["all_activities"]

    @property
    def money(self) -> Frame:
        """Every amount: what is spent, and apart from it what is freed."""
        return self.frames["all_money"]

    @property
    def causes(self) -> Frame:
        """Every root cause in the schools' own words."""
        return self.frames["all_causes"]

    @property
    def benchmarks(self) -> Frame:
        """Every benchmark: of the process, and of early evidence."""
        return self.frames["all_benchmarks"]

    @property
    def people(self) -> Frame:
        """Everybody a plan names, by what they do in it."""
        return self.frames["all_people"]

    @property
    def needs(self) -> Frame:
        """What plans ask for: rules, roles, supports, resources."""
        return self.frames["all_needs"]

    @property
    def priorities(self) -> Frame:
        """One row for each connection of a strategy with a priority."""
        return self.frames["all_priorities"]

    @property
    def completeness(self) -> Frame:
        """How much of the required answers is in, by sheet of the plan."""
        return self.frames["all_completeness"]

    @property
    def findings(self) -> Frame:
        """What was found in the return that counts, or else in the newest."""
        return self.frames["all_findings"]

    @property
    def progress(self) -> Frame:
        """In rounds after the first, what became of each activity."""
        return self.frames["all_progress"]


def load(campaign: str | PathLike[str] | None = None, as_of: date | None = None) -> Loaded:
    """Plans and tables of the campaign in this folder (the current one if not given), as of a day (today).

    Writes nothing. Raises UsageError if there is no campaign, SetupError for its faults.
    """
    found = open_campaign(Path(campaign)) if campaign is not None else find_campaign()
    if found is None:
        raise UsageError("This folder holds no campaign.toml. Name the campaign's folder.")
    day = as_of or date.today()
    with Ledger.open_to_ask(found.ledger_url) as ledger:
        plans, untyped = _plans(found, ledger, day)
        with tables_of(found, ledger, day) as tables:
            frames = {table.name: frame_of(table) for table in tables}
    title = found.settings.title or found.model(found.template).form.title
    return Loaded(
        campaign=found.settings.id, title=title, as_of=day, plans=plans, untyped=untyped, frames=frames
    )


def _plans(
    campaign: Campaign, ledger: Ledger, as_of: date
) -> tuple[dict[str, Plan], dict[str, Mapping[str, Any]]]:
    typed: dict[str, Plan] = {}
    untyped: dict[str, Mapping[str, Any]] = {}
    source = Source(campaign, ledger, as_of)
    for item, record in source.records():
        form, key = source.forms.form(item.school), row_prefix(campaign, item)
        context = {"window": form.layout.spec.facts.window}
        try:
            typed[key] = form.model.model_validate(record.plan, context=context)
        except ValidationError:
            untyped[key] = record.plan
    return typed, untyped
