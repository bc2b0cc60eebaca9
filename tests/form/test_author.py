"""A template author's mistakes are told at build, all at once, each with its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from xlplan.errors import TemplateError
from xlplan.form.author import check_spec
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Kind, RefersTo
from xlplan.form.spec import Field, FormFacts, FormSpec, Group
from xlplan.layout.place import place
from xlplan.templates import TEMPLATES, template

SPEC = spec_of(template("sfss"))


def changed(path: str, **changes: Any) -> FormSpec:
    """The sfss spec with one field or group changed, named by its slot path."""
    return replace(SPEC, root=_changed(SPEC.root, path.replace("[]", "").split("."), changes))


def _changed(group: Group, names: list[str], changes: dict[str, Any]) -> Group:
    def one(member: Field | Group) -> Field | Group:
        if member.name != names[0]:
            return member
        if len(names) == 1:
            return replace(member, **changes)
        assert isinstance(member, Group)
        return _changed(member, names[1:], changes)

    return replace(group, members=tuple(map(one, group.members)))


def sheet(number: int, **changes: Any) -> FormSpec:
    """The sfss spec with one sheet declared otherwise."""
    sheets = list(SPEC.form.sheets)
    sheets[number] = replace(sheets[number], **changes)
    return replace(SPEC, form=replace(SPEC.form, sheets=tuple(sheets)))


def facts(**changes: Any) -> FormSpec:
    return replace(SPEC, facts=FormFacts(**changes))


STRONG = spec_of(template("strong-systems"))


def strong(path: str, **changes: Any) -> FormSpec:
    """The strong-systems spec with one field or group changed."""
    return replace(STRONG, root=_changed(STRONG.root, path.replace("[]", "").split("."), changes))


OWNER = "challenges[].strategies[].steps[].owner"
MISTAKES: dict[str, tuple[Callable[[], FormSpec], str]] = {
    "total of an outline": (
        lambda: strong("initiatives[].deliverables", total="name"), "only a table shows a total"),
    "number of a row elsewhere": (
        lambda: changed("challenges[].strategies[].steps[].due", refers_to=RefersTo("steps", by="number")),
        "a reference by number goes to the rows of its own table"),
    "outline without a column": (
        lambda: strong("initiatives[].deliverables[].owner", name="lead"), "lead has no column in steps"),
    "ticks on a sheet": (
        lambda: changed("monitoring.progress", kind=Kind.TICK, choices=("a", "b")), "progress has a cell a choice"),
    "condition on nothing": (
        lambda: changed("rules", unless=("status", ("new",))), "rules: rows are needed unless 'status' says"),
    "one of nothing": (lambda: changed("rules", one_of=("a", "b")), "rules: one of 'a' and others is asked"),
    "long message": (lambda: changed(OWNER, message="x" * 256), f"{OWNER}: the input message has 256"),
    "long guide": (lambda: changed(OWNER, message="", guide="x" * 256), f"{OWNER}: the guide has 256"),
    "long label": (lambda: changed(OWNER, label="x" * 256), f"{OWNER}: the label has 256"),
    "no label": (lambda: changed(OWNER, label=" "), f"{OWNER}: the label is empty"),
    "comma in noun": (lambda: changed(OWNER, noun="name, role"), f"{OWNER}: the noun 'name, role'"),
    "colon in noun": (lambda: changed("rules", noun="rule: new"), "rules: the noun 'rule: new'"),
    "long choice": (lambda: changed("signoffs[].role", choices=("x" * 256,)), "signoffs[].role: the choice"),
    "equal choices": (lambda: changed("signoffs[].role", choices=("A b", "a-B")), "signoffs[].role: two choices read"),
    "unknown target": (
        lambda: changed(OWNER, refers_to=RefersTo("people.name")), f"{OWNER}: it refers to 'people.name'"),
    "unknown rows": (
        lambda: changed("challenges[].strategies[].root_causes", refers_to=RefersTo("causes", by="letter")),
        "challenges[].strategies[].root_causes: it refers to the rows of 'causes'"),
    "equal headers": (
        lambda: changed("resources[].cost", label="Funding Source"), "resources: two columns have the header 'Funding"),
    "equal tags": (lambda: changed("challenges[].evidence", tag="desc"), "row tag 'desc'"),
    "unknown total": (lambda: changed("resources", total="price"), "resources: the total of 'price'"),
    "too few slots": (lambda: changed("challenges", slots=1), "challenges: 1 slots"),
    "unlimited text": (lambda: changed(OWNER, limit=40_000), f"{OWNER}: a cell holds 1 to 32,767"),
    "long sheet title": (lambda: sheet(1, title="R" * 32), "has 32 characters"),
    "slash in title": (lambda: sheet(1, title="Rules/Codes"), "'Rules/Codes'"),
    "reserved title": (lambda: sheet(1, title="Live"), "'Live' is taken"),
    "equal titles": (lambda: sheet(1, title="ROLES"), "Two sheets have the title 'roles'"),
    "equal keys": (lambda: sheet(1, key="rol"), "Two sheets have the key 'rol'"),
    "reserved key": (lambda: sheet(1, key="pl"), "sheet key 'pl' is taken"),
    "a sheet a row without a number": (
        lambda: sheet(0, title="Challenges"), "Sheet 'Challenges': challenges has a sheet for each row"),
    "sheet of nothing": (lambda: sheet(1, holds=("laws",)), "holds 'laws'"),
    "field nowhere": (lambda: sheet(1, holds=("roles",)), "rules stands on no sheet"),
    "twice placed": (lambda: sheet(1, holds=("roles",)), "roles stands on two sheets"),
    "unknown help": (lambda: facts(help=(("challenges[].who", "?"),)), "help: there is no field 'challenges[].who'"),
    "unknown optional": (lambda: facts(optional=("evidence",)), "optional: there is no field 'evidence'"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(mistake: str) -> None:
    """Before a workbook is built, never as Excel's offer to repair one."""
    made, said = MISTAKES[mistake]
    with pytest.raises(TemplateError) as told:
        place(made())
    assert said in str(told.value)


def test_all_mistakes_are_told_at_once() -> None:
    """An author makes one trip."""
    spec = replace(changed(OWNER, noun="a, b"), form=sheet(1, title="Live").form)
    with pytest.raises(TemplateError) as told:
        check_spec(spec)
    assert len(str(told.value).splitlines()) == 2


def test_an_unknown_slot_path_is_told() -> None:
    """Capacities are asked for by the path of their group."""
    with pytest.raises(TemplateError, match=r"no repeated group 'challenges\.steps'"):
        spec_of(template("sfss"), FormFacts(slots=(("challenges.steps", 9),)))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_our_templates_have_none(name: str) -> None:
    """Nor with more room than they begin with."""
    check_spec(spec_of(template(name)))
