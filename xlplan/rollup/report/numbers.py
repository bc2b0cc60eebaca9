"""Figures with what each plan adds to them, so that a page can count again for the plans that a reader chooses."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import Measure, values_by
from xlplan.rollup.report.model import Number

By = dict[int, int | Decimal]


def number(deck: Deck, *measures: Measure) -> Number:
    """A figure, or the sum of several of one kind."""
    by: By = {}
    for measure in measures:
        for plan, found in values_by(deck.store, measure, "plan").items():
            if found:
                by[plan] = by.get(plan, 0) + found
    kind = kind_of(measures[0])
    return summed(by, kind, measures[0].name if len(measures) == 1 else "")


def numbers_by(deck: Deck, measure: Measure, *columns: str) -> dict[Any, Number]:
    """The figure for each value of a column, or for each tuple of values of several."""
    groups: dict[Hashable, By] = {}
    for key, found in values_by(deck.store, measure, *columns, "plan").items():
        *whose, plan = key
        by = groups.setdefault(whose[0] if len(whose) == 1 else tuple(whose), {})
        by[plan] = by.get(plan, 0) + found
    return {key: summed(by, kind_of(measure)) for key, by in groups.items()}


def query(deck: Deck, sql: str, values: Iterable[Any] = (), *, money: bool = False) -> dict[Any, Number]:
    """The same by a query of own words, whose rows are a key, a plan, and a value (money in cents)."""
    groups: dict[Any, By] = {}
    for key, plan, found in deck.store.rows(sql, values):
        groups.setdefault(key, {})[plan] = Decimal(found).scaleb(-2) if money else int(found)
    return {key: summed(by, "money" if money else "count") for key, by in groups.items()}


def summed(by: Mapping[int, int | Decimal], kind: str = "count", name: str = "") -> Number:
    """The sum of what plans add."""
    start: int | Decimal = Decimal(0) if kind == "money" else 0
    return Number(value=sum(by.values(), start), by=by, kind=kind, name=name)


def together(*numbers: Number) -> Number:
    """The sum of figures."""
    by: By = {}
    for one in numbers:
        for plan, found in one.by.items():
            by[plan] = by.get(plan, 0) + found
    return summed(by, numbers[0].kind if numbers else "count")


def kind_of(measure: Measure) -> str:
    """ "money" for a sum of money, else "count"."""
    return "money" if measure.sum and measure.facts.column(measure.sum).kind == "money" else "count"


NONE = Number(value=0)
