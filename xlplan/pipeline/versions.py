"""A plan as one file holds it, and the copy that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlplan.errors import UsageError
from xlplan.findings import Checked
from xlplan.form.spec import FormFacts
from xlplan.merge.values import values_hash
from xlplan.pipeline.carried import begun_cells, read_record
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import FormOf, form_with
from xlplan.pipeline.matching import placed_by
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.upgrading import upgraded_form
from xlplan.templates import older

if TYPE_CHECKING:
    from xlplan.ledger import CarriedRecord, IssuedCopy, Ledger, StoredReturn

FRESH = "fresh"  # the kind of copies that were issued empty, or with what a former round left


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
    return version_of_content(ledger.content(stored.sha256), stored, context, label)


def version_of_content(
    content: bytes | None, stored: StoredReturn, context: Context, label: str = ""
) -> Version:
    """The same of bytes that are at hand; None: they were erased."""
    if content is None:
        raise UsageError(
            f"{label or stored.file}: its contents were erased from the ledger on request, so they cannot be compared."
        )
    return version_of(content, label or stored.file, context, stored)


def base_of(version: Version, ledger: Ledger, context: Context) -> Version | None:
    """The plan in the copy that a file was made from; None for a copy that was issued empty.

    A correction copy, and a copy made by merging or from parts, began with the answers of the return it names; a fresh
    copy of a later round with what a former one left. Raises UsageError where that was erased.
    """
    copy = copy_of(version, ledger)
    if copy is not None and copy.base is not None:
        return begun_with(copy, ledger, context)
    stored = ledger.known(copy.inputs_hash) if copy is not None and copy.kind != FRESH else None
    if stored is None or stored.sha256 == version.result.sha256:
        return None
    return version_of_return(ledger, stored, context, f"copy {version.issue}")


def begun_with(copy: IssuedCopy, ledger: Ledger, context: Context) -> Version:
    """The plan that a fresh copy began with, carried from a former round. Raises UsageError where it was erased."""
    record, form = ledger.carried_record(copy.base or ""), ledger.form(copy.digest)
    model = context.model(copy.template)
    carried = read_record(record, model) if record else None
    if carried is None or form is None:
        raise UsageError(
            f"copy {copy.issue}: what it began with was erased from the ledger on request, so it cannot be compared."
        )
    made = form_with(older(model, copy.version) or model, FormFacts.from_json(form.facts))
    made = upgraded_form(made, model)
    cells = begun_cells(made, carried)
    checked = Checked(
        file=copy.file, outcome="accepted", findings=(), school_id=copy.school_key, template=copy.template,
        version=copy.version, sha256=copy.sha256, part=copy.part or None,
    )  # fmt: skip
    result = Result(
        checked=checked, sha256=copy.sha256, cells=cells, values_hash=values_hash(made.layout, cells), form=made,
        facts=made.layout.spec.facts,
    )  # fmt: skip
    return Version(label=f"copy {copy.issue}", file=copy.file, form=made, cells=cells, result=result)


def carried_behind(ledger: Ledger, copy: IssuedCopy | None) -> CarriedRecord | None:
    """The carried record with which a copy began, at whatever remove: itself, or the copy of the return it answers."""
    passed: set[int] = set()
    left = [copy]
    while left:
        one = left.pop()
        if one is None or one.id in passed:
            continue
        passed.add(one.id)
        if one.base is not None:
            return ledger.carried_record(one.base)
        if one.kind != FRESH:
            left += [
                issued_copy(ledger, item.school_key, item.template, item.issue)
                for item in _answered(ledger, one)
            ]
    return None


def _answered(ledger: Ledger, copy: IssuedCopy) -> list[StoredReturn]:
    """The return that a copy answers or holds; where that was made of several, these."""
    stored = ledger.known(copy.inputs_hash)
    if stored is None:
        return []
    if not stored.parents:
        return [stored]
    every = ledger.returns(school_key=stored.school_key, template=stored.template)
    return [item for item in every if item.id in stored.parents]


def untouched(stored: StoredReturn, ledger: Ledger, context: Context) -> bool:
    """Whether a return says no more than the copy of a later round that it was made from began with."""
    copy = issued_copy(ledger, stored.school_key, stored.template, stored.issue)
    if copy is None or copy.base is None:
        return False
    try:
        return begun_with(copy, ledger, context).result.values_hash == stored.values_hash
    except UsageError:
        return False  # what it began with was erased


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
