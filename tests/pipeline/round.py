"""A district's round of plans, as its coordinator and its schools live it: commands in a folder, files that come in."""

from __future__ import annotations

import csv
import io
import json
import shlex
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.cli.runner import Done, run
from tests.pipeline.people import saved_by, typed
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.ledger import Ledger
from xlplan.pipeline.fill import fill_bytes
from xlplan.samples import roster_file, sample_plans

COST = "resources[0].cost"
ROOM = 60  # schools


def roster_lines() -> list[dict[str, str]]:
    """Sixty schools of a real district."""
    with roster_file().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))[:ROOM]


def write_roster(path: Path, lines: list[dict[str, str]]) -> None:
    """A roster as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


class Round:
    """The campaign's folder. `said`: every command line that a coordinator typed, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.desk = folder, folder.parent
        self.said: list[str] = []
        self.plans = sample_plans("sfss")

    @property
    def campaign(self) -> Campaign:
        return open_campaign(self.folder)

    # --- the coordinator

    def says(self, line: str, code: int = 0) -> Done:
        """A command as it stands in the how-to, typed in the campaign's folder (the first one beside it)."""
        words = shlex.split(line)
        assert words[0] == "xlplan"
        self.said.append(line)
        done = run(*words[1:], cwd=self.folder if self.folder.exists() else self.desk)
        assert done.code == code, (line, done.code, done.out, done.err)
        return done

    def asks(self, *words: object, code: int = 0) -> dict[str, Any]:
        """What a command answers as JSON; nobody types this."""
        done = run(*words, "--json", "-C", self.folder)
        assert done.code == code, (words, done.code, done.out, done.err)
        return done.json

    # --- the schools

    def plan(self, number: int, **more: Any) -> dict[str, Any]:
        """A school's plan; its first resource costs 1,000 dollars and its number in cents more."""
        made: dict[str, Any] = json.loads(json.dumps(self.plans[number % len(self.plans)]))
        made["resources"][0]["cost"] = str(amount(number))
        made["resources"] = made["resources"][:1]
        return made | more

    def sends(self, key: str, plan: Mapping[str, Any], *, day: str, name: str = "", by: str = "") -> Path:
        """A school fills in its copy and sends it; on which day decides the folder in returns/."""
        copy = self.copy(key)
        content, refused = fill_bytes(copy.read_bytes(), dict(plan), copy.name)
        assert refused is None, refused
        return self._arrives(content, day, name or copy.name, by)

    def types(
        self, copy: Path, answers: Mapping[str, object], *, day: str, name: str = "", by: str = ""
    ) -> Path:
        """A school changes these answers in a copy that it has, and sends it."""
        return self._arrives(typed(copy, answers), day, name or copy.name, by)

    def resaves(self, path: Path, *, day: str) -> Path:
        """A school saves what it has sent once more, and sends it under another name."""
        into = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
            for item in sorted(old.namelist()):
                new.writestr(item, old.read(item))
        return self._arrives(into.getvalue(), day, f"{path.stem} (2).xlsx", "")

    def _arrives(self, content: bytes, day: str, name: str, by: str) -> Path:
        path = self.folder / "returns" / day / name
        write_safely(path, saved_by(content, by) if by else content)
        return path

    def copy(self, key: str) -> Path:
        """The copy that was issued to a school."""
        campaign = self.campaign
        return campaign.root / campaign.copy_path(campaign.school(key))

    def correction(self, key: str) -> Path:
        """The newest correction copy of a school."""
        found = list((self.folder / "corrections").rglob(f"{self.copy(key).stem}-fix*.xlsx"))
        return max(found, key=lambda path: int(path.stem.rpartition("-fix")[2]))

    # --- what is known at any moment

    def states(self, as_of: str) -> dict[str, str]:
        """School → state."""
        return {item["school_id"]: item["state"] for item in self.asks("status", "--as-of", as_of)["schools"]}

    def money(self) -> dict[str, Decimal]:
        """School → what the first resource of the plan that counts costs, from the ledger."""
        campaign = self.campaign
        settings, keys = campaign.settings, {school.key for school in campaign.roster.schools}
        with Ledger.open(campaign.ledger_url) as ledger:
            counting = ledger.counting_returns(settings.counts, settings.counting)
        plans = {item.school_key: item.plan for item in counting if item.plan and item.school_key in keys}
        return {str(key): Decimal(plan["resources"][0]["cost"]) for key, plan in plans.items()}

    def exported_money(self, as_of: str) -> dict[str, Decimal]:
        """The same from the exported table."""
        to = self.desk / "tables"
        self.asks("export", "--to", to, "--format", "json", "--as-of", as_of)
        rows = json.loads((to / "resources.json").read_text(encoding="utf-8"))["rows"]
        return {row["school_id"]: Decimal(str(row["cost"])) for row in rows}


def amount(number: int) -> Decimal:
    """What the first resource of the school with this number costs."""
    return Decimal(1000) + Decimal(number) / 100
