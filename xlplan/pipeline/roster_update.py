"""A campaign's roster takes in a new one: first what would change, then the change, with the former roster kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

from xlplan.campaign import Campaign, Roster, School, select, write_roster, write_safely
from xlplan.campaign.files import read_bytes
from xlplan.campaign.folder import ROSTER, SETTINGS, own_templates
from xlplan.campaign.former import Former, closed_schools, former_schools, write_former
from xlplan.campaign.nearest import did_you_mean
from xlplan.campaign.roster import REQUIRED
from xlplan.campaign.roster_changes import RosterChanges, roster_changes, with_kept_columns
from xlplan.campaign.toml_drop import mentions, without_schools
from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.ledger import REFUSED, Ledger, StoredReturn
from xlplan.pipeline.rosters import roster_in
from xlplan.pipeline.settings_check import check_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSchool:
    """A school that is no longer on the roster, and what the ledger has of it; `returns`: those that could be read."""

    school: School
    until: date
    merged_into: str
    copies: int
    returns: tuple[StoredReturn, ...]

    def as_json(self) -> dict[str, object]:
        """Its entry in the JSON of `roster closed` and `roster update`."""
        return facts_of(self.school) | {
            "until": self.until.isoformat(),
            "merged_into": self.merged_into or None,
            "issued": self.copies,
            "returns": len(self.returns),
            "files": [
                {
                    "file": item.file,
                    "sha256": item.sha256,
                    "received": item.received.isoformat(),
                    "outcome": item.outcome,
                }
                for item in self.returns
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterUpdate:
    """What a new roster would change. `campaign`: as it will be; `former`: the lines that join those of before.

    `kept`: columns that the new roster lacks, so what the campaign has in them stays. `named`: where campaign.toml
    names a school that is gone, and its key. `again`: added schools whose id was on the roster before, as it was
    then. `reissued`: keys of schools that have copies, and get new ones since what is printed on them is another.
    """

    campaign: Campaign
    changes: RosterChanges
    notes: tuple[str, ...]
    kept: tuple[str, ...]
    closed: tuple[ClosedSchool, ...]
    former: tuple[Former, ...]
    named: tuple[tuple[str, str], ...]
    again: Mapping[str, Former]
    reissued: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.former)


def facts_of(school: School) -> dict[str, object]:
    """A school as the JSON of these commands has it."""
    return {"school_id": school.key, "school": school.name} | {
        name: getattr(school, name) for name in ("district_id", "district")
    }


def closed_of(campaign: Campaign, ledger: Ledger) -> tuple[ClosedSchool, ...]:
    """The schools that are no longer on the roster, by district and name, with what the ledger has of them."""
    closed = closed_schools(former_schools(campaign.root), campaign.roster)
    return _with_ledger(closed.values(), ledger)


def plan_update(
    campaign: Campaign,
    ledger: Ledger,
    file: Path,
    *,
    merged: Mapping[str, str],
    districts: Sequence[str],
    today: date,
) -> RosterUpdate:
    """What the roster in a file changes; `merged`: key of a school that is gone → of the one it is part of now.

    Writes nothing. Raises UsageError where that cannot be this campaign's roster, SetupError where it is at fault.
    """
    found = select(roster_in(file), districts)
    before = campaign.roster.schools
    now, kept = with_kept_columns(before, found.schools)
    if not {line.key for line in before} & {line.key for line in now}:
        raise UsageError(
            f"{file}: none of the campaign's schools is in it. Schools are told by their ids: are they the same "
            "kind of ids as in roster.csv?"
        )
    changed = _changed(campaign, now, file)
    changes = _undecided(roster_changes(before, now), merged)
    known = former_schools(campaign.root)
    new = _new_former(changes, before, known, merged, today)
    former = (*known, *new)
    closed = closed_schools(former, changed.roster)
    _check_merged(merged, closed, now)
    told = [item for item in new if item.school.key in closed]
    sent = {key for issued in ledger.latest_issues().values() for key in issued}
    return RosterUpdate(
        campaign=changed, changes=changes, notes=found.notes, kept=kept, closed=_with_ledger(told, ledger),
        former=new, named=mentions(campaign.settings, closed.keys()),
        again={item.school.key: item for item in known if item.school.key in {line.key for line in changes.added}},
        reissued=tuple(item.school.key for item in changes.altered if item.printed and item.school.key in sent),
    )  # fmt: skip


def check_update(update: RosterUpdate, *, drop_settings: bool) -> None:
    """Nothing, or a SetupError with all that keeps the update from being applied."""
    settings = update.campaign.root / SETTINGS
    if drop_settings:
        without_schools(settings, {key for _, key in update.named})
    elif update.named:
        lines = [
            f'{settings}: {place} names "{key}", which is gone from the roster.'
            for place, key in update.named
        ]
        todo = "Remove them, or add --drop-settings, which turns them into remarks."
        raise SetupError("\n".join([*lines, todo]))


def apply_update(update: RosterUpdate, *, drop_settings: bool, today: date) -> Path | None:
    """Write it, and give where the former roster is kept; None if the roster stays as it is.

    Broken off at any point it leaves a campaign that works, and can be run again.
    """
    check_update(update, drop_settings=drop_settings)
    root = update.campaign.root
    if drop_settings and update.named:
        write_safely(root / SETTINGS, without_schools(root / SETTINGS, {key for _, key in update.named}))
    if update.former:
        write_former(root, (*former_schools(root), *update.former))
    if not update.changes:
        return None
    backup = _kept(root, today)
    write_roster(root / ROSTER, update.campaign.roster.schools)
    return backup


def _changed(campaign: Campaign, schools: tuple[School, ...], file: Path) -> Campaign:
    """The campaign with these schools. Raises SetupError where they do not fit it."""
    root, settings = campaign.root, campaign.settings
    own, named = own_templates(root, [settings.template, *(school.template for school in schools)])
    changed = replace(campaign, roster=Roster(schools=schools), own=own, named=named)
    plans = Counter((school.key, changed.template_of(school)) for school in schools)
    twice = [plan for plan, often in plans.items() if often > 1]
    if twice:
        raise SetupError(
            "\n".join(f"{file}: {key} stands there twice for template {name}." for key, name in twice)
        )
    gone = {key for key in settings.school_slots if not any(school.key == key for school in schools)}
    slots = {key: own_slots for key, own_slots in settings.school_slots.items() if key not in gone}
    check_settings(replace(changed, settings=replace(settings, school_slots=slots)))
    return changed


def _undecided(changes: RosterChanges, merged: Mapping[str, str]) -> RosterChanges:
    """Without the candidates about which something was said."""
    left = (item for item in changes.candidates if not any(school.key in merged for school in item.gone))
    return replace(changes, candidates=tuple(left))


def _new_former(
    changes: RosterChanges,
    before: Iterable[School],
    known: Sequence[Former],
    merged: Mapping[str, str],
    today: date,
) -> tuple[Former, ...]:
    """Schools as they were: those that close or look otherwise now, and those of which it is said what they are now."""
    lines = {line.key: line for line in reversed(tuple(before))}
    keys = [school.key for school in changes.closed]
    keys += [item.school.key for item in changes.altered if item.printed]
    made = [Former(school=_bare(lines[key]), until=today, merged_into=merged.get(key, "")) for key in keys]
    latest = {item.school.key: item for item in known}
    for key, into in merged.items():  # said of a school that closed before
        if key not in keys and key in latest and latest[key].merged_into != into:
            made.append(replace(latest[key], merged_into=into))
    return tuple(made)


def _bare(school: School) -> School:
    return School(**{name: getattr(school, name) for name in REQUIRED})


def _check_merged(merged: Mapping[str, str], closed: Mapping[str, Former], now: Sequence[School]) -> None:
    open_ = {school.key for school in now}
    for key, into in merged.items():
        if key in open_:
            raise UsageError(
                f"--merged {key}={into}: {key} is on the new roster, so it is no part of another."
            )
        if key not in closed:
            raise UsageError(
                f'--merged {key}={into}: no school "{key}" was on the roster.{did_you_mean(key, closed)}'
            )
        if into not in open_:
            raise UsageError(
                f'--merged {key}={into}: "{into}" is not on the new roster.{did_you_mean(into, open_)}'
            )


def _with_ledger(items: Iterable[Former], ledger: Ledger) -> tuple[ClosedSchool, ...]:
    copies = Counter(copy.school_key for copy in ledger.copies())
    returns: dict[str | None, list[StoredReturn]] = defaultdict(list)
    for item in ledger.returns():
        if item.outcome != REFUSED:
            returns[item.school_key].append(item)
    found = [
        ClosedSchool(
            school=former.school, until=former.until, merged_into=former.merged_into,
            copies=copies[former.school.key], returns=tuple(returns[former.school.key]),
        )
        for former in items
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda item: (item.school.district, item.school.name, item.school.key)))


def _kept(root: Path, today: date) -> Path:
    """A copy of the roster as it is, under a name that was free."""
    content = read_bytes(root / ROSTER)
    for number in count(1):
        path = root / f"roster-{today.isoformat()}{f'-{number}' if number > 1 else ''}.csv"
        try:
            path.touch(exist_ok=False)  # nobody else takes this name from here on
        except FileExistsError:
            continue
        try:
            write_safely(path, content)
        except XlplanError:
            path.unlink()
            raise
        return path
    raise AssertionError("a name is free among all numbers")
