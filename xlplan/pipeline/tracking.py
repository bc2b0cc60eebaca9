"""The status page of a campaign: its state as `status` tells it, as a report, kept as one HTML file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.campaign.files import write_safely
from xlplan.campaign.places import is_url
from xlplan.findings import Severity
from xlplan.ledger import REFUSED, Ledger, StoredReturn
from xlplan.pipeline.copies_at_hand import Answers
from xlplan.pipeline.status import SchoolState, status
from xlplan.rollup.report.model import Report
from xlplan.rollup.report.tracked import Tracked, TrackedFile, TrackedPart, TrackedPlan, TrackedRemark
from xlplan.rollup.report.tracker import moment, tracker
from xlplan.rollup.words import counted

PAGE = "status.html"
ARRIVALS = 25  # newest files that the page names
LOOSE = 100  # files without a school that it names
DONE = ("accepted", "approved")


def status_report(campaign: Campaign, ledger: Ledger, as_of: date, at: datetime | None = None) -> Report:
    """The status as a report. `at`: this moment with its zone, if the page shall name it."""
    return tracker(tracked(campaign, ledger, as_of, at))


def tracked(campaign: Campaign, ledger: Ledger, as_of: date, at: datetime | None = None) -> Tracked:
    """The status as the page tells it, with the files that came in."""
    found, answers = status(campaign, ledger, as_of), Answers(campaign, ledger)
    came = [item for item in ledger.returns(plans=False) if not item.erased]
    files: dict[tuple[str, str], list[StoredReturn]] = defaultdict(list)
    for item in reversed(came):
        files[item.school_key or "", item.template or ""].append(item)
    numbers = {
        (school.key, campaign.template_of(school)): number
        for number, school in enumerate(campaign.roster.schools, 1)
    }
    titles = {name: campaign.model(name).form.title for name in campaign.templates}
    ids = _ids(campaign, numbers)
    plans = []
    for state in found.schools:
        key = (state.school.key, state.template)
        school = state.school
        plans.append(
            TrackedPlan(
                number=numbers[key], id=ids[key], key=key, school=school.name or school.district,
                district_id=school.district_id, district=school.district, template=titles[state.template],
                state=state.state, late=state.late, late_words=_late(campaign, state, as_of), issued=state.issued,
                returns=state.returns, fix=state.findings.get(Severity.ERROR, 0),
                check=state.findings.get(Severity.WARNING, 0), sections=_sections(state),
                todo=_todo(state, answers), notes=state.notes,
                remarks=tuple(
                    TrackedRemark(place=one.place, text=one.remark.text, answered=one.answered)
                    for one in state.remarks
                ),
                findings=state.shown, about=_file(state.about, at) if state.about else None,
                files=tuple(_file(item, at) for item in files[key]),
                parts=tuple(
                    TrackedPart(title=one.part.title, state=one.state, returns=one.returns) for one in state.parts
                ),
                progress=state.progress.counts() if state.progress else None,
            )
        )  # fmt: skip
    settings = campaign.settings
    return Tracked(
        title=settings.title or titles[campaign.template], as_of=as_of, at=at, due=settings.return_by,
        plans=tuple(plans), arrivals=tuple(_file(item, at) for item in came[: -ARRIVALS - 1 : -1]),
        loose=tuple(_loose(campaign, came, ledger.unplaced(), at)), returned=len(came),
    )  # fmt: skip


def _ids(campaign: Campaign, plans: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Plan → the id of its part, the same from day to day, so that a link to it stays good."""
    several = len(campaign.templates) > 1
    ids: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for key, template in plans:
        name = re.sub(r"[^a-z0-9]+", "-", f"{key}-{template}".lower() if several else key.lower()).strip("-")
        made, again = f"plan-{name}", 2
        while made in taken:
            made, again = f"plan-{name}-{again}", again + 1
        ids[key, template] = made
        taken.add(made)
    return ids


def _late(campaign: Campaign, state: SchoolState, as_of: date) -> str:
    """ "44 days late", or that it came in late."""
    due = campaign.settings.due(state.school.key)
    if not state.late or due is None:
        return ""
    return "Came in late" if state.state in DONE else f"{counted((as_of - due).days, 'day')} late"


def _sections(state: SchoolState) -> dict[str, tuple[int, int]]:
    return {str(line["sheet"]): (int(line["filled"]), int(line["required"])) for line in state.completeness}


def _todo(state: SchoolState, answers: Answers) -> str:
    """What the district does now; nothing where the plan is in, or the school has its time yet."""
    shown = [part.shown for part in state.parts if part.shown and part.state == "rejected"]
    if not shown and state.about is not None:
        shown = [state.about]
    copies = [copy for item in shown if (copy := answers.to(item))]
    there = [copy.file for copy in copies if answers.is_there(copy)]
    remind = "Remind the school: xlplan remind." if state.late else ""
    match state.state:
        case "rejected" if there:
            return f"Send the school {' and '.join(there)}."
        case "rejected":
            return "Run xlplan collect, which writes the copy to correct, and send it to the school."
        case "in-review":
            return f"Send the school {there[-1]}, if it has not been sent." if there else remind
        case "waiting":
            return "Answer the decision workbook, and collect it."
        case "not-issued":
            return "It has no copy: run xlplan generate, and send it."
        case "issued":
            return remind
    return ""


def _file(item: StoredReturn, at: datetime | None) -> TrackedFile:
    """A recorded return, with its moment in the zone of whoever looks."""
    recorded = datetime.fromisoformat(item.recorded_at).astimezone(at.tzinfo if at else None)
    return TrackedFile(
        file=item.file, day=recorded.date(), time=f"{recorded:%H:%M}", outcome=item.outcome,
        school_key=item.school_key or "", template=item.template or "",
    )  # fmt: skip


def _loose(
    campaign: Campaign, came: Sequence[StoredReturn], unplaced: Sequence[StoredReturn], at: datetime | None
) -> Iterable[TrackedFile]:
    """Files that belong to no school yet; and those that could not be taken and may still lie where they were."""
    newest = {item.file: item for item in came}
    refused = [
        item
        for item in came
        if item.outcome == REFUSED
        and newest[item.file] is item
        and (is_url(item.file) or (campaign.root / item.file).is_file())
    ]
    for item in [*unplaced, *reversed(refused)][:LOOSE]:
        refusal = item.findings[0] if item.outcome == REFUSED and item.findings else None
        told = refusal or next((one for one in item.findings if one.code == "identity-missing"), None)
        file = _file(item, at)
        yield TrackedFile(
            file=file.file, day=file.day, time=file.time, outcome=file.outcome,
            said=told.message if told else "Nobody knows whose it is.",
            todo=refusal.remedy if refusal else f"Say whose it is: xlplan collect {item.file} --as SCHOOL",
        )  # fmt: skip


def keep_page(report: Report, path: Path) -> bool:
    """Write the page whole or not at all; False if it says the same already, but for the time of day."""
    from xlplan.rollup.page.render import page_of  # a heavy import, for pages only

    text = "".join(page_of(report))
    try:
        old = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        old = ""
    if old and _timeless(old, report.as_of) == _timeless(text, report.as_of):
        return False
    write_safely(path, text.encode("utf-8"))
    return True


def _timeless(page: str, as_of: date) -> str:
    day = re.escape(moment(as_of, None).removesuffix("."))
    return re.sub(rf"{day}, at \d\d:\d\d\.", "", page)
