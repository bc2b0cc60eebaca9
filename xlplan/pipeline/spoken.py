"""Which schools get a copy in another language than the roster wants, told before it goes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from xlplan.campaign import Campaign, School
from xlplan.campaign.languages import is_known
from xlplan.languages import LANGUAGES
from xlplan.pipeline.forms import form_language, wanted_language

MOST = 5  # schools that a remark names


def language_remarks(campaign: Campaign, schools: Iterable[School]) -> tuple[str, ...]:
    """A sentence for each language and template that do not go together, with the schools that get English."""
    unknown: dict[str, list[School]] = defaultdict(list)
    unspoken: dict[tuple[str, str], list[School]] = defaultdict(list)
    for school in schools:
        if not is_known(school.language):
            unknown[school.language.strip()].append(school)
        elif (language := wanted_language(campaign, school)) != form_language(campaign, school):
            unspoken[language, campaign.template_of(school)].append(school)
    told = [
        f"“{text}” is no language that forms speak (English, {', '.join(LANGUAGES.values())}): {_english(found)}"
        for text, found in unknown.items()
    ]
    told += [
        f"{template} is not translated into {LANGUAGES[language]}: {_english(found)} "
        f"See xlplan templates {template} --language {language}."
        for (language, template), found in unspoken.items()
    ]
    return tuple(told)


def _english(schools: list[School]) -> str:
    named = ", ".join(f"{school.name} ({school.key})" for school in schools[:MOST])
    rest = f" and {len(schools) - MOST} more" if len(schools) > MOST else ""
    return f"{named}{rest} {'gets' if len(schools) == 1 else 'get'} English."
