"""Is the ledger as it was written: the chain unbroken, every row what its entry says, every byte there?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, select

from xlplan.ledger import chain
from xlplan.ledger.records import Checkup
from xlplan.ledger.schema import (
    blobs,
    carried,
    cells,
    copies,
    entries,
    erasures,
    findings,
    forms,
    marks,
    metadata,
    parents,
    quoted,
    remarks,
    returns,
    reviews,
    seals,
    sides,
    waiting,
)

_SAID = {"carried": "carried record"}  # kinds that are not called by their own name

Name = tuple[str, object]  # kind and key of a recorded thing
# kind of an entry → the table of what it vouches for, and the column that names it
_TABLES = {
    "form": (forms, "digest"),
    "seal": (seals, "id"),
    "copy": (copies, "id"),
    "carried": (carried, "id"),
    "return": (returns, "id"),
    "mark": (marks, "id"),
    "review": (reviews, "id"),
    "waiting": (waiting, "id"),
    "erasure": (erasures, "sha256"),
}


def checkup(connection: Connection) -> Checkup:
    """Everything that can be found out about the ledger from within."""
    return Checkup(
        counts=counts(connection), head=chain.head(connection), problems=tuple(problems(connection))
    )


def problems(connection: Connection) -> list[str]:
    """What is not as it was recorded, a sentence each; nothing if all is well.

    Entries cut off at the end show only by the rows they leave behind: to rule that out, keep the last hash
    elsewhere.
    """
    vouched: dict[Name, str] = {}
    found = list(_broken_links(connection, vouched))
    for kind, row, payload in _things(connection):
        name = (kind, row[_TABLES[kind][1]])
        if (recorded := vouched.pop(name, None)) is None:
            found.append(f"{_title(name)} was never recorded.")
        elif recorded != payload:
            found.append(f"{_title(name)} was changed after it was recorded.")
    found += [f"{_title(name)} was recorded and is gone." for name in vouched]
    return [*_damage(connection), *found, *_strays(connection), *_spoilt_blobs(connection)]


def counts(connection: Connection) -> dict[str, int]:
    """How many things of each kind are recorded."""
    return {
        kind: connection.scalar(select(func.count()).select_from(table)) or 0
        for kind, (table, _) in _TABLES.items()
    }


def _damage(connection: Connection) -> Iterator[str]:
    """What SQLite finds wrong with its file."""
    if connection.dialect.name == "sqlite":
        for said in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if said != "ok":
                yield f"The file is damaged: {said}."


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
        return kind, json.loads(payload)[_TABLES[kind][1]]
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
    for row in _rows(connection, carried):
        files = [sha256 for _, _, sha256 in _belonging(connection, quoted, row["id"])]
        yield "carried", row, chain.carried_thing(row, files)[1]
    for row in _rows(connection, returns):
        found, lineage, made_from = (
            _belonging(connection, table, row["id"]) for table in (findings, cells, parents)
        )
        thing = chain.return_thing(row, found, lineage, [parent for _, _, parent in made_from])
        yield "return", row, thing[1]
    for row in _rows(connection, marks):
        yield "mark", row, chain.mark_thing(row)[1]
    for row in _rows(connection, reviews):
        said = [(path, text) for _, _, path, text in _belonging(connection, remarks, row["id"])]
        yield "review", row, chain.review_thing(row, said)[1]
    for row in _rows(connection, waiting):
        between = [side for _, _, side in _belonging(connection, sides, row["id"])]
        yield "waiting", row, chain.waiting_thing(row, between)[1]
    for row in _rows(connection, erasures):
        yield "erasure", row, chain.erasure_thing(row)[1]


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(table), execution_options={"yield_per": 50}):
        yield row._asdict()


def _belonging(connection: Connection, table: Table, owner_id: int) -> list[tuple[Any, ...]]:
    owner = next(iter(table.primary_key))
    query = select(table).where(owner == owner_id).order_by(table.c.n)
    return [tuple(row) for row in connection.execute(query)]


def _strays(connection: Connection) -> Iterator[str]:
    """Rows that name something which is not there; a database that is asked to lets none in, but SQLite forgets."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            named = key.column.table.alias()
            lost = ~select(named).where(named.c[key.column.name] == key.parent).exists()
            count = connection.scalar(select(func.count()).select_from(table).where(lost))
            if count:
                what = "1 row" if count == 1 else f"{count} rows"
                belong = "belongs" if count == 1 else "belong"
                yield f"{what} of the table {table.name} {belong} to nothing in {key.column.table.name}."


def _spoilt_blobs(connection: Connection) -> Iterator[str]:
    erased = set(connection.scalars(select(erasures.c.sha256)))
    named = set(connection.scalars(select(returns.c.sha256)))
    named |= set(connection.scalars(select(carried.c.sha256)))
    for sha256 in connection.scalars(select(blobs.c.sha256).order_by(blobs.c.sha256)).all():
        row = connection.execute(select(blobs.c.content, blobs.c.size).where(blobs.c.sha256 == sha256)).one()
        what = f"The contents of file {sha256[:12]}"
        if sha256 in erased:
            if row.content is not None:
                yield f"{what} were erased and are there again."
        elif row.content is None:
            yield f"{what} are gone."
        elif (hashlib.sha256(row.content).hexdigest(), len(row.content)) != (sha256, row.size):
            yield f"{what} were changed after they were recorded."
        if sha256 not in named:
            yield f"{what} belong to no return."


def _title(name: Name) -> str:
    kind, key = name
    return f"The {_SAID.get(kind, kind)} {key}"
