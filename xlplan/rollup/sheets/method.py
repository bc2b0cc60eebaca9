"""Method: the day, what counts, what each figure means and how to count it again, what is left out, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xlplan.rollup.book import Book, Page
from xlplan.rollup.deck import TOO_MUCH, Deck
from xlplan.rollup.facts import SOON_DAYS
from xlplan.rollup.look import TAG, heads, height
from xlplan.rollup.measures import words
from xlplan.rollup.sheets.naming import MOST, school_sql, some
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.words import counted, listed

NAME = "Method"
DAY_ROW = 2
WIDTHS = (31, 66, 16, 11, 66)
WORDS = sum(WIDTHS[1:3])  # the width that texts are written into
REASONS = {
    "Changes": "no earlier rollup says anything else",
    "Progress": "this is a first round",
    "Quality": "nothing was found in the returns",
}
MEANINGS = (
    ("Returned", "A file came back that could be read. Refused files are not counted."),
    ("Required answers in", "Required boxes filled, of all required boxes of the plans that came back. Shares are "
     "rounded down, so that only what is complete reads 100%."),
    ("Done", "Marked as done by the school; where the form asks for a status, Met or Not met."),
    ("Overdue", "Not done, and due before the day above. Activities that a team decided to drop are left out."),
    (f"Due within {SOON_DAYS} days", f"Not done, and due on the day above or in the {SOON_DAYS} days after it."),
    ("Costs", "The amounts that schools entered; what is freed stands apart. Sources are told apart as typed, but for "
     "capitals and spaces."),
    ("Covered", "At least one row of the plan connects to the priority, of the plans whose form offers it."),
    ("Formulas", f"Counts and sums are formulas over the data sheets. Where these would look through more than "
     f"{TOO_MUCH:,} cells, the sheet holds plain numbers and names the filter. Sentences, lists and titles are of the "
     "day above: make the rollup again for another day."),
    ("Lists", f"A list that people read stops at {MOST:,} rows and says so; the data sheets have all rows."),
    ("Where a number comes from", "Every data row names its file, sheet and cell; the cell is a link that opens the "
     "file while it lies where it lay. “xlplan trace NAME” prints the cells behind a figure below, “xlplan trace ROW” "
     "a row."),
)  # fmt: skip


def write_method(book: Book, deck: Deck, left_out: Sequence[str]) -> None:
    """Write the sheet, and name its day `as_of` for formulas; `left_out`: the sheets that have nothing to show."""
    page = book.page(NAME, WIDTHS, tab=TAG)
    page.title("Method: what these figures are made from", "Read this before you quote a figure.")
    page.row(DAY_ROW, ["Day of the report", deck.as_of], ["label", "long-day"], 20)
    book.file.define_name("as_of", f"={page.at(DAY_ROW, 1)}")
    texts = (*about(deck), *derived_statuses(deck), *MEANINGS, ("Sheets left out", left(left_out)))
    for row, (what, how) in enumerate(texts, start=DAY_ROW + 1):
        page.row(row, [what, how], ["label", "prose"], height((how, WIDTHS[1]), (what, WIDTHS[0])))
    row = _figures(page, deck, DAY_ROW + len(texts) + 2)
    _files(page, deck, row + 2)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def about(deck: Deck) -> tuple[tuple[str, str], ...]:
    drafts = deck.store.rows(
        f"SELECT {school_sql(deck)} FROM plans WHERE counted AND draft ORDER BY plan LIMIT 50"
    )
    many = int(deck.store.one("SELECT count(*) FROM plans WHERE counted AND draft"))
    named = f" Drafts: {some((row[0] for row in drafts), many, 600)}." if many else ""
    return (
        ("Whose", f"{deck.whose}, {counted(deck.schools, 'plan')} asked for"),
        ("Forms", "; ".join(deck.forms) + (f"; {deck.year}" if deck.year else "")),
        ("What counts", f"Counting is “{deck.counting}”: {counted(deck.plans, 'plan')} in the figures. "
                        f"{deck.basis}{named}"),
    )  # fmt: skip


def derived_statuses(deck: Deck) -> tuple[tuple[str, str], ...]:
    """Which templates ask for a status, and which are given one."""
    rows = deck.store.rows("SELECT DISTINCT template, derived FROM activities_full ORDER BY template")
    told: dict[bool, list[str]] = {True: [], False: []}
    for row in rows:
        told[bool(row["derived"])].append(row["template"])
    texts = []
    if told[True]:
        names = listed(told[True], 200)
        texts.append(f"{names}: the form asks for no status; it is derived from “done” and the due date.")
    if told[False]:
        names = listed(told[False], 200)
        texts.append(f"{names}: the school's own status stands beside ours, which adds the due date.")
    return (("Status of activities", " ".join(texts)),) if texts else ()


def left(left_out: Sequence[str]) -> str:
    told = [f"{name} ({REASONS[name]})" if name in REASONS else name for name in left_out]
    return "; ".join(told) + ": there is nothing to show on them." if told else "None."


def _figures(page: Page, deck: Deck, head: int) -> int:
    """Every figure with its name, its value and the filter that gives it."""
    page.heading(head - 1, "Figures, and the filters that give them")
    styles = ["row.bold", "row.prose", "row.count", "row", "row.prose"]
    for row, measure in enumerate(FIGURES, start=head + 1):
        money = measure.sum == "amount"
        shown = ["row.bold", "row", "row.money" if money else "row.count", "row", "row.prose"]
        told = words(measure)
        page.row(
            row,
            [measure.name, measure.label, deck.figure(measure), None, told],
            shown,
            height((told, WIDTHS[4])),
        )
    page.row(head, ["Name for “xlplan trace”", "Figure", "Value", None, "Filter"], heads(styles), 22)
    return head + len(FIGURES)


def _files(page: Page, deck: Deck, row: int) -> None:
    """The plans that came back, counted or not, each with its file."""
    page.heading(row, "Files")
    rows = deck.store.rows(f"SELECT *, {school_sql(deck)} AS whose FROM plans WHERE file <> '' ORDER BY plan")
    styles = ["row.bold", "row.prose", "row.day", "row.center", "row"]
    at = row + 1
    for at, plan in enumerate(rows, start=row + 2):
        counts = ("draft" if plan["draft"] else "yes") if plan["counted"] else "no"
        received = date.fromisoformat(plan["received"]) if plan["received"] else None
        values = [plan["whose"], plan["file"], received, counts, plan["sha256"]]
        page.row(at, values, styles, height((plan["whose"], WIDTHS[0]), (plan["file"], WIDTHS[1])))
    if at == row + 1:
        page.put(row + 1, 0, "No plan has come back yet.", "note")
        return
    page.table(
        "files", row + 1, ["School", "File", "Received", "Counted", "SHA-256"], at - row - 1, heads(styles)
    )
