"""Findings: what was found in the returns, by code and then one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from xlplan.findings import Finding, Severity
from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.look import heads, height
from xlplan.rollup.report import Report
from xlplan.rollup.words import counted, opened

NAME = "Findings"
TOP = 3
WIDTHS = (32, 18, 26, 16, 10, 60, 54)
WEIGHT = {str(severity): place for place, severity in enumerate(Severity)}
GUIDANCE = (
    "Of every return that counts now, accepted or not. "
    "Errors keep a plan from being accepted unless waived; the rest is for you to know."
)
Found = tuple[str, Finding]


def write_findings(book: Book, report: Report) -> None:
    """Write the counts by code, heaviest first, and the list as a real table."""
    found = sorted(report.rollup.findings, key=lambda pair: (WEIGHT[str(pair[1].severity)], pair[1].code))
    names = {status.key: status.name for status in report.rollup.statuses}
    page = book.page(NAME, WIDTHS)
    schools = len({school for school, _ in found})
    waived = sum(finding.waived for _, finding in found)
    apart = f", {waived:,} of them waived" if waived else ""
    page.title(f"Findings: {len(found):,} at {counted(schools, 'school')}{apart}", GUIDANCE)
    codes = list(dict.fromkeys(finding.code for _, finding in found))
    listed = TOP + 4 + len(codes)  # the row of the list's head
    _by_code(page, found, codes, listed)
    _one_by_one(page, found, names, report.rollup.waivers, listed)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(listed)  # only pages after it repeat it


def _by_code(page: Page, found: Sequence[Found], codes: Sequence[str], listed: int) -> None:
    groups: dict[str, list[Found]] = defaultdict(list)
    for pair in found:
        groups[pair[1].code].append(pair)
    styles = ["row.bold", "row", "row.count", "row.count", "row.count", "row.prose", "row.prose"]
    page.heading(TOP - 1, "By code")
    page.row(
        TOP,
        ["Code", "Severity", "Schools", "Findings", "Waived", "For example", "What to do"],
        heads(styles),
        22,
    )
    every = page.range(listed + 1, listed + len(found), 2)
    for row, code in enumerate(codes, start=TOP + 1):
        first = groups[code][0][1]
        schools = len({school for school, _ in groups[code]})
        many = Figure(len(groups[code]), f"=COUNTIF({every},A{row + 1})")
        waived = sum(finding.waived for _, finding in groups[code])
        values = [code, str(first.severity), schools, many, waived or None, first.message, first.remedy]
        page.row(row, values, styles, _height(first))


def _one_by_one(
    page: Page,
    found: Sequence[Found],
    names: Mapping[str, str],
    waivers: Mapping[tuple[str, str], str],
    top: int,
) -> None:
    styles = ["row.bold", *["row"] * 4, "row.prose", "row.prose"]
    headers = ("School", "Severity", "Code", "Sheet", "Cell", "What we found", "What to do")
    page.heading(top - 1, "One by one")
    page.sheet.set_row(top, 22)
    page.table("findings", top, headers, len(found), heads(styles))
    for row, (school, finding) in enumerate(found, start=top + 1):
        severity = str(finding.severity) + (" (waived)" if finding.waived else "")
        whose = [names.get(school, school), severity, finding.code, finding.sheet, finding.cell]
        remedy = waivers.get((school, finding.code), "") if finding.waived else finding.remedy
        told = opened(remedy) if finding.waived and remedy else finding.remedy
        page.row(row, [*whose, finding.message, told], styles, _height(finding, str(whose[0]), told))


def _height(finding: Finding, school: str = "", told: str = "") -> float:
    return height((finding.message, WIDTHS[5]), (told or finding.remedy, WIDTHS[6]), (school, WIDTHS[0]))
