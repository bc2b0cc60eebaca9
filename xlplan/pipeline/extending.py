"""A later day of return for single schools, kept in campaign.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.campaign.folder import SETTINGS
from xlplan.campaign.toml_edit import keep_extensions
from xlplan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A school's day of return: as it was, and as it is now; None where there is none."""

    school: School
    before: date | None
    until: date | None

    def as_json(self) -> dict[str, Any]:
        """Its entry in the document."""
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "before": self.before.isoformat() if self.before else None,
            "until": self.until.isoformat() if self.until else None,
        }


def extend(
    campaign: Campaign, keys: Sequence[str], until: date | None, *, reason: str = "", dry_run: bool = False
) -> list[Extended]:
    """Give these schools until that day; None takes their own days back. Written into campaign.toml.

    Raises UsageError for a school that is not on the roster, a day that is no extension, and where there is none to
    take back; SetupError where the file cannot be edited by lines. Nothing is written then.
    """
    settings = campaign.settings
    schools = {key: campaign.school(key) for key in dict.fromkeys(keys)}
    problems = []
    for key, school in schools.items():
        if until is None and key not in settings.extensions:
            problems.append(f"{key} ({school.name}) has no day of its own to take back.")
    if until is not None and settings.return_by is not None and until <= settings.return_by:
        problems.append(
            f"--until: {until} is not later than the day that holds for all, {settings.return_by}. "
            "To take a later day back, use --drop."
        )
    if problems:
        raise UsageError("\n".join(problems))
    keep_extensions(campaign.root / SETTINGS, schools, until, reason, dry_run=dry_run)
    return [
        Extended(school=school, before=settings.due(key), until=until or settings.return_by)
        for key, school in schools.items()
    ]
