"""What goes into the ledger and what comes out of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.findings import Finding

REFUSED = "refused"  # the outcome of a file that was not read


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredForm:
    """A form as issued: its digest, and the facts from which layout and plate can be rebuilt.

    `seals`: what was locked in its copies, in the order in which such copies were first issued.
    """

    digest: str
    template: str
    version: int
    facts: Mapping[str, Any]
    seals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRecord:
    """A copy that was just written. `file` is relative to the campaign; `kind` is "fresh" or "correction"."""

    school_key: str
    template: str
    version: int
    issue: int
    file: str
    sha256: str
    digest: str  # of its form, which must have been recorded
    inputs_hash: str
    kind: str = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCopy(CopyRecord):
    """A copy in the ledger; `issued_at` is an ISO instant in UTC."""

    id: int
    issued_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRecord:
    """A file that came back, checked, with its bytes; `lineage` is path, sheet, cell of each filled input."""

    file: str
    sha256: str
    content: bytes
    received: date
    outcome: str
    school_key: str | None = None
    template: str | None = None
    version: int | None = None
    issue: int | None = None
    plan: Mapping[str, Any] | None = None
    completeness: list[dict[str, Any]] | None = None
    findings: tuple[Finding, ...] = ()
    lineage: tuple[tuple[str, str, str], ...] = ()
    saved_by: str | None = None
    saved_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReturn:
    """A return in the ledger. Its bytes and its lineage are asked for separately."""

    id: int
    sha256: str
    file: str
    received: date
    recorded_at: str
    outcome: str
    school_key: str | None
    template: str | None
    version: int | None
    issue: int | None
    plan: Mapping[str, Any] | None
    completeness: list[dict[str, Any]] | None
    findings: tuple[Finding, ...]
    saved_by: str | None
    saved_at: str | None
