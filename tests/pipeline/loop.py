"""A small campaign of any template, taken through the loop with plans poured in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.excel.plate import pour
from xlplan.findings import Checked
from xlplan.intake.pour import poured
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.forms import form_for, identity_for, personal, plate_of
from xlplan.pipeline.generate import generate
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.start import start_campaign

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = date(2026, 12, 1)
HEAD = "district_id,district,school_id,school"
LINES = (
    "5308250,Spokane,530825001378,Adams",
    "5308250,Spokane,530825001379,Browne",
    "5308250,Spokane,530825001380,Finch",
)


def begun(
    folder: Path, template: str, lines: Iterable[str] = LINES, more: str = "", head: str = HEAD
) -> Campaign:
    """A new campaign; `more` stands at the end of its campaign.toml."""
    roster = folder.parent / f"{folder.name}.csv"
    roster.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    start_campaign(
        folder, template=template, roster=roster, plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30)
    )
    if more:
        add(folder, more)
    return open_campaign(folder)


def add(folder: Path, text: str) -> None:
    """More settings: `[section]` lines below the section that stands there, tables at the end."""
    path = folder / "campaign.toml"
    settings = path.read_text(encoding="utf-8")
    heading, _, body = text.partition("\n")
    if f"\n{heading}\n" in settings and not heading.startswith("[["):
        settings = settings.replace(f"\n{heading}\n", f"\n{heading}\n{body}\n")
    else:
        settings += f"\n{text}\n"
    path.write_text(settings, encoding="utf-8")


def returned(campaign: Campaign, plans: Iterable[dict[str, Any]]) -> list[Checked]:
    """Copies for all, plans poured into the first ones, and all collected."""
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        for school, plan in zip(campaign.roster.schools, plans, strict=False):
            form = form_for(campaign, school)
            values = personal(school, identity_for(campaign, school, form, 1), campaign.key, "")
            content = pour(plate_of(form, ""), values, poured(form.layout, plan))
            write_safely(campaign.returns / campaign.copy_path(school).name, content)
        return collect(campaign, ledger, files_in([campaign.returns]), received=DAY, now=NOW)
