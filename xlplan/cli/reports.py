"""Commands that answer questions about a campaign: status, export."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import (
    AsOf,
    DryRun,
    Folder,
    Json,
    Quiet,
    Verbose,
    day_or_today,
    now,
    opened,
)
from xlplan.errors import UsageError


def status(
    folder: Folder = None,
    as_of: AsOf = None,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="html", help="html: a page for the browser, reports/status.html if no -o names it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The page to write, such as status.html.")
    ] = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """Who was sent what, who returned, in what state. Example: xlplan status -C autumn --format html"""
    from xlplan.cli.status_table import print_status
    from xlplan.pipeline.status import status as state_of

    if format is not None or out is not None:
        _status_page(folder, as_of, format, out, as_json=as_json, dry_run=dry_run)
        return
    with opened(folder, records=False) as (campaign, ledger):
        found = state_of(campaign, ledger, day_or_today(as_of, "--as-of"))
    if as_json:
        show.document(found.as_json())
    else:
        print_status(found)


def _status_page(
    folder: Path | None,
    as_of: str | None,
    format: str | None,
    out: Path | None,
    *,
    as_json: bool,
    dry_run: bool,
) -> None:
    """The page that `watch` keeps, once."""
    from xlplan.pipeline.destination import check_file
    from xlplan.pipeline.tracking import PAGE, keep_page, status_report

    if format not in (None, "html"):
        raise UsageError(
            "status is a table in the terminal, a JSON document, or a page: --format html, -o FILE.html."
        )
    day = day_or_today(as_of, "--as-of")
    with opened(folder, records=False) as (campaign, ledger):
        if out:
            check_file([campaign], out, (".html", ".htm"))
        path = out or campaign.reports / PAGE
        report = status_report(campaign, ledger, day, None if as_of else now().astimezone())
        new = not dry_run and keep_page(report, path)
    if as_json:
        show.document({"file": path.as_posix(), "written": new})
    elif dry_run:
        show.chat(f"Would write {path}")
    else:
        show.chat(f"{path}{'' if new else ': it says the same already'}")


def export(
    to: Annotated[
        str, typer.Option(help="The folder or file to write to, its URL, or a database: postgresql://…")
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="csv, json, xlsx, parquet, sqlite, postgresql or frictionless; if not given, what --to says, else csv."
        ),
    ] = None,
    folder: Folder = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """The tables of all plans, for other programs. Example: xlplan export -C autumn --to tables --format csv"""
    from xlplan.campaign.places import is_url, sending, shown
    from xlplan.pipeline.exporting import about, check_place, tables_of
    from xlplan.rollup.exports.as_postgresql import SCHEMES
    from xlplan.rollup.exports.target import target_of

    today = day_or_today(as_of, "--as-of")
    url = to if is_url(to) and not to.startswith(SCHEMES) else None
    with opened(folder, records=False) as (campaign, ledger), sending(url) if url else nullcontext() as path:
        target = target_of(str(path or to), format, campaign.settings.id)
        if isinstance(target.to, Path):
            check_place(campaign, target.to)
        with tables_of(campaign, ledger, today) as tables:
            told = target.planned(tables) if dry_run else target.write(tables, about(campaign, today))
    if url:
        told = [replace(item, file=shown(url) + str(item.file).removeprefix(str(path))) for item in told]
    if as_json:
        show.document({"format": target.format, "tables": [item.as_json() for item in told]})
    for item in () if as_json else told:
        part = f", {item.part}" if item.part else ""
        show.chat(f"{'Would write ' if dry_run else ''}{item.file}{part}: {item.rows} rows of {item.table}")
