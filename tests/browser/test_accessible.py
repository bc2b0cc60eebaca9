"""The page of a full campaign, all of it unfolded, by axe-core: WCAG 2.1 AA and what it holds for good practice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import SCHEMES, WIDTHS, Opens, Told, Visit
from tests.cli.runner import run
from tests.rollup import mixed
from tests.rollup.page.made import every_block, hostile
from xlplan.rollup.page.render import write_page

UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
RUN = """axe.run(document, {resultTypes: ["violations"]})
  .then(found => found.violations.map(one => one.id + ": " + one.nodes[0].html))"""


def violations(visit: Visit, axe: str) -> list[str]:
    """What axe finds, each with the first place."""
    visit.page.evaluate(UNFOLD)
    visit.page.evaluate(axe)
    found: list[str] = visit.page.evaluate(RUN)
    return found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_a_full_campaign_has_no_violations(
    told: Told, opens: Opens, axe: str, scheme: str, width: int
) -> None:
    """In both colour schemes, on a telephone and on a desk."""
    visit = opens(told.file, width=width, scheme=scheme)
    assert violations(visit, axe) == []


def test_no_other_page_of_the_campaign_has_any(told: Told, opens: Opens, axe: str) -> None:
    """A page for each plan, what is published, and the status of returns."""
    root, day = told.file.parents[1], mixed.AS_OF.isoformat()
    for asked in (
        ("rollup", "--schools", "-o", root / "again.html"), ("rollup", "--public"), ("rollup", "--public", "--schools"),
        ("status",),
    ):  # fmt: skip
        done = run(asked[0], "-C", root, *asked[1:], "--format", "html", "--as-of", day)
        assert done.code == 0, done.err
    pages = {file for file in (root / "reports").rglob("*.html") if file != told.file}
    assert len(pages) > 2 * 7, "each plan that counts as it is, and as it is published"
    for file in sorted(pages):
        assert violations(opens(file), axe) == [], file.name


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_neither_has_a_filtered_page_with_every_kind_of_block(
    opens: Opens, axe: str, tmp_path: Path, scheme: str, width: int
) -> None:
    """The note about what is filtered, a link that asks for what is not there, and a list without rows too."""
    write_page(every_block(), tmp_path / "made.html")
    visit = opens(
        tmp_path / "made.html", "#summary?district=nowhere&school=2&q=zebra", scheme=scheme, width=width
    )
    assert "not on this page" in visit.text("#trouble")
    assert violations(visit, axe) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_never_wider_than_the_window(
    told: Told, opens: Opens, tmp_path: Path, width: int
) -> None:
    """What is wide scrolls within its own region, words of ten thousand letters too."""
    write_page(hostile(), tmp_path / "hostile.html")
    for file in (told.file, tmp_path / "hostile.html"):
        visit = opens(file, width=width)
        visit.page.evaluate(UNFOLD)
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width
        wide = "[...document.querySelectorAll('td, tbody th')].every(cell => cell.offsetWidth <= 1200)"
        assert visit.page.evaluate(wide)


def test_what_is_pressed_is_large_enough(told: Told, opens: Opens) -> None:
    """Buttons, fields and links that stand by themselves are 24 pixels high at least."""
    visit = opens(told.file, width=400)
    small = visit.page.evaluate(
        "[...document.querySelectorAll('button, select, input, summary, nav a')]"
        ".filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"
    )
    assert small == []
