"""diff: what differs between two plans, answer by answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import Folder, Json, Passwords, Quiet, Verbose, campaign_here, templates_of
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.ledger import Ledger
    from xlplan.merge.diff import Change
    from xlplan.pipeline.differences import Difference
    from xlplan.pipeline.opening import Context

SHORT = 60  # characters of an answer that is shown whole, as it was and as it is
KEEP = 40  # characters of unchanged text beside a change
SIGNS = {"added": "+", "removed": "-", "changed": "~"}
MARKS = {"removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}

Parts = Iterator[tuple[str, str | None]]


def diff(
    a: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A file, a school's id, ID:2 for its second return, or a SHA-256's start."
        ),
    ],
    b: Annotated[
        str | None,
        typer.Argument(metavar="[B]", help="The same; if not given, A against the copy it was made from."),
    ] = None,
    folder: Folder = None,
    base: Annotated[bool, typer.Option("--base", help="A against the copy it was made from.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as one HTML page, too.")] = None,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """What differs between two plans. Example: xlplan diff 530825001378:1 530825001378 -C autumn"""
    if b is not None and base:
        raise UsageError("--base compares with the copy that A was made from. Leave B or --base away.")
    campaign, context = campaign_here(folder), templates_of(folder, password)
    if campaign is None:
        found = _difference(a, b, None, None, context)
    else:
        from xlplan.ledger import Ledger

        with Ledger.open_to_ask(campaign.ledger_url) as ledger:
            found = _difference(a, b, campaign, ledger, context)
    if html is not None:
        _write(html, found)
    if as_json:
        show.document(found.as_json())
    else:
        _tell(found)


def _difference(
    a: str, b: str | None, campaign: Campaign | None, ledger: Ledger | None, context: Context
) -> Difference:
    from xlplan.pipeline.differences import between, since_base
    from xlplan.pipeline.references import plan_named

    first = plan_named(a, campaign, ledger, context)
    if b is not None:
        return between(first, plan_named(b, campaign, ledger, context))
    if ledger is None:
        raise UsageError(
            "To compare with the copy it was made from, name the campaign with -C; or name two files."
        )
    return since_base(first, ledger, context)


def _write(path: Path, found: Difference) -> None:
    from xlplan.campaign.files import write_safely
    from xlplan.merge.page import page

    text = page(found.changes, a=found.a, b=found.b, note=found.note)
    write_safely(path, text.encode("utf-8", "replace"))
    show.remark(f"Written: {path}")


def _tell(found: Difference) -> None:
    show.chat(f"Before: {show.one_line(found.a)}")
    show.chat(f"After:  {show.one_line(found.b)}")
    if found.note:
        show.say(found.note)
    show.say(f"{counted(found.changes)}.")
    tell_changes(found.changes)


def counted(found: Sequence[Change]) -> str:
    """How many answers were added, removed and changed, in words."""
    from xlplan.merge.diff import counts

    said = ", ".join(f"{count} {kind}" for kind, count in counts(found).items() if count)
    return said or "No answer differs"


def tell_changes(found: Sequence[Change], indent: str = "") -> None:
    """Every change on a line, under its sheet."""
    for sheet, changes in groupby(found, key=lambda change: change.sheet):
        show.say(f"{indent}{sheet}", bold=True)
        for change in changes:
            show.say_parts([(f"{indent}  ", None), *_line(change)])


def _line(change: Change) -> Parts:
    from xlplan.merge.diff import in_words, parts_of

    place = ", ".join(filter(None, (change.place, change.label)))
    yield f"{SIGNS[change.kind]} {change.cell:<5} {show.one_line(place)}: ", None
    a, b = (_on_one_line(in_words(value, change.type)) for value in (change.a, change.b))
    if change.kind != "changed":
        yield a or b, MARKS[change.kind][2]
    elif max(len(a), len(b)) <= SHORT:
        yield a, "red"
        yield " → ", None
        yield b, "green"
    else:
        for part in parts_of(change, KEEP):
            before, after, color = MARKS.get(part.kind, ("", "", None))
            text = _on_one_line(part.text)
            yield (text if color is None or show.in_color() else f"{before}{text}{after}"), color


def _on_one_line(text: str) -> str:
    return show.clean(text).replace("\n", " ⏎ ").replace("\t", " ")
