"""Completeness: the share of the required answers that is in, by school and section, a block a template."""

from __future__ import annotations

from collections.abc import Sequence

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.look import heads, height
from xlplan.rollup.measures import Measure, formula
from xlplan.rollup.sheets.naming import school_sql
from xlplan.rollup.sheets.tiles import share, share_formula
from xlplan.rollup.words import counted, listed

NAME = "Completeness"
FIRST = 3  # the row of the first block's head
WIDTH = 14.0
FILLED = Measure(name="", label="", table="completeness", sum="filled")
REQUIRED = Measure(name="", label="", table="completeness", sum="required")
GUIDANCE = "Share of the required answers in, rounded down. Shaded: below 100%. A dash: nothing came back."


def _write(book: Book, deck: Deck) -> None:
    """Write a block a template; every share is a formula over Data completeness, where that is not too many."""
    blocks = {str(row[0]): sections_asked(deck, str(row[0])) for row in deck.store.rows(
        "SELECT template FROM plans WHERE required GROUP BY template ORDER BY min(plan)"
    )}  # fmt: skip
    most = max(map(len, blocks.values()))
    page = book.page(NAME, [40, *[WIDTH] * (most + 1)])
    page.title(_title(deck), finding(deck))
    figures = sum(
        int(deck.store.one("SELECT count(*) FROM plans WHERE template = ?", [name])) * (len(sections) + 1) * 2
        for name, sections in blocks.items()
    )
    by_formula = deck.by_formula("completeness", figures)
    note = (
        "" if by_formula or not deck.regions else " To count again: Data completeness, by School and Section."
    )
    page.row(2, [GUIDANCE + note], ["note"], 20)
    row = FIRST + 1
    for at, (template, sections) in enumerate(blocks.items(), start=1):
        row = _block(page, deck, row, template, sections, f"completeness_{at}", by_formula) + 3
    frozen = FIRST + 1 if len(blocks) == 1 else FIRST - 1  # one head serves one block
    page.sheet.freeze_panes(frozen + 1, 1)
    page.sheet.repeat_rows(0, frozen)


def sections_asked(deck: Deck, template: str) -> list[str]:
    """The sections of a template that ask for answers, in the order of the form."""
    asked = (
        "SELECT section FROM completeness_full WHERE template = ? GROUP BY section HAVING sum(required) > 0"
    )
    return [str(row[0]) for row in deck.store.rows(f"{asked} ORDER BY min(n - first)".replace(
        "n - first", "n - (SELECT min(n) FROM completeness AS own WHERE own.plan = completeness_full.plan)"
    ), [template])]  # fmt: skip


def _block(
    page: Page, deck: Deck, head: int, template: str, sections: Sequence[str], name: str, by_formula: bool
) -> int:
    """Write one template's table and its count; gives the row of the count."""
    form = deck.store.one("SELECT form FROM plans WHERE template = ? LIMIT 1", [template]) or template
    page.heading(head - 1, str(form))
    styles = ["row.bold", *["row.percent"] * (len(sections) + 1)]
    headers = ["School", "All sections", *sections]
    page.sheet.set_row(head, height(*((header, WIDTH) for header in headers[1:])) + 4)
    plans = f"SELECT plan, required, {school_sql(deck)} AS whose FROM plans WHERE template = ? ORDER BY plan"
    last = head
    for last, plan in enumerate(deck.store.rows(plans, [template]), start=head + 1):
        parts = {row["section"]: (row["filled"], row["required"]) for row in deck.store.rows(
            "SELECT section, filled, required FROM completeness WHERE plan = ?", [plan["plan"]]
        )}  # fmt: skip
        whole = (sum(pair[0] for pair in parts.values()), sum(pair[1] for pair in parts.values()))
        shares = [_share(deck, plan["plan"], section, parts.get(section), by_formula) for section in sections]
        all_of_it = _share(deck, plan["plan"], None, whole if parts else None, by_formula)
        page.row(last, [plan["whose"], all_of_it, *shares], styles, height((plan["whose"], 40)))
    page.table(name, head, headers, last - head, heads(styles))
    short = {"type": "cell", "criteria": "<", "value": 1, "format": page.book.rule("if.short")}
    page.sheet.conditional_format(head + 1, 1, last, len(headers) - 1, short)
    _count(page, deck, template, head, last, sections)
    return last + 1


def _share(
    deck: Deck, plan: int, section: str | None, pair: tuple[int, int] | None, by_formula: bool
) -> Figure | str:
    if pair is None:
        return "–"
    text = None
    if by_formula and pair[1]:
        found = [
            formula(m if section is None else m.where_also("section", section), deck.regions)
            for m in (FILLED.where_also("plan", plan), REQUIRED.where_also("plan", plan))
        ]
        text = share_formula(found[0] or "", found[1] or "") if all(found) else None
    return Figure(share(*pair), text)


def _count(page: Page, deck: Deck, template: str, head: int, last: int, sections: Sequence[str]) -> None:
    """How many schools have all of a section, below the table, so that filters leave it."""
    plans = last - head
    values: list[Figure] = []
    for place, section in enumerate((None, *sections), start=1):
        by = "" if section is None else " AND section = ?"
        having = "GROUP BY plan HAVING sum(filled) >= sum(required)"
        many = f"SELECT count(*) FROM (SELECT 1 FROM completeness_full WHERE template = ?{by} {having})"
        complete = deck.store.one(many, [template, *([section] if section else [])])
        cells = page.range(head + 1, last, place)
        values.append(Figure(f"{complete} of {plans}", f'=COUNTIF({cells},1)&" of {plans}"'))
    styles = ["last", *["last.count"] * len(values)]
    page.row(last + 1, ["Schools with all answers in", *values], styles, 20)


def _title(deck: Deck) -> str:
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE required"))
    whole = int(deck.store.one("SELECT count(*) FROM plans WHERE required AND filled >= required"))
    return f"Completeness: {whole:,} of the {counted(back, 'plan')} that came back have every required answer"


def finding(deck: Deck) -> str:
    """The sections in which most answers are missing."""
    rows = deck.store.rows(
        "SELECT section, sum(max(required - filled, 0)) AS missing FROM completeness GROUP BY section "
        "HAVING missing > 0 ORDER BY missing DESC, section"
    )
    worst = [f"{row['section']} ({row['missing']:,})" for row in rows]
    if not worst:
        return "No required answer is missing in what came back."
    total = int(deck.store.one("SELECT sum(max(required - filled, 0)) FROM completeness"))
    return f"{counted(total, 'required answer')} missing; by section: {listed(worst, 100)}."


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM plans WHERE required LIMIT 1")), _write)
