"""Reminders, only for those who owe something, saying exactly what: as drafts, or as a list for a mail merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from xlplan.campaign import Campaign, School, write_safely
from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError
from xlplan.ledger import Ledger
from xlplan.pipeline.copies_at_hand import CurrentCopy, current_copies
from xlplan.pipeline.found import Desk, Told, in_parts, part_word
from xlplan.pipeline.lettering import Posted, posted, ready_of, states_of
from xlplan.pipeline.posting import Ready
from xlplan.pipeline.recipients import fault_of, recipients
from xlplan.pipeline.status import SchoolState
from xlplan.post.mail_merge import merge_list
from xlplan.post.wording import Wording
from xlplan.post.words import PlanWords

PURPOSE = "remind"
MOST_ITEMS = 5  # findings that a reminder names: the letter before it has named them, and To fix has all
COLUMNS = (
    "school_id", "school", "district_id", "district", "email", "language", "due", "days_left", "owes", "subject",
    "text", "attachments",
)  # fmt: skip
SETTLED = ("accepted", "approved", "waiting", "not-issued")  # nothing is asked of the school


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What was made: drafts, or the rows of a list. `unsent`: plans of which the school has no copy yet."""

    posted: Posted
    rows: int = 0
    unsent: int = 0


def remind(
    campaign: Campaign,
    ledger: Ledger,
    schools: Sequence[School],
    *,
    as_of: date,
    now: datetime,
    within: int | None = None,
    csv: Path | None = None,
    dry_run: bool = False,
) -> Reminded:
    """Reminders to those of these schools that owe something on that day; to all others nothing.

    `within`: only where the day is at most so many days away; `csv`: a list to write in place of drafts. Raises
    SetupError where the campaign's wording is at fault; nothing is made then.
    """
    wording = Wording(campaign.root)
    wording.check()
    states = states_of(campaign, ledger, as_of)
    task = _Task(campaign, ledger, as_of, now)
    waiting = []
    for to in recipients(campaign, schools):
        owing = [state for line in to.lines if owes(state := states[line.key, campaign.template_of(line)])]
        due = campaign.settings.due(to.school.key)
        if owing and (within is None or (due is not None and (due - as_of).days <= within)):
            waiting.append((to, owing))
    task.gather([state.school for _, owing in waiting for state in owing if needs_copy(state)])
    ready = [
        ready_of(campaign, to, "remind", [task.owed(state, to.language) for state in owing], as_of)
        for to, owing in waiting
    ]
    notes = tuple(fault_of(to) for to, _ in waiting if to.faults)
    unsent = sum(states[line.key, campaign.template_of(line)].state == "not-issued" for line in schools)
    if csv is not None:
        content = merge_list(COLUMNS, [_row(campaign, wording, one) for one in ready])
        _check_place(csv)
        if not dry_run:
            write_safely(csv, content)
        told = Posted(folder="", problems=tuple(task.desk.problems), notes=notes)
        return Reminded(posted=told, rows=len(ready), unsent=unsent)
    folder, drafts = posted(campaign, wording, ready, as_of, PURPOSE, dry_run=dry_run)
    told = Posted(folder=folder, drafts=drafts, problems=tuple(task.desk.problems), notes=notes)
    return Reminded(posted=told, unsent=unsent)


def owes(state: SchoolState) -> bool:
    """Whether anything is asked of the school for this plan."""
    all_in = bool(state.parts) and all(part_word(part) == "in" for part in state.parts)
    return state.state not in SETTLED and not (state.state == "issued" and all_in)


def needs_copy(state: SchoolState) -> bool:
    """Whether a reminder encloses a copy as issued: nothing came of the plan, or of one of its parts."""
    if in_parts(state):
        return any(part_word(part) == "missing" for part in state.parts)
    return state.state == "issued"


class _Task:
    """One round of reminders."""

    def __init__(self, campaign: Campaign, ledger: Ledger, as_of: date, now: datetime) -> None:
        self.campaign, self.ledger, self.now = campaign, ledger, now
        self.desk = Desk(campaign, ledger, as_of)
        self._copies: dict[tuple[str, str, str], CurrentCopy] = {}

    def gather(self, schools: Sequence[School]) -> None:
        """Look for the copies of these lines of the roster."""
        for copy in current_copies(self.campaign, self.ledger, schools, now=self.now):
            self._copies[copy.school.key, copy.template, copy.part.key if copy.part else ""] = copy

    def owed(self, state: SchoolState, language: str) -> Told:
        """What a plan still lacks."""
        if in_parts(state):
            return self._parts(state, language)
        if state.state == "in-review" and state.about is not None:
            return self.desk.remarks(state, state.about, language, MOST_ITEMS)
        if state.state == "rejected" and state.about is not None:
            return self.desk.fix(state, state.about, language, MOST_ITEMS)
        # something came, and somebody said that it does not count, or its contents were erased
        word = "again" if state.returns else "nothing"
        told = self.desk.plain(replace(state, latest=None), word, language)
        file = self._copy(state, "")
        return replace(told, words=replace(told.words, file=_name(file)), files=(file,) if file else ())

    def _parts(self, state: SchoolState, language: str) -> Told:
        """The parts that are missing or have errors, each with its copy."""
        told = self.desk.parts(state, language, 0)
        keys = {part.part.number: part.part.key for part in state.parts}
        files, parts = [], []
        for part in told.words.parts:
            file = self._copy(state, keys[part.number]) if part.state == "missing" else ""
            own = [known for known in told.files if _name(known) == part.file]
            files += own or [file] * bool(file)
            parts.append(replace(part, file=_name(file)) if file else part)
        some = any(part.state != "missing" for part in told.words.parts)
        words = replace(told.words, state="parts" if some else "nothing", parts=tuple(parts))
        return Told(template=told.template, words=words, files=tuple(files))

    def _copy(self, state: SchoolState, part: str) -> str:
        """The copy to enclose; empty, and a problem, where it is not at hand as it is today."""
        copy = self._copies.get((state.school.key, state.template, part))
        if copy is None:
            return ""
        if copy.problem:
            self.desk.problems.append((state.school, f"{copy.problem}; xlplan generate writes it"))
            return ""
        return copy.file


def _check_place(csv: Path) -> None:
    """Raises UsageError where there is a file that is no list of ours: a roster, say, is not written over."""
    head = merge_list(COLUMNS, []).strip()
    if csv.exists() and (not csv.is_file() or not read_bytes(csv).startswith(head)):
        raise UsageError(f"--csv: {csv} is there and is no list of reminders. Choose another name.")


def _name(file: str) -> str:
    return PurePosixPath(file).name if file else ""


def _row(campaign: Campaign, wording: Wording, ready: Ready) -> dict[str, object]:
    """A recipient's row of a list for a mail merge."""
    school, letter = ready.to.school, ready.said(wording)
    due = campaign.settings.due(school.key)
    return {
        "school_id": school.key, "school": school.name, "district_id": school.district_id,
        "district": school.district, "email": "; ".join(ready.to.to), "language": ready.to.language or "en",
        "due": due.isoformat() if due else "", "days_left": ready.words.days,
        "owes": "; ".join(_owes(plan) for plan in ready.words.plans), "subject": letter.subject,
        "text": letter.text, "attachments": "; ".join(ready.files),
    }  # fmt: skip


def _owes(plan: PlanWords) -> str:
    """What is owed, in one word of ours and figures."""
    counts = {
        "fix": plan.fix,
        "remarks": plan.remarks,
        "parts": sum(part.state != "in" for part in plan.parts),
    }
    return f"{plan.state} {counts[plan.state]}" if plan.state in counts else plan.state
