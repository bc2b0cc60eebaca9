"""Summary: one page to read aloud from: sentences, five tiles, two charts, and what the district does next."""

from __future__ import annotations

from collections.abc import Sequence

from xlplan.rollup.book import Book, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.look import height
from xlplan.rollup.sheets.charts import SIZE, charts_of
from xlplan.rollup.sheets.spoken import sentences
from xlplan.rollup.sheets.stories import stories_of
from xlplan.rollup.sheets.tasks import Task, tasks_of
from xlplan.rollup.sheets.tiles import Tile, tiles_of
from xlplan.rollup.words import counted, cut, first_that_fits, long_day

NAME = "Summary"
WIDTHS = (25, 1.7, 25, 1.7, 25, 1.7, 25, 1.7, 25)
BASIS, TILES, CHARTS, NEXT = 4, 6, 10, 26  # first rows of the blocks
TITLE, LINE = 84, 138  # characters of the title, and of a line across the page


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS, tall=1)
    told = sentences(deck)
    page.title(title_of(deck), told[0], home=False)
    for row in range(2, BASIS + 1):
        text = told[row - 1] if row - 1 < len(told) else None
        page.row(row, [text], ["subtitle"], 20 if text else 4)
    page.row(BASIS, [basis_of(deck)], ["note"], 20)
    _tiles(page, tiles_of(deck))
    stories = stories_of(deck)
    for place, (story, chart) in enumerate(zip(stories, charts_of(book, stories), strict=True)):
        options = {"description": story.text, "object_position": 2, "x_offset": place * (SIZE[0] + 14)}
        page.sheet.insert_chart(CHARTS, 0, chart, options)
    _tasks(page, tasks_of(deck), _sheets(deck))


def title_of(deck: Deck) -> str:
    """What the campaign's forms are, and of which year."""
    year = f" {deck.year.replace('-', '–')}" if deck.year else ""
    forms = [form.rsplit(", version", 1)[0] for form in dict.fromkeys(deck.forms)]
    names = (
        " and ".join([", ".join(forms[:-1]), forms[-1]]) if len(forms) > 1 else forms[0] if forms else "plans"
    )
    texts = [
        f"District summary: {names}{year}",
        f"{names}{year}",
        f"District summary: {forms[0] if forms else ''} and {len(forms) - 1} other forms{year}",
        f"District summary: {len(forms)} forms{year}",
    ]
    return cut(first_that_fits(texts, TITLE), TITLE)


def basis_of(deck: Deck) -> str:
    """Whose figures these are, of which day, and what counts."""
    plans = counted(deck.schools, "plan")
    basis = deck.basis if deck.plans else "No plan counts yet."
    day = long_day(deck.as_of)
    long = f"{deck.whose}, {plans} asked for, {deck.plans:,} in the figures. As of {day}. {basis}"
    return first_that_fits(
        [long, f"{deck.whose}, {plans}. As of {day}. {basis}", f"As of {day}. {basis}"], LINE
    )


def _tiles(page: Page, tiles: Sequence[Tile]) -> None:
    page.sheet.set_row(TILES - 1, 8)
    for row, points in ((TILES, 22), (TILES + 1, 36), (TILES + 2, 34), (TILES + 3, 12)):
        page.sheet.set_row(row, points)
    for place, tile in enumerate(tiles):
        page.put(TILES, 2 * place, tile.label, "tile.label")
        page.put(TILES + 1, 2 * place, tile.number, tile.style)
        page.put(TILES + 2, 2 * place, tile.note, "tile.note")


def _sheets(deck: Deck) -> set[str]:
    """The sheets that a link may lead to."""
    from xlplan.rollup.workbook import sheets

    return {sheet.name for sheet in sheets() if sheet.has(deck)}


def _tasks(page: Page, tasks: Sequence[Task], there: set[str]) -> None:
    page.heading(NEXT, "Next for the district")
    if not tasks:
        page.put(NEXT + 1, 0, "Nothing is waiting.", "note")
        return
    page.row(NEXT + 1, ["What", None, "Schools", None, None, None, "Do", None, "See"], ["head"] * 9, 22)
    for row, task in enumerate(tasks, start=NEXT + 2):
        values = [task.what, None, task.schools, None, None, None, task.do, None, None]
        page.row(row, values, ["row.bold", *["row"] * 8], max(20, height((task.what.value, WIDTHS[0] + 4))))
        sheet = next((name for name in task.sheets if name in there), None)
        if sheet:
            page.link(row, 8, sheet, f"{sheet} sheet", "row.link")


SHEET = Sheet(NAME, lambda _: True, _write)
