"""What people type to name a plan: a file, a return by its SHA-256, a school, or a school's n-th return."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError
from xlplan.pipeline.opening import Context, school_of
from xlplan.pipeline.versions import Version, version_of, version_of_return

if TYPE_CHECKING:
    from xlplan.ledger import Ledger, StoredReturn

_SHA = re.compile(r"[0-9a-f]{6,64}", re.I)
_NTH = re.compile(r"(.+):(\d+)")


def plan_named(reference: str, campaign: Campaign | None, ledger: Ledger | None, context: Context) -> Version:
    """The plan that a reference names. Raises UsageError saying what it could have been."""
    path = Path(reference)
    if path.is_file():
        return version_of(read_bytes(path), path.as_posix(), context)
    if campaign is None or ledger is None:
        raise UsageError(
            f"There is no file {reference}. To name a recorded return, give its campaign with -C."
        )
    stored = return_named(reference, campaign, ledger)
    return version_of_return(ledger, stored, context, reference)


def return_named(reference: str, campaign: Campaign, ledger: Ledger) -> StoredReturn:
    """The recorded return that a reference names: SCHOOL, SCHOOL:N or the beginning of a SHA-256."""
    if _is_school(reference, campaign, ledger):
        return _counting(reference, campaign, ledger)
    nth = _NTH.fullmatch(reference)
    if nth is not None and _is_school(nth[1], campaign, ledger):
        return _nth(nth[1], int(nth[2]), ledger)
    found = ledger.returns_like(reference.lower()) if _SHA.fullmatch(reference) else []
    if len({item.sha256 for item in found}) > 1:
        raise UsageError(f"{reference}: several returns begin so. Give more digits of the SHA-256.")
    if not found:
        raise UsageError(
            f"{reference}: there is no such file, school or return. A return is named by the beginning of its "
            "SHA-256 (six digits or more), or as SCHOOL:2, as `xlplan history` shows them."
        )
    return found[-1]


def _is_school(key: str, campaign: Campaign, ledger: Ledger) -> bool:
    """Whether a school is on the roster, or was when a copy was issued to it."""
    return school_of(campaign, key) is not None or bool(ledger.copies(key))


def returns_of(ledger: Ledger, school_key: str, template: str | None = None) -> list[StoredReturn]:
    """A school's returns in the order of recording, by which people number them from 1."""
    return ledger.returns(school_key=school_key, template=template)


def _counting(key: str, campaign: Campaign, ledger: Ledger) -> StoredReturn:
    settings = campaign.settings
    counting = ledger.counting_returns(settings.counts, settings.counting)
    found = [item for item in counting if item.school_key == key]
    if not found:
        raise UsageError(f"{key}: no return of this school counts yet. Name one as {key}:1.")
    if len(found) > 1:
        raise UsageError(f"{key}: this school has a plan per template. Name one of its returns as {key}:1.")
    return found[0]


def _nth(key: str, number: int, ledger: Ledger) -> StoredReturn:
    from xlplan.ledger import REFUSED  # with SQLAlchemy, for which two files that are compared have no use

    found = returns_of(ledger, key)
    if not 0 < number <= len(found):
        raise UsageError(f"{key}:{number}: this school has {len(found)} returns.")
    item = found[number - 1]
    if item.outcome == REFUSED:
        raise UsageError(f"{key}:{number}: this file was refused, so there is no plan in it.")
    return item
