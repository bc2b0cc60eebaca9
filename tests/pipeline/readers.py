"""A round of one school for tests: files that come in one after the other, each a day and an hour later."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.pipeline.loop import begun
from xlplan.campaign import Campaign, open_campaign
from xlplan.findings import Checked
from xlplan.ledger import APPROVED, RETURNED, Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate
from xlplan.pipeline.history import History, history
from xlplan.pipeline.reviewing import Reviewed, Said, Word, review
from xlplan.pipeline.status import SchoolState, status
from xlplan.samples import sample_plans

ADAMS, BROWNE = "530825001378", "530825001379"
FIRST = datetime(2026, 10, 1, 9, tzinfo=UTC)
LATER = date(2027, 1, 31)
DESCRIPTION, DUE = "challenges[0].description", "challenges[0].strategies[0].steps[0].due"
OWNER = "challenges[0].strategies[0].steps[0].owner"


def plan(**cells: Any) -> dict[str, Any]:
    """A good plan, with the first challenge's description and its first step's due day and owner as given."""
    made: dict[str, Any] = json.loads(json.dumps(sample_plans("sfss")[0]))
    first = made["challenges"][0]
    step = first["strategies"][0]["steps"][0]
    first["description"] = cells.pop("description", first["description"])
    for name, value in cells.items():
        step[name] = value
    return made


BAD = plan(due="TBD")


@dataclass
class Round:
    """One campaign with its ledger, and a clock."""

    campaign: Campaign
    ledger: Ledger
    now: datetime = FIRST
    names: list[str] = field(default_factory=list)

    def tick(self) -> datetime:
        self.now += timedelta(days=1, hours=1)
        return self.now

    def copy(self, school: str = ADAMS) -> bytes:
        """The newest copy that was issued, as it stands in its folder."""
        copies = self.ledger.copies(school)
        return (self.campaign.root / max(copies, key=lambda copy: copy.issue).file).read_bytes()

    def send(
        self, what: dict[str, Any] | bytes, *, school: str = ADAMS, into: bytes | None = None
    ) -> Checked:
        """Collect a plan poured into the newest copy (or into another), or a file as it is."""
        content = what
        if not isinstance(content, bytes):
            content, refused = fill_bytes(into or self.copy(school), what, "copy.xlsx")  # type: ignore[arg-type]
            assert refused is None
        path = self.campaign.returns / f"{len(self.names) + 1}.xlsx"
        path.write_bytes(content)
        self.names.append(path.name)
        now = self.tick()
        (found,) = collect(self.campaign, self.ledger, [path], received=now.date(), now=now)
        return found

    def again(self, number: int) -> Checked:
        """Collect the number-th file once more."""
        path = self.campaign.returns / f"{number}.xlsx"
        (found,) = collect(self.campaign, self.ledger, [path], received=self.now.date(), now=self.now)
        return found

    def approve(self, school: str = ADAMS) -> Reviewed:
        word = Word(school=school, decision=APPROVED)
        return review(self.campaign, self.ledger, [word], by="R. Reader", now=self.tick())[0]

    def send_back(
        self, *remarks: tuple[str, str], school: str = ADAMS, number: int | None = None
    ) -> Reviewed:
        """Path and text of each remark; no path is the whole plan."""
        said = tuple(Said(path=path, text=text) for path, text in remarks)
        word = Word(school=school, decision=RETURNED, remarks=said, number=number)
        return review(self.campaign, self.ledger, [word], by="R. Reader", now=self.tick())[0]

    def state(self, school: str = ADAMS) -> SchoolState:
        found = status(self.campaign, self.ledger, LATER)
        return next(item for item in found.schools if item.school.key == school)

    def history(self, school: str = ADAMS) -> History:
        (found,) = history(self.campaign, self.ledger, school, LATER)
        return found

    def rule(self, name: str) -> None:
        """Another rule of which return counts."""
        path = self.campaign.root / "campaign.toml"
        text = path.read_text("utf-8")
        lines = [f'counts = "{name}"' if line.startswith("counts =") else line for line in text.split("\n")]
        assert f'counts = "{name}"' in lines
        path.write_text("\n".join(lines), "utf-8")
        self.campaign = open_campaign(self.campaign.root)


def opened(folder: Path) -> Round:
    """A round in which every school has its copy. Its ledger has to be closed."""
    campaign = begun(folder, "sfss")
    ledger = Ledger.open(campaign.ledger_url)
    list(generate(campaign, ledger, campaign.roster.schools, now=FIRST))
    return Round(campaign, ledger)
