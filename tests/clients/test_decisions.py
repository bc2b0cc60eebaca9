"""A decision workbook in a real LibreOffice: its lists offer the sides, and what is typed there is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.pipeline.loop import DAY, NOW, begun
from tests.pipeline.people import sent
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.generate import generate
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.merging import Merger
from xlplan.pipeline.references import plan_named

from .libreoffice import LibreOffice

KEY = "530825001378"
STEPS = "challenges[0].strategies[0].steps"
BASE = {f"{STEPS}[0].action": "Read aloud daily", f"{STEPS}[0].owner": "Lee"}
ANN = BASE | {
    "prepared_by": "Ann Lee",
    f"{STEPS}[0].due": date(2026, 10, 1),
    f"{STEPS}[1].action": "Coach new teachers",
    f"{STEPS}[1].owner": "Ann",
}
BO = BASE | {
    "prepared_by": "Bo Diaz",
    f"{STEPS}[0].due": date(2026, 11, 2),
    f"{STEPS}[1].action": "Open the library",
    f"{STEPS}[1].owner": "Bo",
}


@pytest.fixture
def merger(tmp_path: Path) -> Iterator[Merger]:
    """Two copies of one plan that differ in three places, collected."""
    campaign = begun(tmp_path / "fall", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        copy = campaign.root / campaign.copy_path(campaign.school(KEY))
        for name, answers in (("ann", ANN), ("bo", BO)):
            sent(campaign, copy, answers, name=f"{name}.xlsx", by=name.capitalize())
        collect(campaign, ledger, files_in([campaign.returns]), received=DAY, now=NOW)
        yield Merger(campaign=campaign, ledger=ledger, received=DAY, now=NOW)


def test_somebody_decides(libreoffice: LibreOffice, merger: Merger, tmp_path: Path) -> None:
    found = merger.merge(KEY)
    assert found.decisions is not None and len(found.conflicts) == 3
    path, back = merger.campaign.root / found.decisions, tmp_path / "decided.xlsx"
    states = [("Start", "E15"), ("Start", "E16"), ("Answers", "B5"), ("Answers", "B6"), ("Rows", "B5")]
    before = libreoffice.run(path, values=states)
    assert [before.value(*place) for place in states[2:]] == ["○ To do"] * 3
    typing = [
        ("Answers", "H5", "bo.xlsx (Bo)"),
        ("Answers", "I6", "10/15/2026"),
        ("Rows", "H5", "Keep both rows"),
    ]
    refused = [("Answers", "H5", "somebody else"), ("Rows", "D5", "no box here")]
    assert len(libreoffice.run(path, type=refused).unchanged) == len(refused)
    after = libreoffice.run(path, type=typing, values=states, save=[back])
    assert not after.unchanged
    assert [after.value(*place) for place in states[2:]] == ["✓ Done"] * 3
    done = merger.decide(KEY, back)
    assert (done.state, done.undecided) == ("merged", ())
    merged = plan_named(
        str(merger.campaign.root / str(done.file)), merger.campaign, merger.ledger, merger.context
    )
    cells = merged.cells
    assert (cells["prepared_by"], cells[f"{STEPS}[0].due"]) == ("Bo Diaz", date(2026, 10, 15))
    rows = {(cells[f"{STEPS}[{n}].action"], cells[f"{STEPS}[{n}].owner"]) for n in (1, 2)}
    assert rows == {("Coach new teachers", "Ann"), ("Open the library", "Bo")}
