"""Copies on their way to schools: a draft for each that has an address, a zip per district for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.ledger import Ledger
from xlplan.pipeline.copies_at_hand import CurrentCopy, current_copies
from xlplan.pipeline.district_packs import Pack, Plans, name_of, planned, write
from xlplan.pipeline.posting import Draft, Ready, problems_json, write_draft
from xlplan.pipeline.recipients import Recipient, fault_of, recipients, title_for, words_for
from xlplan.post.outbox import OUTBOX, delivered, folder_name, making
from xlplan.post.wording import Wording
from xlplan.post.words import PartWords, PlanWords

PURPOSE = "distribute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributed:
    """What was made. `problems`: schools that get nothing, and why; `notes`: what is wrong with addresses."""

    folder: str
    drafts: tuple[Draft, ...] = ()
    packs: tuple[Pack, ...] = ()
    problems: tuple[tuple[School, str], ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The command's document."""
        return {
            "folder": self.folder,
            "drafts": [item.as_json() for item in self.drafts],
            "zips": [item.as_json() for item in self.packs],
            "problems": problems_json(self.problems),
            "notes": list(self.notes),
        }


def distribute(
    campaign: Campaign,
    ledger: Ledger,
    schools: Sequence[School],
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
) -> Distributed:
    """Drafts and zips in the outbox's folder of that day, with the current copies of these lines of the roster.

    A school whose copy is missing or not current gets nothing, and is named. Raises SetupError where the campaign's
    wording is at fault; nothing is made then.
    """
    wording = Wording(campaign.root)
    wording.check()
    task = _Task(campaign, as_of)
    copies: dict[tuple[str, str], list[CurrentCopy]] = {}
    for copy in current_copies(campaign, ledger, schools, now=now):
        copies.setdefault((copy.school.key, copy.template), []).append(copy)
    for to in recipients(campaign, schools):
        task.take(to, [copies[line.key, campaign.template_of(line)] for line in to.lines])
    folder = f"{OUTBOX}/{folder_name(as_of, PURPOSE)}"
    for ready in task.ready if dry_run else ():
        ready.said(wording)  # what is at fault in its wording is told now
    if dry_run or not (task.ready or task.waiting):
        return task.told(folder, [planned(campaign, waiting) for waiting in task.waiting.values()])
    with making(campaign.root) as made:
        for ready in task.ready:
            write_draft(campaign, wording, made, ready)
        packs = [write(campaign, wording, made, waiting) for waiting in task.waiting.values()]
        folder = delivered(made, as_of, PURPOSE).relative_to(campaign.root).as_posix()
    return task.told(folder, packs)


@dataclass(slots=True)
class _Task:
    """One distribution. `ready`: who gets a draft; `waiting`: by district, who gets a place in its zip."""

    campaign: Campaign
    as_of: date
    ready: list[Ready] = field(default_factory=list)
    waiting: dict[str, list[tuple[Recipient, Plans]]] = field(default_factory=dict)
    problems: list[tuple[School, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, to: Recipient, plans: Plans) -> None:
        """Give a recipient's copies their way, unless something stands against it."""
        self.notes += [fault_of(to)] if to.faults else []
        faults = [copy.problem for own in plans for copy in own if copy.problem]
        if faults:
            self.problems.append((to.school, "; ".join(faults)))
        elif to.to:
            self.ready.append(self._ready(to, plans))
        else:
            self.waiting.setdefault(to.school.district_id, []).append((to, plans))

    def _ready(self, to: Recipient, plans: Plans) -> Ready:
        return Ready(
            to=to, letter="distribute",
            words=words_for(self.campaign, to, map(self._plan, plans), self.as_of),
            files=tuple(copy.file for own in plans for copy in own),
            about=tuple((own[0].template, "new") for own in plans),
        )  # fmt: skip

    def _plan(self, own: Sequence[CurrentCopy]) -> PlanWords:
        parts = tuple(
            PartWords(
                number=copy.part.number, of=copy.part.of, title=copy.part.title, state="new", file=name_of(copy)
            )
            for copy in own
            if copy.part is not None
        )  # fmt: skip
        file = "" if parts else name_of(own[0])
        return PlanWords(title=title_for(self.campaign, own[0].school), state="new", file=file, parts=parts)

    def told(self, folder: str, packs: Sequence[Pack]) -> Distributed:
        """What was made, or would be."""
        return Distributed(
            folder=folder, drafts=tuple(ready.in_folder(folder) for ready in self.ready),
            packs=tuple(pack.within(folder) for pack in packs), problems=tuple(self.problems),
            notes=tuple(self.notes),
        )  # fmt: skip
