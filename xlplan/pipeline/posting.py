"""Letters on their way into the outbox: what each says and encloses, written as drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from xlplan.campaign import Campaign, School, write_safely
from xlplan.campaign.files import read_bytes
from xlplan.pipeline.recipients import Recipient
from xlplan.post.drafts import Attachment, Letter, draft
from xlplan.post.wording import Wording
from xlplan.post.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft in the outbox. `file`: within the campaign; `attachments`: the campaign's files that it encloses.

    `about`: for each plan, in the letter's order, the state that it speaks of.
    """

    school: School
    to: tuple[str, ...]
    language: str
    file: str
    attachments: tuple[str, ...]
    about: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Its entry in the commands' documents."""
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "district_id": self.school.district_id,
            "to": list(self.to),
            "language": self.language or "en",
            "file": self.file,
            "attachments": list(self.attachments),
            "plans": [{"template": template, "state": state} for template, state in self.about],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A letter that can be written. `files`: the campaign's files that it encloses; `about`: as in `Draft`."""

    to: Recipient
    letter: str
    words: Words
    files: tuple[str, ...]
    about: tuple[tuple[str, str], ...]

    def said(self, wording: Wording) -> Letter:
        """Its subject and text. Raises SetupError where the campaign's wording is at fault."""
        return wording.write(self.letter, self.words, self.to.language)

    def in_folder(self, folder: str) -> Draft:
        """The draft that stands, or would stand, in that folder of the campaign."""
        return Draft(
            school=self.to.school, to=self.to.to, language=self.to.language, file=f"{folder}/{self.to.draft}",
            attachments=self.files, about=self.about,
        )  # fmt: skip


def write_draft(campaign: Campaign, wording: Wording, into: Path, ready: Ready) -> None:
    """Write a draft below a folder."""
    files = [
        Attachment(name=PurePosixPath(file).name, content=read_bytes(campaign.root / file))
        for file in ready.files
    ]
    write_safely(into / ready.to.draft, draft(ready.said(wording), ready.to.to, files))


def problems_json(problems: Iterable[tuple[School, str]]) -> list[dict[str, str]]:
    """Problems as the commands' documents have them."""
    return [{"school_id": school.key, "school": school.name, "problem": text} for school, text in problems]
