"""Rounds after the first: what the form asks beside its own fields, what stays open, and the model that judges it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

import pytest
from annotated_types import MinLen
from pydantic import Field

from xlplan.errors import TemplateError
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Companion, Day, Label, Meaning, Prose, Table, Text, YesNo
from xlplan.form.plan import HEADER, Form, Plan, Row, SheetOf
from xlplan.form.rounds import CARRIED, STATUS_ROUND, in_round
from xlplan.form.spec import FormFacts, FormSpec
from xlplan.form.specialise import specialise
from xlplan.layout.place import form_digest, place
from xlplan.templates import TEMPLATES, template

FIRST_ROUND = {
    "sfss": "aca5675c50c8e756", "data-team": "48818f43a6c1e5b1", "planning-process": "a8b794d2e68a0010",
    "strong-systems": "e743c5f8bb564015", "planning-for-success": "453aa19aec31d94e",
}  # fmt: skip
OPEN = {Meaning.STATUS, Meaning.DONE, Meaning.DUE, Meaning.START}


class Inner(Row):
    """A row under a bold one, without a meaning of its own for the day."""

    action: Annotated[Prose, Label("Action", noun="action")]
    due: Annotated[Day | None, Label("Due", noun="date")] = None
    done: Annotated[YesNo | None, Label("Done", noun="done")] = None


class Question(Row):
    clear: Annotated[YesNo, Label("Clear?", noun="clear")]


class Outer(Row):
    one_of: ClassVar[tuple[str, ...]] = ("due", "done")

    name: Annotated[Text, Label("Name", noun="name")]
    due: Annotated[Day | None, Label("Due", noun="date"), Meaning.DUE] = None
    done: Annotated[YesNo | None, Label("Done", noun="done"), Meaning.DONE] = None
    inner: Annotated[list[Inner], MinLen(1), Table(label="Inner", slots=3, noun="step", tag="i")]
    question: Annotated[Question, Label("Question"), Companion("name")]


class Milestone(Row):
    """Due on some day, and never asked whether it is done."""

    what: Annotated[Prose, Label("What", noun="what")]
    on: Annotated[Day, Label("On", noun="day"), Meaning.DUE]


class Area(Row):
    title: Annotated[Text, Label("Title", noun="title", tag="ttl")]
    outers: Annotated[
        list[Outer], MinLen(1), Table(label="Outers", slots=2, noun="outer", tag="o", display="outline")
    ]


class Own(Plan):
    """A district's own template, in which one thing after another is unusual."""

    form: ClassVar[Form] = Form(
        name="own", version=1, title="Own", purpose="For the test.", source="Nowhere",
        sheets=(
            SheetOf(key="ar", title="Area {n}", purpose="An area.", holds=("areas",)),
            SheetOf(key="qu", title="Questions", purpose="A question each.", holds=("areas[].outers[].question",)),
            SheetOf(key="ms", title="Milestones", purpose="Days.", holds=("milestones",)),
        ),
    )  # fmt: skip

    areas: Annotated[
        list[Area], MinLen(1), Table(label="Areas", slots=2, noun="area", tag="ar", display="sheets")
    ]
    milestones: Annotated[list[Milestone], Table(label="Milestones", slots=3, noun="milestone", tag="m")] = (
        Field(default_factory=list)
    )


class Taken(Row):
    step: Annotated[Prose, Label("Step", noun="step")]
    due: Annotated[Day, Label("Due", noun="date"), Meaning.DUE]
    learned: Annotated[Prose | None, Label("Learned so far", noun="lesson")] = None


class Clashing(Plan):
    form: ClassVar[Form] = Form(
        name="clashing", version=1, title="Clashing", purpose="For the test.", source="Nowhere",
        sheets=(SheetOf(key="st", title="Steps", purpose="Steps.", holds=("steps",)),),
    )  # fmt: skip

    steps: Annotated[list[Taken], Table(label="Steps", slots=3, noun="step", tag="s")] = Field(
        default_factory=list
    )


MODELS = [*map(template, TEMPLATES), Own]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_first_round_is_the_form_that_was_issued_before(name: str) -> None:
    assert form_digest(place(spec_of(template(name)))) == FIRST_ROUND[name]
    assert in_round(template(name), "") is template(name)


@pytest.mark.parametrize("round_", [CARRIED, STATUS_ROUND])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.form.name)
def test_the_model_of_a_round_has_its_spec(model: type[Plan], round_: str) -> None:
    """Both ways lead to the same fields, a second time changes nothing, and the form can be laid out."""
    facts = FormFacts(round=round_)
    made = specialise(model, facts)
    assert spec_of(made).root == spec_of(model, facts).root == spec_of(made, facts).root
    assert made.form == model.form and issubclass(made, model)
    assert place(spec_of(model, facts)).inputs


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.form.name)
def test_a_carried_round_only_adds_what_was(model: type[Plan]) -> None:
    """All that was asked is asked; rows that are due show two days and words more."""
    first, later = spec_of(model), spec_of(model, FormFacts(round=CARRIED))
    before = dict(first.walk())
    for path, group in later.walk():
        own = before[path].fields
        assert group.fields[: len(own)] == own
        names = [field.name for field in group.fields[len(own) :]]
        meanings = {field.meaning for field in own}
        due = group.slots is not None and Meaning.DUE in meanings
        asked = meanings & {Meaning.DONE, Meaning.STATUS}
        assert names == (["last_status", "first_due"] if due and asked else ["first_due"] if due else [])
        assert all(field.shown and field.locked and not field.required for field in group.fields[len(own) :])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.form.name)
def test_the_mid_year_check_leaves_open_what_becomes_of_activities(model: type[Plan]) -> None:
    """Nothing else can be typed, nothing locked is asked for, and no row is."""
    spec = spec_of(model, FormFacts(round=STATUS_ROUND))
    for path, group in spec.walk():
        assert group.minimum == 0 and group.unless is None
        due = group.slots is not None and Meaning.DUE in {field.meaning for field in group.fields}
        for field in group.fields:
            named = field.name in (("learned", "changes") if due else ())
            named = named or (not path and field.name in (*HEADER, "prepared_by", "prepared_on"))
            assert field.locked == (field.meaning not in OPEN and not named), (path, field.name)
            assert not (field.locked and field.required), (path, field.name)
            if due and field.meaning in (Meaning.DONE, Meaning.STATUS):
                assert field.required, (path, field.name)


def test_only_locked_answers_begin_a_row_at_the_mid_year_check() -> None:
    """What is shown of a row says then that it is in use; in other rounds any answer does, and what is shown none."""

    def beginning(spec: FormSpec, path: str) -> set[str]:
        group = spec.group(path)
        return {field.name for field in group.fields if group.begins(field)}

    path = "challenges[].strategies[].steps"
    own = {"action", "due", "owner", "done"}
    assert beginning(spec_of(template("sfss")), path) == own
    assert beginning(spec_of(template("sfss"), FormFacts(round=CARRIED)), path) == own
    held = {"action", "owner", "last_status", "first_due"}
    assert beginning(spec_of(template("sfss"), FormFacts(round=STATUS_ROUND)), path) == held


def test_a_template_with_a_field_of_that_name_is_told_so() -> None:
    """Only where the round adds it."""
    spec_of(Clashing)
    spec_of(Clashing, FormFacts(round=CARRIED))
    with pytest.raises(TemplateError, match=r"steps\[\]\.learned: rounds after the first add a field"):
        spec_of(Clashing, FormFacts(round=STATUS_ROUND))
    with pytest.raises(TemplateError, match="no round 'spring'"):
        spec_of(Clashing, FormFacts(round="spring"))


def test_the_model_holds_a_plan_of_the_mid_year_check() -> None:
    """What is locked may be empty, one of which two are open is not asked for, and done is."""
    model = specialise(Own, FormFacts(round=STATUS_ROUND))
    outer = {"name": "One", "due": "2027-01-04", "done": True, "learned": "Much", "first_due": "2026-01-04"}
    plan = {
        "district_id": "1", "district": "D", "year": "2026-27", "prepared_by": "A. Lee", "prepared_on": "2027-02-01",
        "areas": [{"title": None, "outers": [outer | {"inner": [], "question": {}}]}],
        "milestones": [{"what": None, "on": "2027-03-01"}],
    }  # fmt: skip
    row = model.model_validate(plan).areas[0].outers[0]  # type: ignore[attr-defined]  # of Own
    assert row.first_due == date(2026, 1, 4) and row.learned == "Much"
    with pytest.raises(ValueError, match="done"):
        plan["areas"] = [{"outers": [{"name": "One", "due": "2027-01-04", "inner": [], "question": {}}]}]
        model.model_validate(plan)
