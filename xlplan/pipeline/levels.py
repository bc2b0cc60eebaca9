"""One campaign or several rolled up into one workbook: of a district, of a state, or for publishing."""

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
from xlplan.pipeline.rolling import Opened, deck_of
from xlplan.pipeline.summarise import default_report
from xlplan.rollup.deck import Deck
from xlplan.rollup.published import write_published
from xlplan.rollup.sheets.levels import BY, REGION
from xlplan.rollup.suppress import LEAST

SHOWN = 5  # schools that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledUp:
    """A summary that was written, or would be: how many plans are in its figures, and how many were asked for."""

    file: Path
    plans: int
    schools: int


@contextmanager
def opened_together(campaigns: Sequence[Campaign]) -> Iterator[list[Opened]]:
    """The campaigns with their ledgers, opened to ask. Raises UsageError where a plan would be counted twice."""
    _distinct(campaigns)
    with ExitStack() as stack:
        yield [(one, stack.enter_context(Ledger.open_to_ask(one.ledger_url))) for one in campaigns]


def rolled_up(
    campaigns: Sequence[Opened], as_of: date, *, out: Path | None = None, by: str = BY[0], least: int | None = None,
    dry_run: bool = False,
) -> RolledUp:  # fmt: skip
    """Write the summary of these campaigns; with `least` the one for publishing, that hides counts under it."""
    from xlplan.rollup.workbook import write_workbook

    if by not in BY:
        raise UsageError(f'--by: there is no "{by}".{did_you_mean(by, BY)} Take one of: {", ".join(BY)}.')
    if least is not None and least < LEAST:
        raise UsageError(f"--min-cell: take {LEAST} or more; with {least}, what is hidden would be known.")
    path = out or _place([campaign for campaign, _ in campaigns], publishing=least is not None)
    with deck_of(campaigns, as_of, out=path) as found:
        deck = replace(found, by=by)
        _known_regions(deck)
        if not dry_run and least is None:
            write_workbook(deck, path)
        elif not dry_run and least is not None:
            write_published(deck, path, least)
        return RolledUp(file=path, plans=deck.plans, schools=deck.schools)


def _place(campaigns: Sequence[Campaign], *, publishing: bool) -> Path:
    """Where the workbook is written: never over that of one campaign when it is of several, or for publishing."""
    own = default_report(campaigns[0])
    several = "together" if len(campaigns) > 1 else own.stem
    return own.with_name(f"{several}-published.xlsx" if publishing else f"{several}.xlsx")


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
