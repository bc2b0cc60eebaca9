"""Two plans, or a plan and the copy that it was made from, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlplan.errors import UsageError
from xlplan.merge.diff import Change, changes
from xlplan.pipeline.opening import Context
from xlplan.pipeline.versions import FRESH, Version, base_of, copy_of

if TYPE_CHECKING:
    from xlplan.ledger import Ledger

NOTHING: Mapping[str, object] = {}  # what a fresh copy holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs, in sheet order; `a` and `b`: what people call the two, `note`: what else they should know."""

    a: str
    b: str
    changes: tuple[Change, ...]
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """CONTRACT's `diff` document."""
        return {"changes": [change.as_json() for change in self.changes]}


def between(first: Version, second: Version) -> Difference:
    """What differs from the first plan to the second. Raises UsageError for plans of two templates."""
    names = [version.form.model.form.name for version in (first, second)]
    if names[0] != names[1]:
        raise UsageError(
            f"{first.label} is a plan of {names[0]}, and {second.label} one of {names[1]}; they have nothing in common."
        )
    keys = [version.result.checked.school_id for version in (first, second)]
    note = (
        f"These are plans of two schools: {keys[0]} and {keys[1]}."
        if keys[0] != keys[1] and all(keys)
        else ""
    )
    return Difference(a=first.label, b=second.label, changes=changed(first, second), note=note)


def since_base(version: Version, ledger: Ledger, context: Context) -> Difference:
    """What was typed into the copy that a file was made from. Raises UsageError where nobody knows that copy."""
    copy = copy_of(version, ledger)
    if copy is None:
        raise UsageError(
            f"{version.label}: the ledger does not know the copy that it was made from. Name two plans to compare."
        )
    base = base_of(version, ledger, context)
    if base is None and copy.kind != FRESH:
        raise UsageError(
            f"{version.label}: this is copy {copy.issue} itself, as it was put together. Compare it with a return "
            "that it was made from."
        )
    began = ", with what the former round left" if copy.base else ""
    return Difference(
        a=f"copy {copy.issue}{began}" if base else f"copy {copy.issue}, issued empty",
        b=version.label,
        changes=typed_into(version, base),
    )


def changed(first: Version, second: Version) -> tuple[Change, ...]:
    """What differs from the first plan to the second, each read by its own form."""
    return tuple(changes(second.form.layout, first.cells, second.cells, first.form.layout))


def typed_into(version: Version, base: Version | None) -> tuple[Change, ...]:
    """What a plan has that its base has not, and the other way round; None is a copy issued empty."""
    if base is None:
        return tuple(changes(version.form.layout, NOTHING, version.cells))
    return changed(base, version)
