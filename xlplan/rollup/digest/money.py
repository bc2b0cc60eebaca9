"""What the plans cost: in all, by source, without a source, freed and reallocated."""

from __future__ import annotations

from decimal import Decimal

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, named, number, plans_in, word
from xlplan.rollup.digest.model import Block, Num, Own, Section, Source, Table, says
from xlplan.rollup.measures import coded, value, values_by
from xlplan.rollup.standard import COST_LINES, COST_OPEN, COSTS, FREED_MONEY, REALLOCATED, UNFUNDED

SHEET = "Money"
MOST = 8  # sources of the table
TITLE = "What it costs"


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
    with_amount = COST_LINES.where_also("amount", None, operator="<>")
    priced = figure(deck, with_amount, SHEET, zero="None")
    plans = plans_in(deck, with_amount, SHEET)
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
    sums, many = values_by(deck.store, COSTS, "source_key"), values_by(deck.store, COST_LINES, "source_key")
    keys = sorted((key for key in sums if key), key=lambda key: (-sums[key], str(key)))
    if not keys:
        return []
    rows: list[tuple[Own | Num, ...]] = []
    for key in keys[:MOST]:
        name = deck.store.one("SELECT min(source) FROM money WHERE source_key = ?", [key])
        rows.append((named(name), *_pair(deck, key, Decimal(sums[key]), int(many[key]))))
    if len(keys) > MOST:
        how = f"other sources than the {MOST} above"
        rest = [number(sum(int(many[key]) for key in keys[MOST:]), Source(sheet=SHEET, how=f"lines of {how}")),
                number(sum((Decimal(sums[key]) for key in keys[MOST:]), Decimal(0)),
                       Source(sheet=SHEET, how=f"costs of {how}"))]  # fmt: skip
        rows.append((Own("Other sources"), *rest))
    if None in sums:
        rows.append((Own("No source named"), *_pair(deck, None, Decimal(sums[None]), int(many[None]))))
    lines = number(value(deck.store, COST_LINES), Source(sheet=SHEET, measure=COST_LINES))
    return [Table(title="Costs by funding source", columns=("Funding source", "Lines", "Amount"), rows=tuple(rows),
                  total=(Own("All"), lines, total), sheet=SHEET)]  # fmt: skip


def _pair(deck: Deck, key: str | None, amount: Decimal, lines: int) -> tuple[Num, Num]:
    of_lines, of_costs = (coded(deck.store, measure, "source_key", key) for measure in (COST_LINES, COSTS))
    return number(lines, Source(sheet=SHEET, measure=of_lines)), number(
        amount, Source(sheet=SHEET, measure=of_costs)
    )
