"""A new roster against the old: schools are told by their ids, and what only a person can know is only proposed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.campaign import Roster, School, Settings, Waiver
from xlplan.campaign.former import (
    FORMER,
    Former,
    closed_schools,
    former_schools,
    merged_schools,
    write_former,
)
from xlplan.campaign.roster_changes import roster_changes, with_kept_columns
from xlplan.campaign.toml_drop import mentions, without_schools
from xlplan.errors import SetupError

DAY = date(2027, 8, 1)


def school(key: str, name: str, district: str = "1 Spokane", **more: str) -> School:
    number, _, title = district.partition(" ")
    return School(district_id=number, district=title, school_id=key, school=name, **more)


def schools(table: str) -> tuple[School, ...]:
    """One a line: id, name, and after a bar the district if it is not Spokane."""
    lines = [line.strip() for line in table.strip().splitlines()]
    parts = [(key, *rest.split(" | ")) for key, _, rest in (line.partition(" ") for line in lines)]
    return tuple(school(*part) for part in parts)


def test_every_change_is_told_once_and_under_its_name() -> None:
    before = schools("11 Adams\n12 Browne\n13 Finch\n14 Garry")
    now = schools("14 Garry | 2 Mead\n11 Adams STEM\n12 Browne\n15 Holmes")
    found = roster_changes(before, now)
    assert [item.key for item in found.added] == ["15"] and [item.key for item in found.closed] == ["13"]
    assert {item.school.key: (item.renamed, item.moved, dict(item.fields)) for item in found.altered} == {
        "11": (True, False, {"school": ("Adams", "Adams STEM")}),
        "14": (False, True, {"district_id": ("1", "2"), "district": ("Spokane", "Mead")}),
    }
    assert not roster_changes(before, tuple(reversed(before)))


def test_a_school_with_several_plans_is_one_school() -> None:
    """A plan more or less is a change of the column template, and nothing that a copy shows."""
    before = (school("11", "Adams"), school("11", "Adams", template="data-team"))
    (altered,) = roster_changes(before, before[:1]).altered
    assert dict(altered.fields) == {"template": (", data-team", "")}
    assert not altered.printed and not altered.renamed and not altered.moved


def test_a_districts_own_plan_is_renamed_with_its_district() -> None:
    own = School(district_id="1", district="Spokane", school_id="", school="")
    (altered,) = roster_changes(
        [own], [School(district_id="1", district="River", school_id="", school="")]
    ).altered
    assert altered.renamed and altered.printed and not altered.moved


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        ("1 Adams Elementary\n2 Browne Elementary", "3 Adams-Browne Elementary", ("merged", "12", "3")),
        ("1 Adams Elementary\n2 Browne School", "1 Adams Browne School", ("merged", "2", "1")),
        ("1 Garry Middle", "2 Garry North\n3 Garry South", ("split", "1", "23")),
        ("1 Garry Middle School", "2 Garry Middle", ("id", "1", "2")),
    ],
)
def test_what_looks_like_a_merger_is_proposed(before: str, now: str, wanted: tuple[str, str, str]) -> None:
    (found,) = roster_changes(schools(before), schools(now)).candidates
    assert (found.kind, *("".join(one.key for one in side) for side in (found.gone, found.now))) == wanted


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            "1 Adams Elementary School",
            "2 Browne Elementary School",
        ),  # no more in common than all schools have
        ("1 Adams Elementary", "2 Adams Elementary | 2 Mead"),
        ("1 Adams Elementary\n2 Adams Middle", "2 Adams Middle"),  # it was called so before
    ],
)
def test_nothing_is_proposed_without_a_reason(before: str, now: str) -> None:
    assert roster_changes(schools(before), schools(now)).candidates == ()


def test_a_column_that_the_new_roster_lacks_says_nothing() -> None:
    """Templates and addresses stay, several plans of a school too; a column that is there counts."""
    before = (
        school("11", "Adams", email="a@x.org"), school("11", "Adams", template="data-team"), school("12", "Browne"),
    )  # fmt: skip
    now, kept = with_kept_columns(before, schools("11 Adams\n12 Browne\n13 Finch"))
    assert kept == ("template", "email")
    assert now == (*before, school("13", "Finch"))
    some = (school("11", "Adams"), school("12", "Browne", template="sfss", email="b@x.org"))
    assert with_kept_columns(before, some) == (some, ())


def test_what_was_said_last_of_a_school_holds_and_the_roster_before_all(tmp_path: Path) -> None:
    adams, browne = school("11", "Adäms, East"), school("12", "Browne")
    lines = (
        Former(school=adams, until=date(2026, 8, 1)),
        Former(school=browne, until=date(2026, 8, 1), merged_into="13"),
        Former(school=adams, until=DAY, merged_into="13"),
    )
    assert former_schools(tmp_path) == ()
    write_former(tmp_path, lines)
    assert former_schools(tmp_path) == lines
    closed = closed_schools(lines, Roster(schools=(school("13", "Finch"),)))
    assert closed == {"11": lines[2], "12": lines[1]} and merged_schools(closed) == {"13": ("11", "12")}
    assert closed_schools(lines, Roster(schools=(adams, browne))) == {}


@pytest.mark.parametrize(
    "line", ["1,Spokane,11,Adams,soon,", "1,Spokane,11", '1,"Spokane,11,Adams,2027-08-01,']
)
def test_a_line_of_former_schools_that_cannot_be_understood_is_named(tmp_path: Path, line: str) -> None:
    write_former(tmp_path, [])
    with (tmp_path / FORMER).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(SetupError, match=FORMER):
        former_schools(tmp_path)


TOML = """# ours
[campaign]
id = "fall"
[slots]
resources = 12
[slots.11]
resources = 20   # a large school
[slots."12"]
resources = 14
[extension]
# asked by mail
"11" = 2027-01-15
"12" = 2027-01-16
[[waiver]]
rule = "cost-unknown"
school = "11"
reason = "Later"

# and this for all
[[waiver]]
rule = "unfunded"
reason = "Later"
"""


@given(keys=st.sets(st.sampled_from(["11", "12", "13"])), end=st.sampled_from(["\n", "\r\n"]))
def test_what_settings_say_of_schools_that_are_gone_becomes_remarks(
    keys: set[str], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No line is lost, none of the others is touched, and the file says the rest as before."""
    path = tmp_path_factory.getbasetemp() / "campaign.toml"
    path.write_bytes(TOML.replace("\n", end).encode())
    lines = without_schools(path, keys).decode().split("\n")
    before = path.read_bytes().decode().split("\n")
    assert [line.removeprefix("# ") for line in lines] == [line.removeprefix("# ") for line in before]
    said = tomllib.loads("\n".join(lines))
    assert said["campaign"] == {"id": "fall"} and said["slots"]["resources"] == 12
    assert set(said["slots"]) - {"resources"} == {"11", "12"} - keys == set(said["extension"])
    assert [item.get("school") for item in said["waiver"]] == ["11"] * ("11" not in keys) + [None]


@pytest.mark.parametrize(("gone", "left"), [({"11"}, ["12"]), ({"11", "12"}, False), ({"13"}, ["11", "12"])])
def test_schools_that_are_gone_are_split_no_more(tmp_path: Path, gone: set[str], left: object) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text('[campaign]\nsplit = ["11", "12"]  # large ones\nid = "fall"\n', encoding="utf-8")
    made = without_schools(path, gone).decode()
    assert tomllib.loads(made) == {"campaign": {"split": left, "id": "fall"}} and "# large ones" in made


@pytest.mark.parametrize(
    "text",
    [
        'extension = { "11" = 2027-01-15 }\n',
        "[slots]\n11.resources = 20\n",
        "[slots]\nresources = 12\n11.resources = 20\n",
        "[extension]\n11 = 2027-01-15\n#",
    ],
)
def test_settings_written_otherwise_are_left_to_people_and_never_spoilt(tmp_path: Path, text: str) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(text, encoding="utf-8")
    try:
        made = tomllib.loads(without_schools(path, {"11"}).decode())
    except SetupError as error:
        assert "by hand" in str(error)
    else:
        assert not any(made.values())
    assert path.read_text(encoding="utf-8") == text


def test_every_place_that_names_a_school_is_found() -> None:
    settings = Settings(
        id="fall", template="sfss", plan_from=DAY, plan_to=DAY, school_slots={"11": {"resources": 20}},
        extensions={"11": DAY, "12": DAY}, waivers=(Waiver(rule="unfunded", reason="Later", school="11"),),
    )  # fmt: skip
    assert mentions(settings, {"11"}) == (("[slots.11]", "11"), ("[extension]", "11"), ("[[waiver]]", "11"))
