"""What schools take on: by what their causes are about, and by the priorities that their strategies serve."""

from __future__ import annotations

from sqlite3 import Row

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, named, number, plans_in, word
from xlplan.rollup.digest.model import Block, Heading, Num, Own, Section, Source, Table, says
from xlplan.rollup.digest.quoting import Quoter
from xlplan.rollup.measures import values_by
from xlplan.rollup.sheets.causes import TOLD, themes_of
from xlplan.rollup.sheets.coverage import OFFERED
from xlplan.rollup.sheets.naming import activity_noun, plural, whose_sql
from xlplan.rollup.standard import ACTIVITIES, CAUSES, PRIORITIES
from xlplan.rollup.themes import OTHER

CAUSE_SHEET, PRIORITY_SHEET = "Causes", "Priorities"
QUOTED = 3  # themes, and priorities, that have quotations
MOST = 12  # rows of a table


def taking_on(deck: Deck, quoter: Quoter) -> Section:
    """Counts and the schools' own words."""
    told = [*_causes(deck, quoter), *_priorities(deck, quoter)]
    return Section("What schools take on", tuple(told or _steps(deck, quoter)))


def _steps(deck: Deck, quoter: Quoter) -> list[Block]:
    """Of forms that ask for neither causes nor priorities: what is to be done."""
    every = figure(deck, ACTIVITIES, "Timeline")
    if not every.value:
        return []
    noun = activity_noun(deck)
    found = deck.store.rows(f"SELECT *, {whose_sql(deck)} AS whose FROM activities_full")
    told = says("The plans set out ", every, f" {word(every, noun, plural(noun))}. In the schools' words:")
    quotes = quoter.choose(found, ("step",), 4)
    return [told, *quotes] if quotes else []


def _causes(deck: Deck, quoter: Quoter) -> list[Block]:
    found = themes_of(deck)
    known = [row for row in found if row["theme"] != OTHER]
    if not found:
        return []
    every, plans = figure(deck, CAUSES, CAUSE_SHEET), plans_in(deck, CAUSES, CAUSE_SHEET)
    told: list[Block] = [
        Heading("By theme of the causes"),
        says(every, word(every, " cause is", " causes are"), " named in ", plans, word(plans, " plan", " plans"),
            ". A theme is told by its words; a cause may have several."),
    ]  # fmt: skip
    rows = tuple(
        (named(row["theme"] if row["theme"] != OTHER else "No word of any theme"), *_theme(row))
        for row in found[:MOST]
    )
    if len(found) > 1:
        told.append(
            Table(title="Causes by theme", columns=("Theme", "Causes", "Plans"), rows=rows, sheet=CAUSE_SHEET)
        )
    for row in known[:QUOTED]:
        many, in_plans = _theme(row)
        told.append(says(many, word(many, " cause in ", " causes in "), in_plans, word(in_plans, " plan", " plans"),
                        word(many, " is", " are"), " about ", named(row["theme"]), "."))  # fmt: skip
        causes = deck.store.rows(
            f"SELECT causes_full.*, {whose_sql(deck)} AS whose FROM causes_full WHERE n IN "
            f"(SELECT n FROM {TOLD} WHERE theme = ?)", [row["theme"]],
        )  # fmt: skip
        told += quoter.choose(causes, ("name", "cause"))
    if not known:
        told.append(says(Num("None", 0, Source(sheet=CAUSE_SHEET, how="causes with a word of a theme")),
                        " of the causes has a word of any theme."))  # fmt: skip
        whole = deck.store.rows(f"SELECT *, {whose_sql(deck)} AS whose FROM causes_full")
        told += quoter.choose(whole, ("name", "cause"), 3)
    return told


def _theme(row: Row) -> tuple[Num, Num]:
    theme, many, plans = tuple(row)
    whose = "with no word of any theme" if theme == OTHER else f"about {named(theme).text}"
    causes = Source(sheet=CAUSE_SHEET, how=f"causes {whose}")
    return number(many, causes), number(plans, Source(sheet=CAUSE_SHEET, how=f"plans with causes {whose}"))


def _priorities(deck: Deck, quoter: Quoter) -> list[Block]:
    if not deck.store.one("SELECT 1 FROM priorities LIMIT 1"):
        return []
    many = values_by(deck.store, PRIORITIES, "priority")
    counts = f"SELECT choice, count(named.plan) AS covered, count(*) AS plans {OFFERED} GROUP BY choice"
    offered = {row[0]: (int(row[1]), int(row[2])) for row in deck.store.rows(counts)}
    names = sorted(offered | many, key=lambda name: (-int(many.get(name, 0)), name))
    rows = []
    for name in names[:MOST]:
        links = figure(deck, PRIORITIES.where_also("priority", name), PRIORITY_SHEET)
        covered = plans_in(deck, PRIORITIES.where_also("priority", name), PRIORITY_SHEET)
        asked = f"plans whose form offers {named(name).text}"
        of = (
            number(offered[name][1], Source(sheet=PRIORITY_SHEET, how=asked)) if name in offered else Own("–")
        )
        rows.append((named(name), links, covered, of))
    columns = ("Priority", "Connections", "Plans", "Asked of")
    told: list[Block] = [
        Heading("By priority"),
        Table(
            title="What strategies and steps connect to",
            columns=columns,
            rows=tuple(rows),
            sheet=PRIORITY_SHEET,
        ),
    ]
    told += _gaps(offered)
    for name in names[:QUOTED]:
        if not many.get(name):
            continue
        found = deck.store.rows(
            f"SELECT *, {whose_sql(deck)} AS whose FROM priorities_full WHERE priority = ?", [name]
        )
        if quotes := quoter.choose(found, ("strategy",)):
            plans = plans_in(deck, PRIORITIES.where_also("priority", name), PRIORITY_SHEET)
            told.append(says(named(name), " is taken up in ", plans, word(plans, " plan", " plans"), "."))
            told += quotes
    return told


def _gaps(offered: dict[str, tuple[int, int]]) -> list[Block]:
    """What is covered by all, or by fewest."""
    if not offered:
        return []
    name = min(offered, key=lambda one: (offered[one][0] / offered[one][1], one))
    covered, plans = offered[name]
    if covered == plans:
        return [says("Every plan connects something to every priority that its form offers.")]
    source = Source(sheet=PRIORITY_SHEET, how=f"plans that cover {named(name).text}")
    part = number(covered, source, zero="none")
    whole = number(plans, Source(sheet=PRIORITY_SHEET, how=f"plans whose form offers {named(name).text}"))
    return [
        says("Least covered is ", named(name), ": by ", part, " of ", whole, word(whole, " plan.", " plans."))
    ]
