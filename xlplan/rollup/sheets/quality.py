"""Quality: what was found in the returns, by rule and by school, what is waived and why, and one by one."""

from __future__ import annotations

from itertools import islice

from xlplan.findings import Severity
from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import FINDINGS as TABLE
from xlplan.rollup.links import link_to_cell
from xlplan.rollup.look import heads, height
from xlplan.rollup.measures import Measure, value
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import ERRORS, FINDINGS
from xlplan.rollup.words import counted, cut, opened

NAME = "Quality"
WIDTHS = (36, 13, 27, 20, 11, 58, 52)
SEVERITIES = tuple(str(one) for one in Severity if one is not Severity.REFUSAL)  # of which none are recorded
WEIGHT = (
    "CASE severity " + " ".join(f"WHEN '{name}' THEN {at}" for at, name in enumerate(SEVERITIES)) + " END"
)
GUIDANCE = (
    "Of every return that counts, or else of the newest. Errors keep a plan from being accepted unless waived; "
    "the rest is for you to know."
)
LINE = 200  # characters of a line across the page


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    total, errors = int(value(deck.store, FINDINGS)), int(value(deck.store, ERRORS))
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM findings"))
    page.title(f"Quality: {counted(errors, 'error')} to correct, {total:,} findings in {counted(plans, 'plan')}",
               finding(deck))  # fmt: skip
    page.row(2, [GUIDANCE], ["note"], 20)
    row = _by_rule(page, deck, 4)
    row = _by_school(page, deck, row + 3)
    row = _waivers(page, deck, row + 3)
    _one_by_one(page, deck, row + 3, total)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def finding(deck: Deck) -> str:
    """The rule that most plans break."""
    row = next(deck.store.rows(
        "SELECT code, count(DISTINCT plan) AS plans, message, min(n) FROM findings "
        f"WHERE waived IS NULL GROUP BY code ORDER BY min({WEIGHT}), plans DESC, code LIMIT 1"
    ), None)  # fmt: skip
    if row is None:
        return "Everything that was found is waived."
    return cut(f"First to look at: {row['code']}, in {counted(row['plans'], 'plan')}: {row['message']}", LINE)


def _by_rule(page: Page, deck: Deck, head: int) -> int:
    styles = ["row.bold", "row", "row.count", "row.count", "row.count", "row.prose", "row.prose"]
    names = ["Rule", "Severity", "Plans", "Findings", "Waived", "For example", "What to do"]
    page.heading(head - 1, "By rule")
    rows = list(deck.store.rows(
        "SELECT code, severity, count(DISTINCT plan) AS plans, count(*) AS many, count(waived) AS waived, "
        f"min(n) AS first FROM findings GROUP BY code, severity ORDER BY {WEIGHT}, plans DESC, code"
    ))  # fmt: skip
    every = deck.by_formula("findings", len(rows) * 2)
    for at, row in enumerate(rows, start=head + 1):
        example = next(deck.store.rows("SELECT message, remedy FROM findings WHERE n = ?", [row["first"]]))
        rule = FINDINGS.where_also("code", row["code"]).where_also("severity", row["severity"])
        waived = _figure(deck, rule.where_also("waived", None, operator="<>"), row["waived"], every)
        values = [row["code"], row["severity"], row["plans"], _figure(deck, rule, row["many"], every),
                  waived if row["waived"] else None, example["message"], example["remedy"]]  # fmt: skip
        page.row(at, values, styles, height((example["message"], WIDTHS[5]), (example["remedy"], WIDTHS[6])))
    page.sheet.set_row(head, 22)
    page.table("rules", head, names, len(rows), heads(styles))
    return head + len(rows)


def _by_school(page: Page, deck: Deck, head: int) -> int:
    """Plans with findings, those with most errors first."""
    styles = ["row.bold", *["row.count"] * len(SEVERITIES), "row"]
    names = ["School", *(opened(name) + ("s" if name != "advice" else "") for name in SEVERITIES), "Template"]
    page.heading(head - 1, "By school, waived findings left out")
    sums = ", ".join(f"sum(severity = '{name}' AND waived IS NULL) AS {name}" for name in SEVERITIES)
    order = ", ".join(f"{name} DESC" for name in SEVERITIES)
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose, template, {sums} FROM findings_full GROUP BY plan ORDER BY {order}"
    )
    every = deck.by_formula("findings", len(SEVERITIES) * int(deck.store.one(
        "SELECT count(DISTINCT plan) FROM findings"
    )))  # fmt: skip
    last = head
    for last, row in enumerate(islice(found, MOST), start=head + 1):
        own = FINDINGS.where_also("plan", row["plan"])
        counts = [_open(deck, own, name, row[name], every) for name in SEVERITIES]
        page.row(last, [row["whose"], *counts, row["template"]], styles, height((row["whose"], WIDTHS[0])))
    page.sheet.set_row(head, 22)
    page.table("findings_by_school", head, names, last - head, heads(styles))
    return last


def _open(deck: Deck, own: Measure, severity: str, known: int, every: bool) -> Figure:
    return _figure(deck, own.where_also("severity", severity).where_also("waived", None), known, every)


def _figure(deck: Deck, measure: Measure, known: int, by_formula: bool) -> Figure:
    return deck.figure(measure, known) if by_formula else Figure(known)


def _waivers(page: Page, deck: Deck, head: int) -> int:
    rows = deck.store.rows(
        f"SELECT {school_sql(deck)} AS whose, code, waived, count(*) AS many, min(remedy) AS remedy FROM findings_full "
        f"WHERE waived IS NOT NULL GROUP BY plan, code, waived ORDER BY plan, code LIMIT {MOST}"
    )
    page.heading(head - 1, "Waived by the district")
    last = head
    styles = ["row.bold", "row.count", "row", "row", "row", "row.prose"]
    for last, row in enumerate(rows, start=head + 1):
        words = opened(row["waived"])
        page.row(last, [row["whose"], row["many"], row["code"], None, None, words], styles,
                 height((row["whose"], WIDTHS[0]), (words, WIDTHS[5])))  # fmt: skip
    if last == head:
        page.put(head, 0, "Nothing is waived.", "note")
        return head
    page.row(head, ["School", "Findings", "Rule", None, None, "Until when and why"], heads(styles), 22)
    return last


def _one_by_one(page: Page, deck: Deck, head: int, total: int) -> None:
    note = cut_note(total, f"Data {TABLE.title.lower()}")
    page.heading(head - 1, f"One by one. {note}" if note else "One by one")
    styles = ["row.bold", "row", "row", "row", "row.link", "row.prose", "row.prose"]
    names = ("School", "Severity", "Rule", "Sheet", "Cell", "What we found", "What to do")
    rows = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM findings_full ORDER BY {WEIGHT}, code, plan, n"
    )
    last = head
    for last, row in enumerate(islice(rows, MOST), start=head + 1):
        told = opened(row["waived"]) if row["waived"] else row["remedy"]
        severity = row["severity"] + (", waived" if row["waived"] else "")
        values = [
            row["whose"],
            severity,
            row["code"],
            row["sheet"],
            link_to_cell(deck, row),
            row["message"],
            told,
        ]
        page.row(last, values, styles,
                 height((row["message"], WIDTHS[5]), (told, WIDTHS[6]), (row["whose"], WIDTHS[0])))  # fmt: skip
    page.sheet.set_row(head, 22)
    page.table("quality", head, names, last - head, heads(styles))


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM findings LIMIT 1")), _write)
