"""Live rules of rows as expressions: what a row's dates, names and choices ask of the rows around it.

The judgement itself is the function in `hints` that the checks call too; here stands how a spreadsheet program says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xlplan.form import hints
from xlplan.form.expressions import Expr, Key, Values, column_letters, phrase, plain, quote_sheet, text_of
from xlplan.languages import say

_BLANKS = re.compile(" +")
FACTOR = 1000
LAST_DAY = 2_958_465  # December 31, 9999


@dataclass(frozen=True, slots=True)
class Stretch:
    """The input cells of one column from row `first` to `last`, read between the locked rows `top` and `bottom()`."""

    sheet: str
    column: int
    first: int
    last: int
    top: int
    bottom: Callable[[], int]

    def excel(self, here: str) -> str:
        """The range's text as it stands on that sheet."""
        letters = column_letters(self.column)
        whole = f"{quote_sheet(self.sheet, here)}{letters}${self.top}:{letters}${self.bottom()}"
        first, last = self.first - self.top + 1, self.last - self.top + 1
        return f"INDEX({whole},{first}):INDEX({whole},{last})"

    @property
    def keys(self) -> list[Key]:
        """The cells."""
        return [(self.sheet, row, self.column) for row in range(self.first, self.last + 1)]

    def days(self, values: Values) -> list[float | None]:
        """The day of each cell, None where there is none."""
        return [day(values[key]) for key in self.keys]

    def texts(self, values: Values) -> list[str]:
        """The trimmed text of each cell."""
        return [trim(values[key]) for key in self.keys]


def day(value: Any) -> float | None:
    """A cell's value as the number of a day; None for texts, truths and nothing."""
    value = plain(value)
    return value if isinstance(value, float) else None


def day_of(number: float) -> date:
    """The day of a number as spreadsheet programs count; the last one there is for what lies beyond."""
    return date(1899, 12, 30) + timedelta(days=min(max(int(number), 1), LAST_DAY))


def trim(value: Any) -> str:
    """The value as TRIM gives it: blanks within a text singled out, none around it."""
    return _BLANKS.sub(" ", text_of(value)).strip(" ")


def days_given(cell: Expr) -> Expr:
    """1 where a cell holds a day."""
    return Expr(
        lambda here: f"COUNT({cell.excel(here)})", lambda values: 0 if day(cell.twin(values)) is None else 1
    )


def trimmed(cell: Expr) -> Expr:
    """TRIM."""
    return Expr(lambda here: f"TRIM({cell.excel(here)})", lambda values: trim(cell.twin(values)))


def packed(high_: Expr, low_: Expr) -> Expr:
    """Two whole numbers under 1,000 in one, since each cell of a copy costs bytes; sums of such keep both sums."""
    return Expr(
        lambda here: f"({low_.excel(here)})+{FACTOR}*({high_.excel(here)})",
        lambda values: int(low_.twin(values)) + FACTOR * int(high_.twin(values)),
    )


def high(number: Expr) -> Expr:
    """The first of two packed numbers."""
    return Expr(
        lambda here: f"INT({number.excel(here)}/{FACTOR})", lambda values: int(number.twin(values)) // FACTOR
    )


def low(number: Expr) -> Expr:
    """The second of two packed numbers."""
    return Expr(
        lambda here: f"MOD({number.excel(here)},{FACTOR})", lambda values: int(number.twin(values)) % FACTOR
    )


def due_before_start(start: Expr, due: Expr) -> Expr:
    """Whether the row is due before it starts."""

    def excel(here: str) -> str:
        s, d = start.excel(here), due.excel(here)
        return f"AND(COUNT({s},{d})=2,{d}<{s})"

    return Expr(excel, lambda values: hints.ends_before_start(day(start.twin(values)), day(due.twin(values))))


def outside_row_above(start: Expr, due: Expr, first: Expr, last: Expr) -> Expr:
    """Whether a step's dates lie outside those of the row it belongs to."""

    def excel(here: str) -> str:
        s, d, a, b = (part.excel(here) for part in (start, due, first, last))
        return f"OR(AND(COUNT({s},{a})=2,{s}<{a}),AND(COUNT({d},{b})=2,{d}>{b}))"

    def twin(values: Values) -> bool:
        return hints.outside(*(day(part.twin(values)) for part in (start, due, first, last)))

    return Expr(excel, twin)


def due_out_of_order(due: Expr, above: Stretch) -> Expr:
    """Whether a row is due before one listed above it."""

    def excel(here: str) -> str:
        d = due.excel(here)
        return f"AND(COUNT({d})=1,{d}<MAX({above.excel(here)}))"

    return Expr(excel, lambda values: hints.out_of_order(day(due.twin(values)), above.days(values)))


def starts_before_previous_ends(start: Expr, above: Stretch) -> Expr:
    """Whether a row starts before the nearest one above it is due."""

    def excel(here: str) -> str:
        s = start.excel(here)
        return f"IF(COUNT({s})=1,IFERROR({s}<LOOKUP(9E+99,{above.excel(here)}),FALSE),FALSE)"

    return Expr(excel, lambda values: hints.starts_early(day(start.twin(values)), above.days(values)))


def has_own_dates(start: Expr, due: Expr, starts: Stretch, dues: Stretch) -> Expr:
    """Whether a row's dates are not those of three rows or more, which is told once of them all."""

    def excel(here: str) -> str:
        s, d = start.excel(here), due.excel(here)
        alike = f"COUNTIFS({starts.excel(here)},{s},{dues.excel(here)},{d})"
        return f"IF(COUNT({s},{d})=2,{alike}<{hints.SAME_FROM},TRUE)"

    def twin(values: Values) -> bool:
        own = day(start.twin(values)), day(due.twin(values))
        return own not in hints.shared_dates(starts.days(values), dues.days(values))

    return Expr(excel, twin)


def last_due_elsewhere(dues: Stretch, last: Expr) -> Expr:
    """Whether the last row with a due date is due on another day than `last`."""

    def excel(here: str) -> str:
        d = last.excel(here)
        return f"IF(COUNT({d})=1,IFERROR(LOOKUP(9E+99,{dues.excel(here)})<>{d},FALSE),FALSE)"

    return Expr(excel, lambda values: hints.ends_elsewhere(dues.days(values), day(last.twin(values))))


def dates_shared(starts: Stretch, dues: Stretch) -> Expr:
    """Whether three rows or more have one start and one due date."""

    def excel(here: str) -> str:
        s, d = starts.excel(here), dues.excel(here)
        same = f"(COUNTIFS({s},{s},{d},{d})>={hints.SAME_FROM})"
        return f"(SUMPRODUCT(ISNUMBER({s})*ISNUMBER({d})*{same})>0)"

    return Expr(excel, lambda values: hints.same_dates(starts.days(values), dues.days(values)))


def count_unusual(steps: Expr) -> Expr:
    """Whether there are 1, 2 or more than 5 steps."""

    def excel(here: str) -> str:
        n = steps.excel(here)
        return f"OR(AND({n}>0,{n}<{hints.FEWEST_STEPS}),{n}>{hints.MOST_STEPS})"

    return Expr(excel, lambda values: hints.too_few_or_many(int(steps.twin(values) or 0)))


def stands_twice(name: Expr, names: Stretch) -> Expr:
    """Whether another row has this name (regardless of case, as both programs compare)."""

    def excel(here: str) -> str:
        return f"(SUMPRODUCT(--({plain_range(names, here)}=TRIM({name.excel(here)})))>1)"

    def twin(values: Values) -> bool:
        own = trim(name.twin(values)).casefold()
        return sum(text.casefold() == own for text in names.texts(values)) > 1

    return Expr(excel, twin)


def names_nothing(choice: Expr, names: Stretch, own: Expr | None) -> Expr:
    """Whether a choice is filled and no row has that name; `own`: the choosing row's name, which does not count."""

    def excel(here: str) -> str:
        x = choice.excel(here)
        found = f"SUMPRODUCT(--({plain_range(names, here)}=TRIM({x})))"
        less = f"-(TRIM({own.excel(here)})=TRIM({x}))" if own else ""
        return f'IF(TRIM({x})="",FALSE,{found}{less}<1)'

    def twin(values: Values) -> bool:
        chosen = trim(choice.twin(values)).casefold()
        found = sum(text.casefold() == chosen for text in names.texts(values))
        own_one = 1 if own and trim(own.twin(values)).casefold() == chosen else 0
        return chosen != "" and found - own_one < 1

    return Expr(excel, twin)


def plain_range(cells: Stretch, here: str) -> str:
    """A range of locked cells by its corners: nobody can cut or paste there."""
    letters = column_letters(cells.column)
    return f"{quote_sheet(cells.sheet, here)}${letters}${cells.first}:${letters}${cells.last}"


def step_chosen(choice: Expr, slots: int) -> Expr:
    """The number of the step that "Step 3", or a bare 3, names; 0 where it names none of so many."""
    numbers = "{" + ";".join(str(number) for number in range(1, slots + 1)) + "}"
    word = say("Step ")

    def excel(here: str) -> str:
        x = f"TRIM({choice.excel(here)})"
        return f'SUMPRODUCT({numbers}*((("{word}"&{numbers})={x})+(({numbers}&"")={x})))'

    def twin(values: Values) -> int:
        said = trim(choice.twin(values)).casefold().removeprefix(word.casefold())
        return int(said) if said.isdecimal() and said == str(int(said)) and int(said) <= slots else 0

    return Expr(excel, twin)


def due_before_step(due: Expr, chosen: Expr, dues: Stretch) -> Expr:
    """Whether a row is due before the step it comes after."""

    def excel(here: str) -> str:
        d, n = due.excel(here), chosen.excel(here)
        other = f"INDEX({dues.excel(here)},{n})"
        return f"IF({n}=0,FALSE,AND(COUNT({d},{other})=2,{d}<{other}))"

    def twin(values: Values) -> bool:
        number = int(chosen.twin(values))
        return number > 0 and hints.ends_before_start(dues.days(values)[number - 1], day(due.twin(values)))

    return Expr(excel, twin)


def no_earlier_step(choice: Expr, chosen: Expr, own: int, steps: Stretch) -> Expr:
    """Whether a choice names no step above row `own` (counted from 1) that has begun."""

    def excel(here: str) -> str:
        x, n = choice.excel(here), chosen.excel(here)
        named = f'IF({n}=0,"",TRIM(INDEX({steps.excel(here)},{n})))'
        return f'IF(TRIM({x})="",FALSE,OR({n}>={own},{named}=""))'

    def twin(values: Values) -> bool:
        number = int(chosen.twin(values))
        named = steps.texts(values)[number - 1] if number else ""
        return trim(choice.twin(values)) != "" and (number >= own or named == "")

    return Expr(excel, twin)


def rows_with(steps: Stretch, answers: Stretch) -> Expr:
    """How many rows that have a step have an answer too: row by row, so that a stray answer counts for none."""

    def excel(here: str) -> str:
        return f'SUMPRODUCT((TRIM({steps.excel(here)})<>"")*(TRIM({answers.excel(here)})<>""))'

    def twin(values: Values) -> int:
        pairs = zip(steps.texts(values), answers.texts(values), strict=True)
        return sum(1 for step, answer in pairs if step and answer)

    return Expr(excel, twin)


def rows_saying(steps: Stretch, answers: Stretch, word: str) -> Expr:
    """How many rows that have a step answer with that word, regardless of case."""

    def excel(here: str) -> str:
        return f'SUMPRODUCT((TRIM({steps.excel(here)})<>"")*(TRIM({answers.excel(here)})="{word}"))'

    def twin(values: Values) -> int:
        pairs = zip(steps.texts(values), answers.texts(values), strict=True)
        return sum(1 for step, answer in pairs if step and answer.casefold() == word.casefold())

    return Expr(excel, twin)


def rows_dated(starts: Stretch, dues: Stretch) -> Expr:
    """How many rows have a start and a due date."""

    def excel(here: str) -> str:
        return f"SUMPRODUCT(ISNUMBER({starts.excel(here)})*ISNUMBER({dues.excel(here)}))"

    def twin(values: Values) -> int:
        return sum(None not in pair for pair in zip(starts.days(values), dues.days(values), strict=True))

    return Expr(excel, twin)


def rows_filled(cells: Stretch) -> Expr:
    """How many cells of the stretch are filled."""

    def excel(here: str) -> str:
        return f'SUMPRODUCT(--(TRIM({cells.excel(here)})<>""))'

    return Expr(excel, lambda values: sum(1 for text in cells.texts(values) if text))


def days_in(cells: Stretch) -> Expr:
    """How many cells of the stretch hold a day."""
    return Expr(
        lambda here: f"COUNT({cells.excel(here)})",
        lambda values: sum(1 for value in cells.days(values) if value is not None),
    )


def latest(dues: Stretch) -> Expr:
    """The latest day of a stretch; 0 where there is none."""
    return Expr(
        lambda here: f"MAX({dues.excel(here)})",
        lambda values: max((value for value in dues.days(values) if value is not None), default=0),
    )


def answers_saying(cells: Sequence[Expr], word: str) -> Expr:
    """How many of the cells say that word, regardless of case."""

    def excel(here: str) -> str:
        return "+".join(f'(TRIM({cell.excel(here)})="{word}")' for cell in cells)

    def twin(values: Values) -> int:
        return sum(1 for cell in cells if trim(cell.twin(values)).casefold() == word.casefold())

    return Expr(excel, twin)


GROUP_ENDINGS = (" team", " teams", " staff", " committee", " council", " department", " cabinet", " faculty")
ONE_OF_THEM = (",", "(", ".", " of ", " for ", " to ", " with ")
"""What may make one person of words that end like a group: "chair of the data team", "M. Ortiz, staff"."""


def rows_grouped(steps: Stretch, owners: Stretch) -> Expr:
    """How many rows with a step have an owner that is plainly a group: fewer than the check finds, never more."""

    def excel(here: str) -> str:
        x = f"TRIM({owners.excel(here)})"
        ends = "+".join(f'(RIGHT({x},{len(end)})="{end}")' for end in GROUP_ENDINGS)
        alone = "*".join(f'ISERROR(FIND("{mark}",{x}))' for mark in ONE_OF_THEM)
        return f'SUMPRODUCT((TRIM({steps.excel(here)})<>"")*({ends})*{alone})'

    def twin(values: Values) -> int:
        pairs = zip(steps.texts(values), owners.texts(values), strict=True)
        return sum(1 for step, owner in pairs if step and plainly_a_group(owner))

    return Expr(excel, twin)


def plainly_a_group(owner: str) -> bool:
    """Whether the words end as a group's do, and nothing in them may make one person of them."""
    return owner.casefold().endswith(GROUP_ENDINGS) and not any(mark in owner for mark in ONE_OF_THEM)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in_words(number: Expr) -> Expr:
    """A day as the workbooks write it, such as Oct 2, 2026, in any language of the program."""
    months = tuple(map(say, _MONTHS))
    names = ",".join(f'"{month}"' for month in months)

    def of(function: str, part: Callable[[date], Any]) -> Expr:
        return Expr(
            lambda here: f"{function}({number.excel(here)})", lambda values: part(day_of(number.twin(values)))
        )

    month = Expr(
        lambda here: f"CHOOSE(MONTH({number.excel(here)}),{names})",
        lambda values: months[day_of(number.twin(values)).month - 1],
    )
    return phrase(
        "{mon} {day}, {year}",
        mon=month, day=of("DAY", lambda day: day.day), year=of("YEAR", lambda day: day.year),
    )  # fmt: skip
