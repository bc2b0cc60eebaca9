"""To whom letters go: a school's plans together, in its language, to the addresses that the roster has."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from xlplan.campaign import Campaign, School, copy_name, district_folder, select
from xlplan.form.text import clean_text
from xlplan.pipeline.forms import form_for, wanted_language
from xlplan.post.addresses import addresses_of
from xlplan.post.days import day_in_words, short_day
from xlplan.post.words import PlanWords, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A school, or the district for its own plan: the roster's lines of its plans with one address. `to`: good ones.

    `draft`: where its draft stands in a folder of the outbox. `faults`: what the roster has for an address and is none.
    """

    lines: tuple[School, ...]
    to: tuple[str, ...]
    faults: tuple[str, ...]
    language: str
    draft: PurePosixPath

    @property
    def school(self) -> School:
        """The first of the lines."""
        return self.lines[0]


def recipients(campaign: Campaign, schools: Iterable[School]) -> list[Recipient]:
    """The recipients among these lines of the roster, in their order.

    A line without an address takes the school's; lines with several addresses are written to one by one.
    """
    own: dict[str, str] = {}
    for line in campaign.roster.schools:
        if line.email:
            own.setdefault(line.key, line.email)
    groups: dict[tuple[str, str], list[School]] = {}
    for line in schools:
        groups.setdefault((line.key, line.email or own.get(line.key, "")), []).append(line)
    keys = [key for key, _ in groups]
    return [
        _recipient(campaign, lines, email, several=keys.count(key) > 1)
        for (key, email), lines in groups.items()
    ]


def _recipient(campaign: Campaign, lines: list[School], email: str, *, several: bool) -> Recipient:
    first, found = lines[0], addresses_of(email)
    name = copy_name(first.key, first.district, first.school, campaign.template_of(first) if several else "")
    folder = district_folder(first.district_id, first.district)
    return Recipient(
        lines=tuple(lines), to=found.good, faults=found.faults, language=wanted_language(campaign, first),
        draft=PurePosixPath(folder, name).with_suffix(".eml"),
    )  # fmt: skip


def words_for(campaign: Campaign, to: Recipient, plans: Iterable[PlanWords], as_of: date) -> Words:
    """What a letter to a recipient can speak of."""
    words = words_of(campaign, to.school, to.language)
    due, settings = campaign.settings.due(to.school.key), campaign.settings
    return replace(
        words, due=day_in_words(due, to.language), due_day=short_day(due, to.language), plans=tuple(plans),
        days=(due - as_of).days if due else None, extended=is_extended(campaign, to.school.key),
        round=settings.round,
    )  # fmt: skip


def words_of(campaign: Campaign, school: School, language: str) -> Words:
    """The same without a deadline and plans: of a school, or of its district."""
    settings = campaign.settings
    return Words(
        school=one_line(school.name), district=one_line(school.district), year=one_line(settings.year),
        contact=one_line(settings.contact).rstrip(".!?"), due=day_in_words(settings.return_by, language),
        due_day=short_day(settings.return_by, language),
    )  # fmt: skip


def is_extended(campaign: Campaign, key: str) -> bool:
    """Whether a school has a later day than the others."""
    own, all_ = campaign.settings.extensions.get(key), campaign.settings.return_by
    return own is not None and (all_ is None or own > all_)


def fault_of(to: Recipient) -> str:
    """What is wrong with the addresses of a recipient."""
    said = ", ".join(f"“{fault[:80]}”" for fault in to.faults)
    return f"{to.school.name} ({to.school.key}): {said} is no e-mail address. Correct it in roster.csv."


def title_for(campaign: Campaign, school: School) -> str:
    """The plan's title, as the school's copy shows it."""
    return one_line(form_for(campaign, school).layout.spec.facts.title)


def one_line(text: str) -> str:
    """A name or title as it can stand within a sentence."""
    return clean_text(text, lines=False)


def chosen(campaign: Campaign, keys: Collection[str], districts: Collection[str]) -> list[School]:
    """The roster's lines of these schools and districts; all if none is named. Raises UsageError for one unknown."""

    lines = list(select(campaign.roster, districts).schools)
    if not keys:
        return lines
    wanted = [line for key in dict.fromkeys(keys) for line in campaign.plans_of(key)]
    return [line for line in lines if line in wanted] if districts else wanted
