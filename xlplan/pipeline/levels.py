"""One campaign or several rolled up into one summary: of a district, of a state, or for publishing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import SetupError, UsageError
from xlplan.ledger import Ledger
from xlplan.pipeline.destination import check_file
from xlplan.pipeline.reporting import DIGESTS, SUFFIXES, forms_of, least_of, place_of, write_report
from xlplan.pipeline.rolling import Opened, deck_of
from xlplan.rollup.deck import Deck
from xlplan.rollup.sheets.levels import BY, REGION

SHOWN = 5  # schools that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledUp:
    """Reports that were written, or would be, with their forms, and how many plans are in them and were asked for."""

    files: tuple[Path, ...]
    forms: tuple[str, ...]
    plans: int
    schools: int


@contextmanager
def opened_together(campaigns: Sequence[Campaign]) -> Iterator[list[Opened]]:
    """The campaigns with their ledgers, opened to ask. Raises UsageError where a plan would be counted twice."""
    _distinct(campaigns)
    with ExitStack() as stack:
        yield [(one, stack.enter_context(Ledger.open_to_ask(one.ledger_url))) for one in campaigns]


def rolled_up(
    campaigns: Sequence[Opened], as_of: date, *, forms: Sequence[str] = (), out: Path | None = None, by: str = BY[0],
    least: int | None = None, public: bool = False, alone: bool = False, elsewhere: bool = False, dry_run: bool = False,
) -> RolledUp:  # fmt: skip
    """Write the reports of these campaigns in each of the forms, from the same figures.

    `least`: hide counts under it, for publishing; `public` does so with a number of our own. What is published names
    no school and no person. `alone`: plans are published by themselves, and no report beside them. `elsewhere`: what
    is written will be moved to another machine, where no link finds the schools' files.
    """
    if by not in BY:
        raise UsageError(f'--by: there is no "{by}".{did_you_mean(by, BY)} Take one of: {", ".join(BY)}.')
    told, hidden = forms_of(forms, out), least_of(least, public=public)
    if hidden is not None and any(form in DIGESTS for form in told):
        raise UsageError(
            "The digest names schools and quotes them: it is for the board, and not made for publishing."
        )
    if out and alone:
        raise UsageError(
            "-o names a file for the sums, and plans for publishing are written without them. Leave it out."
        )
    if out:
        ends = SUFFIXES[told[0]] if forms else tuple(end for form in SUFFIXES.values() for end in form)
        check_file((campaign for campaign, _ in campaigns), out, ends)
    named = () if alone else told
    paths = tuple(out or place_of(campaigns, form, publishing=hidden is not None) for form in named)
    with deck_of(campaigns, as_of, out=next(iter(paths), None)) as found:
        deck = replace(found, by=by, linked=not elsewhere)
        _known_regions(deck)
        for form, path in () if dry_run else zip(named, paths, strict=True):
            write_report(campaigns, deck, form, path, hidden)
        return RolledUp(files=paths, forms=told, plans=deck.plans, schools=deck.schools)


def _distinct(campaigns: Sequence[Campaign]) -> None:
    roots: dict[Path, Campaign] = {}
    ids: dict[str, Campaign] = {}
    plans: dict[tuple[str, str], Campaign] = {}
    twice: list[str] = []
    other = campaigns[0]
    for campaign in campaigns:
        if campaign.root.resolve() in roots:
            raise UsageError(f"-C: {campaign.root} is named twice. Name each campaign once.")
        roots[campaign.root.resolve()] = campaign
        if first := ids.get(campaign.settings.id):
            raise UsageError(
                f"-C: {first.root} and {campaign.root} are the same campaign, {campaign.settings.id}: one is a copy of "
                "the other. Name one of them."
            )
        ids[campaign.settings.id] = campaign
        for school in campaign.roster.schools:
            holder = plans.setdefault((school.key, campaign.template_of(school)), campaign)
            if holder is not campaign:
                other = holder
                twice.append(f"{school.name} ({school.key}) in {holder.root} and {campaign.root}")
    if twice:
        more = f" and {len(twice) - SHOWN} more" if len(twice) > SHOWN else ""
        raise SetupError(
            f"{len(twice)} {'plan stands' if len(twice) == 1 else 'plans stand'} on two rosters with one template, "
            f"and would count twice: {'; '.join(twice[:SHOWN])}{more}. Name one campaign alone, or take them off the "
            f"roster of one, such as {other.root}."
        )


def _known_regions(deck: Deck) -> None:
    if deck.by == REGION and not deck.store.one("SELECT 1 FROM plans WHERE region IS NOT NULL LIMIT 1"):
        raise SetupError(
            "--by region: no school on the roster has a region. Add the column region to the roster, and run "
            "“xlplan roster update”."
        )
