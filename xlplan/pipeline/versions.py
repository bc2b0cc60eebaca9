"""A plan as one file holds it, and the copy that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlplan.errors import UsageError
from xlplan.ledger import IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.check import Context, Result, check_file
from xlplan.pipeline.forms import FormOf
from xlplan.pipeline.matching import placed_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A plan as it stood in one file: `cells` by slot path as a fresh copy would hold them, the filled ones.

    `label`: what people call it; `stored`: its return in the ledger, if it has one.
    """

    label: str
    file: str
    form: FormOf
    cells: Mapping[str, object]
    result: Result
    stored: StoredReturn | None = None

    @property
    def author(self) -> str:
        """Who saved the file last, as its properties say."""
        return self.result.core.get("lastModifiedBy", "")

    @property
    def issue(self) -> int | None:
        """The issue number of the copy that it was made from."""
        return self.result.identity.issue if self.result.identity else None


def version_of(content: bytes, label: str, context: Context, stored: StoredReturn | None = None) -> Version:
    """The plan in a file's bytes. Raises UsageError where it cannot be read as a plan of ours."""
    file = label
    if stored is not None:
        file, context = stored.file, replace(context, placed=placed_by(stored))
    result = check_file(content, file, context)
    if result.form is None:
        raise UsageError(f"{label}: {result.checked.findings[0].message}")
    return Version(label=label, file=file, form=result.form, cells=result.cells, result=result, stored=stored)


def version_of_return(ledger: Ledger, stored: StoredReturn, context: Context, label: str = "") -> Version:
    """The plan in a recorded return. Raises UsageError where its bytes were erased."""
    content = ledger.content(stored.sha256)
    if content is None:
        raise UsageError(
            f"{label or stored.file}: its contents were erased from the ledger on request, so they cannot be compared."
        )
    return version_of(content, label or stored.file, context, stored)


def base_of(version: Version, ledger: Ledger, context: Context) -> Version | None:
    """The plan in the copy that a file was made from; None for a copy that was issued empty.

    A correction copy, and a copy made by merging or from parts, began with the answers of the return it names.
    """
    copy = copy_of(version, ledger)
    stored = ledger.known(copy.inputs_hash) if copy is not None and copy.kind != "fresh" else None
    if stored is None or stored.sha256 == version.result.sha256:
        return None
    return version_of_return(ledger, stored, context, f"copy {version.issue}")


def copy_of(version: Version, ledger: Ledger) -> IssuedCopy | None:
    """The copy that a file was made from, as the ledger has it."""
    identity = version.result.identity
    if identity is None:
        return None
    return issued_copy(ledger, identity.school, identity.template, identity.issue)


def issued_copy(
    ledger: Ledger, school_key: str | None, template: str | None, issue: int | None
) -> IssuedCopy | None:
    """The copy of a school with that issue number."""
    copies = ledger.copies(school_key, template)
    return next((copy for copy in copies if copy.issue == issue), None)
