"""Begin a campaign that carries on a former one: its settings, roster and plans, in a folder and ledger of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from xlplan.campaign import Campaign, Roster, School, create, select
from xlplan.campaign.files import read_bytes
from xlplan.campaign.folder import ROSTER
from xlplan.campaign.settings import Settings
from xlplan.errors import UsageError
from xlplan.form.rounds import CARRIED
from xlplan.ledger import Ledger
from xlplan.pipeline.carrying import (
    FormerRound,
    Line,
    carried_from,
    former_round,
    listed,
    record_carried,
    remarks,
)
from xlplan.pipeline.forms import known_paths, places_of
from xlplan.pipeline.rosters import roster_in
from xlplan.pipeline.settings_check import check_settings
from xlplan.pipeline.start import Kept, check_window, new_id, with_kept, year_of

WORDING = "letters"  # the folder of a campaign's own wording of letters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is said for the new campaign; what is not comes from the former one."""

    template: str = ""
    roster: Path | None = None
    plan_from: date | None = None
    plan_to: date | None = None
    return_by: date | None = None
    title: str = ""
    contact: str = ""
    year: str = ""
    districts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The new campaign, what was carried into it, and remarks in words."""

    campaign: Campaign
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def start_from(
    folder: Path,
    root: Path,
    round_: str,
    wanted: Wanted,
    *,
    now: datetime,
    dry_run: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Started:
    """A new campaign folder that carries on the campaign in `root`, of which nothing changes.

    What raises does so before anything is written. Broken off while plans are recorded, `carry_again` completes it.
    """
    with former_round(root, now=now) as former:
        planned, kept, notes = _planned(folder, former, round_, wanted)
        lines = []
        for school in planned.roster.schools:
            lines.append(carried_from(former, planned, school))
            step()
    campaign = planned
    if not dry_run:
        campaign = create(folder, planned.settings, planned.roster.schools, kept.files)
        with Ledger.open(campaign.ledger_url) as ledger:
            lines = record_carried(ledger, lines, now=now)
    told = (*notes, *remarks(lines, round_, dry_run=dry_run))
    return Started(campaign=campaign, lines=tuple(lines), notes=told)


def _planned(
    folder: Path, former: FormerRound, round_: str, wanted: Wanted
) -> tuple[Campaign, Kept, list[str]]:
    """The new campaign as it will be, its own files, and remarks."""
    old = former.campaign
    if folder.resolve() == old.root.resolve():
        raise UsageError(
            f"{folder}: this is the former campaign itself. Choose another folder for the new one."
        )
    plan_from, plan_to = _window(old.settings, round_, wanted)
    kept = Kept(folder)
    main, model = (
        kept.template(wanted.template, Path())
        if wanted.template
        else kept.template(old.settings.template, old.root)
    )
    found = roster_in(wanted.roster) if wanted.roster else old.roster
    where = wanted.roster or old.root / ROSTER
    schools = with_kept(select(found, list(wanted.districts)), kept, where)
    settings, notes = _settings(old.settings, schools, round_)
    settings = replace(
        settings, id=new_id(model.form.name, plan_from, folder), template=main, plan_from=plan_from,
        plan_to=plan_to, return_by=wanted.return_by, title=wanted.title or settings.title,
        contact=wanted.contact or settings.contact,
        year=wanted.year or (settings.year if round_ != CARRIED else year_of(plan_from, plan_to)),
        former=_seen_from(folder, old.root), round=round_,
    )  # fmt: skip
    campaign = Campaign(
        root=folder, settings=settings, roster=Roster(schools=schools), key=b"", own=kept.sources,
        named=kept.named,
    )  # fmt: skip
    campaign, left = _fitting(campaign)
    check_settings(campaign)
    behind = former.left_behind(campaign, {school.key for school in found.schools})
    if behind:
        left.append(f"Not carried, since the new roster has no line for these plans: {listed(behind)}.")
    kept.files.update(_wording(old.root))
    return campaign, kept, [*(found.notes if wanted.roster else ()), *notes, *left]


def _window(settings: Settings, round_: str, wanted: Wanted) -> tuple[date, date]:
    if round_ == CARRIED and (wanted.plan_from is None or wanted.plan_to is None):
        raise UsageError(
            "--plan-from, --plan-to: say which days the new plans cover. (A mid-year check, --status-round, keeps "
            "those of the former campaign.)"
        )
    first, last = wanted.plan_from or settings.plan_from, wanted.plan_to or settings.plan_to
    check_window(first, last)
    return first, last


def _settings(old: Settings, schools: Sequence[School], round_: str) -> tuple[Settings, list[str]]:
    """The former settings without what was granted for that round alone, and what of that is to be told."""
    keys, notes = {school.key for school in schools}, []
    gone = [
        words
        for words, held in (("waivers", old.waivers), ("later days of return ([extension])", old.extensions))
        if held
    ]
    if gone:
        notes.append(f"Not carried: {' and '.join(gone)}; they were granted for the former round.")
    dated = old.from_dates
    if dated and round_ == CARRIED:
        notes.append(
            "Not carried: the days from which rules are judged ([from]); write new ones where you want any."
        )
        dated = {}
    if old.ledger:
        notes.append(
            "The new campaign has a ledger of its own in its folder; the former one has another address. For an "
            "address here too, write it into campaign.toml and run `xlplan carry`."
        )
    settings = replace(
        old, ledger="", waivers=(), extensions={}, from_dates=dated,
        school_slots={key: slots for key, slots in old.school_slots.items() if key in keys},
        split_schools=tuple(key for key in old.split_schools if key in keys),
    )  # fmt: skip
    return settings, notes


def _fitting(campaign: Campaign) -> tuple[Campaign, list[str]]:
    """The campaign without settings about fields that its templates do not have, and a remark that names them."""
    settings = campaign.settings
    known = [known_paths(campaign.model(name)) for name in campaign.templates]
    fields = frozenset().union(*(found[0] for found in known))
    tables = frozenset().union(*(found[1] for found in known))
    places = frozenset().union(*(places_of(campaign.model(name)) for name in campaign.templates))
    left: list[str] = []

    def only(held: Mapping[str, T], there: Collection[str]) -> dict[str, T]:
        left.extend(path for path in held if path not in there)
        return {path: value for path, value in held.items() if path in there}

    settings = replace(
        settings, slots=only(settings.slots, tables), lists=only(settings.lists, fields),
        help=only(settings.help, fields), optional=tuple(only(dict.fromkeys(settings.optional), fields)),
        private=tuple(only(dict.fromkeys(settings.private), places)),
        school_slots={key: only(slots, tables) for key, slots in settings.school_slots.items()},
    )  # fmt: skip
    said = f"Settings of fields that the new form has not were left behind: {', '.join(dict.fromkeys(left))}."
    return replace(campaign, settings=settings), [said] if left else []


def _wording(root: Path) -> Iterator[tuple[str, bytes]]:
    """The former campaign's own wording of letters, by name within the folder."""
    for path in sorted((root / WORDING).rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(root).as_posix(), read_bytes(path)


def _seen_from(folder: Path, root: Path) -> str:
    """The former campaign's folder as seen from the new one; on another drive its whole path."""
    try:
        return Path(os.path.relpath(root.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return root.resolve().as_posix()
