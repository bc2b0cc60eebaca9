"""The read-only sheet Guide: what the original says at length, in full sentences and small tables."""

from __future__ import annotations

from dataclasses import replace

from xlplan.form.plan import GuidePart, SheetOf
from xlplan.form.spec import FormFacts
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.model import SheetPlan
from xlplan.layout.rows import blank
from xlplan.layout.sheet import FIRST, LiveLines, SheetBuilder

WIDTHS = (60.0, 44.0, 44.0)
GUIDE_SHEET = SheetOf(
    key="gde", title="Guide", purpose="Read this first: what the form asks for, with the original's own examples.",
    asks="What each part is for, with examples",
)  # fmt: skip


def guide_sheet(parts: tuple[GuidePart, ...], facts: FormFacts, live_lines: LiveLines) -> SheetPlan:
    """The sheet of these parts, which holds no input."""
    sheet = spoken_sheet(GUIDE_SHEET)
    b = SheetBuilder(
        sheet, key=sheet.key, title=sheet.title, path="", widths=WIDTHS, facts=facts,
        live_lines=live_lines, check=2.0,
    )  # fmt: skip
    b.head(required=False)
    for part in parts:
        _part(b, part)
    return b.end(tab="5F6C77")


def _part(b: SheetBuilder, part: GuidePart) -> None:
    b.gap(6)
    row = b.line(25)
    b.blocks.append(row)
    b.text(row, FIRST, part.heading, "h2")
    for column in range(FIRST + 1, b.last_used + 1):
        b.puts.append(blank(row, column, "h2.rule"))
    for sentence in part.text:
        _sentence(b, sentence)
    if part.heads:
        row = b.line(22)
        for column in range(FIRST, b.last_used + 1):
            b.puts.append(blank(row, column, "head"))
        for offset, text in enumerate(part.heads):
            b.text(row, FIRST + offset, text, "head.in")
    for texts in part.rows:
        _row(b, texts)


def _row(b: SheetBuilder, texts: tuple[str, ...]) -> None:
    """One row of a part's table; a last text that fits into the empty columns after it runs over them."""
    rest = sum(WIDTHS[len(texts) - 1 :])
    runs = len(texts) < len(WIDTHS) and guide_lines(texts[-1], rest) == 1
    wrapped = texts[:-1] if runs else texts
    most = max((guide_lines(text, WIDTHS[offset]) for offset, text in enumerate(wrapped)), default=1)
    row = b.line(height(most))
    for offset, text in enumerate(texts):
        over = runs and offset == len(texts) - 1
        b.text(row, FIRST + offset, text, "guide.run" if over else "guide.row")
    for column in range(FIRST + len(texts), b.last_used + 1):
        b.puts.append(blank(row, column, "guide.row"))


def _sentence(b: SheetBuilder, sentence: str) -> None:
    """A sentence over the sheet's width: broken into rows here, since nothing is merged."""
    room = int(sum(WIDTHS) * 1.02)
    line = ""
    for word in sentence.split():
        if line and len(line) + 1 + len(word) > room:
            b.text(b.line(17), FIRST, line, "text")
            line = ""
        line = f"{line} {word}".strip()
    b.text(b.line(19), FIRST, line, "text")


def spoken_sheet(sheet: SheetOf) -> SheetOf:
    """A sheet that layouts add to every form, in the language that is being spoken."""
    return replace(sheet, title=say(sheet.title), purpose=say(sheet.purpose), asks=say(sheet.asks))
