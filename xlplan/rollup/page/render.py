"""A report in, one HTML file out, with its own style and script in it, and readable without the script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from xlplan.campaign.files import replacing
from xlplan.merge.html import environment, inert
from xlplan.rollup.page.cells import Shown, form_of, shown
from xlplan.rollup.page.charts import Drawing, drawn
from xlplan.rollup.page.choices import Choices, choices_of
from xlplan.rollup.page.figures import Figures, told, told_share
from xlplan.rollup.report.model import Block, Chart, Number, Part, Report, Row, Share, Table, Tile

LONG = 25  # rows of a table that stand at first


def write_page(report: Report, path: Path) -> None:
    """Write the page, whole or not at all; equal reports give equal bytes."""
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(page_of(report))


def page_of(report: Report) -> Iterator[str]:
    """The page in pieces, none larger than a table."""
    style, script = _own("page.css"), _own("page.js")
    parts = list(report.parts())
    choices = choices_of(report)
    schools = _peeked(report)
    page = _Page(Figures(counting=bool(report.plans)), linked=schools.any)
    yield from _templates().get_template("page.html").generate(
        report=report, parts=parts, page=page, choices=choices, long=LONG, data=lambda: _data(page, choices),
        schools=schools, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script),
    )  # fmt: skip


class _Page:
    """What the templates ask about blocks and cells, in the order in which they stand."""

    def __init__(self, figures: Figures, *, linked: bool) -> None:
        """`linked`: the plans have parts that links may lead to."""
        self.figures, self.linked = figures, linked

    def kind(self, block: Block) -> str:
        """ "text", "table", … ."""
        return type(block).__name__.lower()

    def rows(self, table: Table, in_plan: bool) -> Iterator[tuple[Row, list[Shown]]]:
        """Each row with its cells as shown. `in_plan`: the table stands in the part of a plan."""
        for row in table.rows:
            of_plan = in_plan or row.plan is not None
            cells = [
                shown(cell, column, self.figures, of_plan=of_plan)
                for cell, column in zip(row.cells, table.columns, strict=True)
            ]
            yield row, cells if self.linked else [_unlinked(cell) for cell in cells]

    def total(self, table: Table, in_plan: bool) -> list[Shown]:
        """The cells below the rows."""
        return [
            shown(cell, column, self.figures, of_plan=in_plan)
            for cell, column in zip(table.total, table.columns, strict=True)
        ]

    def drawing(self, chart: Chart) -> Drawing:
        """A chart's bars."""
        return drawn(chart, self.figures)

    def tile(self, tile: Tile) -> Shown:
        """A tile's figure."""
        found = tile.number
        if isinstance(found, Share):
            return Shown(
                text=told_share(found), key=self.figures.keys(found), form=form_of(found),
                all_plans=_fixed(found.whole),
            )  # fmt: skip
        return Shown(
            text=told(found, short=True), key=self.figures.key(found),
            form="money-short" if found.kind == "money" else "count", all_plans=_fixed(found),
        )  # fmt: skip


def _unlinked(cell: Shown) -> Shown:
    return replace(cell, href="") if cell.href.startswith("#plan-") else cell


@dataclass(frozen=True, slots=True)
class _Peeked:
    """Parts that are made one after another, of which it is known whether there are any."""

    any: bool
    parts: Iterator[Part]


def _peeked(report: Report) -> _Peeked:
    parts = iter(report.schools())
    first = next(parts, None)

    def every() -> Iterator[Part]:
        if first is not None:
            yield first
        yield from parts

    return _Peeked(first is not None, every())


def _fixed(number: Number) -> bool:
    return not number.by and bool(number.value)


def _data(page: _Page, choices: Choices) -> dict[str, Any]:
    return {"long": LONG, "plans": choices.plans, "figures": page.figures.listed}


def _own(name: str) -> Markup:
    """The text of a file of this package, which is ours, and so is set as it is."""
    return Markup((files("xlplan.rollup.page") / name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


@cache
def _templates() -> Environment:
    made = environment("xlplan.rollup.page", inert)
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return made
