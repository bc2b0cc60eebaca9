"""The template as plain data: frozen, JSON-able, all that layouts, readers, checks and rollups know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from xlplan.form.markers import MOST_MONEY, Kind, Meaning, Printed, RefersTo, Window
from xlplan.form.parts import Part, parts_of
from xlplan.form.plan import Form
from xlplan.languages import speaking

LINE_LENGTH = 200
MORE = "..."  # in a campaign's list: the template's own choices
AS_TEXT = "text"  # how a field of one part refers to rows of another: by a name that is matched once parts are together
DEFAULT_WINDOW = Window(date(2026, 9, 1), date(2027, 6, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer of a group. `slots` > 1: that many cells side by side (references); ticks: a cell a choice.

    `words`: the choices (of a yes or no: both) as a copy in another language shows them; empty: as they are.
    `locked`: prefilled, and not to be typed in. `shown`: locked, and it only says what was: no answer.
    """

    name: str
    kind: Kind
    label: str
    noun: str
    tag: str
    required: bool
    guide: str = ""
    message: str = ""
    choices: tuple[str, ...] = ()
    refers_to: RefersTo | None = None
    slots: int = 1
    many: bool = False
    limit: int | None = None
    width: float | None = None
    least: float | None = None
    meaning: Meaning | None = None
    words: tuple[str, ...] = ()
    locked: bool = False
    shown: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices as a copy shows them."""
        return self.words or self.choices

    def word(self, choice: str) -> str:
        """One of the choices as a copy shows it; any other text as it is."""
        return self.words[self.choices.index(choice)] if self.words and choice in self.choices else choice

    def meant(self, word: str) -> str:
        """One of the choices by what a copy shows of it; any other text as it is."""
        return self.choices[self.words.index(word)] if word in self.words else word

    @property
    def ticks(self) -> bool:
        """Whether each choice has a cell of its own."""
        return self.kind is Kind.TICK


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A row, object or whole plan. `slots`: capacity, or None for an object that stands once.

    `plain`: each row is one bare value. `companion`: its row's name, where the group stands on another sheet.
    """

    name: str
    label: str
    noun: str
    members: tuple[Field | Group, ...]
    slots: int | None = None
    minimum: int = 0
    display: str = "fields"
    tag: str = ""
    guide: str = ""
    examples: tuple[tuple[str, ...], ...] = ()
    total: str = ""
    plain: bool = False
    companion: str | None = None
    unless: tuple[str, tuple[str, ...]] | None = None
    one_of: tuple[str, ...] = ()
    printed: Printed | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The group's own answers, in printed order."""
        return tuple(member for member in self.members if isinstance(member, Field))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups inside, in printed order."""
        return tuple(member for member in self.members if isinstance(member, Group))

    def member(self, name: str) -> Field | Group | None:
        """The member of that name, or None."""
        return next((member for member in self.members if member.name == name), None)

    def begins(self, field: Field) -> bool:
        """Whether an answer to a field of this group begins its row: where some are locked, only they do."""
        return begins(field, self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    """What a campaign fixes of a form; carried by every copy as JSON. `part`: its key; empty for the whole plan.

    `language`: in which the form speaks, such as "es"; empty: English. `round`: CARRIED, STATUS_ROUND or empty.
    """

    plan_from: date = DEFAULT_WINDOW.first
    plan_to: date = DEFAULT_WINDOW.last
    return_by: date | None = None
    title: str = ""
    year: str = "2026-27"
    contact: str = ""
    slots: tuple[tuple[str, int], ...] = ()
    optional: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    help: tuple[tuple[str, str], ...] = ()
    part: str = ""
    language: str = ""
    round: str = ""

    @property
    def window(self) -> Window:
        """The days the plan may name."""
        return Window(self.plan_from, self.plan_to)

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON data; what is not set is left out."""
        found = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
            if value not in (None, "", ())
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FormFacts:
        """The facts from JSON data. Raises ValueError or TypeError on what is not ours."""
        plain = cls()
        return_by = data.get("return_by")
        return cls(
            plan_from=date.fromisoformat(data["plan_from"]) if "plan_from" in data else plain.plan_from,
            plan_to=date.fromisoformat(data["plan_to"]) if "plan_to" in data else plain.plan_to,
            return_by=date.fromisoformat(return_by) if return_by else None,
            title=str(data.get("title", plain.title)),
            year=str(data.get("year", plain.year)),
            contact=str(data.get("contact", plain.contact)),
            slots=tuple((str(path), int(count)) for path, count in data.get("slots", ())),
            optional=tuple(str(path) for path in data.get("optional", ())),
            lists=tuple((str(name), tuple(map(str, items))) for name, items in data.get("lists", ())),
            help=tuple((str(path), str(text)) for path, text in data.get("help", ())),
            part=str(data.get("part", plain.part)),
            language=str(data.get("language", plain.language)),
            round=str(data.get("round", plain.round)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """A template as data, with its campaign's facts applied."""

    form: Form
    facts: FormFacts
    root: Group

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def version(self) -> int:
        return self.form.version

    def group(self, path: str) -> Group:
        """The group at a slot path such as "challenges[].strategies[].steps". Raises KeyError."""
        found: Group = self.root
        for name in filter(None, path.replace("[]", "").split(".")):
            member = found.member(name)
            if not isinstance(member, Group):
                raise KeyError(path)
            found = member
        return found

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts into which the plan can be split, the sheet Plan first."""
        with speaking(self.facts.language):
            return parts_of(self.form, (member.name for member in self.root.members))

    @property
    def part(self) -> Part | None:
        """The part that this form is of; None for the whole plan."""
        return next((part for part in self.parts if part.key == self.facts.part), None)

    def walk(self) -> Iterator[tuple[str, Group]]:
        """Every group with its slot path, the plan itself (path "") first, in printed order."""
        yield from _walk("", self.root)


def begins(field: Field, beside: Iterable[Field]) -> bool:
    """Whether an answer to a field begins its row; `beside`: all fields of the row.

    Where answers are locked, nobody can begin a row: it is in use by what stands locked or shown in it. Elsewhere what
    is shown begins none.
    """
    held = any(item.locked and not item.shown for item in beside)
    return field.locked if held else not field.locked


def _walk(path: str, group: Group) -> Iterator[tuple[str, Group]]:
    yield path, group
    prefix = path + ("[]" if group.slots is not None else "") + "." if path else ""
    for inner in group.groups:
        yield from _walk(prefix + inner.name, inner)


def listed(own: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """A campaign's list of choices, in which "..." stands for the template's own; each once."""
    found = (choice for item in wanted for choice in (own if item == MORE else (item,)))
    return tuple(dict.fromkeys(found))


def bounds(field: Field, window: Window) -> tuple[Any, Any]:
    """The least and greatest value the field takes, both included; None where it has none."""
    if field.shown:
        return None, None
    if field.kind is Kind.DATE:
        return window.first, window.last
    if field.kind is Kind.PAST_DATE:
        return window.first_record, window.last
    return (0, MOST_MONEY) if field.kind is Kind.MONEY else (None, None)
