"""The workbook for publishing: sums of districts or regions alone, in which no small number can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlplan.campaign.files import replacing
from xlplan.rollup.book import Book, Page
from xlplan.rollup.data import READABLE
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import COST, FREED, STATUSES
from xlplan.rollup.look import heads, height
from xlplan.rollup.sheets.levels import DISTRICTS, REGION, REGIONS, units_of
from xlplan.rollup.suppress import Cell, Shown, suppressed
from xlplan.rollup.words import counted, short_day

TOP = 2  # the row of a head
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
    "Two workbooks, of two days, or by districts and by regions, can say more than each alone. Publish one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One table: a row a unit and one for all, a column a category and one for all; amounts in cents."""

    name: str
    title: str
    columns: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    marks: tuple[tuple[Shown, ...], ...]
    money: bool = False

    @property
    def hidden(self) -> int:
        """How many numbers are not shown."""
        return sum(mark is not Shown.PLAIN for line in self.marks for mark in line)


def write_published(deck: Deck, path: Path, least: int) -> None:
    """Write the workbook, whole or not at all: no school, no formula, no words of a school, no count under `least`."""
    level = REGIONS if deck.by == REGION else DISTRICTS
    units = units_of(deck, level)
    keys = [key[0] for key, _ in units]
    names = [named[0] for _, named in units]
    blocks = [block for block in _blocks(deck, keys, level.keys[0], least) if any(map(any, block.values))]
    whose = deck.whose if len(units) > 1 else names[0]
    with replacing(path) as draft:
        book = Book(str(draft), footer=f"{whose} · {deck.year}", as_of=deck.as_of, folder=deck.store.folder)
        _summary(book, deck, blocks, whose, least)
        for block in blocks:
            _write(book, block, names, level.heads[0], whose, least)
        _method(book, deck, blocks, least)
        book.file.close()


def _blocks(deck: Deck, keys: Sequence[Any], by: str, least: int) -> list[_Block]:
    """Tables over facts that overlap in none, so that no two of them together give more away than each alone."""
    states = _counts(deck, f"SELECT {by}, state, count(*) FROM plans GROUP BY 1, 2", STATES)
    status = _counts(
        deck,
        f"SELECT {by}, status, count(*) FROM activities_full GROUP BY 1, 2",
        {name: name for name in STATUSES},
    )
    themes = _counts(
        deck,
        f"SELECT plans.{by}, theme, count(*) FROM themes JOIN plans ON plans.plan = themes.plan GROUP BY 1, 2",
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
        _block("Causes", "Causes by theme, each as often as it has themes", themes, keys, least),
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
    order = list(known.values()) if known else sorted({name for _, name in found})
    return dict(
        sorted(found.items(), key=lambda item: order.index(item[0][1]) if item[0][1] in order else len(order))
    )


def _block(name: str, title: str, counts: Counts, keys: Sequence[Any], least: int) -> _Block:
    columns = tuple(dict.fromkeys(column for _, column in counts))
    values = _with_totals([[counts.get((key, column), 0) for column in columns] for key in keys])
    return _Block(
        name=name, title=title, columns=columns, values=values, marks=_marks(suppressed(values, least))
    )


def _amounts(deck: Deck, keys: Sequence[Any], by: str, least: int, role: str) -> _Block:
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
    return _Block(
        name="Costs" if role == COST else "Freed", title=title, columns=("Amount",), values=values, money=True,
        marks=_marks(suppressed(values, least, small)),
    )  # fmt: skip


def _with_totals(inner: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in inner]
    return (*rows, tuple(map(sum, zip(*rows, strict=True))))


def _marks(found: Sequence[Sequence[Shown]]) -> tuple[tuple[Shown, ...], ...]:
    return tuple(tuple(line) for line in found)


def _said(block: _Block, row: int, column: int, least: int) -> Any:
    value, mark = block.values[row][column], block.marks[row][column]
    if mark is Shown.PLAIN:
        return Decimal(value).scaleb(-2) if block.money else value
    return f"<{least}" if mark is Shown.SMALL and not block.money else "–"


def _summary(book: Book, deck: Deck, blocks: Sequence[_Block], whose: str, least: int) -> None:
    page = book.page("Summary", [44, 20, 60], tall=1)
    page.title(f"{whose}, {deck.year}", f"As of {short_day(deck.as_of)}. {_rule(least)}", home=False)
    styles = ["row", "row.money", "row"]
    page.row(TOP, ["What", "All together", "By unit on sheet"], heads(styles), 22)
    for row, block in enumerate(blocks, start=TOP + 1):
        style = "row.money" if block.money else "row.count"
        page.put(row, 0, block.title, "row")
        page.put(row, 1, _said(block, len(block.values) - 1, len(block.columns), least), style)
        page.link(row, 2, block.name, block.name, "row.link")
    page.put(TOP + len(blocks) + 2, 0, _counted(deck), "note")


def _write(book: Book, block: _Block, names: Sequence[str], head: str, whose: str, least: int) -> None:
    columns = [*block.columns, "All"] if len(block.columns) > 1 else list(block.columns)
    width = 16 if block.money else 13
    page = book.page(block.name, [34, *[width] * max(3, len(columns))])
    shown = counted(block.hidden, "number")
    finding = f"{shown} withheld: counts under {least}, and what would give them away."
    page.title(f"{block.title}: {whose}", finding if block.hidden else "Every number is shown.")
    kind = "row.money" if block.money else "row.count"
    styles = ["row.bold", *[kind] * len(columns)]
    page.sheet.set_row(TOP, height(*((column, width) for column in columns)) + 20)
    rows = names if len(names) == 1 else [*names, "All"]
    for row, name in enumerate(rows):
        page.row(
            TOP + 1 + row, [name, *(_said(block, row, column, least) for column in range(len(columns)))], styles,
            height((name, 34)),
        )  # fmt: skip
    if len(names) > 1:
        _total(page, TOP + len(rows), block, columns, least)
    page.table(
        f"published_{block.name.lower()}", TOP, [head, *_unique(columns, head)], len(names), heads(styles)
    )
    page.sheet.freeze_panes(TOP + 1, 1)
    page.sheet.repeat_rows(0, TOP)


def _total(page: Page, row: int, block: _Block, columns: Sequence[str], least: int) -> None:
    last = len(block.values) - 1
    page.put(row, 0, "All", "last")
    for column in range(len(columns)):
        page.put(
            row, column + 1, _said(block, last, column, least), "last.money" if block.money else "last.count"
        )


def _unique(columns: Sequence[str], head: str) -> list[str]:
    """Heads of a table, which must differ, whatever choices are called."""
    taken, found = {head.casefold()}, []
    for column in columns:
        name = column
        while name.casefold() in taken:
            name += " "
        taken.add(name.casefold())
        found.append(name)
    return found


def _method(book: Book, deck: Deck, blocks: Sequence[_Block], least: int) -> None:
    page = book.page("Method", [30, 110])
    page.title("Method", f"How this was made, as of {short_day(deck.as_of)}.")
    lines = [
        ("Made from", "; ".join(deck.forms)),
        ("Counted", _counted(deck)),
        ("Small numbers", _rule(least)),
        ("Why others are missing", MISSING),
        (
            "Amounts",
            f"Withheld where fewer than {least} plans stand behind one, and with it the next smallest.",
        ),
        ("Left out", LEFT_OUT),
        ("Published before", BEFORE),
        ("By", "Regions." if deck.by == REGION else "Districts."),
        ("Numbers withheld", ", ".join(f"{block.name} {block.hidden}" for block in blocks)),
    ]
    for row, (label, text) in enumerate(lines, start=TOP):
        page.row(row, [label, text], ["label", "prose"], height((text, 110)))


def _counted(deck: Deck) -> str:
    """Which plans are counted, without their number."""
    return "Drafts are counted too." if deck.counting == READABLE else "Plans not yet accepted are left out."


def _rule(least: int) -> str:
    return f"Counts from 1 to {least - 1} read <{least}; – stands for what would give one away."
