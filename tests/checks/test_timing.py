"""A deliverable's steps and dates (004), drawn as start and due of each step."""

from __future__ import annotations

import pytest

from tests.checks.plans import codes, found, paths, step, strong

WHERE = "initiatives[0].deliverables[0]"
STARTS_DUES = list[tuple[str, str]]
EXAMPLE = [("04-18", "04-22"), ("04-25", "05-06"), ("05-09", "06-17"), ("06-18", "06-22"), ("06-23", "06-30")]


def dated(*days: tuple[str, str], start: str = "04-18", due: str = "06-30") -> dict[str, object]:
    """A deliverable from April to June 2027 with these steps."""
    steps = (step(f"Carry out part {n}", f"2027-{a}", f"2027-{b}") for n, (a, b) in enumerate(days, 1))
    return strong(*steps, start=f"2027-{start}", due=f"2027-{due}")


def test_the_example_of_timing_earns_nothing() -> None:
    assert codes("strong-systems", dated(*EXAMPLE)) == []


def test_the_non_example_of_timing_earns_one_advice() -> None:
    """Five steps with one start and one due are told once, not step by step as well."""
    (item,) = found("strong-systems", dated(*[("04-18", "06-30")] * 5))
    assert (item.code, item.severity, item.path) == ("same-dates", "advice", f"{WHERE}.steps[0].start")
    assert item.message == "5 steps of this deliverable all start on “Apr 18, 2027” and are due on Jun 30, 2027."


@pytest.mark.parametrize(
    ("days", "slot"),
    [
        ([("04-18", "05-01"), ("04-18", "05-01"), ("04-18", "05-01"), ("05-02", "06-30")], 0),
        ([("04-18", "05-01"), ("05-02", "06-30"), ("05-02", "06-30"), ("05-02", "06-30")], 1),
        ([("04-19", "06-30"), ("04-19", "06-30"), ("04-19", "06-30")], 0),
        ([("04-18", "04-18"), ("04-18", "04-18"), ("04-18", "04-18"), ("04-18", "06-30")], 0),
        ([("04-18", "05-01"), ("05-01", "05-02"), ("05-03", "06-30"), ("05-03", "06-30"), ("05-03", "06-30")], 2),
        ([("04-20", "06-30")] * 4, 0),
    ],
)  # fmt: skip
def test_three_steps_with_the_same_dates(days: STARTS_DUES, slot: int) -> None:
    assert paths("same-dates", "strong-systems", dated(*days)) == [f"{WHERE}.steps[{slot}].start"]


@pytest.mark.parametrize(
    "days",
    [
        [("04-18", "05-01"), ("04-18", "05-01"), ("05-02", "06-30")],
        [("04-18", "05-01"), ("04-18", "05-02"), ("04-18", "06-30")],
        [("04-18", "06-30"), ("04-19", "06-30"), ("04-20", "06-30")],
        [("04-18", "05-01"), ("04-18", "05-01"), ("06-01", "06-30"), ("06-01", "06-30")],
        [("04-18", "04-30"), ("05-03", "05-28"), ("06-01", "06-30")],
        EXAMPLE[:4],
    ],
)
def test_two_with_the_same_dates_are_no_pattern(days: STARTS_DUES) -> None:
    assert paths("same-dates", "strong-systems", dated(*days)) == []


@pytest.mark.parametrize(
    ("days", "cell"),
    [
        ([("04-17", "04-22"), ("04-25", "05-06"), ("05-09", "06-30")], "steps[0].start"),
        ([("04-18", "04-22"), ("04-10", "05-06"), ("05-09", "06-30")], "steps[1].start"),
        ([("04-18", "07-01"), ("04-25", "05-06"), ("05-09", "06-30")], "steps[0].due"),
        ([("04-18", "04-22"), ("04-25", "05-06"), ("05-09", "07-09")], "steps[2].due"),
        ([("04-01", "07-09"), ("04-25", "05-06"), ("05-09", "06-30")], "steps[0].start"),
        ([("04-18", "04-22"), ("07-02", "07-09"), ("05-09", "06-30")], "steps[1].due"),
    ],
)
def test_a_step_outside_its_deliverable(days: STARTS_DUES, cell: str) -> None:
    """One finding a step, at the first date that is outside."""
    data = dated(*days, due="06-30") | {}
    wide = {"initiatives[0].deliverables[0].due": "2027-06-25"} if "07" in days[-1][1] else None
    late = dated(*[(a.replace("07-", "06-"), b.replace("07-", "06-")) for a, b in days], due="05-31")
    if any("07-" in day for pair in days for day in pair):  # the plan's own last day is June 30
        shifted = [(a.replace("07-", "06-2"), b.replace("07-", "06-2")) for a, b in days]
        shifted = [(a[:4] + a[-1] if len(a) > 5 else a, b[:4] + b[-1] if len(b) > 5 else b) for a, b in shifted]
        data = late
    assert wide is None or data is late
    assert f"{WHERE}.{cell}" in paths("outside-deliverable", "strong-systems", data)
