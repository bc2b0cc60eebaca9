"""The form of a template with its campaign's facts, made once: model, layout, plate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xlplan.campaign import Campaign, School
from xlplan.form.identity import NO_CAMPAIGN, Identity
from xlplan.form.plan import Plan
from xlplan.form.spec import FormFacts, spec_of
from xlplan.layout.model import Layout
from xlplan.layout.place import form_digest, place
from xlplan.templates import template

BLANK_SCHOOL = School(
    district_id="0000000", district="A district", school_id="000000000000", school="A school"
)


@dataclass(frozen=True, slots=True, eq=False)
class FormOf:
    """A template with facts: its model, layout and digest."""

    model: type[Plan]
    layout: Layout
    digest: str


@lru_cache(maxsize=64)
def form_of(name: str, facts: FormFacts) -> FormOf:
    """The form of a template with these facts. Raises UsageError if there is none, TemplateError for its faults."""
    model = template(name)
    layout = place(spec_of(model, facts))
    return FormOf(model, layout, form_digest(layout))


def facts_for(campaign: Campaign, school: School) -> FormFacts:
    """The form facts of a school's copy: the campaign's, with the school's own capacities."""
    settings = campaign.settings
    model = template(campaign.template_of(school))
    return FormFacts(
        plan_from=settings.plan_from, plan_to=settings.plan_to, title=settings.title or model.form.title,
        year=settings.year, contact=settings.contact, slots=tuple(sorted(settings.slots_for(school.key).items())),
        optional=tuple(settings.optional), lists=tuple(sorted(settings.lists.items())),
        help=tuple(sorted(settings.help.items())),
    )  # fmt: skip


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


def personal(school: School, identity: Identity, key: bytes, due: str) -> dict[str, str]:
    """What differs from copy to copy, by the names that layouts use."""
    return {
        "for": f"{school.school}, {school.district}" if school.school else school.district,
        "school": school.name,
        "school_id": school.school_id,
        "district": school.district,
        "district_id": school.district_id,
        "code": identity.form_code,
        "identity": identity.text(key),
        "return_line": f"Please return it by {due}." if due else "Please return it when it is complete.",
    }


def header_of(school: School, year: str) -> dict[str, str | None]:
    """The plan's header fields of a school."""
    return {
        "district_id": school.district_id,
        "district": school.district,
        "school_id": school.school_id or None,
        "school": school.school or None,
        "year": year,
    }
