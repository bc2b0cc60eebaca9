"""From a template's model to its spec: every field and table with what a campaign's facts make of it."""

from __future__ import annotations

import types
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from xlplan.errors import TemplateError
from xlplan.form.markers import (
    Companion,
    Help,
    Kind,
    Label,
    Length,
    Locked,
    Meaning,
    RefersTo,
    Table,
    Width,
)
from xlplan.form.parts import Part
from xlplan.form.plan import HEADER, Form, Plan
from xlplan.form.rounds import LAST_STATUS, STATUSES, in_round
from xlplan.form.spec import AS_TEXT, Field, FormFacts, FormSpec, Group, listed
from xlplan.form.translate import Key, in_language, missing, texts_of
from xlplan.languages import say, speaking


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
