"""Letters about what came back: what was found in it in words, with the copy to go on in, or thanks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.ledger import Ledger
from xlplan.pipeline.found import Desk, Told, in_parts
from xlplan.pipeline.posting import Draft, Ready, problems_json, write_draft
from xlplan.pipeline.recipients import Recipient, fault_of, recipients, words_for
from xlplan.pipeline.status import SchoolState, status
from xlplan.post.outbox import OUTBOX, delivered, folder_name, making
from xlplan.post.wording import Wording
from xlplan.post.words import MOST_ITEMS

PURPOSE = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Drafts that were made. `problems`: what could not be enclosed, and why; `notes`: what is wrong with addresses."""

    folder: str
    drafts: tuple[Draft, ...] = ()
    problems: tuple[tuple[School, str], ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The command's document."""
        return {
            "folder": self.folder,
            "drafts": [item.as_json() for item in self.drafts],
            "problems": problems_json(self.problems),
            "notes": list(self.notes),
        }


def letters(
    campaign: Campaign,
    ledger: Ledger,
    schools: Sequence[School],
    *,
    as_of: date,
    since: date | None = None,
    dry_run: bool = False,
) -> Posted:
    """A draft for each of these schools from which something came (on or after a day), about all plans that did.

    Raises SetupError where the campaign's wording is at fault; nothing is made then.
    """
    wording = Wording(campaign.root)
    wording.check()
    desk, states = Desk(campaign, ledger, as_of), states_of(campaign, ledger, as_of)
    ready: list[Ready] = []
    notes: list[str] = []
    for to in recipients(campaign, schools):
        found = [states[line.key, campaign.template_of(line)] for line in to.lines]
        if not any(item.latest and (since is None or item.latest.received >= since) for item in found):
            continue
        told = [_letter(desk, item, to.language) for item in found if item.latest]
        ready.append(ready_of(campaign, to, "letter", told, as_of))
        notes += [fault_of(to)] if to.faults else []
    folder, drafts = posted(campaign, wording, ready, as_of, PURPOSE, dry_run=dry_run)
    return Posted(folder=folder, drafts=drafts, problems=tuple(desk.problems), notes=tuple(notes))


def lines_of(campaign: Campaign, keys: Collection[str | None]) -> list[School]:
    """The roster's lines of those of these schools that are on it."""
    return [line for line in campaign.roster.schools if line.key in keys]


def states_of(campaign: Campaign, ledger: Ledger, as_of: date) -> dict[tuple[str, str], SchoolState]:
    """Where every plan stands, by school key and template."""
    return {(item.school.key, item.template): item for item in status(campaign, ledger, as_of).schools}


def ready_of(campaign: Campaign, to: Recipient, letter: str, told: Sequence[Told], as_of: date) -> Ready:
    """A letter that tells of these plans."""
    return Ready(
        to=to, letter=letter, words=words_for(campaign, to, (item.words for item in told), as_of),
        files=tuple(file for item in told for file in item.files),
        about=tuple((item.template, item.words.state) for item in told),
    )  # fmt: skip


def posted(
    campaign: Campaign, wording: Wording, ready: Iterable[Ready], as_of: date, purpose: str, *, dry_run: bool
) -> tuple[str, tuple[Draft, ...]]:
    """Write these letters into the outbox's folder of that day and purpose: the folder and the drafts."""
    ready, folder = list(ready), f"{OUTBOX}/{folder_name(as_of, purpose)}"
    for one in ready if dry_run else ():
        one.said(wording)  # what is at fault in its wording is told now
    if ready and not dry_run:
        with making(campaign.root) as made:
            for one in ready:
                write_draft(campaign, wording, made, one)
            folder = delivered(made, as_of, purpose).relative_to(campaign.root).as_posix()
    return folder, tuple(one.in_folder(folder) for one in ready)


def _letter(desk: Desk, state: SchoolState, language: str) -> Told:
    """What is said of a plan of which something came back."""
    latest, counted = state.latest, state.counted
    assert latest is not None
    if state.state == "waiting":
        return desk.plain(state, "waiting", language)
    if in_parts(state):
        return desk.parts(state, language, MOST_ITEMS)
    if state.state == "in-review" and state.about is not None:
        return desk.remarks(state, state.about, language, MOST_ITEMS)
    if latest.outcome != "accepted":
        earlier = counted if counted is not None and counted.id != latest.id else None
        return desk.fix(state, latest, language, MOST_ITEMS, earlier=earlier)
    if state.state == "approved":
        return desk.plain(state, "approved", language)
    return desk.accepted(state, latest, language, MOST_ITEMS)
