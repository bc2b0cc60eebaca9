"""The status page in a browser: no violations, and a link to a school shows why its plan was rejected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.browser.conftest import Opens
from tests.browser.test_accessible import violations
from tests.pipeline.loop import begun, returned
from xlplan.ledger import Ledger
from xlplan.pipeline.tracking import keep_page, status_report
from xlplan.samples import sample_plans

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
NAME = f"Browne {HOSTILE}"
LATE = date(2027, 1, 31)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a campaign with an accepted plan, one with errors and hostile text, one that is late, and a stranger."""
    lines = (
        "5308250,Spokane,530825001378,Adams",
        f"5308250,Spokane,530825001379,{NAME}",
        "5300001,Yelm,530000100001,Finch",
    )
    campaign = begun(
        tmp_path_factory.mktemp("status") / "plans", "sfss", lines, "[campaign]\nreturn_by = 2026-12-18"
    )
    (campaign.returns / f"{HOSTILE.replace('/', ' ')}.txt").write_text("no plan", encoding="utf-8")
    first, second = sample_plans("sfss")[:2]
    challenges = [dict(second["challenges"][0], evidence=None), *second["challenges"][1:]]
    returned(campaign, [dict(first), {**second, "challenges": challenges, "prepared_on": HOSTILE}])
    file = campaign.reports / "status.html"
    with Ledger.open_to_ask(campaign.ledger_url) as ledger:
        assert keep_page(
            status_report(campaign, ledger, LATE, datetime(2027, 1, 31, 14, 5, tzinfo=UTC)), file
        )
    yield file


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_the_status_page_has_no_violations(
    page: Path, opens: Opens, axe: str, scheme: str, width: int
) -> None:
    """And no text of a school's is more than text."""
    visit = opens(page, width=width, scheme=scheme)
    assert violations(visit, axe) == []
    assert visit.wrong == [] and visit.asked == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_a_link_leads_to_what_was_found(page: Path, opens: Opens) -> None:
    """The cell, what was found there and what to do are to be read at once."""
    visit = opens(page, "#plan-530825001379")
    findings = visit.page.locator("#plan-530825001379-findings")
    assert findings.is_visible() and "Challenge 1, D12" in findings.inner_text()
    assert "Fill it in." in findings.inner_text()
    assert NAME in visit.page.locator("#plan-530825001379").first.inner_text()


def test_the_page_tells_where_the_round_stands(page: Path, opens: Opens) -> None:
    """In words and numbers that `status` gives too."""
    visit = opens(page)
    said = visit.page.locator("body").inner_text()
    assert "As of Sunday, January 31, 2027, at 14:05." in said
    assert "1 of 3 plans are in, 1 to correct, 1 not returned, 2 late." in said
    assert "44 days late" in said and "xlplan remind" in said and ".txt" in said
