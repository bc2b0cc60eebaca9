"""The ledger: what was issued and what came back. In: records and a moment. Out: what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, func, select

from xlplan.errors import UsageError
from xlplan.ledger import backup, chain, erase, load, record, verify
from xlplan.ledger.counting import Candidate, counting_ids
from xlplan.ledger.database import IN_MEMORY, NoLedger, open_database, reading, squeeze, writing
from xlplan.ledger.recording import Recording
from xlplan.ledger.records import (
    CarriedRecord,
    Checkup,
    CopyRecord,
    Entry,
    Erased,
    IssuedCopy,
    Mark,
    Remark,
    ReturnRecord,
    Review,
    StoredForm,
    StoredReturn,
    Waiting,
)
from xlplan.ledger.rows import instant, issued_copy, loaded
from xlplan.ledger.schema import blobs, carried, cells, copies, entries, forms, quoted, returns

Lineage = tuple[tuple[str, str, str], ...]  # path, sheet and cell of each filled input
LEAST_OF_A_HASH = 6  # digits of a SHA-256 that name a file


class Ledger:
    """A context manager on one database. What is recorded stays; nothing is recorded twice."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str, create: bool = True, patience: float | None = None) -> Self:
        """Open by URL (`Campaign.ledger_url`), making the tables if need be.

        `patience`: for how many seconds a SQLite file that another program writes to is waited for.
        Raises UsageError if there is none and none shall be made, XlplanError if a newer xlplan wrote it.
        """
        return cls(open_database(url, create=create, patience=patience))

    @classmethod
    def open_to_ask(cls, url: str, patience: float | None = None) -> Self:
        """Open where nothing will be recorded: in place of an absent ledger an empty one, which is written nowhere."""
        try:
            return cls.open(url, create=False, patience=patience)
        except NoLedger:
            return cls.open(IN_MEMORY)

    @classmethod
    @contextmanager
    def open_as_it_is(cls, url: str, *, now: datetime) -> Iterator[Self]:
        """Open a ledger of which nothing may change, not even its schema; UsageError if there is none."""
        with backup.opened_as_it_is(url, now) as engine:
            yield cls(engine)

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
        """Record somebody's word on whether a return counts; of several on one return the newest holds."""
        with writing(self._engine) as connection:
            record.add_mark(connection, instant(now), return_id, counts, reason, by)

    def record_review(
        self, return_id: int, decision: str, remarks: Sequence[Remark], *, by: str, now: datetime
    ) -> int:
        """Record a reader's word on a return of a school, "approved" or "returned", and give its number."""
        with writing(self._engine) as connection:
            return record.add_review(connection, instant(now), return_id, decision, remarks, by)

    def record_waiting(
        self, school_key: str, template: str, sides: Sequence[int], file: str, sha256: str, *, now: datetime
    ) -> int:
        """Record a decision workbook that asks to decide between these returns, and give its number."""
        with writing(self._engine) as connection:
            return record.add_waiting(connection, instant(now), school_key, template, sides, file, sha256)

    def record_carried(
        self, school_key: str, template: str, content: bytes, quoted: Sequence[str], *, now: datetime
    ) -> CarriedRecord | None:
        """Record what a former round left of a plan, before all that was recorded of it so far.

        `quoted`: the SHA-256 sums of the returned files whose answers it holds, the one that it was made of last. None,
        and nothing is recorded, where that was erased here on request.
        """
        with writing(self._engine) as connection:
            return record.add_carried(connection, instant(now), school_key, template, content, quoted)

    def erase(self, sha256: str, *, reason: str, by: str, now: datetime) -> Erased:
        """Erase a file on lawful request: its bytes, answers, findings, lineage, name and who saved it, for good.

        What is known of it without them stays, with a tombstone. Carried records go too: the one of that SHA-256, and
        those that quote the file. Erased already, it only says what may still hold its answers. Raises UsageError where
        no such file was recorded.
        """
        with writing(self._engine) as connection:
            erased = erase.erase(connection, instant(now), sha256, reason, by)
        squeeze(self._engine)
        return erased

    def erasable(self, sha256: str) -> Erased:
        """What `erase` would give; nothing is erased."""
        with reading(self._engine) as connection:
            return erase.erasable(connection, sha256)

    # --- asking

    def form(self, digest: str) -> StoredForm | None:
        """The form with this digest."""
        with reading(self._engine) as connection:
            return next(iter(load.load_forms(connection, forms.c.digest == digest)), None)

    def copies(self, school_key: str | None = None, template: str | None = None) -> list[IssuedCopy]:
        """The copies of a school, of a template, or all, in the order of recording."""
        query = select(copies).where(load.fits(copies, school_key=school_key, template=template))
        with reading(self._engine) as connection:
            return [issued_copy(row._asdict()) for row in connection.execute(query.order_by(copies.c.id))]

    def copies_of(self, school_keys: Iterable[str]) -> list[IssuedCopy]:
        """The copies of these schools, in the order of recording."""
        with reading(self._engine) as connection:
            found = load.copies_of(connection, school_keys)
        return sorted(found, key=lambda copy: copy.id)

    def has_copies(self) -> bool:
        """Whether any copy is recorded."""
        with reading(self._engine) as connection:
            return connection.execute(select(copies.c.id).limit(1)).first() is not None

    def forms_of_copies(self) -> list[StoredForm]:
        """The forms that copies were made from."""
        with reading(self._engine) as connection:
            return load.load_forms(connection, forms.c.digest.in_(select(copies.c.digest)))

    def answers_of(self, school_keys: Iterable[str]) -> dict[tuple[str, str, str, str], list[str]]:
        """What these schools answered; see `Recording.answers_of`."""
        with reading(self._engine) as connection:
            return load.answers_of(connection, school_keys)

    def latest_copy(self, school_key: str, template: str) -> IssuedCopy | None:
        """The copy of this school and template with the highest issue number."""
        return max(self.copies(school_key, template), key=lambda copy: copy.issue, default=None)

    def latest_copies(self) -> dict[tuple[str, str], IssuedCopy]:
        """For each school key and template the copy with the highest issue number."""
        ordered = sorted(self.copies(), key=lambda copy: copy.issue)
        return {(copy.school_key, copy.template): copy for copy in ordered}

    def latest_issues(self) -> dict[str, dict[str, int]]:
        """For each template the highest issue number of each school key: less to hold than pairs of the two."""
        query = select(copies.c.school_key, copies.c.template, func.max(copies.c.issue))
        with reading(self._engine) as connection:
            rows = connection.execute(query.group_by(copies.c.school_key, copies.c.template))
            found: dict[str, dict[str, int]] = {}
            for school_key, template, issue in rows:
                found.setdefault(template, {})[school_key] = issue
            return found

    def known(self, sha256: str) -> StoredReturn | None:
        """The return with these bytes, the newest word on it."""
        return self.known_hashes([sha256]).get(sha256)

    def known_hashes(self, hashes: Iterable[str], *, plans: bool = True) -> dict[str, StoredReturn]:
        """Those returns among these SHA-256 sums that are recorded; `plans` as in `returns`."""
        with reading(self._engine) as connection:
            found = load.returns_among(connection, returns.c.sha256, hashes, plans=plans)
        return {item.sha256: item for item in found}

    def returns(
        self,
        *,
        school_key: str | None = None,
        template: str | None = None,
        outcome: str | None = None,
        plans: bool = True,
    ) -> list[StoredReturn]:
        """The returns that fit, with their findings, in the order of recording.

        Without `plans`, `plan` is None of all but the oldest, recorded before answers had a fingerprint.
        """
        which = load.fits(returns, school_key=school_key, template=template, outcome=outcome)
        with reading(self._engine) as connection:
            return load.load_returns(connection, load.every_column(plans=plans).where(which))

    def plans(self, return_ids: Iterable[int]) -> dict[int, tuple[Mapping[str, Any], Lineage]]:
        """Of each of these returns that has one the plan, and path, sheet and cell of each filled input."""
        found: dict[int, tuple[Mapping[str, Any], list[tuple[str, str, str]]]] = {}
        with reading(self._engine) as connection:
            for batch in load.batches(return_ids):
                for row in connection.execute(
                    select(returns.c.id, returns.c.plan).where(returns.c.id.in_(batch))
                ):
                    if row.plan is not None:
                        found[row.id] = (loaded(row.plan), [])
                query = select(cells.c.return_id, cells.c.path, cells.c.sheet, cells.c.cell)
                ordered = query.where(cells.c.return_id.in_(batch)).order_by(cells.c.return_id, cells.c.n)
                for owner, *place in connection.execute(ordered):
                    if owner in found:
                        found[owner][1].append((place[0], place[1], place[2]))
        return {key: (plan, tuple(lineage)) for key, (plan, lineage) in found.items()}

    def returns_like(self, prefix: str) -> list[StoredReturn]:
        """The returns whose SHA-256 begins with these 6 or more hexadecimal digits, in the order of recording."""
        digits = prefix.strip().lower()
        if not LEAST_OF_A_HASH <= len(digits) <= 64 or set(digits) - set("0123456789abcdef"):
            raise UsageError(
                f"{prefix!r} does not name a file: give {LEAST_OF_A_HASH} or more digits of its SHA-256."
            )
        # a range and no LIKE, so that every database takes the index; "g" follows the last digit
        which = (returns.c.sha256 >= digits) & (returns.c.sha256 < f"{digits}g")
        with reading(self._engine) as connection:
            return load.load_returns(connection, select(returns).where(which))

    def hashes_like(self, prefix: str) -> list[str]:
        """Every SHA-256 that begins so: of a returned file, a carried record, or a file that such a record quotes."""
        found = {item.sha256 for item in self.returns_like(prefix)}
        digits = prefix.strip().lower()
        with reading(self._engine) as connection:
            for column in (carried.c.sha256, quoted.c.sha256):
                found |= set(
                    connection.scalars(select(column).where((column >= digits) & (column < f"{digits}g")))
                )
        return sorted(found)

    def carried(self, school_key: str, template: str) -> CarriedRecord | None:
        """What a former round left of this plan, by the newest record; None where there is none or it was erased."""
        return self.carried_plans([school_key]).get((school_key, template))

    def carried_plans(self, school_keys: Iterable[str] | None = None) -> dict[tuple[str, str], CarriedRecord]:
        """By school key and template, of some schools or of all, what a former round left and was not erased."""
        newest = select(func.max(carried.c.id)).group_by(carried.c.school_key, carried.c.template)
        every = carried.c.id.in_(newest)
        some = [None] if school_keys is None else load.batches(school_keys)
        with reading(self._engine) as connection:
            found = [
                item
                for batch in some
                for item in load.load_carried(
                    connection, every if batch is None else every & carried.c.school_key.in_(batch)
                )
            ]
        return {(item.school_key, item.template): item for item in found if not item.erased}

    def carried_keys(self) -> frozenset[tuple[str, str]]:
        """School key and template of every plan that a former round ever left something of."""
        query = select(carried.c.school_key, carried.c.template).distinct()
        with reading(self._engine) as connection:
            return frozenset((row.school_key, row.template) for row in connection.execute(query))

    def carried_record(self, sha256: str) -> CarriedRecord | None:
        """The carried record with this SHA-256, such as a copy's `base`; its contents are None if it was erased."""
        with reading(self._engine) as connection:
            return next(iter(load.load_carried(connection, carried.c.sha256 == sha256)), None)

    def unplaced(self) -> list[StoredReturn]:
        """The readable returns of which nobody knows the school yet."""
        later = returns.alias()
        placed = select(later.c.id).where(later.c.sha256 == returns.c.sha256, later.c.school_key.is_not(None))
        query = select(returns).where(
            returns.c.school_key.is_(None), returns.c.outcome != "refused", ~placed.exists()
        )
        with reading(self._engine) as connection:
            return load.load_returns(connection, query)

    def counting_numbers(self, rule: str, counting: str) -> frozenset[int]:
        """The numbers of the returns that count, of whole plans and of parts, by `counting.counting_ids`."""
        with reading(self._engine) as connection:
            return frozenset(counting_ids(load.load_candidates(connection), rule, counting))

    def counting_returns(self, rule: str, counting: str, *, plans: bool = True) -> list[StoredReturn]:
        """The whole plan that counts for each school and template, in their order, by `counting.counting_ids`.

        `plans` as for `returns`.
        """
        return self._counting(rule, counting, lambda candidate: candidate.part is None, plans=plans)

    def counting_parts(self, rule: str, counting: str) -> list[StoredReturn]:
        """Of split plans the return that counts for each school, template and part, by the same rule."""
        return self._counting(rule, counting, lambda candidate: candidate.part is not None)

    def _counting(
        self, rule: str, counting: str, which: Callable[[Candidate], bool], *, plans: bool = True
    ) -> list[StoredReturn]:
        with reading(self._engine) as connection:
            ids = counting_ids(filter(which, load.load_candidates(connection)), rule, counting)
            found = load.returns_among(connection, returns.c.id, ids, plans=plans)
            by_id = {item.id: item for item in found}
        return [by_id[number] for number in ids]

    def marks(
        self, school_key: str | None = None, template: str | None = None
    ) -> dict[int, tuple[Mark, ...]]:
        """The marks on the returns that fit, oldest first, by the return's number."""
        with reading(self._engine) as connection:
            return load.load_marks(connection, load.fits(returns, school_key=school_key, template=template))

    def reviews(self, school_key: str | None = None, template: str | None = None) -> list[Review]:
        """The reviews of the returns that fit, oldest first."""
        with reading(self._engine) as connection:
            return load.load_reviews(connection, load.fits(returns, school_key=school_key, template=template))

    def waiting(self) -> dict[tuple[str, str], Waiting]:
        """By school and template, the newest decision workbook that no later return of kind "merge" has answered."""
        with reading(self._engine) as connection:
            return load.unanswered(connection)

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

    def contents(self, hashes: Iterable[str]) -> dict[str, bytes]:
        """The bytes of these returned files, all in memory at once; those that were erased are left out."""
        with reading(self._engine) as connection:
            return {
                row.sha256: bytes(row.content)
                for batch in load.batches(hashes)
                for row in connection.execute(select(blobs).where(blobs.c.sha256.in_(batch)))
                if row.content is not None
            }

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest entry, to be kept elsewhere as proof that none was cut off."""
        with reading(self._engine) as connection:
            return chain.head(connection)

    def entry(self, return_id: int) -> Entry | None:
        """The link of the hash chain by which a return was recorded first."""
        with reading(self._engine) as connection:
            return chain.entry_of(connection, return_id)

    def entry_with(self, digest: str) -> int | None:
        """The number of the entry with this hash."""
        with reading(self._engine) as connection:
            return connection.scalar(select(entries.c.seq).where(entries.c.hash == digest))

    def checkup(self) -> Checkup:
        """Everything that can be found out about the ledger from within."""
        with reading(self._engine) as connection:
            return verify.checkup(connection)

    def backup(self, to: Path) -> Checkup:
        """Write the whole ledger to a new SQLite ledger, and give what checking that found; see `backup.backup`."""
        return backup.backup(self._engine, to)

    def restore(self, file: Path, *, now: datetime) -> Checkup:
        """Fill this ledger, which must be empty, from a backup that is sound; see `backup.restore`."""
        return backup.restore(self._engine, file, now=now)

    def verify_chain(self) -> list[str]:
        """What was changed, removed or slipped in since, a sentence each; nothing if all is well."""
        with reading(self._engine) as connection:
            return verify.problems(connection)
