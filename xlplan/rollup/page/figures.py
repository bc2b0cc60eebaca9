"""The figures of a page: their text, and what each plan adds, once for all places that show the same."""

from __future__ import annotations

from decimal import Decimal

from xlplan.rollup.report.model import Number, Share
from xlplan.rollup.words import dollars

Flat = tuple[int, ...]


class Figures:
    """Gives each figure that can be counted again a number; `listed` is what the page's script takes.

    `counting`: false where plans cannot be chosen; then nothing of what a single plan adds reaches the page.
    """

    def __init__(self, *, counting: bool) -> None:
        self._counting = counting
        self._known: dict[Flat, int] = {}

    def key(self, number: Number) -> str:
        """What the page calls it; empty where it stays as it is."""
        if not self._counting or not number.by:
            return ""
        flat: list[int] = []
        for plan, value in sorted(number.by.items()):
            flat += (plan, units(value, number.kind))
        return str(self._known.setdefault(tuple(flat), len(self._known)))

    def keys(self, share: Share) -> str:
        """The same of a share: "3/4", where a part that no plan adds to is 0 and has no number."""
        whole = self.key(share.whole)
        return f"{self.key(share.part)}/{whole}" if whole else ""

    @property
    def listed(self) -> list[Flat]:
        """Each figure in its order: plan, value, plan, value, …"""
        return list(self._known)


def units(value: int | Decimal, kind: str) -> int:
    """The value as the script counts it: money in cents."""
    return int(Decimal(value).scaleb(2).to_integral_exact()) if kind == "money" else int(value)


def told(number: Number, *, short: bool = False) -> str:
    """ "1,234", "$1,234.50"; `short`: whole dollars without cents."""
    if number.kind != "money":
        return f"{number.value:,}"
    return dollars(Decimal(number.value)) if short else f"${Decimal(number.value):,.2f}"


def told_share(share: Share) -> str:
    """ "12 of 68", or "67%", rounded down; "–" of nothing."""
    if share.shown == "of":
        return f"{told(share.part, short=True)} of {told(share.whole, short=True)}"
    return f"{int(100 * share.part.value // share.whole.value)}%" if share.whole.value else "–"
