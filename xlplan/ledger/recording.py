"""One transaction under the write lock, for things that have to be numbered before they are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from xlplan.ledger import load, record
from xlplan.ledger.records import CarriedRecord, CopyRecord, IssuedCopy, Known, Remark, ReturnRecord


class Recording:
    """What `Ledger.recording` gives: nobody else writes meanwhile, so what it answers stays true until the end."""

    def __init__(self, connection: Connection, at: str) -> None:
        self._connection, self._at = connection, at

    def known(self, hashes: Iterable[str]) -> dict[str, Known]:
        """By SHA-256 those of these returns that are recorded, the newest word of each."""
        return load.known_returns(self._connection, hashes)

    def copies_of(self, school_keys: Iterable[str]) -> dict[tuple[str, str], list[IssuedCopy]]:
        """The copies of these schools by school key and template, in the order of their issue numbers."""
        found: dict[tuple[str, str], list[IssuedCopy]] = defaultdict(list)
        for copy in sorted(load.copies_of(self._connection, school_keys), key=lambda copy: copy.issue):
            found[copy.school_key, copy.template].append(copy)
        return found

    def answers_of(self, school_keys: Iterable[str]) -> dict[tuple[str, str, str, str], list[str]]:
        """What these schools answered (school, template, part, values hash) → the files' SHA-256 sums, in order.

        A part of a split plan is named, since two parts that are empty are not the same.
        """
        return load.answers_of(self._connection, school_keys)

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

    def add_carried(
        self, school_key: str, template: str, content: bytes, quoted: Sequence[str]
    ) -> CarriedRecord | None:
        """Record what a former round left of a plan; see `Ledger.record_carried`."""
        return record.add_carried(self._connection, self._at, school_key, template, content, quoted)

    def add_mark(self, return_id: int, counts: bool, *, reason: str, by: str) -> None:
        """Record somebody's word on whether a return counts; see `Ledger.record_mark`."""
        record.add_mark(self._connection, self._at, return_id, counts, reason, by)

    def add_review(self, return_id: int, decision: str, remarks: Sequence[Remark], *, by: str) -> int:
        """Record a reader's word on a return; see `Ledger.record_review`."""
        return record.add_review(self._connection, self._at, return_id, decision, remarks, by)

    def add_waiting(
        self, school_key: str, template: str, sides: Sequence[int], file: str, sha256: str
    ) -> int:
        """Record a decision workbook that is out; see `Ledger.record_waiting`."""
        return record.add_waiting(self._connection, self._at, school_key, template, sides, file, sha256)
