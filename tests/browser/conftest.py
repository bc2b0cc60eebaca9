"""A real Chromium for all the tests here, and pages of campaigns that are opened in it from their files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.rollup import mixed
from xlplan.ledger import Ledger
from xlplan.pipeline.plan_parts import plan_numbers, plan_parts
from xlplan.pipeline.rolling import deck_of
from xlplan.rollup.deck import Deck
from xlplan.rollup.page.render import write_page
from xlplan.rollup.report.build import report_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS, SCHEMES = (400, 1280), ("light", "dark")


@dataclass
class Visit:
    """An open page, with what went wrong in it and what it asked for from elsewhere."""

    page: Any
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """What the first such element says."""
        return str(self.page.locator(selector).first.inner_text())

    def rows(self, table: str) -> list[str]:
        """The first cells of the rows of a table that are seen."""
        return list(self.page.locator(f"#{table} tbody tr:visible th").all_inner_texts())

    def settled(self) -> None:
        """After what was typed was taken in, and the address kept."""
        self.page.wait_for_timeout(400)


Opens = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium; skips, with the reason, where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here (Debian: apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        yield opened
        opened.close()


@pytest.fixture
def opens(browser: Any) -> Iterator[Opens]:
    """Opens a file with whatever follows in its address; everything that would leave the page is stopped and noted."""
    contexts = []

    def visit(
        file: Path, after: str = "", *, width: int = 1280, scheme: str = "light", script: bool = True
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        visited = Visit(context.new_page())

        def gate(route: Any) -> None:
            if route.request.url.partition("#")[0] == file.as_uri():
                route.continue_()
            else:
                visited.asked.append(route.request.url)
                route.abort()

        def refuse(dialog: Any) -> None:
            visited.wrong.append(dialog.message)
            dialog.dismiss()

        context.route("**/*", gate)
        visited.page.on("pageerror", lambda error: visited.wrong.append(str(error)))
        visited.page.on(
            "console", lambda said: visited.wrong.append(said.text) if said.type == "error" else None
        )
        visited.page.on("dialog", refuse)
        visited.page.goto(file.as_uri() + after)
        return visited

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker; skips where it was not installed."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --prefix tests/browser")
    return AXE.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Told:
    """A campaign's page, and the deck that it was made of."""

    file: Path
    deck: Deck


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The page of two districts whose schools follow five templates, with hostile texts among their answers."""
    campaign = mixed.campaign(tmp_path_factory.mktemp("browser") / "mixed")
    with Ledger.open(campaign.ledger_url) as ledger, deck_of([(campaign, ledger)], mixed.AS_OF) as deck:
        file = campaign.root / "reports" / "summary.html"
        opened = [(campaign, ledger)]
        write_page(report_of(deck, lambda: plan_parts(opened, deck.as_of, plan_numbers(deck.store))), file)
        yield Told(file, deck)
