"""Commands that answer questions about a campaign: status, export, rollup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import AsOf, DryRun, Folder, Json, Quiet, Verbose, day_or_today, opened
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.rollup.data import Rollup

FORMATS = ("csv", "json")


def status(
    folder: Folder = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Who was sent what, who returned, in what state. Example: xlplan status -C autumn"""
    from xlplan.cli.status_table import print_status
    from xlplan.pipeline.status import status as state_of

    with opened(folder, records=False) as (campaign, ledger):
        found = state_of(campaign, ledger, day_or_today(as_of, "--as-of"))
    if as_json:
        show.document(found.as_json())
    else:
        print_status(found)


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
    from xlplan.rollup.export import export as write_tables
    from xlplan.rollup.tables import tidy

    _, data = _rolled_up(folder, as_of)
    tables = tidy(data.shape, data.plans)
    if format not in FORMATS:
        raise UsageError(f"--format: {format!r} is neither csv nor json.")
    planned = tuple(to / f"{name}.{format}" for name in tables)
    written = planned if dry_run else write_tables(tables, to, format)
    told = [(name, len(table), path) for (name, table), path in zip(tables.items(), written, strict=True)]
    if as_json:
        show.document(
            {"tables": [{"table": name, "rows": rows, "file": path.as_posix()} for name, rows, path in told]}
        )
    for name, rows, path in () if as_json else told:
        show.chat(f"{'Would write ' if dry_run else ''}{path}: {rows} rows of {name}")


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
    from xlplan.pipeline.summarise import default_report
    from xlplan.rollup.workbook import write_workbook

    campaign, data = _rolled_up(folder, as_of)
    path = out or default_report(campaign)
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(data, path)
    if as_json:
        show.document({"file": path.as_posix(), "plans": len(data.plans), "schools": len(data.statuses)})
    else:
        would = "Would write " if dry_run else ""
        show.chat(f"{would}{path}: {len(data.plans)} of {len(data.statuses)} plans.")


def _rolled_up(folder: Path | None, as_of: str | None) -> tuple[Campaign, Rollup]:
    from xlplan.pipeline.summarise import rollup_of

    with opened(folder, records=False) as (campaign, ledger):
        return campaign, rollup_of(campaign, ledger, day_or_today(as_of, "--as-of"))
