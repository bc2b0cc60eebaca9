"""Names of files are readable, safe everywhere, and never shared."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.campaign import School, copy_name, copy_path, correction_path, district_folder

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}

texts = st.text(max_size=60) | st.sampled_from(["CON", "", "学校", "a" * 200, "..", "A/B", "O'Brien & Söhne"])
keys = (
    st.text(min_size=1, max_size=40)
    | st.from_regex(r"[0-9]{12}", fullmatch=True)
    | st.sampled_from(["a", "A"])
)


def safe(name: str) -> bool:
    return (
        re.fullmatch(r"[0-9A-Za-z._-]+", name) is not None
        and not name.endswith((".", "-"))
        and name.split(".")[0].lower() not in RESERVED
    )


@pytest.mark.parametrize(
    ("district", "school", "name"),
    [
        (
            "Spokane School District",
            "Lewis and Clark High School",
            "530825001378_spokane-lewis-and-clark-high.xlsx",
        ),
        ("Seattle School District No. 1", "Adams Elementary", "530825001378_seattle-adams-elementary.xlsx"),
        ("Tacoma Public Schools", "Niños & O'Brien", "530825001378_tacoma-ninos-and-obrien.xlsx"),
        ("Evergreen School District (Clark)", "The School", "530825001378_evergreen-clark-the.xlsx"),
        ("Spokane School District", "", "530825001378_spokane-district.xlsx"),
        ("東京", "学校", "530825001378_plan.xlsx"),
    ],
)
def test_a_copy_is_named_after_key_district_and_school(district: str, school: str, name: str) -> None:
    """In short words of plain letters."""
    assert copy_name("530825001378", district, school) == name


def test_a_copy_stands_in_its_districts_folder() -> None:
    """And the correction copy beside it under corrections."""
    school = School(district_id="5308250", district="Spokane School District", school_id="1", school="Ferris")
    path = copy_path(school, "data_team", True)
    assert path == PurePosixPath("copies/5308250_spokane/1_spokane-ferris-data_team.xlsx")
    assert copy_path(school, "data_team", False).name == "1_spokane-ferris.xlsx"
    assert correction_path(path, 3) == PurePosixPath(
        "corrections/5308250_spokane/1_spokane-ferris-data_team-fix3.xlsx"
    )


@given(keys, texts, texts, texts)
def test_every_name_is_safe_and_short(key: str, district: str, school: str, template: str) -> None:
    """On Windows too, and as a correction copy."""
    name, folder = copy_name(key, district, school, template), district_folder(key, district)
    fixed = correction_path(PurePosixPath("copies", folder, name), 99_999).name
    assert safe(name) and safe(folder) and safe(fixed)
    assert len(fixed) <= 80 and len(folder) <= 80


@given(
    st.lists(st.tuples(keys, texts, texts), max_size=8, unique_by=lambda row: row[0]),
    st.sampled_from(["", "x"]),
)
def test_no_two_keys_share_a_name(rows: list[tuple[str, str, str]], template: str) -> None:
    """Whether or not case counts."""
    names = {copy_name(key, district, school, template).lower() for key, district, school in rows}
    assert len(names) == len(rows)
    assert len({district_folder(key, district).lower() for key, district, _ in rows}) == len(rows)


@given(keys, texts, texts, st.lists(texts.filter(bool), max_size=5, unique=True))
def test_no_two_templates_of_a_school_share_a_name(
    key: str, district: str, school: str, several: list[str]
) -> None:
    """However long the names are."""
    assert len({copy_name(key, district, school, template).lower() for template in several}) == len(several)


def test_a_key_that_had_to_be_changed_carries_a_hash() -> None:
    """So that it stays its own."""
    assert re.fullmatch(r"a-b--[0-9a-f]{8}_plan\.xlsx", copy_name("A/B", "", "学校"))
    assert copy_name("WA-12", "Spokane", "Ferris") == "WA-12_spokane-ferris.xlsx"
