"""The whole loop on a real district's roster with invented plans, through the same path that schools' files take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign, School, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.errors import UsageError
from xlplan.excel.damage import beside, unprotected
from xlplan.form.expressions import column_letters
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import form_for
from xlplan.pipeline.generate import generate
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.levels import rolled_up
from xlplan.pipeline.reporting import HTML, XLSX
from xlplan.pipeline.start import start_campaign
from xlplan.pipeline.status import status
from xlplan.samples import roster_file, sample_plans
from xlplan.samples.variation import spoiled, varied
from xlplan.templates import TEMPLATES
from xlplan.templates import template as model_of

AS_OF = date(2027, 1, 31)
FIRST_DAY = date(2026, 11, 16)
NOT_RETURNED, FLAWED = 9, 7  # of the 68 schools: every so-manieth


def folders_for(folder: Path, name: str, *, every: bool) -> dict[str, Path]:
    """The template, or every one, with the folder of its demonstration; raises UsageError if one cannot be."""
    free_folder(folder)
    found = {one: folder / one for one in TEMPLATES} if every else {name: folder}
    for one in found:
        model_of(one)
        if not sample_plans(one):
            raise UsageError(f"There are no sample plans of {one}, so there is no demonstration of it.")
    return found


def run_demo(folder: Path, step: Callable[[], None], template: str = "sfss") -> dict[str, Any]:
    """Make, fill, collect and summarise; what happened and what to open. Raises UsageError for a folder in use."""
    free_folder(folder)
    campaign, _ = start_campaign(
        folder, template=template, roster=roster_file(), plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30),
        return_by=date(2026, 12, 18), contact="plans@district.example", year="2026-27",
    )  # fmt: skip
    campaign = open_campaign(folder)
    clock = datetime(2026, 11, 2, 9, tzinfo=UTC)
    with Ledger.open(campaign.ledger_url) as ledger:
        issued = list(generate(campaign, ledger, campaign.roster.schools, now=clock))
        step()
        _return_plans(campaign)
        step()
        _collect_weekly(campaign, ledger)
        step()
        found = status(campaign, ledger, AS_OF)
        report, page = rolled_up([(campaign, ledger)], AS_OF, forms=(XLSX, HTML)).files
    step()
    states = {
        state: sum(item.state == state for item in found.schools)
        for state in ("accepted", "rejected", "issued")
    }
    told = [
        f"{campaign.model(template).form.title}:",
        f"{len(issued)} schools of Spokane got a workbook (the roster is real, every plan and person is invented).",
        f"{sum(item.returns for item in found.schools)} files came back: {states['accepted']} plans accepted, "
        f"{states['rejected']} to correct, {states['issued']} not returned.",
        "",
        "Open these:",
        f"  {report}   the district's summary as of {AS_OF:%B} {AS_OF.day}, {AS_OF.year}",
        f"  {page}   the same as a page, with every plan",
        f"  {campaign.root / issued[0].file}   a copy as a school gets it",
        f"  {_first(campaign.returns)}   a copy as a school returned it",
        f"  {_first(campaign.corrections)}   the answer to a copy with mistakes",
        "",
        f"And try:  xlplan status -C {folder} --as-of {AS_OF}",
        f"          xlplan collect -C {folder}      (once more: nothing is recorded twice)",
    ]
    return {
        "folder": str(folder),
        "template": template,
        "copies": len(issued),
        "states": states,
        "report": report.as_posix(),
        "told": told,
    }


def free_folder(folder: Path) -> None:
    """Raises UsageError unless the folder is empty or not there yet."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Name another one: xlplan demo my-demo")


def _first(folder: Path) -> Path:
    return min(item for item in folder.rglob("*.xlsx"))


def _return_plans(campaign: Campaign) -> None:
    """Most schools fill in their copy; some flawed, one tampered with, one twice, some not at all."""
    plans = sample_plans(campaign.template)
    spec = form_for(campaign, campaign.roster.schools[0]).layout.spec
    for number, school in enumerate(campaign.roster.schools):
        if number % NOT_RETURNED == 4:
            continue
        plan = varied(plans[number % len(plans)], number, spec)
        flawed = spoiled(plan, number, spec) if number % FLAWED == 3 else plan
        content = _filled(campaign, school, flawed)
        week = f"week-{1 + number % 4}"
        if number == 12:
            content = unprotected(content)
        if number == 10:
            content = _with_remark(content, campaign, school)
        write_safely(campaign.returns / week / campaign.copy_path(school).name, content)
        if number == 3:
            better = campaign.copy_path(school).stem + " (corrected).xlsx"
            write_safely(campaign.returns / "week-5" / better, _filled(campaign, school, plan))


def _with_remark(content: bytes, campaign: Campaign, school: School) -> bytes:
    """The copy with a thought beside the boxes of its second sheet with answers."""
    layout = form_for(campaign, school).layout
    number, plan = [found for found in enumerate(layout.sheets, 1) if found[1].inputs][1]
    row, column = plan.inputs[0].row, column_letters(plan.last_column + 1)
    remark = "Ask Ms. Hand whether the bus money can be used for this too."
    return beside(content, f"xl/worksheets/sheet{number}.xml", row, column, remark)


def _filled(campaign: Campaign, school: School, plan: dict[str, Any]) -> bytes:
    copy = campaign.root / campaign.copy_path(school)
    content, refused = fill_bytes(copy.read_bytes(), plan, copy.name)
    assert refused is None, refused
    return content


def _collect_weekly(campaign: Campaign, ledger: Ledger) -> None:
    """As a coordinator would: once a week, what has come in by then."""
    for week in range(5):
        received = FIRST_DAY + timedelta(weeks=week)
        now = datetime(received.year, received.month, received.day, 16, tzinfo=UTC)
        files = files_in([campaign.returns / f"week-{week + 1}"])
        collect(campaign, ledger, files, received=received, now=now)
