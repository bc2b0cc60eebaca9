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

    def known(self, hashes: Iterable[str]) -> set[str]:
        """Those of these SHA-256 sums whose returns are recorded."""
        found: set[str] = set()
        for batch in _batches(hashes):
            found.update(
                self._connection.scalars(select(returns.c.sha256).where(returns.c.sha256.in_(batch)))
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

    def add_form(self, digest: str, template: str, version: int, facts: Mapping[str, Any]) -> None:
        """Record the facts of a form under its digest; a known digest changes nothing."""
        record.add_form(self._connection, self._at, digest, template, version, facts)

    def add_copies(self, items: Iterable[CopyRecord]) -> list[IssuedCopy]:
        """Record copies whose forms are known; see `Ledger.record_copies`."""
        return record.add_copies(self._connection, self._at, items)

    def add_returns(self, items: Iterable[ReturnRecord]) -> list[int]:
        """Record returns; bytes seen before keep their number."""
        return record.add_returns(self._connection, self._at, items)


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(set(values))
    return (every[start : start + _BATCH] for start in range(0, len(every), _BATCH))
