"""What goes into the ledger and what comes out of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.findings import Finding

REFUSED = "refused"  # the outcome of a file that was not read
APPROVED, RETURNED = "approved", "returned"  # the decisions of a review


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
    part: str = ""  # section key of a split copy; empty: the whole plan
    base: str | None = None  # SHA-256 of the carried record that a fresh copy began with


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCopy(CopyRecord):
    """A copy in the ledger; `issued_at` is an ISO instant in UTC."""

    id: int
    issued_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRecord:
    """What a former round left of a school's plan. `content`: the record's bytes, None once they were erased.

    `quoted`: the SHA-256 sums of the files returned in former rounds whose answers it holds, the newest last.
    """

    id: int
    school_key: str
    template: str
    sha256: str
    at: str
    content: bytes | None
    quoted: tuple[str, ...]

    @property
    def erased(self) -> bool:
        """Whether its contents were erased on lawful request."""
        return self.content is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRecord:
    """A file that came back, checked, with its bytes; `lineage` is path, sheet, cell of each filled input.

    `kind`: "return" as it came, "merge" made by merging, "parts" put together from the parts of a split plan;
    `parents`: the numbers of the returns it was made from.
    """

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
    kind: str = "return"
    values_hash: str | None = None  # the same for the same answers in other bytes
    part: str | None = None  # section key of a split copy
    parents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReturn:
    """A return in the ledger. Its bytes and its lineage are asked for separately.

    `erased`: bytes and answers were erased on lawful request; file name, plan and findings are empty then.
    """

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
    kind: str = "return"
    values_hash: str | None = None
    part: str | None = None
    parents: tuple[int, ...] = ()
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known already of a file by its bytes: its number, what became of it, and whose it is."""

    id: int
    outcome: str
    school_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Somebody's word on whether a return counts; `after` is the highest return when it was given."""

    return_id: int
    counts: bool
    reason: str
    by: str
    at: str
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A reader's words on the field, row or table at a path, or on the whole plan."""

    path: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reader's word on a return: "approved", or "returned" with remarks."""

    id: int
    return_id: int
    school_key: str
    template: str
    decision: str
    remarks: tuple[Remark, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A decision workbook that is out; `sides` are the returns between which it asks to decide."""

    id: int
    school_key: str
    template: str
    sides: tuple[int, ...]
    file: str
    sha256: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure took away, and what else may hold the same answers.

    `derived`: returns that were made from these or on the copies that hold their answers, at any remove, and those
    that say the same; `copies`: those that answer the file or began with it; `waiting`: decision workbooks that quote
    it; `before`: it had been erased already.
    `carried`: the carried records that the file is, or that quote it: they go with it. `former`: those that the plan
    began with, which hold answers of former rounds and stay.
    """

    sha256: str
    size: int
    returns: tuple[StoredReturn, ...]  # as they were
    derived: tuple[StoredReturn, ...]
    copies: tuple[IssuedCopy, ...]
    waiting: tuple[Waiting, ...]
    before: bool
    carried: tuple[CarriedRecord, ...] = ()
    former: tuple[CarriedRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What checking a whole ledger found: how many things of each kind, number and hash of the last entry.

    `problems`: what is not as it was recorded, a sentence each.
    """

    counts: Mapping[str, int]
    head: tuple[int, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link of the hash chain: its number, when it was added, and its hash."""

    seq: int
    at: str
    hash: str
