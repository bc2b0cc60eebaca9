"""Rows to values, for the questions that more than one table answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, case, select

from xlplan.ledger.counting import Candidate
from xlplan.ledger.records import (
    REFUSED,
    CarriedRecord,
    IssuedCopy,
    Known,
    Mark,
    Remark,
    Review,
    StoredForm,
    StoredReturn,
    Waiting,
)
from xlplan.ledger.rows import (
    Lines,
    carried_record,
    issued_copy,
    stored_finding,
    stored_form,
    stored_mark,
    stored_return,
)
from xlplan.ledger.schema import (
    blobs,
    carried,
    copies,
    erasures,
    findings,
    forms,
    marks,
    parents,
    quoted,
    remarks,
    returns,
    reviews,
    seals,
    sides,
    waiting,
)

_BATCH = 500  # values in one IN list: older SQLite takes 999


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The distinct values in their order, in runs that one question takes."""
    every = sorted(set(values))
    return (every[start : start + _BATCH] for start in range(0, len(every), _BATCH))


def fits(table: Table, **wanted: str | None) -> ColumnElement[bool]:
    """That the columns hold what is wanted; nothing is asked of one that may be anything."""
    return and_(True, *(table.c[name] == value for name, value in wanted.items() if value is not None))


def every_column(*, plans: bool) -> Select[Any]:
    """A query of whole returns; without `plans` only those plans are in it that their fingerprint does not replace."""
    if plans:
        return select(returns)
    told = case((returns.c.values_hash.is_(None), returns.c.plan), else_=None)
    return select(*(told.label("plan") if column is returns.c.plan else column for column in returns.c))


def returns_among(
    connection: Connection, column: Column[Any], values: Iterable[Any], *, plans: bool = True
) -> list[StoredReturn]:
    """The returns that have one of these values."""
    return [
        item
        for batch in batches(values)
        for item in load_returns(connection, every_column(plans=plans).where(column.in_(batch)))
    ]


def load_returns(connection: Connection, query: Select[Any]) -> list[StoredReturn]:
    """The returns of a query with their findings and parents, in the order of recording."""
    ids = query.with_only_columns(returns.c.id)
    found = _by_owner(connection, findings, ids)
    made_from = _by_owner(connection, parents, ids)
    gone = set(connection.scalars(select(erasures.c.sha256)))
    same: Lines = {}
    return [
        stored_return(
            row._asdict(),
            [stored_finding(item._asdict()) for item in found.pop(row.id, ())],
            [item.parent_id for item in made_from.get(row.id, ())],
            same,
            erased=row.sha256 in gone,
        )
        for row in connection.execute(query.order_by(returns.c.id))
    ]


def copies_of(connection: Connection, school_keys: Iterable[str]) -> list[IssuedCopy]:
    """The copies of these schools."""
    return [
        issued_copy(row._asdict())
        for batch in batches(school_keys)
        for row in connection.execute(select(copies).where(copies.c.school_key.in_(batch)))
    ]


def known_returns(connection: Connection, hashes: Iterable[str]) -> dict[str, Known]:
    """By SHA-256 those of these files that are recorded, the newest word of each."""
    found: dict[str, Known] = {}
    columns = (returns.c.sha256, returns.c.id, returns.c.outcome, returns.c.school_key)
    for batch in batches(hashes):
        query = select(*columns).where(returns.c.sha256.in_(batch)).order_by(returns.c.id)
        for sha256, number, outcome, school_key in connection.execute(query):
            found[sha256] = Known(id=number, outcome=outcome, school_key=school_key)
    return found


def answers_of(
    connection: Connection, school_keys: Iterable[str]
) -> dict[tuple[str, str, str, str], list[str]]:
    """By school, template, part and values hash, the SHA-256 sums of the files with these answers, in order."""
    found: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    columns = (
        returns.c.school_key, returns.c.template, returns.c.part, returns.c.values_hash, returns.c.sha256,
    )  # fmt: skip
    for batch in batches(school_keys):
        query = select(*columns).where(returns.c.school_key.in_(batch), returns.c.values_hash.is_not(None))
        for school_key, template, part, values_hash, sha256 in connection.execute(
            query.order_by(returns.c.id)
        ):
            found[school_key, template, part or "", values_hash].append(sha256)
    return found


def load_forms(connection: Connection, which: ColumnElement[bool]) -> list[StoredForm]:
    """The forms that fit, each with what was locked in it."""
    rows = connection.execute(select(forms).where(which)).all()
    sealed: dict[str, list[Any]] = defaultdict(list)
    query = select(seals).where(seals.c.digest.in_(select(forms.c.digest).where(which)))
    for seal in connection.execute(query.order_by(seals.c.id)):
        sealed[seal.digest].append(seal._asdict())
    return [stored_form(row._asdict(), sealed[row.digest]) for row in rows]


def load_marks(connection: Connection, which: ColumnElement[bool]) -> dict[int, tuple[Mark, ...]]:
    """The marks on the returns that fit, oldest first, by return."""
    query = select(marks).join(returns, returns.c.id == marks.c.return_id).where(which)
    found: dict[int, tuple[Mark, ...]] = {}
    for row in connection.execute(query.order_by(marks.c.id)):
        found[row.return_id] = (*found.get(row.return_id, ()), stored_mark(row._asdict()))
    return found


def load_reviews(connection: Connection, which: ColumnElement[bool]) -> list[Review]:
    """The reviews of the returns that fit, oldest first."""
    query = select(reviews, returns.c.school_key, returns.c.template).join(
        returns, returns.c.id == reviews.c.return_id
    )
    rows = connection.execute(query.where(which).order_by(reviews.c.id)).all()
    ids = select(reviews.c.id).join(returns, returns.c.id == reviews.c.return_id).where(which)
    said = _by_owner(connection, remarks, ids)
    return [
        Review(
            **row._asdict(),
            remarks=tuple(Remark(path=item.path, text=item.text) for item in said.get(row.id, ())),
        )
        for row in rows
    ]


def load_waiting(connection: Connection, which: ColumnElement[bool]) -> list[Waiting]:
    """The decision workbooks that fit, oldest first."""
    rows = connection.execute(select(waiting).where(which).order_by(waiting.c.id)).all()
    between = _by_owner(connection, sides, select(waiting.c.id).where(which))
    return [
        Waiting(
            **{key: value for key, value in row._asdict().items() if key != "after"},
            sides=tuple(side.return_id for side in between.get(row.id, ())),
        )
        for row in rows
    ]


def load_carried(connection: Connection, which: ColumnElement[bool]) -> list[CarriedRecord]:
    """The carried records that fit, oldest first."""
    query = select(carried, blobs.c.content).join(blobs, blobs.c.sha256 == carried.c.sha256).where(which)
    rows = connection.execute(query.order_by(carried.c.id)).all()
    files = _by_owner(connection, quoted, select(carried.c.id).where(which))
    return [
        carried_record(
            {key: value for key, value in row._asdict().items() if key != "content"},
            row.content,
            [item.sha256 for item in files.get(row.id, ())],
        )
        for row in rows
    ]


def unanswered(connection: Connection) -> dict[tuple[str, str], Waiting]:
    """The newest decision workbook of each plan, by school and template, unless a later merge has answered it."""
    merge = select(returns.c.id).where(
        returns.c.kind == "merge",
        returns.c.school_key == waiting.c.school_key,
        returns.c.template == waiting.c.template,
        returns.c.id > waiting.c.after,
    )
    # an older one is not answered only if a newer one is not either
    return {(item.school_key, item.template): item for item in load_waiting(connection, ~merge.exists())}


def load_candidates(connection: Connection) -> list[Candidate]:
    """Every return that could count, with the newest mark on it: readable, of a school, and not erased."""
    given = {
        row.return_id: (row.id, stored_mark(row._asdict()))
        for row in connection.execute(select(marks).order_by(marks.c.id))
    }
    columns = (
        returns.c.id,
        returns.c.school_key,
        returns.c.template,
        returns.c.part,
        returns.c.outcome,
        returns.c.received,
    )
    query = select(*columns).where(
        returns.c.school_key.is_not(None),
        returns.c.template.is_not(None),
        returns.c.outcome != REFUSED,
        returns.c.sha256.not_in(select(erasures.c.sha256)),
    )
    return [_candidate(row._asdict(), *given.get(row.id, (0, None))) for row in connection.execute(query)]


def _candidate(row: dict[str, Any], order: int, mark: Mark | None) -> Candidate:
    if mark is None:
        return Candidate(**row)
    return Candidate(**row, counts=mark.counts, marked=order, after=mark.after)


def _by_owner(connection: Connection, table: Table, owners: Select[Any]) -> dict[int, list[Any]]:
    """The rows that belong to each of these owners, in their order."""
    owner = next(iter(table.primary_key))
    query = select(table).where(owner.in_(owners)).order_by(owner, table.c.n)
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(row)
    return found
