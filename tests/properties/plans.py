"""Random plans of any template, made from its spec alone; and an own idea of what `read` makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group, bounds
from xlplan.form.text import clean_text, units

LETTERS = "ABCD"
HOSTILE = (
    "=SUM(A1:A9)", "+1 555 0100", "-x", "@cmd", "'quoted", "_x0041_", "<b>&amp;</b> ]]>", "a, b: c; d", "007",
    "TRUE", "1200", "2026-10-15", "12/10/2026", " é e\u0301 ", "שלום 你好", "👩\u200d🏫 ready", "⟦school⟧", "Yes",
    "A\u00a0B", "#REF!",
)  # fmt: skip
PLACEHOLDERS = {"n/a", "na", "tbd", "tba", "tbc", "-", "--", "–", "—", "none", "?", "..."}


def texts() -> st.SearchStrategy[list[str]]:
    """A few texts that any program could mangle; hypothesis adds its own."""
    free = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    return st.lists(st.one_of(st.sampled_from(HOSTILE), free), max_size=6)


def plans(spec: FormSpec) -> st.SearchStrategy[dict[str, Any]]:
    """Plans of the spec: empty ones, sparse ones with gaps between slots, full ones with every text at its limit."""
    return st.builds(
        lambda seed, density, pool: Maker(spec, Random(seed), density, pool).plan(),
        st.integers(0, 2**32),
        st.sampled_from((0.0, 0.03, 0.3, 0.7, 1.0)),
        texts(),
    )


@dataclass
class Maker:
    """One plan in the making. References are drawn last, among the rows that are filled."""

    spec: FormSpec
    chance: Random
    density: float
    pool: list[str]
    names: dict[str, int] = field(default_factory=dict)

    def plan(self) -> dict[str, Any]:
        made = self._object(self.spec.root, "")
        self._refer(self.spec.root, made, [])
        return made

    def _object(self, group: Group, path: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for member in group.members:
            where = f"{path}.{member.name}" if path else member.name
            if isinstance(member, Group):
                made[member.name] = (
                    self._rows(member, where) if member.slots is not None else self._object(member, where)
                )
            elif not (path == "" and member.name in HEADER):
                made[member.name] = self._field(member, where)
        return made

    def _rows(self, group: Group, path: str) -> list[Any]:
        count = self.chance.randint(0, group.slots or 0) if self.density < 1 else group.slots or 0
        return [
            None
            if self.chance.random() > max(self.density, 0.4)
            else self._field(group.fields[0], path)
            if group.plain
            else self._object(group, path)
            for _ in range(count)
        ]

    def _field(self, item: Field, path: str) -> Any:
        if item.refers_to is not None or self.chance.random() >= self.density:
            return [] if item.many else None
        low, high = bounds(item, self.spec.facts.window)
        if item.kind is Kind.TICK:
            return [choice for choice in item.choices if self.chance.random() < 0.5]
        if item.kind in (Kind.DATE, Kind.PAST_DATE):
            day = self.chance.choice((low, high, low + timedelta(self.chance.randrange((high - low).days))))
            return day.isoformat()
        if item.kind is Kind.MONEY:
            cents = self.chance.choice((0, 1, 10, 99, 120050, 99_999_999_999, self.chance.randrange(10**11)))
            return f"{cents // 100}.{cents % 100:02d}"
        if item.kind is Kind.YES_NO:
            return self.chance.random() < 0.5
        if item.kind is Kind.CHOICE:
            return self.chance.choice(item.choices)
        return self._text(item, path)

    def _text(self, item: Field, path: str) -> str:
        limit = item.limit or 200
        text = self.chance.choice(
            (*self.pool, *HOSTILE, "Plain words", "two\nlines", "🎓" * (limit // 2), "w " * limit)
        )
        if path in self._targets():  # two rows of one name would be another finding
            self.names[path] = self.names.get(path, 0) + 1
            text = f"{chr(64 + self.names[path])}:{text}"
        return _cut(text, limit)

    def _targets(self) -> set[str]:
        return {
            item.refers_to.target
            for _, group in self.spec.walk()
            for item in group.fields
            if item.refers_to and item.refers_to.by == "name"
        }

    def _refer(self, group: Group, data: dict[str, Any], around: list[dict[str, Any]]) -> None:
        for member in group.members:
            if isinstance(member, Field) and member.refers_to is not None:
                data[member.name] = self._reference(member, data, around)
            elif isinstance(member, Group) and member.slots is None:
                self._refer(member, data[member.name], [*around, data])
            elif isinstance(member, Group) and not member.plain:
                for row in data[member.name]:
                    if row is not None:
                        self._refer(member, row, [*around, data])

    def _reference(self, item: Field, own: dict[str, Any], around: list[dict[str, Any]]) -> Any:
        assert item.refers_to is not None
        table, _, name = item.refers_to.target.rpartition(".")
        if item.refers_to.by == "name":
            rows = next(data for data in reversed(around) if table in data)[table]
            found = [row[name] for row in _before(rows, own) if row and _says(row[name], lines=False)]
        elif item.refers_to.by == "letter":
            causes = around[-1][item.refers_to.target]
            found = [LETTERS[k] for k, cause in enumerate(causes[:4]) if _says(cause, lines=True)]
        else:
            rows = around[-1][item.refers_to.target]
            found = [
                k for k, row in enumerate(_before(rows, own), 1) if row and _says(row["action"], lines=True)
            ]
        if self.chance.random() >= self.density or not found:
            return [] if item.many else None
        if not item.many:
            return self.chance.choice(found)
        most = item.slots if item.refers_to.by == "name" else len(found)
        return sorted(self.chance.sample(found, min(self.chance.randint(0, len(found)), most)))


def _before(rows: list[Any], own: dict[str, Any]) -> list[Any]:
    """The rows above one of them, so that references make no circle; all rows of another table."""
    place = next((k for k, row in enumerate(rows) if row is own), len(rows))
    return rows[:place]


def _cut(text: str, limit: int) -> str:
    while units(text) > limit:
        text = text[: limit - 1] if len(text) > limit else text[:-1]
    cleaned = clean_text(text, lines=False)
    return "An answer" if cleaned.casefold() in PLACEHOLDERS or cleaned.startswith("<") else text


def _says(value: Any, *, lines: bool) -> bool:
    return isinstance(value, str) and bool(clean_text(value, lines=lines))


def closed_up(spec: FormSpec, plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan as `read` gives it: texts normalised, empty slots gone, references rewritten to match."""
    return _closed(spec.root, plan, [])


def _closed(group: Group, data: Mapping[str, Any], around: list[Mapping[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for member in group.members:
        if member.name in HEADER and not around:
            continue
        value = data.get(member.name)
        if isinstance(member, Field):
            made[member.name] = _answer(member, value, around)
        elif member.slots is None:
            made[member.name] = _closed(member, value or {}, [*around, data])
        else:
            rows = [row for row in value or [] if begun(member, row)]
            made[member.name] = [
                _answer(member.fields[0], row, around)
                if member.plain
                else _closed(member, row, [*around, data])
                for row in rows
            ]
    return made


def begun(group: Group, row: Any) -> bool:
    """Whether anything stands in the row; what stands on another sheet does not begin it."""
    if row is None:
        return False
    if group.plain:
        return _answer(group.fields[0], row, []) is not None
    return any(_filled(member, row.get(member.name)) for member in group.members)


def _filled(member: Field | Group, value: Any) -> bool:
    if isinstance(member, Field):
        plain = member if member.refers_to is None else None
        return (_answer(plain, value, []) if plain else value) not in (None, [])
    if member.companion:
        return False
    rows = (value or []) if member.slots is not None else [value or {}]
    return any(begun(member, row) for row in rows)


def _answer(item: Field, value: Any, around: list[Mapping[str, Any]]) -> Any:
    if item.refers_to is not None and around and value not in (None, []):
        if item.refers_to.by == "letter":
            return [_letter(around[-1][item.refers_to.target], letter) for letter in value]
        if item.refers_to.by == "number":
            return sum(1 for row in around[-1][item.refers_to.target][:value] if row and any(_walk(row)))
        return (
            [clean_text(name, lines=False) for name in value] if item.many else clean_text(value, lines=False)
        )
    if isinstance(value, str) and item.kind in (Kind.TEXT, Kind.PERSON, Kind.PROSE):
        return clean_text(value, lines=item.kind is Kind.PROSE) or None
    return [] if value is None and item.many else value


def _letter(causes: list[Any], letter: str) -> str:
    before = causes[: LETTERS.index(letter) + 1]
    return LETTERS[sum(1 for cause in before if _says(cause, lines=True)) - 1]


def _walk(row: Any) -> Iterator[Any]:
    """The answers of a row that are filled."""
    for value in row.values() if isinstance(row, dict) else row:
        if isinstance(value, (dict, list)):
            yield from _walk(value)
        elif value is not None and (not isinstance(value, str) or clean_text(value, lines=True)):
            yield True
