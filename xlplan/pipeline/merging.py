"""Several people's copies of one school's plan made into one, and kept as a return of its own.

What nobody can decide but a person goes to a decision workbook, and comes back from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import read_bytes, replacing, write_safely
from xlplan.campaign.names import merged_path
from xlplan.errors import UsageError
from xlplan.excel.plate import pour, stamp
from xlplan.excel.read import read_workbook
from xlplan.excel.seal import Carried, identities
from xlplan.findings import Checked, Finding
from xlplan.form.identity import Identity
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book, Unreadable
from xlplan.layout.model import Layout
from xlplan.ledger import REFUSED, CopyRecord, Ledger, StoredReturn, Waiting
from xlplan.merge.decisions import NAME, decided, decision_model
from xlplan.merge.people import place_of
from xlplan.merge.threeway import Conflict, Merged, merge, preferring
from xlplan.merge.values import Plain, typed, values_hash
from xlplan.pipeline.check import Context, Opened, Result, check_file, check_opened, refusal
from xlplan.pipeline.collect import collect, context_of, record_of, stored_as_checked
from xlplan.pipeline.correct import Corrections
from xlplan.pipeline.descent import Descent, label_of, side_of, unknown_paths
from xlplan.pipeline.forms import FormOf, form_for, form_with, identity_for, personal
from xlplan.pipeline.generate import day_line, form_facts, next_issue, plate_of
from xlplan.pipeline.references import return_named
from xlplan.pipeline.remarks import OpenRemarks
from xlplan.pipeline.sealed import seal_of
from xlplan.pipeline.split import PARTS, put_together
from xlplan.pipeline.versions import Version, version_of

MERGE = "merge"  # the kind of such returns and copies in the ledger
DECISIONS = "decisions"  # the folder of decision workbooks, within reports/


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a decision workbook that decides nothing: the cell, the conflict, and why."""

    sheet: str
    cell: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What merging came to. `files`: the sides' files; `conflicts`: what is open.

    `plan`: the one plan as JSON, with conflicts as they were before; `file`: its workbook, once there is no conflict;
    `decisions`: the decision workbook, where there is one; `undecided`: its lines that decide nothing.
    """

    school: School
    template: str
    layout: Layout
    files: tuple[str, ...]
    labels: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    plan: Mapping[str, Any] | None
    file: str | None = None
    decisions: str | None = None
    checked: Checked | None = None
    undecided: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()
    note: str = ""

    @property
    def state(self) -> str:
        """As CONTRACT's merge document says it."""
        return "conflicts" if self.conflicts else "merged"

    def as_json(self) -> dict[str, Any]:
        """CONTRACT's merge document."""
        return {
            "school_id": self.school.key,
            "template": self.template,
            "state": self.state,
            "sides": list(self.files),
            "conflicts": [self._conflict(item) for item in self.conflicts],
            "undecided": [
                {"path": line.path, "sheet": line.sheet, "cell": line.cell, "reason": line.reason}
                for line in self.undecided
            ],
            "plan": self.plan,
            "file": self.file,
            "decisions": self.decisions,
            "outcome": self.checked.outcome if self.checked else None,
            "findings": [
                item.as_json() for item in (self.checked.findings if self.checked else self.findings)
            ],
        }

    def _conflict(self, item: Conflict) -> dict[str, Any]:
        ref = self.layout.cell_of(item.path)
        sheet = ref.sheet if ref else place_of(self.layout, item.path)[0]

        def told(cells: Mapping[str, Plain]) -> Plain | dict[str, Plain]:
            return dict(cells) if item.row else cells.get(item.path)

        sides = [
            {"file": file, "value": told(cells)} for file, cells in zip(self.files, item.sides, strict=True)
        ]
        return {
            "path": item.path, "sheet": sheet, "cell": ref.a1 if ref else None, "base": told(item.base),
            "sides": sides,
        }  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Merger:
    """Merges the plans of one campaign. `by`: who does it; `received`: the day under which results are recorded."""

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

    # --- the two ways in

    def merge(
        self,
        key: str,
        files: Sequence[str] = (),
        *,
        template: str = "",
        base: Path | None = None,
        prefer: str = "",
    ) -> Merging:
        """The plan of a school made one: of these files or returns, or of all returns that none has taken in yet.

        One file is merged with the plan that counts now. `base`: the copy that all of them were made from; `prefer`:
        whose answer stands where they differ, "newest" or one of them. Raises UsageError.
        """
        school = self._school(key, template)
        sides, descent = self._sides(school, files)
        begun = version_of(read_bytes(base), base.as_posix(), self.context) if base else None
        if len(sides) == 1:
            return self._alone(school, sides[0])
        form = self._form(school, sides, begun)
        made = [side_of(form.layout, descent.ways(version), begun) for version in sides]
        found = merge(form.layout, made)
        if prefer and found.open:
            found = merge(form.layout, made, preferring(found.conflicts, self._preferred(prefer, sides)))
        return self._told(school, form, sides, found)

    def decide(self, key: str, file: Path, *, template: str = "") -> Merging:
        """The plan of a school made one by what a decision workbook says. Raises UsageError."""
        school = self._school(key, template)
        content = read_bytes(file)
        opened, identity, carried = self._opened(content, file, school)
        waiting = self._asked(school)
        sides, descent = self._versions_of(school, waiting.sides)
        form = self._form(school, sides)
        made = [side_of(form.layout, descent.ways(version)) for version in sides]
        labels = [label_of(version) for version in sides]
        asked = merge(form.layout, made)
        decision = self._decision_form(form, asked.conflicts, labels, school)
        if decision.digest != identity.digest:
            raise UsageError(
                f"{file}: this workbook asks about other answers than there are now. "
                f"Run `xlplan merge {key}` again and decide in the new one."
            )
        read = Opened(
            book=opened, file=file.as_posix(), sha256=hashlib.sha256(content).hexdigest(), carried=carried,
            identity=identity, form=decision, issued=decision.layout,
        )  # fmt: skip
        result = check_opened(read, self.context)
        choices, undecided = decided(form.layout, asked.conflicts, labels, result.cells)
        found = merge(form.layout, made, choices)
        told = self._told(school, form, sides, found, waiting)
        lines = []
        for item in undecided:
            ref = decision.layout.cell_of(item.path)
            assert ref is not None
            lines.append(Line(sheet=ref.sheet, cell=ref.a1, path=item.conflict.path, reason=item.reason))
        return replace(told, undecided=tuple(lines), findings=result.checked.findings)

    # --- which school, which sides

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
            counting = self._counting(school, part_of(sides))
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
            version = replace(version, stored=stored)
        else:
            stored = return_named(name, self.campaign, self.ledger)
            content = self.ledger.content(stored.sha256)
            if content is None:
                raise UsageError(f"{name}: its contents were erased on request, so they cannot be merged.")
            version = version_of(content, name, self.context, stored)
        key = (stored.school_key if stored else None) or version.result.checked.school_id
        template = self.campaign.template_of(school)
        if key != school.key or version.result.checked.template != template:
            of = f"a {version.result.checked.template} plan of {key or 'a school that nobody knows'}"
            raise UsageError(
                f"{name}: this is {of}, and not of {school.key} ({template}). Nothing was merged."
            )
        return version

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
        return [descent.version(by_id[number]) for number in ids], descent

    def _counting(self, school: School, part: str) -> StoredReturn | None:
        settings, name = self.campaign.settings, self.campaign.template_of(school)
        asked = self.ledger.counting_parts if part else self.ledger.counting_returns
        plan = (school.key, name, part)
        every = asked(settings.counts, settings.counting)
        return next(
            (item for item in every if (item.school_key, item.template, item.part or "") == plan), None
        )

    def _preferred(self, prefer: str, sides: Sequence[Version]) -> int:
        if prefer == "newest":
            order = [
                (item.stored.received, item.stored.id) if item.stored else (date.max, 0) for item in sides
            ]
            return order.index(max(order))
        sha256 = (
            hashlib.sha256(read_bytes(Path(prefer))).hexdigest() if Path(prefer).is_file() else prefer.lower()
        )
        found = [n for n, item in enumerate(sides) if item.result.sha256.startswith(sha256)]
        if len(found) != 1 or len(sha256) < 6:
            told = ", ".join(item.label for item in sides)
            raise UsageError(f"--prefer: {prefer} is none of the files to be merged. These are {told}.")
        return found[0]

    def _form(self, school: School, sides: Sequence[Version], begun: Version | None = None) -> FormOf:
        """The form that has a place for every answer: the school's own of today, else the largest of theirs."""
        versions = [*sides, begun] if begun else list(sides)
        part = part_of(sides)
        theirs = [item.form for item in versions if item.form.layout.spec.facts.part == part]
        theirs.sort(key=lambda form: -len(form.layout.inputs))
        own = form_for(self.campaign, school, part)
        for form in (own, *theirs):
            if not any(unknown_paths(form.layout, item.cells) for item in versions):
                return form
        lacking = [path for item in versions for path in unknown_paths(own.layout, item.cells)]
        raise UsageError(
            f"{school.key}: no copy has room for all answers, such as {lacking[0]}. "
            "Make a larger one first: xlplan generate --slots."
        )

    # --- what comes of it

    def _alone(self, school: School, version: Version) -> Merging:
        return Merging(
            school=school, template=self.campaign.template_of(school), layout=version.form.layout,
            files=(version.file,), labels=(label_of(version),), conflicts=(), plan=version.result.checked.plan,
            checked=version.result.checked,
            note="There is one plan only, or all others are in it already; nothing had to be merged.",
        )  # fmt: skip

    def _told(
        self,
        school: School,
        form: FormOf,
        sides: Sequence[Version],
        found: Merged,
        waiting: Waiting | None = None,
    ) -> Merging:
        """The result, recorded; or the decision workbook."""
        told = Merging(
            school=school, template=self.campaign.template_of(school), layout=form.layout,
            files=tuple(item.file for item in sides), labels=tuple(map(label_of, sides)), conflicts=found.open,
            plan=None,
        )  # fmt: skip
        issued = self.ledger.copies(school.key, told.template)
        if found.open:
            _, result = self._poured(school, form, found, next_issue(issued))
            file = waiting.file if waiting else self._ask(school, form, sides, found)
            return replace(told, plan=result.checked.plan, decisions=file)
        known = self._known(school, form, sides, found)
        if known is not None:
            return known(told)
        if self.dry_run:
            issue = next_issue(issued)
            _, result = self._poured(school, form, found, issue)
            return replace(
                told,
                plan=result.checked.plan,
                checked=result.checked,
                file=str(self._path(school, form, issue)),
            )
        file, checked = self._record(school, form, sides, found)
        return replace(told, plan=checked.plan, checked=checked, file=file)

    def _known(
        self, school: School, form: FormOf, sides: Sequence[Version], found: Merged
    ) -> Callable[[Merging], Merging] | None:
        """What was made of the same sides with the same result before, if it was."""
        ids = {item.stored.id for item in sides if item.stored}
        cells = {
            path: typed(value, form.layout.inputs[path][1].field.kind) for path, value in found.cells.items()
        }
        digest = values_hash(form.layout, cells)
        for item in self._returns(school):
            if item.kind == MERGE and set(item.parents) == ids and item.values_hash == digest:
                note = "It was merged so before."
                checked = stored_as_checked(item, item.file)
                return lambda told: replace(told, plan=item.plan, checked=checked, file=item.file, note=note)
        return None

    def _poured(self, school: School, form: FormOf, found: Merged, issue: int) -> tuple[bytes, Result]:
        """The one plan in a fresh workbook of that issue number, and what checking it says."""
        cells = {
            path: typed(value, form.layout.inputs[path][1].field.kind) for path, value in found.cells.items()
        }
        facts = personal(
            school, identity_for(self.campaign, school, form, issue), self.campaign.key,
            day_line(self.campaign.settings.due(school.key)),
        )  # fmt: skip
        content = pour(plate_of(form, self.campaign.settings.password), facts, cells)
        key = school.key, form.model.form.name
        context = replace(
            self.context, issued={**self.context.issued, key: issue},
            facts={**self.context.facts, form.digest: form.layout.spec.facts.as_json()},
            seals={**self.context.seals, form.digest: (*self.context.seals.get(form.digest, ()), seal_of(form))},
        )  # fmt: skip
        return content, check_file(content, str(self._path(school, form, issue)), context)

    def _path(self, school: School, form: FormOf, issue: int) -> PurePosixPath:
        """Where the workbook of a merged plan stands, within the campaign's folder."""
        part = form.layout.spec.part
        return merged_path(self.campaign.copy_path(school, part.slug if part else ""), issue)

    def _record(
        self, school: School, form: FormOf, sides: Sequence[Version], found: Merged
    ) -> tuple[str, Checked]:
        """Write the merged plan and record it as a copy and as a return; a correction copy too, where it needs one."""
        remarks = OpenRemarks(self.campaign, self.ledger, self.context)
        corrections = Corrections(self.campaign, received=self.received, remarks=remarks.added)
        part = form.layout.spec.facts.part
        parents = tuple(item.stored.id for item in sides if item.stored)
        with ExitStack() as files, self.ledger.recording(now=self.now) as into:
            issued = into.copies_of([school.key])
            key = school.key, form.model.form.name
            issue = next_issue(issued.get(key, ()))
            content, result = self._poured(school, form, found, issue)
            path = str(self._path(school, form, issue))
            files.enter_context(replacing(self.campaign.root / path)).write_bytes(content)
            copy = CopyRecord(
                school_key=school.key, template=key[1], version=form.model.form.version, issue=issue, file=path,
                sha256=result.sha256, digest=form.digest, inputs_hash=result.sha256, kind=MERGE, part=part,
            )  # fmt: skip
            into.add_form(form.digest, *form_facts(form))
            made = into.add_copies([copy])
            record = record_of(result, content, self.received)
            into.add_returns([replace(record, kind=MERGE, parents=parents)])
            checked = result.checked
            if result.returned is not None:
                issued[key] = [*issued.get(key, ()), *made]
                fix, fixed = corrections.make(result, issued, files)
                into.add_form(fixed.digest, *form_facts(fixed))
                into.add_copies([fix])
                checked = replace(checked, correction=fix.file)
        self._look()
        if part:
            put_together(self.campaign, self.ledger, [key], self.context, corrections, now=self.now)
        return path, checked

    # --- asking a person

    def _ask(self, school: School, form: FormOf, sides: Sequence[Version], found: Merged) -> str:
        """Write the decision workbook and record that it waits; one that asks the same is written once."""
        labels = [label_of(version) for version in sides]
        decision = self._decision_form(form, found.conflicts, labels, school)
        place = self.campaign.copy_path(school)
        name = f"{place.stem}-decide-{decision.digest[:6]}.xlsx"
        file = (PurePosixPath("reports", DECISIONS) / place.parent.name / name).as_posix()
        if self.dry_run:
            return file
        identity = Identity(
            campaign=self.campaign.settings.id, school=school.key, template=NAME, version=1, issue=1,
            digest=decision.digest,
        )  # fmt: skip
        facts = personal(school, identity, self.campaign.key, "")
        facts["return_line"] = f"Decide, save it, and run: xlplan merge {school.key} --decisions FILE"
        content = stamp(plate_of(decision, self.campaign.settings.password), facts)
        ids = tuple(item.stored.id for item in sides if item.stored)
        template = self.campaign.template_of(school)
        before = self.ledger.waiting().get((school.key, template))
        if before is None or (before.file, before.sides) != (file, ids):
            sha256 = hashlib.sha256(content).hexdigest()
            self.ledger.record_waiting(school.key, template, ids, file, sha256, now=self.now)
        if not (self.campaign.root / file).exists():  # one that stands there may be half decided
            write_safely(self.campaign.root / file, content)
        return file

    def _decision_form(
        self, form: FormOf, conflicts: Sequence[Conflict], labels: Sequence[str], school: School
    ) -> FormOf:
        facts = form.layout.spec.facts
        model = decision_model(form.layout, conflicts, labels, f"{school.name}: what is to stand?")
        return form_with(
            model,
            FormFacts(
                plan_from=facts.plan_from, plan_to=facts.plan_to, year=facts.year, contact=facts.contact
            ),
        )

    def _opened(self, content: bytes, file: Path, school: School) -> tuple[Book, Identity, Carried]:
        """A decision workbook of this campaign and school, read. Raises UsageError."""
        book = read_workbook(content, file.name, self.passwords)
        if isinstance(book, Unreadable):
            raise UsageError(
                f"{file}: it cannot be read ({refusal(book.code, book.detail, book.todo).message})"
            )
        carried = identities(book)
        ours = [
            item
            for _, item in carried.found
            if item.template == NAME
            and item.campaign == self.campaign.settings.id
            and item.verified(self.campaign.key)
        ]
        if not ours:
            raise UsageError(f"{file}: this is no decision workbook of this campaign.")
        if ours[0].school != school.key:
            raise UsageError(f"{file}: this decision workbook is of {ours[0].school}, not of {school.key}.")
        return book, ours[0], carried

    def _asked(self, school: School) -> Waiting:
        found = self.ledger.waiting().get((school.key, self.campaign.template_of(school)))
        if found is None:
            raise UsageError(f"{school.key}: nothing waits to be decided. Run `xlplan history {school.key}`.")
        return found


def part_of(sides: Sequence[Version]) -> str:
    """The key of the part that all sides are of; empty for whole plans, and for copies of several parts."""
    parts = {item.form.layout.spec.facts.part for item in sides}
    return parts.pop() if len(parts) == 1 else ""
