"""The rounds after a plan's first: what the model of a form asks beside its own fields, and what it leaves locked.

A plan that was carried forward shows beside each activity what was said of it last, and the day it was first due. At
the mid-year check all else is locked but what becomes of the activities: done, status, days, and what was learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, create_model
from pydantic import Field as Default
from pydantic.fields import FieldInfo

from xlplan.errors import TemplateError
from xlplan.form.markers import Day, Help, Label, Locked, Meaning, Prose, Table, Text, Width
from xlplan.form.plan import HEADER, Plan

CARRIED, STATUS_ROUND = "carried", "status"  # rounds that begin with the answers of a former one
LAST_STATUS, FIRST_DUE, LEARNED, CHANGES = ADDED = ("last_status", "first_due", "learned", "changes")
"""The fields that later rounds add to each row that is due."""
STATUSES = DONE, NOT_DONE, NOT_STARTED = ("Done", "Not done", "Not started")
"""What is said of a row's last status, beside the choices of a status of its own."""
ASKED = (Meaning.STATUS, Meaning.DONE)
OPEN = (*ASKED, Meaning.DUE, Meaning.START)
"""Meanings of the fields that stay open at the mid-year check."""
OPEN_OF_PLAN = ("prepared_by", "prepared_on")

_SHOWN: dict[str, Any] = {
    LAST_STATUS: Annotated[
        Text | None, Label("Last round", noun="last"), Width(13), Locked(shown=True)
    ],
    FIRST_DUE: Annotated[Day | None, Label("First due", noun="first"), Width(13), Locked(shown=True)],
}  # fmt: skip
_TOLD: dict[str, Any] = {
    LEARNED: Annotated[
        Prose | None,
        Label("What did you learn?", noun="lesson"),
        Help(message="What happened, and what you learned from it. Short is fine."),
        Width(26),
    ],
    CHANGES: Annotated[
        Prose | None,
        Label("What do you change?", noun="change"),
        Help(message="What you will do differently from now on: another way, another day, somebody else."),
        Width(26),
    ],
}


@lru_cache(maxsize=64)
def in_round(model: type[Plan], round_: str) -> type[Plan]:
    """The template as that round asks for it; itself in the first round. The same class for the same round.

    Raises TemplateError where the template has a field of its own by the name of one that the round adds, or where
    there is no such round.
    """
    if round_ not in ("", CARRIED, STATUS_ROUND):
        raise TemplateError(f"There is no round {round_!r}; there are {CARRIED!r} and {STATUS_ROUND!r}.")
    if not round_ or round_of(model) == round_:
        return model
    clashes = list(_clashes(model, "", round_))
    if clashes:
        raise TemplateError("\n".join(clashes))
    made = cast(type[Plan], _model(model, round_))
    _ROUNDS[made] = round_
    return made


def round_of(model: type[BaseModel]) -> str:
    """The round that a model is of; empty for the first."""
    return next((_ROUNDS[base] for base in model.__mro__ if base in _ROUNDS), "")


_ROUNDS: dict[type[BaseModel], str] = {}


def is_activity(model: type[BaseModel]) -> bool:
    """Whether rows of this model are due on some day."""
    return any(Meaning.DUE in info.metadata for info in model.model_fields.values())


def added(model: type[BaseModel], round_: str) -> dict[str, Any]:
    """The fields that a round adds to a row of this model, by name, in printed order."""
    if not is_activity(model):
        return {}
    answered = any(meaning in info.metadata for info in model.model_fields.values() for meaning in ASKED)
    shown = {name: kind for name, kind in _SHOWN.items() if answered or name != LAST_STATUS}
    return shown | (_TOLD if round_ == STATUS_ROUND else {})


def _clashes(model: type[BaseModel], path: str, round_: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        inner = _row_of(info.annotation)
        if inner is None:
            continue
        repeats = any(isinstance(mark, Table) for mark in info.metadata)
        where = f"{path}{name}{'[]' if repeats else ''}."
        if repeats:
            for own in added(inner, round_):
                if own in inner.model_fields:
                    yield (
                        f"{where}{own}: rounds after the first add a field of that name to every row that is due; "
                        "give the template's own another name."
                    )
        yield from _clashes(inner, where, round_)


def _model(model: type[BaseModel], round_: str, *, row: bool = False) -> type[BaseModel]:
    more = added(model, round_) if row else {}
    changed: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if issubclass(model, Plan) and name in HEADER:
            continue
        other = _field(name, info, round_, plan=issubclass(model, Plan), due=bool(more))
        if other is not None:
            changed[name] = other
    changed |= {name: (kind, None) for name, kind in more.items()}
    if not changed:
        return model
    made: type[BaseModel] = create_model(
        model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **changed
    )
    asked = getattr(model, "one_of", ())
    if round_ == STATUS_ROUND and any(_is_locked(made.model_fields[name]) for name in asked):
        made.one_of = ()  # type: ignore[attr-defined]  # of a Row; nobody could fill in what is asked for
    return made


def _field(name: str, info: FieldInfo, round_: str, *, plan: bool, due: bool) -> tuple[Any, Any] | None:
    """The field's annotation and default in that round, or None where nothing changes. `due`: of a row that is due."""
    marks = list(info.metadata)
    inner = _row_of(info.annotation)
    status = round_ == STATUS_ROUND
    if inner is not None:
        table = next((mark for mark in marks if isinstance(mark, Table)), None)
        made = _model(inner, round_, row=table is not None)
        annotation = _swapped(info.annotation, inner, made)
        if status and table is not None:  # no row can be added, so none can be asked for
            marks = [mark for mark in marks if not isinstance(mark, MinLen)]
            marks[marks.index(table)] = replace(table, unless=None)
        if made is inner and marks == list(info.metadata):
            return None
        return _annotated(annotation, marks), _default(info, made)
    if not status:
        return None
    if due and any(meaning in marks for meaning in ASKED):
        return _annotated(_without_none(info.annotation), marks), ...
    if any(meaning in marks for meaning in OPEN) or (plan and name in OPEN_OF_PLAN):
        return None
    if get_origin(info.annotation) is list:
        marks = [mark for mark in marks if not isinstance(mark, MinLen)]
        return _annotated(info.annotation, [*marks, Locked()]), Default(default_factory=list)
    if info.is_required():
        # what checks the text stands within, so that it does not see the None
        return Annotated[_annotated(info.annotation, marks) | None, Locked()], None
    return _annotated(info.annotation, [*marks, Locked()]), info.default


def _is_locked(info: FieldInfo) -> bool:
    return any(isinstance(mark, Locked) for mark in info.metadata)


def _annotated(annotation: Any, marks: list[Any]) -> Any:
    return Annotated[(annotation, *marks)] if marks else annotation


def _row_of(annotation: Any) -> type[BaseModel] | None:
    """The model of rows, or of an object, within an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_row_of(argument) for argument in get_args(annotation) if argument is not NoneType)
    return next((model for model in found if model is not None), None)


def _swapped(annotation: Any, old: type[BaseModel], new: type[BaseModel]) -> Any:
    """The annotation with one model for another."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is old:
        return new
    if origin is Annotated:
        return Annotated[(_swapped(arguments[0], old, new), *arguments[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, (_swapped(item, old, new) for item in arguments))
    if origin is list:
        return list[_swapped(arguments[0], old, new)]  # type: ignore[misc]
    return annotation


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return reduce(or_, (item for item in get_args(annotation) if item is not NoneType))


def _default(info: FieldInfo, made: type[BaseModel]) -> Any:
    if info.is_required():
        return ...
    if info.default_factory is not None:
        return Default(default_factory=info.default_factory)
    if isinstance(info.default, BaseModel):
        return made.model_construct(**dict(info.default))
    return info.default
