"""Begin a campaign: settings, roster, folders, signing key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign, School, create, read_roster, select
from xlplan.campaign.settings import Settings
from xlplan.errors import SetupError, UsageError
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
    """A new campaign folder, and remarks about the roster. What raises does so before anything is written."""
    found = read_roster(roster)
    schools = select(found, list(districts)).schools
    model = template_of(template)
    known_templates(schools, template, roster)
    if plan_to < plan_from:
        raise UsageError(f"The last plan day, {plan_to}, is before the first, {plan_from}.")
    year = year or (
        f"{plan_from.year}-{plan_to.year % 100:02d}" if plan_to.year > plan_from.year else str(plan_from.year)
    )
    settings = Settings(
        id=_id(template, plan_from, folder), template=template, plan_from=plan_from, plan_to=plan_to,
        return_by=return_by, title=title, contact=contact, year=year,
        slots={}, school_slots={}, optional=(), lists={}, help={}, words={},
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


def known_templates(schools: Iterable[School], template: str, where: Path) -> None:
    """Raises SetupError where the campaign or a line of its roster names a template that is not there."""
    for name in dict.fromkeys(school.template or template for school in schools):
        try:
            template_of(name)
        except UsageError as error:
            raise SetupError(f"{where}: {error}") from None


def _id(template: str, plan_from: date, folder: Path) -> str:
    """A short campaign id: template, year and a few digits that tell two folders apart."""
    digits = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:4]
    return f"{template[:8].rstrip('-')}-{plan_from.year}-{digits}"
