"""The ledger: what was issued and what came back. In: records and a moment. Out: what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Select, select

from xlplan.findings import Finding
from xlplan.ledger import chain, record, verify
from xlplan.ledger.counting import Candidate, counting_ids
from xlplan.ledger.database import IN_MEMORY, NoLedger, open_database, reading, writing
from xlplan.ledger.recording import Recording
from xlplan.ledger.records import CopyRecord, IssuedCopy, ReturnRecord, StoredForm, StoredReturn
from xlplan.ledger.rows import instant, issued_copy, stored_finding, stored_form, stored_return
from xlplan.ledger.schema import blobs, cells, copies, findings, forms, marks, returns, seals

_BATCH = 500  # values in one IN list: older SQLite takes 999


class Ledger:
    """A context manager on one database. What is recorded stays; nothing is recorded twice."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str, create: bool = True) -> Self:
        """Open by URL (`Campaign.ledger_url`), making the tables if need be.

        Raises UsageError if there is none and none shall be made, XlplanError if a newer xlplan wrote it.
        """
        return cls(open_database(url, create=create))

    @classmethod
    def open_to_ask(cls, url: str) -> Self:
        """Open where nothing will be recorded: in place of an absent ledger an empty one, which is written nowhere."""
        try:
            return cls.open(url, create=False)
        except NoLedger:
            return cls.open(IN_MEMORY)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- recording; `now` needs a time zone

    @contextmanager
    def recording(self, *, now: datetime) -> Iterator[Recording]:
        """One transaction that no other writer can enter; all that is recorded in it is kept, or nothing."""
        with writing(self._engine) as connection:
            yield Recording(connection, instant(now))

    def record_form(
        self,
        digest: str,
        template: str,
        version: int,
        facts: Mapping[str, Any],
        sealed: bytes,
        *,
        now: datetime,
    ) -> None:
        """Record the facts of a form under its digest, and what is locked in it as issued.

        What is known changes nothing; a known form with other locked texts gets these beside the former.
        """
        with writing(self._engine) as connection:
            record.add_form(connection, instant(now), digest, template, version, facts, sealed)

    def record_copy(self, copy: CopyRecord, *, now: datetime) -> IssuedCopy:
        """Record one copy; see `record_copies`."""
        return self.record_copies([copy], now=now)[0]

    def record_copies(self, copies: Iterable[CopyRecord], *, now: datetime) -> list[IssuedCopy]:
        """Record copies whose forms are known, all or none, in this order.

        The same issue written again may have other bytes; with another form or inputs it is an XlplanError.
        """
        waiting = list(copies)  # before the lock, since making them may take long
        with writing(self._engine) as connection:
            return record.add_copies(connection, instant(now), waiting)

    def record_return(self, item: ReturnRecord, *, now: datetime) -> int:
        """Record one return; see `record_returns`."""
        return self.record_returns([item], now=now)[0]

    def record_returns(self, items: Iterable[ReturnRecord], *, now: datetime) -> list[int]:
        """Record returns, all or none, and give their numbers; bytes seen before keep theirs."""
        waiting = list(items)  # before the lock, since checking them may take long
        with writing(self._engine) as connection:
            return record.add_returns(connection, instant(now), waiting)

    def record_mark(self, return_id: int, counts: bool, *, reason: str, by: str, now: datetime) -> None:
        """Record somebody's word on whether a return counts, for the rule "chosen"; the newest word holds."""
        with writing(self._engine) as connection:
            record.add_mark(connection, instant(now), return_id, counts, reason, by)

    # --- asking

    def form(self, digest: str) -> StoredForm | None:
        """The form with this digest."""
        with reading(self._engine) as connection:
            row = connection.execute(select(forms).where(forms.c.digest == digest)).first()
            sealed = connection.execute(
                select(seals).where(seals.c.digest == digest).order_by(seals.c.id)
            ).all()
        return None if row is None else stored_form(row._asdict(), [seal._asdict() for seal in sealed])

    def copies(self, school_key: str | None = None, template: str | None = None) -> list[IssuedCopy]:
        """The copies of a school, of a template, or all, in the order of recording."""
        query = _narrowed(
            select(copies).order_by(copies.c.id), copies.c, school_key=school_key, template=template
        )
        with reading(self._engine) as connection:
            return [issued_copy(row._asdict()) for row in connection.execute(query)]

    def latest_copy(self, school_key: str, template: str) -> IssuedCopy | None:
        """The copy of this school and template with the highest issue number."""
        return max(self.copies(school_key, template), key=lambda copy: copy.issue, default=None)

    def latest_copies(self) -> dict[tuple[str, str], IssuedCopy]:
        """For each school key and template the copy with the highest issue number."""
        ordered = sorted(self.copies(), key=lambda copy: copy.issue)
        return {(copy.school_key, copy.template): copy for copy in ordered}

    def known(self, sha256: str) -> StoredReturn | None:
        """The return with these bytes."""
        return self.known_hashes([sha256]).get(sha256)

    def known_hashes(self, hashes: Iterable[str]) -> dict[str, StoredReturn]:
        """Those returns among these SHA-256 sums that are recorded."""
        with reading(self._engine) as connection:
            found = _among(connection, returns.c.sha256, sorted(set(hashes)))
        return {item.sha256: item for item in found}

    def returns(
        self, *, school_key: str | None = None, template: str | None = None, outcome: str | None = None
    ) -> list[StoredReturn]:
        """The returns that fit, with their findings, in the order of recording."""
        query = _narrowed(
            select(returns), returns.c, school_key=school_key, template=template, outcome=outcome
        )
        with reading(self._engine) as connection:
            return _load(connection, query)

    def unplaced(self) -> list[StoredReturn]:
        """The readable returns of which nobody knows the school yet."""
        query = select(returns).where(returns.c.school_key.is_(None), returns.c.outcome != "refused")
        with reading(self._engine) as connection:
            return _load(connection, query)

    def counting_returns(self, rule: str, counting: str) -> list[StoredReturn]:
        """The return that counts for each school and template, in their order, by `counting.counting_ids`."""
        with reading(self._engine) as connection:
            ids = counting_ids(_candidates(connection), rule, counting)
            loaded = {item.id: item for item in _among(connection, returns.c.id, ids)}
        return [loaded[number] for number in ids]

    def lineage(self, return_id: int) -> tuple[tuple[str, str, str], ...]:
        """Path, sheet and cell of each filled input of a return, in the order given."""
        query = select(cells.c.path, cells.c.sheet, cells.c.cell).where(cells.c.return_id == return_id)
        with reading(self._engine) as connection:
            return tuple(
                (row.path, row.sheet, row.cell) for row in connection.execute(query.order_by(cells.c.n))
            )

    def content(self, sha256: str) -> bytes | None:
        """The bytes of a returned file as they came."""
        with reading(self._engine) as connection:
            return connection.scalar(select(blobs.c.content).where(blobs.c.sha256 == sha256))

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest entry, to be kept elsewhere as proof that none was cut off."""
        with reading(self._engine) as connection:
            return chain.head(connection)

    def verify_chain(self) -> list[str]:
        """What was changed, removed or slipped in since, a sentence each; nothing if all is well."""
        with reading(self._engine) as connection:
            return verify.problems(connection)


def _narrowed(query: Select[Any], columns: Any, **wanted: str | None) -> Select[Any]:
    return query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))


def _among(connection: Connection, column: Any, values: list[Any]) -> list[StoredReturn]:
    batches = (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
    return [item for batch in batches for item in _load(connection, select(returns).where(column.in_(batch)))]


def _load(connection: Connection, query: Select[Any]) -> list[StoredReturn]:
    """The returns of a query with their findings, in the order of recording."""
    rows = connection.execute(query.order_by(returns.c.id)).all()
    ids = query.with_only_columns(returns.c.id)
    asked = select(findings).where(findings.c.return_id.in_(ids)).order_by(findings.c.return_id, findings.c.n)
    found: dict[int, list[Finding]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.return_id, []).append(stored_finding(row._asdict()))
    return [stored_return(row._asdict(), found.get(row.id, [])) for row in rows]


def _candidates(connection: Connection) -> list[Candidate]:
    """Every return that could count, with the newest mark on it."""
    chosen = {row.return_id: row.counts for row in connection.execute(select(marks).order_by(marks.c.id))}
    columns = (returns.c.id, returns.c.school_key, returns.c.template, returns.c.outcome, returns.c.received)
    query = select(*columns).where(
        returns.c.school_key.is_not(None), returns.c.template.is_not(None), returns.c.outcome != "refused"
    )
    return [Candidate(**row._asdict(), chosen=chosen.get(row.id)) for row in connection.execute(query)]
