"""What the plans ask the district for: by kind, and what several schools share, with their words."""

from __future__ import annotations

from xlplan.form.text import folded
from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, listed, named, number, plans_in, word
from xlplan.rollup.digest.model import Block, Heading, Num, Own, Piece, Section, Source, Table, says
from xlplan.rollup.digest.quoting import NOTHING, Quoter
from xlplan.rollup.shared import Need, shared_needs
from xlplan.rollup.sheets.naming import whose_sql
from xlplan.rollup.standard import NEEDS

SHEET = "Needs"
SHARED, MOST = 4, 10  # shared needs that are told, kinds of the table
TITLE = "What they ask the district for"


def asking(deck: Deck, quoter: Quoter) -> Section:
    """Needs by kind; those of several schools with who asks."""
    every = figure(deck, NEEDS, SHEET)
    if not every.value:
        return Section(TITLE, ())
    plans = plans_in(deck, NEEDS, SHEET)
    many = word(every, " need.", " needs.")
    told: list[Block] = [says(plans, word(plans, " plan names ", " plans name "), every, many)]
    kinds = [row[0] for row in deck.store.rows(
        "SELECT kind FROM needs GROUP BY kind ORDER BY count(*) DESC, kind"
    )]  # fmt: skip
    rows = []
    for kind in kinds[:MOST]:
        measure = NEEDS.where_also("kind", kind)
        rows.append((named(kind), figure(deck, measure, SHEET), plans_in(deck, measure, SHEET)))
    if len(kinds) > 1:
        told.append(
            Table(title="Needs by kind", columns=("Kind", "Needs", "Plans"), rows=tuple(rows), sheet=SHEET)
        )
    shared = shared_needs(deck.store)
    if shared:
        told += _shared(deck, quoter, shared)
    else:
        told += _words(deck, quoter, kinds)
    return Section(TITLE, tuple(told))


def _shared(deck: Deck, quoter: Quoter, found: list[Need]) -> list[Block]:
    many = number(len(found), Source(sheet=SHEET, how="needs of several schools"))
    told: list[Block] = [
        Heading("Needs that schools share"),
        says(many, word(many, " need is", " needs are"), " asked for by several schools, in the same words or "
            "nearly."),
    ]  # fmt: skip
    telling = [need for need in found if folded(need.name) not in NOTHING]
    for need in telling[:SHARED]:
        schools = number(
            len(need.schools), Source(sheet=SHEET, how=f"schools that ask for {named(need.name).text}")
        )
        told.append(says(named(f"“{need.name}”" if len(need.name) < 88 else need.name), " (", named(need.kind),
                        ") is asked for by ", schools, " schools: ", *_names(deck, need, schools), "."))  # fmt: skip
        marks = ", ".join("?" * min(len(need.wordings), 500))
        rows = deck.store.rows(
            f"SELECT *, {whose_sql(deck)} AS whose FROM needs_full WHERE kind = ? AND item IN ({marks})",
            [need.kind, *list(need.wordings)[:500]],
        )
        told += quoter.choose(rows, ("item", "need"))
    return told


def _names(deck: Deck, need: Need, schools: Num) -> list[Piece]:
    marks = ", ".join("?" * min(len(need.plans), 500))
    rows = deck.store.rows(
        f"SELECT min({whose_sql(deck)}) FROM plans WHERE plan IN ({marks}) "
        "GROUP BY campaign, coalesce(school_id, district_id) ORDER BY min(plan)", list(need.plans)[:500],
    )  # fmt: skip
    names = [named(row[0]) for row in rows]
    shown: list[str | Own]
    shown, rest = listed(names, 4 if len(names) > 5 else 5)
    rest = int(schools.value) - (len(names) - rest)
    left = number(rest, Source(sheet=SHEET, how="schools not named here"))
    return [*shown, " and ", left, " more"] if rest else list(shown)


def _words(deck: Deck, quoter: Quoter, kinds: list[str]) -> list[Block]:
    none = Num("None", 0, Source(sheet=SHEET, how="needs of several schools"))
    told: list[Block] = [says(none, " of them is asked for by several schools.")]
    for kind in kinds[:3]:
        rows = deck.store.rows(f"SELECT *, {whose_sql(deck)} AS whose FROM needs_full WHERE kind = ?", [kind])
        if quotes := quoter.choose(rows, ("item", "need"), 1):
            many = figure(deck, NEEDS.where_also("kind", kind), SHEET)
            told += [says(named(kind), ": ", many, word(many, " need, such as", " needs, such as")), *quotes]
    return told
