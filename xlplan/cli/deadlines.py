"""The command that gives single schools more time: extend."""

from __future__ import annotations

from typing import Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import DryRun, Folder, Json, Quiet, Verbose, campaign_in, day
from xlplan.errors import UsageError


def extend(
    schools: Annotated[list[str], typer.Argument(metavar="SCHOOL...", help="The schools, by their ids.")],
    folder: Folder = None,
    until: Annotated[str | None, typer.Option(help="Their new day of return, such as 2027-01-15.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept as a remark in campaign.toml.")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="Take their own day back.")] = False,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Give schools a later day of return. Example: xlplan extend 530825001378 --until 2027-01-15 -C autumn"""
    from xlplan.pipeline.extending import extend as give

    if drop == (until is not None):
        raise UsageError("Say either the new day with --until 2027-01-15, or --drop.")
    if drop and reason:
        raise UsageError("--reason: it goes with --until.")
    campaign = campaign_in(folder)
    done = give(campaign, schools, day(until, "--until"), reason=reason, dry_run=dry_run)
    if as_json:
        show.document({"extensions": [item.as_json() for item in done]})
        return
    for item in done:
        was = f" (was {item.before})" if item.before and item.before != item.until else ""
        show.say(f"{show.one_line(item.school.name)} ({item.school.key}): {item.until or 'no day'}{was}")
    where = f" -C {folder}" if folder is not None else ""
    would = "Would change campaign.toml. " if dry_run else ""
    show.chat(
        f"{would}Next: xlplan generate{where}, which issues copies with the new day; older ones still read."
    )
