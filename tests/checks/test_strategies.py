"""A strategy's steps (001): in order of completion, and only where a plan is needed."""

from __future__ import annotations

import pytest

from tests.checks.plans import codes, data_team, found, paths

STEPS = "strategies[0].steps"


@pytest.mark.parametrize(
    ("deadlines", "slots"),
    [
        (("2026-11-06", "2026-10-02", "2027-01-15"), [1]),
        (("2026-10-02", "2027-01-15", "2026-11-06"), [2]),
        (("2027-01-15", "2026-10-02", "2026-11-06"), [1, 2]),
        (("2026-10-02", "2026-10-01"), [1]),
        (("2026-10-01", "2026-10-05", "2026-10-09", "2026-10-04"), [3]),
        (("2027-06-30", "2026-09-01"), [1]),
    ],
)
def test_steps_out_of_order(deadlines: tuple[str, ...], slots: list[int]) -> None:
    expected = [f"{STEPS}[{slot}].deadline" for slot in slots]
    assert paths("step-order", "data-team", data_team(*deadlines)) == expected


@pytest.mark.parametrize(
    "deadlines",
    [
        ("2026-10-02", "2026-11-06"),
        ("2026-10-02", "2026-10-02", "2026-10-02"),
        ("2026-09-01", "2027-06-30"),
        ("2026-10-02",),
        ("2026-12-18", "2026-12-19", "2026-12-20", "2026-12-21"),
        ("2026-10-31", "2026-11-01"),
    ],
)
def test_steps_in_order(deadlines: tuple[str, ...]) -> None:
    assert codes("data-team", data_team(*deadlines)) == []


def test_the_step_it_comes_after_is_named() -> None:
    """Of several that should come first, the one the team chose."""
    data = data_team("2026-11-06", "2026-12-04", "2026-10-02", after={3: 1})
    (item,) = found("data-team", data)
    assert item.message == "“Oct 2, 2026” is before the deadline of step 1, Nov 6, 2026."
    assert item.severity == "warning"


@pytest.mark.parametrize(("step", "after"), [(1, 2), (2, 2), (1, 3)])
def test_a_step_after_one_that_is_not_above_it_is_told_of_already(step: int, after: int) -> None:
    """The importer takes steps above only; the deadlines are in order all the same."""
    data = data_team("2026-10-02", "2026-11-06", "2026-12-04", after={step: after})
    assert codes("data-team", data) == []


@pytest.mark.parametrize("typed", ["TBD", None, "2062-10-02", "fall"])
def test_a_deadline_that_is_told_of_already_puts_nothing_out_of_order(typed: str | None) -> None:
    data = data_team("2026-10-02", "2026-11-06", "2026-12-04")
    for slot in range(3):
        assert codes("data-team", data, {f"{STEPS}[{slot}].deadline": typed}) == []


def test_each_strategy_is_ordered_by_itself() -> None:
    first, second = data_team("2027-01-15"), data_team("2026-10-02")
    data = first | {"strategies": first["strategies"] + second["strategies"]}
    assert codes("data-team", data) == []


def test_steps_are_named_by_their_printed_number() -> None:
    """An empty row between two steps keeps its number."""
    data = data_team("2026-11-06", "2026-10-02")
    steps = data["strategies"][0]["steps"]
    data["strategies"][0]["steps"] = [None, steps[0], None, steps[1]]
    (item,) = found("data-team", data)
    assert item.path == f"{STEPS}[3].deadline" and "step 2," in item.message


# --- strategy-needs-no-plan


@pytest.mark.parametrize("count", [1, 2, 3, 6, 9, 12])
def test_steps_for_an_unchanged_strategy(count: int) -> None:
    data = data_team(*["2026-10-02"] * count, status="existing, unchanged")
    (item,) = found("data-team", data)
    assert (item.code, item.severity, item.path) == (
        "strategy-needs-no-plan",
        "advice",
        "strategies[0].status",
    )
    assert item.message.startswith(f"{count} step")


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("existing, unchanged", 0),
        ("new, one step", 0),
        ("new, one step", 1),
        ("new, several steps", 1),
        ("existing, to be refined", 3),
        ("unchanged", 2),
    ],
)
def test_a_strategy_whose_steps_are_welcome(status: str, count: int) -> None:
    """A new strategy of one step may name it; a status that is no choice is told already."""
    assert codes("data-team", data_team(*["2026-10-02"] * count, status=status)) == []
