"""Is the ledger as it was written: the chain unbroken, and every row what its entry says?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, select

from xlplan.ledger import chain
from xlplan.ledger.schema import blobs, cells, copies, entries, findings, forms, marks, returns, seals

Name = tuple[str, object]  # kind and key of a recorded thing
_KEYS = {"form": "digest", "seal": "id", "copy": "id", "return": "id", "mark": "id"}


def problems(connection: Connection) -> list[str]:
    """What is not as it was recorded, a sentence each; nothing if all is well.

    Entries cut off at the end show only by the rows they leave behind: to rule that out, keep the last hash
    elsewhere.
    """
    vouched: dict[Name, str] = {}
    found = list(_broken_links(connection, vouched))
    for kind, row, payload in _things(connection):
        name = (kind, row[_KEYS[kind]])
        if (recorded := vouched.pop(name, None)) is None:
            found.append(f"{_title(name)} was never recorded.")
        elif recorded != payload:
            found.append(f"{_title(name)} was changed after it was recorded.")
    found += [f"{_title(name)} was recorded and is gone." for name in vouched]
    return found + list(_spoilt_blobs(connection))


def _broken_links(connection: Connection, vouched: dict[Name, str]) -> Iterator[str]:
    """What is wrong with the chain itself; fills `vouched` with the last payload of each recorded thing."""
    previous, expected = chain.START, 1
    for row in connection.execute(select(entries).order_by(entries.c.seq)):
        if row.seq > expected:
            yield f"Entries are missing from {expected} to {row.seq - 1}."
        elif row.prev_hash != previous:
            yield f"Entry {row.seq} does not follow from the one before it."
        if row.hash != chain.entry_hash(row.prev_hash, row.seq, row.at, row.kind, row.payload):
            yield f"Entry {row.seq} ({row.kind}) was changed after it was written."
        previous, expected = row.hash, row.seq + 1
        if (name := _name(row.kind, row.payload)) is not None:
            vouched[name] = row.payload


def _name(kind: str, payload: str) -> Name | None:
    try:
        return kind, json.loads(payload)[_KEYS[kind]]
    except (ValueError, KeyError, TypeError):
        return None  # a tampered entry, which its hash tells


def _things(connection: Connection) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every recorded thing as it stands now: kind, row, and the payload its entry should have."""
    for row in _rows(connection, forms):
        yield "form", row, chain.form_thing(row)[1]
    for row in _rows(connection, seals):
        yield "seal", row, chain.seal_thing(row)[1]
    for row in _rows(connection, copies):
        yield "copy", row, chain.copy_thing(row)[1]
    for row in _rows(connection, returns):
        found, lineage = _belonging(connection, findings, row["id"]), _belonging(connection, cells, row["id"])
        yield "return", row, chain.return_thing(row, found, lineage)[1]
    for row in _rows(connection, marks):
        yield "mark", row, chain.mark_thing(row)[1]


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(table)):
        yield row._asdict()


def _belonging(connection: Connection, table: Table, return_id: int) -> list[tuple[Any, ...]]:
    query = select(table).where(table.c.return_id == return_id).order_by(table.c.n)
    return [tuple(row) for row in connection.execute(query)]


def _spoilt_blobs(connection: Connection) -> Iterator[str]:
    for sha256 in connection.scalars(select(blobs.c.sha256).order_by(blobs.c.sha256)).all():
        content = connection.scalar(select(blobs.c.content).where(blobs.c.sha256 == sha256))
        if content is None:
            yield f"The contents of file {sha256[:12]} are gone."
        elif hashlib.sha256(content).hexdigest() != sha256:
            yield f"The contents of file {sha256[:12]} were changed after they were recorded."


def _title(name: Name) -> str:
    kind, key = name
    return f"The {kind} {key}"
