"""Method: the day, what counts, what each figure means, what is left out, and the files behind it all."""

from __future__ import annotations

from xlplan.rollup.book import Book, Page
from xlplan.rollup.figures import SOON
from xlplan.rollup.look import TAG, heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import counted

NAME = "Method"
DAY_ROW = 2
WIDTHS = (32, 104, 16, 14, 14)
MEANINGS = (
    ("Returned", "A file came back that could be read. Refused files are not counted."),
    (
        "Required answers in",
        "Required boxes filled, of all required boxes of the plans that came back. "
        "Shares are rounded down, so that only a complete sheet reads 100%.",
    ),
    ("Done", "Marked as done by the school; of a benchmark, Met or Not met."),
    (
        "Overdue",
        "Not done, and due before the day above. Action steps that a team decided to drop are no steps here.",
    ),
    (f"Due in {SOON} days", f"Not done, and due on the day above or in the {SOON} days after it."),
    ("Costs", "The amounts that schools entered. Sources are told apart as typed, but for capitals."),
    ("Covered", "At least one row of the plan connects to the priority."),
    (
        "Formulas",
        "Counts and sums are formulas over the data sheets. Sentences, lists and charts' titles are of the "
        "day above: make the rollup again for another day.",
    ),
    (
        "Data sheets",
        "number counts rows in the plan from 1, slot is the place in the workbook from 0; file, sheet and "
        "cell say where a row was read. Filters and sorting do no harm to the other sheets.",
    ),
)


def write_method(book: Book, report: Report, left_out: list[str]) -> None:
    """Write the sheet, and name its day `as_of` for the formulas of the others."""
    page = book.page(NAME, WIDTHS, tab=TAG)
    page.title("Method: what these figures are made from", "Read this before you quote a figure.")
    page.row(DAY_ROW, ["Day of the report", report.rollup.as_of], ["label", "long-day"], 20)
    book.file.define_name("as_of", f"={page.at(DAY_ROW, 1)}")
    texts = (*_about(report), *MEANINGS, ("Sheets left out", _left(left_out)))
    for row, (what, how) in enumerate(texts, start=DAY_ROW + 1):
        page.row(row, [what, how], ["label", "prose"], height((how, WIDTHS[1])))
    _files(page, report, DAY_ROW + len(texts) + 2)


def _about(report: Report) -> tuple[tuple[str, str], ...]:
    rollup, shape = report.rollup, report.rollup.shape
    form = f"{shape.title}, {shape.template} version {shape.version}, {shape.year}"
    names = ", ".join(plan.name for plan in rollup.counted if plan.draft)
    drafts = f" Drafts: {names}." if names else ""
    return (
        ("Whose", f"{rollup.district}, {counted(len(rollup.statuses), 'school')}"),
        ("Form", form),
        (
            "What counts",
            f"Counting is “{rollup.counting}”: {counted(report.plans, 'plan')}. {report.basis}{drafts}",
        ),
    )


def _left(left_out: list[str]) -> str:
    return "; ".join(left_out) + ": there is nothing to show on them." if left_out else "None."


def _files(page: Page, report: Report, row: int) -> None:
    """The plans that came back, counted or not, each with its file."""
    plans = report.rollup.plans
    page.heading(row, "Files")
    if not plans:
        page.put(row + 1, 0, "No plan has come back yet.", "note")
        return
    styles = ["row.bold", "row.prose", "row.day", "row.center", "row.center"]
    headers = ["School", "File", "Received", "Outcome", "Counted"]
    page.table("files", row + 1, headers, len(plans), heads(styles))
    page.sheet.repeat_rows(row + 1)  # only pages after it repeat it
    counts = set(map(id, report.rollup.counted))
    for at, plan in enumerate(plans, start=row + 2):
        outcome = "draft" if plan.draft else plan.outcome
        values = [plan.name, plan.file, plan.received, outcome, "yes" if id(plan) in counts else "no"]
        page.row(at, values, styles, height((plan.name, WIDTHS[0]), (plan.file, WIDTHS[1])))
