"""Where a report or an export may be written: nowhere that a campaign keeps its own files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.errors import UsageError

RECORDS = (
    "copies",
    "returns",
    "corrections",
    "outbox",
    "reports/rollups",
)


def in_records(campaign: Campaign, place: Path) -> bool:
    """Whether a file or folder is, or lies in, one that the campaign keeps."""
    here, root = place.resolve(), campaign.root.resolve()
    return any(here == folder or folder in here.parents for folder in (root / name for name in RECORDS))


def check_file(campaigns: Iterable[Campaign], out: Path, suffixes: Iterable[str]) -> None:
    """Raises UsageError for a file that cannot be written, whose name says another form, or in a campaign's records."""
    known = tuple(suffixes)
    if not out.name or out.is_dir():
        raise UsageError(f"-o {out}: is a folder. Name a file in it, such as {out / f'summary{known[0]}'}.")
    if out.suffix.lower() not in known:
        raise UsageError(
            f"-o {out}: its name has to end in {' or '.join(known)}, as the form that is written."
        )
    above = next(place for place in out.absolute().parents if place.exists())
    if not above.is_dir():
        raise UsageError(f"-o {out}: {above} is a file, so nothing can be written in it.")
    for campaign in campaigns:
        if in_records(campaign, out):
            raise UsageError(
                f"-o {out}: there the campaign keeps its own files. Take another place, such as reports."
            )
