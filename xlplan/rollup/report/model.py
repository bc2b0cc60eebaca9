"""A report as data: parts with sentences, tiles, charts and tables, whose numbers know which plans they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure. `kind`: count or money (Decimal dollars). `name`: what `trace` takes, where it has a name.

    `by`: what each plan adds to it (plan number → value; money in dollars), so that a page can count again for some
    of the plans; empty where it speaks of all plans whatever is chosen.
    """

    value: int | Decimal
    by: Mapping[int, int | Decimal] = field(default_factory=dict)
    kind: str = "count"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. `shown`: "percent" (rounded down: only what is complete reads 100%) or "of" ("12 of 68")."""

    part: Number
    whole: Number
    shown: str = "percent"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a part of the same report (`#part`), or where `href` is empty just the words."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How a plan or an activity stands: words with their sign, and what they mean: good, look, bad or plain."""

    text: str
    means: str = "plain"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in which words are marked: each (start, end) of `marks` lies within it, in order."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def stretches(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, each with whether it is marked."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return (*found, (self.text[at:], False))


Cell = str | int | Decimal | date | Number | Share | Link | State | Marked | None
"""A cell of a table. A bare int is a count, a Decimal is dollars; text is a school's or ours, and never markup."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `kind`: text, prose, count, money, share, day or state; it says how cells are set and sorted."""

    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `plan`: the plan it belongs to, None for a row over several. `status`: of an activity or benchmark."""

    cells: tuple[Cell, ...]
    plan: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. `name`: unique in the report, for links and scripts: lower case, "-" between words.

    `rows` may be an iterator: it is read once. The first column names the row. `total`: cells below the rows. `note`
    stands under the title; `empty` instead of the table where it has no rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    total: tuple[Cell, ...] = ()
    note: str = ""
    empty: str = "None."


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `label`: words before it; `strong`: it names what follows."""

    text: str
    label: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a part, of level 3 or 4 (a part's own is 2)."""

    text: str
    level: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure to be seen first."""

    label: str
    number: Number | Share
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars, one a row, each of as many pieces as there are `parts`, with the table behind it.

    `title` is what the chart shows in a sentence; `heading` names what is counted; `axis` names the rows ("Month").
    `upright`: columns instead of bars, for months. `cut`: these rows are some of more, the first ones over all plans.
    """

    name: str
    title: str
    heading: str
    axis: str
    parts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Number, ...]], ...]
    upright: bool = False
    cut: bool = False

    @property
    def table(self) -> Table:
        """The numbers behind it."""
        kind = "money" if any(one.kind == "money" for _, numbers in self.rows for one in numbers) else "count"
        return Table(
            name=f"{self.name}-numbers",
            title=self.heading,
            columns=(Column(self.axis), *(Column(part, kind) for part in self.parts)),
            rows=[Row((label, *numbers)) for label, numbers in self.rows],
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks that open on demand under a summary line."""

    summary: str
    blocks: tuple[Block, ...]


Block = Text | Heading | Tiles | Chart | Table | Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a report. `id`: what a link leads to; `finding`: the sentence under the title, told from the data.

    `plan`: the plan that the part is of, if one; then `about` says of what district, template and state.
    """

    id: str
    title: str
    finding: str = ""
    blocks: Sequence[Block] = ()
    plan: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanKey:
    """What a plan is chosen by. `template`: its title; `state`: in words."""

    plan: int
    district_id: str
    district: str
    school: str
    template: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that is told. `parts`: made when they are asked for, each once; `schools`: a part per plan, after them.

    `plans`: empty where plans cannot be chosen (a page for publishing). `statuses`: of the activities in it, in order.
    `about`: as of which day, of which plans; `kind` names the document ("District summary"). `instead`: what is said
    where there are plans, and no parts of them.
    """

    title: str
    kind: str
    about: str
    as_of: date
    parts: Callable[[], Iterable[Part]]
    schools: Callable[[], Iterable[Part]] = tuple
    plans: tuple[PlanKey, ...] = ()
    statuses: tuple[str, ...] = ()
    instead: str = ""
    language: str = "en"
