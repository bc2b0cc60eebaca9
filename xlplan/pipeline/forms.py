"""The form of a template with its campaign's facts, made once: model, layout, plate."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from xlplan.campaign import Campaign, School
from xlplan.campaign.languages import language_of
from xlplan.errors import TemplateError, XlplanError
from xlplan.form.identity import NO_CAMPAIGN, Identity
from xlplan.form.inspect import spec_of
from xlplan.form.parts import parts_of
from xlplan.form.plan import Plan
from xlplan.form.spec import FormFacts, Group
from xlplan.form.specialise import fields_of, specialise, tables_of
from xlplan.form.translate import speaks
from xlplan.languages import say, speaking
from xlplan.layout.model import Layout
from xlplan.layout.place import form_digest, place
from xlplan.merge.carry_record import Carried
from xlplan.templates import template

if TYPE_CHECKING:
    from xlplan.excel.plate import Plate

BLANK_SCHOOL = School(
    district_id="0000000", district="A district", school_id="000000000000", school="A school"
)


MOST_CELLS = 50_000  # of one form; Excel would take more, and nobody would fill them in


@dataclass(frozen=True, slots=True, eq=False)
class FormOf:
    """A template with facts: its model, layout and digest."""

    model: type[Plan]
    layout: Layout
    digest: str


def form_of(name: str, facts: FormFacts) -> FormOf:
    """The form of a template with these facts. Raises UsageError if there is none, TemplateError for its faults."""
    return form_with(template(name), facts)


@lru_cache(maxsize=64)
def form_with(model: type[Plan], facts: FormFacts) -> FormOf:
    """The form of a model with these facts; `model` in it is the one that the facts make of it."""
    spec = spec_of(model, facts)
    cells = _cells(spec.root)
    if cells > MOST_CELLS:
        raise TemplateError(
            f"{spec.name}: with these slots a copy has {cells:,} cells; at most {MOST_CELLS:,}."
        )
    made = specialise(model, replace(facts, part=""))  # a part is judged by the whole plan's model
    layout = place(spec)
    return FormOf(made, layout, form_digest(layout))


@lru_cache(maxsize=16)
def plate_of(form: FormOf, password: str, *, plain: bool = False) -> Plate:
    """The plate of a form, compiled once. `plain`: its copies are packed without a trick."""
    from xlplan.excel.compile import compile_plate  # with openpyxl, which only a new form has use for

    return compile_plate(form.layout, password, plain=plain)


def plate_for(campaign: Campaign, form: FormOf) -> Plate:
    """The plate of a form as a campaign's copies are made."""
    return plate_of(form, campaign.settings.password, plain=campaign.settings.is_plain)


def _cells(group: Group) -> int:
    own = sum(len(item.choices) if item.ticks and item.choices else item.slots for item in group.fields)
    return (group.slots or 1) * (own + sum(map(_cells, group.groups)))


def form_for(campaign: Campaign, school: School, part: str = "", carried: Carried | None = None) -> FormOf:
    """The form of a school's copy, or of that of one part. `carried`: what a former round left of its plan."""
    model = campaign.model(campaign.template_of(school))
    return form_with(model, facts_for(campaign, school, part, carried))


def make_forms(campaign: Campaign) -> None:
    """Make a form of each template that the campaign's schools have; a faulty one is told of where it is used."""
    lines = {campaign.template_of(line): line for line in reversed(campaign.roster.schools)}
    for line in lines.values():
        with suppress(XlplanError):
            form_for(campaign, line)


def facts_for(
    campaign: Campaign, school: School, part: str = "", carried: Carried | None = None
) -> FormFacts:
    """The form facts of a school's copy: the campaign's that are about its template, with its own capacities.

    A plan that was carried has room for all that it begins with.
    """
    settings = campaign.settings
    model = campaign.model(campaign.template_of(school))
    fields, tables = known_paths(model)
    if part:  # what is set of other parts makes no other copy of this one
        own = next(item for item in parts_of(model.form, model.model_fields) if item.key == part)
        fields, tables = frozenset(filter(own.holds, fields)), frozenset(filter(own.holds, tables))
    slots, lists, texts = settings.slots_for(school.key), settings.lists, settings.help
    if carried is not None:
        slots |= _room(model, slots, carried)
    language = form_language(campaign, school)
    return FormFacts(
        plan_from=settings.plan_from, plan_to=settings.plan_to, title=settings.title or title_in(model, language),
        year=settings.year, contact=settings.contact,
        slots=tuple(sorted((path, count) for path, count in slots.items() if path in tables)),
        optional=tuple(path for path in settings.optional if path in fields),
        lists=tuple(sorted((path, choices) for path, choices in lists.items() if path in fields)),
        help=tuple(sorted((path, text) for path, text in texts.items() if path in fields)), part=part,
        language=language,
        round=carried.round if carried else "",
    )  # fmt: skip


def _room(model: type[Plan], slots: Mapping[str, int], carried: Carried) -> dict[str, int]:
    """The tables in which a carried plan needs more slots than a copy would have."""
    own = capacities(model)
    return {
        path: count for path, count in carried.slots.items() if count > slots.get(path, own.get(path, count))
    }


@lru_cache(maxsize=64)
def capacities(model: type[Plan]) -> Mapping[str, int]:
    """How many slots a template gives each of its tables, by slot path."""
    return {path: group.slots for path, group in spec_of(model).walk() if group.slots is not None}


@lru_cache(maxsize=64)
def title_in(model: type[Plan], language: str) -> str:
    """A template's own title in a language that it speaks."""
    return spec_of(model, FormFacts(language=language)).form.title


@lru_cache(maxsize=64)
def known_paths(model: type[Plan]) -> tuple[frozenset[str], frozenset[str]]:
    """The slot paths of a template's fields, and of its tables."""
    spec = spec_of(model)
    return frozenset(fields_of(spec)), frozenset(tables_of(spec))


@lru_cache(maxsize=64)
def places_of(model: type[Plan]) -> frozenset[str]:
    """The slot paths of a template's fields and groups; those of groups that repeat also with `[]` at the end."""
    spec = spec_of(model)
    groups = {path: group for path, group in spec.walk() if path}
    repeated = (f"{path}[]" for path, group in groups.items() if group.slots is not None)
    return frozenset(fields_of(spec)).union(groups, repeated)


def identity_for(campaign: Campaign, school: School, form: FormOf, issue: int) -> Identity:
    """The identity of a school's copy."""
    form_ = form.model.form
    return Identity(
        campaign=campaign.settings.id,
        school=school.key,
        template=form_.name,
        version=form_.version,
        issue=issue,
        digest=form.digest,
    )


def blank_identity(form: FormOf) -> Identity:
    """The identity of a blank made for a template alone."""
    form_ = form.model.form
    return Identity(
        campaign=NO_CAMPAIGN,
        school=BLANK_SCHOOL.key,
        template=form_.name,
        version=form_.version,
        issue=1,
        digest=form.digest,
    )


def form_language(campaign: Campaign, school: School) -> str:
    """The language of a school's copy: its own where its template speaks it, else English (empty)."""
    language = wanted_language(campaign, school)
    return language if speaks(campaign.model(campaign.template_of(school)), language) else ""


def wanted_language(campaign: Campaign, school: School) -> str:
    """The language that a school wants, by the roster, else by the campaign; empty: English."""
    return language_of(school.language if school.language.strip() else campaign.settings.language)


def personal(school: School, identity: Identity, key: bytes, due: str, language: str = "") -> dict[str, str]:
    """What differs from copy to copy, by the names that layouts use. `due`: in words of that language."""
    return {
        "for": f"{school.school}, {school.district}" if school.school else school.district,
        "school": school.name,
        "school_id": school.school_id,
        "district": school.district,
        "district_id": school.district_id,
        "code": identity.form_code,
        "identity": identity.text(key),
        "return_line": _return_line(due, language),
    }


@lru_cache(maxsize=64)
def _return_line(due: str, language: str) -> str:
    with speaking(language):
        if not due:
            return say("Please return it when it is complete.")
        return say("Please return it by {day}.", day=due)


def header_of(school: School, year: str) -> dict[str, str | None]:
    """The plan's header fields of a school."""
    return {
        "district_id": school.district_id,
        "district": school.district,
        "school_id": school.school_id or None,
        "school": school.school or None,
        "year": year,
    }
