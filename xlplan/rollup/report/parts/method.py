"""Method: the day, what counts, what each figure means and how to count it again, what is left out, and the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import SOON_DAYS
from xlplan.rollup.measures import words
from xlplan.rollup.report.lists import MOST, Shown, day, listing, named, prose, text
from xlplan.rollup.report.model import Block, Column, Part, Row, Table, Text
from xlplan.rollup.report.numbers import number
from xlplan.rollup.sheets.method import MEANINGS, about, derived_statuses, left
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.words import long_day

OF_A_WORKBOOK = ("Formulas", "Lists", "Where a number comes from")
OF_A_PAGE = (
    ("Numbers under a filter", "Numbers, bars and lists are counted again for the plans that are chosen. Sentences, "
     "headings and what stands without a filter speak of all plans of the report."),
    ("Lists", f"A list stops at {MOST:,} rows and says so; the summary workbook and “xlplan export” have more."),
    ("Where a number comes from", "“xlplan trace NAME” prints the cells behind a figure below. Rows of lists name the "
     "sheet and cell of the school's own file."),
    (f"Due within {SOON_DAYS} days", f"Not done, and due on the day of the report or within {SOON_DAYS} days."),
)  # fmt: skip


def part(deck: Deck, left_out: Sequence[str]) -> Part:
    """The last part. `left_out`: the parts that have nothing to show."""
    meanings = [
        one for one in MEANINGS if one[0] not in OF_A_WORKBOOK and not one[0].startswith("Due within")
    ]
    told = (*about(deck), *derived_statuses(deck), *meanings, *OF_A_PAGE, ("Parts left out", left(left_out)))
    blocks: list[Block] = [*(Text(how, what) for what, how in told), _figures(deck), _files(deck)]
    return Part(
        id="method", title="Method", finding=f"Read this before you quote a figure. As of {long_day(deck.as_of)}.",
        blocks=blocks,
    )  # fmt: skip


def _figures(deck: Deck) -> Table:
    def rows() -> Iterator[Row]:
        for measure in FIGURES:
            yield Row((measure.name, measure.label, number(deck, measure), words(measure)))

    return Table(
        name="figures", title="Figures, and the filters that give them", rows=rows(),
        columns=(Column("Name for “xlplan trace”"), Column("Figure"), Column("Value", "count"),
                 Column("Filter", "prose")),
    )  # fmt: skip


def _files(deck: Deck) -> Table:
    sql = f"SELECT *, {named(deck)} FROM plans WHERE file <> '' ORDER BY plan"
    counts = Shown(
        Column("Counted"), lambda row: ("draft" if row["draft"] else "yes") if row["counted"] else "no"
    )
    columns = [prose("File", "file"), day("Received", "received"), counts, text("SHA-256", "sha256")]
    return listing(deck, "files", "Files", sql, columns, empty="No plan has come back yet.")
