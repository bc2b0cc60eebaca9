"""The commands. Each translates its arguments into one library call; heavy packages are imported where used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan import __version__
from xlplan.cli import show
from xlplan.errors import UsageError, XlplanError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.findings import Checked
    from xlplan.pipeline.check import Context

app = typer.Typer(
    name="xlplan", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Locked planning workbooks for every school, and a district summary of what comes back.",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Folder = Annotated[
    Path | None, typer.Option("-C", "--campaign", help="The campaign's folder; the current one if it is one.")
]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", callback=show.set_quiet, help="Say only what matters most.")
]
Verbose = Annotated[
    bool,
    typer.Option("-v", "--verbose", callback=show.set_verbose, help="Say more, such as what was mended."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The day to judge by, such as 2027-01-31; today if not given.")
]
ERRORS, REFUSED = 1, 3


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Locked planning workbooks for every school, and a district summary of what comes back."""


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: {text!r} is not a day. Write it as 2026-12-18.") from None


def _required_day(text: str, option: str) -> date:
    day = _day(text, option)
    assert day is not None
    return day


def _campaign(folder: Path | None) -> Campaign:
    from xlplan.campaign import find_campaign, open_campaign
    from xlplan.pipeline.start import known_templates

    found = open_campaign(folder) if folder is not None else find_campaign()
    if found is None:
        raise UsageError("This folder holds no campaign.toml. Name the campaign's folder with -C.")
    known_templates(found.roster.schools, found.settings.template, found.root)
    return found


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def templates(
    name: Annotated[str | None, typer.Argument(help="One template, in detail.")] = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The templates, or one in detail: sheets, fields, choices, help. Example: xlplan templates sfss"""
    from xlplan.pipeline.describe import describe, overview

    data = describe(name) if name else overview()
    if as_json:
        show.document(data)
    elif name:
        from xlplan.pipeline.describe import in_words

        show.say(in_words(name))
    else:
        for item in data["templates"]:
            size = f"version {item['version']}, {item['sheets']} sheets, {item['cells']} boxes"
            show.say(f"{item['name']:<22}{item['title']} ({size})")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The campaign's new folder.")],
    template: Annotated[str, typer.Option(help="The template's name; see xlplan templates.")],
    roster: Annotated[Path, typer.Option(help="CSV with district_id, district, school_id, school.")],
    plan_from: Annotated[str, typer.Option(help="First day a plan may name, such as 2026-09-01.")],
    plan_to: Annotated[str, typer.Option(help="Last day a plan may name.")],
    return_by: Annotated[str | None, typer.Option(help="The deadline that Start shows.")] = None,
    title: Annotated[str, typer.Option(help="The plan's title; the template's if not given.")] = "",
    contact: Annotated[
        str, typer.Option(help="Whom schools ask and return to, such as plans@district.example.")
    ] = "",
    year: Annotated[str, typer.Option(help="The school year, such as 2026-27.")] = "",
    district: Annotated[
        list[str] | None, typer.Option(help="Only this district's schools (its id); may be repeated.")
    ] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Make a campaign folder.

    Example: xlplan init autumn --template sfss --roster schools.csv --plan-from 2026-09-01 --plan-to 2027-06-30
    """
    from xlplan.pipeline.start import start_campaign

    campaign, notes = start_campaign(
        folder, template=template, roster=roster, plan_from=_required_day(plan_from, "--plan-from"),
        plan_to=_required_day(plan_to, "--plan-to"), return_by=_day(return_by, "--return-by"), title=title,
        contact=contact, year=year, districts=district or [], dry_run=dry_run,
    )  # fmt: skip
    for note in notes:
        show.aside(note)
    count = len(campaign.roster.schools)
    if as_json:
        show.document({"campaign": campaign.settings.id, "folder": str(folder), "schools": count})
    else:
        show.chat(
            f"{'Would make' if dry_run else 'Made'} {folder} for {count} schools. Next: xlplan generate -C {folder}"
        )


@app.command()
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
    force: Annotated[bool, typer.Option("--force", help="Write the current copies again.")] = False,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Write one locked workbook per school into copies/. Example: xlplan generate -C autumn"""
    from xlplan.ledger import Ledger
    from xlplan.pipeline.generate import generate as make
    from xlplan.pipeline.generate import with_slots

    campaign = _campaign(folder)
    keys = list(dict.fromkeys(school or []))
    schools = [line for key in keys for line in campaign.plans_of(key)] or list(campaign.roster.schools)
    campaign = with_slots(campaign, keys, _slots(slots or []), dry_run=dry_run)
    copies = []
    with Ledger.open(campaign.ledger_url) as ledger, show.progress("Writing copies", len(schools)) as step:
        before = {(copy.school_key, copy.template): copy.issue for copy in ledger.latest_copies().values()}
        for copy in make(campaign, ledger, schools, now=_now(), force=force, dry_run=dry_run):
            copies.append(copy)
            step()
    if as_json:
        show.document(
            {
                "copies": [
                    {
                        "school_id": copy.school_key,
                        "template": copy.template,
                        "file": copy.file,
                        "issue": copy.issue,
                        "sha256": copy.sha256,
                    }
                    for copy in copies
                ]
            }
        )
    else:
        new = sum(1 for copy in copies if before.get((copy.school_key, copy.template)) != copy.issue)
        what = f"{new} new, {len(copies) - new} as before" if new != len(copies) else f"{new}"
        for copy in copies:
            show.detail(f"{copy.file}: copy {copy.issue} of {copy.school_key}")
        show.chat(f"{'Would write' if dry_run else 'Copies'}: {what}, in {campaign.copies}")


def _slots(given: list[str]) -> dict[str, int]:
    found = {}
    for text in given:
        path, _, count = text.rpartition("=")
        if not path or not (count.isascii() and count.isdigit()) or not 0 < int(count) < 1000:
            raise UsageError(f"--slots: {text!r} is not a path and a number, such as resources=12.")
        found[path.strip()] = int(count)
    return found


@app.command()
def cells(
    source: Annotated[str, typer.Argument(help="A workbook, or a template's name.")],
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Every input cell of a form. Example: xlplan cells sfss --json"""
    from xlplan.pipeline.cells import cells_of

    data = cells_of(source)
    if as_json:
        show.document(data)
        return
    for item in data["cells"]:
        star = " *" if item["required"] else ""
        show.say(f"{item['sheet']}!{item['cell']:<6}{item['type']:<10}{item['path']}  {item['label']}{star}")


@app.command()
def fill(
    workbook: Annotated[Path, typer.Argument(help="A workbook of ours.")],
    plan: Annotated[Path, typer.Argument(help="The plan as JSON.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The filled workbook to write.")],
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Pour a plan into a fresh copy of a workbook. Example: xlplan fill copy.xlsx plan.json -o filled.xlsx"""
    from xlplan.pipeline.fill import fill_file

    result = fill_file(workbook, plan, None if dry_run else out)
    if as_json:
        show.document(
            {
                "file": str(out),
                "outcome": result.outcome,
                "findings": [item.as_json() for item in result.findings],
            }
        )
    else:
        show.checked(result)
    _stop([result])


@app.command()
def read(
    workbook: Annotated[Path, typer.Argument(help="A returned workbook.")],
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The plan in a workbook as JSON, as far as it can be read. Example: xlplan read returned.xlsx"""
    from xlplan.campaign.files import read_bytes
    from xlplan.pipeline.check import Context, check_file

    _existing(workbook)
    result = check_file(read_bytes(workbook), workbook.as_posix(), Context()).checked
    if result.plan is None:
        show.aside(show.line_of(result.findings[0]))
        raise typer.Exit(REFUSED)
    del as_json  # the answer is JSON either way
    for item in result.findings:
        show.remark(show.line_of(item))
    show.document(
        {
            "template": result.template,
            "version": result.version,
            "school_id": result.school_id,
            "plan": result.plan,
        }
    )


def _existing(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file {path}.")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    folder: Folder = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say with each finding what its code is and what follows from it."),
    ] = False,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Outcome and findings of returned files; records nothing. Example: xlplan check returned.xlsx"""
    from xlplan.campaign import find_campaign
    from xlplan.ledger import Ledger
    from xlplan.pipeline.check import Context
    from xlplan.pipeline.collect import context_of, files_in, label_of

    paths = files_in(files)
    campaign = _campaign(folder) if folder is not None else find_campaign()
    day = _day(as_of, "--as-of")
    context = Context(as_of=day)
    if campaign is not None:
        with Ledger.open(campaign.ledger_url) as ledger:
            context = context_of(campaign, ledger, day)
    root = campaign.root if campaign is not None else None
    results = []
    with show.progress("Checking", len(paths)) as step:
        for path in paths:
            results.append(_checked(path, label_of(path, root), context))
            step()
    _tell(results, as_json=as_json, explain=explain)


def _checked(path: Path, label: str, context: Context) -> Checked:
    """One file's outcome; one that cannot be opened does not stop the others."""
    from xlplan.campaign.files import read_bytes
    from xlplan.findings import Checked, finding
    from xlplan.pipeline.check import check_file

    try:
        content = read_bytes(path)
    except XlplanError as error:
        return Checked(file=label, outcome="refused", findings=(finding("damaged", detail=f": {error}"),))
    return check_file(content, label, context).checked


@app.command()
def collect(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; returns/ if not given.")
    ] = None,
    folder: Folder = None,
    received: Annotated[str | None, typer.Option(help="The day they came in, if not today.")] = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """Check returned files and record them. Example: xlplan collect -C autumn"""
    from xlplan.ledger import Ledger
    from xlplan.pipeline.collect import collect as gather
    from xlplan.pipeline.collect import files_in

    campaign = _campaign(folder)
    files = files_in(paths or [campaign.returns])
    day = _day(received, "--received") or date.today()
    with Ledger.open(campaign.ledger_url) as ledger, show.progress("Collecting", len(files)) as step:
        results = gather(campaign, ledger, files, received=day, now=_now(), dry_run=dry_run, done=step)
    _tell(results, as_json=as_json)


def _tell(results: list[Checked], *, as_json: bool, explain: bool = False) -> None:
    summary = _summary(results)
    if as_json:
        show.document({"files": [item.as_json() for item in results], "summary": summary})
    else:
        for item in results:
            show.checked(item, explain=explain)
        files = "1 file" if len(results) == 1 else f"{len(results)} files"
        counts = ", ".join(f"{summary[outcome]} {outcome}" for outcome in ("accepted", "rejected", "refused"))
        show.say(f"{files}: {counts}; {summary['already']} recorded before.")
    _stop(results)


def _summary(results: Iterable[Checked]) -> dict[str, Any]:
    results = list(results)
    outcomes = Counter(item.outcome for item in results)
    found = Counter(str(one.severity) for item in results for one in item.findings)
    counts = {outcome: outcomes[outcome] for outcome in ("accepted", "rejected", "refused")}
    return {
        "files": len(results),
        **counts,
        "already": sum(item.already for item in results),
        "findings": dict(found),
    }


def _stop(results: list[Checked]) -> None:
    outcomes = {item.outcome for item in results}
    if "refused" in outcomes:
        raise typer.Exit(REFUSED)
    if "rejected" in outcomes:
        raise typer.Exit(ERRORS)


@app.command()
def status(
    folder: Folder = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Who was sent what, who returned, in what state. Example: xlplan status -C autumn"""
    from xlplan.cli.status_table import print_status
    from xlplan.ledger import Ledger
    from xlplan.pipeline.status import status as state_of

    campaign = _campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        found = state_of(campaign, ledger, _day(as_of, "--as-of") or date.today())
    if as_json:
        show.document(found.as_json())
    else:
        print_status(found)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The folder to write to.")],
    format: Annotated[str, typer.Option(help="csv or json.")] = "csv",
    folder: Folder = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """One tidy table per table of the template. Example: xlplan export -C autumn --to tables --format csv"""
    from xlplan.ledger import Ledger
    from xlplan.pipeline.summarise import rollup_of
    from xlplan.rollup.export import export as write_tables
    from xlplan.rollup.tables import tidy

    campaign = _campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        rollup = rollup_of(campaign, ledger, _day(as_of, "--as-of") or date.today())
    tables = tidy(rollup.shape, rollup.plans)
    planned = tuple(to / f"{name}.{format}" for name in tables)
    if format not in ("csv", "json"):
        raise UsageError(f"--format: {format!r} is neither csv nor json.")
    written = planned if dry_run else write_tables(tables, to, format)
    if as_json:
        show.document(
            {
                "tables": [
                    {"table": name, "rows": len(table), "file": path.as_posix()}
                    for (name, table), path in zip(tables.items(), written, strict=True)
                ]
            }
        )
    else:
        for (name, table), path in zip(tables.items(), written, strict=True):
            show.chat(f"{'Would write ' if dry_run else ''}{path}: {len(table)} rows of {name}")


@app.command()
def rollup(
    folder: Folder = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="The workbook to write; reports/summary.xlsx if not given."),
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """The district's summary workbook. Example: xlplan rollup -C autumn --as-of 2027-01-31"""
    from xlplan.ledger import Ledger
    from xlplan.pipeline.summarise import default_report, rollup_of
    from xlplan.rollup.workbook import write_workbook

    campaign = _campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        data = rollup_of(campaign, ledger, _day(as_of, "--as-of") or date.today())
    path = out or default_report(campaign)
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(data, path)
    if as_json:
        show.document({"file": path.as_posix(), "plans": len(data.plans), "schools": len(data.statuses)})
    else:
        show.chat(
            f"{'Would write ' if dry_run else ''}{path}: {len(data.plans)} of {len(data.statuses)} plans."
        )


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="A new folder for the demonstration.")] = Path("xlplan-demo"),
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """The whole loop on Spokane's 68 schools, with invented plans. Example: xlplan demo"""
    from xlplan.pipeline.demo import free_folder, run_demo

    free_folder(folder)
    if dry_run:
        if as_json:
            show.document({"folder": folder.as_posix()})
        else:
            show.chat(f"Would make a campaign with 68 schools in {folder}.")
        return
    with show.progress("Running the demonstration", 4) as step:
        story = run_demo(folder, step)
    if as_json:
        show.document({key: value for key, value in story.items() if key != "told"})
        return
    for line in story["told"]:
        show.chat(line)
