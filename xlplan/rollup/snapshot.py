"""What a rollup said, in a small file, so that the next one can say what has changed since.

It holds figures, the states of plans and hashes of their files, and the places of rows that were done or overdue:
no names and nothing that a school wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from xlplan.campaign.files import replacing
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import DONE, OVERDUE
from xlplan.rollup.measures import value
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.store import Store

SCHEMA = 1
FOLDER = "rollups"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d{2,})\.json")
_MADE: WeakKeyDictionary[Store, Snapshot] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One plan as it stood. `done`, `overdue`: the paths of its activities, in their order."""

    state: str
    sha256: str
    counted: bool
    errors: int
    done: tuple[str, ...]
    overdue: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A rollup as it was. `scope`: the campaigns it was of. `plans`: by campaign, key and template."""

    as_of: date
    scope: tuple[str, ...]
    counting: str
    figures: Mapping[str, str]
    plans: Mapping[str, Standing]

    def says_the_same(self, other: Snapshot) -> bool:
        """Whether nothing but the day is different, of the figures that both know."""
        known = self.figures.keys() & other.figures.keys()
        return (
            (self.scope, self.counting, dict(self.plans)) == (other.scope, other.counting, dict(other.plans))
            and all(self.figures[name] == other.figures[name] for name in known)
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What there is to compare with, and the names of files that could not be read."""

    snapshot: Snapshot | None
    unreadable: tuple[str, ...] = ()


def snapshot_of(deck: Deck) -> Snapshot:
    """What this rollup says; made once, since several sheets ask."""
    if deck.store not in _MADE:
        _MADE[deck.store] = _made(deck)
    return _MADE[deck.store]


def _made(deck: Deck) -> Snapshot:
    scope = tuple(
        str(row[0]) for row in deck.store.rows("SELECT DISTINCT campaign FROM plans ORDER BY campaign")
    )
    done, overdue = dict(_paths(deck, DONE)), dict(_paths(deck, OVERDUE))
    plans = {
        key_of(row): Standing(
            state=row["state"], sha256=row["sha256"] or "", counted=bool(row["counted"]), errors=row["errors"] or 0,
            done=done.get(row["plan"], ()), overdue=overdue.get(row["plan"], ()),
        )
        for row in deck.store.rows("SELECT * FROM plans ORDER BY plan")
    }  # fmt: skip
    figures = {measure.name: str(value(deck.store, measure)) for measure in FIGURES}
    return Snapshot(as_of=deck.as_of, scope=scope, counting=deck.counting, figures=figures, plans=plans)


def key_of(row: Any) -> str:
    """How a snapshot names a row of the table of plans."""
    return "|".join(str(row[name] or "") for name in ("campaign", "district_id", "key", "template"))


def earlier(deck: Deck, now: Snapshot | None = None) -> Earlier:
    """The newest snapshot, of that day or before and of the same campaigns, that says something else than today's."""
    today = now or snapshot_of(deck)
    bad: list[str] = []
    for path in _kept(deck.reports):
        found = _read(path)
        if found is None:
            bad.append(path.name)
        elif found.as_of <= today.as_of and found.scope == today.scope and not found.says_the_same(today):
            return Earlier(snapshot=found, unreadable=tuple(bad))
    return Earlier(snapshot=None, unreadable=tuple(bad))


def keep(deck: Deck) -> Path | None:
    """Keep what this rollup says, for later ones; None where it is kept already, or nothing is to be kept.

    Raises XlplanError where the file cannot be written.
    """
    if deck.reports is None or not deck.schools:
        return None
    today = snapshot_of(deck)
    number = 1
    for path in _kept(deck.reports):
        if path.name.startswith(today.as_of.isoformat()):
            found = _read(path)
            if found is not None and found.scope == today.scope and found.says_the_same(today):
                return None
            number = max(number, _order(path)[1] + 1)
    path = deck.reports / FOLDER / f"{today.as_of.isoformat()}-{number:02}.json"
    with replacing(path) as draft:
        draft.write_text(_dumped(today), encoding="utf-8")
    return path


def _paths(deck: Deck, status: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The plan and the paths of its activities in this status."""
    rows = deck.store.rows("SELECT plan, path FROM activities WHERE status = ? ORDER BY plan, n", [status])
    plan, paths = 0, list[str]()
    for row in rows:
        if row["plan"] != plan:
            if paths:
                yield plan, tuple(paths)
            plan, paths = row["plan"], []
        paths.append(row["path"] or "")
    if paths:
        yield plan, tuple(paths)


def _kept(reports: Path | None) -> list[Path]:
    """The files of snapshots, the newest first."""
    folder = reports / FOLDER if reports else None
    if folder is None or not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=_order, reverse=True)


def _order(path: Path) -> tuple[str, int]:
    match = _NAME.fullmatch(path.name)
    return (match[1], int(match[2])) if match else ("", 0)


def _dumped(snapshot: Snapshot) -> str:
    """As JSON; the paths of rows repeat from plan to plan, so each stands once, and plans say its number."""
    numbers: dict[str, int] = {}
    plans = {}
    for key, standing in snapshot.plans.items():
        kinds = {kind: [numbers.setdefault(path, len(numbers)) for path in getattr(standing, kind)]
                 for kind in ("done", "overdue")}  # fmt: skip
        plans[key] = asdict(standing) | kinds
    document = {
        "schema": SCHEMA, "as_of": snapshot.as_of.isoformat(), "campaigns": snapshot.scope,
        "counting": snapshot.counting, "figures": dict(snapshot.figures), "paths": list(numbers), "plans": plans,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(path: Path) -> Snapshot | None:
    """A snapshot; None for what is none, or one of a later release."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["schema"] != SCHEMA:
            return None
        paths = [str(one) for one in found["paths"]]
        plans = {
            str(key): Standing(
                state=str(one["state"]), sha256=str(one["sha256"]), counted=bool(one["counted"]),
                errors=int(one["errors"]), done=tuple(paths[at] for at in one["done"]),
                overdue=tuple(paths[at] for at in one["overdue"]),
            )
            for key, one in found["plans"].items()
        }  # fmt: skip
        figures = {str(name): str(Decimal(text)) for name, text in found["figures"].items()}
        return Snapshot(
            as_of=date.fromisoformat(found["as_of"]), scope=tuple(map(str, found["campaigns"])),
            counting=str(found["counting"]), figures=figures, plans=plans,
        )  # fmt: skip
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ):
        return None
