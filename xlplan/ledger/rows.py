"""Records to rows of the tables and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from xlplan.findings import Finding, Severity
from xlplan.ledger.records import CopyRecord, IssuedCopy, ReturnRecord, StoredForm, StoredReturn

Row = Mapping[str, Any]


def instant(now: datetime) -> str:
    """The moment as ISO text in UTC, to the second."""
    if now.tzinfo is None:
        raise ValueError("a moment without its time zone cannot be recorded")
    return now.astimezone(UTC).isoformat(timespec="seconds")


def json_text(value: Any) -> str:
    """Compact JSON in the value's own order."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def copy_row(copy: CopyRecord, number: int, at: str) -> dict[str, Any]:
    """The row of `copies`."""
    return {"id": number, "issued_at": at, **asdict(copy)}


def return_row(record: ReturnRecord, number: int, at: str) -> dict[str, Any]:
    """The row of `returns`."""
    return {
        "id": number,
        "sha256": record.sha256,
        "file": _storable(record.file),
        "received": record.received,
        "recorded_at": at,
        "outcome": record.outcome,
        "school_key": record.school_key,
        "template": record.template,
        "version": record.version,
        "issue": record.issue,
        "plan": None if record.plan is None else json_text(record.plan),
        "completeness": None if record.completeness is None else json_text(record.completeness),
        "saved_by": record.saved_by,
        "saved_at": record.saved_at,
    }


def finding_rows(findings: Sequence[Finding], return_id: int) -> list[dict[str, Any]]:
    """The rows of `findings`, numbered from 1 in their order."""
    return [
        {
            "return_id": return_id,
            "n": n,
            "code": item.code,
            "severity": str(item.severity),
            "path": item.path,
            "sheet": item.sheet,
            "cell": item.cell,
            "found": item.found,
            "facts": json_text(dict(item.facts)),
            "waived": item.waived,
        }
        for n, item in enumerate(findings, 1)
    ]


def cell_rows(lineage: Sequence[tuple[str, str, str]], return_id: int) -> list[dict[str, Any]]:
    """The rows of `cells`, numbered from 1 in their order."""
    return [
        {"return_id": return_id, "n": n, "path": path, "sheet": sheet, "cell": cell}
        for n, (path, sheet, cell) in enumerate(lineage, 1)
    ]


def stored_form(row: Row) -> StoredForm:
    """A form from its row."""
    return StoredForm(**{**row, "facts": json.loads(row["facts"])})


def issued_copy(row: Row) -> IssuedCopy:
    """A copy from its row."""
    return IssuedCopy(**row)


def stored_return(row: Row, findings: Sequence[Finding]) -> StoredReturn:
    """A return from its row and its findings."""
    return StoredReturn(
        **{
            **row,
            "plan": None if row["plan"] is None else json.loads(row["plan"]),
            "completeness": None if row["completeness"] is None else json.loads(row["completeness"]),
            "findings": tuple(findings),
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
        facts=json.loads(row["facts"]),
        waived=row["waived"],
    )


def _storable(text: str) -> str:
    """POSIX file names can hold bytes that are no text; Python keeps them as surrogates, databases do not."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
