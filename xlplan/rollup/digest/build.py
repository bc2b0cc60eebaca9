"""A deck in, the digest out: its sections in their order, those with nothing to tell left out and named."""

from __future__ import annotations

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.asking import asking
from xlplan.rollup.digest.changed import changes, progress
from xlplan.rollup.digest.counting import named
from xlplan.rollup.digest.deciding import deciding, method
from xlplan.rollup.digest.model import Digest
from xlplan.rollup.digest.money import money
from xlplan.rollup.digest.quoting import Quoter
from xlplan.rollup.digest.standing import due, glance
from xlplan.rollup.digest.taking_on import taking_on
from xlplan.rollup.words import long_day

MANY = 3  # forms that are counted instead of named


def digest_of(deck: Deck) -> Digest:
    """What the board reads: counted facts and the schools' own words, and nothing else."""
    quoter = Quoter()
    sections = (
        glance(deck), taking_on(deck, quoter), due(deck), money(deck), asking(deck, quoter), changes(deck),
        progress(deck, quoter), deciding(deck),
    )  # fmt: skip
    told = tuple(section for section in sections if section.blocks)
    left_out = [section.title for section in sections if not section.blocks]
    names = list(dict.fromkeys(form.rsplit(", version", 1)[0] for form in deck.forms))
    forms = " and ".join(names) if len(names) < MANY else f"{len(names)} forms"
    year = f" {deck.year.replace('-', '–')}" if deck.year else ""
    whose = named(deck.whose).text or "All plans"
    return Digest(
        title=f"{whose}: what the plans say", as_of=deck.as_of,
        about=f"Digest for the board. {named(forms + year).text}. As of {long_day(deck.as_of)}.",
        sections=(*told, method(deck, left_out)),
    )  # fmt: skip
