"""Benchmarks: is the work done, and does it help: process and early evidence apart, as the schools say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from xlplan.rollup.book import Book, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import EVIDENCE, OVERDUE, PROCESS
from xlplan.rollup.measures import Measure, value, values_by
from xlplan.rollup.sheets.blocks import Counter, day_of, write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import BENCHMARKS_EVIDENCE, BENCHMARKS_PROCESS
from xlplan.rollup.words import counted, opened

NAME = "Benchmarks"
WIDTHS = (32, 15, 14, 14, 56, 26, 15)
KINDS = {PROCESS: BENCHMARKS_PROCESS, EVIDENCE: BENCHMARKS_EVIDENCE}
KNOWN = ("Not started", "Not yet", "In progress", "Partly met", "Met", "Not met")
MET = "Met"
UNSAID = "No status given"


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    process, evidence = (int(value(deck.store, measure)) for measure in KINDS.values())
    page.title(f"Benchmarks: {process:,} of the process, {evidence:,} of early evidence", finding(deck))
    page.row(2, [f"Process: is the work done? Early evidence: does it help? {deck.basis}"], ["note"], 20)
    row = _by_status(page, deck, 3)
    row = _by_school(page, deck, row)
    for kind in KINDS:
        row = _list(page, deck, row, kind)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def finding(deck: Deck) -> str:
    told = []
    for kind, measure in KINDS.items():
        every = int(value(deck.store, measure))
        met = int(value(deck.store, measure.where_also("said", MET)))
        if every:
            told.append(f"{opened(kind.lower())}: {met:,} of {every:,} met")
    late = int(deck.store.one(f"SELECT count(*) FROM benchmarks WHERE status = '{OVERDUE}'"))
    past = f"{counted(late, 'benchmark')} past due" if late else "none past due"
    return f"{'; '.join(told)}; {past}."


def order_of(said: Iterable[str | None]) -> list[str | None]:
    """What schools say of benchmarks, each once, from not begun to met, then others, and last nothing."""
    place = {one: at for at, one in enumerate(KNOWN)}
    return sorted(set(said), key=lambda one: (one is None, place.get(one or "", len(KNOWN)), str(one)))


def _by_status(page: Page, deck: Deck, top: int) -> int:
    counts = values_by(deck.store, Measure(name="", label="", table="benchmarks"), "said", "kind")
    order = order_of(key[0] for key in counts)
    figure = Counter(deck, "benchmarks", len(order) * 2 + 2, "Kind and As the school says")

    def lines() -> Iterator[list[Any]]:
        for one in order:
            own = [
                figure(measure.where_also("said", one), counts.get((one, kind), 0))
                for kind, measure in KINDS.items()
            ]
            yield [one or UNSAID, *own]

    columns = (("As the schools say", "row.bold"), ("Process", "row.count"), ("Early evidence", "row.count"))
    row = write_block(
        page, top, WIDTHS, "benchmarks_by_status", "By status", columns, lines(), note=figure.note
    )
    totals = [figure(measure, value(deck.store, measure)) for measure in KINDS.values()]
    page.row(row, ["All", *totals], ["last", "last.count", "last.count"], 20)
    return row + 1


def _by_school(page: Page, deck: Deck, top: int) -> int:
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM benchmarks"))
    figure = Counter(deck, "benchmarks", min(plans, MOST) * 6, "Plan no., Kind and Status")
    sums = ", ".join(
        f"sum(kind = '{kind}'{test}) AS {name}{at}"
        for at, kind in enumerate(KINDS)
        for name, test in (
            ("every", ""),
            ("met", f" AND said = '{MET}'"),
            ("late", f" AND status = '{OVERDUE}'"),
        )
    )
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose, {sums} FROM benchmarks_full GROUP BY plan "
        "ORDER BY late0 + late1 DESC, plan"
    )

    def line(row: Any) -> list[Any]:
        values: list[Any] = [row["whose"]]
        for at, measure in enumerate(KINDS.values()):
            own = measure.where_also("plan", row["plan"])
            values += [
                figure(own, row[f"every{at}"]), figure(own.where_also("said", MET), row[f"met{at}"] or 0),
                figure(own.where_also("status", OVERDUE), row[f"late{at}"] or 0),
            ]  # fmt: skip
        return values

    columns = (("School", "row.bold"), *(
        (f"{kind}{what}", "row.count") for kind in KINDS for what in ("", ": met", ": past due")
    ))  # fmt: skip
    return write_block(
        page, top, WIDTHS, "benchmarks_by_school", "By school, most past due first", columns, map(line, found),
        note=figure.note,
    )  # fmt: skip


def _list(page: Page, deck: Deck, top: int, kind: str) -> int:
    total = int(value(deck.store, KINDS[kind]))
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM benchmarks_full WHERE kind = ? ORDER BY plan, n LIMIT {MOST}",
        [kind],
    )
    columns = (("School", "row.bold"), ("School says", "row"), ("Due", "row.day"), ("Days late", "row.count"),
               ("Benchmark", "row.prose"), ("Owner", "row.prose"), ("Number", "row.center"))  # fmt: skip
    lines = (
        [row["whose"], row["said"] or UNSAID, day_of(row["due"]), row["days_late"], row["benchmark"], row["owner"],
         row["number"]]
        for row in found
    )  # fmt: skip
    return write_block(
        page, top, WIDTHS, "benchmarks_" + kind.lower().replace(" ", "_"), f"{kind}, one by one", columns, lines,
        note=cut_note(total, "Data benchmarks", f"Kind is {kind}"), empty=f"No benchmark of {kind.lower()}.",
    )  # fmt: skip


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM benchmarks LIMIT 1")), _write)
