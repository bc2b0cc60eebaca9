"""One transaction under the write lock, for things that have to be numbered before they are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from xlplan.ledger import record
from xlplan.ledger.records import CopyRecord, IssuedCopy, ReturnRecord
from xlplan.ledger.rows import issued_copy
from xlplan.ledger.schema import copies, returns

_BATCH = 500  # values in one IN list: older SQLite takes 999


class Recording:
    """What `Ledger.recording` gives: nobody else writes meanwhile, so what it answers stays true until the end."""

    def __init__(self, connection: Connection, at: str) -> None:
        self._connection, self._at = connection, at

    def known(self, hashes: Iterable[str]) -> dict[str, str]:
        """SHA-256 → outcome of those of these returns that are recorded, the newest word of each."""
        found: dict[str, str] = {}
        for batch in _batches(hashes):
            query = select(returns.c.sha256, returns.c.outcome).where(returns.c.sha256.in_(batch))
            found.update(
                (row.sha256, row.outcome) for row in self._connection.execute(query.order_by(returns.c.id))
            )
        return found

    def copies_of(self, school_keys: Iterable[str]) -> dict[tuple[str, str], list[IssuedCopy]]:
        """The copies of these schools by school key and template, in the order of their issue numbers."""
        found: dict[tuple[str, str], list[IssuedCopy]] = defaultdict(list)
        for batch in _batches(school_keys):
            query = select(copies).where(copies.c.school_key.in_(batch)).order_by(copies.c.issue)
            for row in self._connection.execute(query):
                copy = issued_copy(row._asdict())
                found[copy.school_key, copy.template].append(copy)
        return found

    def add_form(
        self, digest: str, template: str, version: int, facts: Mapping[str, Any], sealed: bytes
    ) -> None:
        """Record a form under its digest; see `Ledger.record_form`."""
        record.add_form(self._connection, self._at, digest, template, version, facts, sealed)

    def add_copies(self, items: Iterable[CopyRecord]) -> list[IssuedCopy]:
        """Record copies whose forms are known; see `Ledger.record_copies`."""
        return record.add_copies(self._connection, self._at, items)

    def add_returns(self, items: Iterable[ReturnRecord]) -> list[int]:
        """Record returns; bytes seen before keep their number."""
        return record.add_returns(self._connection, self._at, items)


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(set(values))
    return (every[start : start + _BATCH] for start in range(0, len(every), _BATCH))
