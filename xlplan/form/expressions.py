"""Live formulas and their twin: one expression renders the workbook's formula and computes the same value here.

Every function used exists in Excel 2007 and in LibreOffice. Input cells are read only through ranges whose two
ends are locked (`Slot`), because people cut and paste inside a form and plain references would follow the cell.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xlplan.languages import say

Value = str | float | bool | None
Key = tuple[str, int, int]  # sheet, row, column
Twin = Callable[["Values"], Any]

_PLAIN_NAME = re.compile(r"[A-Za-z]{4,}")  # needs no apostrophes in a reference
_HOLE = re.compile(r"\{(\w+)\}")  # of a phrase
_EPOCH = date(1899, 12, 30)
_LEAP_DAY_1900 = 60  # a day that never was


class Values(dict[Key, Any]):
    """What stands in the cells: typed values as given, formulas computed on first use. `held`: typed ones not blank.

    `sums`: stretches of columns that were added up already, by sheet, column, first and last row.
    """

    def __init__(
        self, typed: Mapping[Key, Any], twins: Mapping[Key, Twin], held: Set[Key] | None = None
    ) -> None:
        super().__init__(typed)
        self._twins = twins
        self.sums: dict[tuple[str, int, int, int], float] = {}
        self.held = held_of(typed) if held is None else held

    def over(self, typed: Mapping[Key, Any], twins: Mapping[Key, Twin], stale: Iterable[Key]) -> Values:
        """The same cells with others typed over them, those of `stale` to be computed, by `twins` where it has them."""
        made = Values(self, {**self._twins, **twins}, self.held - typed.keys() | held_of(typed))
        for key in stale:
            made.pop(key, None)
        made.update(typed)
        return made

    def __missing__(self, key: Key) -> Any:
        twin = self._twins.get(key)
        value = twin(self) if twin else None
        self[key] = value
        return value


@lru_cache(maxsize=50_000)
def key_of(sheet: str, row: int, column: int) -> Key:
    """The key of a cell, the same object each time: so it is found without being compared part by part."""
    return sheet, row, column


def held_of(typed: Mapping[Key, Any]) -> frozenset[Key]:
    """The cells in which more than blanks was typed."""
    return frozenset([key for key, value in typed.items() if is_filled(value)])


@dataclass(frozen=True, slots=True)
class Expr:
    """`excel(sheet)`: the formula's text as it stands on that sheet; `twin`: the same over values.

    `box`: the input cell that it is. `counts`: the input cells of which it counts the filled ones.
    """

    excel: Callable[[str], str]
    twin: Twin
    box: Key | None = None
    counts: frozenset[Key] | None = None


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column by its letters, from 1: A is 1, AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def serial(day: date) -> int:
    """A day as spreadsheet programs count it (1900 system, which has a February 29, 1900)."""
    days = ((day.date() if isinstance(day, datetime) else day) - _EPOCH).days
    return days if days > _LEAP_DAY_1900 else days - 1


def plain(value: Any) -> Value:
    """A typed value as a formula sees it: dates are serial numbers, money is a number."""
    if value is None or isinstance(value, (str, bool, float)):
        return value
    return float(serial(value)) if isinstance(value, date) else float(value)


def text_of(value: Any) -> str:
    """The value as `&` would join it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    value = plain(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def quote_sheet(name: str, here: str) -> str:
    """The sheet part of a reference, empty on its own sheet."""
    if name == here:
        return ""
    return f"{name}!" if _PLAIN_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'!"


def literal(value: str | float) -> Expr:
    """A constant; texts up to 255 characters, as Excel takes."""
    shown = '"' + value.replace('"', '""') + '"' if isinstance(value, str) else f"{value:g}"
    return Expr(lambda _: shown, lambda _: value)


def locked(sheet: str, row: int, column: int) -> Expr:
    """A locked cell, or a formula's."""
    key = key_of(sheet, row, column)
    name = f"{column_letters(column)}{row}"
    return Expr(lambda here: quote_sheet(sheet, here) + name, lambda values: values[key])


def slot(sheet: str, row: int, column: int, first: int, last: int) -> Expr:
    """An input cell, by its place between two locked rows of its column."""
    key, letters = key_of(sheet, row, column), column_letters(column)
    tail = f"{letters}${first}:{letters}${last},{row - first + 1})"
    return Expr(lambda here: f"INDEX({quote_sheet(sheet, here)}{tail}", lambda values: values[key], key)


def is_filled(value: Any) -> bool:
    """Whether TRIM leaves anything: all but nothing, and texts of blanks alone."""
    return value is not None and (not isinstance(value, str) or value.strip(" ") != "")


def filled(cell: Expr) -> Expr:
    """1 where the cell holds more than blanks."""
    twin, box = cell.twin, cell.box

    def excel(here: str) -> str:
        return f"(LEN(TRIM({cell.excel(here)}))>0)"

    if box is None:
        return Expr(excel, lambda values: 1 if is_filled(twin(values)) else 0)
    return Expr(excel, lambda values: 1 if box in values.held else 0, counts=frozenset([box]))


def flag(number: Expr) -> Expr:
    """1 where the number is above 0, to be added up."""
    twin = number.twin
    return Expr(lambda here: f"({number.excel(here)}>0)", lambda values: 1 if (twin(values) or 0) > 0 else 0)


def counted(truth: Expr) -> Expr:
    """A truth as 1 or 0: Excel's SUM over cells passes over TRUE and FALSE, LibreOffice's counts them."""
    return total([truth, literal(0)])


def grouped(expr: Expr) -> Expr:
    """The expression in parentheses, to stand within another."""
    return Expr(lambda here: f"({expr.excel(here)})", expr.twin)


def or_else(value: Expr, other: str | float) -> Expr:
    """IFERROR with a constant; no value that we pour is an error, so the twin is the value's."""
    instead = literal(other)
    return Expr(lambda here: f"IFERROR({value.excel(here)},{instead.excel(here)})", value.twin)


def total(parts: list[Expr]) -> Expr:
    """The sum of numbers; 0 of none."""
    if not parts:
        return literal(0)
    counts, twins = _counted_together(parts)

    def excel(here: str) -> str:
        return "+".join(part.excel(here) for part in parts)

    if not twins:
        return Expr(excel, lambda values: len(counts & values.held), counts=counts)
    return Expr(excel, lambda values: sum([twin(values) or 0 for twin in twins], len(counts & values.held)))


def _counted_together(parts: list[Expr]) -> tuple[frozenset[Key], list[Twin]]:
    """The input cells whose filled ones are counted at once, and the twins of the rest."""
    counts: set[Key] = set()
    twins: list[Twin] = []
    for part in parts:
        if part.counts is None or not counts.isdisjoint(part.counts):
            twins.append(part.twin)
        else:
            counts |= part.counts
    return frozenset(counts), twins


def column_sum(sheet: str, column: int, first: int, last: int) -> Expr:
    """SUM over a stretch of one column; texts count nothing."""
    keys = [key_of(sheet, row, column) for row in range(first, last + 1)]
    letters, area = column_letters(column), (sheet, column, first, last)

    def twin(values: Values) -> float:
        if area not in values.sums:
            found = map(plain, filter(None, map(values.__getitem__, keys)))
            values.sums[area] = sum([value for value in found if value.__class__ is float])
        return values.sums[area]

    return Expr(lambda here: f"SUM({quote_sheet(sheet, here)}{letters}${first}:{letters}${last})", twin)


def area_filled(sheet: str, corners: tuple[int, int, int, int], texts: int, inputs: tuple[Key, ...]) -> Expr:
    """How many input cells of an area (top, left, bottom, right; locked corners) are filled.

    The formula counts all filled cells and takes off the `texts` locked ones; the twin looks at the inputs alone.
    """
    top, left, bottom, right = corners
    area = f"{column_letters(left)}${top}:{column_letters(right)}${bottom}"

    def excel(here: str) -> str:
        there = quote_sheet(sheet, here) + area
        return f'(IFERROR(SUMPRODUCT(--(TRIM({there})<>"")),COUNTA({there}))-{texts})'

    counts = frozenset(inputs)
    return Expr(excel, lambda values: len(counts & values.held), counts=counts)


def when(test: Expr, yes: Expr, no: Expr) -> Expr:
    """IF."""
    holds, then, otherwise = test.twin, yes.twin, no.twin
    return Expr(
        lambda here: f"IF({test.excel(here)},{yes.excel(here)},{no.excel(here)})",
        lambda values: then(values) if holds(values) else otherwise(values),
    )


def joined(*parts: Expr) -> Expr:
    """Texts one after another (&)."""
    twins = [part.twin for part in parts]
    return Expr(
        lambda here: "&".join(part.excel(here) for part in parts),
        lambda values: "".join([text_of(twin(values)) for twin in twins]),
    )


def phrase(text: str, **holes: Expr | str) -> Expr:
    """A phrase in the language that is being spoken, its {holes} filled: with texts, or with what expressions give."""
    parts: list[Expr] = []
    words = ""
    for at, piece in enumerate(_HOLE.split(say(text))):
        hole = holes[piece] if at % 2 else piece
        if isinstance(hole, str):
            words += hole
        else:
            parts += [literal(words), hole] if words else [hole]
            words = ""
    return joined(*parts, *([literal(words)] if words else []))


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(left: Expr, sign: str, right: Expr) -> Expr:
    """A comparison of two numbers, or of two texts by = and <> (texts regardless of case, as both programs do)."""
    judge = _COMPARISONS[sign]
    one, other = left.twin, right.twin

    def twin(values: Values) -> bool:
        a, b = one(values), other(values)
        if a.__class__ is int is b.__class__:
            return judge(a, b)
        if isinstance(a, str) or isinstance(b, str):
            return judge(text_of(a).casefold(), text_of(b).casefold())
        return judge(plain(a) or 0, plain(b) or 0)

    return Expr(lambda here: f"{left.excel(here)}{sign}{right.excel(here)}", twin)


def exact(left: Expr, right: Expr) -> Expr:
    """EXACT: the same text, letter case counted."""
    return Expr(
        lambda here: f"EXACT({left.excel(here)},{right.excel(here)})",
        lambda values: text_of(left.twin(values)) == text_of(right.twin(values)),
    )


def is_number(cell: Expr) -> Expr:
    """ISNUMBER; days are numbers too."""

    def twin(values: Values) -> bool:
        value = plain(cell.twin(values))
        return isinstance(value, float) and not isinstance(value, bool)

    return Expr(lambda here: f"ISNUMBER({cell.excel(here)})", twin)


def is_empty(cell: Expr) -> Expr:
    """Whether the cell holds nothing but blanks."""
    return Expr(
        lambda here: f"LEN(TRIM({cell.excel(here)}))=0", lambda values: not is_filled(cell.twin(values))
    )


def both(*tests: Expr) -> Expr:
    """AND."""
    return Expr(
        lambda here: f"AND({','.join(test.excel(here) for test in tests)})",
        lambda values: all(bool(test.twin(values)) for test in tests),
    )


def either(*tests: Expr) -> Expr:
    """OR."""
    return Expr(
        lambda here: f"OR({','.join(test.excel(here) for test in tests)})",
        lambda values: any(bool(test.twin(values)) for test in tests),
    )


def minus(left: Expr, right: Expr) -> Expr:
    """A difference of two numbers."""
    return Expr(
        lambda here: f"{left.excel(here)}-({right.excel(here)})",
        lambda values: left.twin(values) - right.twin(values),
    )


def is_text(cell: Expr) -> Expr:
    """ISTEXT."""
    return Expr(lambda here: f"ISTEXT({cell.excel(here)})", lambda values: isinstance(cell.twin(values), str))


def shorten(cell: Expr, limit: int) -> Expr:
    """The text if it has at most `limit` characters, else cut at a blank before that, with an ellipsis."""

    def excel(here: str) -> str:
        x = cell.excel(here)
        return f'IF(LEN({x})<={limit},{x}&"",LEFT({x},FIND(" ",{x}&" ",{limit - 6})-1)&"…")'

    def twin(values: Values) -> str:
        text = text_of(cell.twin(values))
        if len(text) <= limit:
            return text
        cut = (text + " ").find(" ", limit - 7)
        return text[:cut] + "…"

    return Expr(excel, twin)


def listed(labels: list[tuple[Expr, str]]) -> Expr:
    """The nouns whose test is 0, each after ", ": without TEXTJOIN, which Excel 2016 lacks."""

    tests = [(test.twin, noun) for test, noun in labels]

    def twin(values: Values) -> str:
        return "".join([f", {noun}" for test, noun in tests if not test(values)])

    def excel(here: str) -> str:
        return "&".join(
            f'IF({test.excel(here).removeprefix("(").removesuffix(">0)")},"",", {noun}")'
            for test, noun in labels
        )

    return Expr(excel, twin)


def commas(text: Expr) -> Expr:
    """How many commas a text holds."""

    def excel(here: str) -> str:
        x = text.excel(here)
        return f'(LEN({x})-LEN(SUBSTITUTE({x},",","")))'

    return Expr(excel, lambda values: text_of(text.twin(values)).count(","))


def needs(nouns: Expr, count: Expr, most: int) -> Expr:
    """ "Needs a, b" of a `listed` text with `count` nouns of at most `most`; two are named, then "+n"."""

    word = say("Needs ")

    def excel(here: str) -> str:
        text, n = nouns.excel(here), count.excel(here)
        if most <= 2:
            return f'"{word}"&MID({text},3,60)'
        two = f'LEFT({text},FIND("|",SUBSTITUTE({text}&",",",","|",3))-1)'
        return f'"{word}"&IF({n}<3,MID({text},3,60),MID({two},3,60)&" +"&({n}-2))'

    def twin(values: Values) -> str:
        found, n = nouns.twin(values)[2:].split(", "), int(count.twin(values))
        return word + ", ".join(found[:2]) + (f" +{n - 2}" if n > 2 else "")

    return Expr(excel, twin)


def first_where(label_column: int, test_column: int, sheet: str, first: int, last: int) -> Expr:
    """The label in the first row whose test column is above 0; empty text where none is."""
    rows = range(first, last + 1)
    a, b = column_letters(label_column), column_letters(test_column)

    def excel(here: str) -> str:
        there = quote_sheet(sheet, here)
        tests = f"{there}${b}${first}:${b}${last}"
        return f'IFERROR(INDEX({there}${a}${first}:${a}${last},MATCH(TRUE,INDEX({tests}>0,0),0)),"")'

    def twin(values: Values) -> str:
        return next(
            (
                text_of(values[sheet, row, label_column])
                for row in rows
                if (values[sheet, row, test_column] or 0) > 0
            ),
            "",
        )

    return Expr(excel, twin)


def starting_with(sheet: str, column: int, first: int, last: int, start: str) -> Expr:
    """How many texts of a stretch of one column begin with `start`."""
    keys = [key_of(sheet, row, column) for row in range(first, last + 1)]
    letters = column_letters(column)
    return Expr(
        lambda here: f'COUNTIF({quote_sheet(sheet, here)}{letters}${first}:{letters}${last},"{start}*")',
        lambda values: sum(
            [text.startswith(start) for text in map(values.__getitem__, keys) if type(text) is str]
        ),
    )


def per_cent(part: Expr, whole: Expr) -> Expr:
    """A share in whole per cents, rounded down; 0 of nothing."""

    def excel(here: str) -> str:
        w = whole.excel(here)
        return f"IF(({w})=0,0,INT(100*({part.excel(here)})/({w})))"

    return Expr(
        excel, lambda values: int(100 * part.twin(values) / whole.twin(values)) if whole.twin(values) else 0
    )
