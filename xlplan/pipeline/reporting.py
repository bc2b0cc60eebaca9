"""The reports that a rollup is written as: workbook, page, printed pages, and the board's digest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError
from xlplan.pipeline.rolling import Opened
from xlplan.pipeline.summarise import default_report
from xlplan.rollup.deck import Deck
from xlplan.rollup.snapshot import keep
from xlplan.rollup.suppress import LEAST

XLSX, HTML, PDF, DOCX, MD = FORMS = ("xlsx", "html", "pdf", "docx", "md")
DIGESTS = (DOCX, MD)
SUFFIXES = {
    XLSX: (".xlsx",),
    HTML: (".html", ".htm"),
    PDF: (".pdf",),
    DOCX: (".docx",),
    MD: (".md", ".markdown"),
}
PUBLISHED = 10  # counts under it are hidden in what is published, if no other number is given


def forms_of(asked: Sequence[str], out: Path | None) -> tuple[str, ...]:
    """The forms to write: those asked for, or the one that the file's name says, or the workbook.

    Raises UsageError for a form there is none of, and for one file that is to be of several.
    """
    for form in asked:
        if form not in FORMS:
            raise UsageError(
                f'--format: there is no "{form}".{did_you_mean(form, FORMS)} Take one of: {", ".join(FORMS)}.'
            )
    said = next((form for form, ends in SUFFIXES.items() if out and out.suffix.lower() in ends), None)
    told = tuple(dict.fromkeys(asked)) or ((said,) if said else (XLSX,))
    if out and len(told) > 1:
        raise UsageError(
            f"-o names one file, and {' and '.join(told)} are several. Leave -o out, or take one --format."
        )
    return told


def least_of(least: int | None, *, public: bool) -> int | None:
    """Under which number counts are hidden; None where nothing is. Raises UsageError where it would hide nothing."""
    if least is not None and least < LEAST:
        raise UsageError(f"--min-cell: take {LEAST} or more; with {least}, what is hidden would be known.")
    return PUBLISHED if public and least is None else least


def plan_forms(forms: Sequence[str]) -> tuple[str, ...]:
    """The forms in which plans are written as files of their own: those of the reports, without digests."""
    return tuple(form for form in forms if form not in DIGESTS) or (XLSX,)


def place_of(campaigns: Sequence[Opened], form: str, *, publishing: bool) -> Path:
    """Where a report is written: never over that of one campaign when it is of several, or for publishing."""
    own = default_report(campaigns[0][0])
    several = len(campaigns) > 1
    stem = "together" if several else own.stem
    if form in DIGESTS:
        stem = "together-digest" if several else "digest"
    return own.with_name(f"{stem}{'-published' if publishing else ''}.{form}")


def write_report(campaigns: Sequence[Opened], deck: Deck, form: str, path: Path, least: int | None) -> None:
    """Write one report, whole or not at all; with `least` the one for publishing, that hides counts under it.

    What a report says is kept for later ones to compare with, unless it is published.
    """
    if form == XLSX:
        _workbook(deck, path, least)
        return
    if form in DIGESTS:
        _digest(deck, form, path)
    else:
        _page(campaigns, deck, form, path, least)
    if least is None:
        keep(deck)


def _workbook(deck: Deck, path: Path, least: int | None) -> None:
    from xlplan.rollup.published import write_published
    from xlplan.rollup.workbook import write_workbook

    if least is None:
        write_workbook(deck, path)
    else:
        write_published(deck, path, least)


def _digest(deck: Deck, form: str, path: Path) -> None:
    from xlplan.rollup.digest import digest_of, write_docx, write_md

    (write_docx if form == DOCX else write_md)(digest_of(deck), path)


def _page(campaigns: Sequence[Opened], deck: Deck, form: str, path: Path, least: int | None) -> None:
    from xlplan.pipeline.plan_parts import plan_numbers, plan_parts
    from xlplan.pipeline.publishing import public_report
    from xlplan.rollup.report.build import report_of

    if least is None:
        report = report_of(deck, lambda: plan_parts(campaigns, deck.as_of, plan_numbers(deck.store)))
    else:
        report = public_report(campaigns, deck, least)
    if form == HTML:
        from xlplan.rollup.page.render import write_page

        write_page(report, path)
    else:
        from xlplan.rollup.paper import write_paper

        write_paper(report, path)
