"""A deliverable's steps and dates (004), drawn as start and due of each step."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.plans import codes, found, paths, put, step, strong

WHERE = "initiatives[0].deliverables[0]"
Days = list[tuple[str, str]]
EXAMPLE = [("02-01", "02-05"), ("02-08", "02-19"), ("02-22", "04-02"), ("04-05", "04-23"), ("04-26", "04-30")]
# the original's, ten weeks earlier, so that they lie within the plan


def dated(days: Days, start: str = "02-01", due: str = "04-30") -> dict[str, Any]:
    """A deliverable from February to April 2027 with a step for each pair of days."""
    steps = (step(f"Carry out part {n}", f"2027-{a}", f"2027-{b}") for n, (a, b) in enumerate(days, 1))
    return strong(*steps, None, start=f"2027-{start}", due=f"2027-{due}")


def cells(code: str, data: dict[str, Any], typed: dict[str, object] | None = None) -> list[str]:
    """Where that code is found, within the deliverable."""
    return [str(path).removeprefix(f"{WHERE}.") for path in paths(code, "strong-systems", data, typed)]


def test_the_example_of_timing_earns_nothing() -> None:
    assert codes("strong-systems", dated(EXAMPLE)) == []


def test_the_non_example_of_timing_earns_one_advice() -> None:
    """Five steps with one start and one due are told once, not step by step as well."""
    (item,) = found("strong-systems", dated([("02-01", "04-30")] * 5))
    assert (item.code, item.severity, item.path) == ("same-dates", "advice", f"{WHERE}.steps[0].start")
    assert (
        item.message == "5 steps of this deliverable all start on “Feb 1, 2027” and are due on Apr 30, 2027."
    )


# --- same-dates


@pytest.mark.parametrize(
    ("days", "slot"),
    [
        ([("02-01", "03-01"), ("02-01", "03-01"), ("02-01", "03-01"), ("03-02", "04-30")], 0),
        ([("02-01", "03-01"), ("03-02", "04-30"), ("03-02", "04-30"), ("03-02", "04-30")], 1),
        ([("02-02", "04-30"), ("02-02", "04-30"), ("02-02", "04-30")], 0),
        ([("02-01", "02-01"), ("02-01", "02-01"), ("02-01", "02-01"), ("02-01", "04-30")], 0),
        (
            [
                ("02-01", "02-09"),
                ("02-09", "02-10"),
                ("03-03", "04-30"),
                ("03-03", "04-30"),
                ("03-03", "04-30"),
            ],
            2,
        ),
        ([("02-20", "04-30")] * 4, 0),
    ],
)
def test_three_steps_with_the_same_dates(days: Days, slot: int) -> None:
    assert cells("same-dates", dated(days)) == [f"steps[{slot}].start"]


@pytest.mark.parametrize(
    "days",
    [
        [("02-01", "03-01"), ("02-01", "03-01"), ("03-02", "04-30")],
        [("02-01", "03-01"), ("02-01", "03-02"), ("02-01", "04-30")],
        [("02-01", "04-30"), ("02-02", "04-30"), ("02-03", "04-30")],
        [("02-01", "03-01"), ("02-01", "03-01"), ("04-01", "04-30"), ("04-01", "04-30")],
        [("02-01", "02-26"), ("03-03", "03-26"), ("04-01", "04-30")],
        EXAMPLE[:4],
    ],
)
def test_two_with_the_same_dates_are_no_pattern(days: Days) -> None:
    assert cells("same-dates", dated(days)) == []


# --- outside-deliverable


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([("01-29", "02-05"), ("02-08", "02-19"), ("02-22", "04-30")], ["steps[0].start"]),
        ([("02-01", "02-05"), ("01-08", "02-19"), ("02-22", "04-30")], ["steps[1].start"]),
        ([("02-01", "05-05"), ("02-08", "02-19"), ("02-22", "04-30")], ["steps[0].due"]),
        ([("02-01", "02-05"), ("02-08", "02-19"), ("02-22", "05-03")], ["steps[2].due"]),
        ([("01-01", "05-05"), ("02-08", "02-19"), ("02-22", "04-30")], ["steps[0].start"]),
        ([("02-01", "02-05"), ("05-08", "05-19"), ("02-22", "06-30")], ["steps[1].due", "steps[2].due"]),
    ],
)
def test_a_step_outside_its_deliverable(days: Days, expected: list[str]) -> None:
    """One finding a step, at the first of its dates that is outside."""
    assert cells("outside-deliverable", dated(days)) == expected


@pytest.mark.parametrize(
    "days",
    [EXAMPLE, [("02-01", "04-30")], [("02-01", "02-01")], [("04-30", "04-30")], [], [("03-01", "03-31")]],
)
def test_a_step_within_its_deliverable(days: Days) -> None:
    """Both days included."""
    assert cells("outside-deliverable", dated(days)) == []


# --- last-step-not-at-due


@pytest.mark.parametrize(
    ("days", "cell"),
    [
        ([*EXAMPLE[:4], ("04-26", "04-29")], "steps[4].due"),
        (EXAMPLE[:1], "steps[0].due"),
        (EXAMPLE[:3], "steps[2].due"),
        ([("02-01", "04-30"), ("02-08", "04-23")], "steps[1].due"),
        ([*EXAMPLE[:4], ("04-26", "05-01")], "steps[4].due"),
        ([("02-01", "02-05"), ("02-08", "02-08")], "steps[1].due"),
    ],
)
def test_the_last_step_is_due_on_another_day(days: Days, cell: str) -> None:
    assert cells("last-step-not-at-due", dated(days)) == [cell]


@pytest.mark.parametrize(
    "days",
    [EXAMPLE, EXAMPLE[4:], EXAMPLE[2:], [], [("02-01", "05-05"), ("02-01", "04-30")], [("04-30", "04-30")]],
)
def test_the_last_step_is_due_with_its_deliverable(days: Days) -> None:
    assert cells("last-step-not-at-due", dated(days)) == []


@pytest.mark.parametrize("typed", [None, "TBD", "soon", "2062-04-30", "2026-01-01"])
def test_a_last_due_date_that_is_told_of_already_is_not_told_again(typed: str | None) -> None:
    """Missing, no date, outside the window or before its own start: the step above is not taken for the last."""
    assert cells("last-step-not-at-due", dated(EXAMPLE), {f"{WHERE}.steps[4].due": typed}) == []


# --- starts-before-previous-ends


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([("02-01", "02-05"), ("02-04", "02-19"), ("02-22", "04-30")], ["steps[1].start"]),
        ([("02-01", "02-05"), ("02-08", "02-19"), ("02-18", "04-30")], ["steps[2].start"]),
        ([("02-01", "03-05"), ("02-02", "03-19"), ("02-03", "04-30")], ["steps[1].start", "steps[2].start"]),
        ([("03-01", "03-05"), ("02-08", "02-19"), ("02-22", "04-30")], ["steps[1].start"]),
        ([("02-01", "04-30"), ("02-01", "04-30")], ["steps[1].start"]),
        ([("02-01", "04-29"), ("04-28", "04-30")], ["steps[1].start"]),
    ],
)
def test_a_step_that_starts_early(days: Days, expected: list[str]) -> None:
    assert cells("starts-before-previous-ends", dated(days)) == expected


@pytest.mark.parametrize(
    "days",
    [
        EXAMPLE,
        [("02-01", "02-05"), ("02-05", "04-30")],
        [("02-01", "02-05"), ("04-05", "04-30")],
        [("02-01", "04-30")],
        [],
        [("02-01", "04-30")] * 3,
    ],
)
def test_a_step_that_starts_in_turn(days: Days) -> None:
    """On the day the one above is due is in turn; what same-dates tells is not told again."""
    assert cells("starts-before-previous-ends", dated(days)) == []


def test_an_unreadable_due_date_above_makes_no_step_early() -> None:
    days = [("02-01", "03-05"), ("03-08", "03-19"), ("03-01", "04-30")]
    assert cells("starts-before-previous-ends", dated(days), {f"{WHERE}.steps[1].due": "mid March"}) == []


# --- step-count


@pytest.mark.parametrize(
    ("count", "severity", "said"),
    [
        (0, "advice", "is not planned yet: it has no steps."),
        (1, "warning", "has 1 step."),
        (2, "warning", "has 2 steps."),
    ],
)
def test_too_few_steps(count: int, severity: str, said: str) -> None:
    """None is advice: the original lists deliverables whose steps are still to come."""
    (item,) = [
        item for item in found("strong-systems", dated(EXAMPLE[5 - count :])) if item.code == "step-count"
    ]
    assert (item.severity, item.path) == (severity, f"{WHERE}.name")
    assert item.message == f"“Define a vision of excellence” {said}"


@pytest.mark.parametrize("count", [3, 4, 5])
def test_three_to_five_steps(count: int) -> None:
    assert cells("step-count", dated(EXAMPLE[5 - count :])) == []


def test_a_begun_row_counts_even_where_nothing_in_it_can_be_read() -> None:
    """Three begun steps are three, whatever else is wrong with them."""
    typed: dict[str, object] = {
        f"{WHERE}.steps[2].{name}": None for name in ("action", "start", "owner", "done")
    } | {f"{WHERE}.steps[2].due": "TBD"}
    assert cells("step-count", dated(EXAMPLE[2:]), typed) == []


def test_gaps_between_steps_count_for_nothing() -> None:
    data = dated(EXAMPLE)
    steps = data["initiatives"][0]["deliverables"][0]["steps"]
    for count, kept in ((1, 4), (2, 3), (3, 2)):
        sparse = put(data, "initiatives.0.deliverables.0.steps", [None] * count + steps[5 - kept :])
        if len(sparse["initiatives"][0]["deliverables"][0]["steps"]) <= 5:
            assert cells("step-count", sparse) == ([] if kept > 2 else ["name"])


# --- a deliverable whose own dates are wrong


@pytest.mark.parametrize("name", ["start", "due"])
@pytest.mark.parametrize("typed", ["spring", "2031-01-01", None])
def test_steps_are_not_held_against_dates_that_are_wrong_themselves(name: str, typed: str | None) -> None:
    found_ = codes("strong-systems", dated(EXAMPLE), {f"{WHERE}.{name}": typed})
    assert found_ == []


def test_a_deliverable_due_before_it_starts_is_told_once() -> None:
    """Its five steps would all be outside."""
    assert codes("strong-systems", dated(EXAMPLE, start="04-30", due="02-01")) in (
        ["end-before-start"],
        ["end-before-start", *["outside-deliverable"] * 5],
    )
