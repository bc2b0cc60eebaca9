"""Days: none ends before it starts; a benchmark past its day says whether it was met."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.checks.plans import codes, found, paths, process, put, strong, success

STEP = "initiatives[0].deliverables[0].steps[1]"


@pytest.mark.parametrize(
    ("template", "data", "typed", "path"),
    [
        ("strong-systems", strong(), {f"{STEP}.due": "2026-10-18"}, f"{STEP}.due"),
        ("strong-systems", strong(), {f"{STEP}.start": "11/14/2026"}, f"{STEP}.due"),
        ("strong-systems", strong(start="2026-12-19"), {}, "initiatives[0].deliverables[0].due"),
        ("planning-process", process(), {"action_steps[0].end": "2026-09-13"}, "action_steps[0].end"),
        ("planning-process", process(), {"action_steps[1].start": "June 1, 2027"}, "action_steps[1].end"),
        ("planning-process", process(), {"deliverables[1].start": "2026-12-12"}, "deliverables[1].due"),
    ],
)
def test_what_is_due_before_it_starts(template: str, data: Any, typed: dict[str, object], path: str) -> None:
    items = [item for item in found(template, data, typed) if item.code == "end-before-start"]
    assert [(item.severity, item.path) for item in items] == [("error", path)]


@pytest.mark.parametrize(
    "typed",
    [
        {f"{STEP}.start": "2026-11-13", f"{STEP}.due": "2026-11-13"},
        {f"{STEP}.start": None},
        {f"{STEP}.due": None},
        {f"{STEP}.due": "when done"},
        {f"{STEP}.start": "2062-01-01"},
        {f"{STEP}.due": "2020-01-01"},
    ],
)
def test_one_day_or_none_or_a_wrong_one_is_no_end_before_its_start(typed: dict[str, object]) -> None:
    """What is outside the window, or no date, is told already."""
    assert paths("end-before-start", "strong-systems", strong(), typed) == []


def test_the_message_names_both_days() -> None:
    (item,) = [
        i for i in found("strong-systems", strong(), {f"{STEP}.due": "2026-10-18"}) if i.severity == "error"
    ]
    assert item.message == "“Oct 18, 2026” is before the start of the same row, Oct 19, 2026."


# --- benchmark-overdue

PROCESS = "initiatives[0].process_benchmarks[0]"
DAY = date(2026, 11, 7)  # the first day after the benchmark's


def benchmark(status: str | None, as_of: date | None = DAY) -> list[str]:
    return codes(
        "planning-for-success",
        put(success(), "initiatives.0.process_benchmarks.0.status", status),
        as_of=as_of,
    )


@pytest.mark.parametrize("status", ["Not started", "In progress", "Partly met", None])
def test_a_benchmark_past_its_day_without_a_result(status: str | None) -> None:
    """An empty status means Not started."""
    assert benchmark(status) == ["benchmark-overdue"]


@pytest.mark.parametrize("status", ["Met", "Not met", "met", "done by all", "Mett"])
def test_a_result_or_a_status_that_is_told_of_already(status: str) -> None:
    assert benchmark(status) == []


@pytest.mark.parametrize("day", [None, date(2026, 11, 6), date(2026, 9, 1)])
def test_before_its_day_or_without_a_day_nothing_is_overdue(day: date | None) -> None:
    """Due today is not overdue; `check` judges no day unless given one."""
    assert benchmark("In progress", day) == []


def test_both_kinds_of_benchmark_are_judged() -> None:
    items = found("planning-for-success", success(), as_of=date(2027, 6, 1))
    assert [item.path for item in items] == [f"{PROCESS}.status", "initiatives[0].early_evidence[0].status"]
    assert items[1].message.endswith("its status is “Not started”.")
    assert {item.severity for item in items} == {"warning"}


@pytest.mark.parametrize("due", ["soon", "2062-01-01", None])
def test_a_benchmark_without_a_good_day_is_not_overdue(due: str | None) -> None:
    typed: dict[str, object] = {f"{PROCESS}.due": due}
    assert codes("planning-for-success", success(), typed, as_of=DAY) == []
