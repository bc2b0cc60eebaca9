"""What a campaign's settings name by path, held against its templates before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.campaign import Campaign
from xlplan.campaign.folder import SETTINGS, unknown_templates
from xlplan.campaign.nearest import did_you_mean
from xlplan.checks import WORD_LISTS
from xlplan.errors import SetupError, UsageError
from xlplan.form.inspect import spec_of
from xlplan.form.specialise import misfits
from xlplan.pipeline.forms import facts_for, known_paths, places_of
from xlplan.templates import template


def check_settings(campaign: Campaign) -> None:
    """Nothing, or a SetupError with a line for each template, path or list that does not fit."""
    where = campaign.root / SETTINGS
    for name in unknown_templates(campaign):
        try:
            template(name)
        except UsageError as error:
            raise SetupError(f"{campaign.root}: {error}") from None
    problems = [f"{where}: {text}" for text in (*_paths(campaign), *_lists(campaign), *_words(campaign))]
    if problems:
        raise SetupError("\n".join(dict.fromkeys(problems)))


def _paths(campaign: Campaign) -> Iterator[str]:
    """Paths that no template of the campaign has, or none of the school's."""
    settings = campaign.settings
    known = {name: known_paths(campaign.model(name)) for name in campaign.templates}
    fields = frozenset().union(*(found[0] for found in known.values()))
    tables = frozenset().union(*(found[1] for found in known.values()))
    places = frozenset().union(*(places_of(campaign.model(name)) for name in campaign.templates))
    named = [("[slots]", path, tables, "repeated group") for path in settings.slots]
    for key, slots in settings.school_slots.items():
        own = frozenset().union(*(known[campaign.template_of(line)][1] for line in campaign.plans_of(key)))
        named += [(f"[slots.{key}]", path, own, "repeated group") for path in slots]
    named += [("[optional] fields", path, fields, "field") for path in settings.optional]
    named += [("[private] fields", path, places, "field or group") for path in settings.private]
    named += [("[lists]", path, fields, "field") for path in settings.lists]
    named += [("[help]", path, fields, "field") for path in settings.help]
    for place, path, there, what in named:
        if path not in there:
            yield f"{place}: there is no {what} {path!r} in {_said(campaign)}.{did_you_mean(path, there)}"


def _words(campaign: Campaign) -> Iterator[str]:
    """Names of word lists that no check has."""
    for name in campaign.settings.words:
        if name not in WORD_LISTS:
            yield f"[words]: there is no list of words {name!r}.{did_you_mean(name, WORD_LISTS)}"


def _said(campaign: Campaign) -> str:
    return " or ".join(campaign.templates)


def _lists(campaign: Campaign) -> Iterator[str]:
    """Lists and optional fields that their template cannot take."""
    own = campaign.settings.school_slots
    alike = {  # schools of whose copies the form facts are the same
        (campaign.template_of(school), school.language, school.key if school.key in own else ""): school
        for school in campaign.roster.schools
    }
    for (name, *_), school in alike.items():
        facts = facts_for(campaign, school)
        yield from (text for _, _, text in misfits(spec_of(campaign.model(name)), facts) if text)
