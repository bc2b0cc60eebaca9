"""Several people's copies of one school's plan made into one, and kept as a return of its own.

What nobody can decide but a person goes to a decision workbook, and comes back from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from xlplan.campaign import School
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
from xlplan.ledger import CopyRecord, Waiting
from xlplan.merge.decisions import NAME, decided, decision_model, no_room
from xlplan.merge.people import place_of
from xlplan.merge.threeway import Conflict, Merged, merge, preferring
from xlplan.merge.values import Plain, typed_cells, values_hash
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.collect import record_of, stored_as_checked
from xlplan.pipeline.correct import Corrections
from xlplan.pipeline.descent import label_of, labels_of, side_of, unknown_paths
from xlplan.pipeline.forms import FormOf, form_with, identity_for, personal, plate_of
from xlplan.pipeline.generate import day_line, form_facts, next_issue
from xlplan.pipeline.opening import Opened, Result, refusal
from xlplan.pipeline.remarks import OpenRemarks
from xlplan.pipeline.sealed import seal_of
from xlplan.pipeline.sides import Sides, part_of
from xlplan.pipeline.split import put_together
from xlplan.pipeline.standing import excluded
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
    `findings`: what was found in the decision workbook itself.
    `replaced`: files that were left out because the same person sent another one later, and that other one.
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
    replaced: tuple[tuple[str, str], ...] = ()
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
            "replaced": [{"file": file, "by": by} for file, by in self.replaced],
            "conflicts": [self._conflict(item) for item in self.conflicts],
            "undecided": [
                {"path": line.path, "sheet": line.sheet, "cell": line.cell, "reason": line.reason}
                for line in self.undecided
            ],
            "plan": self.plan,
            "file": self.file,
            "decisions": self.decisions,
            "outcome": self.checked.outcome if self.checked else None,
            "findings": [item.as_json() for item in (self.checked.findings if self.checked else ())],
            "in_decisions": [item.as_json() for item in self.findings],
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
class Merger(Sides):
    """Merges the plans of one campaign."""

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
        begun = self._begun(school, base)
        replaced = tuple((item.file, side.file) for side in sides for item in descent.replaced(side))
        if len(sides) == 1:
            return replace(self._alone(school, sides[0]), replaced=replaced)
        preferred = self._preferred(prefer, sides) if prefer else None
        form = self._form(school, sides, begun)
        made = [side_of(form.layout, descent.ways(version), begun) for version in sides]
        found = merge(form.layout, made)
        if preferred is not None and found.open:
            found = merge(form.layout, made, preferring(found.conflicts, preferred))
        return replace(self._told(school, form, sides, found), replaced=replaced)

    def decide(self, key: str, file: Path, *, template: str = "", base: Path | None = None) -> Merging:
        """The plan of a school made one by what a decision workbook says; `base` as in the merge. Raises UsageError."""
        school = self._school(key, template)
        content = read_bytes(file)
        opened, identity, carried = self._opened(content, file, school)
        waiting = self._asked(school)
        sides, descent = self._versions_of(school, waiting.sides)
        begun = self._begun(school, base)
        form = self._form(school, sides, begun)
        made = [side_of(form.layout, descent.ways(version), begun) for version in sides]
        labels = labels_of(sides)
        asked = merge(form.layout, made)
        decision = self._decision_form(form, asked.conflicts, labels, school)
        if decision.digest != identity.digest:
            raise UsageError(
                f"{file}: this workbook asks about other answers than there are now. If it was made with --base, "
                f"name that again; else run `xlplan merge {key}` and decide in the new one."
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
        said = {item.conflict.path for item in undecided}
        # where two rows were to be kept, others may have taken the free ones
        undecided += [no_room(asked.conflicts, item) for item in found.open if item.path not in said]
        for item in undecided:
            ref = decision.layout.cell_of(item.path)
            assert ref is not None
            lines.append(Line(sheet=ref.sheet, cell=ref.a1, path=item.conflict.path, reason=item.reason))
        return replace(told, undecided=tuple(lines), findings=result.checked.findings)

    def _begun(self, school: School, base: Path | None) -> Version | None:
        """The plan in the copy that somebody named as the one that all sides were made from."""
        if base is None:
            return None
        version = version_of(read_bytes(base), base.as_posix(), self.context)
        self._of_this_plan(school, version, version.result.checked.school_id or school.key)
        return version

    def _form(self, school: School, sides: Sequence[Version], begun: Version | None = None) -> FormOf:
        """The form that has a place for every answer: the school's own of today, else the largest of theirs."""
        versions = [*sides, begun] if begun else list(sides)
        part = part_of(sides)
        theirs = [item.form for item in versions if item.form.layout.spec.facts.part == part]
        theirs.sort(key=lambda form: -len(form.layout.inputs))
        own = CarriedPlans(self.campaign, self.ledger, [school]).form(school, part)
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
            files=tuple(item.file for item in sides), labels=tuple(labels_of(sides)), conflicts=found.open,
            plan=None,
        )  # fmt: skip
        issued = self.ledger.copies(school.key, told.template)
        if found.open:
            _, result = self._poured(school, form, sides, found, next_issue(issued))
            file = waiting.file if waiting else self._ask(school, form, sides, found)
            return replace(told, plan=result.checked.plan, decisions=file)
        known = self._known(school, form, sides, found)
        if known is not None:
            return known(told)
        if self.dry_run:
            issue = next_issue(issued)
            _, result = self._poured(school, form, sides, found, issue)
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
        digest = values_hash(form.layout, typed_cells(form.layout, found.cells))
        for item in self._returns(school):
            if item.kind == MERGE and set(item.parents) == ids and item.values_hash == digest:
                note = "It was merged so before."
                if excluded(item, self.ledger.marks(school.key)):
                    note += " Somebody said that this one does not count; `xlplan history` says why."
                content, file = self.ledger.content(item.sha256), self.campaign.root / item.file
                if content is not None and not file.exists() and not self.dry_run:
                    write_safely(file, content)
                checked = stored_as_checked(item, item.file)
                return lambda told: replace(told, plan=item.plan, checked=checked, file=item.file, note=note)
        return None

    def _poured(
        self, school: School, form: FormOf, sides: Sequence[Version], found: Merged, issue: int
    ) -> tuple[bytes, Result]:
        """The one plan in a fresh workbook of that issue number, and what checking it says."""
        language = form.layout.spec.facts.language
        facts = personal(
            school, identity_for(self.campaign, school, form, issue), self.campaign.key,
            day_line(self.campaign.settings.due(school.key), language), language,
        )  # fmt: skip
        cells = _locked(form.layout, sides) | typed_cells(form.layout, found.cells)
        content = pour(plate_of(form, self.campaign.settings.password), facts, cells)
        context = replace(
            self.context.with_issue(school.key, form.model.form.name, issue),
            facts={**self.context.facts, form.digest: form.layout.spec.facts.as_json()},
            seals={**self.context.seals, form.digest: (*self.context.seals.get(form.digest, ()), seal_of(form))},
            windows=tuple(dict.fromkeys(side.form.layout.spec.facts.window for side in sides)),
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
            content, result = self._poured(school, form, sides, found, issue)
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
        labels = labels_of(sides)
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


def _locked(layout: Layout, sides: Sequence[Version]) -> dict[str, object]:
    """What stands in boxes that nobody can type in; the first of the sides that has it says so."""
    held = {path: value for side in reversed(sides) for path, value in side.cells.items()}
    inputs = layout.inputs
    return {path: value for path, value in held.items() if path in inputs and inputs[path][1].locked}
