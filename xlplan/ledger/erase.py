"""Lawful erasure: the answers of one returned file go, the bare facts and a tombstone in the chain stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from xlplan.errors import UsageError
from xlplan.ledger import chain
from xlplan.ledger.load import load_returns, load_waiting
from xlplan.ledger.record import is_erased
from xlplan.ledger.records import Erased, StoredReturn
from xlplan.ledger.rows import issued_copy, storable
from xlplan.ledger.schema import blobs, cells, copies, erasures, findings, parents, returns, sides, waiting

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
    if not mine:
        raise UsageError(f"No file with the SHA-256 {sha256} was recorded.")
    derived = _derived(connection, mine)
    quoted = [item.id for item in (*mine, *derived)]
    asked = select(sides.c.waiting_id).where(sides.c.return_id.in_(quoted))
    answers = select(copies).where(copies.c.inputs_hash == sha256).order_by(copies.c.id)
    return Erased(
        sha256=sha256,
        size=connection.scalar(select(blobs.c.size).where(blobs.c.sha256 == sha256)) or 0,
        returns=tuple(mine),
        derived=tuple(derived),
        copies=tuple(issued_copy(row._asdict()) for row in connection.execute(answers)),
        waiting=tuple(load_waiting(connection, waiting.c.id.in_(asked))),
        before=is_erased(connection, sha256),
    )


def _derived(connection: Connection, mine: Sequence[StoredReturn]) -> list[StoredReturn]:
    """The returns made from these or on copies that hold their answers, and those that say the same, at any remove."""
    found = {item.id: item for item in mine}
    fresh = list(mine)
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


def erase(connection: Connection, at: str, sha256: str, reason: str, by: str) -> Erased:
    """Erase the file and everything that was read from it, in the caller's transaction."""
    found = erasable(connection, sha256)
    if found.before:
        return found
    tombstone = {"sha256": sha256, "reason": storable(reason), "by": storable(by), "at": at}
    ids = [item.id for item in found.returns]
    for table in (findings, cells):
        connection.execute(delete(table).where(table.c.return_id.in_(ids)))
    connection.execute(update(returns).where(returns.c.sha256 == sha256).values(_EMPTY))
    connection.execute(update(blobs).where(blobs.c.sha256 == sha256).values(content=None))
    connection.execute(insert(erasures), [tombstone])
    things = [chain.erasure_thing(tombstone)]
    made_from = {item.id: item.parents for item in found.returns}
    for row in connection.execute(select(returns).where(returns.c.sha256 == sha256).order_by(returns.c.id)):
        # what is left of each return is recorded anew, so that its new entry vouches for just that
        emptied: dict[str, Any] = row._asdict()
        things.append(chain.return_thing(emptied, (), (), made_from[row.id]))
    chain.append(connection, at, things)
    return found
