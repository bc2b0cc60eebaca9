"""A school's plan over several rounds: campaigns that carry on one another, in folders side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.pipeline.people import saved_by, typed
from xlplan.campaign import Campaign
from xlplan.campaign.files import write_safely
from xlplan.findings import Checked
from xlplan.form.rounds import CARRIED
from xlplan.ledger import Ledger, StoredReturn
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate
from xlplan.pipeline.next_round import Started, Wanted, start_from

NOW = datetime(2027, 8, 15, 9, tzinfo=UTC)
STEPS = "challenges[0].strategies[0].steps"


def digests(root: Path) -> dict[str, str]:
    """Every file of a folder with its SHA-256."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def next_year(root: Path, folder: Path, round_: str = CARRIED, first: int = 2027, **more: Any) -> Started:
    """The round after the one in `root`; of a carried one the plans cover the school year from that September."""
    if round_ == CARRIED:
        more = {"plan_from": date(first, 9, 1), "plan_to": date(first + 1, 6, 30)} | more
    return start_from(folder, root, round_, Wanted(**more), now=NOW)


def issued(campaign: Campaign, ledger: Ledger) -> list[Path]:
    """Every school's copy of today, in roster order."""
    made = generate(campaign, ledger, campaign.roster.schools, now=NOW)
    return [campaign.root / copy.file for copy in made]


def arrives(
    campaign: Campaign, ledger: Ledger, copy: Path, what: Mapping[str, object] | dict[str, Any], **more: Any
) -> Checked:
    """A copy comes back with a plan poured in (`plan`), or with these answers typed; see `received`, `name`, `by`."""
    if more.pop("plan", False):
        content, refused = fill_bytes(copy.read_bytes(), dict(what), copy.name)
        assert refused is None
    else:
        content = typed(copy, what) if what else copy.read_bytes()
    if by := more.pop("by", ""):
        content = saved_by(content, by)
    path = campaign.returns / more.pop("name", copy.name)
    write_safely(path, content)
    day = more.pop("received", date(2027, 12, 1))
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return collect(campaign, ledger, [path], received=day, now=now)[0]


def newest(ledger: Ledger, key: str) -> StoredReturn:
    """The return of a school that was recorded last."""
    return ledger.returns(school_key=key)[-1]
