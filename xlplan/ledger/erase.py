"""Lawful erasure: the answers of one returned file or carried record go, bare facts and a tombstone stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from xlplan.errors import UsageError
from xlplan.ledger import chain
from xlplan.ledger.load import load_carried, load_returns, load_waiting
from xlplan.ledger.record import is_erased
from xlplan.ledger.records import CarriedRecord, Erased, StoredReturn
from xlplan.ledger.rows import issued_copy, storable
from xlplan.ledger.schema import (
    blobs,
    carried,
    cells,
    copies,
    erasures,
    findings,
    parents,
    quoted,
    returns,
    sides,
    waiting,
)

_EMPTY = {
    "file": "",
    "plan": None,
    "completeness": None,
    "saved_by": None,
    "saved_at": None,
    "values_hash": None,
}


def erasable(connection: Connection, sha256: str) -> Erased:
    """What erasing this file would take away, and what else may hold its answers; raises UsageError for none."""
    mine = load_returns(connection, select(returns).where(returns.c.sha256 == sha256))
    records = _records(connection, sha256)
    if not mine and not records:
        raise UsageError(f"No file with the SHA-256 {sha256} was recorded.")
    hashes = [item.sha256 for item in records]
    derived = _derived(connection, mine, hashes)
    told = [item.id for item in (*mine, *derived)]
    asked = select(sides.c.waiting_id).where(sides.c.return_id.in_(told))
    begun = (copies.c.inputs_hash == sha256) | copies.c.base.in_(hashes)
    answers = select(copies).where(begun).order_by(copies.c.id)
    gone = [item.erased for item in records]
    return Erased(
        sha256=sha256,
        size=connection.scalar(select(blobs.c.size).where(blobs.c.sha256 == sha256)) or 0,
        returns=tuple(mine),
        derived=tuple(derived),
        copies=tuple(issued_copy(row._asdict()) for row in connection.execute(answers)),
        waiting=tuple(load_waiting(connection, waiting.c.id.in_(asked))),
        before=(not mine or is_erased(connection, sha256)) and all(gone),
        carried=tuple(records),
        former=tuple(item for item in _begun_with(connection, mine) if item.sha256 not in hashes),
    )


def _records(connection: Connection, sha256: str) -> list[CarriedRecord]:
    """The carried records that have this SHA-256, or quote the file that has it."""
    named = select(quoted.c.carried_id).where(quoted.c.sha256 == sha256)
    return load_carried(connection, (carried.c.sha256 == sha256) | carried.c.id.in_(named))


def _begun_with(connection: Connection, mine: Sequence[StoredReturn]) -> list[CarriedRecord]:
    """The carried records of the plans that these are returns of."""
    plans = {(item.school_key, item.template) for item in mine}
    keys = [key for key, _ in plans if key]
    found = load_carried(connection, carried.c.school_key.in_(keys)) if keys else []
    return [item for item in found if (item.school_key, item.template) in plans and not item.erased]


def _derived(
    connection: Connection, mine: Sequence[StoredReturn], records: Sequence[str]
) -> list[StoredReturn]:
    """The returns made from these or on copies that hold their answers, and those that say the same, at any remove.

    `records`: the SHA-256 sums of carried records; what was made on copies that began with them comes first.
    """
    found = {item.id: item for item in mine}
    fresh = [*mine, *_made_on(connection, records)]
    found.update((item.id, item) for item in fresh)
    while fresh:
        made = select(parents.c.return_id).where(parents.c.parent_id.in_([item.id for item in fresh]))
        begun = select(copies.c.id).where(
            copies.c.inputs_hash.in_([item.sha256 for item in fresh]),
            copies.c.school_key == returns.c.school_key,
            copies.c.template == returns.c.template,
            copies.c.issue == returns.c.issue,
        )
        alike = returns.c.values_hash.in_([item.values_hash for item in mine if item.values_hash])
        same = alike & returns.c.school_key.in_([item.school_key for item in mine if item.school_key])
        query = select(returns).where(returns.c.id.in_(made) | begun.exists() | same)
        fresh = [item for item in load_returns(connection, query) if item.id not in found]
        found.update((item.id, item) for item in fresh)
    return [item for number, item in sorted(found.items()) if number not in {one.id for one in mine}]


def _made_on(connection: Connection, records: Sequence[str]) -> list[StoredReturn]:
    """The returns made on copies that began with these carried records."""
    if not records:
        return []
    begun = select(copies.c.id).where(
        copies.c.base.in_(records),
        copies.c.school_key == returns.c.school_key,
        copies.c.template == returns.c.template,
        copies.c.issue == returns.c.issue,
    )
    return load_returns(connection, select(returns).where(begun.exists()))


def erase(connection: Connection, at: str, sha256: str, reason: str, by: str) -> Erased:
    """Erase the file and everything that was read from it, in the caller's transaction."""
    found = erasable(connection, sha256)
    if found.before:
        return found
    hashes = [sha256] if found.returns and not is_erased(connection, sha256) else []
    hashes += dict.fromkeys(item.sha256 for item in found.carried if not item.erased)
    tombstones = [{"sha256": one, "reason": storable(reason), "by": storable(by), "at": at} for one in hashes]
    ids = [item.id for item in found.returns]
    for table in (findings, cells):
        connection.execute(delete(table).where(table.c.return_id.in_(ids)))
    connection.execute(update(returns).where(returns.c.sha256 == sha256).values(_EMPTY))
    connection.execute(update(blobs).where(blobs.c.sha256.in_(hashes)).values(content=None))
    connection.execute(insert(erasures), tombstones)
    things = [chain.erasure_thing(tombstone) for tombstone in tombstones]
    made_from = {item.id: item.parents for item in found.returns}
    for row in connection.execute(select(returns).where(returns.c.sha256 == sha256).order_by(returns.c.id)):
        # what is left of each return is recorded anew, so that its new entry vouches for just that
        emptied: dict[str, Any] = row._asdict()
        things.append(chain.return_thing(emptied, (), (), made_from[row.id]))
    chain.append(connection, at, things)
    return found
