"""Records to rows of the tables and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, overload

from xlplan.errors import SetupError
from xlplan.findings import Finding, Severity
from xlplan.ledger.records import (
    CarriedRecord,
    CopyRecord,
    IssuedCopy,
    Mark,
    Remark,
    ReturnRecord,
    StoredForm,
    StoredReturn,
)

Row = Mapping[str, Any]
# by what it says, a line of completeness that is held once for all plans that have it
Lines = dict[tuple[Any, ...], dict[str, Any]]
_COPY = tuple(item.name for item in fields(CopyRecord))
_DAMAGED, _BACKUP = "The ledger is damaged", "Put it back from a backup."


def instant(now: datetime) -> str:
    """The moment as ISO text in UTC, to the second."""
    if now.tzinfo is None:
        raise ValueError("a moment without its time zone cannot be recorded")
    return now.astimezone(UTC).isoformat(timespec="seconds")


def json_text(value: Any) -> str:
    """Compact JSON in the value's own order."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # half a character as JSON escapes it


def copy_row(copy: CopyRecord, number: int, at: str) -> dict[str, Any]:
    """The row of `copies`."""
    return {"id": number, "issued_at": at, **{name: getattr(copy, name) for name in _COPY}}


def return_row(record: ReturnRecord, number: int, at: str) -> dict[str, Any]:
    """The row of `returns`."""
    return {
        "id": number,
        "sha256": record.sha256,
        "file": storable(record.file),
        "received": record.received,
        "recorded_at": at,
        "outcome": record.outcome,
        "school_key": record.school_key,
        "template": record.template,
        "version": record.version,
        "issue": record.issue,
        "plan": None if record.plan is None else json_text(record.plan),
        "completeness": None if record.completeness is None else json_text(record.completeness),
        "saved_by": storable(record.saved_by),
        "saved_at": storable(record.saved_at),
        "kind": record.kind,
        "values_hash": record.values_hash,
        "part": record.part,
    }


def quoted_rows(files: Sequence[str], carried_id: int) -> list[dict[str, Any]]:
    """The rows of `quoted`, numbered from 1 in their order."""
    return [{"carried_id": carried_id, "n": n, "sha256": sha256} for n, sha256 in enumerate(files, 1)]


def carried_record(row: Row, content: bytes | None, quoted: Sequence[str]) -> CarriedRecord:
    """A carried record from its row, its bytes and what it quotes."""
    if content is not None and hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise SetupError(f"{_DAMAGED}: a carried record is not as it was recorded. {_BACKUP}")
    return CarriedRecord(**row, content=None if content is None else bytes(content), quoted=tuple(quoted))


def parent_rows(parents: Sequence[int], return_id: int) -> list[dict[str, Any]]:
    """The rows of `parents`, numbered from 1 in their order."""
    return [{"return_id": return_id, "n": n, "parent_id": parent} for n, parent in enumerate(parents, 1)]


def remark_rows(remarks: Sequence[Remark], review_id: int) -> list[dict[str, Any]]:
    """The rows of `remarks`, numbered from 1 in their order."""
    return [
        {"review_id": review_id, "n": n, "path": item.path, "text": storable(item.text)}
        for n, item in enumerate(remarks, 1)
    ]


def side_rows(sides: Sequence[int], waiting_id: int) -> list[dict[str, Any]]:
    """The rows of `sides`, numbered from 1 in their order."""
    return [{"waiting_id": waiting_id, "n": n, "return_id": side} for n, side in enumerate(sides, 1)]


def finding_rows(findings: Sequence[Finding], return_id: int) -> list[dict[str, Any]]:
    """The rows of `findings`, numbered from 1 in their order."""
    return [
        {
            "return_id": return_id,
            "n": n,
            "code": item.code,
            "severity": str(item.severity),
            "path": item.path,
            "sheet": storable(item.sheet),
            "cell": item.cell,
            "found": storable(item.found),
            "facts": json_text(dict(item.facts)),
            "waived": item.waived,
        }
        for n, item in enumerate(findings, 1)
    ]


def cell_rows(lineage: Sequence[tuple[str, str, str]], return_id: int) -> list[dict[str, Any]]:
    """The rows of `cells`, numbered from 1 in their order."""
    return [
        {"return_id": return_id, "n": n, "path": path, "sheet": storable(sheet), "cell": cell}
        for n, (path, sheet, cell) in enumerate(lineage, 1)
    ]


def seal_row(digest: str, content: bytes, number: int) -> dict[str, Any]:
    """The row of `seals`."""
    return {
        "id": number,
        "digest": digest,
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": content,
    }


def stored_form(row: Row, seals: Sequence[Row]) -> StoredForm:
    """A form from its row and those of its seals."""
    for seal in seals:
        if hashlib.sha256(seal["content"]).hexdigest() != seal["sha256"]:
            raise SetupError(f"{_DAMAGED}: a form as issued is not as it was recorded. {_BACKUP}")
    return StoredForm(
        **{**row, "facts": loaded(row["facts"]), "seals": tuple(bytes(seal["content"]) for seal in seals)}
    )


def issued_copy(row: Row) -> IssuedCopy:
    """A copy from its row."""
    return IssuedCopy(**row)


def stored_return(
    row: Row, findings: Sequence[Finding], parents: Sequence[int], same: Lines, *, erased: bool
) -> StoredReturn:
    """A return from its row, its findings and its parents. `same`: lines of completeness that others have too."""
    done = None if row["completeness"] is None else loaded(row["completeness"])
    return StoredReturn(
        **{
            **row,
            "plan": None if row["plan"] is None else loaded(row["plan"]),
            "completeness": done and [same.setdefault(tuple(line.items()), line) for line in done],
            "findings": tuple(findings),
            "parents": tuple(parents),
            "erased": erased,
        }
    )


def stored_finding(row: Row) -> Finding:
    """A finding from its row."""
    return Finding(
        code=row["code"],
        severity=Severity(row["severity"]),
        path=row["path"],
        sheet=row["sheet"],
        cell=row["cell"],
        found=row["found"],
        facts=loaded(row["facts"]),
        waived=row["waived"],
    )


def stored_mark(row: Row) -> Mark:
    """A mark from its row; of one recorded under schema 1 it is known only that its own return was there."""
    after = row["return_id"] if row["after"] is None else row["after"]
    return Mark(**{key: row[key] for key in ("return_id", "counts", "reason", "by", "at")}, after=after)


def loaded(text: str) -> Any:
    """What `json_text` wrote."""
    try:
        return json.loads(text)
    except ValueError:
        raise SetupError(f"{_DAMAGED}: a row of it is no JSON. {_BACKUP}") from None


@overload
def storable(text: str) -> str: ...
@overload
def storable(text: None) -> None: ...
def storable(text: str | None) -> str | None:
    """Text as every database takes it: file names can hold half characters, and cells a NUL."""
    if text is None or (text.isascii() and text.isprintable()):
        return text
    return text.replace("\0", "␀").encode("utf-8", "backslashreplace").decode("utf-8")
