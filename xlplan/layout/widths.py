"""Widths of a sheet's columns in later rounds: what they add has to find room on a page, so that texts give way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlplan.form.markers import Kind
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.layout.cards import CARD_WIDTHS
from xlplan.layout.rows import columns_of, label_of, widths_of

MOST, MOST_AT_CHECK = 150.0, 160.0  # characters of all columns from D on, less the margin
_LEAST = {
    Kind.PROSE: 22.0, Kind.TEXT: 18.0, Kind.PERSON: 15.0, Kind.DATE: 12.5, Kind.PAST_DATE: 12.5, Kind.MONEY: 13.0,
    Kind.YES_NO: 8.0, Kind.CHOICE: 12.0,
}  # fmt: skip
_NAMING = 34.0  # the first column of a sheet, which says what a row is about
_TIGHT = {Kind.PROSE: 18.0, Kind.TEXT: 16.0, Kind.PERSON: 13.0, Kind.DATE: 12.0, Kind.PAST_DATE: 12.0}
_TIGHT_NAMING = 24.0  # the same, where a page has room for no more
_CARD = 16.0  # of a card's columns, where the fields of several lines stand one below the other
_BOLD = 2.0  # what a head's longest word takes beside its characters


def in_room(
    widths: tuple[float, ...],
    given: tuple[float, ...],
    groups: Iterable[Group],
    extra: tuple[float, ...],
    facts: FormFacts,
) -> tuple[float, ...]:
    """The widths from column D on: in a first round those `given` for the sheet, else its blocks' own, and `extra`.

    In later rounds narrowed to what a page has room for, prose first, no column below what its answers and its head
    need. `groups`: all whose columns stand one below the other there.
    """
    if not facts.round:
        return (given or widths) + extra
    stated = given + widths[len(given) :]
    room = (MOST_AT_CHECK if facts.round == STATUS_ROUND else MOST) - sum(extra)
    columns = _stacked(groups, len(stated))
    base = [max([wide, *(head for _, head in here)]) for wide, here in zip(stated, columns, strict=True)]
    least, tight = _at_least(base, columns, _LEAST, _NAMING), _at_least(base, columns, _TIGHT, _TIGHT_NAMING)
    prose = [any(kind is Kind.PROSE for kind, _ in here) for here in columns]
    made: Sequence[float] = base
    for lows in (
        [low if text else wide for low, text, wide in zip(least, prose, base, strict=True)],
        least,
        tight,
    ):
        made = _narrowed(made, lows, room)
    return (*made, *extra)


def _at_least(
    base: Sequence[float], columns: list[list[tuple[Kind, float]]], kinds: Mapping[Kind, float], naming: float
) -> list[float]:
    """How narrow each column may become."""
    made = [
        min(
            wide,
            max((max(kinds.get(kind, _LEAST.get(kind, 0.0)), head) for kind, head in here), default=wide),
        )
        for wide, here in zip(base, columns, strict=True)
    ]
    return [max(made[0], min(base[0], naming)), *made[1:]]


def _narrowed(widths: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """The widths with what is too much taken from each by how much it can give, to half characters."""
    too_much, can = sum(widths) - room, sum(widths) - sum(least)
    if too_much <= 0 or can <= 0:
        return list(widths)
    share = min(1.0, too_much / can)
    return [round(2 * (wide - share * (wide - low))) / 2 for wide, low in zip(widths, least, strict=True)]


def _stacked(groups: Iterable[Group], count: int) -> list[list[tuple[Kind, float]]]:
    """What stands in each column, block under block: a kind, and the width that its head asks for."""
    columns: list[list[tuple[Kind, float]]] = [[] for _ in range(count)]
    for group in groups:
        if group.slots is None:
            continue
        if group.display == "cards":
            for column, wide in zip(columns, CARD_WIDTHS, strict=False):
                column.append((Kind.PROSE if wide > _NAMING else Kind.TEXT, min(wide, _CARD)))
            continue
        first = len(widths_of(group)) - len(columns_of(group.fields))
        for offset, (field, _, choice) in enumerate(columns_of(group.fields), first):
            if offset < count:
                columns[offset].append((field.kind, _head(field, choice)))
    return columns


def _head(field: Field, choice: str) -> float:
    """What the longest word of a column's head takes."""
    words = (field.word(choice) if choice else label_of(field)).replace("/", "/ ").split(" ")
    return max(map(len, words)) + (1.0 if choice else _BOLD)
