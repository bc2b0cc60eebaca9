"""Commands on the ledger itself: check, backup, restore, erase, upgrade."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.options import DryRun, Folder, Json, Quiet, Verbose, campaign_in, now, opened, user
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.ledger import Checkup
    from xlplan.pipeline.erasing import Erasure

WRONG = 1  # the exit code where something is not as it was recorded

app = typer.Typer(
    name="ledger", help="Check, keep and look after the ledger.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def check(
    folder: Folder = None,
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A head that you noted before; is it still there?")
    ] = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Is everything as it was recorded? Note the head somewhere else. Example: xlplan ledger check -C autumn"""
    from xlplan.ledger import Ledger

    noted = _hash_of(head)
    with Ledger.open(campaign_in(folder).ledger_url, create=False) as ledger:
        found = ledger.checkup()
        place = ledger.entry_with(noted) if noted else None
    problems = list(found.problems)
    if noted and place is None:
        problems.append(
            f"The entry {noted} is not in the chain: what came after was cut off, or this is another ledger."
        )
    found = replace(found, problems=tuple(problems))
    if as_json:
        show.document(_as_json(found) | ({"noted": place} if noted else {}))
    else:
        _tell(found)
        if place is not None:
            show.say(f"The head that you noted is entry {place} of {found.head[0]}.")
    if problems:
        raise typer.Exit(WRONG)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file to write.")],
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Write the whole ledger to a new file. Example: xlplan ledger backup -C autumn /safe/2026-11-22.sqlite"""
    from xlplan.ledger import Ledger

    with Ledger.open(campaign_in(folder).ledger_url, create=False) as ledger:
        found = ledger.backup(file)
    _done(found, file, f"Wrote {file}, and checked it.", as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Fill an absent or empty ledger from a backup. Example: xlplan ledger restore -C autumn /safe/2026-11-22.sqlite"""
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    with opened(folder) as (_, ledger):
        found = ledger.restore(file, now=now())
    _done(found, file, f"Restored from {file}.", as_json, failed="Nothing was restored, because:")


@app.command()
def erase(
    sha256: Annotated[
        str,
        typer.Argument(
            metavar="SHA", help="The file's or carried record's SHA-256, or its first six digits or more."
        ),
    ],
    reason: Annotated[str, typer.Option(help="On whose request and why; this stays.")],
    by: Annotated[str | None, typer.Option(help="Who erases it; you, if not given.")] = None,
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """Erase a returned file for good, on lawful request. Example: xlplan ledger erase 3f9a12 --reason "request 17" """
    from xlplan.ledger import Ledger
    from xlplan.pipeline.erasing import erase as erase_file

    campaign = campaign_in(folder)
    with Ledger.open(campaign.ledger_url, create=False) as ledger:
        who = user() if by is None else by
        done = erase_file(campaign, ledger, sha256, reason=reason, by=who, now=now(), dry_run=dry_run)
    if as_json:
        show.document(_erasure_as_json(done, dry_run))
    else:
        _tell_erasure(done, dry_run)


@app.command()
def upgrade(
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Bring a ledger that an older xlplan wrote up to date. Example: xlplan ledger upgrade -C autumn"""
    from xlplan.ledger import upgrade as bring_up_to_date

    done = bring_up_to_date(campaign_in(folder).ledger_url, now=now())
    kept = None if done.backup is None else done.backup.as_posix()
    if as_json:
        show.document({"before": done.before, "after": done.after, "backup": kept})
    elif done.before == done.after:
        show.chat(f"The ledger has schema {done.after} already; nothing was changed.")
    else:
        beside = f" As it was before, it is kept in {kept}." if kept else ""
        show.chat(
            f"The ledger went from schema {done.before} to {done.after}, with all that it holds.{beside}"
        )


def _hash_of(head: str | None) -> str | None:
    """The noted hash as the ledger writes it."""
    if head is None:
        return None
    noted = head.strip().lower()
    if len(noted) != 64 or set(noted) - set("0123456789abcdef"):
        raise UsageError("--head: give all 64 digits of the head as `xlplan ledger check` printed it.")
    return noted


def _as_json(found: Checkup) -> dict[str, Any]:
    seq, digest = found.head
    head = {"entry": seq, "hash": digest}
    return {
        "sound": not found.problems,
        "counts": found.counts,
        "head": head,
        "problems": list(found.problems),
    }


def _tell(found: Checkup) -> None:
    for line in found.problems:
        show.say(line, color="red")
    if not found.problems:
        show.chat("Everything is as it was recorded.", color="green")
    show.chat(
        ", ".join(f"{count} {_NAMES[kind][count != 1]}" for kind, count in found.counts.items() if count)
    )
    show.say(f"Head, to note elsewhere: {found.head[1]} (entry {found.head[0]})")


_MADE = {
    "return": "with the same answers or begun with them",
    "merge": "merged from it",
    "parts": "put together from it",
}
_NAMES = {
    "form": ("form", "forms"),
    "seal": ("form as issued", "forms as issued"),
    "copy": ("copy", "copies"),
    "return": ("return", "returns"),
    "mark": ("mark", "marks"),
    "review": ("review", "reviews"),
    "waiting": ("decision workbook", "decision workbooks"),
    "erasure": ("erasure", "erasures"),
    "carried": ("carried record", "carried records"),
}


def _done(found: Checkup, file: Path, said: str, as_json: bool, *, failed: str = "") -> None:
    """What became of a backup or a restoring; 1 where the ledger in it is not as it was recorded."""
    if as_json:
        show.document({"file": file.as_posix(), **_as_json(found)})
    else:
        show.chat(failed if failed and found.problems else said)
        _tell(found)
    if found.problems:
        raise typer.Exit(WRONG)


def _erasure_as_json(done: Erasure, dry_run: bool) -> dict[str, Any]:
    erased = done.erased
    return {
        "sha256": erased.sha256,
        "erased": not (erased.before or dry_run),
        "already": erased.before,
        "counted": done.counted,
        "returns": [item.id for item in erased.returns],
        "carried": [item.sha256 for item in erased.carried],
        "former": [item.sha256 for item in erased.former],
        "derived": [{"return": item.id, "kind": item.kind, "sha256": item.sha256} for item in erased.derived],
        "deleted": list(done.deleted),
        "by_hand": list(done.by_hand),
    }


def _tell_erasure(done: Erasure, dry_run: bool) -> None:
    erased = done.erased
    gone, deleted = ("Would be erased", "Would be deleted") if dry_run else ("Erased", "Deleted")
    file = next((item.file for item in erased.returns if item.file), "")
    named = f"{erased.sha256[:12]}{f' ({show.one_line(file)})' if file else ''}"
    if erased.before:
        show.chat(f"{named} was erased before.")
    elif erased.returns:
        numbers = ", ".join(str(item.id) for item in erased.returns)
        show.chat(f"{gone}: {named}, recorded as return {numbers} of the ledger.")
    for record in erased.carried:
        if not record.erased:
            show.chat(
                f"{gone}: the carried record {record.sha256[:12]}, what a former round left of the plan of "
                f"{show.one_line(record.school_key)}."
            )
    if done.counted and erased.returns:
        was = "is" if dry_run else "was"
        show.say(f"It {was} the plan that counts: see `xlplan status` for what counts without it.")
    if done.counted and not erased.returns:
        show.say("The next `xlplan generate` gives the school a copy without answers of a former round.")
    for name in done.deleted:
        show.chat(f"{deleted}: {show.one_line(name)}")
    for item in erased.derived:
        if not item.erased:
            show.say(
                f"Holds its answers too: {show.one_line(item.file)}, {_MADE.get(item.kind, item.kind)}. "
                f"Erase it as well: xlplan ledger erase {item.sha256[:12]}"
            )
    for record in erased.former:
        show.say(
            f"Answers of former rounds, with which this plan began, are in the carried record {record.sha256[:12]}. "
            f"Erase it as well: xlplan ledger erase {record.sha256[:12]}"
        )
    for name in done.by_hand:
        show.say(f"Look at it and delete it by hand: {show.one_line(name)}")
    show.say("Reports, exports, letters and backups that were made before may hold its answers too.")
