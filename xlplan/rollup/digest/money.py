"""What the plans cost: in all, by source, without a source, freed and reallocated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, named, number, plans_in, word
from xlplan.rollup.digest.model import Block, Num, Own, Section, Source, Table, says
from xlplan.rollup.measures import coded, values_by
from xlplan.rollup.standard import COST_LINES, COST_OPEN, COSTS, FREED_MONEY, REALLOCATED, UNFUNDED

SHEET = "Money"
MOST = 8  # sources of the table
TITLE = "What it costs"
PRICED = COST_LINES.where_also("amount", None, operator="<>")


def money(deck: Deck) -> Section:
    """Costs as the plans state them; freed money is not taken off."""
    lines = figure(deck, COST_LINES, SHEET)
    freed = figure(deck, FREED_MONEY, SHEET)
    told: list[Block] = []
    if lines.value:
        told += _costs(deck, lines)
    if freed.value:
        told.append(says(freed, " is freed by what is given up. It is not taken off the costs."))
    return Section(TITLE, tuple(told))


def _costs(deck: Deck, lines: Num) -> list[Block]:
    total = figure(deck, COSTS, SHEET)
    priced = figure(deck, PRICED, SHEET, zero="None")
    plans = plans_in(deck, PRICED, SHEET)
    if not priced.value:
        return [says(priced, " of ", lines, word(lines, " cost line", " cost lines"), " has an amount yet.")]
    told: list[Block] = [says(plans, word(plans, " plan states", " plans state"), " costs of ", total, " in ", priced,
                             word(priced, " line.", " lines."))]  # fmt: skip
    if priced.value != lines.value:
        told.append(
            says(priced, " of ", lines, f" lines {'has' if priced.value == 1 else 'have'} an amount.")
        )
    told += _by_source(deck, total)
    for measure, words in ((UNFUNDED, " of the costs is without a source."),
                           (COSTS.where_also("source", None).where_also("open", False),
                            " of the costs stands where the form does not ask for a source."),
                           (REALLOCATED, " of the costs is paid by reallocating what there is.")):  # fmt: skip
        part = figure(deck, measure, SHEET)
        if part.value:
            told.append(says("All ", part, words) if part.value == total.value else says(part, words))
    still_open = figure(deck, COST_OPEN, SHEET)
    if still_open.value:
        told.append(
            says("The amount or the source is open in ", still_open, word(still_open, " line.", " lines."))
        )
    return told


def _by_source(deck: Deck, total: Num) -> list[Block]:
    """Each source with its lines, those of them with an amount, and the sum of these."""
    sums = values_by(deck.store, COSTS, "source_key")
    keys = sorted((key for key in sums if key), key=lambda key: (-sums[key], str(key)))
    if not keys:
        return []
    rows: list[tuple[Own | Num, ...]] = []
    for key in keys[:MOST]:
        name = deck.store.one("SELECT min(source) FROM money WHERE source_key = ?", [key])
        rows.append((named(name), *_line(deck, key)))
    if len(keys) > MOST:
        rows.append((Own("Other sources"), *_rest(deck, keys[MOST:])))
    if None in sums:
        rows.append((Own("No source named"), *_line(deck, None)))
    every = (figure(deck, measure, SHEET) for measure in (COST_LINES, PRICED))
    columns = ("Funding source", "Lines", "With an amount", "Amount")
    return [Table(title="Costs by funding source", columns=columns, rows=tuple(rows), total=(Own("All"), *every, total),
                  sheet=SHEET)]  # fmt: skip


def _line(deck: Deck, key: str | None) -> list[Num]:
    return [
        figure(deck, coded(deck.store, measure, "source_key", key), SHEET)
        for measure in (COST_LINES, PRICED, COSTS)
    ]


def _rest(deck: Deck, keys: Sequence[str]) -> Iterator[Num]:
    for measure, what in ((COST_LINES, "lines"), (PRICED, "lines with an amount"), (COSTS, "costs")):
        values = values_by(deck.store, measure, "source_key")
        none = Decimal(0) if measure is COSTS else 0
        many = sum((values.get(key, 0) for key in keys), none)
        yield number(many, Source(sheet=SHEET, how=f"{what} of other sources than the {MOST} above"))
