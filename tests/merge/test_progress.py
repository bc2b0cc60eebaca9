"""What became of a plan's activities: counted against what its copy began with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.pipeline.later import later
from xlplan.form.inspect import spec_of
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.merge.progress import Progress, progress_of
from xlplan.templates import TEMPLATES, template

SPEC = spec_of(template("sfss"), FormFacts(round=STATUS_ROUND))


def plan(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"challenges": [{"strategies": [{"steps": []}, {"steps": list(steps)}]}]}


def step(last: str | None, done: bool | None, due: str | None = "2027-01-04", **more: Any) -> dict[str, Any]:
    return {"action": "A", "due": due, "done": done, "last_status": last, "first_due": "2027-01-04"} | more


def test_rows_are_counted_against_what_was() -> None:
    """Done now, done since, due on another day, answered; a day that is gone is not moved."""
    found = progress_of(
        SPEC,
        plan(
            step("Done", True),
            step("Not done", True, "2027-02-01", learned="Much"),
            step("Not done", False, "2026-12-01"),
            step("Not done", None, None),
        ),
    )
    assert isinstance(found, Progress)
    assert found.counts() == {"rows": 4, "done": 2, "newly_done": 1, "moved": 2, "answered": 3}
    assert found.were_done == 1
    one = found.activities[1]
    assert (one.number, one.days, one.learned, one.last, one.now) == ("1.2.2", 28, "Much", "Not done", "Done")
    assert found.activities[2].days == -34 and found.activities[2].first_due == date(2027, 1, 4)


def test_a_plan_of_a_first_round_has_no_progress() -> None:
    """Nor has one without any activity."""
    first = {"action": "A", "due": "2027-01-04", "done": True}
    assert progress_of(SPEC, plan(first)) is None and progress_of(SPEC, plan()) is None
    assert progress_of(SPEC, {"challenges": None}) is None


@pytest.mark.parametrize("round_", [CARRIED, STATUS_ROUND])
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_has_progress(name: str, round_: str) -> None:
    """As many rows as its copy began with, none done that is not said to be."""
    one = later(name, round_)
    checked = one.check(one.copy(one.answers() if round_ == STATUS_ROUND else None)).checked
    assert checked.plan is not None
    found = progress_of(one.form.layout.spec, checked.plan)
    assert found is not None
    shown = [path for path in one.cells if path.endswith(".first_due")]
    assert len([item for item in found.activities if item.first_due]) == len(shown)
    counts = found.counts()
    assert counts["rows"] and counts["newly_done"] <= counts["done"] <= counts["answered"] <= counts["rows"]
    if round_ == STATUS_ROUND:
        assert counts["answered"] == counts["rows"] and counts["moved"] == 0 < counts["done"]
