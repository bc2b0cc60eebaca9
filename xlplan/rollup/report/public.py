"""The report for publishing: the tables of `published_blocks`, and schools' own words under what is shown of them."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.rollup.deck import Deck
from xlplan.rollup.public.quotations import CAUSES, NEEDS, PRIORITIES, Quotations
from xlplan.rollup.published_blocks import OTHER, Block, Published, counts_told, method_lines, rule
from xlplan.rollup.report.model import Block as Shown
from xlplan.rollup.report.model import (
    Cell,
    Chart,
    Column,
    Heading,
    Number,
    Part,
    Report,
    Row,
    Table,
    Text,
    Tile,
    Tiles,
)
from xlplan.rollup.themes import OTHER as NO_THEME
from xlplan.rollup.words import short_day

KIND = "Summary for publishing"
TILES = 6
QUOTED = {
    CAUSES: "In the schools’ own words", PRIORITIES: "Strategies in the schools’ own words",
    NEEDS: "What schools ask for, in their own words",
}  # fmt: skip
WORDS = (
    "Quotations are chosen by length, at most two under a heading and from different plans, and only where the count "
    "of the heading is shown. Names of persons read [name], addresses and telephone numbers [contact]. What names a "
    "school, counts a few people or is private is not quoted."
)


LEFT_OUT = (
    "Whatever is of one school: names, files, answers but for the words quoted, and the data behind the sums; and "
    "counts of people and benchmarks, which overlap with those of activities, so that the two together could give "
    "numbers away."
)
BEFORE = (
    "Two reports, of two days, or by districts and by regions, can say more than each alone; so can a report and the "
    "plans themselves. Publish one; the workbook for publishing of the same day says the same numbers."
)


def public_report(deck: Deck, found: Published, words: Quotations) -> Report:
    """The report; its plans cannot be chosen, and no plan has a part of its own."""

    def parts() -> Iterator[Part]:
        yield _summary(found)
        for block in found.blocks:
            yield _part(block, found, words)
        yield _method(deck, found)

    return Report(
        title=f"{found.whose}, {deck.year}", kind=KIND, about=f"As of {short_day(deck.as_of)}. {counts_told(deck)}",
        as_of=deck.as_of, parts=parts,
    )  # fmt: skip


def _summary(found: Published) -> Part:
    tiles = [
        Tile(
            label=block.name,
            number=Number(value=total, kind="money" if block.money else "count"),
            note=block.title,
        )
        for block in found.blocks
        if not isinstance(total := block.total, str)
    ]
    rows = [Row((block.title, block.total)) for block in found.blocks]
    table = Table(
        name="all-together", title="All together", columns=(Column("What"), Column("All together", "count")), rows=rows,
        empty="No plan is asked for yet.",
    )  # fmt: skip
    blocks: list[Shown] = [Tiles(tuple(tiles[:TILES]))] if tiles else []
    return Part(id="summary", title="Summary", finding=rule(found.least), blocks=[*blocks, table])


def _part(block: Block, found: Published, words: Quotations) -> Part:
    name = block.name.lower()
    kind = "money" if block.money else "count"
    table = Table(
        name=f"{name}-by-unit", title=f"{block.title}, by {found.head.lower()}",
        columns=(Column(found.head), *(Column(head, kind) for head in block.heads)),
        rows=[Row(_line(block, at, unit)) for at, unit in enumerate(found.names)],
        total=_line(block, len(block.values) - 1, "All") if len(found.names) > 1 else (),
    )  # fmt: skip
    charts = [chart for chart in (_chart(block),) if chart]
    return Part(
        id=name, title=block.name, finding=block.telling, blocks=[*charts, table, *_quotations(block, words)]
    )


def _line(block: Block, row: int, label: str) -> tuple[Cell, ...]:
    return (label, *(block.said(row, column) for column in range(len(block.heads))))


def _chart(block: Block) -> Chart | None:
    """The sums of all units side by side, where every one of them is shown."""
    last = len(block.values) - 1
    totals = [block.said(last, column) for column in range(len(block.columns))]
    plain = [Number(value=one) for one in totals if isinstance(one, int)]
    if block.money or len(plain) < len(totals) or len(plain) < 2:
        return None
    rows = zip(block.columns, plain, strict=True)
    return Chart(
        name=f"{block.name.lower()}-chart", title=block.title, heading=block.title, axis=block.name, parts=("All",),
        rows=tuple((column, (number,)) for column, number in rows),
    )  # fmt: skip


def _quotations(block: Block, words: Quotations) -> Iterator[Shown]:
    if block.name not in QUOTED:
        return
    quoted = [
        (heading, texts) for heading in _headings(block, words) if (texts := words.of(block.name, heading))
    ]
    if quoted:
        yield Heading(QUOTED[block.name])
    for heading, texts in quoted:
        yield Heading(heading, 4)
        yield from (Text(f"“{text}”") for text in texts)


def _headings(block: Block, words: Quotations) -> list[str]:
    """The headings under which schools may be quoted: whose overall count is shown, or would be."""
    if block.name == NEEDS:
        rows = words.rows(NEEDS) if not isinstance(block.total, str) else {}
        return sorted(heading for heading, many in rows.items() if many >= block.least)
    last = len(block.values) - 1
    return [
        column
        for at, column in enumerate(block.columns)
        if column not in (OTHER, NO_THEME)
        and not isinstance(block.said(last, at), str)
        and block.values[last][at] >= block.least
    ]


def _method(deck: Deck, found: Published) -> Part:
    lines = dict(method_lines(deck, found)) | {
        "Left out": LEFT_OUT, "Published before": BEFORE, "Words of schools": WORDS,
    }  # fmt: skip
    return Part(
        id="method", title="Method", finding=f"How this was made, as of {short_day(deck.as_of)}.",
        blocks=[Text(text, label) for label, text in lines.items()],
    )  # fmt: skip
