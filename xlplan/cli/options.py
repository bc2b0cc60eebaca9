"""What commands share: their common options, days, and how a campaign and its ledger are opened."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.campaign import Campaign
    from xlplan.ledger import Ledger
    from xlplan.pipeline.opening import Context

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Folder = Annotated[
    Path | None, typer.Option("-C", "--campaign", help="The campaign's folder; the current one if it is one.")
]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", callback=show.set_quiet, help="Say only what matters most.")
]
Verbose = Annotated[
    bool,
    typer.Option("-v", "--verbose", callback=show.set_verbose, help="Say more, such as what was mended."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The day to judge by, such as 2027-01-31; today if not given.")
]

Passwords = Annotated[
    list[str] | None,
    typer.Option(
        "--password",
        metavar="TEXT|-",
        help="A password that opens protected files, or - to be asked for it; may be repeated. "
        "Where others can see what is typed, set XLPLAN_PASSWORD instead.",
    ),
]


def day(text: str | None, option: str) -> date | None:
    """The day that an option names, or None. Raises UsageError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: {text!r} is not a day. Write it as 2026-12-18.") from None


def day_or_today(text: str | None, option: str) -> date:
    """The day that an option names, or today."""
    return day(text, option) or date.today()


def now() -> datetime:
    """This moment, for the ledger."""
    return datetime.now(UTC)


def user() -> str:
    """The name of whoever runs this command, for the ledger."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a process of nobody, as in some containers
        return ""


def campaign_in(folder: Path | None) -> Campaign:
    """The campaign in this folder, or in the current one; raises UsageError or SetupError."""
    found = campaign_here(folder)
    if found is None:
        raise UsageError("This folder holds no campaign.toml. Name the campaign's folder with -C.")
    return found


def campaign_here(folder: Path | None) -> Campaign | None:
    """The same where a command can do without: None if no folder is named and the current one holds none."""
    from xlplan.campaign import find_campaign, open_campaign
    from xlplan.pipeline.settings_check import check_settings

    found = open_campaign(folder) if folder is not None else find_campaign()
    if found is not None:
        check_settings(found)
    return found


@contextmanager
def opened(folder: Path | None, *, records: bool = True) -> Iterator[tuple[Campaign, Ledger]]:
    """The campaign and its ledger; where nothing is recorded, an absent ledger stays absent."""
    campaign = campaign_in(folder)
    with ledger_of(campaign, records=records) as ledger:
        yield campaign, ledger


def ledger_of(campaign: Campaign, *, records: bool) -> Ledger:
    """A campaign's ledger; see `opened`."""
    from xlplan.ledger import Ledger

    return (Ledger.open if records else Ledger.open_to_ask)(campaign.ledger_url)


def passwords_of(given: Sequence[str] | None) -> tuple[str, ...]:
    """The passwords named, asked for where "-" stands for one, and the one in the environment."""
    named = [_asked() if item == "-" else item for item in given or ()]
    return tuple(item for item in (*named, os.environ.get("XLPLAN_PASSWORD", "")) if item)


def _asked() -> str:
    """A password typed unseen, or the next line of what is piped in."""
    if sys.stdin.isatty():
        answer: str = typer.prompt("Password", hide_input=True, err=True)
        return answer
    return sys.stdin.readline().rstrip("\r\n")


def templates_of(folder: Path | None, passwords: Sequence[str] | None = None) -> Context:
    """For reading a file for itself: the campaign's own templates and forms are known, and no setting is applied."""
    from xlplan.campaign import find_campaign, open_campaign
    from xlplan.pipeline.opening import Context

    found, known = open_campaign(folder) if folder is not None else find_campaign(), passwords_of(passwords)
    if found is None:
        return Context(passwords=known)
    from xlplan.ledger import Ledger
    from xlplan.pipeline.known import known_forms

    with Ledger.open_to_ask(found.ledger_url) as ledger:
        facts, seals = known_forms(ledger)
    lock = {found.settings.id: found.settings.password}
    plain = frozenset([found.settings.id] if found.settings.is_plain else [])
    return Context(
        own=found.own, facts=facts, seals=seals, sheet_passwords=lock, plain=plain, passwords=known
    )
