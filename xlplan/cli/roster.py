"""Commands about the roster: update it with a new one, and the schools that left it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.options import DryRun, Folder, Json, Quiet, Verbose, opened
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign, School
    from xlplan.campaign.roster_changes import Altered, Candidate
    from xlplan.pipeline.roster_update import ClosedSchool, RosterUpdate

app = typer.Typer(
    help="The roster when schools open, close, merge or move. Example: xlplan roster update schools.csv",
    no_args_is_help=True,
)
_PERHAPS = {"merged": "merged into", "split": "split into", "id": "under another id"}


@app.command()
def update(
    file: Annotated[Path, typer.Argument(help="The new roster: CSV, .xlsx or .ods, with all schools.")],
    folder: Folder = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; without this you only see what would change.")
    ] = False,
    merged: Annotated[
        list[str] | None,
        typer.Option(metavar="OLD=NEW", help="The school OLD is part of NEW now (ids); may be repeated."),
    ] = None,
    district: Annotated[
        list[str] | None,
        typer.Option(help="Take only this district's schools from FILE (its id); may be repeated."),
    ] = None,
    drop_settings: Annotated[
        bool,
        typer.Option(
            "--drop-settings",
            help="Turn what campaign.toml says of schools that are gone into remarks.",
        ),
    ] = False,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
    dry_run: DryRun = False,
) -> None:
    """What a new roster changes; with --apply, change it. Example: xlplan roster update schools.csv --apply"""
    from xlplan.pipeline.roster_update import apply_update, check_update, plan_update

    today, pairs = date.today(), _merged(merged or [])
    with opened(folder, records=False) as (campaign, ledger):
        found = plan_update(campaign, ledger, file, merged=pairs, districts=district or [], today=today)
        if not as_json:
            _preview(found, file)
        kept = None
        if apply and not dry_run:
            kept = apply_update(found, drop_settings=drop_settings, today=today)
    if as_json:
        show.document(_json(found, applied=apply and not dry_run, kept=kept))
    elif found:
        show.chat(
            _done(found, kept) if apply and not dry_run else "Nothing was written. To do it: add --apply"
        )
    check_update(found, drop_settings=drop_settings)


@app.command()
def closed(
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Schools that left the roster, with what they returned. Example: xlplan roster closed -C autumn"""
    from xlplan.pipeline.roster_update import closed_of

    with opened(folder, records=False) as (campaign, ledger):
        found = closed_of(campaign, ledger)
    if as_json:
        show.document({"closed": [item.as_json() for item in found]})
        return
    for item in found:
        into = f", part of {_called(campaign, item.merged_into)} now" if item.merged_into else ""
        show.say(f"{_name(item.school)}, until {item.until}{into}: {_held(item)}")
        for came in item.returns:
            show.chat(f"    {came.received}  {came.sha256[:10]}  {show.one_line(came.file)}: {came.outcome}")
    show.chat(f"{show.counted(len(found), 'school')} left the roster.")


def _merged(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        old, _, new = (part.strip() for part in text.partition("="))
        if not old or not new or old == new:
            raise UsageError(
                f"--merged: {text!r} is not two schools' ids, such as 530825001378=530825001380."
            )
        if found.setdefault(old, new) != new:
            raise UsageError(f"--merged: {old} cannot be part of {found[old]} and of {new}.")
    return found


def _preview(found: RosterUpdate, file: Path) -> None:
    for note in found.notes:
        show.aside(note)
    if found.kept:
        show.aside(f"{file} has no column {', '.join(found.kept)}: what the roster has there stays.")
    for line in _lines(found):
        show.chat(line)
    changes = found.changes
    if not found:
        show.say(f"{file}: the same schools as on the roster. Nothing to do.")
        return
    renamed, moved = (sum(getattr(item, what) for item in changes.altered) for what in ("renamed", "moved"))
    others = sum(not item.renamed and not item.moved for item in changes.altered)
    counts = ((len(changes.added), "added"), (len(changes.closed), "closed"), (renamed, "renamed"))
    told = ", ".join(
        f"{number} {what}" for number, what in (*counts, (moved, "moved"), (others, "otherwise changed"))
    )
    show.say(
        f"{file}: {show.counted(len({line.key for line in found.campaign.roster.schools}), 'school')}; {told}."
    )
    if found.reissued:
        show.chat(
            f"The next `xlplan generate` makes a new copy for {show.counted(len(found.reissued), 'school')}, since "
            "name or district on it change. Copies that are out stay valid."
        )


def _lines(found: RosterUpdate) -> Iterator[str]:
    changes = found.changes
    for school in changes.added:
        was = found.again.get(school.key)
        again = f": on the roster until {was.until} as “{show.one_line(was.school.name)}”" if was else ""
        yield f"+ Added: {_name(school)}, {_district(school)}{again}"
    for item in found.closed:
        into = f"Merged into {_called(found.campaign, item.merged_into)}" if item.merged_into else "Closed"
        yield f"- {into}: {_name(item.school)}, {_district(item.school)}: {_held(item)}"
    for altered in changes.altered:
        yield f"~ {_altered(altered)}"
    for candidate in changes.candidates:
        yield f"? {_candidate(candidate)}"
    for place, key in found.named:
        yield f"! campaign.toml: {place} names {key}, which is gone."


def _altered(item: Altered) -> str:
    own = "school" if item.school.school else "district"
    what = "Renamed" if item.renamed else "Moved" if item.moved else "Changed"
    said = [
        f"{name if name != own else 'name'} was “{was}”, is “{now}”"
        for name, (was, now) in item.fields.items()
    ]
    return f"{what}: {_name(item.school)}: {'; '.join(said)}"


def _candidate(item: Candidate) -> str:
    """What a person should decide, and what to add if so."""
    gone, now = (" and ".join(map(_name, schools)) for schools in (item.gone, item.now))
    if item.kind == "split":
        return f"Perhaps split: {gone} into {now}. Its returns stay its own."
    said = " ".join(f"--merged {school.key}={item.now[0].key}" for school in item.gone)
    return f"Perhaps {_PERHAPS[item.kind]}: {gone}; now {now}. If so, add {said}"


def _done(found: RosterUpdate, kept: Path | None) -> str:
    if kept is None:
        return "Written to roster-former.csv; the roster stays as it is."
    place = found.campaign.root / "roster.csv"
    return f"{place} is the new roster; the former one is kept as {kept.name}. Next: xlplan generate"


def _held(item: ClosedSchool) -> str:
    if not item.copies:
        return "it never had a copy"
    copies = "1 copy" if item.copies == 1 else f"{item.copies} copies"
    return f"{copies} and {show.counted(len(item.returns), 'return')} stay in the ledger"


def _name(school: School) -> str:
    return f"{show.one_line(school.name)} ({school.key})"


def _called(campaign: Campaign, key: str) -> str:
    """A school by its name, or by its key alone once it left the roster too."""
    return next((_name(line) for line in campaign.roster.schools if line.key == key), key)


def _district(school: School) -> str:
    return f"{show.one_line(school.district)} ({school.district_id})"


def _json(found: RosterUpdate, *, applied: bool, kept: Path | None) -> dict[str, Any]:
    from xlplan.pipeline.roster_update import facts_of

    return {
        "applied": applied,
        "kept": kept.name if kept else None,
        "added": [facts_of(school) for school in found.changes.added],
        "closed": [item.as_json() for item in found.closed],
        "altered": [
            facts_of(item.school)
            | {
                "renamed": item.renamed,
                "moved": item.moved,
                "fields": {name: list(change) for name, change in item.fields.items()},
            }
            for item in found.changes.altered
        ],
        "candidates": [
            {"kind": item.kind, "gone": [one.key for one in item.gone], "now": [one.key for one in item.now]}
            for item in found.changes.candidates
        ],
        "settings": [{"place": place, "school_id": key} for place, key in found.named],
        "reissued": list(found.reissued),
    }
