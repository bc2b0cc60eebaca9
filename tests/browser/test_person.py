"""A person at the page: filters, sorts, searches, follows links, goes back, takes the keyboard alone, prints."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.browser.conftest import Opens, Told
from tests.rollup.page.made import ATTACKS, every_block, hostile, large
from xlplan.rollup.page.render import write_page


def printed(file: Path) -> str:
    """The text of a PDF, as it stands."""
    told = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True, timeout=60
    )
    return told.stdout


def test_a_list_is_searched_unfolded_and_sorted_and_the_address_keeps_it(
    opens: Opens, tmp_path: Path
) -> None:
    """Whoever opens the address sees the same."""
    write_page(large(30, 4), tmp_path / "large.html")
    visit = opens(tmp_path / "large.html")
    assert len(visit.rows("steps")) == 25
    visit.page.locator("#steps").get_by_role("button", name="Show all 120 rows").click()
    assert len(visit.rows("steps")) == 120
    visit.page.locator("#steps").get_by_label("Search this list").fill("READING  28")
    texts = visit.page.locator("#steps tbody tr").all_text_contents()
    found = [text for text in texts if "28" in text]
    assert visit.page.locator("#steps tbody tr:visible").all_text_contents() == found and 1 < len(found) < 30
    visit.page.locator("#steps").get_by_label("Search this list").fill("meanwhile")
    assert visit.rows("steps") == [] and "No row fits" in visit.text("#steps")
    visit.page.locator("#steps").get_by_label("Search this list").fill("")
    visit.page.locator("#steps").get_by_role("button", name="School", exact=True).click()
    assert visit.rows("steps")[:5] == ["School 1"] * 4 + ["School 2"]  # not School 10
    visit.page.locator("#steps").get_by_role("button", name="Due", exact=True).click()
    visit.page.locator("#steps").get_by_role("button", name="Due", exact=True).click()
    days = visit.page.locator("#steps tbody tr:visible time").evaluate_all(
        "all => all.map(one => one.dateTime)"
    )
    assert days == sorted(days, reverse=True)
    assert visit.page.locator("#steps th[aria-sort]").get_attribute("aria-sort") == "descending"
    visit.page.get_by_label("Activity status").select_option("Overdue")
    visit.settled()
    assert "sort=steps%3A3%3Adesc" in visit.page.url and "status=Overdue" in visit.page.url
    again = opens(tmp_path / "large.html", "#" + visit.page.url.partition("#")[2])
    assert again.rows("steps") == visit.rows("steps")[:25]
    assert set(again.page.locator("#steps tbody tr:visible span.state").all_inner_texts()) == {"▲ Overdue"}
    assert "change no figure" in again.text("#filtered")
    visit.page.pdf(path=tmp_path / "page.pdf")
    assert printed(tmp_path / "page.pdf").count("Days late") >= 2  # the head on each page of the list


def test_links_lead_to_a_plan_and_back_without_losing_what_is_chosen(told: Told, opens: Opens) -> None:
    """A link opens the plan; the address says where one is; Back returns."""
    visit = opens(told.file, "#due?q=the")
    link = visit.page.locator("#due-list tbody th a").first
    plan = str(link.get_attribute("href"))[1:]
    link.click()
    assert visit.page.locator(f"#{plan}").get_attribute("open") is not None
    assert visit.page.evaluate("document.activeElement.parentElement.id") == plan
    assert visit.page.url.endswith(f"#{plan}?q=the")
    visit.page.go_back()
    visit.settled()
    assert (
        visit.page.url.endswith("#due?q=the")
        and visit.page.get_by_label("Search all lists").input_value() == "the"
    )
    direct = opens(told.file, f"#{plan}")
    assert direct.page.locator(f"#{plan} .body").is_visible()
    assert direct.page.locator(f"#{plan} > summary").bounding_box()["y"] < 200


def test_a_link_to_what_is_filtered_out_says_so(opens: Opens, tmp_path: Path) -> None:
    """Nobody looks at an empty page and believes it."""
    write_page(every_block(), tmp_path / "made.html")
    visit = opens(tmp_path / "made.html", "#plan-2?school=School+3")
    assert "not among those that are shown" in visit.text("#trouble")
    assert "No plan fits" in opens(tmp_path / "made.html", "#?school=Nobody").text("#trouble")
    assert "not on this page" in opens(tmp_path / "made.html", "#?template=Other").text("#trouble")
    odd = opens(tmp_path / "made.html", "#%E0%A4%A?sort=x:y:z&sort=mixed:99:asc&sort=&district=%00&q=%F0")
    assert not odd.wrong and odd.page.locator("#choose").is_visible()


def test_a_link_to_what_is_not_there_says_so(opens: Opens, tmp_path: Path) -> None:
    """A plan that has gone since, or a word that was cut."""
    write_page(every_block(), tmp_path / "page.html")
    visit = opens(tmp_path / "page.html", "#plan-99999")
    assert "not on this page" in visit.text("#filtered") and "Shown" not in visit.text("#filtered")
    visit.page.goto((tmp_path / "page.html").as_uri() + "#main")
    visit.settled()
    assert visit.page.locator("#filtered").is_hidden()


def test_all_of_it_can_be_done_by_the_keyboard(opens: Opens, tmp_path: Path) -> None:
    """Past the parts by the skip link, a filter, a sort, an unfolding; what has the focus is seen."""
    write_page(every_block(), tmp_path / "made.html")
    visit = opens(tmp_path / "made.html")
    keys = visit.page.keyboard
    keys.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    reached: list[str] = []
    for _ in range(60):
        keys.press("Tab")
        name = visit.page.evaluate("document.activeElement.textContent.trim().slice(0, 20)")
        if visit.page.evaluate("document.activeElement === document.body"):
            break
        outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", name
        reached.append(name)
        if name == "More":
            keys.press("Enter")
        if name == "Count" and "Count" not in reached[:-1]:
            keys.press("Space")
            assert visit.page.locator("#mixed th[aria-sort]").inner_text() == "Count"
        if name.startswith("School 3"):
            keys.press("Enter")
            assert visit.page.locator("#plan-3 .body").is_visible()
    assert {"More", "Count", "School 6Eastwell."[:20]} <= {*reached} or any(
        one.startswith("School 6") for one in reached
    )
    visit.page.get_by_label("School", exact=True).focus()
    keys.type("school 5")
    visit.settled()
    assert visit.text("#count").startswith("1 of 6")


def test_paper_shows_what_is_chosen_and_says_so(told: Told, opens: Opens, tmp_path: Path) -> None:
    """Without fields and buttons, in light colours though the screen is dark."""
    store = told.deck.store
    chosen, other = (row[0] for row in store.rows("SELECT DISTINCT district_id FROM plans ORDER BY 1"))
    schools = {
        one: {row[0] for row in store.rows("SELECT school FROM plans WHERE district_id = ?", [one])}
        for one in (chosen, other)
    }
    visit = opens(told.file, f"#returns?district={chosen}", scheme="dark")
    visit.page.pdf(path=tmp_path / "page.pdf", print_background=True)
    text = printed(tmp_path / "page.pdf")
    assert "Shown: district" in text and "All plans:" in text
    assert "Search this list" not in text and "Reset" not in text and "Show all" not in text
    listed = text.split("Method", 1)[0]
    assert all(school in text for school in schools[chosen] - schools[other])
    lines = [line.strip() for line in listed.splitlines() if "All plans" not in line]
    assert not [
        line for line in lines for school in schools[other] - schools[chosen] if line.startswith(f"{school} ")
    ]
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 42, 53)"


def test_without_script_everything_is_readable(told: Told, opens: Opens) -> None:
    """All rows stand, nothing offers what it cannot do, plans unfold."""
    visit = opens(told.file, script=False)
    assert visit.page.locator("tbody tr[hidden]").count() == 0
    assert not visit.page.locator("#choose").is_visible() and not visit.page.locator("#filtered").is_visible()
    assert visit.page.locator("thead button").count() == 0
    visit.page.locator("details.plan summary").first.click()
    assert visit.page.locator("details.plan .body").first.is_visible()


def test_hostile_texts_stay_texts_in_a_browser(opens: Opens, tmp_path: Path) -> None:
    """No script of theirs runs, nothing leaves the page, and each can be chosen like any other name."""
    write_page(hostile(), tmp_path / "hostile.html")
    visit = opens(tmp_path / "hostile.html")
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for at in range(1, visit.page.locator("#f-district option").count()):
        visit.page.locator("#f-district").select_option(index=at)
        visit.page.wait_for_timeout(90)
        assert visit.text("#count").startswith(f"1 of {len(ATTACKS)} plans"), at
    for link in visit.page.locator("main a").all():
        assert str(link.get_attribute("href")).startswith("#")
    visit.settled()
    again = opens(tmp_path / "hostile.html", "#" + visit.page.url.partition("#")[2])
    assert again.text("#count") == visit.text("#count")
    for one in (visit, again):
        assert one.page.title() != "taken" and not one.wrong and not one.asked
    assert visit.page.locator("main img, main svg svg, main script, iframe, object").count() == 0
