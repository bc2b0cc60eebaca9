"""Funding and costs (000, 002, 003)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.plans import codes, found, paths, process, put, success

NAME = "planning-process"
RESOURCE = "initiatives.0.resources.0"


def decided(decision: str | None, *, funded: bool, delivered: bool = True) -> dict[str, Any]:
    """The plan with that decision on its second step."""
    data = put(process(), "action_steps.1.priority.decision", decision)
    data["funding"] = data["funding"][: 2 if funded else 1]
    data["deliverables"] = data["deliverables"][: 2 if delivered else 1]
    return data


# --- unfunded


@pytest.mark.parametrize("decision", ["do now", "do later", "Do now", "DO LATER", " do now ", "do-later"])
def test_a_step_without_a_funding_line(decision: str) -> None:
    (item,) = [item for item in found(NAME, decided(decision, funded=False)) if item.code != "mended-choice"]
    assert (item.code, item.severity, item.path) == ("unfunded", "warning", "action_steps[1].name")
    assert item.message == "“Hire two coaches” has no funding line."
    assert item.remedy == "Add a funding line for it, or decide to drop it."


@pytest.mark.parametrize(
    "data",
    [
        decided("do now", funded=True),
        decided("drop", funded=False, delivered=False),
        decided(None, funded=False),
        decided("perhaps", funded=False),
        put(decided("do now", funded=True), "funding.1.action_step", "Hire two couches"),
        put(decided("do now", funded=True), "funding.1.amount", None),
    ],
)
def test_a_step_that_is_funded_or_dropped_or_not_decided(data: dict[str, Any]) -> None:
    """A misspelt line may well be its own; a line without amount is another finding."""
    assert paths("unfunded", NAME, data) == []


def test_each_step_is_told_where_nothing_is_funded() -> None:
    data = process() | {"funding": []}
    assert paths("unfunded", NAME, data) == ["action_steps[0].name", "action_steps[1].name"]


@pytest.mark.parametrize(
    "resource", ["Reading provider", "Substitutes", "Books", "Licences", "Stipends", "Travel"]
)
def test_a_money_resource_without_a_cost(resource: str) -> None:
    data = put(put(success(), f"{RESOURCE}.cost", None), f"{RESOURCE}.resource", resource)
    (item,) = found("planning-for-success", data)
    assert (item.code, item.path) == ("unfunded", "initiatives[0].resources[0].cost")
    assert item.message == f"“{resource}” is money and has no cost."


@pytest.mark.parametrize(
    ("kind", "cost"),
    [
        ("people", None),
        ("time", None),
        ("materials", None),
        (None, None),
        ("money", "0.00"),
        ("money", "about $4k"),
    ],
)
def test_a_resource_that_is_no_money_or_has_a_cost(kind: str | None, cost: str | None) -> None:
    """What is no amount is told of already."""
    data = put(put(success(), f"{RESOURCE}.kind", kind), f"{RESOURCE}.cost", cost)
    assert codes("planning-for-success", data) == []


# --- cost-unknown


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("source", ["Title II", "Local budget", "A grant"])
def test_a_funding_line_without_an_amount(slot: int, source: str) -> None:
    data = put(put(process(), f"funding.{slot}.amount", None), f"funding.{slot}.source", source)
    (item,) = found(NAME, data)
    assert (item.code, item.severity, item.path) == ("cost-unknown", "advice", f"funding[{slot}].amount")


@pytest.mark.parametrize("amount", ["0", "0.00", "12.50", "$1,200", "$4k", "in kind"])
def test_a_funding_line_with_an_amount(amount: str) -> None:
    """Nothing is an amount; what is none is told of already."""
    assert codes(NAME, put(process(), "funding.0.amount", amount)) == []


def test_people_and_time_cost_nothing_that_must_be_known() -> None:
    """003 asks for a cost of money only."""
    assert paths("cost-unknown", "planning-for-success", put(success(), f"{RESOURCE}.cost", None)) == []


# --- dropped-but-funded


@pytest.mark.parametrize(
    ("funded", "delivered", "has"),
    [
        (True, True, "1 deliverable and 1 funding line"),
        (True, False, "1 funding line"),
        (False, True, "1 deliverable"),
    ],
)
def test_what_belongs_to_a_dropped_step(funded: bool, delivered: bool, has: str) -> None:
    (item,) = found(NAME, decided("drop", funded=funded, delivered=delivered))
    assert (item.code, item.severity) == ("dropped-but-funded", "warning")
    assert item.path == "action_steps[1].priority.decision"
    assert item.message == f"“Hire two coaches” is to be dropped, and has {has}."


def test_several_lines_are_one_finding() -> None:
    data = decided("drop", funded=True)
    data["funding"] += [data["funding"][1]] * 3
    (item,) = found(NAME, data)
    assert item.facts["has"] == "1 deliverable and 4 funding lines"


@pytest.mark.parametrize(
    "data",
    [
        decided("drop", funded=False, delivered=False),
        decided("do now", funded=True),
        decided("do later", funded=True),
        decided(None, funded=True),
        decided("dropped?", funded=True),
        put(decided("drop", funded=True, delivered=False), "funding.1.action_step", "Embed coaching"),
    ],
)
def test_a_dropped_step_with_nothing_or_a_step_that_stays(data: dict[str, Any]) -> None:
    assert paths("dropped-but-funded", NAME, data) == []
