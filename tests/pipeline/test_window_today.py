"""A window of dates that is changed in mid-campaign: copies that are out are judged fairly, and new ones have it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.pipeline.loop import NOW, begun
from tests.pipeline.people import typed
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.findings import Checked
from xlplan.form.parts import parts_of
from xlplan.ledger import IssuedCopy, Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate, parts_for, with_split
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.known import context_of
from xlplan.samples import sample_plans

OWN = (date(2026, 9, 1), date(2027, 6, 30))  # what `begun` sets
CHANGES = {
    "widened": (date(2026, 8, 1), date(2027, 8, 31)),
    "narrowed": (date(2026, 10, 1), date(2027, 5, 31)),
    "moved on": (date(2027, 1, 1), date(2027, 12, 31)),
    "moved apart": (date(2027, 9, 1), date(2028, 6, 30)),
}
DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2026-07-31", "2026-08-01", "2026-08-31", "2026-09-01", "2026-12-31", "2027-05-31", "2027-06-30", "2027-07-01",
        "2027-08-31", "2027-12-31", "2028-01-01", "2028-06-30", "2028-07-01",
    )
)  # fmt: skip


def sfss(**changes: Any) -> dict[str, Any]:
    return sample_plans("sfss")[1] | changes


def due(number: int) -> str:
    return f"challenges[{number // 10}].strategies[{number // 5 % 2}].steps[{number % 5}]"


def changed(campaign: Campaign, window: tuple[date, date]) -> Campaign:
    """The campaign once somebody has edited its settings."""
    path = campaign.root / "campaign.toml"
    text = path.read_text(encoding="utf-8")
    for name, old, new in zip(("plan_from", "plan_to"), OWN, window, strict=True):
        assert f"{name} = {old}" in text
        text = text.replace(f"{name} = {old}", f"{name} = {new}")
    path.write_text(text, encoding="utf-8")
    return open_campaign(campaign.root)


def with_days(campaign: Campaign, days: tuple[date, ...], *, flawed: bool = False) -> bytes:
    """The first school's copy, filled in, with these days as those of its steps."""
    copy = campaign.root / campaign.copy_path(campaign.roster.schools[0])
    content, refused = fill_bytes(copy.read_bytes(), sfss(), copy.name)
    assert refused is None
    path = campaign.root / "typed.xlsx"
    write_safely(path, content)
    steps: dict[str, object] = {}
    for number, day in enumerate(days):
        row = {"action": f"Hold meeting number {number} with all staff", "due": day, "owner": "A. Lee"}
        steps |= {f"{due(number)}.{name}": value for name, value in row.items()}
    if flawed:
        steps[f"{due(0)}.owner"] = None
    return typed(path, steps)


def outside(item: Checked) -> dict[str, str]:
    return {found.path or "": found.remedy for found in item.findings if found.code == "date-outside-window"}


@pytest.mark.parametrize("change", CHANGES)
def test_a_day_holds_that_the_copy_or_the_campaign_allows(tmp_path: Path, change: str) -> None:
    """Nothing else does; and what is asked for instead is a day of today's window."""
    campaign = begun(tmp_path / "c", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        content = with_days(campaign, DAYS)
        first, last = CHANGES[change]
        campaign = changed(campaign, (first, last))
        result = check_file(content, "x.xlsx", context_of(campaign, ledger, None))
        told = outside(result.checked)
        allowed = [OWN[0] <= day <= OWN[1] or first <= day <= last for day in DAYS]
        assert set(told) == {f"{due(n)}.due" for n, holds in enumerate(allowed) if not holds}
        words = [f"{day:%B} {day.day}, {day.year}" for day in (first, last)]
        assert all(f"Enter a date from {words[0]} to {words[1]}." in text for text in told.values())
        good = with_days(campaign, tuple(day for day, holds in zip(DAYS, allowed, strict=True) if holds))
        checked = check_file(good, "x.xlsx", context_of(campaign, ledger, None))
        assert checked.checked.outcome == "accepted" and checked.validated is not None
        assert checked.validated.model is not None


def answered(
    campaign: Campaign, ledger: Ledger, content: bytes, name: str
) -> tuple[Checked, IssuedCopy | None]:
    """What collecting a file gives, with the correction copy."""
    path = campaign.returns / name
    write_safely(path, content)
    (item,) = collect(campaign, ledger, files_in([path]), received=date(2026, 12, 1), now=NOW)
    copies = ledger.copies(item.school_id)
    return item, next((copy for copy in reversed(copies) if copy.file == item.correction), None)


def test_new_copies_and_corrections_have_the_new_dates(tmp_path: Path) -> None:
    """`generate` issues what changed and nothing more; a correction copy says which days it will not take."""
    campaign = begun(tmp_path / "c", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        first = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        june = with_days(campaign, (date(2026, 11, 2), date(2027, 6, 15)), flawed=True)
        late = with_days(campaign, (date(2026, 11, 2), date(2027, 6, 15)))
        campaign = changed(campaign, CHANGES["narrowed"])
        second = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        assert [copy.issue for copy in second] == [copy.issue + 1 for copy in first]
        again = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        assert [(copy.issue, copy.sha256) for copy in again] == [(copy.issue, copy.sha256) for copy in second]
        book = openpyxl.load_workbook(campaign.root / second[0].file)
        assert date(2027, 5, 31) in {
            getattr(cell.value, "date", lambda: None)() for row in book["Start"] for cell in row
        }

        item, copy = answered(campaign, ledger, june, "june.xlsx")
        assert item.outcome == "rejected" and not outside(item) and copy is not None
        book = openpyxl.load_workbook(campaign.root / copy.file)
        told = [
            cell.value for row in book["To fix"].iter_rows() for cell in row if isinstance(cell.value, str)
        ]
        assert any(text.startswith("To fix: 2 things to fix") for text in told)
        assert any("after the last plan date, May 31, 2027" in text for text in told)

        path = campaign.root / copy.file
        mended = typed(path, {f"{due(0)}.owner": "A. Lee", f"{due(1)}.due": date(2027, 5, 15)})
        back, _ = answered(campaign, ledger, mended, "mended.xlsx")
        assert back.outcome == "accepted"
        unmended = typed(path, {f"{due(0)}.owner": "A. Lee"})
        back, _ = answered(campaign, ledger, unmended, "unmended.xlsx")
        assert set(outside(back)) == {f"{due(1)}.due"}, "as its To fix said"

        item, _ = answered(campaign, ledger, late, "late.xlsx")
        assert item.outcome == "accepted" and not outside(item)


def test_parts_on_older_copies_make_a_plan(tmp_path: Path) -> None:
    """What each part's copy allowed holds in the plan that is put together."""
    campaign = begun(tmp_path / "c", "sfss")
    school = campaign.roster.schools[0]
    campaign = with_split(campaign, [school.key], True)
    plan = sfss()
    step = plan["challenges"][0]["strategies"][0]["steps"][0]
    step["due"] = "2027-06-15"
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, [school], now=NOW))
        campaign = changed(campaign, CHANGES["narrowed"])
        for part in parts_for(campaign, school):
            assert part is not None
            own = {name: value for name, value in plan.items() if part.holds(name)}
            copy = campaign.root / campaign.copy_path(school, part.slug)
            content, refused = fill_bytes(copy.read_bytes(), own, copy.name)
            assert refused is None
            write_safely(campaign.returns / copy.name, content)
        done = collect(campaign, ledger, files_in([campaign.returns]), received=date(2026, 12, 1), now=NOW)
    together = done[-1]
    assert together.kind == "parts" and (together.outcome, outside(together)) == ("accepted", {})
    assert len(done) == len(parts_of(campaign.model("sfss").form, ())) + 1
