"""A district's zip: the copies of its schools without an address, an index, and a letter that asks to pass them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from xlplan.campaign import Campaign, School, district_folder, write_safely
from xlplan.pipeline.copies_at_hand import CurrentCopy
from xlplan.pipeline.forms import wanted_language
from xlplan.pipeline.recipients import Recipient, is_extended, one_line, words_of
from xlplan.post.addresses import addresses_of
from xlplan.post.days import day_in_words
from xlplan.post.drafts import Attachment, draft
from xlplan.post.packs import write_pack
from xlplan.post.wording import Wording
from xlplan.post.words import SchoolWords

# many mail servers take 20 MB, and what is attached grows by a third
MOST_ATTACHED = 12_000_000  # bytes of a zip that goes with a letter

Plans = Sequence[Sequence[CurrentCopy]]  # of a recipient: the copies of each plan
Waiting = Sequence[tuple[Recipient, Plans]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A district's zip with its cover letter. `attached`: whether the zip goes with the letter."""

    district_id: str
    district: str
    file: str
    letter: str
    to: tuple[str, ...]
    schools: tuple[str, ...]
    attached: bool

    def as_json(self) -> dict[str, Any]:
        """Its entry in the document."""
        return {
            "district_id": self.district_id,
            "district": self.district,
            "file": self.file,
            "letter": self.letter,
            "to": list(self.to),
            "schools": list(self.schools),
            "attached": self.attached,
        }

    def within(self, folder: str) -> Pack:
        """The same with its files' places within the campaign."""
        return replace(self, file=f"{folder}/{self.file}", letter=f"{folder}/{self.letter}")


def planned(campaign: Campaign, waiting: Waiting) -> Pack:
    """The zip of a district's schools as it would be made; `waiting`: who gets a place in it."""
    line = waiting[0][0].school
    own = _own_line(campaign, line.district_id)
    name = district_folder(line.district_id, line.district)
    size = sum((campaign.root / copy.file).stat().st_size for copy in _copies(waiting))
    return Pack(
        district_id=line.district_id, district=line.district, file=f"{name}.zip", letter=f"{name}.eml",
        to=addresses_of(own.email).good if own else (),
        schools=tuple(dict.fromkeys(to.school.key for to, _ in waiting)), attached=size <= MOST_ATTACHED,
    )  # fmt: skip


def write(campaign: Campaign, wording: Wording, into: Path, waiting: Waiting) -> Pack:
    """Write a district's zip and its letter into a folder."""
    pack, line = planned(campaign, waiting), waiting[0][0].school
    own = _own_line(campaign, line.district_id)
    language = wanted_language(
        campaign, own or replace(line, language="")
    )  # a school's is not its district's
    path = into / pack.file
    files = ((name_of(copy), campaign.root / copy.file) for copy in _copies(waiting))
    write_pack(path, _index(campaign, waiting, language), files)
    words = replace(
        words_of(campaign, replace(line, school="", school_id=""), language), pack=pack.file, enclosed=pack.attached,
        extended=any(is_extended(campaign, to.school.key) for to, _ in waiting),
        schools=tuple(
            SchoolWords(name=one_line(to.school.name), id=to.school.key, files=_names(plans)) for to, plans in waiting
        ),
    )  # fmt: skip
    letter = wording.write("cover", words, language)
    enclosed = [Attachment(name=path.name, content=path.read_bytes())] if pack.attached else []
    write_safely(into / pack.letter, draft(letter, pack.to, enclosed))
    return pack


def name_of(copy: CurrentCopy) -> str:
    """What a copy's file is called where it is enclosed."""
    return PurePosixPath(copy.file).name


def _names(plans: Plans) -> tuple[str, ...]:
    return tuple(name_of(copy) for own in plans for copy in own)


def _copies(waiting: Waiting) -> list[CurrentCopy]:
    return [copy for _, plans in waiting for own in plans for copy in own]


def _own_line(campaign: Campaign, district_id: str) -> School | None:
    """The roster's line of the district itself, the first with an address."""
    lines = [line for line in campaign.roster.schools if line.key == district_id and not line.school_id]
    return next((line for line in lines if line.email), lines[0] if lines else None)


def _index(campaign: Campaign, waiting: Waiting, language: str) -> str:
    """What is in a zip, a paragraph a school: its name and id, its day, its files."""
    line = waiting[0][0].school
    out = [f"{one_line(line.district)}, {one_line(campaign.settings.year)}", ""]
    for to, plans in waiting:
        out.append(f"{one_line(to.school.name)} ({to.school.key})")
        out += [f"    {day}" for day in [day_in_words(campaign.settings.due(to.school.key), language)] if day]
        out += [*(f"    {name}" for name in _names(plans)), ""]
    return "\n".join(out)
