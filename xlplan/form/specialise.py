"""A campaign's settings applied to a template's model: capacities, optional fields, choice lists, help texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, create_model
from pydantic import Field as Default
from pydantic.fields import FieldInfo

from xlplan.errors import TemplateError
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Help, Meaning, Table
from xlplan.form.plan import HEADER, Plan
from xlplan.form.rounds import in_round
from xlplan.form.spec import Field, FormFacts, FormSpec, Group, listed

KEPT = (Meaning.STATUS, Meaning.DECISION, Meaning.KIND, Meaning.DIRECTION)
"""Meanings whose choices checks and rollups know by their words: a campaign may add to them, not take away."""
MESSAGE = 255  # characters of an input message that Excel shows


@lru_cache(maxsize=64)
def specialise(model: type[Plan], facts: FormFacts) -> type[Plan]:
    """The model as the campaign sets it; itself where the facts change nothing, the same class for the same facts.

    `spec_of` of it has the same fields and groups as `spec_of(model, facts)`. Raises TemplateError naming every
    setting that does not fit.
    """
    model = in_round(model, facts.round)
    problems = [
        text or f"{setting}: there is no {path!r} in {model.form.name}."
        for setting, path, text in misfits(spec_of(model), facts)
    ]
    if problems:
        raise TemplateError("\n".join(problems))
    return cast(type[Plan], _model(model, "", facts))


def fields_of(spec: FormSpec) -> dict[str, tuple[Group, Field]]:
    """Every field that a setting can name, by its slot path, with its group."""
    return {
        prefix_of(path, group) + field.name: (group, field)
        for path, group in spec.walk()
        for field in group.fields
        if path or field.name not in HEADER
    }


def tables_of(spec: FormSpec) -> tuple[str, ...]:
    """The slot paths of repeated groups, whose capacity a campaign sets."""
    return tuple(path for path, group in spec.walk() if group.slots is not None)


def prefix_of(path: str, group: Group) -> str:
    """What stands before the names of a group's members in their slot paths."""
    return path + ("[]" if group.slots is not None else "") + "." if path else ""


def misfits(spec: FormSpec, facts: FormFacts) -> Iterator[tuple[str, str, str]]:
    """The settings that do not fit this template: setting, path, and what is wrong; "" where there is no such path."""
    fields, tables = fields_of(spec), tables_of(spec)
    kept = dict(_relied_on(spec))
    for path, _ in facts.slots:
        if path not in tables:
            yield "slots", path, ""
    for path in facts.optional:
        if path not in fields:
            yield "optional", path, ""
        elif fields[path][0].plain:
            yield (
                "optional",
                path,
                f"optional: {path} is the only answer of its row; leave the row empty instead.",
            )
    for path, _ in facts.help:
        if path not in fields:
            yield "help", path, ""
    for path, wanted in facts.lists:
        if path not in fields:
            yield "lists", path, ""
            continue
        yield from (
            ("lists", path, text) for text in _list(path, fields[path][1], wanted, kept.get(path, ()))
        )


def _list(path: str, field: Field, wanted: tuple[str, ...], kept: tuple[str, ...]) -> Iterator[str]:
    if field.refers_to is not None:
        yield f"lists: {path} chooses among the plan's own rows, so it has no list of its own."
    elif not field.choices:
        yield f"lists: {path} is not chosen from a list."
    else:
        choices = listed(field.choices, wanted)
        gone = [choice for choice in kept if choice not in choices]
        if gone:
            yield (
                f"lists: {path} must keep {_quoted(gone)}, since checks go by {'it' if len(gone) == 1 else 'them'}. "
                'Add to the list instead: ["...", "your choice"].'
            )
        if not choices:
            yield f"lists: {path} needs at least one choice."


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _relied_on(spec: FormSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The choice fields whose words checks rely on, with those words."""
    for path, group in spec.walk():
        for field in group.fields:
            if field.meaning in KEPT:
                yield prefix_of(path, group) + field.name, field.choices
        if group.unless:
            around = path[: -len(group.name)]  # the prefix of the row it stands in
            yield around + group.unless[0], group.unless[1]


# --- the model


def _model(model: type[BaseModel], prefix: str, facts: FormFacts) -> type[BaseModel]:
    changed = {
        name: made
        for name, info in model.model_fields.items()
        if (made := _field(info, name, prefix + name, facts)) is not None
    }
    if not changed:
        return model
    return create_model(  # type: ignore[no-any-return, call-overload]  # fields by name, which no overload knows
        model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **changed
    )


def _field(info: FieldInfo, name: str, path: str, facts: FormFacts) -> tuple[Any, Any] | None:
    """The field's new annotation and default, or None where nothing changes."""
    marks = list(info.metadata)
    table = next((mark for mark in marks if isinstance(mark, Table)), None)
    lists, rows = dict(facts.lists), False

    def swapped(bare: Any) -> Any:
        nonlocal rows
        if not isinstance(bare, type):
            return bare
        if issubclass(bare, BaseModel):
            rows = table is not None
            return _model(bare, path + ("[]." if rows else "."), facts)
        return _enum(bare, lists[path]) if issubclass(bare, StrEnum) and path in lists else bare

    annotation = _rebuilt(info.annotation, swapped)
    where = f"{path}[].{name}" if table is not None and not rows else path  # of a row that is one bare value
    if table is not None and path in dict(facts.slots):
        marks[marks.index(table)] = replace(table, slots=dict(facts.slots)[path])
    if where in dict(facts.help):
        text = dict(facts.help)[where]
        marks.insert(0, Help(text, text[:MESSAGE]))
    many = get_origin(annotation) is list
    default = _default(info, annotation)
    if path in facts.optional and many and table is None:
        marks = [mark for mark in marks if not isinstance(mark, MinLen)]
        default = Default(default_factory=list)
    elif path in facts.optional and info.is_required() and table is None:
        # what checks the text stands within, so that it does not see the None
        return Annotated[(annotation, *marks)] | None, None
    if annotation == info.annotation and marks == list(info.metadata):
        return None
    return Annotated[(annotation, *marks)] if marks else annotation, default


def _rebuilt(annotation: Any, swapped: Callable[[Any], Any]) -> Any:
    """The annotation with its bare types swapped."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_rebuilt(arguments[0], swapped), *arguments[1:])]
    if origin in (Union, UnionType):
        made = (item if item is NoneType else _rebuilt(item, swapped) for item in arguments)
        return reduce(or_, made)
    if origin is list:
        return list[_rebuilt(arguments[0], swapped)]  # type: ignore[misc]
    return swapped(annotation)


def _default(info: FieldInfo, annotation: Any) -> Any:
    if info.is_required():
        return ...
    if info.default_factory is not None:
        return Default(default_factory=info.default_factory)
    if (
        isinstance(info.default, BaseModel)
        and isinstance(annotation, type)
        and annotation is not info.annotation
    ):
        return annotation.model_construct(**dict(info.default))  # type: ignore[attr-defined]  # a model as well
    return info.default


def _enum(old: type[StrEnum], wanted: tuple[str, ...]) -> type[StrEnum]:
    """The choices under the names they had, new ones under names made from their words."""
    names = {str(item): item.name for item in old}
    taken = set(names.values())
    members = []
    for choice in listed(tuple(names), wanted):
        name = names.get(choice) or re.sub(r"\W+", "_", choice).strip("_").upper() or "CHOICE"
        name = name if name.isidentifier() and not name.startswith("_") else f"CHOICE_{name}"
        while choice not in names and name in taken:
            name += "_"
        taken.add(name)
        members.append((name, choice))
    return cast(type[StrEnum], StrEnum(old.__name__, members, module=old.__module__))
