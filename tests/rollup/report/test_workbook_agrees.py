"""The page says what the workbook says: every table that both have, row by row, and every figure by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import Workbook

from tests.cli.runner import run
from tests.pipeline.loop import begun, returned
from tests.rollup import mixed
from tests.rollup.books import book
from xlplan.form.inspect import spec_of
from xlplan.samples.variation import spoiled
from xlplan.templates import TEMPLATES, template

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Pair:
    """A table of the page, the workbook's table that says the same, and the columns: heads here, heads there."""

    name: str
    sheet: str
    table: str
    columns: tuple[tuple[str, str], ...]


def same(*heads: str) -> tuple[tuple[str, str], ...]:
    return tuple((head, head) for head in heads)


STATUSES = same("Overdue", "Due soon", "Days late")
PAIRS = (
    Pair("returned", "Returns", "returns", same(
        "State", "Late", "Returned", "Issue", "Returns", "Answers in", "Errors", "Warnings"
    )),
    Pair("by-districts", "Districts", "districts", same(
        "District", "Plans", "Accepted", "In the figures", "Late", "Answers in", "Activities", "Done", "Overdue",
        "Costs", "Without a source", "Freed", "Needs", "Errors",
    )),
    Pair("timeline-by-school", "Timeline", "timeline", same("School", "All")),
    Pair("due-list", "Due", "due_list", same("School", "Due", "Days late", "What", "Owner")),
    Pair("due-by-owner", "Due", "due_by_owner", (("Owner", "Owner"), ("School", "School"), *STATUSES)),
    Pair("due-by-school", "Due", "due_by_school", (("School", "School"), *STATUSES, *same("No date", "No owner"))),
    Pair("benchmarks-by-status", "Benchmarks", "benchmarks_by_status", (
        ("Status", "As the schools say"), *same("Process", "Early evidence")
    )),
    Pair("benchmarks-by-school", "Benchmarks", "benchmarks_by_school", same(
        "School", "Process", "Process: met", "Process: past due", "Early evidence", "Early evidence: met"
    )),
    Pair("priorities-1", "Priorities", "priorities_1", same("School", "Strong Climate & Culture")),
    Pair("themes-table", "Causes", "themes", same("Theme", "Causes", "Plans")),
    Pair("causes-in-words", "Causes", "causes_in_words", (
        ("School", "School"), ("Theme", "Theme"), ("In the school's words", "In the school's words")
    )),
    Pair("money-glance", "Money", "money_glance", same("What", "Lines", "Amount", "How it is counted")),
    Pair("money-by-source", "Money", "money_by_source", same("Funding source", "Lines", "With an amount", "Amount")),
    Pair("money-by-school", "Money", "money_by_school", same(
        "School", "Costs", "No source", "Reallocated", "Freed"
    )),
    Pair("money-freed", "Money", "money_freed", same("School", "Amount", "Item", "Source")),
    Pair("needs-by-kind", "Needs", "needs_by_kind", same("Kind", "Plans", "Rows")),
    Pair("needs-all", "Needs", "needs", same("School", "Kind", "What")),
    Pair("rules", "Quality", "rules", same("Rule", "Plans", "Findings")),
    Pair("findings-by-school", "Quality", "findings_by_school", same("School", "Errors", "Warnings", "Advice")),
)  # fmt: skip


@dataclass(frozen=True)
class Both:
    page: html.HtmlElement
    workbook: Workbook


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Five templates in two districts, with drafts, faults and a school that sent nothing."""
    folder = tmp_path_factory.mktemp("agrees") / "autumn"
    campaign = begun(folder, "sfss", mixed.LINES, head=mixed.HEAD)
    settings = folder / "campaign.toml"
    text = settings.read_text(encoding="utf-8").replace('counting = "accepted"', 'counting = "readable"')
    settings.write_text(text, encoding="utf-8")
    plans = mixed.plans()
    plans[0] = spoiled(plans[0], 0, spec_of(template(next(iter(TEMPLATES)))))
    returned(campaign, plans)
    forms = ("--format", "html", "--format", "xlsx", "--as-of", mixed.AS_OF.isoformat())
    files = run("rollup", "-C", campaign.root, *forms, "--json").json["files"]
    return Both(html.fromstring(Path(files[0]).read_bytes()), book(Path(files[1])))


def plain(value: Any) -> Any:
    """A cell as both can be compared: numbers and days by value, texts without runs of blanks, nothing as None."""
    match value:
        case datetime():
            return value.date()
        case bool() | date():
            return value
        case int() | float() | Decimal():
            return round(Decimal(str(value)), 2)
    text = " ".join(str(value or "").split())
    if text in ("", "–"):
        return None
    if re.fullmatch(r"-?\$?-?[\d,]+(\.\d+)?", text):
        return round(Decimal(text.replace("$", "").replace(",", "")), 2)
    return round(Decimal(text[:-1]) / 100, 2) if re.fullmatch(r"\d+%", text) else text


def on_page(page: html.HtmlElement, pair: Pair) -> Rows:
    (table,) = page.xpath(f"//div[@id='{pair.name}']//table")
    heads = [cell.text_content().strip() for cell in table.xpath("thead//th")]
    at = [heads.index(head) for head, _ in pair.columns]
    return Counter(
        tuple(plain(days(row[place])) for place in at)
        for row in (line.xpath("th|td") for line in table.xpath("tbody/tr"))
    )


def days(cell: html.HtmlElement) -> Any:
    found = cell.xpath(".//time/@datetime")
    return date.fromisoformat(found[0]) if found else cell.text_content()


def in_workbook(workbook: Workbook, pair: Pair) -> Rows:
    sheet = workbook[pair.sheet]
    head, *rows = sheet[sheet.tables[pair.table].ref]
    heads = [str(cell.value).strip() for cell in head]
    at = [heads.index(head) for _, head in pair.columns]
    return Counter(tuple(plain(row[place].value) for place in at) for row in rows)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_table_is_the_same_in_both(both: Both, pair: Pair) -> None:
    here, there = on_page(both.page, pair), in_workbook(both.workbook, pair)
    assert here == there, (here - there, there - here)


def test_every_figure_is_the_same_in_both(both: Both) -> None:
    """By the names that `trace` takes."""
    table = Pair("figures", "", "", same("Name for “xlplan trace”", "Value"))
    here, there = dict(on_page(both.page, table).keys()), dict(figures(both.workbook))
    assert here == there
    assert len(there) > 25 and sum(value > 0 for value in there.values()) > 20


def figures(workbook: Workbook) -> Iterator[tuple[str, Decimal]]:
    rows: Iterable[tuple[Any, ...]] = workbook["Method"].iter_rows(values_only=True)
    for row in (found := iter(rows)):
        if str(row[0]).startswith("Name for"):
            break
    for row in found:
        if row[2] is None:
            return
        yield str(row[0]), plain(row[2])


def test_completeness_is_the_same_in_both(both: Both) -> None:
    """A block a template, by school and section."""
    sheet = both.workbook["Completeness"]
    assert len(sheet.tables) == 5
    for number, name in enumerate(sheet.tables, start=1):
        heads = [str(cell.value).strip() for cell in sheet[sheet.tables[name].ref][0]]
        pair = Pair(f"completeness-{number}", "Completeness", name, same(*heads))
        assert on_page(both.page, pair) == in_workbook(both.workbook, pair)


def test_the_sentences_are_the_same_in_both(both: Both) -> None:
    """The finding under each part's title is the one in A2 of its sheet."""
    told = 0
    for part in both.page.xpath("//main/section"):
        title = part.xpath("h2")[0].text_content()
        if title in both.workbook.sheetnames and title not in ("Method", "Changes"):
            finding = part.xpath("p[contains(@class, 'lead')]")[0].text_content()
            assert finding == both.workbook[title]["A2"].value, title
            told += 1
    assert told > 10
