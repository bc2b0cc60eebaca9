"""From one version of a template to the next: where each answer goes, and which ones a person has to place.

A pure function over paths, so that lineage, findings, recorded plans and returned cells all go the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from xlplan.errors import TemplateError
from xlplan.findings import Finding, finding
from xlplan.form.spec import Field, FormFacts, FormSpec, Group

UPGRADED = "upgraded"  # the code of findings about a plan of an older version
NO_BOX = "has no box in the newer form."
_STEP = re.compile(r"\[(?:[^\]\\]|\\.)*\]|[^.\[\]]+")
_NONE: Mapping[str, Any] = MappingProxyType({})
_ESCAPED, _TO_ESCAPE = re.compile(r"\\(.)"), re.compile(r"([\]\\])")  # in the brackets of a tick's choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What becomes of the answers to a version of a template in the next one. What keeps its path needs no word.

    `moved`: path of a field, table or object → its path there ("infrastructure": "monitoring"), rows around it as
    "[]". `choices`: path of a field → its choices that are called otherwise there. `asked`: path of what has no box
    any more → what a person is to do with the answer, in a sentence.
    """

    moved: Mapping[str, str] = field(default_factory=lambda: _NONE)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NONE)
    asked: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def path(self, path: str) -> str | None:
        """A slot path in the next version; None where a person has to place what stands there."""
        steps = _STEP.findall(path)
        if self._todo(steps) is not None:
            return None
        for length in range(len(steps), 0, -1):
            to = self.moved.get(_joined(steps[:length], rows="[]"))
            if to is not None:
                return _joined([*_numbered(to, steps[:length]), *self._renamed(steps, length)])
        return _joined(self._renamed(steps, 0))

    def value(self, path: str, value: Any) -> Any:
        """An answer as the next version calls it; `path`: its own, before."""
        names = self.choices.get(_generic(_STEP.findall(path)), _NONE)
        return names.get(value, value) if isinstance(value, str) else value

    def todo(self, path: str) -> str:
        """What a person is to do with the answer at a slot path that has no box any more."""
        return self._todo(_STEP.findall(path)) or ""

    def __call__(self, plan: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        """A plan's JSON in the next version, with a finding for each answer that a person has to place."""
        made: dict[str, Any] = {}
        found: list[Finding] = []
        for path, value in _leaves(plan):
            to = self.path(path)
            if to is None:
                if value not in (None, "", []):
                    found.append(to_place(path, str(value), self.todo(path)))
                continue
            many = isinstance(value, list)
            _put(made, to, [self.value(path, one) for one in value] if many else self.value(path, value))
        return made, tuple(found)

    def _renamed(self, steps: list[str], start: int) -> list[str]:
        """The steps from there on; a tick goes by the name that its choice has there."""
        last = steps[-1]
        names = self.choices.get(_generic(steps), _NONE)
        if start < len(steps) and names and last.startswith("["):
            choice = _ESCAPED.sub(r"\1", last[1:-1])
            return [*steps[start:-1], "[" + _TO_ESCAPE.sub(r"\\\1", names.get(choice, choice)) + "]"]
        return steps[start:]

    def _todo(self, steps: list[str]) -> str | None:
        """What is asked of the field, or of a table or object that it stands in."""
        fields = (_generic(steps[:length]) for length in range(len(steps), 0, -1))
        return next((self.asked[path] for path in fields if path in self.asked), None)


def to_place(path: str, found: str, todo: str, sheet: str | None = None, cell: str | None = None) -> Finding:
    """The finding about an answer that a person has to place in the newer version."""
    return finding(UPGRADED, path=path, sheet=sheet, cell=cell, found=found, said=NO_BOX, todo=todo)


def is_to_place(item: Finding) -> bool:
    """Whether a finding is about an answer that a person has to place, and not about the whole plan."""
    return item.code == UPGRADED and item.cell is not None


def upgraded_facts(facts: FormFacts, upgrade: Upgrade, old: FormSpec, new: FormSpec) -> FormFacts:
    """What a campaign fixed of a form, of its next version: as many slots as before, and whatever still applies.

    `old`: the form with these facts; `new`: the next version without any.
    """
    tables = {path: group.slots for path, group in new.walk() if group.slots is not None}
    fields = {path for path, _ in fields_in(new)}
    slots: dict[str, int] = {}
    for path, group in old.walk():
        to = upgrade.path(path) if group.slots is not None else None
        wanted = group.slots or 0
        if to in tables and (wanted > (tables[to] or 0) or path in dict(facts.slots)):
            slots[to] = max(wanted, slots.get(to, 0))
    known = {path: to for path, _ in fields_in(old) if (to := upgrade.path(path)) in fields}
    return FormFacts(
        plan_from=facts.plan_from, plan_to=facts.plan_to, return_by=facts.return_by, title=facts.title,
        year=facts.year, contact=facts.contact, part=facts.part, language=facts.language, round=facts.round,
        slots=tuple(sorted(slots.items())),
        optional=tuple(known[path] for path in facts.optional if path in known),
        lists=tuple(
            sorted((known[path], tuple(str(upgrade.value(path, item)) for item in items))
                   for path, items in facts.lists if path in known)
        ),
        help=tuple(sorted((known[path], text) for path, text in facts.help if path in known)),
    )  # fmt: skip


def check_upgrade(upgrade: Upgrade, old: FormSpec, new: FormSpec) -> None:
    """Nothing, or a TemplateError that names every answer of the older version for which no place is given."""
    where = f"{old.name}, upgrade of version {old.version}"
    there, before = dict(fields_in(new)), dict(fields_in(old))
    problems = [f"{where}: there is no field {path!r}." for path in upgrade.asked if path not in before]
    for path, (group, item) in before.items():
        to = upgrade.path(path)
        if to is None:
            continue
        if to not in there:
            problems.append(
                f"{where}: {path} has no place in version {new.version}. Say in `moved` where it goes, or in `asked` "
                "what a person is to do with it."
            )
            continue
        into, field_ = there[to]
        if (item.many, item.slots > 1, path.count("[]"), group.plain) != (
            field_.many, field_.slots > 1, to.count("[]"), into.plain,
        ):  # fmt: skip
            problems.append(f"{where}: {path} and {to} do not hold the same number of answers.")
        gone = [
            choice
            for choice in item.choices
            if field_.choices and upgrade.value(path, choice) not in field_.choices
        ]
        if gone:
            problems.append(f"{where}: {path}: say in `choices` what {', '.join(gone)} is called in {to}.")
    if problems:
        raise TemplateError("\n".join(problems))


def fields_in(spec: FormSpec) -> Iterator[tuple[str, tuple[Group, Field]]]:
    """Every field with its group, by its path with "[]" for rows; of a row that is one bare value its table's."""
    for path, group in spec.walk():
        prefix = path + ("[]" if group.slots is not None else "")
        for item in group.fields:
            yield (path if group.plain else f"{prefix}.{item.name}" if prefix else item.name), (group, item)


def _generic(steps: list[str]) -> str:
    """The path of the field that an answer belongs to, without its own slot or the choice of a tick."""
    while steps and steps[-1].startswith("["):
        steps = steps[:-1]
    return _joined(steps, rows="[]")


def _is_slot(step: str) -> bool:
    return step == "[]" or step[1:-1].isdigit()


def _joined(steps: list[str], rows: str = "") -> str:
    """The path of these steps; `rows`: what stands for each slot, by default itself."""
    made = ""
    for step in steps:
        if step.startswith("["):
            made += rows if rows and _is_slot(step) else step
        else:
            made += f".{step}" if made else step
    return made


def _numbered(to: str, steps: list[str]) -> list[str]:
    """The steps of a new path, with the slots of the old one in their order."""
    slots = iter([step for step in steps if step.startswith("[") and _is_slot(step)])
    return [next(slots, step) if step == "[]" else step for step in _STEP.findall(to)]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every answer of a plan's JSON with its path; a list of plain values stands for itself, rows by their place."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def _put(made: dict[str, Any], path: str, value: Any) -> None:
    """Set an answer in a plan's JSON, making the rows and objects around it."""
    steps = _STEP.findall(path)
    at: Any = made
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        inner: Any = value if not following else [] if following.startswith("[") else {}
        if step.startswith("["):
            number = int(step[1:-1])
            while len(at) <= number:
                at.append({} if following else None)
            if not following:
                at[number] = value
            at = at[number]
        elif not following:
            at[step] = value
        else:
            at = at.setdefault(step, inner)
