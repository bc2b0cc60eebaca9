"""Begin a campaign: settings, roster, folders, signing key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign, Roster, School, create, select
from xlplan.campaign.files import read_bytes
from xlplan.campaign.settings import Settings
from xlplan.errors import SetupError, UsageError
from xlplan.form.plan import Plan
from xlplan.form.spec import FormFacts
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.rosters import roster_in
from xlplan.templates import is_source
from xlplan.templates import template as model_of
from xlplan.templates.own import parts_of, translations_of


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
    """A new campaign folder, and remarks about the roster. What raises does so before anything is written.

    A district's own template is copied into the folder, so that the campaign is whole in itself.
    """
    found = roster_in(roster)
    kept = Kept(folder)
    main, model = kept.template(template, Path())
    schools = with_kept(select(found, list(districts)), kept, roster)
    check_window(plan_from, plan_to)
    year = year or year_of(plan_from, plan_to)
    settings = Settings(
        id=new_id(model.form.name, plan_from, folder), template=main, plan_from=plan_from, plan_to=plan_to,
        return_by=return_by, title=title, contact=contact, year=year,
    )  # fmt: skip
    for one in (model, *kept.models.values()):
        form_with(
            one, FormFacts(plan_from=plan_from, plan_to=plan_to, title=title or one.form.title, year=year)
        )
    if dry_run:
        return Campaign(root=folder, settings=settings, roster=Roster(schools=schools), key=b""), found.notes
    return create(folder, settings, schools, kept.files), found.notes


def check_window(plan_from: date, plan_to: date) -> None:
    """Nothing, or a UsageError where the last plan day is before the first."""
    if plan_to < plan_from:
        raise UsageError(f"The last plan day, {plan_to}, is before the first, {plan_from}.")


def year_of(plan_from: date, plan_to: date) -> str:
    """What people call the school year of these days."""
    if plan_to.year > plan_from.year:
        return f"{plan_from.year}-{plan_to.year % 100:02d}"
    return str(plan_from.year)


@dataclass(slots=True)
class Kept:
    """The district's own templates as the campaign folder will hold them."""

    folder: Path
    files: dict[str, bytes] = field(default_factory=dict)
    models: dict[str, type[Plan]] = field(default_factory=dict)
    taken: dict[str, Path] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)  # name → file and class, as they stand now
    named: dict[str, str] = field(default_factory=dict)  # what the settings say → name

    def template(self, name: str, relative_to: Path) -> tuple[str, type[Plan]]:
        """What the settings say for a template, and its model. Raises UsageError and TemplateError as `template`."""
        if not is_source(name):
            model = model_of(name)
            if model.form.name != name:  # an older version by its number
                self.named[name], self.sources[model.form.name] = model.form.name, name
            return name, model
        path, model_name = parts_of(name)
        path = (relative_to / path).absolute()
        model = model_of(f"{path}:{model_name}" if model_name else str(path))
        written = f"{self._place(path)}:{model_name}"
        self.named[written] = model.form.name
        self.sources[model.form.name] = f"{path.as_posix()}:{model_name}"
        if self.models.setdefault(model.form.name, model) is not model:
            raise SetupError(
                f"{path}: another template of this campaign has the name {model.form.name!r} too."
            )
        return written, model

    def _place(self, path: Path) -> str:
        """Where the file stands in the folder, or will."""
        try:
            return path.resolve().relative_to(self.folder.resolve()).as_posix()
        except ValueError:
            pass
        if self.taken.setdefault(path.name, path) != path:
            raise UsageError(
                f"{path}: another template's file is called {path.name} too. Rename one of the two."
            )
        self.files[path.name] = read_bytes(path)
        for file in filter(Path.is_file, translations_of(path)):
            self.files[file.name] = read_bytes(file)
        return path.name


def with_kept(roster: Roster, kept: Kept, where: Path) -> tuple[School, ...]:
    """The schools, each line's own template as the folder will hold it."""
    written = {"": ""}
    for name in dict.fromkeys(school.template for school in roster.schools if school.template):
        try:
            written[name], _ = (name, None) if name in kept.models else kept.template(name, where.parent)
        except UsageError as error:
            raise SetupError(f"{where}: {error}") from None
    return tuple(replace(school, template=written[school.template]) for school in roster.schools)


def new_id(template: str, plan_from: date, folder: Path) -> str:
    """A short campaign id: template, year and a few digits that tell two folders apart."""
    digits = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:4]
    return f"{template[:8].rstrip('-')}-{plan_from.year}-{digits}"
