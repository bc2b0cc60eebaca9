"""Pictures of printed pages: the first of a district's summary, of what it publishes, and of a school's plan."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.demo import AS_OF
from xlplan.pipeline.publishing import public_report
from xlplan.pipeline.rolling import deck_of
from xlplan.pipeline.school_sheets import written_plans
from xlplan.rollup.paper import write_paper
from xlplan.rollup.report.build import report_of

DPI, COLOURS, SECONDS = 50, 32, 180
LEAST = 5  # of the demonstration, which has few schools


def papers(folder: Path, out: Path, name: str, *, summaries: bool) -> list[tuple[str, Path]]:
    """Pictures of a demonstration's pages into `out`: of the first plan, with `summaries` those of all plans too."""
    out.mkdir(parents=True, exist_ok=True)
    made: list[tuple[str, Path]] = []
    for said, file, pages in _documents(folder, name, summaries=summaries):
        for number, picture in enumerate(_pictures(file, pages), start=1):
            there = out / f"{file.stem}-{number}.png"
            subprocess.run(
                ["convert", picture, "-dither", "None", "-colors", str(COLOURS), "-strip",
                 "-define", "png:compression-level=9", f"PNG8:{there}"], check=True, timeout=SECONDS,
            )  # fmt: skip
            made.append((f"{said}, page {number}", there))
    return made


def _documents(folder: Path, name: str, *, summaries: bool) -> Iterator[tuple[str, Path, int]]:
    campaign = open_campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        opened = [(campaign, ledger)]
        if summaries:
            with deck_of(opened, AS_OF) as deck:
                write_paper(report_of(deck), campaign.reports / "summary.pdf")
                yield "The summary", campaign.reports / "summary.pdf", 3
                write_paper(public_report(opened, deck, LEAST), campaign.reports / "published.pdf")
                yield "The summary for publishing", campaign.reports / "published.pdf", 2
        (first,) = islice(written_plans(opened, AS_OF, form="pdf"), 1)
    plan = first.file.rename(campaign.reports / f"{name}.pdf")
    yield f"A school’s plan, {name}", plan, 2


def _pictures(file: Path, pages: int) -> list[Path]:
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(DPI), "-l", str(pages), file, file.with_suffix("")],
        check=True, timeout=SECONDS,
    )  # fmt: skip
    return sorted(file.parent.glob(f"{file.stem}-*.png"))
