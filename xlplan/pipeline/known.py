"""What checking needs to know of a campaign: the copies that were issued, and the forms that they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xlplan.campaign import Campaign
from xlplan.campaign.former import former_schools
from xlplan.ledger import Ledger
from xlplan.pipeline.begun import Begun
from xlplan.pipeline.opening import Context


def context_of(
    campaign: Campaign,
    ledger: Ledger,
    as_of: date | None,
    today: date | None = None,
    passwords: tuple[str, ...] = (),
) -> Context:
    """What checking needs of a campaign and its ledger."""
    facts, seals = known_forms(ledger)
    return Context(
        campaign=campaign,
        issued=ledger.latest_issues(),
        facts=facts,
        seals=seals,
        as_of=as_of,
        today=today,
        passwords=passwords,
        former=former_schools(campaign.root),
        begun=Begun(ledger),
    )


def known_forms(ledger: Ledger) -> tuple[dict[str, Mapping[str, Any]], dict[str, tuple[bytes, ...]]]:
    """Of every form that copies were made from, by its digest: what it was made from, and what was locked in it."""
    found = ledger.forms_of_copies()
    return {form.digest: form.facts for form in found}, {form.digest: form.seals for form in found}
