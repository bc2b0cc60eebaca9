"""Erase one returned file on lawful request: its record, the correction copies, and what is left to a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes
from xlplan.campaign.places import is_url
from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Erased, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased (or would be), which files went with it, and which may hold its answers still.

    `deleted`: correction copies, and copies that began with a carried record that is gone, relative to the campaign;
    `by_hand`: files that a person has to look at and delete; `counted`: whether it was the plan, the part of one, or
    the carried record that counted.
    """

    erased: Erased
    deleted: tuple[str, ...]
    by_hand: tuple[str, ...]
    counted: bool


def erase(
    campaign: Campaign,
    ledger: Ledger,
    named: str,
    *,
    reason: str,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Erasure:
    """Erase the one file or carried record whose SHA-256 begins so, and the copies that answer it or began with it.

    A copy in which somebody has typed since is left to a person, like every other file. Raises UsageError where no
    file begins so, or several do, or no reason is given.
    """
    if not reason.strip():
        raise UsageError(
            "--reason: say on whose request and why; it stays in the ledger in place of the file."
        )
    sha256 = _hash(ledger, named)
    erased = ledger.erasable(sha256)
    counted = _counts(campaign, ledger, sha256)
    if not dry_run:
        erased = ledger.erase(sha256, reason=reason, by=by, now=now)
    ours: list[Path] = []
    changed: list[Path] = []
    for copy in erased.copies:
        path = campaign.root / copy.file
        if path.is_file():
            (ours if _sha256(path) == copy.sha256 else changed).append(path)
    stuck = [] if dry_run else [path for path in ours if not _deleted(path)]
    left = dict.fromkeys([*stuck, *changed, *_same(campaign, erased), *_named(campaign, erased)])
    return Erasure(
        erased=erased,
        deleted=tuple(_told(campaign, [path for path in ours if path not in stuck])),
        by_hand=(*_told(campaign, left), *_elsewhere(erased)),
        counted=counted,
    )


def _hash(ledger: Ledger, named: str) -> str:
    found = ledger.hashes_like(named)
    if not found:
        raise UsageError(f"{named}: no file whose SHA-256 begins so was recorded.")
    if len(found) > 1:
        raise UsageError(f"{named}: the SHA-256 of {len(found)} files begins so. Give more of its digits.")
    return found[0]


def _counts(campaign: Campaign, ledger: Ledger, sha256: str) -> bool:
    if any(sha256 in (item.sha256, *item.quoted) for item in ledger.carried_plans().values()):
        return True
    rule = campaign.settings.counts, campaign.settings.counting
    counting = (*ledger.counting_returns(*rule), *ledger.counting_parts(*rule))
    return any(item.sha256 == sha256 for item in counting)


def _same(campaign: Campaign, erased: Erased) -> Iterator[Path]:
    """The files in returns/ with these bytes."""
    for path in sorted(campaign.returns.rglob("*")):
        if path.is_file() and path.stat().st_size == erased.size and _sha256(path) == erased.sha256:
            yield path


def _named(campaign: Campaign, erased: Erased) -> Iterator[Path]:
    """Where it was collected from, which a password may keep in other bytes; what quotes it; older ledgers beside."""
    names = [*(item.file for item in erased.returns), *(item.file for item in erased.waiting)]
    yield from (path for path in (campaign.root / name for name in names if name) if path.is_file())
    for path in sorted(campaign.root.glob("*.sqlite")):
        if not campaign.ledger_url.endswith(f"/{path.name}"):
            yield path


def _elsewhere(erased: Erased) -> Iterator[str]:
    """Where it was collected from by URL; whether it is there still, nobody here can tell."""
    names = [*(item.file for item in erased.returns), *(item.file for item in erased.waiting)]
    yield from dict.fromkeys(name for name in names if name and is_url(name))


def _sha256(path: Path) -> str:
    """The file's sum, or nothing where it may not be read."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except XlplanError:
        return ""


def _deleted(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _told(campaign: Campaign, paths: Iterable[Path]) -> Iterator[str]:
    """Relative to the campaign where inside."""
    for path in paths:
        yield (path.relative_to(campaign.root) if path.is_relative_to(campaign.root) else path).as_posix()
