"""The sides of a merge: which files and returns of a school are to become one plan."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError
from xlplan.ledger import REFUSED, Ledger, StoredReturn
from xlplan.pipeline.collect import collect
from xlplan.pipeline.descent import Descent
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context
from xlplan.pipeline.references import return_named
from xlplan.pipeline.split import PARTS
from xlplan.pipeline.standing import counting_of
from xlplan.pipeline.versions import Version, version_of

_ERASED = "{name}: its contents were erased on request, so they cannot be merged."


@dataclass(slots=True, kw_only=True)
class Sides:
    """Chooses the sides of merges in one campaign. `received`: the day under which what is new is recorded."""

    campaign: Campaign
    ledger: Ledger
    received: date
    now: datetime
    dry_run: bool = False
    passwords: tuple[str, ...] = ()
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        self._look()

    def _look(self) -> None:
        """Know what the ledger has now."""
        self.context = context_of(self.campaign, self.ledger, self.received, passwords=self.passwords)

    def _school(self, key: str, template: str) -> School:
        lines = self.campaign.plans_of(key)
        fits = [line for line in lines if template in ("", self.campaign.template_of(line))]
        names = ", ".join(map(self.campaign.template_of, lines))
        if not fits:
            raise UsageError(f"{key}: there is no plan of {template!r} for this school; there is {names}.")
        if len(fits) > 1:
            raise UsageError(f"{key}: this school has several plans ({names}). Say which with --template.")
        return fits[0]

    def _returns(self, school: School) -> list[StoredReturn]:
        name = self.campaign.template_of(school)
        found = self.ledger.returns(school_key=school.key, template=name)
        return [item for item in found if item.outcome != REFUSED]

    def _sides(self, school: School, files: Sequence[str]) -> tuple[list[Version], Descent]:
        named = self._named(school, files)
        descent = Descent(self.ledger, self.context, self._returns(school))
        if not files:
            sides = [descent.version(item) for item in self._heads(school, descent)]
            if not sides:
                raise UsageError(f"{school.key}: nothing of this school was collected yet that can be read.")
            return sides, descent
        sides = [version if version.stored is None else descent.version(version.stored) for version in named]
        if len(sides) == 1:
            name = self.campaign.template_of(school)
            counting = counting_of(self.campaign, self.ledger, school.key, name, part_of(sides))
            if counting is not None and counting.sha256 != sides[0].result.sha256:
                sides.insert(0, descent.version(counting))
        return self._without_ancestors(sides, descent), descent

    def _named(self, school: School, files: Sequence[str]) -> list[Version]:
        """What was named, each once; files that are not recorded yet are collected first."""
        paths = [Path(name) for name in files if Path(name).is_file()]
        if paths:
            collect(
                self.campaign, self.ledger, paths, received=self.received, now=self.now, dry_run=self.dry_run,
                passwords=self.passwords,
            )  # fmt: skip
            self._look()
        found: dict[str, Version] = {}
        for name in files:
            version = self._one(school, name)
            found.setdefault(version.result.sha256, version)
        return list(found.values())

    def _one(self, school: School, name: str) -> Version:
        path = Path(name)
        if path.is_file():
            version = version_of(read_bytes(path), path.as_posix(), self.context)
            stored = self.ledger.known(version.result.sha256)
            if stored is not None and stored.erased:
                raise UsageError(_ERASED.format(name=name))
            version = replace(version, stored=stored)
        else:
            stored = return_named(name, self.campaign, self.ledger)
            content = self.ledger.content(stored.sha256)
            if content is None:
                raise UsageError(_ERASED.format(name=name))
            version = version_of(content, name, self.context, stored)
        key = (stored.school_key if stored else None) or version.result.checked.school_id
        self._of_this_plan(school, replace(version, label=name), key)
        return version

    def _of_this_plan(self, school: School, version: Version, key: str | None) -> None:
        template = self.campaign.template_of(school)
        if key != school.key or version.result.checked.template != template:
            of = f"a {version.result.checked.template} plan of {key or 'a school that nobody knows'}"
            raise UsageError(
                f"{version.label}: this is {of}, and not of {school.key} ({template}). Nothing was merged."
            )

    def _heads(self, school: School, descent: Descent) -> list[StoredReturn]:
        """The returns that no other one goes back to, without what a person marked as not counting."""
        marks = self.ledger.marks(school.key)
        in_parts = all(item.part for item in descent.known if item.kind != PARTS)
        parts = {item.part for item in descent.known if item.part}
        if in_parts and len(parts) > 1:
            raise UsageError(
                f"{school.key}: this plan comes in parts. Name the files of the part that two people filled in."
            )
        fits = [
            item
            for item in descent.known
            if not item.erased
            and (in_parts or item.part is None)
            and item.kind != PARTS
            and not (item.id in marks and not marks[item.id][-1].counts)
        ]
        gone: set[str] = set()
        for item in fits:
            gone |= descent.ancestors(descent.version(item))
        newest = {item.values_hash or item.sha256: item for item in fits if item.sha256 not in gone}
        return sorted(newest.values(), key=lambda item: item.id)

    def _without_ancestors(self, sides: Sequence[Version], descent: Descent) -> list[Version]:
        """The sides without those that another one goes back to: whoever made it had their answers before them."""
        gone: set[str] = set()
        for version in sides:
            gone |= descent.ancestors(version)
        return [version for version in sides if version.result.sha256 not in gone]

    def _versions_of(self, school: School, ids: Sequence[int]) -> tuple[list[Version], Descent]:
        descent = Descent(self.ledger, self.context, self._returns(school))
        by_id = {item.id: item for item in descent.known}
        if any(number not in by_id or by_id[number].erased for number in ids):
            raise UsageError(
                f"{school.key}: a return that was to be merged was erased. Run `xlplan merge` again."
            )
        marks = self.ledger.marks(school.key)
        if any(number in marks and not marks[number][-1].counts for number in ids):
            raise UsageError(
                f"{school.key}: a return that was to be merged does not count any more, by somebody's word. "
                "Run `xlplan merge` again."
            )
        return [descent.version(by_id[number]) for number in ids], descent

    def _preferred(self, prefer: str, sides: Sequence[Version]) -> int:
        if prefer == "newest":
            order = [
                (item.stored.received, item.stored.id) if item.stored else (date.max, 0) for item in sides
            ]
            return order.index(max(order))
        if Path(prefer).is_file():
            sha256 = hashlib.sha256(read_bytes(Path(prefer))).hexdigest()
        else:
            sha256 = return_named(prefer, self.campaign, self.ledger).sha256
        found = [n for n, item in enumerate(sides) if item.result.sha256 == sha256]
        if len(found) != 1:
            told = ", ".join(item.label for item in sides)
            raise UsageError(f"--prefer: {prefer} is none of the files to be merged. These are {told}.")
        return found[0]


def part_of(sides: Sequence[Version]) -> str:
    """The key of the part that all sides are of; empty for whole plans, and for copies of several parts."""
    parts = {item.form.layout.spec.facts.part for item in sides}
    return parts.pop() if len(parts) == 1 else ""
