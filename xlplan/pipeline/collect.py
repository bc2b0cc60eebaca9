"""Check returned files and record them: every file once, by its bytes; a bad file never stops the batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from xlplan.campaign import Campaign
from xlplan.campaign.files import sweep
from xlplan.errors import SetupError, UsageError
from xlplan.findings import Checked, Finding
from xlplan.ledger import (
    REFUSED,
    CopyRecord,
    IssuedCopy,
    Known,
    Ledger,
    Recording,
    ReturnRecord,
    StoredReturn,
)
from xlplan.pipeline.begun import held
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import CORRECTION, REVIEW, Corrections
from xlplan.pipeline.executors import Job, Pool, pool_of
from xlplan.pipeline.forms import FormOf
from xlplan.pipeline.generate import by_school, form_facts
from xlplan.pipeline.incoming import MOST_AT_ONCE, File, chunks, contents_of, labels_of
from xlplan.pipeline.known import context_of
from xlplan.pipeline.matching import Placed, line_of, placed_by
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.remarks import OpenRemarks, review_behind, with_remarks
from xlplan.pipeline.returned import needs_copy
from xlplan.pipeline.split import put_together
from xlplan.pipeline.standing import unchanged

BATCH = 50  # returns recorded in one transaction
LAST = 8  # the same at the end, so that little is left to record when the last return is checked

Reading = Callable[[Sequence[File], Sequence[str]], Iterable[bytes | Finding]]


def collect(
    campaign: Campaign,
    ledger: Ledger,
    paths: Sequence[File],
    *,
    received: date,
    now: datetime,
    **options: Any,
) -> list[Checked]:
    """What `collecting` gives, all at once; its options are taken."""
    return list(collecting(campaign, ledger, paths, received=received, now=now, **options))


def collecting(
    campaign: Campaign,
    ledger: Ledger,
    paths: Sequence[File],
    *,
    received: date,
    now: datetime,
    dry_run: bool = False,
    done: Callable[[Checked], None] | None = None,
    passwords: tuple[str, ...] = (),
    said: Said | None = None,
    reading: Reading = contents_of,
    pool: Pool | None = None,
    plans: bool = True,
) -> Iterator[Checked]:
    """Check every file and record what is new; each comes in order, once it is recorded.

    A return that was rejected or repaired gets a correction copy; one that is recorded already gets it again if it
    is gone. `done` is called for each file as it is checked. `said`: whose the one file is. Raises UsageError if it
    says itself that it is another's. `reading`: how bytes are got; a file of which it gives a finding instead is not
    recorded. `pool`: who checks; without one it is told by the number of files. Without `plans`,
    those of files recorded before are left in the ledger. What is put together stands at the end.
    """
    _check_ledger(campaign, ledger)
    context = context_of(campaign, ledger, received, passwords=passwords)
    if said is not None:
        context = replace(context, placed=Placed(key=_key_said(said, context)))
    remarks = OpenRemarks(campaign, ledger, context)
    corrections = Corrections(campaign, received=received, remarks=remarks.added)
    run = _Run(campaign, ledger, context, corrections, now, said, files=len(paths), dry_run=dry_run)
    if not dry_run:
        sweep(campaign.corrections)
    with nullcontext(pool) if pool is not None else pool_of(None, len(paths), campaign) as checkers:
        arrivals = _arrivals(paths, campaign, ledger, context, reading, plans=plans or said is not None)
        for arrival, result in checkers.checked(arrivals, context, len(paths)):
            run.take(arrival, result)
            if done is not None:
                done(run.checked[-1])
            if run.is_full:
                yield from run.recorded()
    yield from run.recorded()
    if not dry_run:
        yield from _together(run.parts, campaign, ledger, corrections, context, now)


class _Run:
    """Files that are checked and wait to be recorded together."""

    def __init__(
        self,
        campaign: Campaign,
        ledger: Ledger,
        context: Context,
        corrections: Corrections,
        now: datetime,
        said: Said | None,
        *,
        files: int,
        dry_run: bool,
    ) -> None:
        self.campaign, self.ledger, self.context, self.corrections = campaign, ledger, context, corrections
        self.now, self.said, self.dry_run = now, said, dry_run
        self._to_come = files
        self.checked: list[Checked] = []
        self.parts: dict[tuple[str, str], None] = {}  # plans of which a part came, in order
        self._batch: list[Fresh] = []
        self._held = 0  # bytes that wait to be recorded
        self._seen: set[str] = set()  # SHA-256 sums of what the ledger does not know yet

    @property
    def is_full(self) -> bool:
        """Whether so much waits that it had better be recorded; towards the end, as much as is still to come."""
        return len(self.checked) >= min(BATCH, max(LAST, self._to_come)) or self._held > MOST_AT_ONCE

    def take(self, arrival: Arrival, result: Result | None) -> None:
        """A file with what checking it gave; None where that was not needed."""
        self._to_come -= 1
        item = arrival.checked
        if result is not None:
            result = held(result, arrival.content, self.context)
            item = result.checked
            if arrival.known is not None and _says_no_more(item, arrival.known):
                item, result = replace(item, already=True), None
        assert item is not None
        _check_said(item, self.context)
        if result is not None:
            if result.sha256 in self._seen:
                item = replace(item, already=True)
            else:
                self._seen.add(result.sha256)
                kept = b"" if self.dry_run else arrival.content
                self._batch.append(Fresh(content=kept, result=result, at=len(self.checked)))
                self._held += len(kept)
        if item.part and item.school_id and item.template:
            self.parts.setdefault((item.school_id, item.template))
        self.checked.append(item)

    def recorded(self) -> list[Checked]:
        """All that waits, recorded; or, in a dry run, as it would be."""
        checked, batch = self.checked, self._batch
        self.checked, self._batch, self._held = [], [], 0
        if self.dry_run:
            _foretell(batch, checked, self.ledger, self.corrections)
        else:
            _record(batch, checked, self.ledger, self.corrections, self.now, self.said)
            self._seen.clear()
            _made_again(checked, self.ledger, self.corrections, self.context, self.now)
        return checked


def _together(
    plans: Iterable[tuple[str, str]],
    campaign: Campaign,
    ledger: Ledger,
    corrections: Corrections,
    context: Context,
    now: datetime,
) -> list[Checked]:
    """The plans that could be put together from parts among these files, and were not before."""
    made = put_together(campaign, ledger, plans, context, corrections, now=now)
    _made_again(made, ledger, corrections, context, now)
    return [item for item in made if not item.already]


def _check_ledger(campaign: Campaign, ledger: Ledger) -> None:
    """A ledger that was emptied looks like a new one: it would have every return refused, and that recorded."""
    if next(campaign.copies.rglob("*.xlsx"), None) is not None and not ledger.has_copies():
        raise SetupError(
            f"{campaign.root}: there are copies, and the ledger knows of none. Put it back from a backup; "
            "if there is none, run `xlplan generate`, which records the copies again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Whose a file is, by somebody's word: the school's key, and who said so."""

    school: str
    by: str


def _key_said(said: Said, context: Context) -> str:
    """The key of the school that was said. Raises UsageError if it is not and was not on the roster."""
    assert context.campaign is not None
    if line_of(context.campaign, context.former, said.school) is None:
        context.campaign.school(said.school)  # says what is nearest
    return said.school


def _check_said(item: Checked, context: Context) -> None:
    """Nothing, or a UsageError where a file cannot be the plan of the school that was said."""
    if context.placed is None or item.outcome == REFUSED or item.template is None:
        return
    assert context.campaign is not None
    key = context.placed.key
    if item.plan is None:
        raise UsageError(
            f"{item.file}: its contents were erased on request, so it cannot be taken for {key}."
        )
    if item.school_id != key:
        raise UsageError(
            f"{item.file}: it says itself that it is of {item.school_id}, so it cannot be taken for {key}. "
            "If one school's plan is on another's copy, move the answers into the right one."
        )
    lines = [line for line in context.campaign.roster.schools if line.key == key]
    if lines and item.template not in map(context.campaign.template_of, lines):
        raise UsageError(
            f"{item.file}: it is a plan of {item.template}, and {key} has none of these to return."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A file that is not recorded yet. `at`: its place among the results."""

    content: bytes
    result: Result
    at: int


def _record(
    batch: Sequence[Fresh],
    checked: list[Checked],
    ledger: Ledger,
    corrections: Corrections,
    now: datetime,
    said: Said | None,
) -> None:
    """Record returns and their correction copies at once; what another process has recorded meanwhile is left out.

    No copy takes its place before it is recorded; one that is missing then is made again by the next collect.
    """
    if not batch:
        return
    with ExitStack() as files, ledger.recording(now=now) as into:
        known = into.known(item.result.sha256 for item in batch)
        new = [item for item in batch if not _as_known(item.result, known)]
        schools = [item.result.checked.school_id or "" for item in new]
        same, issued = into.answers_of(schools), into.copies_of(schools)
        made: dict[str, tuple[CopyRecord, FormOf]] = {}
        answered: dict[str, str] = {}  # SHA-256 of a return → the copy that answers it
        unchanged: set[str] = set()
        for item in new:
            result, answers = item.result, _answers(item.result)
            before = same.get(answers, [])
            if result.returned is not None:
                file = _answered(result, before, issued, made)
                if file is None:
                    made[result.sha256] = corrections.make(result, issued, files)
                answered[result.sha256] = file or made[result.sha256][0].file
            if before:
                unchanged.add(result.sha256)
            if result.checked.school_id and result.values_hash:
                same.setdefault(answers, []).append(result.sha256)
        into.add_returns(record_of(item.result, item.content, corrections.received) for item in new)
        for form in {form.digest: form for _, form in made.values()}.values():
            into.add_form(form.digest, *form_facts(form))
        into.add_copies(copy for copy, _ in made.values())
        if said is not None:
            _withdraw(new, known, into, said)
    for item in batch:
        sha256 = item.result.sha256
        if sha256 in unchanged:
            checked[item.at] = replace(checked[item.at], unchanged=True)
        if sha256 in answered:
            checked[item.at] = replace(checked[item.at], correction=answered[sha256])
        elif _as_known(item.result, known):
            checked[item.at] = replace(checked[item.at], already=True)


def _answers(result: Result) -> tuple[str, str, str, str]:
    """Whose answers these are, of which part, and which."""
    checked = result.checked
    return checked.school_id or "", checked.template or "", checked.part or "", result.values_hash or ""


def _answered(
    result: Result,
    before: Sequence[str],
    issued: Mapping[tuple[str, str], Sequence[IssuedCopy]],
    made: Mapping[str, tuple[CopyRecord, FormOf]],
) -> str | None:
    """The copy that answers the same answers already, so that a school is not sent another one to go on in."""
    if result.returned is None or result.returned.left_over:
        return None
    school, template, *_ = _answers(result)
    copies = [
        copy
        for copy in (*issued.get((school, template), ()), *(copy for copy, _ in made.values()))
        if copy.kind in (CORRECTION, REVIEW) and copy.inputs_hash in before
    ]
    return copies[-1].file if copies else None


def _withdraw(new: Sequence[Fresh], known: Mapping[str, Known], into: Recording, said: Said) -> None:
    """What was taken for another school's plan does not count for that one."""
    for item in new:
        before = known.get(item.result.sha256)
        if before is not None and before.school_key is not None:
            into.add_mark(before.id, False, reason=f"It is the plan of {said.school}.", by=said.by)


def taken_before(ledger: Ledger, checked: Checked) -> dict[str, list[str]]:
    """Keys of other schools for which the same file was taken, and the correction copies that they got of it."""
    if checked.sha256 is None:
        return {}
    keys = {item.school_key for item in ledger.returns_like(checked.sha256)} - {None, checked.school_id}
    return {
        key: [copy.file for copy in ledger.copies(key) if copy.inputs_hash == checked.sha256]
        for key in sorted(key for key in keys if key is not None)
    }


def _as_known(result: Result, known: Mapping[str, Known]) -> bool:
    """Whether a file is recorded, and says no more than it did then."""
    before = known.get(result.sha256)
    return before is not None and _says_no_more(result.checked, before)


def _says_no_more(now: Checked, before: Known | StoredReturn) -> bool:
    """Not where it was refused and can be read now, nor where its school is known now, or is another."""
    if before.outcome == REFUSED or now.outcome == REFUSED:
        return now.outcome == REFUSED
    return now.school_id in (None, before.school_key)


def _settled(stored: StoredReturn, placed: Placed | None) -> bool:
    """Whether a recorded return is not read again: its school is known, and no other is said; or it was erased."""
    if stored.erased:
        return True
    if stored.outcome == REFUSED or stored.school_key is None:
        return False
    return placed is None or placed.key == stored.school_key


def _foretell(
    batch: Sequence[Fresh], checked: list[Checked], ledger: Ledger, corrections: Corrections
) -> None:
    """Name the correction copies that would be written, or that answer the same answers already."""
    schools = [item.result.checked.school_id or "" for item in batch]
    same, issued = ledger.answers_of(schools), by_school(ledger.copies_of(schools))
    for item in batch:
        result = item.result
        before = same.get(_answers(result), [])
        if before:
            checked[item.at] = replace(checked[item.at], unchanged=True)
        if result.returned is not None:
            file = _answered(result, before, issued, {}) or str(corrections.next_file(result, issued)[1])
            checked[item.at] = replace(checked[item.at], correction=file)


def _made_again(
    checked: list[Checked], ledger: Ledger, corrections: Corrections, context: Context, now: datetime
) -> None:
    """The correction copies of returns recorded before: named, and written again where the file is gone.

    So too where the copy answers an earlier return with the same answers.
    """
    before = [
        (at, item) for at, item in enumerate(checked) if (item.already or item.unchanged) and item.sha256
    ]
    if not before:
        return
    copies: dict[tuple[str, str], list[IssuedCopy]] = defaultdict(list)
    for copy in ledger.copies_of(item.school_id or "" for _, item in before):
        if copy.kind in (CORRECTION, REVIEW):
            copies[copy.inputs_hash, copy.school_key].append(copy)
    for at, item in before:
        reviewed = 0  # of these copies, how many a review sent out
        for copy in _answering(item, copies, ledger):
            there = (corrections.campaign.root / copy.file).exists()
            if there or _written_again(copy, reviewed, ledger, corrections, context, now):
                checked[at] = replace(item, correction=copy.file)
            reviewed += copy.kind == REVIEW


def _answering(
    item: Checked, copies: Mapping[tuple[str, str], Sequence[IssuedCopy]], ledger: Ledger
) -> Sequence[IssuedCopy]:
    """The copies, by what they answer and whose they are, that answer a recorded return, or the same answers before."""
    key = item.school_id or ""
    own = copies.get((item.sha256 or "", key), ())
    if own or not needs_copy(item) or not any(school == key for _, school in copies):
        return own
    earlier: list[StoredReturn] = []
    for one in ledger.returns(school_key=key, template=item.template):
        if one.sha256 == item.sha256:
            same = [was for was in earlier if was.part == one.part and unchanged(was, one)]
            return [copy for was in same for copy in copies.get((was.sha256, key), ())]
        earlier.append(one)
    return ()


def _written_again(
    copy: IssuedCopy, reviewed: int, ledger: Ledger, corrections: Corrections, context: Context, now: datetime
) -> bool:
    """Whether a copy whose file is gone could be written again. `reviewed`: how many reviews came before its own."""
    stored, content = ledger.known(copy.inputs_hash), ledger.content(copy.inputs_hash)
    if stored is None or content is None:
        return False
    context = replace(context, placed=placed_by(stored), answered=copy.kind == REVIEW)
    result = check_file(content, stored.file, context)
    review = review_behind(ledger, stored, reviewed) if copy.kind == REVIEW else None
    if review is not None and result.form is not None:
        result = with_remarks(result, result.form.layout, review.remarks)
    form = corrections.write_again(copy, result, stored.received)
    if form is not None:  # this xlplan may word it in another way
        ledger.record_form(form.digest, *form_facts(form), now=now)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that came. `checked`: what it is where it need not be checked; `known`: what is recorded of its bytes."""

    content: bytes
    checked: Checked | None = None
    known: StoredReturn | None = None


def _arrivals(
    paths: Sequence[File],
    campaign: Campaign,
    ledger: Ledger,
    context: Context,
    reading: Reading,
    *,
    plans: bool,
) -> Iterator[tuple[Arrival, Job | None]]:
    """Each file, and what is to be checked of it; what is recorded already comes from the ledger, unread.

    What was refused, and what belongs to no school, is read again each time: its school may be on the roster by now,
    or its password at hand.
    """
    for chunk in chunks(paths, BATCH):
        contents = list(reading(chunk, context.passwords))
        hashes = [sha256(content).hexdigest() if isinstance(content, bytes) else "" for content in contents]
        known = ledger.known_hashes(hashes, plans=plans)
        labels = labels_of(chunk, campaign.root)
        for label, content, digest in zip(labels, contents, hashes, strict=True):
            before = known.get(digest)
            if not isinstance(content, bytes):
                item = Checked(file=label, outcome="refused", findings=(content,))
                yield Arrival(content=b"", checked=item), None
            elif before is not None and _settled(before, context.placed):
                yield Arrival(content=content, checked=stored_as_checked(before, label)), None
            else:
                yield Arrival(content=content, known=before), (content, label)


def stored_as_checked(stored: StoredReturn, file: str) -> Checked:
    """A recorded return as the result of checking it again."""
    return Checked(
        file=file, outcome=stored.outcome, findings=stored.findings, school_id=stored.school_key,
        template=stored.template, version=stored.version, plan=stored.plan, already=True, sha256=stored.sha256,
        part=stored.part, kind=stored.kind, erased=stored.erased,
    )  # fmt: skip


def record_of(result: Result, content: bytes, received: date) -> ReturnRecord:
    """A checked file as the ledger takes it."""
    checked, identity = result.checked, result.identity
    filled = result.validated.filled if result.validated else {}
    return ReturnRecord(
        file=checked.file, sha256=result.sha256, content=content, received=received, outcome=checked.outcome,
        school_key=checked.school_id, template=checked.template, version=checked.version,
        issue=identity.issue if identity else None, plan=checked.plan, findings=checked.findings,
        completeness=[dict(line) for line in result.completeness] or None, values_hash=result.values_hash,
        part=checked.part,
        lineage=tuple((path, sheet, cell) for path, (sheet, cell) in filled.items()),
        saved_by=result.core.get("lastModifiedBy") or None, saved_at=result.core.get("modified") or None,
    )  # fmt: skip
