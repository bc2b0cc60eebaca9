"""Pictures of the page in a real Chromium: at a desk and on a telephone, in light and dark."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.demo import AS_OF
from xlplan.pipeline.plan_parts import plan_numbers, plan_parts
from xlplan.pipeline.rolling import deck_of
from xlplan.rollup.page.render import write_page
from xlplan.rollup.report.build import report_of

COLOURS, SECONDS = 64, 180
DESK, PHONE = (1280, 900), (400, 860)


class View(NamedTuple):
    """One picture: what it shows, the address after the file's, the window, dark or light, what is clicked first."""

    name: str
    said: str
    after: str
    size: tuple[int, int]
    dark: bool = False
    click: str = ""


VIEWS = (
    View("summary", "The page: the first screen", "", (1280, 1180)),
    View("summary-dark", "The same in dark colours", "", (1280, 1180), dark=True),
    View("summary-phone", "On a telephone", "", (400, 1180)),
    View("summary-phone-dark", "On a telephone, in dark colours", "", (400, 1180), dark=True),
    View(
        "filtered",
        "One school chosen: figures and charts are of its plan",
        "#summary?school=Garfield+Elementary",
        DESK,
    ),
    View(
        "due",
        "A list, sorted by owner, by a link that can be sent",
        "#due?status=Overdue&sort=due-list:5:asc",
        DESK,
    ),
    View("money-dark", "Money, in dark colours", "#money", DESK, dark=True),
    View("plan", "A school’s plan, opened by a link", "#{plan}", DESK),
    View("plan-phone", "The same on a telephone", "#{plan}", PHONE),
    View("due-phone", "The same list on a telephone", "#due", PHONE),
    View("numbers", "The numbers behind a chart", "#months", DESK, click="#months summary"),
)


def page_of(folder: Path) -> Path:
    """The page of a campaign that the demonstration made."""
    campaign = open_campaign(folder)
    file = folder / "reports" / "page.html"
    with Ledger.open(campaign.ledger_url) as ledger, deck_of([(campaign, ledger)], AS_OF) as deck:
        opened = [(campaign, ledger)]
        write_page(report_of(deck, lambda: plan_parts(opened, AS_OF, plan_numbers(deck.store))), file)
    return file


def screens(file: Path, out: Path) -> Iterator[tuple[str, Path]]:
    """Makes a picture of each view; gives what each shows, and its file."""
    from playwright.sync_api import sync_playwright

    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"] if root else []
        )
        for at, view in enumerate(VIEWS, 1):
            width, height = view.size
            page = chromium.new_page(
                viewport={"width": width, "height": height}, color_scheme="dark" if view.dark else "light"
            )
            page.goto(file.as_uri())
            plan = str(page.locator("details.plan").nth(1).get_attribute("id"))
            page.goto("about:blank")
            page.goto(file.as_uri() + view.after.format(plan=plan))
            if view.click:
                page.locator(view.click).first.click()
            page.wait_for_timeout(500)
            picture = out / f"{at:02d}-{view.name}.png"
            page.screenshot(path=picture)
            page.close()
            _shrink(picture)
            yield view.said, picture
        chromium.close()


def _shrink(picture: Path) -> None:
    subprocess.run(
        ["convert", picture, "-dither", "None", "-colors", str(COLOURS), "-strip",
         "-define", "png:compression-level=9", f"PNG8:{picture}"], check=True, timeout=SECONDS,
    )  # fmt: skip
