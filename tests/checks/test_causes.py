"""Trends, root causes and action steps (002) hang together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.plans import codes, found, paths, process, put

NAME = "planning-process"
CONCERNING = {"data_source": "Survey", "direction": "concerning", "finding": "41% agree"}


def with_cause(**more: Any) -> dict[str, Any]:
    """The plan with a fourth root cause that no action step names."""
    data = process()
    cause = data["root_causes"][0] | {"name": "Late buses"} | more
    return data | {"root_causes": [*data["root_causes"], cause]}


def with_trend(**more: Any) -> dict[str, Any]:
    """The plan with a third trend that no root cause names."""
    data = process()
    return data | {"trends": [*data["trends"], {"name": "Climate worsens"} | CONCERNING | more]}


def test_the_plan_itself_earns_nothing() -> None:
    assert codes(NAME, process()) == []


# --- root-cause-unaddressed


@pytest.mark.parametrize(
    "name", ["Late buses", "No common units", "bus routes", "Élan", "x", "A “quoted” cause"]
)
def test_a_root_cause_that_no_action_step_names(name: str) -> None:
    (item,) = found(NAME, with_cause(name=name))
    assert (item.code, item.severity, item.path) == (
        "root-cause-unaddressed",
        "warning",
        "root_causes[3].name",
    )
    assert item.message.startswith("No action step addresses ")
    assert item.remedy == "Mark it at the action step that addresses it, or add an action step."


@pytest.mark.parametrize(
    "more",
    [
        {"controllable": False},
        {"symptom_of": "Training fades"},
        {"controllable": False, "symptom_of": "Few coaches"},
        {"controllable": "perhaps"},
        {"symptom_of": "No such cause"},
        {"name": "few  COACHES"},
    ],
)
def test_symptoms_and_what_nobody_controls_need_no_step(more: dict[str, Any]) -> None:
    """Nor is a cause judged that is marked unreadably, or stands twice."""
    data = with_cause(**more)
    assert [path for path in paths("root-cause-unaddressed", NAME, data) if "name" not in more] == []


def test_causes_wait_for_the_first_action_step() -> None:
    data = process() | {"action_steps": [], "deliverables": [], "funding": []}
    assert codes(NAME, data) == []


def test_a_misspelt_reference_leaves_no_cause_unaddressed() -> None:
    """The reference is an error already, and may well mean the cause."""
    data = put(process(), "action_steps.1.root_causes", ["Few couches"])
    assert paths("root-cause-unaddressed", NAME, data) == []


# --- symptom-as-root


@pytest.mark.parametrize(
    "causes",
    [
        ["Low morale"],
        ["Weather"],
        ["Low morale", "Weather"],
        ["Weather", "Low morale"],
        ["low morale"],
        ["  Weather "],
    ],
)
def test_a_step_aimed_only_at_symptoms(causes: list[str]) -> None:
    data = put(with_cause(name="Weather", controllable=False), "action_steps.1.root_causes", causes)
    assert paths("symptom-as-root", NAME, data) == ["action_steps[1].root_causes[0]"]


@pytest.mark.parametrize(
    "causes",
    [
        ["Training fades"],
        ["Few coaches"],
        ["Low morale", "Training fades"],
        ["Weather", "Few coaches"],
        ["Low morale", "No such cause"],
        [],
    ],
)
def test_a_step_aimed_at_one_deeper_cause(causes: list[str]) -> None:
    """One that cannot be read may be deeper."""
    data = put(with_cause(name="Weather", controllable=False), "action_steps.1.root_causes", causes)
    assert paths("symptom-as-root", NAME, data) == []


def test_the_causes_are_named() -> None:
    (item,) = [
        i
        for i in found(NAME, put(process(), "action_steps.1.root_causes", ["Low morale"]))
        if "symptom" in i.code
    ]
    assert item.severity == "advice"
    assert item.message == (
        "“Hire two coaches” aims only at “Low morale”, which is marked as a symptom or as not controllable."
    )


# --- trend-unexplained


@pytest.mark.parametrize(
    "name", ["Climate worsens", "Suspensions rise", "attendance", "9th grade", "ELA", "Gap by group"]
)
def test_a_concerning_trend_without_a_cause(name: str) -> None:
    (item,) = found(NAME, with_trend(name=name))
    assert (item.code, item.severity, item.path) == ("trend-unexplained", "warning", "trends[2].name")


@pytest.mark.parametrize(
    "more",
    [
        {"direction": "promising"},
        {"direction": None},
        {"direction": "worrisome"},
        {"direction": "promising", "name": "Graduation rises"},
        {"name": None},
        {"name": ""},
    ],
)
def test_a_trend_that_asks_for_no_cause(more: dict[str, Any]) -> None:
    """Without a direction or a name it is told of already."""
    assert paths("trend-unexplained", NAME, with_trend(**more)) == []


def test_trends_wait_for_the_first_cause_and_for_its_spelling() -> None:
    data = process() | {"root_causes": [], "action_steps": [], "deliverables": [], "funding": []}
    assert paths("trend-unexplained", NAME, data) == []
    misspelt = put(with_trend(), "root_causes.1.trends", ["Climate worsns"])
    assert paths("trend-unexplained", NAME, misspelt) == []
