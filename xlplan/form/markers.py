"""The words a template is written in: kinds of answer, and frozen markers that fields carry in `Annotated`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, PlainSerializer, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from xlplan.form.text import clean_text, units


class Kind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    PROSE = "prose"
    PERSON = "person"
    DATE = "date"
    PAST_DATE = "past-date"
    MONEY = "money"
    YES_NO = "yes-no"
    CHOICE = "choice"
    TICK = "tick"


class Meaning(StrEnum):
    """What a field means over all templates; checks and rollups go by it."""

    OWNER = "owner"
    START = "start"
    DUE = "due"
    STATUS = "status"
    DONE = "done"
    MONEY = "money"
    FUNDING = "funding"
    CAUSE = "cause"
    STEP = "step"
    PRIORITY = "priority"
    EVIDENCE = "evidence"
    NEED = "need"
    AFTER = "after"  # the number of the step that must be completed before
    DELIVERABLE = "deliverable"
    TREND = "trend"
    DIRECTION = "direction"  # of a trend: promising or concerning
    CONTROLLABLE = "controllable"
    SYMPTOM = "symptom"  # the deeper cause of which a cause is a symptom
    QUESTION = "question"  # one yes-or-no question of a score
    DECISION = "decision"  # do now, do later or drop
    KIND = "kind"  # of a resource: people, time, materials or money
    GOAL = "goal"  # what strategies and steps serve: a challenge, goal, objective
    STRATEGY = "strategy"  # what steps are part of
    SYSTEMIC = "systemic"  # whether a cause is systemic
    FREED = "freed"  # money released by what is given up
    REALLOCATED = "reallocated"  # whether it is paid by reallocating what there is


@dataclass(frozen=True, slots=True)
class Label:
    """The field's label as the original prints it; `noun` (8 letters) and `tag` (4) name it where room is short."""

    text: str
    noun: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """Guidance: `guide` stands above or under the label, `message` (255) shows when the cell is chosen."""

    guide: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Width:
    """Column width in characters; `least`: how many lines a box of it shows when empty."""

    columns: float
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """What a table shows of each of its rows before its boxes, locked: heads and widths of columns, a text in each."""

    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A repeated group: its heading, capacity, and how it is laid out.

    `display`: table (a row each) · letters (one box a row) · blocks (a band each, with inner rows) · outline
    (inner rows under a bold one) · cards (several lines a row) · sheets (a sheet each).
    `noun`: what one row is called in findings ("step"); `tag`: the first letters of its rows' tags.
    `unless`: a field of the row around it and those of its choices with which the table needs no row; with any other
    choice it needs one at least.
    """

    label: str
    slots: int
    noun: str
    tag: str = ""
    display: str = "table"
    guide: str = ""
    examples: tuple[tuple[str, ...], ...] = ()
    total: str = ""
    unless: tuple[str, tuple[str, ...]] | None = None
    printed: Printed | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """The fields of this object belong to their row but stand on another sheet; `carries` names the row there."""

    carries: str


@dataclass(frozen=True, slots=True)
class Locked:
    """Prefilled, and not to be typed in. `shown`: it says what was, so it is no answer and begins no row."""

    shown: bool = False


@dataclass(frozen=True, slots=True)
class RefersTo:
    """A choice among the plan's own rows. `by`: name (a field of the target), letter or number of the row."""

    target: str
    by: str = "name"
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Length:
    """At most so many UTF-16 units, as the workbook's rule counts."""

    limit: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._within, handler(source))

    def _within(self, value: str) -> str:
        if units(value) > self.limit:
            raise PydanticCustomError("too-long", "longer than {limit}", {"limit": self.limit})
        return value


@dataclass(frozen=True, slots=True)
class Window:
    """The days a plan may name, both included; the validation context's `window`.

    `also`: other windows whose days hold as well, where the plan's dates were changed while copies were out.
    """

    first: date
    last: date
    also: tuple[Window, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether a plan may name that day."""
        return self.first <= day <= self.last or any(window.holds(day) for window in self.also)

    def holds_record(self, day: date) -> bool:
        """Whether it may name it as a day of record."""
        own = self.first_record <= day <= self.last
        return own or any(window.holds_record(day) for window in self.also)

    @property
    def first_record(self) -> date:
        """The first day of record: two years before the plan begins (February 29 counts as March 1)."""
        try:
            return self.first.replace(year=self.first.year - 2)
        except ValueError:
            return date(self.first.year - 2, 3, 1)


def _filled(value: str) -> str:
    if not value:
        raise PydanticCustomError("missing", "empty")
    return value


def _line(value: Any) -> Any:
    return clean_text(value, lines=False) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return clean_text(value, lines=True) if isinstance(value, str) else value


def _recorded(value: date, info: ValidationInfo) -> date:
    window = (info.context or {}).get("window")
    if window is not None and not window.holds_record(value):
        raise PydanticCustomError("range", "outside the days of record")
    return value


def _cents(value: Decimal) -> Decimal:
    if value != value.quantize(Decimal("0.01")):
        raise PydanticCustomError("range", "more than two decimals")
    return value.quantize(Decimal("0.01"))


def _amount(value: Decimal) -> Decimal:
    if not Decimal(0) <= value <= MOST_MONEY:
        raise PydanticCustomError("range", "outside the amounts taken")
    return value


MOST_MONEY = Decimal("999999999.99")

Text = Annotated[str, Kind.TEXT, BeforeValidator(_line), AfterValidator(_filled), Length(200)]
Name = Annotated[str, Kind.TEXT, BeforeValidator(_line), AfterValidator(_filled), Length(120)]
Prose = Annotated[str, Kind.PROSE, BeforeValidator(_lines), AfterValidator(_filled), Length(4000)]
Person = Annotated[str, Kind.PERSON, BeforeValidator(_line), AfterValidator(_filled), Length(100)]
Day = Annotated[date, Kind.DATE]
PastDay = Annotated[date, Kind.PAST_DATE, AfterValidator(_recorded)]
Money = Annotated[
    Decimal,
    Kind.MONEY,
    AfterValidator(_cents),
    AfterValidator(_amount),
    PlainSerializer(str, when_used="json"),
]
YesNo = Annotated[bool, Kind.YES_NO]
