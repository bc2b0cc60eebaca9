"""The checks of the first template, each with what must be found and what must not."""

from __future__ import annotations

import pytest

from tests.intake.sheets import checked, codes, plan

STEP = "challenges[0].strategies[0].steps[0]"


def named(code: str, cells: dict[str, object] | None = None, **more: object) -> list[str | None]:
    return [path for found, path in codes(cells, **more) if found == code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["School principals", "grade-level leads", "superintendent's office", "Ortiz / Lee"]
)
def test_an_owner_that_is_no_one_person_is_a_warning(text: str) -> None:
    (found,) = checked({f"{STEP}.owner": text})[1]
    assert (found.code, found.severity, found.path, found.found) == (
        "owner-not-one-person",
        "warning",
        f"{STEP}.owner",
        text,
    )


@pytest.mark.parametrize(
    "text", ["B. Tran, literacy coach", "Director of Teaching and Learning", "HR director"]
)
def test_an_owner_with_a_title_is_one_person(text: str) -> None:
    assert codes({f"{STEP}.owner": text}) == []


def test_team_names_are_not_owners() -> None:
    """The check goes by meaning, not by kind: only who answers for a step is judged."""
    assert named("owner-not-one-person", {"prepared_by": "Leadership team"}) == []


def test_a_cause_without_a_strategy_is_named() -> None:
    base = plan()
    for strategy in base["challenges"][1]["strategies"]:
        strategy["root_causes"] = ["A"]
    assert named("root-cause-unaddressed", base=base) == ["challenges[1].root_causes[1]"]


def test_causes_wait_for_the_first_strategy() -> None:
    base = plan()
    base["challenges"][1]["strategies"] = []
    assert named("root-cause-unaddressed", base=base) == []


@pytest.mark.parametrize(
    "text",
    ["12 of 90 students", "Half of our students", "Forty percent were late", "All but three", "in 2025"],
)
def test_evidence_with_a_figure(text: str) -> None:
    assert named("no-evidence-number", {"challenges[0].evidence": text}) == []


@pytest.mark.parametrize("text", ["Many students are late.", "Teachers say so.", "We see it in hallways."])
def test_evidence_without_a_figure(text: str) -> None:
    assert named("no-evidence-number", {"challenges[0].evidence": text}) == ["challenges[0].evidence"]


def test_evidence_that_could_not_be_read_is_not_also_without_a_figure() -> None:
    assert named("no-evidence-number", {"challenges[0].evidence": None}) == []
    assert named("no-evidence-number", {"challenges[0].evidence": "x" * 5000}) == []


@pytest.mark.parametrize(
    ("cost", "expected"), [(None, ["resources[0].cost"]), (0.0, []), ("0", []), ("in kind", []), (1200.0, [])]
)
def test_a_resource_without_an_amount(cost: object, expected: list[str]) -> None:
    """Nothing cost nothing is an amount; what is no amount is another finding already."""
    assert named("cost-unknown", {"resources[0].cost": cost}) == expected


def test_a_resource_line_without_an_item_is_not_also_without_a_cost() -> None:
    assert named("cost-unknown", {"resources[7].reallocation": "no"}) == []


def test_a_priority_that_no_strategy_serves() -> None:
    base = plan()
    for challenge in base["challenges"]:
        for strategy in challenge["strategies"]:
            strategy["priorities"] = ["Strong Climate & Culture"]
    found = [item for item in checked(base=base)[1] if item.code == "priority-uncovered"]
    assert [item.facts["priority"] for item in found] == [
        "Engaging Instruction for Academics & SEL", "Proactive Student-Specific Support System",
        "Systematic Parent & Family Engagement", "Strategic Partnerships & Coalitions",
    ]  # fmt: skip
    assert {item.severity for item in found} == {"advice"}


def test_priorities_wait_for_the_first_tick() -> None:
    base = plan()
    for challenge in base["challenges"]:
        for strategy in challenge["strategies"]:
            strategy["priorities"] = []
    assert named("priority-uncovered", base=base) == []
