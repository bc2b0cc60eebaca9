"""The command that makes one plan of several people's copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.pipeline.merging import Merging

ERRORS = 1  # something is to be decided, or the one plan has errors
REJECTED = "rejected"


def merge(
    school: Annotated[str, typer.Argument(help="The school's id.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files or recorded returns; all that no other has taken in if not given."),
    ] = None,
    folder: Folder = None,
    template: Annotated[str, typer.Option(help="Which plan, where the school has several.")] = "",
    base: Annotated[
        Path | None, typer.Option(help="The copy that all were made from, if it is not the one they name.")
    ] = None,
    prefer: Annotated[
        str, typer.Option(metavar="newest|FILE", help="Whose answer stands where they differ.")
    ] = "",
    decisions: Annotated[Path | None, typer.Option(help="The decision workbook, filled in.")] = None,
    received: Annotated[
        str | None, typer.Option(help="The day under which it is recorded, if not today.")
    ] = None,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """One plan of several people's copies. Example: xlplan merge 530825001378 -C autumn"""
    from xlplan.pipeline.merging import Merger

    if decisions is not None and (files or prefer):
        raise UsageError("--decisions: the workbook says what is merged; leave files and --prefer out.")
    for path in filter(None, (base, decisions)):
        if not path.is_file():
            raise UsageError(f"There is no file {path}.")
    with opened(folder, records=not dry_run) as (campaign, ledger):
        merger = Merger(
            campaign=campaign, ledger=ledger, received=day_or_today(received, "--received"), now=now(),
            dry_run=dry_run, passwords=passwords_of(password),
        )  # fmt: skip
        if decisions is not None:
            found = merger.decide(school, decisions, template=template, base=base)
        else:
            found = merger.merge(school, files or [], template=template, base=base, prefer=prefer)
    if as_json:
        show.document(found.as_json())
    else:
        _tell(found, base=base, dry_run=dry_run)
    if found.conflicts or (found.checked is not None and found.checked.outcome == REJECTED):
        raise typer.Exit(ERRORS)


def _tell(found: Merging, *, base: Path | None, dry_run: bool) -> None:
    from xlplan.findings import Severity
    from xlplan.merge.people import place_of

    would = "Would write " if dry_run else ""
    name = show.one_line(found.school.name)
    for label in found.labels:
        show.detail(f"  of {show.one_line(label)}")
    for file, by in found.replaced:
        show.say(
            f"Left out: {show.one_line(file)}. The same person sent {show.one_line(by)} later, made from the same "
            "copy and with most of its answers."
        )
    if found.note:
        show.chat(f"{name}: {found.note}")
    undecided = {(line.sheet, line.cell) for line in found.undecided}
    for told in found.findings:
        if told.severity in (Severity.ERROR, Severity.WARNING) and (told.sheet, told.cell) not in undecided:
            show.say(show.line_of(told))
    for line in found.undecided:
        show.say(f"▲ {line.sheet}, {line.cell}: {line.reason}", color="red")
    if not found.conflicts:
        if found.file is not None:
            count = len(found.files)
            show.say(f"{name}: one plan of {count} copies. {would}{found.file}", color="green", bold=True)
        if found.checked is not None:
            show.checked(found.checked)
        return
    count = len(found.conflicts)
    said = "1 answer has" if count == 1 else f"{count} answers have"
    show.say(f"{name}: {said} to be decided.", color="red", bold=True)
    for item in found.conflicts:
        show.chat("  " + show.one_line(", ".join(filter(None, place_of(found.layout, item.path)))))
    if dry_run:
        show.say(f"{would}{found.decisions}")
        return
    again = f' --base "{base}"' if base is not None else ""
    show.say(f"Decide in {found.decisions}, save it, and run:")
    show.say(f'  xlplan merge {found.school.key} --decisions "{found.decisions}"{again}')
