"""Commands about single files: fill, read, check, collect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.kept import Kept
from xlplan.cli.options import (
    AsOf,
    DryRun,
    Folder,
    Json,
    Passwords,
    Quiet,
    Verbose,
    campaign_here,
    campaign_in,
    day,
    day_or_today,
    ledger_of,
    now,
    passwords_of,
    templates_of,
    user,
)
from xlplan.cli.post import tell_posted, tell_problems
from xlplan.errors import SetupError, UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.findings import Checked, Finding
    from xlplan.ledger import Ledger
    from xlplan.pipeline.lettering import Posted
    from xlplan.pipeline.opening import Context

ERRORS, REFUSED = 1, 3


def fill(
    workbook: Annotated[Path, typer.Argument(help="A workbook of ours.")],
    plan: Annotated[Path, typer.Argument(help="The plan as JSON.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The filled workbook to write.")],
    folder: Folder = None,
    password: Passwords = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Pour a plan into a fresh copy of a workbook. Example: xlplan fill copy.xlsx plan.json -o filled.xlsx"""
    from xlplan.pipeline.fill import fill_file

    result = fill_file(workbook, plan, None if dry_run else out, templates_of(folder, password))
    if as_json:
        findings = [item.as_json() for item in result.findings]
        show.document({"file": str(out), "outcome": result.outcome, "findings": findings})
    else:
        show.checked(result)
    _stop([result.outcome])


def read(
    workbook: Annotated[Path, typer.Argument(help="A returned workbook.")],
    folder: Folder = None,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The plan in a workbook as JSON, as far as it can be read. Example: xlplan read returned.xlsx"""
    from xlplan.campaign.files import read_bytes
    from xlplan.pipeline.check import check_file

    del as_json  # the answer is JSON either way
    if not workbook.exists():
        raise UsageError(f"There is no file {workbook}.")
    result = check_file(read_bytes(workbook), workbook.as_posix(), templates_of(folder, password)).checked
    if result.plan is None:
        show.aside(show.line_of(result.findings[0]))
        raise typer.Exit(REFUSED)
    for item in result.findings:
        show.remark(show.line_of(item))
    names = ("template", "version", "school_id", "plan")
    show.document({name: getattr(result, name) for name in names})


def check(
    files: Annotated[list[str], typer.Argument(help="Files, folders or URLs.")],
    folder: Folder = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Tell what was done to each file and what was made of it."),
    ] = False,
    as_of: AsOf = None,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Outcome and findings of returned files; records nothing. Example: xlplan check returned.xlsx"""
    from xlplan.pipeline.incoming import contents_of, files_in, labels_of
    from xlplan.pipeline.opening import Context

    paths = files_in(files)
    campaign = campaign_here(folder)
    judged = day(as_of, "--as-of")
    known = passwords_of(password)
    context = Context(as_of=judged, passwords=known)
    if campaign is not None:
        from xlplan.ledger import Ledger
        from xlplan.pipeline.known import context_of

        with Ledger.open_to_ask(campaign.ledger_url) as ledger:
            context = context_of(campaign, ledger, judged, judged or date.today(), known)
    root = campaign.root if campaign is not None else None
    accounts: dict[str, tuple[str, ...]] = {}
    with Kept() as results:
        with show.progress("Checking", len(paths)) as step:
            for label, content in zip(labels_of(paths, root), contents_of(paths, ()), strict=True):
                if explain:
                    result, accounts[label] = _explained(content, label, context)
                else:
                    result = _checked(content, label, context)
                results.add(result)
                step()
        _tell(results, as_json=as_json, accounts=accounts)


def _explained(content: bytes | Finding, label: str, context: Context) -> tuple[Checked, tuple[str, ...]]:
    """One file's outcome with its account."""
    from xlplan.findings import Checked
    from xlplan.pipeline.account import account

    if not isinstance(content, bytes):
        unread = Checked(file=label, outcome="refused", findings=(content,))
        return unread, (f"It was not read. {content.message}",)
    made = account(content, label, context)
    return made.checked, made.lines


def _checked(content: bytes | Finding, label: str, context: Context) -> Checked:
    """One file's outcome; one that cannot be opened does not stop the others."""
    from xlplan.findings import Checked
    from xlplan.pipeline.check import check_file

    if not isinstance(content, bytes):
        return Checked(file=label, outcome="refused", findings=(content,))
    return check_file(content, label, context).checked


def collect(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or URLs; returns/ if not given.")
    ] = None,
    folder: Folder = None,
    received: Annotated[str | None, typer.Option(help="The day they came in, if not today.")] = None,
    school: Annotated[
        str | None,
        typer.Option("--as", metavar="SCHOOL", help="Whose the one file is (its id), if it does not say so."),
    ] = None,
    password: Passwords = None,
    executor: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Who checks: serial, processes, processes:NUMBER or dask://HOST:PORT.",
        ),
    ] = None,
    letters: Annotated[
        bool,
        typer.Option("--letters", help="Drafts that tell the schools what was found, for what is new."),
    ] = False,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """Check returned files and record them. Example: xlplan collect -C autumn

    A file that does not say whose it is: xlplan collect returns/plan.xlsx --as 530825001378
    """
    from xlplan.pipeline.collect import Said, collecting
    from xlplan.pipeline.executors import pool_of
    from xlplan.pipeline.incoming import files_in

    said = Said(school=school, by=user()) if school is not None else None
    campaign = campaign_in(folder)
    files = files_in(paths or [campaign.returns])
    if said is not None and (len(paths or ()) != 1 or len(files) != 1 or Path((paths or [""])[0]).is_dir()):
        raise UsageError("--as: name the one file that is of this school, such as returns/plan.xlsx.")
    with (
        # first, since its processes may begin as copies of this one
        pool_of(executor, len(files), campaign) as pool,
        ledger_of(campaign, records=not dry_run) as ledger,
        Kept() as results,
    ):
        if letters:
            from xlplan.post.wording import Wording

            Wording(campaign.root).check()  # before anything is recorded
        came, known = day_or_today(received, "--received"), passwords_of(password)
        with show.progress("Collecting", len(files)) as step:
            for item in collecting(
                campaign, ledger, files, received=came, now=now(), dry_run=dry_run, done=step, passwords=known,
                said=said, pool=pool, plans=as_json,
            ):  # fmt: skip
                results.add(item)
        told = _withdrawn(campaign, ledger, next(iter(results))) if said is not None and not dry_run else []
        posted, trouble = None, ""
        if letters and not dry_run:
            try:
                posted = _letters(campaign, ledger, results, came)
            except SetupError as error:  # a mistake in the wording that shows with these facts only
                trouble = (
                    f"{error}\nThe files are recorded, and no letter is written. Mend the wording, then write them "
                    f"with: xlplan letters --since {came}"
                )
        if letters and dry_run:
            show.aside("Letters tell of what is recorded, so a dry run makes none.")
        if not as_json:
            for item in results:
                tell_collected(campaign, item)
            for line in told:
                show.say("  " + line)
            if posted is not None:
                tell_posted(posted, dry_run=False)
        if posted is not None:
            tell_problems(posted.problems, posted.notes)
        with suppress(typer.Exit) if trouble else nullcontext():
            _tell(results, as_json=as_json, findings=False, letters=posted)
        if trouble:
            raise SetupError(trouble)


def tell_collected(campaign: Campaign, item: Checked) -> None:
    """A collected file as a line that can be forwarded, and what whoever collects has to know of it."""
    show.forwardable(item, school_name(campaign, item.school_id), part_name(campaign, item))
    for found in () if show.is_verbose() else about_school(item):
        show.say("  " + show.line_of(found))


def _letters(campaign: Campaign, ledger: Ledger, results: Iterable[Checked], day: date) -> Posted:
    """Letters to the schools whose files are new."""
    from xlplan.pipeline.lettering import letters, lines_of

    new = {item.school_id for item in results if not item.already and item.outcome != "refused"}
    return letters(campaign, ledger, lines_of(campaign, new), as_of=day)


def _withdrawn(campaign: Campaign, ledger: Ledger, item: Checked) -> list[str]:
    """For which other schools a file was taken before it was said whose it is, and what is left of that."""
    from xlplan.pipeline.collect import taken_before

    return [
        f"It was taken for {school_name(campaign, key)} ({key}) before, and does not count there any more."
        + (f" Delete {', '.join(files)}: the same answers stand in it." if files else "")
        for key, files in taken_before(ledger, item).items()
    ]


def about_school(item: Checked) -> list[Finding]:
    """What whoever collects has to know of a file: that nobody knows whose it is, or how that was told."""
    if item.school_id is None:
        return [found for found in item.findings if found.code == "identity-missing"]
    told = () if item.already else ("school-matched", "school-said", "school-closed")
    return [found for found in item.findings if found.code in told]


def school_name(campaign: Campaign, key: str | None) -> str:
    """What people call a school that is or was on the roster."""
    from xlplan.campaign.former import former_schools
    from xlplan.pipeline.matching import line_of

    school = line_of(campaign, former_schools(campaign.root), key) if key else None
    return school.name if school else ""


def part_name(campaign: Campaign, item: Checked) -> str:
    """What of a split plan a file is, in words; nothing for a plan as a school sent it."""
    from xlplan.form.parts import parts_of

    if item.kind == "parts":
        return "put together"
    if item.part is None or item.template is None:
        return ""
    model = campaign.model(item.template)
    return next(part.title for part in parts_of(model.form, model.model_fields) if part.key == item.part)


def _tell(
    results: Kept,
    *,
    as_json: bool,
    accounts: Mapping[str, Sequence[str]] | None = None,
    findings: bool = True,
    letters: Posted | None = None,
) -> None:
    summary = results.summary.as_json()
    if as_json:
        files = (
            item.as_json() | ({"explain": list(accounts[item.file])} if accounts else {}) for item in results
        )
        more = {"letters": letters.as_json()} if letters is not None else {}
        show.long_document("files", files, {"summary": summary, **more})
    else:
        for item in results if findings else ():
            show.checked(item, account=accounts.get(item.file, ()) if accounts else ())
        show.say(in_words(summary))
    _stop(results.summary.every)


def in_words(summary: Mapping[str, Any]) -> str:
    """The counts of a summary as a sentence."""
    counts = ", ".join(f"{summary[outcome]} {outcome}" for outcome in ("accepted", "rejected", "refused"))
    together = f" Put together from parts: {summary['together']}." if "together" in summary else ""
    return (
        f"{show.counted(summary['files'], 'file')}: {counts}; {summary['already']} recorded before.{together}"
    )


def _stop(outcomes: Collection[str]) -> None:
    if "refused" in outcomes:
        raise typer.Exit(REFUSED)
    if "rejected" in outcomes:
        raise typer.Exit(ERRORS)
