"""Each counted plan of a campaign as a readable file of its own, in `reports/schools`, or for publishing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.names import copy_name, district_folder
from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError, XlplanError
from xlplan.pipeline.plan_parts import shown
from xlplan.pipeline.publishing import names_of, plans_for_publishing
from xlplan.pipeline.reporting import HTML, PDF, XLSX
from xlplan.pipeline.rolling import Opened, Source
from xlplan.pipeline.status import SchoolState
from xlplan.rollup.public.names import Names
from xlplan.rollup.report.model import Report
from xlplan.rollup.report.school import plan_report, published_plan_report

LIST = "written.json"  # in the folder: what we wrote, by its hash
CHANGED = "is not as it was written, so it was left alone. Move it away, and run the command again."
FORMS = (XLSX, HTML, PDF)
OWN, PUBLISHED = "schools", "schools-published"  # folders in reports


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """One plan's file; not `written` where somebody's own work stands in its place, and `why`."""

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


def sheet_path(campaign: Campaign, item: SchoolState, form: str = XLSX, folder: str = OWN) -> Path:
    """Where a plan's file stands: `reports/schools/<district>/<school>-<template>.xlsx`."""
    school = item.school
    name = copy_name(school.key, school.district, school.school, item.template)
    place = campaign.reports / folder / district_folder(school.district_id, school.district)
    return (place / name).with_suffix(f".{form}")


def written_plans(
    campaigns: Sequence[Opened],
    as_of: date,
    *,
    form: str = XLSX,
    publishing: bool = False,
    dry_run: bool = False,
) -> Iterator[PlanSheet]:
    """Write a file for every plan in the figures, a few in memory at a time, and tell of each.

    `form`: a workbook, a page or a PDF. `publishing`: of each accepted plan one without people, private fields,
    findings and states, in a folder of their own. A file that is not as we wrote it is left alone: somebody has written
    into it, or it is not ours. Raises UsageError for another form.
    """
    if form not in FORMS:
        raise UsageError(
            f'--format: plans are not written as "{form}".{did_you_mean(form, FORMS)} Take one of: {", ".join(FORMS)}.'
        )
    names = names_of(campaigns, as_of) if publishing else None
    for opened in campaigns:
        if names is None:
            yield from _written(opened[0], OWN, form, _own(opened, as_of, form), dry_run)
        else:
            yield from _written(opened[0], PUBLISHED, form, _published(opened, names, as_of, form), dry_run)


Made = Iterator[tuple[SchoolState, bytes]]


def _own(opened: Opened, as_of: date, form: str) -> Made:
    """The plans in the figures, for the district itself."""
    source, sheet = Source(*opened, as_of), _sheet_maker(form)
    for item, record in source.in_figures():
        one = shown(source, item, record)
        if sheet is not None:
            data = sheet(one.spec, one.record, one.findings, one.statuses, state=one.words, as_of=as_of)
        else:
            data = _teller(form)(
                plan_report(one.spec, one.record, one.findings, one.statuses, state=one.state, as_of=as_of)
            )
        yield item, data


def _published(opened: Opened, names: Names, as_of: date, form: str) -> Made:
    """The accepted plans of a campaign for anybody, without persons."""
    sheet = _sheet_maker(form)
    for item, spec, record in plans_for_publishing(opened, names, as_of):
        if sheet is not None:
            data = sheet(spec, record, None, {}, state="", as_of=as_of)
        else:
            data = _teller(form)(published_plan_report(spec, record, as_of=as_of))
        yield item, data


def _sheet_maker(form: str) -> Callable[..., bytes] | None:
    """What makes a workbook, if that is the form."""
    if form != XLSX:
        return None
    from xlplan.rollup.schools.sheet import plan_sheet  # XlsxWriter is of no use to the others

    return plan_sheet


def _teller(form: str) -> Callable[[Report], bytes]:
    """What makes a page or a PDF of a report."""
    if form == PDF:
        from xlplan.rollup.paper import paper_of

        return paper_of
    from xlplan.rollup.page.render import page_of

    return lambda report: "".join(page_of(report)).encode()


def _written(campaign: Campaign, name: str, form: str, plans: Made, dry_run: bool) -> Iterator[PlanSheet]:
    """Write what was made into a folder of the reports, and keep the list of it."""
    folder = campaign.reports / name
    known = _known(folder / LIST)
    try:
        for item, data in plans:
            yield _put(folder, sheet_path(campaign, item, form, name), data, item, known, dry_run=dry_run)
    finally:
        if known and not dry_run:
            text = json.dumps({"schema": 1, "files": dict(sorted(known.items()))}, indent=1)
            write_safely(folder / LIST, text.encode())


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
