"""The hash chain: an entry for every recorded thing, each sealed by the hash of the one before it.

A payload names what it vouches for but holds no answers, only their digest, so that answers can be erased
one day and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from xlplan.ledger.records import Entry
from xlplan.ledger.rows import json_text
from xlplan.ledger.schema import entries

START = "0" * 64
# who saved the file and what it is called may name people, so they are covered by the digest alone
_DIGESTED = ("file", "plan", "completeness", "saved_by", "saved_at")
# what schema 2 added is left out while it says nothing, so that what schema 1 recorded stays as its entry says
_ADDED: dict[str, object] = {"kind": "return", "part": None, "parents": []}

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


def entry_of(connection: Connection, return_id: int) -> Entry | None:
    """The entry by which a return was recorded first."""
    mine = (entries.c.kind == "return") & entries.c.payload.like(f'%"id":{return_id},%')
    query = select(entries).where(mine).order_by(entries.c.seq)
    for row in connection.execute(query):
        if json.loads(row.payload)["id"] == return_id:
            return Entry(seq=row.seq, at=row.at, hash=row.hash)
    return None


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
    return "copy", json_text(
        {key: row[key] for key in sorted(row) if key not in ("part", "base") or row[key]}
    )


def carried_thing(row: Mapping[str, Any], quoted: Sequence[str]) -> Thing:
    """What the chain says of a carried record: all but its answers."""
    return "carried", json_text(dict(sorted({**row, "quoted": list(quoted)}.items())))


def return_thing(
    row: Mapping[str, Any],
    findings: Sequence[Sequence[Any]],
    cells: Sequence[Sequence[Any]],
    parents: Sequence[int],
) -> Thing:
    """What the chain says of a return: its bare facts, and a digest of its answers, findings and lineage.

    Findings and cells are rows in the order of their tables' columns.
    """
    answers: list[object] = [[row[key] for key in _DIGESTED], [*map(list, findings)], [*map(list, cells)]]
    if row["values_hash"] is not None:
        answers.append(row["values_hash"])  # of answers that can be guessed, it would tell them
    facts = {key: value for key, value in row.items() if key not in (*_DIGESTED, "values_hash")}
    facts |= {"received": row["received"].isoformat(), "contents": sha256_text(json_text(answers))}
    facts["parents"] = list(parents)
    return "return", json_text({key: facts[key] for key in sorted(facts) if _says(key, facts[key])})


def _says(key: str, value: object) -> bool:
    return key not in _ADDED or value != _ADDED[key]


def mark_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of a mark."""
    words = sha256_text(json_text([row["reason"], row["by"]]))
    facts = {key: row[key] for key in ("id", "return_id", "counts", "at")}
    if row["after"] is not None:  # as under schema 1
        facts["after"] = row["after"]
    return "mark", json_text(facts | {"contents": words})


def review_thing(row: Mapping[str, Any], remarks: Sequence[Sequence[Any]]) -> Thing:
    """What the chain says of a review; remarks are path and text of each."""
    words = sha256_text(json_text([row["by"], [*map(list, remarks)]]))
    facts = {key: row[key] for key in ("id", "return_id", "decision", "at")}
    return "review", json_text(facts | {"contents": words})


def waiting_thing(row: Mapping[str, Any], sides: Sequence[int]) -> Thing:
    """What the chain says of a decision workbook that is out."""
    facts = {key: value for key, value in row.items() if key != "file"}
    facts |= {"sides": list(sides), "contents": sha256_text(row["file"])}
    return "waiting", json_text(dict(sorted(facts.items())))


def erasure_thing(row: Mapping[str, Any]) -> Thing:
    """What the chain says of an erasure: the tombstone."""
    words = sha256_text(json_text([row["reason"], row["by"]]))
    return "erasure", json_text({"sha256": row["sha256"], "at": row["at"], "contents": words})


def sha256_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
