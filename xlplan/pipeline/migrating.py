"""Returns on an older version of their template, answered by a copy of the newest with everything poured in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign
from xlplan.findings import Finding
from xlplan.form.upgrade import is_to_place
from xlplan.ledger import REFUSED, IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.check import check_file
from xlplan.pipeline.collect import collect
from xlplan.pipeline.correct import CORRECTION, REVIEW, Corrections
from xlplan.pipeline.generate import by_school, form_facts
from xlplan.pipeline.incoming import File, content_of, files_in, label_of
from xlplan.pipeline.known import context_of
from xlplan.pipeline.matching import placed_by
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.remarks import OpenRemarks

MIGRATED, READY, REPLACED, NOT_DONE = "migrated", "ready", "replaced", "not-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What became of one file: "migrated" (or it was before), "ready" (it is of the newest version), "replaced" (its
    school returned another one since), or "not-done".

    `copy`: the new copy's file within the campaign; `to_place`: what a person has to place in it; `why`: in words,
    where nothing was done.
    """

    file: str
    state: str
    school_id: str | None = None
    template: str | None = None
    came_as: int | None = None
    version: int | None = None
    copy: str | None = None
    already: bool = False
    to_place: tuple[Finding, ...] = ()
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The file's entry in the JSON of `migrate`."""
        return {
            "file": self.file, "state": self.state, "school_id": self.school_id, "template": self.template,
            "from_version": self.came_as, "version": self.version, "copy": self.copy, "already": self.already,
            "to_place": [item.as_json() for item in self.to_place],
        } | ({"why": self.why} if self.why else {})  # fmt: skip


def migrate(
    campaign: Campaign,
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    received: date,
    now: datetime,
    dry_run: bool = False,
    passwords: tuple[str, ...] = (),
) -> list[Migrated]:
    """Every file's new copy, in their order. What is not recorded yet is collected first.

    Raises UsageError for a path that is not there.
    """
    files = files_in(paths)
    collect(campaign, ledger, files, received=received, now=now, dry_run=dry_run, passwords=passwords)
    context = replace(context_of(campaign, ledger, received, passwords=passwords), answered=True)
    remarks = OpenRemarks(campaign, ledger, context)
    corrections = Corrections(campaign, received=received, remarks=remarks.added)
    return [_one(path, campaign, ledger, context, corrections, now, dry_run=dry_run) for path in files]


def _one(
    path: File,
    campaign: Campaign,
    ledger: Ledger,
    context: Context,
    corrections: Corrections,
    now: datetime,
    *,
    dry_run: bool,
) -> Migrated:
    label = label_of(path, campaign.root)
    content = content_of(path, context.passwords)
    if not isinstance(content, bytes):
        return Migrated(file=label, state=NOT_DONE, why=f"{content.message} {content.remedy}")
    stored = ledger.known(sha256(content).hexdigest())
    result = check_file(content, label, replace(context, placed=placed_by(stored)) if stored else context)
    checked = result.checked
    told = Migrated(
        file=label, state=NOT_DONE, school_id=checked.school_id, template=checked.template, came_as=result.came_as,
        version=checked.version,
    )  # fmt: skip
    if result.came_as is None:
        return replace(told, why=f"{checked.findings[0].message} {checked.findings[0].remedy}")
    if checked.school_id is None or result.returned is None:
        why = "Nobody knows whose it is. Say so first: xlplan collect FILE --as SCHOOL"
        return replace(told, why=why)
    if result.came_as == checked.version:
        return replace(told, state=READY)
    later = _later(ledger, result)
    if later is not None:
        return replace(told, state=REPLACED, why=f"Its school has returned {later.file} since.")
    place = tuple(filter(is_to_place, checked.findings))
    told = replace(told, state=MIGRATED, to_place=place)
    before = _before(ledger, result)
    if before is not None:
        if not dry_run and not (campaign.root / before.file).exists():
            corrections.write_again(before, result, corrections.received)
        return replace(told, copy=before.file, already=True)
    if dry_run:
        return replace(
            told, copy=str(corrections.next_file(result, by_school(ledger.copies(checked.school_id)))[1])
        )
    with ExitStack() as written, ledger.recording(now=now) as into:
        copy, form = corrections.make(result, into.copies_of([checked.school_id]), written)
        into.add_form(form.digest, *form_facts(form))
        into.add_copies([copy])
    return replace(told, copy=copy.file)


def _later(ledger: Ledger, result: Result) -> StoredReturn | None:
    """The newest readable return of the same plan, or part of one, that was recorded after a file."""
    checked = result.checked
    same = [
        item
        for item in ledger.returns(school_key=checked.school_id, template=checked.template)
        if item.part == checked.part and item.outcome != REFUSED and not item.erased
    ]
    numbers = [number for number, item in enumerate(same) if item.sha256 == result.sha256]
    return same[-1] if numbers and numbers[-1] < len(same) - 1 else None


def _before(ledger: Ledger, result: Result) -> IssuedCopy | None:
    """The copy of the newest version that answers the file already."""
    checked = result.checked
    copies = [
        copy
        for copy in ledger.copies(checked.school_id, checked.template)
        if copy.kind in (CORRECTION, REVIEW) and copy.inputs_hash == result.sha256
        if copy.version == checked.version
    ]
    return copies[-1] if copies else None
