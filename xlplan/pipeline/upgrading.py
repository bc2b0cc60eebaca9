"""Returns on an older version of their template, carried over to the version that is collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from xlplan.errors import TemplateError
from xlplan.findings import finding
from xlplan.form.inspect import spec_of
from xlplan.form.parts import Part
from xlplan.form.plan import HEADER, Plan
from xlplan.form.spec import FormSpec
from xlplan.form.upgrade import UPGRADED, Upgrade, check_upgrade, to_place, upgraded_facts
from xlplan.intake.plan_data import dumped
from xlplan.intake.values import as_text
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import SheetPlan
from xlplan.layout.raw import RawPlan, RawValue
from xlplan.pipeline.forms import FormOf, form_with, title_in
from xlplan.templates import older

Lineage = Mapping[str, tuple[str, str]]


@lru_cache(maxsize=64)
def upgraded_form(form: FormOf, model: type[Plan], language: str = "") -> FormOf:
    """The form in the version of that model, with every slot that it has now; in that language, or else its own.

    Raises TemplateError where a part of a split plan has no part there, or the older version does not say what
    becomes of its answers.
    """
    made = form
    for old, upgrade, new in _steps(form.layout.spec, model):
        spec, there = spec_of(old, replace(made.layout.spec.facts, part="")), spec_of(new)
        facts = upgraded_facts(spec.facts, upgrade, spec, there)
        part = made.layout.spec.part
        made = form_with(new, replace(facts, part=_part(part, upgrade, there) if part else ""))
    facts = made.layout.spec.facts
    if not language or facts.language == language:
        return made
    title = facts.title if facts.title != form.model.form.title else title_in(model, language)
    return form_with(model, replace(facts, language=language, title=title))


def upgraded_raw(form: FormOf, model: type[Plan], raw: RawPlan, language: str = "") -> tuple[FormOf, RawPlan]:
    """A raw plan as the newer version has it, and its form there, in that language if one is named.

    What a person has to place is left over, each with its finding; all findings keep the cells of the file.
    """
    there = upgraded_form(form, model, language)
    for _, upgrade, _ in _steps(form.layout.spec, model):
        raw = _carried_over(raw, upgrade)
    said = (
        f"The plan came on version {form.layout.spec.version} of the form; its answers were carried over to "
        f"version {there.layout.spec.version}."
    )
    todo = f"Nothing to do; later changes go into a copy of version {there.layout.spec.version}."
    raw.findings.insert(0, finding(UPGRADED, said=said, todo=todo))
    return there, raw


def upgraded_plan(
    plan: Mapping[str, Any], lineage: Lineage, version: int, model: type[Plan]
) -> tuple[Mapping[str, Any], Lineage]:
    """A recorded plan's JSON, and the cells that its answers were read from, in the version of that model."""
    if version >= model.form.version:
        return plan, lineage
    old = older(model, version)
    if old is None:
        return plan, lineage
    for _, upgrade, _ in _steps(spec_of(old), model):
        plan = upgrade(plan)[0]
        lineage = {to: cell for path, cell in lineage.items() if (to := upgrade.path(path)) is not None}
    return dumped(spec_of(model).root, plan), lineage


def upgrades(model: type[Plan], version: int) -> list[Upgrade]:
    """What becomes of the answers to that version of a template, step by step, on the way to this one."""
    old = older(model, version) if version < model.form.version else None
    return [upgrade for _, upgrade, _ in _steps(spec_of(old), model)] if old is not None else []


def _carried_over(raw: RawPlan, upgrade: Upgrade) -> RawPlan:
    """The raw plan with paths and choices as the next version has them."""
    made = replace(raw, values={}, places={}, left_over=list(raw.left_over), findings=[])
    made.findings += [replace(item, path=_moved(upgrade, item.path)) for item in raw.findings]
    made.undecided = {to for path in raw.undecided if (to := upgrade.path(path)) is not None}
    made.missing = [_sheet(plan, upgrade) for plan in raw.missing]
    for path, at in raw.places.items():
        to = upgrade.path(path)
        if to is not None:
            made.places[to] = at
    for path, value in raw.values.items():
        to = upgrade.path(path)
        if to is None:
            _ask(path, value, upgrade, made)
        else:
            held = upgrade.value(path, value.cell.value)
            made.values[to] = value._replace(cell=value.cell._replace(value=held))
    return made


def _moved(upgrade: Upgrade, path: str | None) -> str | None:
    return path and (upgrade.path(path) or path)


def _ask(path: str, value: RawValue, upgrade: Upgrade, made: RawPlan) -> None:
    """An answer without a box is left over, verbatim; an error or a formula without a result is quoted."""
    cell = value.cell
    held = cell.error or (f"={cell.formula}" if cell.value is None else cell.value)
    made.left_over.append(LeftOver(sheet=value.sheet, cell=value.a1, value=held, code="upgraded"))
    found = as_text(held) or str(held)
    made.findings.append(to_place(path, found, upgrade.todo(path), value.sheet, value.a1))


def _sheet(plan: SheetPlan, upgrade: Upgrade) -> SheetPlan:
    inputs = ((item, upgrade.path(item.path)) for item in plan.inputs)
    return replace(plan, inputs=tuple(replace(item, path=to) for item, to in inputs if to is not None))


def _part(part: Part, upgrade: Upgrade, there: FormSpec) -> str:
    """The part that holds in the next version what this one holds."""
    own = [to for name in sorted(part.members - set(HEADER)) if (to := upgrade.path(name)) is not None]
    asked = [name for name in part.members - set(HEADER) if upgrade.path(name) is None]
    found = next((new.key for new in there.parts if any(new.holds(path) for path in own)), "")
    if not found and not asked:
        found = part.key if any(new.key == part.key for new in there.parts) else ""
    if not found:
        raise TemplateError(f"the part “{part.title}” has no place in version {there.version}")
    return found


def _steps(spec: FormSpec, model: type[Plan]) -> Iterator[tuple[type[Plan], Upgrade, type[Plan]]]:
    """The way from a version to that of a model: older version, what becomes of its answers, next version."""
    found = [
        one
        for version in range(spec.version, model.form.version + 1)
        if (one := older(model, version)) is not None
    ]
    for old, new in pairwise(found):
        yield old, _upgrade(old, new), new


@lru_cache(maxsize=16)
def _upgrade(old: type[Plan], new: type[Plan]) -> Upgrade:
    """What becomes of an older version's answers, known to leave none out."""
    upgrade = old.upgrade or Upgrade()
    check_upgrade(upgrade, spec_of(old), spec_of(new))
    return upgrade
