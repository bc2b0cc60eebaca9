"""What sheets call schools, plans and activities."""

from __future__ import annotations

from collections.abc import Iterable

from xlplan.rollup.deck import Deck
from xlplan.rollup.words import cut

STATES = {
    "not-issued": "○ Not sent yet",
    "issued": "○ Not returned",
    "rejected": "▲ Needs corrections",
    "in-review": "▲ Sent back",
    "waiting": "▲ Needs a decision",
    "accepted": "✓ Accepted",
    "approved": "✓ Approved",
}
"""The states of plans in the words that people read, with their signs."""
MOST = 5_000  # rows of a list that people read; the data sheets have them all


def districts(deck: Deck) -> bool:
    """Whether a school has to be named with its district."""
    return int(deck.store.one("SELECT count(DISTINCT district_id) FROM plans")) > 1


def templates(deck: Deck) -> bool:
    """Whether a plan has to be named with its template."""
    return int(deck.store.one("SELECT count(DISTINCT template) FROM plans")) > 1


def school_sql(deck: Deck) -> str:
    """How a query over a view names the school of a row, with its district where there are several.

    Districts of one name are told apart by their ids.
    """
    if not districts(deck):
        return "school"
    alike = "SELECT count(DISTINCT district) < count(DISTINCT district_id) FROM plans"
    whole = "district || ' (' || district_id || ')'" if deck.store.one(alike) else "district"
    return f"CASE WHEN school = district THEN {whole} ELSE school || ' · ' || {whole} END"


def whose_sql(deck: Deck) -> str:
    """The same for plans: with the template too, where there are several."""
    return f"{school_sql(deck)} || ' (' || template || ')'" if templates(deck) else school_sql(deck)


def activity_noun(deck: Deck) -> str:
    """ "step" where all activities are of one kind, else "activity"."""
    kinds = [row[0] for row in deck.store.rows("SELECT DISTINCT kind FROM activities LIMIT 2")]
    return str(kinds[0]).lower() if len(kinds) == 1 and kinds[0] else "activity"


def plural(noun: str) -> str:
    """Of the nouns above."""
    return noun[:-1] + "ies" if noun.endswith("y") else noun if noun.endswith("s") else noun + "s"


def some(names: Iterable[str], total: int, limit: int) -> str:
    """As many of `total` names as `limit` characters hold, then "and 3 more"; `names` may be the first of them."""
    text, kept = "", 0
    for name in names:
        longer = f"{text}, {name}" if text else name
        rest = f" and {total - kept - 1:,} more" if total - kept - 1 else ""
        if len(longer) + len(rest) > limit:
            break
        text, kept = longer, kept + 1
    if not kept:
        rest = f" and {total - 1:,} more" if total > 1 else ""
        return cut(next(iter(names), ""), limit - len(rest)) + rest if total else ""
    return text + (f" and {total - kept:,} more" if total > kept else "")


def cut_note(total: int, sheet: str, filter_: str = "") -> str:
    """What stands over a list that was cut, else nothing."""
    if total <= MOST:
        return ""
    return f"The first {MOST:,} of {total:,}; all of them: {sheet}{', ' + filter_ if filter_ else ''}."
