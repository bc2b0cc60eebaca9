"""Needs: what two or more schools ask for, with their own words, and then everything that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.links import link_to_cell
from xlplan.rollup.measures import coded, formula, value, values_by
from xlplan.rollup.shared import Need, shared_needs
from xlplan.rollup.sheets.blocks import Counter, write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql, some
from xlplan.rollup.standard import NEEDS
from xlplan.rollup.words import counted, cut

NAME = "Needs"
WIDTHS = (32, 24, 50, 11, 11, 50)
FIRST = 12  # schools and wordings that a cell names
WORDINGS = 6  # that a formula adds up
GUIDANCE = (
    "Asked for by two schools or more in the same words, or nearly: wordings are compared by their words within a "
    "kind, and the most common names the need."
)


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    total, found = int(value(deck.store, NEEDS)), shared_needs(deck.store)
    page.title(f"Needs: {len(found):,} that schools share, {total:,} in all", finding(found))
    page.row(2, [GUIDANCE], ["note"], 20)
    row = _shared(page, deck, 3, found)
    row = _kinds(page, deck, row, found)
    _all(page, deck, row, total)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def finding(found: Sequence[Need]) -> str:
    if not found:
        return "No need is asked for by more than one school."
    first = found[0]
    return f"Most shared: {cut(first.name, 80)} ({first.kind}), by {counted(len(first.schools), 'school')}."


def _shared(page: Page, deck: Deck, top: int, found: Sequence[Need]) -> int:
    live = deck.by_formula("needs", min(len(found), MOST) * 3)

    def lines() -> Iterator[list[Any]]:
        for need in found[:MOST]:
            first = list(need.plans)[:FIRST]
            marks = ", ".join("?" * len(first))
            names = deck.store.rows(
                f"SELECT DISTINCT {school_sql(deck)} FROM plans WHERE plan IN ({marks}) ORDER BY plan", first
            )
            schools = some((str(row[0]) for row in names), len(need.schools), 260)
            wordings = sorted(need.wordings, key=lambda text: (-need.wordings[text], text))
            words = some(
                (f"“{cut(text, 90)}” {need.wordings[text]:,}" for text in wordings), len(wordings), 300
            )
            asked = Figure(need.asked, _formula(deck, need) if live else None)
            yield [need.name, need.kind, words, len(need.schools), asked, schools]

    columns = (("Need", "row.bold"), ("Kind", "row.prose"), ("In their words, and how often", "row.prose"),
               ("Schools", "row.count"), ("Rows", "row.count"), ("Asked for by", "row.prose"))  # fmt: skip
    note = (
        "Without a formula: filter Data needs by Kind and by What, with each of the wordings."
        if deck.regions
        else ""
    )
    return write_block(
        page, top, WIDTHS, "shared_needs", "Shared", columns, lines(),
        note=note if found else "", empty="No need is asked for by more than one school.",
    )  # fmt: skip


def _formula(deck: Deck, need: Need) -> str | None:
    """The rows of all wordings."""
    wordings = list(need.wordings)
    if len(wordings) > WORDINGS:
        return None
    of_kind = NEEDS.where_also("kind", need.kind)
    pieces = [formula(coded(deck.store, of_kind, "item", text), deck.regions) for text in wordings]
    return "=" + "+".join(piece[1:] for piece in pieces if piece) if all(pieces) else None


def _kinds(page: Page, deck: Deck, top: int, found: Iterable[Need]) -> int:
    many = values_by(deck.store, NEEDS, "kind")
    figure = Counter(deck, "needs", len(many), "Kind")
    shared: dict[str, int] = {}
    for need in found:
        shared[need.kind] = shared.get(need.kind, 0) + 1
    plans = {
        row[0]: row[1]
        for row in deck.store.rows("SELECT kind, count(DISTINCT plan) FROM needs GROUP BY kind")
    }
    lines = (
        [kind, f"{counted(shared.get(kind, 0), 'need')} shared", f"Kind is {kind}",
         plans[kind], figure(NEEDS.where_also("kind", kind), many[kind])]
        for kind in sorted(many, key=lambda kind: (-many[kind], str(kind)))
    )  # fmt: skip
    columns = (("Kind", "row.bold"), ("Shared", "row"), ("Filter of Data needs", "row"), ("Plans", "row.count"),
               ("Rows", "row.count"))  # fmt: skip
    return write_block(page, top, WIDTHS, "needs_by_kind", "By kind", columns, lines, note=figure.note)


def _all(page: Page, deck: Deck, top: int, total: int) -> int:
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM needs_full ORDER BY kind, plan, n LIMIT {MOST}"
    )
    columns = (("School", "row.bold"), ("Kind", "row.prose"), ("What", "row.prose"), ("Draft", "row.center"),
               ("Cell", "row.linked"), ("What is needed for it", "row.prose"))  # fmt: skip
    lines = (
        [
            row["whose"],
            row["kind"],
            row["item"],
            "draft" if row["draft"] else None,
            link_to_cell(deck, row),
            row["need"],
        ]
        for row in found
    )
    return write_block(
        page, top, WIDTHS, "needs", "All, by kind", columns, lines, note=cut_note(total, "Data needs")
    )


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM needs LIMIT 1")), _write)
