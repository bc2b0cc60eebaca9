"""The hash chain: an entry for every recorded thing, each sealed by the hash of the one before it.

A payload names what it vouches for but holds no answers, only their digest, so that answers can be erased
one day and the chain still holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from xlplan.ledger.rows import json_text
from xlplan.ledger.schema import entries

START = "0" * 64
# who saved the file and what it is called may name people, so they are covered by the digest alone
_DIGESTED = ("file", "plan", "completeness", "saved_by", "saved_at")

Thing = tuple[str, str]  # kind and payload of an entry


def append(connection: Connection, at: str, things: Iterable[Thing]) -> None:
    """Add an entry for each thing, in this order. The caller holds the write lock."""
    seq, previous = head(connection)
    rows = []
    for kind, payload in things:
        seq += 1
        digest = entry_hash(previous, seq, at, kind, payload)
        rows.append(
            {"seq": seq, "at": at, "kind": kind, "payload": payload, "prev_hash": previous, "hash": digest}
        )
        previous = digest
    if rows:
        connection.execute(insert(entries), rows)


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry; 0 and zeros for an empty ledger."""
    newest = select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return (0, START) if row is None else (row.seq, row.hash)


def entry_hash(previous: str, seq: int, at: str, kind: str, payload: str) -> str:
    """SHA-256 over the parts, a line each; no part but the last can hold a line break."""
    return sha256_text("\n".join((previous, str(seq), at, kind, payload)))


def form_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of a form."""
    return "form", json_text(dict(sorted({**row, "facts": sha256_text(row["facts"])}.items())))


def seal_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of a form as issued."""
    content = hashlib.sha256(row["content"]).hexdigest()
    return "seal", json_text(dict(sorted({**row, "content": content}.items())))


def copy_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of a copy: all of it."""
    return "copy", json_text(dict(sorted(row.items())))


def return_thing(
    row: Mapping[str, Any], findings: Sequence[Sequence[Any]], cells: Sequence[Sequence[Any]]
) -> Thing:
    """What the chain says of a return: its bare facts, and a digest of its answers, findings and lineage.

    Findings and cells are rows in the order of their tables' columns.
    """
    answers = [[row[key] for key in _DIGESTED], [*map(list, findings)], [*map(list, cells)]]
    facts = {key: value for key, value in row.items() if key not in _DIGESTED}
    facts |= {"received": row["received"].isoformat(), "contents": sha256_text(json_text(answers))}
    return "return", json_text(dict(sorted(facts.items())))


def mark_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of a mark."""
    words = sha256_text(json_text([row["reason"], row["by"]]))
    facts = {key: row[key] for key in ("id", "return_id", "counts", "at")}
    return "mark", json_text(facts | {"contents": words})


def sha256_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
