"""What is made for publishing from campaigns: the report with its numbers and words, and plans without persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from xlplan.form.spec import FormSpec
from xlplan.pipeline.rolling import Opened, Source
from xlplan.pipeline.status import SchoolState
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.deck import Deck
from xlplan.rollup.public.names import Names
from xlplan.rollup.public.plans import people_of, public_plan, public_spec
from xlplan.rollup.public.quotations import CAUSES, NEEDS, PRIORITIES, Quotations
from xlplan.rollup.public.schools import Schools
from xlplan.rollup.public.scrub import Scrubber
from xlplan.rollup.published_blocks import published
from xlplan.rollup.report.model import Report
from xlplan.rollup.report.public import public_report as report_of
from xlplan.rollup.themes import load

PUBLIC = ("accepted", "approved")  # states of plans whose words are published
_CALLED = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w'’-]+)+")


def public_report(campaigns: Sequence[Opened], deck: Deck, least: int) -> Report:
    """The report for publishing of what a deck holds; no count under `least` can be had from it."""
    sources = [Source(campaign, ledger, deck.as_of) for campaign, ledger in campaigns]
    names = Names({name for source in sources for name in _people(source)})
    scrubber = Scrubber(names)
    words = Quotations(scrubber, Schools(_schools(deck)), least)
    number = 0
    for source in sources:
        themes = load(source.campaign.root)
        for item, _, record in _plans(source, scrubber):
            number += 1
            for name, rows in source.reader(item.template).facts(record, "").items():
                if name == "causes":
                    for row in rows:
                        for theme in dict.fromkeys(theme for theme, _ in themes.matches(row["cause"] or "")):
                            words.add(CAUSES, theme, number, row["cause"])
                elif name == "priorities":
                    for row in rows:
                        words.add(PRIORITIES, row["priority"], number, row["strategy"])
                elif name == "needs":
                    for row in rows:
                        words.add(NEEDS, row["kind"], number, row["need"] or row["item"])
    return report_of(deck, published(deck, least), words)


def names_of(campaigns: Sequence[Opened], as_of: date) -> Names:
    """Everybody whom a plan of the campaigns names."""
    sources = (Source(campaign, ledger, as_of) for campaign, ledger in campaigns)
    return Names({name for source in sources for name in _people(source)})


def plans_for_publishing(
    opened: Opened, names: Names, as_of: date
) -> Iterator[tuple[SchoolState, FormSpec, PlanRecord]]:
    """The accepted plans of a campaign without private fields and persons, each with the form that is left of it."""
    return _plans(Source(*opened, as_of), Scrubber(names))


def _plans(source: Source, scrubber: Scrubber) -> Iterator[tuple[SchoolState, FormSpec, PlanRecord]]:
    """The accepted plans without private fields and persons, each with the form that they leave."""
    specs: dict[
        int, tuple[FormSpec, FormSpec]
    ] = {}  # by id; the whole one is held, so that no other takes its id
    for item, record in source.in_figures():
        if item.state not in PUBLIC or record.draft:
            continue
        whole = source.forms.form(item.school).layout.spec
        if id(whole) not in specs:
            specs[id(whole)] = whole, public_spec(whole, source.campaign.settings.private)
        spec = specs[id(whole)][1]
        yield item, spec, public_plan(spec, record, scrubber)


def _people(source: Source) -> Iterator[str]:
    """Everybody whom a plan of the campaign names, whether it is in the figures or not, and its contact."""
    yield from _CALLED.findall(source.campaign.settings.contact)
    for item, record in source.returned():
        if record is not None:
            yield from people_of(source.shape(item.template), record)


def _schools(deck: Deck) -> Iterator[str]:
    """The schools of the roster, and their districts where there are several."""
    for column in ("school", "district"):
        names = [str(row[0]) for row in deck.store.rows(f"SELECT DISTINCT {column} FROM plans") if row[0]]
        yield from names if column == "school" or len(names) > 1 else ()
