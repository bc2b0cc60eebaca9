"""What becomes of a plan in the next version of its template: nothing is lost, and every way of going there agrees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.errors import TemplateError
from xlplan.form.inspect import spec_of
from xlplan.form.spec import FormFacts
from xlplan.form.upgrade import Upgrade, check_upgrade, fields_in, upgraded_facts
from xlplan.templates import template

UPGRADE = Upgrade(
    moved={
        "goals": "aims",
        "goals[].steps[].by": "aims[].steps[].owner",
        "about.why": "reason",
        "marks": "tags",
    },
    choices={"goals[].area": {"maths": "mathematics"}, "marks": {"a [b]": "c]d"}},
    asked={"goals[].steps[].note": "Put it with the step.", "old": "Put it where it belongs."},
)


def test_paths_go_where_the_upgrade_says() -> None:
    assert UPGRADE.path("goals[2].name") == "aims[2].name"
    assert UPGRADE.path("goals[2].steps[0].by") == "aims[2].steps[0].owner"
    assert UPGRADE.path("goals[2].steps[0].note") is None
    assert UPGRADE.path("old.deep[3].text") is None
    assert UPGRADE.todo("old.deep[3].text") == "Put it where it belongs."
    assert UPGRADE.path("about.why") == "reason"
    assert UPGRADE.path(r"marks[a [b\]]") == r"tags[c\]d]"
    assert UPGRADE.path("prepared_by") == "prepared_by"
    assert UPGRADE.path("goals[].steps") == "aims[].steps"
    assert UPGRADE.value("goals[1].area", "maths") == "mathematics"
    assert UPGRADE.value("goals[1].name", "maths") == "maths"


TEXT = st.text("ab[]. =", max_size=5)
STEP = st.fixed_dictionaries({"by": TEXT, "note": TEXT, "done": st.booleans()})
GOAL = st.fixed_dictionaries(
    {"name": TEXT, "area": st.sampled_from(["maths", "arts"]), "steps": st.lists(STEP, max_size=3)}
)
PLAN = st.fixed_dictionaries(
    {"prepared_by": TEXT, "goals": st.lists(GOAL, max_size=3),
     "marks": st.lists(st.sampled_from(["a [b]", "x"]), max_size=2),
     "old": st.fixed_dictionaries({"deep": st.lists(st.fixed_dictionaries({"text": TEXT}), max_size=2)})}
)  # fmt: skip


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _texts(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _texts(inner)]
    return [str(value)] if value not in (None, "") else []


@given(PLAN)
def test_every_answer_is_in_the_plan_or_in_a_finding(plan: dict[str, Any]) -> None:
    before = repr(plan)
    made, findings = UPGRADE(plan)
    assert repr(plan) == before
    names = {"maths": "mathematics", "a [b]": "c]d"}
    wanted = sorted(names.get(text, text) for text in _texts(plan))
    assert sorted(_texts(made) + [item.found or "" for item in findings]) == wanted
    assert {item.code for item in findings} <= {"upgraded"} and all(item.path for item in findings)


def test_an_upgrade_must_speak_of_every_answer() -> None:
    old, new = spec_of(template("sfss@1")), spec_of(template("sfss"))
    check_upgrade(template("sfss@1").upgrade or Upgrade(), old, new)
    with pytest.raises(TemplateError) as told:
        check_upgrade(
            Upgrade(asked={"alignment.roles": "Put it on Roles.", "nowhere": "Put it there."}), old, new
        )
    said = str(told.value)
    for path in ("alignment.assets", "infrastructure.progress", "infrastructure.embedding", "nowhere"):
        assert path in said
    assert "alignment.roles has" not in said


def test_facts_keep_as_many_slots_as_were_issued() -> None:
    model = template("sfss@1")
    facts = FormFacts(
        slots=(("challenges", 6), ("team", 3)), help=(("infrastructure.progress", "Ours."), ("alignment.roles", "No.")),
        optional=("alignment.assets", "infrastructure.embedding"), title="Ours", contact="a@b.example",
    )  # fmt: skip
    made = upgraded_facts(facts, model.upgrade or Upgrade(), spec_of(model, facts), spec_of(template("sfss")))
    assert dict(made.slots) == {"challenges": 6, "team": 3}
    assert made.help == (("monitoring.progress", "Ours."),) and made.optional == ("monitoring.embedding",)
    assert (made.title, made.contact) == ("Ours", "a@b.example")


def test_the_past_never_changes() -> None:
    from xlplan.pipeline.forms import form_of

    assert form_of("sfss@1", FormFacts()).digest == "7d84a385e480dc23"


def test_fields_are_named_as_settings_name_them() -> None:
    names = dict(fields_in(spec_of(template("sfss"))))
    assert {
        "challenges[].root_causes",
        "challenges[].strategies[].steps[].due",
        "monitoring.progress",
    } <= set(names)
