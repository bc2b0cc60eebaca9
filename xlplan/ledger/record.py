"""Writing: each function puts things and their entries of the chain into one open transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select, update

from xlplan.errors import XlplanError
from xlplan.ledger import chain, load
from xlplan.ledger.records import (
    APPROVED,
    REFUSED,
    RETURNED,
    CarriedRecord,
    CopyRecord,
    IssuedCopy,
    Known,
    Remark,
    ReturnRecord,
)
from xlplan.ledger.rows import (
    carried_record,
    cell_rows,
    copy_row,
    finding_rows,
    issued_copy,
    json_text,
    parent_rows,
    quoted_rows,
    remark_rows,
    return_row,
    seal_row,
    side_rows,
    storable,
)
from xlplan.ledger.schema import (
    blobs,
    carried,
    cells,
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

# what makes a copy the same issue; its bytes and its place may differ when it is written again
_SAME_ISSUE = ("version", "digest", "inputs_hash", "kind", "part", "base")


def add_form(
    connection: Connection,
    at: str,
    digest: str,
    template: str,
    version: int,
    facts: Mapping[str, Any],
    sealed: bytes,
) -> None:
    """Record a form unless its digest is known, and what is locked in it unless that is known of it."""
    things = []
    if connection.execute(select(forms.c.digest).where(forms.c.digest == digest)).first() is None:
        row = {"digest": digest, "template": template, "version": version, "facts": json_text(facts)}
        connection.execute(insert(forms), [row])
        things.append(chain.form_thing(row))
    seal = seal_row(digest, sealed, _last_id(connection, seals) + 1)
    same = (seals.c.digest == digest) & (seals.c.sha256 == seal["sha256"])
    if connection.execute(select(seals.c.id).where(same)).first() is None:
        connection.execute(insert(seals), [seal])
        things.append(chain.seal_thing(seal))
    chain.append(connection, at, things)


def add_copies(connection: Connection, at: str, records: Iterable[CopyRecord]) -> list[IssuedCopy]:
    """Record copies; one recorded alike stays as it is, one written again with other bytes is renewed."""
    records = list(records)
    number = _last_id(connection, copies)
    keys = {record.school_key for record in records}
    known = {_issue(copy): copy for copy in load.copies_of(connection, keys)}
    fresh: dict[Issue, dict[str, Any]] = {}
    things, issued = [], []
    for record in records:
        before = known.get(_issue(record))
        if before is None:
            number += 1
            row = fresh[_issue(record)] = copy_row(record, number, at)
            things.append(chain.copy_thing(row))
        elif _alike(record, before):
            row = copy_row(record, before.id, before.issued_at)
        else:
            row = copy_row(record, before.id, at)
            if _issue(record) in fresh:
                fresh[_issue(record)] = row
            else:
                connection.execute(update(copies).where(copies.c.id == before.id).values(row))
            things.append(chain.copy_thing(row))
        issued.append(issued_copy(row))
        known[_issue(record)] = issued[-1]
    if fresh:
        connection.execute(insert(copies), list(fresh.values()))
    chain.append(connection, at, things)
    return issued


Issue = tuple[str, str, int]  # a copy's school, template and issue number


def _issue(record: CopyRecord) -> Issue:
    return record.school_key, record.template, record.issue


def _alike(record: CopyRecord, known: IssuedCopy) -> bool:
    """Whether a copy is recorded with these bytes at this place. Raises XlplanError if it is another copy."""
    if any(getattr(known, name) != getattr(record, name) for name in _SAME_ISSUE):
        raise XlplanError(
            f"{record.file}: copy number {record.issue} of school {record.school_key} is recorded with other "
            "contents already, and copies that were sent out stay valid. Use the next number."
        )
    return (known.sha256, known.file) == (record.sha256, record.file)


def add_returns(connection: Connection, at: str, records: Iterable[ReturnRecord]) -> list[int]:
    """Record returns with bytes, findings and lineage; a file whose bytes are known keeps its number.

    One that was refused and now is not, or whose school was not known or is another now, is recorded anew; what
    was recorded of it before stays. One that was erased is not.
    """
    waiting = list(records)
    known = load.known_returns(connection, (record.sha256 for record in waiting))
    gone = _among(connection, erasures.c.sha256, known)
    kept = _among(connection, blobs.c.sha256, (record.sha256 for record in waiting))
    _check_returns(connection, (parent for record in waiting for parent in record.parents))
    number = _last_id(connection, returns)
    ids: list[int] = []
    things: list[chain.Thing] = []
    rows: dict[Table, list[dict[str, Any]]] = {
        table: [] for table in (blobs, returns, findings, cells, parents)
    }
    for record in waiting:
        before = known.get(record.sha256)
        if before is not None and (record.sha256 in gone or not _says_more(record, before)):
            ids.append(before.id)
            continue
        number += 1
        row = return_row(record, number, at)
        found, lineage = finding_rows(record.findings, number), cell_rows(record.lineage, number)
        if hashlib.sha256(record.content).hexdigest() != record.sha256:
            raise ValueError(f"{record.file}: the SHA-256 is not that of the contents")
        if record.sha256 not in kept:
            kept.add(record.sha256)
            blob = {"sha256": record.sha256, "size": len(record.content), "content": record.content}
            rows[blobs].append(blob)
        rows[returns].append(row)
        rows[findings] += found
        rows[cells] += lineage
        rows[parents] += parent_rows(record.parents, number)
        known[record.sha256] = Known(id=number, outcome=record.outcome, school_key=record.school_key)
        things.append(
            chain.return_thing(row, _values(findings, found), _values(cells, lineage), record.parents)
        )
        ids.append(number)
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)
    chain.append(connection, at, things)
    return ids


def _says_more(record: ReturnRecord, before: Known) -> bool:
    """Whether a return says more now than what is recorded of its bytes."""
    read_now = before.outcome == REFUSED != record.outcome
    # its school was not known, or somebody said that it is another
    placed_now = record.outcome != REFUSED and record.school_key not in (None, before.school_key)
    return read_now or placed_now


def _among(connection: Connection, column: Column[Any], values: Iterable[Any]) -> set[Any]:
    """Those of these values that the column holds."""
    return {
        value
        for batch in load.batches(values)
        for value in connection.scalars(select(column).where(column.in_(batch)))
    }


def is_erased(connection: Connection, sha256: str) -> bool:
    """Whether the file with these bytes was erased."""
    return connection.scalar(select(erasures.c.at).where(erasures.c.sha256 == sha256)) is not None


def _values(table: Table, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[column.name] for column in table.columns) for row in rows]


def add_carried(
    connection: Connection, at: str, school_key: str, template: str, content: bytes, files: Sequence[str]
) -> CarriedRecord | None:
    """Record what a former round left of a plan; what counts already stays as it is.

    None, and nothing is recorded, where it was erased, or what was erased quotes the same return (the last of `files`).
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if _was_erased(connection, sha256, files):
        return None
    mine = (carried.c.school_key == school_key) & (carried.c.template == template)
    newest = connection.execute(select(carried).where(mine).order_by(carried.c.id.desc()).limit(1)).first()
    if newest is not None and newest.sha256 == sha256:
        return carried_record(newest._asdict(), content, files)
    number = _last_id(connection, carried) + 1
    row = {"id": number, "school_key": school_key, "template": template, "sha256": sha256, "at": at}
    if connection.scalar(select(blobs.c.sha256).where(blobs.c.sha256 == sha256)) is None:
        connection.execute(insert(blobs), [{"sha256": sha256, "size": len(content), "content": content}])
    connection.execute(insert(carried), [row])
    if files:
        connection.execute(insert(quoted), quoted_rows(files, number))
    chain.append(connection, at, [chain.carried_thing(row, files)])
    return carried_record(row, content, files)


def _was_erased(connection: Connection, sha256: str, files: Sequence[str]) -> bool:
    if is_erased(connection, sha256):
        return True
    gone = select(carried.c.id).join(erasures, erasures.c.sha256 == carried.c.sha256)
    same = (quoted.c.sha256 == files[-1]) if files else None
    if same is None:
        return False
    return (
        connection.execute(select(quoted.c.n).where(quoted.c.carried_id.in_(gone), same)).first() is not None
    )


def add_mark(connection: Connection, at: str, return_id: int, counts: bool, reason: str, by: str) -> None:
    """Record somebody's word on whether a return counts."""
    _check_return(connection, return_id)
    row = {
        "id": _last_id(connection, marks) + 1,
        "return_id": return_id,
        "counts": counts,
        "reason": storable(reason),
        "at": at,
        "by": storable(by),
        "after": _last_id(connection, returns),
    }
    connection.execute(insert(marks), [row])
    chain.append(connection, at, [chain.mark_thing(row)])


def add_review(
    connection: Connection, at: str, return_id: int, decision: str, items: Sequence[Remark], by: str
) -> int:
    """Record a reader's word on a return of a school, and give its number."""
    if decision not in (APPROVED, RETURNED):
        raise ValueError(f"there is no decision {decision!r}")
    if _check_return(connection, return_id) is None:
        raise XlplanError(f"Return number {return_id} is of no school yet, so it cannot be reviewed.")
    number = _last_id(connection, reviews) + 1
    row = {"id": number, "return_id": return_id, "decision": decision, "by": storable(by), "at": at}
    said = remark_rows(items, number)
    connection.execute(insert(reviews), [row])
    if said:
        connection.execute(insert(remarks), said)
    chain.append(connection, at, [chain.review_thing(row, [(item["path"], item["text"]) for item in said])])
    return number


def add_waiting(
    connection: Connection,
    at: str,
    school_key: str,
    template: str,
    between: Sequence[int],
    file: str,
    sha256: str,
) -> int:
    """Record a decision workbook that is out, and give its number."""
    for return_id in between:
        _check_return(connection, return_id)
    number = _last_id(connection, waiting) + 1
    row = {
        "id": number,
        "school_key": school_key,
        "template": template,
        "file": storable(file),
        "sha256": sha256,
        "at": at,
        "after": _last_id(connection, returns),
    }
    connection.execute(insert(waiting), [row])
    if between:
        connection.execute(insert(sides), side_rows(between, number))
    chain.append(connection, at, [chain.waiting_thing(row, between)])
    return number


def _check_returns(connection: Connection, return_ids: Iterable[int]) -> None:
    for return_id in sorted(set(return_ids)):
        _check_return(connection, return_id)


def _check_return(connection: Connection, return_id: int) -> str | None:
    """The school of a return that has to be there."""
    row = connection.execute(select(returns.c.school_key).where(returns.c.id == return_id)).first()
    if row is None:
        raise XlplanError(f"There is no return number {return_id} in the ledger.")
    school_key: str | None = row.school_key
    return school_key


def _last_id(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.id))) or 0
