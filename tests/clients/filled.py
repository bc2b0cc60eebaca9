"""A copy of a real campaign filled with a sample plan, and what checking says of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.pipeline.loop import NOW, begun
from xlplan.excel.package import DEFLATING
from xlplan.excel.plate import pour
from xlplan.findings import Checked
from xlplan.intake.pour import poured
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes, personal_in
from xlplan.pipeline.forms import plate_of
from xlplan.pipeline.generate import generate
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context, Opened, open_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy as issued, the same filled, and what checking says of it before any other program saw it."""

    template: str
    issued: Path
    filled: Path
    context: Context
    unsaved: Checked
    plan: dict[str, Any]

    def check(self, content: bytes, name: str = "returned.xlsx") -> Checked:
        """What checking within the campaign says of a file."""
        return check_file(content, name, self.context).checked

    def more(self, checked: Checked) -> list[tuple[str | None, ...]]:
        """What was found beyond the findings of the filled copy, of which all must be there still."""
        now, before = _told(checked), _told(self.unsaved)
        assert before - now == Counter()
        return list((now - before).elements())


def _told(checked: Checked) -> Counter[tuple[str | None, ...]]:
    return Counter((one.code, one.path, one.sheet, one.cell, one.found) for one in checked.findings)


def packed_in(way: str, one: Copy, folder: Path) -> Copy:
    """The same filled copy packed in another way: by one of our deflaters, or plainly as Python's zip library does."""
    content = one.filled.read_bytes()
    opened = open_file(content, one.filled.name, one.context)
    assert isinstance(opened, Opened)
    plate = plate_of(opened.form, "")
    other = replace(plate, plain=True) if way == "plain" else replace(plate, deflate=DEFLATING[way])
    plan = poured(opened.form.layout, one.plan)
    filled = folder / f"packed-{way}.xlsx"
    filled.write_bytes(pour(other, personal_in(opened.book, opened.form), plan))
    unsaved = one.check(filled.read_bytes(), filled.name)
    assert (unsaved.outcome, unsaved.plan) == ("accepted", one.unsaved.plan)
    return replace(one, filled=filled, unsaved=unsaved)


def filled_copy(folder: Path, template: str, plan: dict[str, Any]) -> Copy:
    """A new campaign in `folder`, its first school's copy, and that copy with the plan poured in."""
    campaign = begun(folder, template)
    with Ledger.open(campaign.ledger_url) as ledger:
        made = list(generate(campaign, ledger, campaign.roster.schools[:1], now=NOW))
        context = context_of(campaign, ledger, None)
    issued = campaign.root / made[0].file
    content, refused = fill_bytes(issued.read_bytes(), plan, issued.name)
    assert refused is None
    filled = folder / "filled.xlsx"
    filled.write_bytes(content)
    unsaved = check_file(content, filled.name, context).checked
    assert unsaved.outcome == "accepted", unsaved.findings
    return Copy(template=template, issued=issued, filled=filled, context=context, unsaved=unsaved, plan=plan)
