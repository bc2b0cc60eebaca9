"""Commands that make things: init, carry, generate, demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.kept import Spool
from xlplan.cli.options import DryRun, Folder, Json, Quiet, Verbose, campaign_in, day, now, opened
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.ledger import CopyRecord


def init(
    folder: Annotated[Path, typer.Argument(help="The campaign's new folder.")],
    template: Annotated[
        str | None,
        typer.Option(help="The template's name (see xlplan templates), or your own as ours.py:OurPlan."),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV, .xlsx or .ods with district_id, district, school_id, school.")
    ] = None,
    plan_from: Annotated[
        str | None, typer.Option(help="First day a plan may name, such as 2026-09-01.")
    ] = None,
    plan_to: Annotated[str | None, typer.Option(help="Last day a plan may name.")] = None,
    return_by: Annotated[str | None, typer.Option(help="The deadline that Start shows.")] = None,
    title: Annotated[str, typer.Option(help="The plan's title; the template's if not given.")] = "",
    contact: Annotated[
        str, typer.Option(help="Whom schools ask and return to, such as plans@district.example.")
    ] = "",
    year: Annotated[str, typer.Option(help="The school year, such as 2026-27.")] = "",
    district: Annotated[
        list[str] | None, typer.Option(help="Only this district's schools (its id); may be repeated.")
    ] = None,
    former: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A former campaign's folder, whose plans are carried on; what is not said here comes from it.",
        ),
    ] = None,
    status_round: Annotated[
        bool,
        typer.Option("--status-round", help="With --from: a mid-year check that asks for progress alone."),
    ] = False,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Make a campaign folder.

    Example: xlplan init autumn --template sfss --roster schools.csv --plan-from 2026-09-01 --plan-to 2027-06-30
    """
    from xlplan.pipeline.start import start_campaign

    wanted: dict[str, Any] = {
        "plan_from": day(plan_from, "--plan-from"), "plan_to": day(plan_to, "--plan-to"),
        "return_by": day(return_by, "--return-by"), "title": title, "contact": contact, "year": year,
        "districts": district or [],
    }  # fmt: skip
    if former is not None:
        asked = {**wanted, "template": template or "", "roster": roster}
        _init_from(folder, former, asked, status_round=status_round, as_json=as_json, dry_run=dry_run)
        return
    if status_round:
        raise UsageError("--status-round: name the campaign whose plans are checked with --from.")
    needed = {"--plan-from": plan_from, "--plan-to": plan_to}
    if template is None or roster is None or None in needed.values():
        needed = {"--template": template, "--roster": str(roster or "") or None, **needed}
        lacking = ", ".join(name for name, value in needed.items() if value is None)
        raise UsageError(f"{lacking}: needed, unless --from names a former campaign.")
    campaign, notes = start_campaign(folder, template=template, roster=roster, dry_run=dry_run, **wanted)
    for note in notes:
        show.aside(note)
    count = len(campaign.roster.schools)
    if as_json:
        show.document({"campaign": campaign.settings.id, "folder": str(folder), "schools": count})
    else:
        _tell_made(folder, count, dry_run=dry_run)


def _init_from(
    folder: Path, former: Path, wanted: dict[str, Any], *, status_round: bool, as_json: bool, dry_run: bool
) -> None:
    """A campaign that carries on a former one."""
    from xlplan.campaign import open_campaign
    from xlplan.form.rounds import CARRIED, STATUS_ROUND
    from xlplan.pipeline.next_round import Wanted, start_from

    round_ = STATUS_ROUND if status_round else CARRIED
    with show.progress("Reading plans", len(open_campaign(former).roster.schools)) as step:
        done = start_from(folder, former, round_, Wanted(**wanted), now=now(), dry_run=dry_run, step=step)
    for note in done.notes:
        show.aside(note)
    count = len(done.campaign.roster.schools)
    if as_json:
        told = {"campaign": done.campaign.settings.id, "folder": str(folder), "schools": count}
        carried = [line.as_json() for line in done.lines]
        show.document({**told, "from": former.as_posix(), "round": round_, "plans": carried})
    else:
        _tell_made(folder, count, dry_run=dry_run)


def _tell_made(folder: Path, count: int, *, dry_run: bool) -> None:
    """What was made, with the files to double-click in it; a dry run names them all."""
    from xlplan.campaign.starters import FOLDER, starters

    made = "Would make" if dry_run else "Made"
    for starter in starters() if dry_run else ():
        show.chat(f"Would write {folder / starter.file}")
    show.chat(f"{made} {folder} for {show.counted(count, 'school')}. Next: xlplan generate -C {folder}")
    show.chat(f"To collect and to make the summary by double-click: the folder {folder / FOLDER}.")


def starters(
    folder: Folder = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Files to double-click that collect and make the summary, in the folder start; `init` makes them too.

    Example: xlplan starters -C autumn
    """
    from xlplan.campaign.starters import starters as wanted
    from xlplan.campaign.starters import write_starters

    campaign = campaign_in(folder)
    written = write_starters(campaign.root, dry_run=dry_run)
    if as_json:
        every = [starter.file.as_posix() for starter in wanted()]
        show.document({"files": every, "written": [file.as_posix() for file in written]})
        return
    would = "Would write" if dry_run else "Wrote"
    for file in written:
        show.chat(f"{would} {campaign.root / file}")
    if not written:
        show.chat("All of them are there as they should be.")


def carry(
    folder: Folder = None,
    school: Annotated[
        list[str] | None, typer.Option(help="Only this school (its id); may be repeated.")
    ] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Look at the former campaign again for plans that came in late. Example: xlplan carry -C next-year"""
    from xlplan.pipeline.carrying import CARRIED, carry_again, remarks

    keys = list(dict.fromkeys(school or []))
    with opened(folder, records=not dry_run) as (campaign, ledger):
        schools = [line for key in keys for line in campaign.plans_of(key)] or list(campaign.roster.schools)
        with show.progress("Reading plans", len(schools)) as step:
            lines = carry_again(campaign, ledger, schools, now=now(), dry_run=dry_run, step=step)
    round_ = campaign.settings.round
    if as_json:
        show.document({"round": round_, "plans": [line.as_json() for line in lines]})
        return
    for note in remarks(lines, round_, dry_run=dry_run):
        show.chat(show.one_line(note))
    if any(line.state == CARRIED for line in lines) and not dry_run:
        show.chat(f"Next: xlplan generate -C {campaign.root}")


def generate(
    folder: Folder = None,
    school: Annotated[
        list[str] | None, typer.Option(help="Only this school (its id); may be repeated.")
    ] = None,
    slots: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=N",
            help="More rows, kept in campaign.toml, such as challenges[].strategies[].steps=8; may be repeated.",
        ),
    ] = None,
    split: Annotated[
        bool | None,
        typer.Option(
            "--split/--whole",
            help="A workbook per section and school, or the whole plan in one; kept in campaign.toml.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write the current copies again.")] = False,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Write one locked workbook per school into copies/. Example: xlplan generate -C autumn"""
    from xlplan.ledger import IssuedCopy
    from xlplan.pipeline.carrying import homeless_remarks
    from xlplan.pipeline.generate import generate as make
    from xlplan.pipeline.generate import parts_for, with_slots, with_split
    from xlplan.pipeline.spoken import language_remarks

    keys = list(dict.fromkeys(school or []))
    with Spool[dict[str, Any]]() as copies:  # a state has 100,000 copies
        with opened(folder, records=not dry_run) as (campaign, ledger):
            schools = [line for key in keys for line in campaign.plans_of(key)] or campaign.roster.schools
            campaign = with_slots(campaign, keys, _slots(slots or []), dry_run=dry_run)
            campaign = with_split(campaign, keys, split, dry_run=dry_run)
            total = sum(len(parts_for(campaign, line)) for line in schools)
            new = 0
            with show.progress("Writing copies", total) as step:
                for copy in make(campaign, ledger, schools, now=now(), force=force, dry_run=dry_run):
                    new += not isinstance(copy, IssuedCopy)
                    if as_json or show.is_verbose():
                        copies.add(_copy(copy))
                    step()
            remarks = [*language_remarks(campaign, schools), *homeless_remarks(campaign, ledger, schools)]
        for remark in remarks:
            show.aside(remark)
        if as_json:
            show.long_document("copies", copies, {})
            return
        for line in copies:
            show.detail(f"{line['file']}: copy {line['issue']} of {line['school_id']}")
    what = f"{new} new, {total - new} as before" if new != total else f"{new}"
    show.chat(f"{'Would write' if dry_run else 'Copies'}: {what}, in {campaign.copies}")


def _copy(copy: CopyRecord) -> dict[str, Any]:
    return {
        "school_id": copy.school_key,
        "template": copy.template,
        "file": copy.file,
        "issue": copy.issue,
        "sha256": copy.sha256,
        **({"part": copy.part} if copy.part else {}),
    }


def _slots(given: Sequence[str]) -> dict[str, int]:
    found = {}
    for text in given:
        path, _, count = text.rpartition("=")
        if not path or not (count.isascii() and count.isdigit()) or not 0 < int(count) < 1000:
            raise UsageError(f"--slots: {text!r} is not a path and a number, such as resources=12.")
        found[path.strip()] = int(count)
    return found


def demo(
    folder: Annotated[Path, typer.Argument(help="A new folder for the demonstration.")] = Path("xlplan-demo"),
    template: Annotated[str, typer.Option(help="Which of the five templates.")] = "sfss",
    all_: Annotated[bool, typer.Option("--all", help="All five, a folder each.")] = False,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """The whole loop on Spokane's 68 schools, with invented plans. Example: xlplan demo"""
    from xlplan.pipeline.demo import folders_for, run_demo

    folders = folders_for(folder, template, every=all_)
    if dry_run:
        for name, place in folders.items():
            show.remark(f"Would make a campaign of {name} with 68 schools in {place}.")
        if as_json:
            show.document({"folder": folder.as_posix()})
        else:
            show.chat(
                f"Would make {len(folders)} campaign{'s' * (len(folders) > 1)} with 68 schools in {folder}."
            )
        return
    stories = []
    for name, place in folders.items():
        with show.progress(f"Running the demonstration of {name}", 4) as step:
            stories.append(run_demo(place, step, name))
    if as_json:
        told = [{key: value for key, value in story.items() if key != "told"} for story in stories]
        show.document({"demos": told} if all_ else told[0])
        return
    for line in (line for story in stories for line in story["told"]):
        show.chat(line)
