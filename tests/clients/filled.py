"""A copy of a real campaign filled with a sample plan, and what checking says of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pipeline.loop import NOW, begun
from xlplan.findings import Checked
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy as issued, the same filled, and what checking says of it before any other program saw it."""

    template: str
    issued: Path
    filled: Path
    context: Context
    unsaved: Checked

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
    return Copy(template=template, issued=issued, filled=filled, context=context, unsaved=unsaved)
