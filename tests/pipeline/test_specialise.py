"""A campaign's settings make the form and the model of one mind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.errors import TemplateError
from xlplan.form.inspect import spec_of
from xlplan.form.spec import FormFacts
from xlplan.form.specialise import fields_of, specialise, tables_of
from xlplan.templates import TEMPLATES, template

LIST = ("...", "Another one", "2nd")


@st.composite
def facts(draw: st.DrawFn, name: str) -> FormFacts:
    spec = spec_of(template(name))
    fields = fields_of(spec)
    free = sorted(path for path, (group, _) in fields.items() if not group.plain)
    lists = sorted(path for path, (_, field) in fields.items() if field.choices)
    return FormFacts(
        optional=tuple(draw(st.lists(st.sampled_from(free), unique=True, max_size=6))),
        help=tuple(
            (path, f"Help for {path}") for path in draw(st.sets(st.sampled_from(sorted(fields)), max_size=5))
        ),
        lists=tuple((path, LIST) for path in draw(st.sets(st.sampled_from(lists), max_size=4))),
        slots=tuple(
            (path, draw(st.integers(2, 9)))
            for path in draw(st.sets(st.sampled_from(tables_of(spec)), max_size=4))
        ),
    )


@pytest.mark.parametrize("name", TEMPLATES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_specialised_model_has_the_spec_of_model_and_facts(name: str, data: st.DataObject) -> None:
    """Whatever a campaign sets, both ways lead to the same fields, and a second time changes nothing."""
    found = data.draw(facts(name))
    made = specialise(template(name), found)
    assert spec_of(made).root == spec_of(template(name), found).root == spec_of(made, found).root
    assert made.form == template(name).form and issubclass(made, template(name))


@pytest.mark.parametrize("name", TEMPLATES)
def test_without_settings_the_model_stays_itself(name: str) -> None:
    assert specialise(template(name), FormFacts()) is template(name)


def test_an_optional_field_may_be_missing_and_a_longer_list_takes_its_words() -> None:
    """What the findings let pass, the model holds."""
    found = FormFacts(
        optional=("prepared_on", "signoffs[].signed_on"),
        lists=(("signoffs[].role", ("site council", "other")),),
    )
    made = specialise(template("data-team"), found)
    plan = made.model_validate(
        {
            "district_id": "1", "district": "D", "year": "2026-27", "prepared_by": "A. Lee",
            "signoffs": [{"role": "site council", "name": "B. Tran"}],
            "strategies": [{"strategy": "Read aloud", "status": "existing, unchanged"}],
        }
    )  # fmt: skip
    assert plan.prepared_on is None and plan.signoffs[0].role == "site council"
    with pytest.raises(ValueError, match="principal"):
        made.model_validate(plan.model_dump() | {"signoffs": [{"role": "principal", "name": "B. Tran"}]})


@pytest.mark.parametrize(
    ("name", "found", "said"),
    [
        ("sfss", FormFacts(optional=("nope",)), "no 'nope'"),
        ("sfss", FormFacts(optional=("challenges[].root_causes[].root_causes",)), "only answer of its row"),
        ("sfss", FormFacts(lists=(("prepared_by", ("a",)),)), "not chosen from a list"),
        ("planning-process", FormFacts(lists=(("root_causes[].symptom_of", ("a",)),)), "own rows"),
        ("planning-process", FormFacts(lists=(("trends[].direction", ("up", "down")),)), "“promising”, “concerning”"),
        ("planning-process", FormFacts(lists=(("action_steps[].priority.decision", ("do now",)),)), "“drop”"),
        ("planning-for-success", FormFacts(lists=(("initiatives[].early_evidence[].status", ("Met",)),)), "Not met"),
        ("data-team", FormFacts(lists=(("strategies[].status", ("new, one step",)),)), "“existing, unchanged”"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(name: str, found: FormFacts, said: str) -> None:
    """Paths that are not there, and lists whose words checks go by."""
    with pytest.raises(TemplateError) as error:
        specialise(template(name), found)
    assert said in str(error.value)


def test_words_that_checks_go_by_may_get_company() -> None:
    found = FormFacts(lists=(("strategies[].status", ("...", "paused")),))
    spec = spec_of(template("data-team"), found)
    assert spec.group("strategies").member("status").choices[-1] == "paused"  # type: ignore[union-attr]
    assert spec_of(specialise(template("data-team"), replace(found))).root == spec.root
