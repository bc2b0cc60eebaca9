"""What earlier releases gave out reads as it did then: no finding that they did not have."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.ledger.migrate import upgrade
from xlplan.pipeline.check import check_file
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context

from .keep import KEPT

RETURNS = sorted(KEPT.glob("*/returns/*.xlsx"))
OF_THE_FORM = {"seal-unchecked", "identity-unverified"}  # what no one can tell without the campaign


def test_releases_are_kept() -> None:
    assert RETURNS


@pytest.mark.parametrize("path", RETURNS, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_copy_of_an_earlier_release_earns_no_new_finding(path: Path, tmp_path: Path) -> None:
    kept = path.parents[1]
    said = json.loads((kept / "said.json").read_text(encoding="utf-8"))[f"returns/{path.name}"]
    then = sorted((code, severity, where) for code, severity, where in said["findings"])
    folder = Path(shutil.copytree(kept, tmp_path / "campaign"))
    for name in ("copies", "corrections", "reports"):
        (folder / name).mkdir(exist_ok=True)
    campaign = open_campaign(folder)
    upgrade(campaign.ledger_url, now=datetime(2026, 12, 1, tzinfo=UTC))
    with Ledger.open(campaign.ledger_url) as ledger:
        context = context_of(campaign, ledger, None)
    for known in (context, Context()):
        result = check_file(path.read_bytes(), path.name, known)
        assert result.checked.outcome == said["outcome"]
        found = [(one.code, str(one.severity), one.path or None) for one in result.checked.findings]
        if result.came_as != result.checked.version:
            found = [one for one in found if one[0] != "upgraded"]
        if known.campaign is None:
            found = [one for one in found if one[0] not in OF_THE_FORM]
        assert sorted(found, key=str) == sorted(then, key=str)
