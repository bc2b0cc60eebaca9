"""A campaign with what came back: copies generated, answers in them, as many as a state sends."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from html import escape
from io import BytesIO
from pathlib import Path

from benchmarks.subjects import many_schools
from xlplan.campaign import Campaign, open_campaign
from xlplan.excel.package import Part, assemble, deflated
from xlplan.excel.plate import TOKEN, pour
from xlplan.intake.pour import poured
from xlplan.ledger import Ledger
from xlplan.pipeline.forms import FormOf, form_for, identity_for, personal, plate_of
from xlplan.pipeline.generate import day_line, generate
from xlplan.pipeline.start import start_campaign
from xlplan.samples import sample_plans
from xlplan.samples.variation import varied

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RECEIVED = date(2026, 12, 1)
PLANS = 40  # different ones; every tenth of them has an error
FOLDERS = 500  # files in one folder of returns


def started(folder: Path, schools: int) -> Campaign:
    """A campaign of sfss for so many schools."""
    start_campaign(
        folder, template="sfss", roster=many_schools(folder.with_suffix(".csv"), schools),
        plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30), return_by=date(2026, 12, 18),
        contact="plans@district.example", year="2026-27",
    )  # fmt: skip
    return open_campaign(folder)


def campaign_of(folder: Path, schools: int) -> Campaign:
    """The same with its copies generated and recorded."""
    campaign = started(folder, schools)
    with Ledger.open(campaign.ledger_url) as ledger:
        for _ in generate(campaign, ledger, campaign.roster.schools, now=NOW):
            pass
    return campaign


def returned(campaign: Campaign, count: int) -> Iterator[Path]:
    """The returns of the first so many schools, written to folders in returns/: filled by samples, all different files.

    Every tenth plan has a date that is no date, and so is rejected and gets a correction copy.
    """
    schools = campaign.roster.schools[:count]
    form = form_for(campaign, schools[0])
    blanks = [_parts(pour(plate_of(form, ""), {}, typed)) for typed in _answers(form)]
    due = day_line(campaign.settings.due(schools[0].key))
    for number, school in enumerate(schools):
        facts = personal(school, identity_for(campaign, school, form, 1), campaign.key, due)
        file = campaign.returns / f"{number // FOLDERS:03}" / f"{school.key}.xlsx"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(_signed(blanks[number % PLANS], facts))
        yield file


def _answers(form: FormOf) -> Iterator[Mapping[str, object]]:
    """What is typed into a copy, for each of the plans."""
    layout, plans = form.layout, sample_plans("sfss")
    for number in range(PLANS):
        typed = poured(layout, varied(plans[number % len(plans)], number, layout.spec))
        if number % 10 == 9:
            path = next(path for path in typed if path.endswith(".due"))
            typed = {**typed, path: "next spring"}
        yield typed


def _parts(content: bytes) -> list[Part | tuple[str, str]]:
    """The members of a copy whose tokens stand in it still: deflated, or as text where there is one."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        texts = [(name, archive.read(name).decode()) for name in archive.namelist()]
    return [pair if TOKEN.search(pair[1]) else deflated(pair[0], pair[1].encode()) for pair in texts]


def _signed(parts: list[Part | tuple[str, str]], facts: Mapping[str, str]) -> bytes:
    """The copy with what differs from school to school."""
    return assemble(
        part
        if isinstance(part, Part)
        else deflated(part[0], TOKEN.sub(lambda token: escape(facts[token[1]]), part[1]).encode())
        for part in parts
    )
