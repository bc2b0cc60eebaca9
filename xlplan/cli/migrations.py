"""The command migrate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import (
    DryRun,
    Folder,
    Json,
    Passwords,
    Quiet,
    Verbose,
    day_or_today,
    now,
    opened,
    passwords_of,
)

REFUSED = 3  # some file could not be carried over


def migrate(
    paths: Annotated[list[Path], typer.Argument(help="Returned files, or folders of them.")],
    folder: Folder = None,
    received: Annotated[str | None, typer.Option(help="The day they came in, if not today.")] = None,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """Answer returns on an older version with a copy of the newest. Example: xlplan migrate returns/"""
    from xlplan.pipeline.migrating import MIGRATED, NOT_DONE, READY, REPLACED
    from xlplan.pipeline.migrating import migrate as carry_over

    with opened(folder, records=not dry_run) as (campaign, ledger):
        found = carry_over(
            campaign, ledger, paths, received=day_or_today(received, "--received"), now=now(), dry_run=dry_run,
            passwords=passwords_of(password),
        )  # fmt: skip
    for item in () if as_json else found:
        if item.state == NOT_DONE:
            show.say(f"{item.file}: {item.why}")
        elif item.state == REPLACED:
            show.detail(f"{item.file}: {item.why}")
        elif item.state == READY:
            show.detail(f"{item.file}: it is of version {item.version}, the newest.")
        else:
            done = (
                "was carried over before"
                if item.already
                else "would be carried over"
                if dry_run
                else "carried over"
            )
            left = f"; {len(item.to_place)} to place by hand" if item.to_place else ""
            said = f"{done} from version {item.came_as} to {item.version}{left}"
            show.say(f"{item.file}: {said}. Send {item.copy} to the school.")
            for one in item.to_place:
                show.say("  " + show.line_of(one))
    if as_json:
        show.document({"files": [item.as_json() for item in found]})
    else:
        states = [item.state for item in found]
        show.chat(
            f"{show.counted(len(found), 'file')}: {states.count(MIGRATED)} carried over, "
            f"{states.count(READY)} of the newest version, {states.count(NOT_DONE)} not done."
        )
    if any(item.state == NOT_DONE for item in found):
        raise typer.Exit(REFUSED)
