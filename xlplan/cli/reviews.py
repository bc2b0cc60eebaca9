"""Commands with which people decide: review a plan, say whether a return counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import DryRun, Folder, Json, Quiet, Verbose, now, opened, user
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.pipeline.reviewing import Reviewed, Word

By = Annotated[
    str | None,
    typer.Option("--by", help="Who says so, for the record; the name you are logged in with if not given."),
]


def review(
    school: Annotated[
        str | None, typer.Argument(help="The school's id; with --from the list names them.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="The plan that counts is approved.")] = False,
    back: Annotated[
        str | None,
        typer.Option("--return", metavar="TEXT", help="Send it back with a remark on the whole plan."),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=TEXT",
            help="Send it back with a remark on a field, row or table, such as resources[0].cost=…; may be repeated.",
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Send many back: a CSV or .xlsx with school_id, path (or sheet and cell), remark."
        ),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--return-number", help="Of this return, as history numbers them; else what counts."),
    ] = None,
    template: Annotated[str | None, typer.Option(help="Which plan, where the school has several.")] = None,
    by: By = None,
    folder: Folder = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Approve a plan, or send it back with remarks. Example: xlplan review 530825001378 --return "Who leads this?" """
    from xlplan.pipeline.reviewing import review as record

    _check(school, approve, back, on, source, number)
    with opened(folder, records=not dry_run) as (campaign, ledger):
        words = _words(campaign, source, school, approve, back, on, number, template)
        done = record(campaign, ledger, words, by=_name(by), now=now(), dry_run=dry_run)
    if as_json:
        show.document({"reviews": [item.as_json() for item in done]})
        return
    for item in done:
        _tell(item, dry_run=dry_run)


def _check(
    school: str | None,
    approve: bool,
    back: str | None,
    on: list[str] | None,
    source: Path | None,
    number: int | None,
) -> None:
    if source is not None and (school or approve or back or on or number):
        raise UsageError(
            "--from names the schools and all remarks. Give nothing beside it, or leave it away."
        )
    if source is None and school is None:
        raise UsageError("Name the school by its id, or give a list of remarks with --from.")
    if approve and (back or on):
        raise UsageError("--approve takes no remarks. To send the plan back, leave it away.")
    if source is None and not approve and not back and not on:
        raise UsageError('Say --approve, --return "TEXT", or --on PATH=TEXT.')


def _words(
    campaign: Campaign,
    source: Path | None,
    school: str | None,
    approve: bool,
    back: str | None,
    on: list[str] | None,
    number: int | None,
    template: str | None,
) -> list[Word]:
    from xlplan.ledger import APPROVED, RETURNED
    from xlplan.pipeline.remark_lists import words_in
    from xlplan.pipeline.reviewing import Said, Word

    if source is not None:
        return words_in(source, campaign)
    remarks = [Said(text=back)] if back else []
    for text in on or []:
        path, sign, said = text.partition("=")
        if not sign or not path.strip():
            raise UsageError(
                f"--on: {text!r} is not a path and a remark, such as resources[0].cost=Where from?"
            )
        remarks.append(Said(text=said, path=path))
    return [
        Word(
            school=school or "",
            decision=APPROVED if approve else RETURNED,
            remarks=tuple(remarks),
            template=template,
            number=number,
        )
    ]


def _tell(item: Reviewed, *, dry_run: bool) -> None:
    would = "is already " if item.already else "would be " if dry_run else ""
    name = f"{show.one_line(item.name)} ({item.school})"
    if item.correction is None:
        show.say(f"{name}: return {item.number} {would}approved.", color="green")
        return
    count = len(item.remarks)
    said = f"{count} remark{'s' if count > 1 else ''}"
    show.say(f"{name}: return {item.number} {would}sent back with {said}. Please go on in {item.correction}.")
    for remark, place in zip(item.remarks, item.places, strict=True):
        show.detail(f"  {place}: {show.one_line(remark.text)}")


def mark(
    school: Annotated[str, typer.Argument(help="The school's id.")],
    which: Annotated[
        str,
        typer.Argument(
            metavar="RETURN", help="Its number, as history shows it, or the start of its SHA-256."
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why; it is recorded with your name.")],
    counts: Annotated[
        bool | None,
        typer.Option("--counts/--not", help="It counts, whatever the rule says, or it never does."),
    ] = None,
    by: By = None,
    folder: Folder = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Say whether a return counts. Example: xlplan mark 530825001378 2 --not --reason "A draft sent by mistake" """
    from xlplan.pipeline.reviewing import mark as record

    if counts is None:
        raise UsageError("Say --counts or --not.")
    if not reason.strip():
        raise UsageError("--reason: say why, since others will ask.")
    with opened(folder, records=not dry_run) as (campaign, ledger):
        made = record(
            campaign, ledger, school, which, counts=counts, reason=reason.strip(), by=_name(by), now=now(),
            dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        show.document(made.as_json())
        return
    name = f"{show.one_line(made.name)} ({made.school})"
    if dry_run:
        show.say(
            f"{name}: would record that return {made.number} {'counts' if counts else 'does not count'}."
        )
    show.say(f"{name}: {show.one_line(made.why)}")
    if made.before == made.now and not dry_run:
        show.chat("What counts is what counted before.")


def _name(given: str | None) -> str:
    """Who says so."""
    return user() if given is None else " ".join(given.split())
