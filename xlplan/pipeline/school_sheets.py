"""Each counted plan of a campaign as a readable workbook of its own, in `reports/schools`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.names import copy_name, district_folder
from xlplan.errors import XlplanError
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.rolling import Opened, Source
from xlplan.pipeline.status import SchoolState
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.schools.sheet import plan_sheet
from xlplan.rollup.sheets.naming import STATES
from xlplan.rollup.vocabulary import Vocabulary

LIST = "written.json"  # in the folder: what we wrote, by its hash
CHANGED = "is not as it was written, so it was left alone. Move it away, and run the command again."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """One plan's workbook; not `written` where somebody's own work stands in its place, and `why`."""

    file: Path
    school_id: str
    template: str
    written: bool
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry of the command's document."""
        return {
            "file": self.file.as_posix(), "school_id": self.school_id, "template": self.template,
            "written": self.written, "why": self.why,
        }  # fmt: skip


def sheet_path(campaign: Campaign, item: SchoolState) -> Path:
    """Where a plan's workbook stands: `reports/schools/<district>/<school>-<template>.xlsx`."""
    school = item.school
    name = copy_name(school.key, school.district, school.school, item.template)
    return campaign.reports / "schools" / district_folder(school.district_id, school.district) / name


def written_plans(campaigns: Sequence[Opened], as_of: date, *, dry_run: bool = False) -> Iterator[PlanSheet]:
    """Write a workbook for every plan in the figures, a few in memory at a time, and tell of each.

    A file that is not as we wrote it is left alone: somebody has written into it, or it is not ours.
    """
    for campaign, ledger in campaigns:
        source, forms = Source(campaign, ledger, as_of), CarriedPlans(campaign, ledger)
        folder = campaign.reports / "schools"
        known = _known(folder / LIST)
        try:
            for item, record in source.in_figures():
                data = _workbook(forms, source.reader(item.template), item, record, as_of)
                yield _put(folder, sheet_path(campaign, item), data, item, known, dry_run=dry_run)
        finally:
            if known and not dry_run:
                text = json.dumps({"schema": 1, "files": dict(sorted(known.items()))}, indent=1)
                write_safely(folder / LIST, text.encode())


def _workbook(
    forms: CarriedPlans, reader: Vocabulary, item: SchoolState, record: PlanRecord, as_of: date
) -> bytes:
    activities = reader.facts(record, "")["activities"]
    statuses = {str(row["path"]): str(row["status"]) for row in activities}
    draft = "Draft, not accepted yet" if record.draft else STATES.get(item.state, item.state)[2:]
    counted = item.counted
    same = item.about is None or counted is None or item.about.id == counted.id
    findings = item.shown if same or counted is None else counted.findings
    return plan_sheet(
        forms.form(item.school).layout.spec, record, findings, statuses, state=draft, as_of=as_of
    )


def _put(
    folder: Path, path: Path, data: bytes, item: SchoolState, known: dict[str, str], *, dry_run: bool
) -> PlanSheet:
    name, digest, why = path.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest(), ""
    if path.exists():
        before = hashlib.sha256(read_bytes(path)).hexdigest()
        why = "" if before in (digest, known.get(name)) else CHANGED
    if not why and not dry_run:
        write_safely(path, data)
        known[name] = digest
    return PlanSheet(file=path, school_id=item.school.key, template=item.template, written=not why, why=why)


def _known(path: Path) -> dict[str, str]:
    """What we wrote before, by its path; nothing where there is no list."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(read_bytes(path))["files"]
        return {str(name): str(digest) for name, digest in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise XlplanError(
            f"{path}: is not the list that this command writes. Move it away, and its workbooks too if they are to "
            "be written anew."
        ) from None
