"""A plan in, what may be published of it out: no persons, nothing that the campaign keeps private."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from xlplan.form.markers import Kind
from xlplan.form.plan import PEOPLE
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.rollup.data import PlanRecord, Shape
from xlplan.rollup.places import rows_of
from xlplan.rollup.public.scrub import Scrubber
from xlplan.rollup.tables import value_in

Path = tuple[str, ...]
TYPED = (Kind.TEXT, Kind.PROSE, Kind.CHOICE, Kind.TICK)


def public_spec(spec: FormSpec, private: Iterable[str]) -> FormSpec:
    """The form without fields of persons, the tables of people, and the fields and groups of these paths.

    What names a private answer again, by reference, goes with it.
    """
    hidden = {_segments(path) for path in private}
    fields = list(_fields(spec.root, ()))
    gone = {path for path, field in fields if field.kind is Kind.PERSON or _within(path, hidden)}
    ends = {path[-2:] for path in gone}
    for path, field in fields:
        refers = field.refers_to
        if refers is not None and refers.by == "name" and _segments(refers.target)[-2:] in ends:
            gone.add(path)
    members = (_kept(member, (), gone) for member in spec.root.members if member.name not in PEOPLE)
    return replace(spec, root=replace(spec.root, members=tuple(filter(None, members))))


def public_plan(spec: FormSpec, record: PlanRecord, scrubber: Scrubber) -> PlanRecord:
    """The plan as a `public_spec` has it, with names and contacts taken out of its texts; no file, no cells."""
    return replace(record, plan=_item(spec.root, record.plan, scrubber), cells={}, file="")


def people_of(shape: Shape, record: PlanRecord) -> Iterator[str]:
    """Everybody whom a plan names in a field for a person."""
    for table in shape.tables:
        columns = [column for column in table.columns if column.kind == str(Kind.PERSON)]
        for place in rows_of(table, record) if columns else ():
            found = (value_in(table, place.item, column.name) for column in columns)
            yield from (str(name) for name in found if name)


def _segments(path: str) -> Path:
    return tuple(path.replace("[]", "").split("."))


def _within(path: Path, hidden: Iterable[Path]) -> bool:
    return any(path[: len(one)] == one for one in hidden)


def _fields(group: Group, path: Path) -> Iterator[tuple[Path, Field]]:
    for member in group.members:
        here = (*path, member.name)
        if isinstance(member, Field):
            yield here, member
        else:
            yield from _fields(member, here)


def _kept(member: Field | Group, path: Path, gone: set[Path]) -> Field | Group | None:
    """A field that is not gone; a group with what is left of it, if it can be told without the rest."""
    here = (*path, member.name)
    if isinstance(member, Field):
        return None if here in gone else member
    found = (_kept(inner, here, gone) for inner in member.members)
    left = replace(member, members=tuple(filter(None, found)))
    rows = any(inner.slots is not None for inner in left.groups)
    return left if left.fields or rows or (left.slots is None and left.groups) else None


def _item(group: Group, item: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """The answers that the group has, and no others."""
    found: dict[str, Any] = {}
    for member in group.members:
        value = item.get(member.name)
        if value is None:
            continue
        if isinstance(member, Field):
            found[member.name] = _answer(member, value, scrubber)
        elif member.plain:
            found[member.name] = [_answer(member.fields[0], one, scrubber) for one in value]
        elif isinstance(value, Mapping):
            found[member.name] = _item(member, value, scrubber)
        else:
            found[member.name] = [_item(member, one, scrubber) for one in value if isinstance(one, Mapping)]
    return found


def _answer(field: Field, value: Any, scrubber: Scrubber) -> Any:
    """An answer; a draft's that is not of its kind is text too."""
    if isinstance(value, list | tuple):
        return [_answer(field, one, scrubber) for one in value]
    if isinstance(value, str) and field.kind in TYPED:
        return scrubber.text(value).text
    return value
