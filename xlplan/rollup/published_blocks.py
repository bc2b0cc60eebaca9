"""The tables for publishing as numbers: sums of districts or regions, in which no small number can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlplan.rollup.data import READABLE
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import COST, FREED, STATUSES
from xlplan.rollup.sheets.causes import TOLD
from xlplan.rollup.sheets.levels import DISTRICTS, REGION, REGIONS, units_of
from xlplan.rollup.suppress import Cell, Shown, suppressed
from xlplan.rollup.words import counted

OTHER = "Other"
STATES = {
    "accepted": "Accepted", "approved": "Approved", "rejected": "To correct", "in-review": "Sent back",
    "waiting": "To decide", "issued": "Not returned", "not-issued": "Not sent",
}  # fmt: skip

MISSING = (
    "Where a number under the limit could be had by adding or subtracting the others of its row or column, the next "
    "smallest is withheld too, and totals where nothing else is left: for every number that is withheld, two values "
    "at least fit all that is shown."
)
LEFT_OUT = (
    "Whatever is of one school: names, answers, files, and the data behind the sums; and counts of people and "
    "benchmarks, which overlap with those of activities, so that the two together could give numbers away."
)
BEFORE = (
    "Two workbooks, of two days, or by districts and by regions, can say more than each alone; so can a workbook and "
    "the plans themselves. Publish one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table: a row a unit and one for all, a column a category and one for all; amounts in cents.

    `least`: the count from which on one is shown.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    marks: tuple[tuple[Shown, ...], ...]
    least: int
    money: bool = False

    @property
    def hidden(self) -> int:
        """How many numbers are not shown; of one unit, the row of all would say the same again."""
        shown = self.marks[:1] if len(self.marks) == 2 else self.marks
        seen = (line if len(self.columns) > 1 else line[:1] for line in shown)
        return sum(mark is not Shown.PLAIN for line in seen for mark in line)

    @property
    def telling(self) -> str:
        """How many numbers are withheld, and why."""
        withheld = f"{counted(self.hidden, 'number')} withheld: counts under {self.least}"
        return f"{withheld}, and what would give them away." if self.hidden else "Every number is shown."

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of its columns, with that of the sum where there is more than one."""
        return (*self.columns, "All") if len(self.columns) > 1 else self.columns

    def said(self, row: int, column: int) -> int | Decimal | str:
        """A cell as it is published: the number, "<N", or "–"."""
        value, mark = self.values[row][column], self.marks[row][column]
        if mark is Shown.PLAIN:
            return Decimal(value).scaleb(-2) if self.money else value
        return f"<{self.least}" if mark is Shown.SMALL and not self.money else "–"

    @property
    def total(self) -> int | Decimal | str:
        """The sum of all as it is published."""
        return self.said(len(self.values) - 1, len(self.columns))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that is published as numbers: a row for each of `names`, under `head`, in each of `blocks`."""

    whose: str
    head: str
    names: tuple[str, ...]
    blocks: tuple[Block, ...]
    least: int

    @property
    def rows(self) -> tuple[str, ...]:
        """The units, and where there are several all of them together."""
        return self.names if len(self.names) == 1 else (*self.names, "All")


def published(deck: Deck, least: int) -> Published:
    """The tables that have any numbers, by what the deck is by; no count under `least` can be had from them."""
    level = REGIONS if deck.by == REGION else DISTRICTS
    units = units_of(deck, level)
    keys = [key[0] for key, _ in units]
    names = tuple(named[0] for _, named in units)
    blocks = tuple(
        block for block in _blocks(deck, keys, level.keys[0], least) if any(map(any, block.values))
    )
    whose = deck.whose if len(units) > 1 else names[0]
    return Published(whose=whose, head=level.heads[0], names=names, blocks=blocks, least=least)


def method_lines(deck: Deck, found: Published) -> list[tuple[str, str]]:
    """How it was made, as labels with a text each."""
    least = found.least
    return [
        ("Made from", "; ".join(deck.forms)),
        ("Counted", counts_told(deck)),
        ("Small numbers", rule(least)),
        ("Why others are missing", MISSING),
        (
            "Amounts",
            f"Withheld where fewer than {least} plans stand behind one, and with it the next smallest.",
        ),
        ("Left out", LEFT_OUT),
        ("Published before", BEFORE),
        ("By", "Regions." if deck.by == REGION else "Districts."),
        ("Numbers withheld", ", ".join(f"{block.name} {block.hidden}" for block in found.blocks)),
    ]


def counts_told(deck: Deck) -> str:
    """Which plans are counted, without their number."""
    return "Drafts are counted too." if deck.counting == READABLE else "Plans not yet accepted are left out."


def rule(least: int) -> str:
    """What the marks of numbers that are not shown mean."""
    return f"Counts from 1 to {least - 1} read <{least}; – stands for what would give one away."


def _blocks(deck: Deck, keys: Sequence[Any], by: str, least: int) -> list[Block]:
    """Tables over facts that overlap in none, so that no two of them together give more away than each alone."""
    states = _counts(deck, f"SELECT {by}, state, count(*) FROM plans GROUP BY 1, 2", STATES)
    status = _counts(
        deck,
        f"SELECT {by}, status, count(*) FROM activities_full GROUP BY 1, 2",
        {name: name for name in STATUSES},
    )
    themes = _counts(
        deck,
        f"SELECT plans.{by}, theme, count(*) FROM {TOLD} AS told JOIN plans ON plans.plan = told.plan GROUP BY 1, 2",
        None,
    )
    offered = {
        row[0]: row[0] for row in deck.store.rows("SELECT DISTINCT choice FROM choices ORDER BY n, choice")
    }
    chosen = _counts(deck, f"SELECT {by}, priority, count(*) FROM priorities_full GROUP BY 1, 2", offered)
    needs = _counts(deck, f"SELECT {by}, 'Needs', count(*) FROM needs_full GROUP BY 1", None)
    made = [
        _block("Plans", "Plans by state", states, keys, least),
        _block("Activities", "Activities by how they stand", status, keys, least),
        _block(
            "Causes", "Causes by theme, each as often as it has themes (Other: none)", themes, keys, least
        ),
        _block("Priorities", "Connections of strategies with priorities", chosen, keys, least),
        _block("Needs", "What plans ask for", needs, keys, least),
    ]
    return [*made, *(_amounts(deck, keys, by, least, role) for role in (COST, FREED))]


Counts = dict[tuple[Any, str], int]


def _counts(deck: Deck, sql: str, known: Mapping[str, str] | None) -> Counts:
    """Counts by unit and category; a category that is none of `known` may be somebody's own words: Other."""
    found: Counts = {}
    for unit, category, number in deck.store.rows(sql):
        name = category if known is None else known.get(category, OTHER)
        found[unit, name] = found.get((unit, name), 0) + number
    order = list(known.values()) if known else sorted({name for _, name in found} - {OTHER})
    return dict(
        sorted(found.items(), key=lambda item: order.index(item[0][1]) if item[0][1] in order else len(order))
    )


def _block(name: str, title: str, counts: Counts, keys: Sequence[Any], least: int) -> Block:
    columns = tuple(dict.fromkeys(column for _, column in counts))
    values = _with_totals([[counts.get((key, column), 0) for column in columns] for key in keys])
    return Block(
        name=name,
        title=title,
        columns=columns,
        values=values,
        marks=_marks(suppressed(values, least)),
        least=least,
    )


def _amounts(deck: Deck, keys: Sequence[Any], by: str, least: int, role: str) -> Block:
    """Amounts, small where fewer plans than `least` stand behind them."""
    found = {
        row[0]: (row[1], row[2])
        for row in deck.store.rows(
            f"SELECT {by}, sum(amount), count(DISTINCT plan) FROM money_full "
            "WHERE role = ? AND amount IS NOT NULL GROUP BY 1",
            [role],
        )
    }
    values = _with_totals([[found.get(key, (0, 0))[0]] for key in keys])
    behind = [found.get(key, (0, 0))[1] for key in keys]
    behind.append(sum(behind))
    small: list[Cell] = [
        (row, column) for row, plans in enumerate(behind) if 0 < plans < least for column in (0, 1)
    ]
    title = "Costs" if role == COST else "Freed by what is given up"
    return Block(
        name="Costs" if role == COST else "Freed", title=title, columns=("Amount",), values=values, money=True,
        marks=_marks(suppressed(values, least, small)), least=least,
    )  # fmt: skip


def _with_totals(inner: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in inner]
    return (*rows, tuple(map(sum, zip(*rows, strict=True))))


def _marks(found: Sequence[Sequence[Shown]]) -> tuple[tuple[Shown, ...], ...]:
    return tuple(tuple(line) for line in found)
