"""The demonstration of every template, and the plans it is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import run
from xlplan.excel.plate import pour
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.pipeline.check import check_file
from xlplan.pipeline.demo import run_demo
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.samples import roster_file, sample_plans
from xlplan.samples.variation import spoiled, varied
from xlplan.templates import TEMPLATES

NAMES = [name for name in TEMPLATES if sample_plans(name)]
FEW = 14  # schools, so that the tampered one is among them


@pytest.mark.parametrize("name", NAMES)
def test_a_demonstration_shows_all_that_happens(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accepted, to correct, not returned; and a summary to open."""
    lines = roster_file().read_text(encoding="utf-8-sig").splitlines()[: FEW + 1]
    (tmp_path / "few.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr("xlplan.pipeline.demo.roster_file", lambda: tmp_path / "few.csv")
    story = run_demo(tmp_path / "demo", lambda: None, name)
    assert story["copies"] == FEW and all(story["states"].values()), story["states"]
    assert Path(story["report"]).exists()


@pytest.mark.parametrize("name", NAMES)
def test_variations_are_good_and_spoiled_plans_are_found(name: str) -> None:
    """The same number gives the same plan; a varied plan is accepted, a spoiled one has an error."""
    form = form_of(name, FormFacts())
    spec, plans = form.layout.spec, sample_plans(name)
    values = personal(BLANK_SCHOOL, blank_identity(form), b"", "")

    def outcome(plan: dict[str, object]) -> str:
        content = pour(plate_of(form, ""), values, poured(form.layout, plan))
        return check_file(content, "x.xlsx", Context()).checked.outcome

    for number in range(0, 40, 7):
        plan = varied(plans[number % len(plans)], number, spec)
        assert plan == varied(plans[number % len(plans)], number, spec)
        assert outcome(plan) == "accepted"
        assert outcome(spoiled(plan, number, spec)) == "rejected"


def test_what_cannot_be_shown_is_said(tmp_path: Path) -> None:
    done = run("demo", tmp_path / "d", "--template", "nope")
    assert done.code == 2 and not (tmp_path / "d").exists()
    if len(NAMES) == len(TEMPLATES):
        assert run("demo", tmp_path / "d", "--all", "--dry-run", "-v").err.count("Would make") == len(
            TEMPLATES
        )
