"""Which checks run on which form, what is said of them, and that none ever stumbles."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checks.plans import CLEAN, HEADED, codes, form, found, own, paths, validated
from tests.intake.sheets import HEADER, raw
from tests.properties.plans import plans
from xlplan.checks import CODES, WORD_LISTS, described, run_checks
from xlplan.checks.shape import shape_of
from xlplan.checks.words import words_of
from xlplan.errors import SetupError
from xlplan.findings import CATALOGUE, Finding, finding
from xlplan.form.markers import Day, Label, Meaning, Money, Name, Person, Prose, RefersTo, Table, Text
from xlplan.form.plan import Form, Plan, Row, SheetOf
from xlplan.intake.pour import poured
from xlplan.intake.validate import validate
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

TABLE = {  # TEMPLATES, Checks
    "date-outside-window": "error", "end-before-start": "error", "outside-deliverable": "warning",
    "owner-not-one-person": "warning", "step-order": "warning", "strategy-needs-no-plan": "advice",
    "last-step-not-at-due": "warning", "starts-before-previous-ends": "advice", "same-dates": "advice",
    "step-count": "warning", "not-observable": "advice", "too-fine": "advice", "weak-deliverable": "advice",
    "root-cause-unaddressed": "warning", "symptom-as-root": "advice", "trend-unexplained": "warning",
    "no-evidence-number": "advice", "benchmark-overdue": "warning", "unfunded": "warning",
    "cost-unknown": "advice", "not-scored": "warning", "priority-uncovered": "advice",
    "dropped-but-funded": "warning",
}  # fmt: skip
NAMES = sorted(TEMPLATES)
LATE = date(2030, 1, 1)


def test_every_check_of_the_table_is_there_with_its_severity_rule_and_source() -> None:
    said = {item["code"]: item for item in described()}
    assert {code: item["severity"] for code, item in said.items()} == TABLE
    assert set(CODES) == set(TABLE) <= set(CATALOGUE)
    for item in said.values():
        assert item["rule"].endswith(".") and item["source"].endswith("."), item
        assert re.match(r"00\d|All five", item["source"]), item


@pytest.mark.parametrize("name", NAMES)
def test_a_form_names_known_checks_that_its_fields_allow(name: str) -> None:
    """A misspelt code, or one whose meaning no field has, would be silent for ever."""
    spec = form(name).layout.spec
    named = template(name).form.checks
    assert named is not None and set(named) <= set(TABLE)
    assert {item["code"] for item in described(spec)} == {*named, "date-outside-window"}


@pytest.mark.parametrize("name", NAMES)
def test_a_good_plan_earns_nothing(name: str) -> None:
    assert codes(name, CLEAN[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_check_that_a_form_does_not_name_does_not_run(name: str) -> None:
    plain = form(name)
    allowed = {item["code"] for item in described(plain.layout.spec)}
    for data in sample_plans(name):
        assert set(codes(plain, data, as_of=LATE)) <= allowed


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
def test_no_check_stumbles_over_any_plan(name: str, data: st.DataObject) -> None:
    """Whatever stands in the cells; and every finding points at a cell and can be said."""
    where = form(name)
    plan = data.draw(plans(where.layout.spec))
    read = validate(where.layout, where.model, raw(where, poured(where.layout, plan)), HEADER)
    for item in run_checks(where.layout, read, LATE):
        assert item.code in TABLE and item.sheet and item.cell and item.path
        assert item.message and item.remedy and "{" not in CATALOGUE[item.code].sentence.format_map(_Any())


class _Any(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_that_is_gone_is_told_once(name: str) -> None:
    """What stood on it is neither missing money nor an unanswered question."""
    where = form(name)
    full = validated(where, CLEAN[name])
    for sheet in where.layout.sheets:
        if not sheet.inputs or sheet.key in ("start", "pl"):
            continue
        cells = poured(where.layout, CLEAN[name])
        kept = {path: value for path, value in cells.items() if where.layout.inputs[path][0] is not sheet}
        lost = raw(where, kept)
        lost.missing.append(sheet)
        lost.findings.append(_gone(sheet.title))
        read = validate(where.layout, where.model, lost, HEADER)
        loud = {item.code for item in run_checks(where.layout, read, None)}
        assert loud <= {"root-cause-unaddressed", "priority-uncovered"} - {"unfunded", "not-scored"}, (
            sheet.title
        )
    assert full.model is not None


def _gone(title: str) -> Finding:
    return finding("section-missing", sheet=title, section=title)


# --- words


def test_words_of_a_campaign_stand_beside_ours() -> None:
    more = words_of({"title": ("Kumu  ",)})
    assert more["title"] == words_of()["title"] | {"kumu"}
    assert more is words_of({"title": ("Kumu  ",)})


@pytest.mark.parametrize(
    ("name", "near"), [("titles", "title"), ("too-fin", "too-fine"), ("groups", "group-owner")]
)
def test_an_unknown_list_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(SetupError, match=f'"{name}"; the nearest is "{near}"'):
        words_of({name: ("x",)})


def test_all_words_are_small_and_none_stands_twice() -> None:
    """Texts are folded before they are compared."""
    assert set(WORD_LISTS) >= {"not-observable", "too-fine", "weak-deliverable", "group-owner", "title"}
    for name in WORD_LISTS:
        assert words_of()[name] == {word.casefold().strip() for word in words_of()[name]} - {""}


# --- a district's own template


class OwnStep(Row):
    what: Annotated[Prose, Label("What"), Meaning.STEP]
    who: Annotated[Person, Label("Who"), Meaning.OWNER]
    begins: Annotated[Day | None, Label("From"), Meaning.START] = None
    ends: Annotated[Day, Label("Until"), Meaning.DUE]


class OwnProduct(Row):
    product: Annotated[Name, Label("Product"), Meaning.DELIVERABLE]
    begins: Annotated[Day, Label("First day"), Meaning.START]
    ends: Annotated[Day, Label("Last day"), Meaning.DUE]
    steps: Annotated[list[OwnStep], Table(label="Steps", slots=6, noun="step")]


class OwnArea(Row):
    area: Annotated[Prose, Label("Area", tag="area")]
    products: Annotated[
        list[OwnProduct], Table(label="Products", slots=3, noun="product", display="outline", tag="p")
    ]


class OwnCause(Row):
    cause: Annotated[Name, Label("Cause"), Meaning.CAUSE]


class OwnAnswer(Row):
    answer: Annotated[Text, Label("Answer")]
    cause: Annotated[Name | None, Label("To cause"), RefersTo("causes.cause", by="name")] = None
    cost: Annotated[Money | None, Label("Cost"), Meaning.MONEY] = None


class OwnPlan(Plan):
    form: ClassVar[Form] = Form(
        name="ours", version=1, title="Our plan", purpose="What we do.", source="The district",
        sheets=(
            SheetOf(key="pr", title="Area {n}", holds=("areas",), purpose="Products and their steps."),
            SheetOf(key="ca", title="Causes", holds=("causes",), purpose="Causes."),
            SheetOf(key="an", title="Answers", holds=("answers",), purpose="Answers."),
        ),
    )  # fmt: skip

    areas: Annotated[list[OwnArea], Table(label="Areas", slots=2, noun="area", display="sheets", tag="ar")]
    causes: Annotated[list[OwnCause], Table(label="Causes", slots=3, noun="cause", tag="c")]
    answers: Annotated[list[OwnAnswer], Table(label="Answers", slots=3, noun="answer", tag="a")]


def own_plan() -> dict[str, Any]:
    def line(what: str, who: str, begins: str | None, ends: str) -> dict[str, Any]:
        return {"what": what, "who": who, "begins": begins, "ends": ends}

    steps = [
        line("Support teachers", "Leadership team", "2026-10-09", "2026-10-02"),
        line("Book the gym", "J. Ortiz", "2026-10-05", "2026-11-27"),
    ]
    product = {
        "product": "Agendas",
        "begins": "2026-10-01",
        "ends": "2026-11-20",
        "steps": steps,
    }
    return HEADED | {
        "areas": [{"area": "Time for reading", "products": [product]}],
        "causes": [{"cause": "Late buses"}, {"cause": "Early bells"}],
        "answers": [{"answer": "New routes", "cause": "Late buses"}],
    }


def test_a_template_of_a_district_gets_the_checks_that_its_marks_allow() -> None:
    assert set(codes(own(OwnPlan), own_plan())) == {
        "end-before-start", "outside-deliverable", "last-step-not-at-due", "step-count", "owner-not-one-person",
        "not-observable", "too-fine", "weak-deliverable", "cost-unknown", "root-cause-unaddressed",
    }  # fmt: skip
    assert paths("root-cause-unaddressed", own(OwnPlan), own_plan()) == ["causes[1].cause"]
    assert paths("end-before-start", own(OwnPlan), own_plan()) == ["areas[0].products[0].steps[0].ends"]


def test_what_is_said_of_it_are_those_checks() -> None:
    said = {item["code"] for item in described(own(OwnPlan).layout.spec)}
    assert said >= {"date-outside-window", "step-count", "same-dates", "weak-deliverable", "cost-unknown"}
    assert not said & {
        "priority-uncovered",
        "step-order",
        "benchmark-overdue",
        "not-scored",
        "trend-unexplained",
    }


def test_a_layout_s_shape_is_worked_out_once() -> None:
    layout = form("sfss").layout
    assert shape_of(layout) is shape_of(layout)


def test_findings_name_the_nouns_of_its_tables() -> None:
    (item,) = [item for item in found(own(OwnPlan), own_plan()) if item.code == "root-cause-unaddressed"]
    assert item.message == "No answer addresses “Early bells”."
