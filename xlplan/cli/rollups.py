"""The command that writes the district's summary, in whatever form."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.options import AsOf, DryRun, Json, Quiet, Verbose, campaign_in, day_or_today

ALONE = "No sums beside them: counted, these plans tell what the sums withhold. Publish one or the other."

if TYPE_CHECKING:
    from xlplan.pipeline.levels import RolledUp
    from xlplan.pipeline.school_sheets import PlanSheet


def rollup(
    folder: Annotated[
        list[Path] | None,
        typer.Option(
            "-C",
            "--campaign",
            help="A campaign's folder; the current one if it is one. Repeated: all of them in one.",
        ),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="xlsx|html|pdf|docx|md",
            help="A workbook, a page, printed pages, or the board's digest; if not given, what -o says, else xlsx. "
            "Repeated: each of them.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--out",
            help="The file to write, or its URL; in reports/ of the first campaign if not given.",
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="district|region|all", help="Which units stand side by side on one sheet.")
    ] = "district",
    schools: Annotated[
        bool,
        typer.Option("--schools", help="Write each plan as a file of its own too, in reports/schools."),
    ] = False,
    min_cell: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="For publishing: sums alone, without schools, and no count from 1 to N-1 to be found.",
        ),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="For publishing: no school, no person, no private words; counts under 10 hidden."
        ),
    ] = False,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """The district's summary: workbook, page, paper, digest. Example: xlplan rollup -C autumn --format html"""
    from xlplan.campaign.places import is_url, path_of, sending, shown
    from xlplan.pipeline.levels import opened_together, rolled_up
    from xlplan.pipeline.reporting import plan_forms
    from xlplan.pipeline.school_sheets import written_plans

    day = day_or_today(as_of, "--as-of")
    publishing = public or min_cell is not None
    url = out if out and is_url(out) else None
    with opened_together([*map(campaign_in, folder or ())] or [campaign_in(None)]) as campaigns:
        with sending(url) if url else nullcontext(path_of(out) if out is not None else None) as path:
            done = rolled_up(
                campaigns, day, forms=format or (), out=path, by=by, least=min_cell, public=public,
                alone=schools and publishing, elsewhere=url is not None, dry_run=dry_run,
            )  # fmt: skip
        sheets = [
            sheet
            for form in (plan_forms(done.forms) if schools else ())
            for sheet in written_plans(campaigns, day, dry_run=dry_run, form=form, publishing=publishing)
        ]
    files = [shown(url)] if url else [file.as_posix() for file in done.files]
    _tell(done, files, sheets if schools else None, as_json=as_json, would="Would write " if dry_run else "")
    if any(not item.written for item in sheets):
        raise typer.Exit(1)


def _tell(
    done: RolledUp, files: Sequence[str], sheets: Sequence[PlanSheet] | None, *, as_json: bool, would: str
) -> None:
    """What was written. `sheets`: the plans' own files, where they were asked for."""
    if as_json:
        told: dict[str, Any] = {
            "file": files[0] if files else None,
            "files": list(files),
            "plans": done.plans,
            "schools": done.schools,
        }
        show.document(told | ({} if sheets is None else {"sheets": [item.as_json() for item in sheets]}))
        return
    for file in files:
        show.chat(f"{would}{file}: {done.plans} of {done.schools} plans.")
    for item in sheets or ():
        if item.written:
            show.detail(f"{would}{item.file}")
        else:
            show.aside(f"{item.file}: {item.why}")
    if sheets is not None:
        written = show.counted(sum(item.written for item in sheets), "plan")
        show.chat(f"{would}{written} as files of their own.")
    if not files:
        show.aside(ALONE)
