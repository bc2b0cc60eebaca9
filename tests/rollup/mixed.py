"""Two districts whose schools follow five templates, with what people type into them, collected for real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from tests.pipeline.loop import begun, returned
from xlplan.campaign import Campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.rolling import deck_of
from xlplan.rollup.deck import Deck
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

AS_OF = date(2027, 1, 31)
HEAD = "district_id,district,school_id,school,template"
HOSTILE = '=HYPERLINK("http://x.example","free")'
_DISTRICTS = ("5308250,Spokane", "5308251,Mead")
LINES = (
    *(
        f"{_DISTRICTS[at % 2]},5308250013{at:02},{'Adams' if at < 2 else f'School {at}'},{name}"
        for at, name in enumerate((*TEMPLATES, "sfss", "planning-process"))
    ),
    f"{_DISTRICTS[1]},530825001399,Nobody wrote,sfss",
)


def plans() -> list[dict[str, Any]]:
    """A plan a school, in the roster's order, but for the last."""
    names = [line.rsplit(",", 1)[1] for line in LINES[:-1]]
    met: dict[str, int] = {}
    found = []
    for name in names:
        given = sample_plans(name)
        found.append(deepcopy(given[met.get(name, 0) % len(given)]))
        met[name] = met.get(name, 0) + 1
    first = found[names.index("sfss")]
    first["challenges"][0]["strategies"][0]["steps"][0]["action"] = HOSTILE
    first["resources"][0] |= {"item": "@SUM(1+1)*cmd|' /C calc'!A0", "funding_source": "Title*"}
    first["resources"][1]["funding_source"] = "<5"
    return found


def campaign(folder: Path) -> Campaign:
    """The campaign with its returns collected."""
    made = begun(folder, "sfss", LINES, head=HEAD)
    assert {item.outcome for item in returned(made, plans())} == {"accepted"}
    return made


@contextmanager
def deck(made: Campaign, as_of: date = AS_OF) -> Iterator[Deck]:
    """Its deck."""
    with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], as_of) as found:
        yield found
