"""What was found in a plan, as letters say it: the heaviest first, by sheet and cell, with the copy to go on in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from xlplan.campaign import Campaign, School
from xlplan.catalogue import PUT_RIGHT
from xlplan.findings import Finding, Severity, said
from xlplan.form.upgrade import UPGRADED
from xlplan.languages.speech import say, speaking
from xlplan.layout.model import Layout
from xlplan.layout.points import REMARK, place_of
from xlplan.layout.tofix import TITLE
from xlplan.ledger import IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.check import waivable
from xlplan.pipeline.copies_at_hand import Answers
from xlplan.pipeline.parts import PartState
from xlplan.pipeline.recipients import one_line, title_for
from xlplan.pipeline.split import PARTS
from xlplan.pipeline.status import SchoolState
from xlplan.pipeline.words import RemarkState
from xlplan.post.days import SPANISH, short_day
from xlplan.post.words import Item, PartWords, PlanWords

KINDS = {Severity.ERROR: "fix", Severity.WARNING: "check", Severity.ADVICE: "advice"}
_EVERYWHERE = {"": "The whole plan", SPANISH: "Todo el plan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter says of one plan, and the campaign's files that it encloses for that."""

    template: str
    words: PlanWords
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is said of one return, with its file, if it is at hand. `told` is the beginning of all that was found."""

    told: tuple[Item, ...]
    more: int
    fix: int
    check: int
    remarks: int
    place: int
    file: str
    to_fix: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.file).name if self.file else ""


def in_parts(state: SchoolState) -> bool:
    """Whether a plan is to be told of by its parts: it comes in parts, and they do not make a whole one yet."""
    latest, parts = state.latest, state.parts
    if not parts or (latest is not None and latest.part is None and latest.kind != PARTS):
        return False
    return any(part_word(part) != "in" for part in parts)


def part_word(part: PartState) -> str:
    """Where a part stands, as letters say it: "in", "fix" or "missing"; "in" also if only nobody chose it yet."""
    if part.state == "rejected":
        return "fix"
    came = part.shown is not None and part.shown.outcome == "accepted"
    return "in" if part.state == "accepted" or came else "missing"


class Desk:
    """Where letters are made ready. `problems`: schools whose copy to go on in is not at hand, and why."""

    def __init__(self, campaign: Campaign, ledger: Ledger, as_of: date) -> None:
        self.campaign, self.as_of = campaign, as_of
        self.problems: list[tuple[School, str]] = []
        self._answers = Answers(campaign, ledger)

    def plain(self, state: SchoolState, word: str, language: str) -> Told:
        """A plan of which nothing needs to be said but where it stands."""
        return Told(template=state.template, words=self._words(state, word, language, state.latest))

    def accepted(self, state: SchoolState, stored: StoredReturn, language: str, most: int) -> Told:
        """A plan that is accepted, with what it is worth looking at."""
        return self._told(state, "accepted", stored, self._found(state, stored, language, most), language)

    def fix(
        self,
        state: SchoolState,
        stored: StoredReturn,
        language: str,
        most: int,
        *,
        earlier: StoredReturn | None = None,
    ) -> Told:
        """A plan with errors. `earlier`: the return that counts although this one came later."""
        remarks = state.remarks if state.about is not None and state.about.id == stored.id else ()
        told = self._told(state, "fix", stored, self._found(state, stored, language, most, remarks), language)
        counted = short_day(earlier.received, language) if earlier else ""
        return replace(told, words=replace(told.words, counted=counted))

    def remarks(self, state: SchoolState, stored: StoredReturn, language: str, most: int) -> Told:
        """A plan that was sent back by a reader."""
        found = self._found(state, stored, language, most, state.remarks)
        return self._told(state, "remarks", stored, found, language)

    def parts(self, state: SchoolState, language: str, most: int) -> Told:
        """A split plan of which parts are missing, or have errors."""
        made = [self._part(state, part, language, most) for part in state.parts]
        words = self._words(state, "parts", language, None)
        return Told(
            template=state.template, words=replace(words, parts=tuple(part for part, _ in made)),
            files=tuple(file for _, file in made if file),
        )  # fmt: skip

    def _part(self, state: SchoolState, part: PartState, language: str, most: int) -> tuple[PartWords, str]:
        own = part.part
        words = PartWords(number=own.number, of=own.of, title=one_line(own.title), state=part_word(part))
        if part.state != "rejected" or part.shown is None:
            return words, ""
        found = self._found(state, part.shown, language, most)
        made = replace(
            words, file=found.name, fix=found.fix, items=found.told, more=found.more, to_fix=found.to_fix
        )
        return made, found.file

    def _told(
        self, state: SchoolState, word: str, stored: StoredReturn, found: _Found, language: str
    ) -> Told:
        words = replace(
            self._words(state, word, language, stored), file=found.name, fix=found.fix, check=found.check,
            remarks=found.remarks, place=found.place, items=found.told, more=found.more, to_fix=found.to_fix,
        )  # fmt: skip
        return Told(template=state.template, words=words, files=(found.file,) if found.file else ())

    def _words(self, state: SchoolState, word: str, language: str, stored: StoredReturn | None) -> PlanWords:
        received = short_day(stored.received, language) if stored else ""
        return PlanWords(title=title_for(self.campaign, state.school), state=word, received=received)

    def _found(
        self,
        state: SchoolState,
        stored: StoredReturn,
        language: str,
        most: int,
        remarks: Sequence[RemarkState] = (),
    ) -> _Found:
        """All that was found in a return, remarks before all else."""
        copy = self._copy(state, stored)
        file, layout = (copy.file, self._answers.layout(copy)) if copy else ("", None)
        findings = [
            item for item in stored.findings if self._speaks(item, state.school.key, fresh=bool(file))
        ]
        findings.sort(key=lambda item: (list(Severity).index(item.severity), item.code != UPGRADED))
        items = [*_remarks(remarks, language), *(_item(item, layout, language) for item in findings)]
        kinds = [item.kind for item in items]
        return _Found(
            told=tuple(items[:most]), more=max(0, len(items) - most), fix=kinds.count("fix"),
            check=kinds.count("check"), remarks=kinds.count("remark"), place=kinds.count("place"), file=file,
            to_fix=_to_fix(layout) if file else "",
        )  # fmt: skip

    def _speaks(self, item: Finding, key: str, *, fresh: bool) -> bool:
        """Whether a letter tells of a finding: no notes, nothing that is waived, nor what a fresh copy has put right.

        An error is as it was judged when it came: by that the return was accepted or not.
        """
        if item.severity not in KINDS or item.waived or item.code in (REMARK, "part-missing"):
            return False
        if item.code == UPGRADED and item.cell is None:  # what is to be done about it is said of each answer
            return False
        light = item.severity is not Severity.ERROR and waivable(item)
        if light and self.campaign.settings.waived(item.code, key, self.as_of):
            return False
        return not (fresh and item.code in PUT_RIGHT)

    def _copy(self, state: SchoolState, stored: StoredReturn) -> IssuedCopy | None:
        """The copy that answers a return; None where there is none, which is a problem if its file is gone."""
        copy = self._answers.to(stored)
        if copy is None or self._answers.is_there(copy):
            return copy
        self.problems.append((state.school, f"{copy.file} is gone; xlplan collect writes it again"))
        return None


def _to_fix(layout: Layout | None) -> str:
    """What the sheet To fix is called in a copy, which may be in another language than the letter."""
    with speaking(layout.spec.facts.language if layout is not None else ""):
        return say(TITLE)


def _remarks(remarks: Iterable[RemarkState], language: str) -> list[Item]:
    return [
        Item(kind="remark", place=_place(item.sheet, item.cell, language), message=one_line(item.remark.text))
        for item in remarks
        if not item.answered
    ]


def _item(item: Finding, layout: Layout | None, language: str) -> Item:
    """A finding as a letter says it, at its place in the copy that is enclosed, else in the file that came."""
    sheet, cell = item.sheet, item.cell
    ref = place_of(layout, item) if layout is not None else None
    if ref is not None:
        sheet, cell = ref.sheet, ref.a1 if ref.row > 1 else None
    message, remedy = said(item, language)
    return Item(
        kind="place" if item.code == UPGRADED else KINDS[item.severity], place=_place(sheet, cell, language),
        message=one_line(message), remedy=one_line(remedy),
    )  # fmt: skip


def _place(sheet: str | None, cell: str | None, language: str) -> str:
    said = ", ".join(part for part in (sheet, cell) if part)
    return one_line(said) or _EVERYWHERE.get(language, _EVERYWHERE[""])
