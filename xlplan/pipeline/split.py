"""Split plans: what came back of their parts, put together into one plan that is checked and recorded as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import replacing, write_safely
from xlplan.errors import UsageError
from xlplan.excel.plate import pour
from xlplan.findings import CAME, Checked, Finding, Severity, finding
from xlplan.form.markers import Window
from xlplan.form.parts import Part
from xlplan.form.plan import HEADER
from xlplan.intake.group import in_sheet_order
from xlplan.ledger import CopyRecord, IssuedCopy, Ledger, ReturnRecord, StoredReturn
from xlplan.ledger.recording import Recording
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.correct import Corrections
from xlplan.pipeline.forms import FormOf, facts_for, form_for, form_with, identity_for, personal, plate_for
from xlplan.pipeline.generate import day_line, form_facts, next_issue
from xlplan.pipeline.matching import placed_by
from xlplan.pipeline.opening import Context, Result, open_file
from xlplan.pipeline.versions import untouched

PARTS = "parts"  # the kind of returns put together from parts, and of the copies that hold them

Plan = tuple[str, str]  # school key and template


def parts_in(campaign: Campaign, school: School) -> tuple[Part, ...]:
    """The parts into which a school's plan can be split."""
    return form_for(campaign, school).layout.spec.parts


def line_for(campaign: Campaign, plan: Plan) -> School | None:
    """The roster's line of a plan, or None if it is not on the roster any more."""
    try:
        lines = campaign.plans_of(plan[0])
    except UsageError:
        return None
    return next((line for line in lines if campaign.template_of(line) == plan[1]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A return that sections of the plan are taken from, read again."""

    stored: StoredReturn
    result: Result


def put_together(
    campaign: Campaign,
    ledger: Ledger,
    plans: Iterable[Plan],
    context: Context,
    corrections: Corrections,
    *,
    now: datetime,
) -> list[Checked]:
    """Put together what counts of each plan's parts, and record it as one return; what is together already is named.

    A section is taken from its part or from a whole plan, whichever came last. A plan of which parts are missing
    waits for them, unless the campaign counts drafts.
    """
    wanted = dict.fromkeys(plans)
    if not wanted:
        return []
    settings = campaign.settings
    parts = [
        item
        for item in ledger.counting_parts(settings.counts, settings.counting)
        if item.school_key and item.template and (item.school_key, item.template) in wanted
    ]
    wholes = {
        (item.school_key, item.template): item
        for item in ledger.counting_returns(settings.counts, settings.counting)
    }
    made: list[Checked] = []
    for plan in wanted:
        school = line_for(campaign, plan)
        if school is None:
            continue
        own = [item for item in parts if (item.school_key, item.template) == plan]
        task = _Task(campaign, ledger, school, plan, own, wholes.get(plan), context, corrections)
        found = task.run(now)
        if found is not None:
            made.append(found)
    return made


class _Task:
    """One plan that may have to be put together."""

    def __init__(
        self,
        campaign: Campaign,
        ledger: Ledger,
        school: School,
        plan: Plan,
        parts: list[StoredReturn],
        counting: StoredReturn | None,
        context: Context,
        corrections: Corrections,
    ) -> None:
        self.campaign, self.ledger, self.school, self.plan = campaign, ledger, school, plan
        self.context, self.corrections = context, corrections
        self.parts = parts_in(campaign, school)
        self.before = ledger.returns(school_key=plan[0], template=plan[1])
        self.marks = ledger.marks(*plan)
        standing = [item for item in self.before if item.kind == PARTS and not self._is_out(item.id)]
        self.latest = max(standing, key=_id, default=None)
        self.void = [item for item in standing if any(map(self._is_out, item.parents))]
        self.taken = self._taken(parts, counting)

    def _is_out(self, number: int) -> bool:
        """Whether somebody said of a return that it does not count."""
        return bool(self.marks.get(number)) and not self.marks[number][-1].counts

    def _taken(self, parts: list[StoredReturn], counting: StoredReturn | None) -> dict[str, StoredReturn]:
        """Part key → the return that the part's sections are taken from."""
        whole = self._whole(counting)
        found = {item.part or "": item for item in parts}
        taken: dict[str, StoredReturn] = {}
        for part in self.parts:
            own = found.get(part.key)
            general = whole if whole is not None and self._speaks_of(whole, part) else None
            if own is not None and general is not None and not self._ever_filled(part):
                own = None  # a fresh copy returned empty takes nothing away
            held = [item for item in (own, general) if item is not None and not item.erased]
            if held:
                taken[part.key] = max(held, key=lambda item: (item.received, item.id))
        return taken

    def _speaks_of(self, whole: StoredReturn, part: Part) -> bool:
        """Whether a whole plan says anything of a part; one that was merged from copies of other parts does not."""
        parents = [item for item in self.before if item.id in whole.parents]
        return not parents or any(item.part in (None, part.key) for item in parents)

    def _ever_filled(self, part: Part) -> bool:
        """Whether a copy of that part ever came back with an answer that it did not begin with."""
        own, came = part.members - set(HEADER), [item for item in self.before if item.part == part.key]
        said = [item for item in came if item.plan and any(_says(item.plan.get(name)) for name in own)]
        return any(not untouched(item, self.ledger, self.context) for item in said)

    def _whole(self, counting: StoredReturn | None) -> StoredReturn | None:
        """The whole plan, as somebody sent or merged it, that counts or was put together with parts."""
        if counting is None or counting.kind != PARTS:
            return counting
        parents = [item for item in self.before if item.id in counting.parents and item.part is None]
        return max(parents, key=_id, default=None)

    def run(self, now: datetime) -> Checked | None:
        """The plan put together, or as it is recorded; None where there is nothing to put together."""
        if self.void:
            self._take_back(now)
        ids = {item.id for item in self.taken.values()}
        if not any(item.part for item in self.taken.values()):
            return None
        if self.latest is not None and ids == set(self.latest.parents):  # none of these is out
            return self._as_recorded(self.latest)
        if len(self.taken) < len(self.parts) and self.campaign.settings.counting != "readable":
            return None
        sources = self._sources()
        return self._together(sources, now) if sources else None

    def _take_back(self, now: datetime) -> None:
        """What was put together from a return that does not count any more does not count either."""
        reason = "It was put together from a part that does not count any more."
        with self.ledger.recording(now=now) as into:
            for item in self.void:
                into.add_mark(item.id, False, reason=reason, by="xlplan")

    def _sources(self) -> dict[str, Source]:
        """The returns that sections are taken from, each read once; empty where one cannot be read any more."""
        read: dict[int, Source] = {}
        for stored in self.taken.values():
            content = self.ledger.content(stored.sha256)
            if content is None:
                return {}
            if stored.id not in read:
                result = check_file(content, stored.file, replace(self.context, placed=placed_by(stored)))
                read[stored.id] = Source(stored=stored, result=result)
        if any(source.result.form is None for source in read.values()):
            return {}
        return {key: read[stored.id] for key, stored in self.taken.items()}

    def _as_recorded(self, stored: StoredReturn) -> Checked:
        """A plan that is together already; its workbook is written again if it is gone."""
        content = self.ledger.content(stored.sha256)
        if content is not None and not (self.campaign.root / stored.file).exists():
            write_safely(self.campaign.root / stored.file, content)
        return Checked(
            file=stored.file, outcome=stored.outcome, findings=stored.findings, school_id=stored.school_key,
            template=stored.template, version=stored.version, plan=stored.plan, already=True, sha256=stored.sha256,
            kind=PARTS,
        )  # fmt: skip

    # --- one plan of several

    def _together(self, sources: Mapping[str, Source], now: datetime) -> Checked | None:
        form = self._form(sources.values())
        plate_for(self.campaign, form)  # before the lock, since it takes long
        assembled = _Assembled(form, self.parts, sources)
        known = {copy.issue for copy in self.ledger.copies(*self.plan) if copy.kind == PARTS}
        with ExitStack() as files, self.ledger.recording(now=now) as into:
            issued = into.copies_of([self.plan[0]])
            if {copy.issue for copy in issued[self.plan] if copy.kind == PARTS} != known:
                return None  # another process has put them together meanwhile
            return self._record(into, files, form, assembled, issued)

    def _form(self, sources: Iterable[Source]) -> FormOf:
        """The school's form with room for all that came: a copy may have been issued with more rows than today."""
        carried = CarriedPlans(self.campaign, self.ledger, [self.school]).of(self.school)
        facts = facts_for(self.campaign, self.school, carried=carried)
        slots = dict(facts.slots)
        own = {
            path: group.slots
            for path, group in form_for(self.campaign, self.school, carried=carried).layout.spec.walk()
            if group.slots is not None
        }
        for source in sources:
            assert source.result.form is not None
            spec = source.result.form.layout.spec
            for path, group in spec.walk():
                held = spec.part is None or spec.part.holds(path)
                if held and group.slots is not None and group.slots > slots.get(path, own.get(path) or 0):
                    slots[path] = group.slots
        facts = replace(facts, slots=tuple(sorted(slots.items())))
        return form_with(self.campaign.model(self.plan[1]), facts)

    def _record(
        self,
        into: Recording,
        files: ExitStack,
        form: FormOf,
        assembled: _Assembled,
        issued: Mapping[Plan, list[IssuedCopy]],
    ) -> Checked:
        campaign, school = self.campaign, self.school
        issue = next_issue(issued[self.plan])
        file = str(campaign.copy_path(school, f"together{issue}"))
        identity = identity_for(campaign, school, form, issue)
        language = form.layout.spec.facts.language
        due = day_line(campaign.settings.due(school.key), language)
        facts = personal(school, identity, campaign.key, due, language)
        content = pour(plate_for(campaign, form), facts, assembled.cells)
        context = replace(self.context.with_issue(*self.plan, issue), windows=assembled.windows)
        result = assembled.checked(content, file, context)
        copy = CopyRecord(
            school_key=school.key, template=self.plan[1], version=form.model.form.version, issue=issue, file=file,
            sha256=result.sha256, digest=form.digest, inputs_hash=result.sha256, kind=PARTS,
        )  # fmt: skip
        copies = [copy]
        into.add_form(form.digest, *form_facts(form))
        files.enter_context(replacing(campaign.root / file)).write_bytes(content)
        item = replace(result.checked, kind=PARTS)
        if result.returned is not None and not assembled.absent:
            numbers = {self.plan: [*issued[self.plan], copy]}
            fix, _ = self.corrections.make(result, numbers, files)
            copies.append(fix)
            item = replace(item, correction=fix.file)
        into.add_copies(copies)
        into.add_returns([self._as_return(result, content, issue, assembled)])
        return item

    def _as_return(self, result: Result, content: bytes, issue: int, assembled: _Assembled) -> ReturnRecord:
        checked = result.checked
        filled = result.validated.filled if result.validated else {}
        return ReturnRecord(
            file=checked.file, sha256=result.sha256, content=content, received=self._received(),
            outcome=checked.outcome, school_key=self.plan[0], template=checked.template, version=checked.version,
            issue=issue, plan=checked.plan, findings=checked.findings,
            completeness=[dict(line) for line in result.completeness] or None, values_hash=result.values_hash,
            lineage=tuple((path, sheet, cell) for path, (sheet, cell) in filled.items()), kind=PARTS,
            parents=tuple(sorted({source.stored.id for source in assembled.sources.values()})),
        )  # fmt: skip

    def _received(self) -> date:
        """The day on which the last of its parts came in; not before what it takes the place of."""
        days = [item.received for item in self.taken.values()]
        return max([*days, self.latest.received] if self.latest else days)


class _Assembled:
    """The answers of several returns as one plan's. `absent`: the parts that have not come back."""

    def __init__(self, form: FormOf, parts: tuple[Part, ...], sources: Mapping[str, Source]) -> None:
        self.layout, self.parts, self.sources = form.layout, parts, sources
        self.absent = [part for part in parts if part.key not in sources]
        self.cells: dict[str, object] = {}
        self.homeless: list[Finding] = []  # answers for which the form of today has no place
        for part in parts:
            source = sources.get(part.key)
            for path, value in source.result.cells.items() if source else ():
                if part.holds(path) and path in self.layout.inputs:
                    self.cells[path] = value
                elif part.holds(path) and source is not None:
                    self.homeless.append(_homeless(source, path, value))

    @property
    def windows(self) -> tuple[Window, ...]:
        """The days that the parts' own copies allow."""
        facts = (source.result.facts for source in self.sources.values())
        return tuple(dict.fromkeys(item.window for item in facts if item is not None))

    def checked(self, content: bytes, file: str, context: Context) -> Result:
        """The plan checked as a whole; of what has not come back so much is said and no more."""
        opened = open_file(content, file, context)
        assert not isinstance(opened, Result), "a copy of our own"
        away = frozenset(name for part in self.absent for name in part.members if name not in HEADER)
        layout = replace(opened.form.layout, elsewhere=away)
        result = check_opened(replace(opened, form=replace(opened.form, layout=layout)), context)
        found = [self._with_part(item) for item in result.checked.findings]
        more = [*self.homeless, *self._carried(found), *self._missing()]
        findings = in_sheet_order(self.layout, [*found, *more])
        faulty = any(item.severity is Severity.ERROR and not item.waived for item in findings)
        outcome = "rejected" if faulty else "accepted"
        checked = replace(result.checked, findings=tuple(findings), outcome=outcome)
        returned = result.returned
        if returned is not None:
            told = (self._with_part(item) for item in returned.findings)
            returned = replace(returned, findings=tuple(in_sheet_order(self.layout, [*told, *more])))
        return replace(result, checked=checked, returned=returned)

    def _with_part(self, item: Finding) -> Finding:
        """The finding with the part and the file that it came in, in words."""
        source = self.sources.get(self._part_of(item) or "")
        if source is None:
            return item
        return replace(item, facts={**item.facts, CAME: _came(source)})

    def _part_of(self, item: Finding) -> str | None:
        if item.path:
            return next((part.key for part in self.parts if part.holds(item.path)), None)
        named = (plan for plan in self.layout.sheets if plan.title == item.sheet)
        paths = [box.path for plan in named for box in plan.inputs if not box.fact]
        return next((part.key for part in self.parts if paths and part.holds(paths[0])), None)

    def _carried(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """The errors of a part that counts as a draft which cannot be seen in its answers, such as an error cell."""
        told = {(item.code, item.path) for item in found}
        for part in self.parts:
            source = self.sources.get(part.key)
            for item in source.result.checked.findings if source else ():
                error = item.severity is Severity.ERROR and not item.waived
                mine = part.holds(item.path) if item.path else source is not None and bool(source.stored.part)
                if source and error and mine and (item.code, item.path) not in told:
                    ref = self.layout.cell_of(item.path) if item.path else None
                    placed = replace(item, sheet=ref.sheet, cell=ref.a1) if ref else item
                    yield replace(placed, facts={**item.facts, CAME: _came(source)})

    def _missing(self) -> Iterator[Finding]:
        for part in self.absent:
            sheet = next(
                plan.title
                for plan in self.layout.sheets
                if any(not box.fact and part.holds(box.path) for box in plan.inputs)
            )
            yield finding("part-missing", sheet=sheet, section=part.title)


def _says(value: object) -> bool:
    """Whether there is an answer in a piece of a plan's JSON."""
    if isinstance(value, Mapping):
        return any(map(_says, value.values()))
    return any(map(_says, value)) if isinstance(value, list) else value is not None


def _homeless(source: Source, path: str, value: object) -> Finding:
    assert source.result.form is not None
    ref = source.result.form.layout.cell_of(path)
    todo = "Give the form room or a choice for it again, or have the part returned without it."
    return finding(
        "stray", sheet=ref.sheet if ref else None, cell=ref.a1 if ref else None, found=str(value), todo=todo,
        **{CAME: _came(source)},
    )  # fmt: skip


def _came(source: Source) -> str:
    """In words, what a finding of the whole plan came in."""
    form, file = source.result.form, source.stored.file
    part = form.layout.spec.part if form else None
    return f"It came in the part “{part.title}” ({file})." if part else f"It came in {file}."


def _id(item: StoredReturn) -> int:
    return item.id
