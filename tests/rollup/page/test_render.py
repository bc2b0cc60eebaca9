"""The page as text: whole without script, inert, the same twice, and never more of a plan than it may tell."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from tests.rollup.page.made import ATTACKS, every_block, hostile, large
from xlplan.rollup.page.choices import choices_of
from xlplan.rollup.page.render import page_of, write_page
from xlplan.rollup.report.model import Column, Part, Report, Row, Table

ALLOWED = {
    "src",
    "style",
    "onload",
    "onerror",
    "onclick",
    "action",
    "formaction",
    "ping",
    "srcset",
    "poster",
    "xlink:href",
}


class Parsed(HTMLParser):
    """Every tag with its attributes, and all text that is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.text = ""
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.scripts.append(self.inside.pop())

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inside[-1] += data
        else:
            self.text += data


def parsed(report: Report) -> Parsed:
    return Parsed("".join(page_of(report)))


def test_two_pages_of_one_report_are_equal_and_written_as_they_are_made(tmp_path: Path) -> None:
    """Nothing of the clock or of chance; the file is the pieces."""
    write_page(every_block(), tmp_path / "reports" / "page.html")
    page = "".join(page_of(every_block()))
    assert (tmp_path / "reports" / "page.html").read_bytes() == page.encode()
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["page.html"]


def test_a_page_is_made_in_pieces_while_its_parts_are_asked_for() -> None:
    """Of a large district no more than a table is in memory: the largest piece is the list of all its steps."""
    asked: list[str] = []
    report = large(30, 10)

    def schools() -> Iterator[Part]:
        for part in report.schools():
            asked.append(part.id)
            yield part

    pieces = page_of(replace(report, schools=schools))
    seen = next(len(asked) for piece in pieces if piece == "plan-3")
    assert 0 < seen < 30
    assert max(map(len, pieces)) < 60_000


def test_only_our_style_and_script_may_run_and_nothing_may_be_fetched() -> None:
    """The policy names both by their hash, and no attribute loads or runs anything."""
    page = parsed(every_block())
    policy = next(
        a["content"] or "" for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    style, data, script = page.scripts
    for text in (style, script):
        assert f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    json.loads(data)
    assert not re.search(r"url\(|@import|https?:", style + script)


def test_hostile_texts_are_text() -> None:
    """No tag, attribute or link is made of them; what they say can be read."""
    mild, wild = parsed(every_block()), parsed(hostile())
    assert len(wild.scripts) == len(mild.scripts) and wild.scripts[0] == mild.scripts[0]
    assert {tag for tag, _ in wild.tags} <= {tag for tag, _ in mild.tags}
    for _, attributes in wild.tags:
        assert not ALLOWED & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    for attack in ATTACKS[:7]:
        assert attack in wild.text
    whole = "".join(page_of(hostile()))
    assert not set(whole) & set("\u202e\u202c\x00\x07\x1b\u2028\u2029") and whole.encode("utf-8")
    assert "</script>" not in json.dumps(json.loads(wild.scripts[1])["figures"])


def test_a_page_for_publishing_tells_no_plan_apart() -> None:
    """Without plans to choose there are no choices, and not what a single plan adds."""
    page = parsed(replace(every_block(), plans=()))
    assert json.loads(page.scripts[1]) == {"figures": [], "long": 25, "plans": []}
    assert not any("data-as" in attributes for _, attributes in page.tags)
    assert "select" not in {tag for tag, _ in page.tags}


def test_every_table_has_heads_and_every_id_is_one() -> None:
    """Cells have heads on both sides; links within the page lead somewhere."""
    page = parsed(every_block())
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {a["scope"] for tag, a in page.tags if tag == "th"} == {"col", "row"}
    links = {(a["href"] or "")[1:] for tag, a in page.tags if tag == "a"}
    assert links and links <= set(ids)


def test_a_chart_tells_all_its_numbers_in_words() -> None:
    """Whoever does not see the bars hears them; money is told as money."""
    page = parsed(every_block())
    assert "By side. East: Done 5, Open 2. A side whose name" in page.text
    assert "M14: Overdue $14, Due soon $28, Done $0." in page.text


def test_where_plans_have_no_parts_nothing_leads_to_them() -> None:
    """Of more plans than one page holds: the page says where they are, and names of schools are text."""
    told = "".join(page_of(every_block()))
    assert 'href="#plan-' in told
    said = "".join(page_of(replace(every_block(), schools=tuple, instead="Too many for one page.")))
    assert 'href="#plan-' not in said and "School 1" in said
    assert 'href="#plans"' in said and "Too many for one page." in said


def test_a_withheld_sum_is_said_and_a_missing_one_is_blank() -> None:
    """“–” is a value of what is published; where a column has no sum there is nothing."""
    columns = (Column("District"), Column("Plans", "count"), Column("State"))
    table = Table(
        name="t", title="T", columns=columns, rows=[Row(("East", 3, "x"))], total=("All", "–", None)
    )
    part = Part(id="p", title="P", blocks=[table])
    told = "".join(page_of(replace(every_block(), parts=lambda: [part], schools=tuple)))
    foot = told.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", foot) == ["All", "–", ""]


def test_schools_of_one_name_in_districts_of_one_name_stay_apart() -> None:
    """Each choice names one of them."""
    keys = every_block().plans
    same = tuple(replace(key, school="Adams", district="Spokane") for key in keys)
    found = choices_of(replace(every_block(), plans=same))
    assert len(found.schools) == len({key.district_id for key in keys}) == len(found.districts)
    assert len({(one[2], one[1]) for one in found.plans}) == len(found.schools)
