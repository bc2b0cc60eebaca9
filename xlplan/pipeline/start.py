"""Begin a campaign: settings, roster, folders, signing key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign, create, read_roster, select
from xlplan.campaign.settings import Settings
from xlplan.form.spec import FormFacts
from xlplan.pipeline.forms import form_of
from xlplan.templates import template as template_of


def start_campaign(
    folder: Path,
    *,
    template: str,
    roster: Path,
    plan_from: date,
    plan_to: date,
    return_by: date | None = None,
    title: str = "",
    contact: str = "",
    year: str = "",
    districts: Sequence[str] = (),
    dry_run: bool = False,
) -> tuple[Campaign, tuple[str, ...]]:
    """A new campaign folder and remarks about the roster. Raises UsageError or SetupError before anything is written."""
    found = read_roster(roster)
    schools = select(found, list(districts)).schools
    model = template_of(template)
    for name in {school.template or template for school in schools}:
        template_of(name)
    year = year or (
        f"{plan_from.year}-{plan_to.year % 100:02d}" if plan_to.year > plan_from.year else str(plan_from.year)
    )
    settings = Settings(
        id=_id(template, plan_from, folder), template=template, plan_from=plan_from, plan_to=plan_to, return_by=return_by,
        title=title, contact=contact, year=year, slots={}, school_slots={}, optional=(), lists={}, help={}, words={},
        severity={}, from_dates={}, waivers=(), extensions={},
    )  # fmt: skip
    form_of(
        template, FormFacts(plan_from=plan_from, plan_to=plan_to, title=title or model.form.title, year=year)
    )
    if dry_run:
        return Campaign(
            root=folder, settings=settings, roster=type(found)(schools=schools), key=b""
        ), found.notes
    return create(folder, settings, schools), found.notes


def _id(template: str, plan_from: date, folder: Path) -> str:
    """A short campaign id: template, year and a few digits that tell two folders apart."""
    digits = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:4]
    return f"{template[:8].rstrip('-')}-{plan_from.year}-{digits}"
