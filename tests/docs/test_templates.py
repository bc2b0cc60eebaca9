"""The pages of the templates: nothing of an original is lost, and each page is as the templates are now."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.templates import make
from docs.templates.make import HEADER, OURS, Element, OriginError, Page, elements
from xlplan.templates import TEMPLATES

FIRST = Element("Root Cause A", "label", ("field challenges[].root_causes[]",))


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_page_is_current(name: str) -> None:
    """Made again, it is what the repository holds; otherwise run `python docs/templates/make.py`."""
    assert Page(name).text() == (make.HERE / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_element_has_places_that_there_are_or_a_reason(name: str) -> None:
    page = Page(name)
    found = elements(name)
    assert len(found) > 20
    for element in found:
        assert bool(element.places) != bool(element.why), element.original
        assert all(page.place(element, place) for place in element.places)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_field_comes_from_the_original_or_is_said_to_be_ours(name: str) -> None:
    page = Page(name)
    unplaced = page.unplaced()
    assert unplaced - HEADER.keys() == OURS[name].keys()
    assert list(page.cells.keys() ^ page.fields.keys()) == []


@pytest.mark.parametrize(
    "place",
    [
        "field challenges[].cost", "help district_id", "guide rules", "example rules", "sheet Challenge 9",
        "part Agenda", "check no-such-code", "start here", "cell A1",
    ],
)  # fmt: skip
def test_a_place_that_there_is_not_is_told_with_its_element(place: str) -> None:
    page = Page("sfss")
    assert page.place(FIRST, FIRST.places[0]) == (
        page.cell("challenges[].root_causes[]"),
        "`challenges[].root_causes[]`",
    )
    with pytest.raises(OriginError, match=r"sfss: 'Root Cause A'"):
        page.place(FIRST, place)


@pytest.mark.parametrize(
    "rest", ['kind = "label"', 'kind = "label"\nplaces = ["start"]\nwhy = "x"', 'kind = "song"\nwhy = "x"']
)
def test_an_element_without_place_and_reason_is_told(
    rest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "origins").mkdir()
    (tmp_path / "origins" / "sfss.toml").write_text(
        f'[[element]]\noriginal = "Rules"\n{rest}\n', encoding="utf-8"
    )
    monkeypatch.setattr(make, "HERE", tmp_path)
    with pytest.raises(OriginError, match="'Rules'"):
        elements("sfss")
