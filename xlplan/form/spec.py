"""The template as plain data: frozen, JSON-able, all that layouts, readers, checks and rollups know of it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from xlplan.errors import TemplateError
from xlplan.form.markers import (
    MOST_MONEY,
    Companion,
    Help,
    Kind,
    Label,
    Length,
    Locked,
    Meaning,
    Printed,
    RefersTo,
    Table,
    Width,
    Window,
)
from xlplan.form.parts import Part, parts_of
from xlplan.form.plan import HEADER, Form, Plan
from xlplan.form.rounds import CARRIED as CARRIED
from xlplan.form.rounds import LAST_STATUS, STATUSES, in_round
from xlplan.form.rounds import STATUS_ROUND as STATUS_ROUND
from xlplan.form.translate import Key, in_language, missing, texts_of
from xlplan.languages import say, speaking

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


def spec_of(model: type[Plan], facts: FormFacts | None = None) -> FormSpec:
    """The template as a spec, its capacities and help set by the facts. Raises TemplateError naming the field."""
    facts = facts or FormFacts()
    model = in_round(model, facts.round)
    form, members = model.form, _english(model)
    if facts.language:
        form, members = in_language(model, form, members, facts.language, _english)
    with speaking(facts.language):
        members = tuple(map(_saying, members)) if facts.language and facts.round else members
        return _spec(model, form, members, facts)


def _spec(model: type[Plan], form: Form, members: tuple[Field | Group, ...], facts: FormFacts) -> FormSpec:
    root = Group(name="", label=form.title, noun=say("plan"), members=members)
    spec = FormSpec(form=form, facts=facts, root=_adjusted(root, "", facts))
    known = {path for path, group in spec.walk() if group.slots is not None}
    for path, _ in facts.slots:
        if path not in known:
            raise TemplateError(
                f"There is no repeated group {path!r} in {model.form.name}; there are {', '.join(sorted(known))}."
            )
    if not facts.part:
        return spec
    if spec.part is None:
        keys = ", ".join(part.key for part in spec.parts)
        raise TemplateError(f"There is no part {facts.part!r} in {model.form.name}; there are {keys}.")
    return replace(spec, root=_parted(spec, spec.part))


def _saying(member: Field | Group) -> Field | Group:
    """A member in which what a copy shows of a row's last status has words in the language that is spoken."""
    if isinstance(member, Field):
        return member
    members = tuple(map(_saying, member.members))
    own = next((item for item in member.fields if item.meaning is Meaning.STATUS), None)
    known = {choice: say(choice) for choice in STATUSES} | (
        dict(zip(own.choices, own.offered, strict=True)) if own is not None else {}
    )
    return replace(
        member,
        members=tuple(
            replace(item, choices=tuple(known), words=tuple(known.values()))
            if isinstance(item, Field) and item.shown and item.name == LAST_STATUS
            else item
            for item in members
        ),
    )


def _parted(spec: FormSpec, part: Part) -> Group:
    """The plan's group in which what a part refers to in another is typed as text, since it is not there to choose."""

    def parted(member: Field | Group) -> Field | Group:
        if isinstance(member, Group):
            return replace(member, members=tuple(map(parted, member.members)))
        refers = member.refers_to
        if refers is None or refers.by != "name" or part.holds(refers.target):
            return member
        other = next(item.title for item in spec.parts if item.holds(refers.target))
        said = say(
            "Type the name as it stands in the part “{other}”; it is matched once all parts are together.",
            other=other,
        )
        guide = member.guide or say("Its name as in “{other}”.", other=other)
        refers = replace(refers, by=AS_TEXT)
        return replace(member, kind=Kind.TEXT, refers_to=refers, guide=guide, message=said)

    members = (parted(member) if part.holds(member.name) else member for member in spec.root.members)
    return replace(spec.root, members=tuple(members))


def translatable(model: type[Plan]) -> dict[Key, str]:
    """Every text of a template that a translation can give in another language, by its place in such a file."""
    return texts_of(model.form, _english(model))


def untranslated(model: type[Plan], language: str) -> dict[Key, str]:
    """Those that nobody has given in that language yet."""
    return missing(model, language, _english)


def _english(model: type[BaseModel]) -> tuple[Field | Group, ...]:
    """The members of a template in its own words."""
    return _members(model, "")


def _members(model: type[BaseModel], path: str) -> tuple[Field | Group, ...]:
    return tuple(
        _member(name, info, f"{path}.{name}" if path else name) for name, info in model.model_fields.items()
    )


def _member(name: str, info: FieldInfo, path: str) -> Field | Group:
    marks = list(info.metadata)
    kind_of, more = _unwrap(info.annotation)
    marks += more
    many = get_origin(kind_of) is list
    inner = kind_of
    if many:
        inner, more = _unwrap(get_args(kind_of)[0])
        marks += more
    required = info.is_required() if not many else any(isinstance(mark, MinLen) for mark in marks)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _group(name, inner, marks, many=many, path=path)
    table = _one(marks, Table)
    if table is not None:
        field = _field(name, inner, marks, required=True, many=False, path=path)
        field = replace(field, label=table.noun.capitalize(), required=not field.locked)
        return _table(name, table, (field,), _minimum(marks), plain=True)
    return _field(name, inner, marks, required=required, many=many, path=path)


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """The bare type under Annotated and `| None`, and the markers met on the way."""
    marks: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *found = get_args(annotation)
            marks += found
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation, marks


def _one(marks: list[Any], wanted: type[Any]) -> Any:
    return next((mark for mark in marks if isinstance(mark, wanted)), None)


def _minimum(marks: list[Any]) -> int:
    return next((mark.min_length for mark in marks if isinstance(mark, MinLen)), 0)


def _group(name: str, model: type[BaseModel], marks: list[Any], *, many: bool, path: str) -> Group:
    members = _members(model, path)
    table, companion, label = _one(marks, Table), _one(marks, Companion), _one(marks, Label)
    if many:
        if table is None:
            raise TemplateError(f"{path}: a list of rows needs a Table marker.")
        return replace(_table(name, table, members, _minimum(marks)), one_of=getattr(model, "one_of", ()))
    title = label.text if label else name.replace("_", " ").capitalize()
    help_ = _one(marks, Help)
    return Group(
        name=name, label=title, noun=title.lower(), members=members, guide=help_.guide if help_ else "",
        companion=companion.carries if companion else None,
    )  # fmt: skip


def _table(
    name: str, table: Table, members: tuple[Field | Group, ...], minimum: int, *, plain: bool = False
) -> Group:
    return Group(
        name=name, label=table.label, noun=table.noun, members=members, slots=table.slots, minimum=minimum,
        display=table.display, tag=table.tag or name[0], guide=table.guide, examples=table.examples,
        total=table.total, plain=plain, unless=table.unless, printed=table.printed,
    )  # fmt: skip


def _field(name: str, inner: Any, marks: list[Any], *, required: bool, many: bool, path: str) -> Field:
    label = _one(marks, Label) or Label(name.replace("_", " ").capitalize())
    help_, width, refers = _one(marks, Help) or Help(), _one(marks, Width), _one(marks, RefersTo)
    kind = _one(marks, Kind)
    choices: tuple[str, ...] = ()
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        kind, choices = (Kind.TICK if many else Kind.CHOICE), tuple(str(item) for item in inner)
    if refers is not None:
        kind = Kind.TICK if refers.by == "letter" else Kind.CHOICE
    if kind is None and name in HEADER:
        kind = Kind.TEXT
    if kind is None:
        raise TemplateError(f"{path}: say what kind of answer it is, for example Prose or Day.")
    length, locked = _one(marks, Length), _one(marks, Locked)
    return Field(
        name=name, kind=kind, label=label.text, noun=label.noun or label.text.lower()[:8], tag=label.tag or name[:4],
        required=required, guide=help_.guide, message=help_.message, choices=choices, refers_to=refers,
        slots=refers.slots if refers else 1, many=many, limit=length.limit if length else None,
        width=width.columns if width else None, least=width.least if width else None,
        meaning=_one(marks, Meaning), locked=locked is not None, shown=locked is not None and locked.shown,
    )  # fmt: skip


def _adjusted(group: Group, path: str, facts: FormFacts) -> Group:
    """The group with the campaign's capacities, choice lists, help and optional fields."""
    slots, texts, lists = dict(facts.slots), dict(facts.help), dict(facts.lists)
    prefix = path + ("[]" if group.slots is not None else "") + "." if path else ""

    def adjusted(member: Field | Group) -> Field | Group:
        here = prefix + member.name
        if isinstance(member, Group):
            inner = _adjusted(member, here, facts)
            return replace(inner, slots=slots[here]) if here in slots and inner.slots is not None else inner
        member = replace(member, guide=texts[here], message=texts[here][:255]) if here in texts else member
        if here in lists and member.choices:
            choices = listed(member.choices, lists[here])
            words = tuple(map(member.word, choices)) if member.words else ()
            member = replace(member, choices=choices, words=words)
        return replace(member, required=False) if here in facts.optional else member

    return replace(group, members=tuple(adjusted(member) for member in group.members))


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
