"""What a reader chooses: figures, charts and lists are of these plans, and say what the store says of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import Opens, Told, Visit
from tests.rollup.page.made import every_block, large
from xlplan.rollup.measures import value
from xlplan.rollup.page.render import write_page
from xlplan.rollup.standard import FIGURES

TIMED = """value => {
  const field = document.getElementById("f-district"), start = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("change", {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - start;
}"""
DRAWN = "[...document.querySelectorAll('svg')].map(one => one.outerHTML)"


def figures(visit: Visit) -> dict[str, str]:
    """The table of the figures of Method, by their names."""
    more = visit.page.locator("#figures").get_by_role("button", name="Show all")
    if more.is_visible():
        more.click()
    return {
        row.locator("th").inner_text(): row.locator("td").nth(1).inner_text()
        for row in visit.page.locator("#figures tbody tr").all()
        if row.is_visible()
    }


@pytest.mark.parametrize("chosen", ["district", "template", "school", "state"])
def test_every_figure_is_that_of_the_store_for_the_chosen_plans(
    told: Told, opens: Opens, chosen: str
) -> None:
    """Counted by the script from what each plan adds, and by SQL from the plans' rows."""
    store = told.deck.store
    column = {"district": "district_id", "template": "form", "school": "school", "state": "state"}[chosen]
    wanted = store.one(f"SELECT {column} FROM plans ORDER BY plan DESC LIMIT 1 OFFSET 1")
    plans = [row[0] for row in store.rows(f"SELECT plan FROM plans WHERE {column} = ?", [wanted])]
    said = {"state": "✓ Accepted"}.get(chosen, wanted)
    visit = opens(told.file, f"#method?{chosen}={quote(said)}")
    every = int(store.one("SELECT count(*) FROM plans"))
    assert 0 < len(plans) < every
    assert visit.text("#count").startswith(f"{len(plans)} of {every} plans")
    found, shown = figures(visit), 0
    for measure in FIGURES:
        total = sum((value(store, measure.where_also("plan", plan)) for plan in plans), Decimal(0))
        if measure.name not in found:  # a row of which the chosen plans have nothing
            assert total == 0
            continue
        shown += 1
        told_ = found[measure.name]
        assert Decimal(told_.replace("$", "").replace(",", "")) == total, measure.name
    assert shown > 8
    lists = visit.page.locator("#files tbody tr:visible").count()
    assert lists == sum(
        bool(store.one("SELECT file <> '' FROM plans WHERE plan = ?", [plan])) for plan in plans
    )


def test_what_speaks_of_all_plans_says_so_under_a_filter(told: Told, opens: Opens) -> None:
    """Sentences, titles that count, and lists that know no plans; nothing of it without a filter."""
    marked = "[...document.querySelectorAll('.said')].map(one => getComputedStyle(one, '::before').content)"
    assert set(opens(told.file).page.evaluate(marked)) == {"none"}
    visit = opens(told.file, "#returns?school=Adams")
    assert set(visit.page.evaluate(marked)) == {'"All plans: "'}
    titles = visit.page.locator("h3.said").all_inner_texts()
    assert {"7 of 8 plans came back", "Next for the district"} <= {*titles}
    assert not {"By school", "Files"} & {*titles}


def test_reset_brings_back_exactly_what_was_there(told: Told, opens: Opens) -> None:
    """Every figure and every row, as the file has them."""
    visit = opens(told.file)
    before = visit.text("main")
    visit.page.get_by_label("District", exact=True).select_option(index=1)
    visit.settled()
    assert visit.text("main") != before and "district=" in visit.page.url
    visit.page.get_by_role("button", name="Reset").click()
    visit.settled()
    assert visit.text("main") == before and "=" not in visit.page.url
    assert not visit.wrong and not visit.asked


def test_the_script_draws_charts_as_they_were_drawn(opens: Opens, tmp_path: Path) -> None:
    """Both ways of drawing are one: with all plans chosen nothing moves."""
    write_page(every_block(), tmp_path / "made.html")
    plain = opens(tmp_path / "made.html", script=False)
    drawn = plain.page.content()
    visit = opens(tmp_path / "made.html", "#summary?school=school")  # which every school's name holds
    assert visit.text("#count").startswith("6 of 6")
    pictures = visit.page.evaluate(DRAWN)
    assert len(pictures) == 2
    for picture in pictures:
        assert picture in drawn


def test_the_script_draws_the_bars_of_the_chosen_plans(opens: Opens, tmp_path: Path) -> None:
    """Their lengths, their numbers, what the picture says in words and the table behind it."""
    write_page(every_block(), tmp_path / "made.html")
    visit = opens(tmp_path / "made.html", "#bars?school=School+1")
    bar = visit.page.locator("#bars g.bar").nth(1)
    assert [one.get_attribute("width") for one in bar.locator("rect").all()] == ["100.00%", "0.00%"]
    assert bar.locator("text.sum").text_content() == "9"
    described = str(visit.page.locator("#bars desc").text_content())
    assert "East: Done 0, Open 0." in described and "Done 9, Open 0" in described
    visit.page.locator("#bars summary").click()
    assert visit.page.locator("#bars-numbers tbody tr").nth(1).inner_text().split()[-2:] == ["9", "0"]
    assert visit.page.locator("#mixed tbody tr:visible").count() == 0  # in a fold that is closed
    visit.page.locator(".folded summary").click()
    assert [row.split()[0] for row in visit.rows("mixed")] == ["First", "Third", "Longest"]
    assert "$1,200.50" in visit.text("#mixed tfoot") and "0%" in visit.text("#mixed tfoot")


def test_a_hundred_plans_of_forty_activities_are_filtered_at_once(opens: Opens, tmp_path: Path) -> None:
    """Eight thousand rows, each of which says whether it fits: a fifth of a second, twice that in a crowd."""
    write_page(large(), tmp_path / "large.html")
    visit = opens(tmp_path / "large.html")
    assert visit.text("#steps .tools").count("25 of 4,000 rows") == 1
    took = [visit.page.evaluate(TIMED, value) for value in ("530", "531", "")]
    assert min(took) < 400, took
    visit.page.get_by_label("School", exact=True).fill("School 77")
    visit.settled()
    assert visit.text("#count").startswith("1 of 100")
    assert visit.text("#steps .tools").startswith("Search this list") and "40 rows that fit" in visit.text(
        "#steps .tools"
    )
    assert visit.page.locator("details.plan:visible").count() == 1
