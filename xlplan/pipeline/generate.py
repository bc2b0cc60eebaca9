"""Write one locked copy per school and record it in the ledger, in roster order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import write_safely
from xlplan.campaign.folder import SETTINGS
from xlplan.campaign.nearest import did_you_mean
from xlplan.campaign.toml_edit import keep_slots
from xlplan.errors import TemplateError, UsageError
from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import Plate, stamp
from xlplan.ledger import CopyRecord, IssuedCopy, Ledger
from xlplan.pipeline.forms import FormOf, form_for, identity_for, known_paths, personal

BATCH = 200  # copies recorded in one transaction


@lru_cache(maxsize=16)
def plate_of(form: FormOf, password: str) -> Plate:
    """The plate of a form, compiled once."""
    return compile_plate(form.layout, password)


def day_line(day: date | None) -> str:
    """A deadline as Start says it: Friday, December 18, 2026."""
    return f"{day:%A, %B} {day.day}, {day.year}" if day else ""


def with_slots(
    campaign: Campaign, keys: Iterable[str], slots: Mapping[str, int], *, dry_run: bool = False
) -> Campaign:
    """The campaign with other capacities for these schools (for all if none is named), kept in campaign.toml.

    Raises UsageError where no template of theirs has such a repeated group; nothing is written then, nor with
    `dry_run`.
    """
    if not slots:
        return campaign
    settings, keys = campaign.settings, list(keys)
    if keys:
        own = {key: {**settings.school_slots.get(key, {}), **slots} for key in keys}
        settings = replace(settings, school_slots={**settings.school_slots, **own})
    else:
        settings = replace(settings, slots={**settings.slots, **slots})
    changed = replace(campaign, settings=settings)
    schools = [school for school in campaign.roster.schools if not keys or school.key in keys]
    names = tuple(dict.fromkeys(map(campaign.template_of, schools)))
    known = frozenset[str]().union(*(known_paths(campaign.model(name))[1] for name in names))
    for path in slots:
        if path not in known:
            said = f"there is no repeated group {path!r} in {' or '.join(names)}."
            raise UsageError(f"--slots: {said}{did_you_mean(path, known)}")
    for school in schools:
        try:
            form_for(changed, school)
        except TemplateError as error:
            raise UsageError(f"--slots: {error}") from None
    if not dry_run:
        keep_slots(campaign.root / SETTINGS, keys, slots)
    return changed


def generate(
    campaign: Campaign,
    ledger: Ledger,
    schools: Iterable[School],
    *,
    now: datetime,
    force: bool = False,
    dry_run: bool = False,
) -> Iterator[CopyRecord]:
    """Make what is missing or changed; yields every school's current copy. Files first, then the ledger, in batches."""
    latest = ledger.latest_copies()
    batch: list[CopyRecord] = []
    for school in schools:
        copy, made = _one(campaign, ledger, school, latest, force=force, dry_run=dry_run, now=now)
        if made and not dry_run:
            batch.append(copy)
        if len(batch) >= BATCH:
            ledger.record_copies(batch, now=now)
            batch = []
        yield copy
    ledger.record_copies(batch, now=now)


def _one(
    campaign: Campaign,
    ledger: Ledger,
    school: School,
    latest: dict[tuple[str, str], IssuedCopy],
    *,
    force: bool,
    dry_run: bool,
    now: datetime,
) -> tuple[CopyRecord, bool]:
    form = form_for(campaign, school)
    name = form.model.form.name
    due = day_line(campaign.settings.due(school.key))
    inputs = _inputs_hash(form, school, due, campaign)
    file = campaign.copy_path(school)
    previous = latest.get((school.key, name))
    same = previous is not None and previous.inputs_hash == inputs
    if previous is not None and same and not force and (campaign.root / file).exists():
        return previous, False
    issue = 1 if previous is None else previous.issue if same or (force and same) else previous.issue + 1
    content = stamp(
        plate_of(form, campaign.settings.password),
        personal(school, identity_for(campaign, school, form, issue), campaign.key, due),
    )
    sha = hashlib.sha256(content).hexdigest()
    copy = CopyRecord(
        school_key=school.key, template=name, version=form.model.form.version, issue=issue, file=str(file), sha256=sha,
        digest=form.digest, inputs_hash=inputs,
    )  # fmt: skip
    if not dry_run:
        ledger.record_form(
            form.digest, name, form.model.form.version, form.layout.spec.facts.as_json(), now=now
        )
        write_safely(campaign.root / file, content)
    return copy, True


def _inputs_hash(form: FormOf, school: School, due: str, campaign: Campaign) -> str:
    inputs = [
        form.digest,
        school.school_id,
        school.school,
        school.district_id,
        school.district,
        due,
        bool(campaign.settings.password),
    ]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()
