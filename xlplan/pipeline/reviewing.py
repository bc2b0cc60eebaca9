"""A reader's word on a plan, recorded: approved, or sent back with remarks in a correction copy; and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from xlplan.campaign import Campaign
from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError
from xlplan.form.text import clean_text
from xlplan.layout.model import Layout
from xlplan.ledger import APPROVED, REFUSED, RETURNED, Ledger, Remark, Review, StoredReturn
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import REVIEW, Corrections
from xlplan.pipeline.generate import by_school, form_facts
from xlplan.pipeline.known import context_of
from xlplan.pipeline.matching import placed_by
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.references import return_named
from xlplan.pipeline.remarks import OpenRemarks, cell_of, with_remarks
from xlplan.pipeline.split import put_together
from xlplan.pipeline.standing import counting_of, numbers, why

LONGEST = 1_000  # characters of a remark: To fix shows it in one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One remark as somebody wrote it: on a path, on a cell of a sheet, or on the whole plan. `origin`: its row."""

    text: str
    path: str = ""
    sheet: str = ""
    cell: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A reader's word on a school's plan: on the return that counts, or on the one of that number."""

    school: str
    decision: str
    remarks: tuple[Said, ...] = ()
    template: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review as it was recorded; `number`: of the return, `correction`: the copy that carries the remarks.

    `already`: the same was said of it last, so that nothing was recorded now.
    """

    school: str
    name: str
    template: str
    decision: str
    number: int
    remarks: tuple[Remark, ...]
    places: tuple[str, ...]
    correction: str | None
    already: bool

    def as_json(self) -> dict[str, Any]:
        """Its entry in the review document."""
        return {
            "school_id": self.school,
            "school": self.name,
            "template": self.template,
            "decision": self.decision,
            "return": self.number,
            "remarks": [{"path": remark.path, "remark": remark.text} for remark in self.remarks],
            "correction": self.correction,
            "already": self.already,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    word: Word
    stored: StoredReturn
    number: int
    layout: Layout
    result: Result
    remarks: tuple[Remark, ...]
    already: bool


def review(
    campaign: Campaign,
    ledger: Ledger,
    words: Sequence[Word],
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> list[Reviewed]:
    """Record reviews, all or none, and write a correction copy for each plan that is sent back.

    Raises UsageError with every problem on a line of its own; nothing is recorded then.
    """
    ready: list[_Ready] = []
    problems: list[str] = []
    desk = _desk(campaign, ledger)
    for word in words:
        try:
            ready.append(_ready(desk, word, by))
        except _Problems as found:
            problems += found.lines
        except UsageError as error:
            origin = next((said.origin for said in word.remarks), "")
            problems.append(f"{origin}{error}")
    if problems:
        raise UsageError("\n".join(problems))
    if dry_run:
        return [_foretold(campaign, ledger, item) for item in ready]
    with ExitStack() as files, ledger.recording(now=now) as into:
        issued = into.copies_of(item.stored.school_key or "" for item in ready)
        done = []
        for item in ready:
            if item.already:
                done.append(_reviewed(campaign, item, _sent_before(ledger, item)))
                continue
            correction = None
            if item.word.decision == RETURNED:
                maker = Corrections(campaign, received=item.stored.received)
                copy, form = maker.make(item.result, issued, files, REVIEW)
                into.add_form(form.digest, *form_facts(form))
                issued[copy.school_key, copy.template] += into.add_copies([copy])
                correction = copy.file
            into.add_review(item.stored.id, item.word.decision, item.remarks, by=by)
            done.append(_reviewed(campaign, item, correction))
    return done


class _Problems(UsageError):
    """What is wrong with the remarks on one plan, a line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What reviewing takes, asked once for however many plans. `counting`: by school and template what counts."""

    campaign: Campaign
    ledger: Ledger
    context: Context
    counting: Mapping[tuple[str | None, str | None], StoredReturn]


def _desk(campaign: Campaign, ledger: Ledger) -> _Desk:
    counting = ledger.counting_returns(campaign.settings.counts, campaign.settings.counting)
    return _Desk(
        campaign=campaign, ledger=ledger, context=replace(context_of(campaign, ledger, None), answered=True),
        counting={(item.school_key, item.template): item for item in counting},
    )  # fmt: skip


def _ready(desk: _Desk, word: Word, by: str) -> _Ready:
    ledger = desk.ledger
    stored, number = _reviewable(desk, word)
    content = ledger.content(stored.sha256)
    if content is None:
        raise UsageError(
            f"{word.school}: the contents of return {number} were erased, so it cannot be reviewed."
        )
    context = replace(desk.context, as_of=stored.received, placed=placed_by(stored))
    result = check_file(content, stored.file, context)
    if result.form is None or (word.decision == RETURNED and result.returned is None):
        raise UsageError(
            f"{word.school}: return {number} cannot be answered any more ({stored.file}); is the school still on the "
            "roster, and its template at hand?"
        )
    layout = result.form.layout
    remarks, problems = [], []
    for said in word.remarks:
        try:
            remarks.append(_remark(layout, said))
        except UsageError as error:
            problems.append(f"{said.origin}{error}")
    if problems:
        raise _Problems(problems)
    reviews = ledger.reviews(stored.school_key, stored.template)
    last = reviews[-1] if reviews else None
    said_before = (last.return_id, last.decision, last.remarks) if last else None
    if word.decision == RETURNED:
        others = _of_others(reviews, stored.id, by)
        remarks = [*others, *(remark for remark in remarks if remark not in others)]
    result = with_remarks(result, layout, remarks)
    return _Ready(
        word=word,
        stored=stored,
        number=number,
        layout=layout,
        result=result,
        remarks=tuple(remarks),
        already=said_before == (stored.id, word.decision, tuple(remarks)),
    )


def _of_others(reviews: Sequence[Review], return_id: int, by: str) -> list[Remark]:
    """The remarks of other readers on the same return, which stand; what somebody said before is said anew."""
    own: dict[str, list[Remark]] = {}
    for review in reviews:
        if review.return_id != return_id or review.decision != RETURNED:
            own = {}
            continue
        inherited = [remark for reader, said in own.items() if reader != review.by for remark in said]
        own[review.by] = [remark for remark in review.remarks if remark not in inherited]
    return [remark for reader, said in own.items() if reader != by for remark in said]


def _reviewable(desk: _Desk, word: Word) -> tuple[StoredReturn, int]:
    """The return that a review is of, and its number. Raises UsageError saying why there is none."""
    campaign, ledger = desk.campaign, desk.ledger
    template = _template(campaign, word.school, word.template)
    every = ledger.returns(school_key=word.school)
    number = numbers(every)
    items = [
        item for item in every if item.template == template and item.outcome != REFUSED and not item.part
    ]
    counted = desk.counting.get((word.school, template))
    if not items and any(item.part and item.template == template for item in every):
        raise UsageError(
            f"{word.school}: this plan comes in parts, and is reviewed as a whole. Not all of them are in yet; "
            "xlplan status says which are."
        )
    reason = why(counted, items, ledger.marks(word.school, template), campaign.settings, number)
    if word.number is not None:
        stored = next((item for item in items if number[item.id] == word.number), None)
        if stored is None:
            known = ", ".join(str(number[item.id]) for item in items) or "none yet"
            raise UsageError(
                f"{word.school}: there is no return {word.number} of {template} to review; there are: {known}."
            )
    elif counted is None:
        hint = " Name the one that you have read with --return-number." if items else ""
        raise UsageError(f"{word.school}: there is no plan to review. {reason}{hint}")
    else:
        stored = counted
    if word.decision == APPROVED and (counted is None or stored.id != counted.id):
        raise UsageError(f"{word.school}: only the plan that counts can be approved. {reason}")
    if word.decision == APPROVED and stored.outcome != "accepted":
        raise UsageError(
            f"{word.school}: return {number[stored.id]} counts and has errors. Only an accepted plan can be approved."
        )
    return stored, number[stored.id]


def _template(campaign: Campaign, key: str, wanted: str | None) -> str:
    names = [campaign.template_of(line) for line in campaign.plans_of(key)]
    if wanted is not None and wanted not in names:
        raise UsageError(f"{key}: this school has no plan of {wanted}; it has {', '.join(names)}.")
    if wanted is None and len(names) > 1:
        raise UsageError(
            f"{key}: this school has several plans. Say which with --template: {', '.join(names)}."
        )
    return wanted or names[0]


def _remark(layout: Layout, said: Said) -> Remark:
    """A remark with its slot path. Raises UsageError for a text that is none, and a place that the form has not."""
    text = clean_text(said.text, lines=True)
    if not text:
        raise UsageError("there is a place and no remark on it. Say what should be changed there.")
    if len(text) > LONGEST:
        raise UsageError(f"the remark has {len(text):,} characters; at most {LONGEST:,} fit. Make two of it.")
    if said.sheet or said.cell:
        path = _path_at(layout, said.sheet, said.cell)
        if said.path and said.path.strip() != path:
            raise UsageError(
                f"{said.sheet}, {said.cell} is {path}, and the path says {said.path}. Name one of them."
            )
        return Remark(path=path, text=text)
    path = said.path.strip()
    if path and path not in (places := _places(layout)):
        raise UsageError(f'the form has no place "{path}".{did_you_mean(path, places)}')
    if path in layout.inputs and layout.inputs[path][1].locked:
        raise UsageError(
            f'"{path}" is locked, so the school cannot change it. A remark stands on a white box.'
        )
    return Remark(path=path or None, text=text)


def _path_at(layout: Layout, sheet: str, cell: str) -> str:
    titles = {plan.title.casefold(): plan for plan in layout.sheets if plan.inputs}
    plan = titles.get(sheet.strip().casefold())
    if plan is None:
        known = [plan.title for plan in titles.values()]
        raise UsageError(f'the form has no sheet "{sheet}" with answers.{did_you_mean(sheet, known)}')
    wanted = cell.strip().replace("$", "").upper()
    for item in plan.inputs:
        ref = layout.cell_of(item.path)
        if ref is not None and ref.a1 == wanted and not item.locked:
            return item.path
    raise UsageError(f"{plan.title} has no box at {cell or 'no cell'}. A remark stands on a white box.")


def _places(layout: Layout) -> set[str]:
    """The paths of all boxes, and of the rows and tables around them."""
    found: set[str] = set()
    for path in layout.inputs:
        while path and path not in found:
            found.add(path)
            path = path[: _end(path)]
    return found


def _end(path: str) -> int:
    """Where the path of what is around a field, row or table ends; a choice in brackets may hold dots."""
    if path.endswith("]"):
        return path.index("[", path.rfind("].") + 1 if "]." in path else 0)
    return max(path.rfind("."), 0)


def _sent_before(ledger: Ledger, item: _Ready) -> str | None:
    """The newest copy with remarks on a return."""
    copies = ledger.copies(item.stored.school_key, item.stored.template)
    found = [copy.file for copy in copies if (copy.kind, copy.inputs_hash) == (REVIEW, item.stored.sha256)]
    return found[-1] if found and item.word.decision == RETURNED else None


def _foretold(campaign: Campaign, ledger: Ledger, item: _Ready) -> Reviewed:
    if item.already:
        return _reviewed(campaign, item, _sent_before(ledger, item))
    correction = None
    if item.word.decision == RETURNED:
        maker = Corrections(campaign, received=item.stored.received)
        correction = str(maker.next_file(item.result, by_school(ledger.copies()))[1])
    return _reviewed(campaign, item, correction)


def _reviewed(campaign: Campaign, item: _Ready, correction: str | None) -> Reviewed:
    assert item.stored.template is not None
    return Reviewed(
        school=item.word.school, name=campaign.school(item.word.school).name, template=item.stored.template,
        decision=item.word.decision, number=item.number, remarks=item.remarks,
        places=tuple(map(partial(_place, item.layout), item.remarks)), correction=correction, already=item.already,
    )  # fmt: skip


def _place(layout: Layout, remark: Remark) -> str:
    ref = cell_of(layout, remark)
    return f"{ref.sheet}, {ref.a1}" if ref else "The whole plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A mark as it was recorded, and what counts since. `number`: of the return."""

    school: str
    name: str
    template: str
    number: int
    counts: bool
    before: int | None
    now: int | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """The mark document."""
        return {
            "school_id": self.school,
            "template": self.template,
            "return": self.number,
            "counts": self.counts,
            "counted_before": self.before,
            "counted_now": self.now,
            "why": self.why,
        }


def mark(
    campaign: Campaign,
    ledger: Ledger,
    key: str,
    which: str,
    *,
    counts: bool,
    reason: str,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Marked:
    """Record somebody's word on whether a return counts. `which`: its number, or the beginning of its SHA-256.

    Raises UsageError for a return that is not this school's or cannot count.
    """
    name = campaign.school(key).name
    every = ledger.returns(school_key=key)
    number = numbers(every)
    stored = _which(campaign, ledger, key, which, every)
    if counts and (stored.outcome == REFUSED or stored.erased):
        said = "was erased" if stored.erased else "was refused, so there is no plan in it"
        raise UsageError(f"{key}: return {number[stored.id]} {said}; it cannot count.")
    if stored.template is None:
        raise UsageError(f"{key}: return {number[stored.id]} was refused, so it does not count anyway.")
    plan = (key, stored.template, stored.part)
    before = counting_of(campaign, ledger, *plan)
    if not dry_run:
        ledger.record_mark(stored.id, counts, reason=reason, by=by, now=now)
        if stored.part:
            _put_together(campaign, ledger, (key, stored.template), now)
    after = counting_of(campaign, ledger, *plan)
    marks = ledger.marks(key, stored.template)
    items = [
        item
        for item in every
        if (item.template, item.part) == (stored.template, stored.part) and item.outcome != REFUSED
    ]
    return Marked(
        school=key, name=name, template=stored.template, number=number[stored.id], counts=counts,
        before=number[before.id] if before else None, now=number[after.id] if after else None,
        why=why(after, items, marks, campaign.settings, number),
    )  # fmt: skip


def _put_together(campaign: Campaign, ledger: Ledger, plan: tuple[str, str], now: datetime) -> None:
    """A split plan as its parts count now."""
    context = context_of(campaign, ledger, now.date())
    remarks = OpenRemarks(campaign, ledger, context)
    corrections = Corrections(campaign, received=now.date(), remarks=remarks.added)
    put_together(campaign, ledger, [plan], context, corrections, now=now)


def _which(
    campaign: Campaign, ledger: Ledger, key: str, which: str, every: Sequence[StoredReturn]
) -> StoredReturn:
    wanted = which.removeprefix(f"{key}:")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 6:
        if not 0 < int(wanted) <= len(every):
            raise UsageError(f"{key}: there is no return {wanted}; this school has {len(every)}.")
        return every[int(wanted) - 1]
    found = return_named(which, campaign, ledger)
    if found.school_key != key:
        raise UsageError(
            f"{which}: this is not a return of {key}. `xlplan history {key}` shows those that are."
        )
    return found
