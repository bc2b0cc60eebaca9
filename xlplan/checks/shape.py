"""Which groups of a form have which meanings, and who refers to whom; worked out once a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlplan.form.markers import Meaning
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.layout.model import Layout


@dataclass(frozen=True, slots=True)
class Referrer:
    """A field that refers to rows of another table: the table it stands in, and the field."""

    table: str
    group: Group
    field: Field

    @property
    def target(self) -> str:
        """The name of the field by which it names rows; empty where letters or numbers name them."""
        refers = self.field.refers_to
        return refers.target.rpartition(".")[2] if refers and refers.by == "name" else ""


class Shape:
    """A form's groups by the meanings of their fields. Tables are named as `FormSpec.walk` names them."""

    def __init__(self, spec: FormSpec) -> None:
        self.groups = dict(spec.walk())
        self._fields: dict[Meaning, list[tuple[str, tuple[Field, ...]]]] = {}
        for path, group in self.groups.items():
            for meaning in {item.meaning for item in group.fields if item.meaning}:
                items = tuple(item for item in group.fields if item.meaning is meaning)
                self._fields.setdefault(meaning, []).append((path, items))
        self.meanings = frozenset(self._fields)
        self._refers = [
            Referrer(path, group, item)
            for path, group in self.groups.items()
            for item in group.fields
            if item.refers_to
        ]

    def fields(self, meaning: Meaning) -> list[tuple[str, tuple[Field, ...]]]:
        """Each table with fields of that meaning, in printed order."""
        return self._fields.get(meaning, [])

    def with_all(self, *meanings: Meaning) -> Iterator[str]:
        """The tables whose own fields have all of these meanings."""
        for path, group in self.groups.items():
            if set(meanings) <= {item.meaning for item in group.fields}:
                yield path

    def referring(self, table: str) -> list[Referrer]:
        """The fields of other tables that refer to the rows of this one."""
        return [item for item in self._refers if item.table != table and _target(item) == table]


def _target(item: Referrer) -> str:
    """The table that a field refers to: a name's is the plan's own, a letter's stands beside the referring table."""
    refers = item.field.refers_to
    if refers is None:
        return ""
    if refers.by == "name":
        return refers.target.rpartition(".")[0]
    outer = item.table.rpartition("[].")[0]
    return f"{outer}[].{refers.target}" if outer else refers.target


@dataclass(frozen=True, slots=True)
class _Same:
    """A layout as a key: by identity, since its tables cannot be hashed."""

    layout: Layout

    def __hash__(self) -> int:
        return id(self.layout)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.layout is self.layout


def shape_of(layout: Layout) -> Shape:
    """The shape of a layout's form, made once."""
    return _shape(_Same(layout))


@lru_cache(maxsize=64)
def _shape(same: _Same) -> Shape:
    return Shape(same.layout.spec)
