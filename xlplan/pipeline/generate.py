"""Write one locked copy per school, or one per part of its plan, and record it in the ledger, in roster order."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import sweep, write_safely
from xlplan.campaign.folder import SETTINGS
from xlplan.campaign.nearest import did_you_mean
from xlplan.campaign.toml_edit import keep_slots, keep_split
from xlplan.campaign.toml_write import split_value
from xlplan.errors import TemplateError, UsageError
from xlplan.excel.plate import pour, stamp
from xlplan.form.parts import Part
from xlplan.form.rounds import STATUS_ROUND
from xlplan.languages import day_in_words, speaking
from xlplan.ledger import CopyRecord, IssuedCopy, Ledger
from xlplan.merge.carry_record import Carried
from xlplan.pipeline.carried import CarriedPlans, begun_cells
from xlplan.pipeline.forms import FormOf, form_for, identity_for, known_paths, personal, plate_for
from xlplan.pipeline.sealed import seal_of

BATCH = 200  # copies recorded in one transaction


@lru_cache(maxsize=64)
def day_line(day: date | None, language: str = "") -> str:
    """A deadline as Start says it: Friday, December 18, 2026; viernes, 18 de diciembre de 2026."""
    with speaking(language):
        return day_in_words(day, weekday=True) if day else ""


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


def with_split(
    campaign: Campaign, keys: Iterable[str], split: bool | None, *, dry_run: bool = False
) -> Campaign:
    """The campaign with the plans of these schools (of all if none is named) split or whole, kept in campaign.toml.

    None changes nothing; nothing is written with `dry_run`.
    """
    settings, keys = campaign.settings, set(keys)
    if split is None:
        return campaign
    if split and settings.round == STATUS_ROUND:
        raise UsageError(
            "--split: the mid-year check goes out as one workbook, since most of a plan is locked in it."
        )
    everybody = tuple(dict.fromkeys(school.key for school in campaign.roster.schools))
    now = tuple(key for key in everybody if settings.is_split(key))
    wanted = tuple(key for key in everybody if (split if not keys or key in keys else key in now))
    if wanted == now and (keys or settings.split is split):
        return campaign
    all_ = not keys and split
    changed = replace(settings, split=all_, split_schools=() if all_ else wanted)
    if not dry_run:
        keep_split(campaign.root / SETTINGS, split_value(changed))
    return replace(campaign, settings=changed)


def generate(
    campaign: Campaign,
    ledger: Ledger,
    schools: Iterable[School],
    *,
    now: datetime,
    force: bool = False,
    dry_run: bool = False,
) -> Iterator[CopyRecord]:
    """Make what is missing or changed; yields every school's current copy.

    Files first, then the ledger, in batches: each is numbered, written and recorded while nobody else can.
    """
    carried = CarriedPlans(campaign, ledger)
    last: dict[tuple[str, str], int] = {}
    if not dry_run:
        sweep(campaign.copies)
    for batch in _batches((school, part) for school in schools for part in parts_for(campaign, school)):
        wanted = [_wanted(carried, school, part) for school, part in batch]
        if dry_run:
            issued = by_school(ledger.copies_of(school.key for school, _ in batch))
            yield from (_one(campaign, one, issued, last, force=force)[0] for one in wanted)
            continue
        for one in wanted:  # compiling takes long, and others may be waiting for the ledger
            plate_for(campaign, one.form)
        with ledger.recording(now=now) as into:
            issued = into.copies_of(school.key for school, _ in batch)
            last.clear()  # what was given out before is among those issued
            made: list[CopyRecord] = []
            written: list[CopyRecord] = []
            forms: dict[str, FormOf] = {}
            for one in wanted:
                copy, content = _one(campaign, one, issued, last, force=force)
                made.append(copy)
                if content is not None:
                    write_safely(campaign.root / copy.file, content)
                    written.append(copy)
                    forms[one.form.digest] = one.form
            for form in forms.values():
                into.add_form(form.digest, *form_facts(form))
            into.add_copies(written)
        yield from made


def _batches(plans: Iterable[tuple[School, Part | None]]) -> Iterator[list[tuple[School, Part | None]]]:
    waiting = iter(plans)
    while batch := list(islice(waiting, BATCH)):
        yield batch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A copy that a school is to have. `carried`: what a former round left of its plan; `base`: that record's hash."""

    school: School
    part: Part | None
    form: FormOf
    carried: Carried | None
    base: str | None


def _wanted(plans: CarriedPlans, school: School, part: Part | None) -> _Wanted:
    record, carried = plans.record(school), plans.of(school)
    form = plans.form(school, key_of(part))
    base = record.sha256 if record and carried else None
    return _Wanted(school=school, part=part, form=form, carried=carried, base=base)


def parts_for(campaign: Campaign, school: School) -> tuple[Part | None, ...]:
    """The parts that a school's copies are of; None stands for the whole plan."""
    if not campaign.settings.is_split(school.key):
        return (None,)
    return form_for(campaign, school).layout.spec.parts


def key_of(part: Part | None) -> str:
    """The key of a part, as form facts have it."""
    return part.key if part else ""


def by_school(copies: Iterable[IssuedCopy]) -> dict[tuple[str, str], list[IssuedCopy]]:
    """Copies by school key and template, in the order of their issue numbers."""
    found: dict[tuple[str, str], list[IssuedCopy]] = defaultdict(list)
    for copy in sorted(copies, key=lambda copy: copy.issue):
        found[copy.school_key, copy.template].append(copy)
    return found


def form_facts(form: FormOf) -> tuple[str, int, dict[str, Any], bytes]:
    """A form's template, version, facts and what is locked in it, as the ledger keeps them under its digest."""
    return form.model.form.name, form.model.form.version, form.layout.spec.facts.as_json(), seal_of(form)


def _one(
    campaign: Campaign,
    wanted: _Wanted,
    issued: Mapping[tuple[str, str], Sequence[IssuedCopy]],
    last: dict[tuple[str, str], int],
    *,
    force: bool,
) -> tuple[CopyRecord, bytes | None]:
    """A school's current copy, or that of a part, and its bytes if it has to be written.

    `last`: the last number given out beside those issued; a new copy adds its own.
    """
    school, part, form = wanted.school, wanted.part, wanted.form
    name, language = form.model.form.name, form.layout.spec.facts.language
    due = day_line(campaign.settings.due(school.key), language)
    inputs = _inputs_hash(form, school, due, campaign, wanted.base)
    file = campaign.copy_path(school, part.slug if part else "")
    before = issued.get((school.key, name), ())
    alike = (copy for copy in reversed(before) if copy.kind == "fresh" and copy.part == key_of(part))
    previous = next(alike, None)
    same = previous is not None and previous.inputs_hash == inputs
    if previous is not None and same and not force and (campaign.root / file).exists():
        return previous, None
    if previous is not None and same:
        issue = previous.issue
    else:
        issue = max(next_issue(before), last.get((school.key, name), 0) + 1)
        last[school.key, name] = issue
    plate = plate_for(campaign, form)
    facts = personal(school, identity_for(campaign, school, form, issue), campaign.key, due, language)
    if wanted.carried is not None:
        content = pour(plate, facts, begun_cells(form, wanted.carried))
    else:
        content = stamp(plate, facts)
    copy = CopyRecord(
        school_key=school.key, template=name, version=form.model.form.version, issue=issue, file=str(file),
        sha256=hashlib.sha256(content).hexdigest(), digest=form.digest, inputs_hash=inputs,
        part=key_of(part), base=wanted.base,
    )  # fmt: skip
    return copy, content


def next_issue(before: Sequence[CopyRecord]) -> int:
    """The issue number after those of a school's copies."""
    return max((copy.issue for copy in before), default=0) + 1


def _inputs_hash(form: FormOf, school: School, due: str, campaign: Campaign, base: str | None) -> str:
    inputs: list[object] = [
        form.digest,
        school.school_id,
        school.school,
        school.district_id,
        school.district,
        due,
        bool(campaign.settings.password),
    ]
    if base is not None:
        inputs.append(base)
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()
