"""A copy that LibreOffice saved is judged by both windows, in whatever format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.loop import NOW, begun
from tests.pipeline.test_window_today import CHANGES, DAYS, OWN, changed, due, outside, with_days
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.generate import generate
from xlplan.pipeline.known import context_of

from .libreoffice import LibreOffice


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_saved_copy_is_judged_alike(tmp_path: Path, libreoffice: LibreOffice, kind: str) -> None:
    campaign = begun(tmp_path / "c", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        typed, saved = tmp_path / "typed.xlsx", tmp_path / f"saved.{kind}"
        typed.write_bytes(with_days(campaign, DAYS))
        libreoffice.run(typed, save=[saved])
        first, last = CHANGES["moved apart"]
        campaign = changed(campaign, (first, last))
        result = check_file(saved.read_bytes(), saved.name, context_of(campaign, ledger, None))
    holds = [OWN[0] <= day <= OWN[1] or first <= day <= last for day in DAYS]
    assert set(outside(result.checked)) == {f"{due(n)}.due" for n, one in enumerate(holds) if not one}
