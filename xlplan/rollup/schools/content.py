"""A plan of any template in, what its readable sheet says out: headings, lines and tables in the form's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xlplan.form.markers import Kind, Meaning
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.places import joined
from xlplan.rollup.words import dollars, opened, short_day

SHORTS = 4  # columns beside the words of a row
WORDS = (Kind.PROSE, Kind.TEXT)
STATUS = "Status"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, or (`level` 2) of one of its repeated parts."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what was answered; `strong` where it names what follows."""

    label: str
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: what a row is called and its words, then at most SHORTS short answers each; `title` over the words.

    `noun`: what a row is called, without its number; `words`: the label of the words.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Any, ...]], ...]
    total: tuple[Any, ...] = ()
    noun: str = ""
    words: str = ""


Block = Heading | Line | Rows


def content_of(spec: FormSpec, plan: PlanRecord, statuses: Mapping[str, str]) -> Iterator[Block]:
    """What the plan says, without what is empty. `statuses`: how activities stand, by their paths in slots."""
    reader = _Reader(plan, statuses)
    top = [member for member in spec.root.fields if member.name not in HEADER]
    short = [member for member in top if member.kind is not Kind.PROSE]
    if told := _answers(short, plan.plan):
        yield Line("Plan", told)
    yield from reader.fields([member for member in top if member not in short], plan.plan)
    for group in spec.root.groups:
        yield from reader.group(group, plan.plan.get(group.name), group.name, group.name, 1)


@dataclass(frozen=True, slots=True)
class _Reader:
    plan: PlanRecord
    statuses: Mapping[str, str]

    def fields(self, fields: Sequence[Field], item: Mapping[str, Any]) -> Iterator[Block]:
        """Answers that stand once, a line each."""
        for field in fields:
            if text := words_of(field, item.get(field.name)):
                yield Line(_label(field), text)

    def group(self, group: Group, found: Any, path: str, closed: str, level: int) -> Iterator[Block]:
        """A group with its heading, if it has any answers."""
        if not found:
            return
        if group.slots is None:
            yield Heading(group.label, level)
            yield from self._item(group, found, path, closed, level)
        elif group.plain:
            yield from self._plain(group, found)
        elif not _rows(group):
            yield from self._parts(group, found, path, closed, level)
        elif not _wordy(group):
            yield Line(group.label, "; ".join(filter(None, (_together(group, item) for item in found))))
        else:
            if level == 1:
                yield Heading(group.label)
            yield self._table(group, found, path, closed, "" if level == 1 else group.label)

    def _item(
        self, group: Group, item: Mapping[str, Any], path: str, closed: str, level: int
    ) -> Iterator[Block]:
        yield from self.fields(group.fields, item)
        for inner in group.groups:
            if inner.companion is not None:
                yield from self._beside(inner, item.get(inner.name))
                continue
            here, there = joined(path, inner.name), joined(closed, inner.name)
            yield from self.group(inner, item.get(inner.name), here, there, level + 1)

    def _parts(
        self, group: Group, found: Sequence[Any], path: str, closed: str, level: int
    ) -> Iterator[Block]:
        """Repeated parts with tables of their own: each under a heading with its number, or a strong line."""
        for index, (slot, item) in enumerate(zip(self._slots(closed, found), found, strict=True)):
            name = f"{opened(group.noun)} {index + 1}"
            here, there = f"{path}[{slot}]", f"{closed}[{index}]"
            first = next((field for field in group.fields if words_of(field, item.get(field.name))), None)
            if level == 1:
                yield Heading(name)
            elif first is not None:
                yield Line(name, self._named(first, item, here), strong=True)
            kept = item if level == 1 or first is None else {**item, first.name: None}
            short = [field for field in group.fields if field.many or field.kind not in WORDS]
            if told := _answers(short, kept):
                yield Line("", told)
            rest = {**kept, **{field.name: None for field in short}}
            yield from self._item(group, rest, here, there, level + 1)

    def _named(self, first: Field, item: Mapping[str, Any], path: str) -> str:
        status = self.statuses.get(path)
        return words_of(first, item.get(first.name)) + (f" ({status})" if status else "")

    def _plain(self, group: Group, found: Sequence[Any]) -> Iterator[Block]:
        """Rows that are one bare answer, with the letters or numbers that the form gives them."""
        for index, value in enumerate(found):
            mark = chr(ord("A") + index) if group.display == "letters" and index < 26 else str(index + 1)
            if text := words_of(group.fields[0], value):
                yield Line(f"{opened(group.noun)} {mark}", text)

    def _beside(self, group: Group, found: Any) -> Iterator[Block]:
        if found and (text := _answers(group.fields, found)):
            yield Line(group.label, text)

    def _table(self, group: Group, found: Sequence[Any], path: str, closed: str, title: str) -> Rows:
        slots = self._slots(closed, found)
        paths = [f"{path}[{slot}]" for slot in slots]
        own = any(field.meaning is Meaning.STATUS for field in group.fields)
        derived = not own and any(one in self.statuses for one in paths)
        shorts = _shorts(group, derived)
        heads = (*(_label(field) for field in shorts), *([STATUS] if derived else []))
        rows = []
        for index, (item, where) in enumerate(zip(found, paths, strict=True)):
            values = [_typed(field, item.get(field.name)) for field in shorts]
            values += [self.statuses.get(where)] if derived else []
            rows.append(
                (f"{opened(group.noun)} {index + 1}", _words(group, item, shorts, derived), tuple(values))
            )
        totals = _totals(shorts, found, len(heads))
        return Rows(title, heads, tuple(rows), totals, opened(group.noun), _label(_main(group)))

    def _slots(self, closed: str, found: Sequence[Any]) -> list[int]:
        known = self.plan.slots.get(closed, ())
        return [known[index] if index < len(known) else index for index in range(len(found))]


def words_of(field: Field, value: Any) -> str:
    """An answer in words; nothing where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    found = _typed(field, value)
    match found:
        case bool():
            return "yes" if found else "no"
        case date():
            return short_day(found)
        case Decimal():
            return dollars(found)
        case _:
            return str(found)


def _typed(field: Field, value: Any) -> Any:
    """An answer as a cell holds it; a draft's that is not of its kind stays the text it is."""
    try:
        match field.kind:
            case Kind.DATE | Kind.PAST_DATE if value:
                return value if isinstance(value, date) else date.fromisoformat(str(value))
            case Kind.MONEY if value is not None:
                amount = Decimal(str(value))
                return amount if amount.is_finite() else str(value)
    except (ValueError, InvalidOperation):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value


def _rows(group: Group) -> bool:
    """Whether each item is one row: nothing repeats within it."""
    return not any(inner.slots is not None for inner in group.groups)


def _wordy(group: Group) -> bool:
    """Whether its rows need lines of their own: names and choices alone fit one line together."""
    telling = {Meaning.DUE, Meaning.MONEY, Meaning.OWNER}
    return any(field.kind is Kind.PROSE or field.meaning in telling for field in group.fields)


def _together(group: Group, item: Mapping[str, Any]) -> str:
    """ "A. Smith, principal, facilitator"."""
    said = []
    for field in group.fields:
        value = item.get(field.name)
        if value is True:
            said.append(_label(field).lower())
        elif value not in (None, False, "", []):
            said.append(words_of(field, value))
    return ", ".join(said)


def _main(group: Group) -> Field:
    return next((field for field in group.fields if field.kind in WORDS), group.fields[0])


def _shorts(group: Group, derived: bool) -> list[Field]:
    """The short answers with a column each: dates, people, amounts, choices; never more than there is room for."""
    room = SHORTS - derived
    main = _main(group)
    wanted = [
        field
        for field in group.fields
        if field is not main
        and not field.many
        and (field.kind not in WORDS or field.meaning is Meaning.FUNDING)
        and not (derived and field.meaning is Meaning.DONE)
    ]
    marked = [field for field in wanted if field.meaning is not None]
    kept = (marked + [field for field in wanted if field.meaning is None])[:room]
    return [field for field in wanted if field in kept]


def _words(group: Group, item: Mapping[str, Any], shorts: Sequence[Field], derived: bool) -> str:
    """The words of a row, and below them whatever has no column."""
    main = _main(group)
    taken = {main.name, *(field.name for field in shorts)}
    rest = [
        field
        for field in group.fields
        if field.name not in taken and not (derived and field.meaning is Meaning.DONE)
    ]
    lines = [words_of(main, item.get(main.name))]
    lines += [f"{_label(field)}: {text}" for field in rest if (text := words_of(field, item.get(field.name)))]
    for inner in group.groups:
        if (found := item.get(inner.name)) and (text := _answers(inner.fields, found)):
            lines.append(f"{inner.label}: {text}")
    return "\n".join(filter(None, lines))


def _answers(fields: Sequence[Field], item: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{_label(field)}: {text}" for field in fields if (text := words_of(field, item.get(field.name)))
    )


def _totals(shorts: Sequence[Field], found: Sequence[Any], width: int) -> tuple[Any, ...]:
    """The sums of amounts, where there is more than one."""
    sums: list[Any] = [None] * width
    for at, field in enumerate(shorts):
        amounts = [
            value for item in found if isinstance(value := _typed(field, item.get(field.name)), Decimal)
        ]
        if field.kind is Kind.MONEY and len(amounts) > 1:
            sums[at] = sum(amounts, Decimal(0))
    return tuple(sums) if any(value is not None for value in sums) else ()


def _label(field: Field) -> str:
    """A label as a head wants it: without the guidance behind a colon, and the question mark."""
    return field.label.split(":")[0].removesuffix("?").strip()
