"""Commands that write to schools: distribute, letters, remind, and the wording of what they write. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import (
    AsOf,
    DryRun,
    Folder,
    Json,
    Quiet,
    Verbose,
    campaign_in,
    day,
    day_or_today,
    now,
    opened,
)
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import School
    from xlplan.pipeline.lettering import Posted
    from xlplan.pipeline.posting import Draft

Schools = Annotated[
    list[str] | None, typer.Option("--school", help="Only this school (its id); may be repeated.")
]
Districts = Annotated[
    list[str] | None,
    typer.Option("--district", help="Only this district's schools (its id); may be repeated."),
]
NOT_ALL = 1  # something could not be made as it should be


def distribute(
    folder: Folder = None,
    school: Schools = None,
    district: Districts = None,
    as_of: AsOf = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Drafts with the copies for schools that have an address, a zip per district for the others; nothing is sent.

    Example: xlplan distribute -C autumn
    """
    from xlplan.pipeline.distributing import distribute as make
    from xlplan.pipeline.recipients import chosen

    with opened(folder, records=False) as (campaign, ledger):
        schools = chosen(campaign, school or (), district or ())
        made = make(
            campaign, ledger, schools, as_of=day_or_today(as_of, "--as-of"), now=now(), dry_run=dry_run
        )  # fmt: skip
    if as_json:
        show.document(made.as_json())
    else:
        _drafts(made.drafts)
        for pack in made.packs:
            to = f" to {', '.join(pack.to)}" if pack.to else ""
            show.detail(
                f"{pack.file}: {show.counted(len(pack.schools), 'school')}, with a letter{to}: {pack.letter}"
            )
        said = (
            f"{show.counted(len(made.drafts), 'draft')}, {show.counted(len(made.packs), 'zip')} for districts"
        )
        show.chat(f"{_would(dry_run)}{said}, in {made.folder}. Nothing was sent.")
    _problems(made.problems, made.notes, "Run xlplan generate first.")


def letters(
    folder: Folder = None,
    school: Schools = None,
    district: Districts = None,
    since: Annotated[
        str | None, typer.Option(help="Only for what came on this day or later, such as 2026-12-01.")
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Drafts that tell each school what was found in what it returned, or thank it; nothing is sent.

    Example: xlplan letters -C autumn --since 2026-12-01
    """
    from xlplan.pipeline.lettering import letters as make
    from xlplan.pipeline.recipients import chosen

    with opened(folder, records=False) as (campaign, ledger):
        schools = chosen(campaign, school or (), district or ())
        made = make(
            campaign, ledger, schools, as_of=day_or_today(as_of, "--as-of"), since=day(since, "--since"),
            dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        show.document(made.as_json())
    else:
        tell_posted(made, dry_run=dry_run)
    _problems(made.problems, made.notes)


def remind(
    folder: Folder = None,
    school: Schools = None,
    district: Districts = None,
    within: Annotated[
        int | None,
        typer.Option("--within", metavar="DAYS", help="Only those whose day is at most so many days away."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="A list for a mail merge to write, in place of drafts.")
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Drafts for those who owe something, saying what; nothing is sent. Example: xlplan remind -C autumn --within 7"""
    from xlplan.pipeline.recipients import chosen
    from xlplan.pipeline.reminding import remind as make

    if within is not None and within < 0:
        raise UsageError("--within: give a number of days from 0, such as 7.")
    with opened(folder, records=False) as (campaign, ledger):
        schools = chosen(campaign, school or (), district or ())
        made = make(
            campaign, ledger, schools, as_of=day_or_today(as_of, "--as-of"), now=now(), within=within, csv=csv,
            dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        more: dict[str, object] = {"not_issued": made.unsent}
        more |= {"csv": csv.as_posix(), "rows": made.rows} if csv is not None else {}
        show.document(made.posted.as_json() | more)
    elif csv is not None:
        show.chat(
            f"{_would(dry_run, 'write ')}{csv}: {show.counted(made.rows, 'row')}, one for each who owes something."
        )
    else:
        tell_posted(made.posted, dry_run=dry_run)
    if made.unsent:
        show.aside(f"{show.counted(made.unsent, 'plan')} without a copy yet: xlplan generate makes it.")
    _problems(made.posted.problems, made.posted.notes)


def wording(
    folder: Folder = None,
    language: Annotated[str | None, typer.Option(help="Only this language: en or es.")] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Put the wording of all letters into letters/, to be edited. What stands there stays, and is looked through.

    Example: xlplan wording -C autumn --language es
    """
    from xlplan.post.wording import LANGUAGES, lay_out

    if language is not None and language not in LANGUAGES:
        raise UsageError(f"--language: {language!r} is none of {', '.join(LANGUAGES)}.")
    campaign = campaign_in(folder)
    files = lay_out(campaign.root, (language,) if language else LANGUAGES, dry_run=dry_run)
    if as_json:
        found = [{"file": path.relative_to(campaign.root).as_posix(), "written": new} for path, new in files]
        show.document({"files": found})
        return
    for path, new in files:
        show.detail(f"{path}: {'new' if new else 'as it was'}")
    count = sum(new for _, new in files)
    kept = f"; {len(files) - count} as they were" if count < len(files) else ""
    show.chat(f"{_would(dry_run)}{show.counted(count, 'file')} in {campaign.root / 'letters'}{kept}.")


def tell_posted(made: Posted, *, dry_run: bool) -> None:
    """What a command made, in words."""
    _drafts(made.drafts)
    if made.drafts:
        show.chat(
            f"{_would(dry_run)}{show.counted(len(made.drafts), 'draft')}, in {made.folder}. Nothing was sent."
        )
    else:
        show.chat("There is nobody to write to.")


def _drafts(drafts: Sequence[Draft]) -> None:
    for item in drafts:
        to = ", ".join(item.to) or "nobody yet"
        show.detail(f"{item.file}: to {to} ({', '.join(state for _, state in item.about)})")
    nobody = sum(not item.to for item in drafts)
    if nobody:
        show.aside(f"{show.counted(nobody, 'draft')} without a recipient: the roster has no e-mail address.")


def _problems(problems: Sequence[tuple[School, str]], notes: Iterable[str], advice: str = "") -> None:
    """What is wrong, on stderr; exits with 1 if something could not be made as it should be."""
    tell_problems(problems, notes)
    if problems and advice:
        show.aside(f"{show.counted(len(problems), 'school')} left out. {advice}")
    if problems:
        raise typer.Exit(NOT_ALL)


def tell_problems(problems: Iterable[tuple[School, str]], notes: Iterable[str]) -> None:
    """What is wrong with addresses, and what could not be enclosed."""
    for note in notes:
        show.aside(show.one_line(note))
    for school, text in problems:
        show.aside(show.one_line(f"{school.name} ({school.key}): {text}."))


def _would(dry_run: bool, verb: str = "make ") -> str:
    return f"Would {verb}" if dry_run else ""
