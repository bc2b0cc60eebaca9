"""Whose a return without identity is: all that it shows agrees on one open school, or a person is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.campaign import Campaign, Roster, School, Settings
from xlplan.campaign.former import Former
from xlplan.pipeline.matching import AHEAD, ENOUGH, Evidence, Placed, likeness, whose

DAY = date(2027, 8, 1)
SPOKANE, MEAD = ("5308250", "Spokane School District"), ("5304950", "Mead")
NAMES = ("Adams Elementary", "Browne Elementary", "Southside Elementary", "School 112", "Harrison Middle")


def school(key: str, name: str, district: tuple[str, str] = SPOKANE, template: str = "") -> School:
    return School(
        district_id=district[0], district=district[1], school_id=key, school=name, template=template
    )


def campaign(*schools: School) -> Campaign:
    settings = Settings(id="fall", template="sfss", plan_from=DAY, plan_to=DAY)
    return Campaign(root=Path("fall"), settings=settings, roster=Roster(schools=schools), key=b"")


ROSTER = (
    *(school(f"53082500137{n}", name) for n, name in enumerate(NAMES)),
    school("530495000001", "Adams Elementary", MEAD),
    School(district_id="5308250", district="Spokane School District", school_id="", school=""),
)


def key_of(
    names: str | tuple[str, ...] = (),
    keys: str | tuple[str, ...] = (),
    district: tuple[str, str] | None = SPOKANE,
    schools: tuple[School, ...] = ROSTER,
    former: tuple[Former, ...] = (),
) -> str | None:
    """The key of the school that a file with this evidence is taken for."""
    evidence = Evidence(
        names=(names,) if isinstance(names, str) else names, keys=(keys,) if isinstance(keys, str) else keys,
        district_ids=district[:1] if district else (), districts=district[1:] if district else (),
    )  # fmt: skip
    found = whose(evidence, campaign(*schools), former, "sfss", None)
    assert [item.code for item in found.findings][1:] == ["school-matched"] * (found.school is not None)
    return found.school.key if found.school else None


def gone(key: str, name: str, into: str = "") -> Former:
    return Former(school=school(key, name), until=DAY, merged_into=into)


ADAMS, BROWNE = "530825001370", "530825001371"


@pytest.mark.parametrize(
    ("evidence", "wanted"),
    [
        ({"names": "Adams Elementary"}, ADAMS),
        ({"names": "ELEMENTARY, ADAMS"}, ADAMS),
        ({"names": "Browne Elementry"}, BROWNE),
        ({"names": "Adams Elementary", "keys": ADAMS}, ADAMS),
        ({"names": "Adams Elementary", "district": MEAD}, "530495000001"),
        ({"names": "Spokane School District", "keys": "5308250"}, "5308250"),
        # no name, no district, or another one
        ({"keys": ADAMS}, None),
        ({"names": "Adams Elementary", "district": None}, None),
        ({"names": "Browne Elementary", "district": MEAD}, None),
        ({"names": "Adams Elementary", "district": ("5308250", "Mead")}, None),
        # another school of a like name
        ({"names": "Northside Elementary"}, None),
        ({"names": "School 113"}, None),
        ({"names": "Garrison Middle"}, None),
        ({"names": "Adams"}, None),
        # what contradicts itself
        ({"names": "Adams Elementary", "keys": BROWNE}, None),
        ({"names": "Adams Elementary", "keys": "530825009999"}, None),
        ({"names": ("Adams Elementary", "Browne Elementary")}, None),
        ({"names": "Adams Elementary", "keys": (ADAMS, BROWNE)}, None),
    ],
    ids=str,
)
def test_only_what_agrees_is_taken_for_a_school(evidence: dict[str, object], wanted: str | None) -> None:
    assert key_of(**evidence) == wanted  # type: ignore[arg-type]  # a table of arguments


def test_a_name_that_fits_two_schools_is_nobodys_until_the_id_decides() -> None:
    twins = (*ROSTER, school("530825001390", "Adams Elementary"))
    assert key_of("Adams Elementary", schools=twins) is None
    assert key_of("Adams Elementary", ADAMS, schools=twins) == ADAMS
    assert key_of("Adams Elementary", "530825001390", schools=twins) == "530825001390"


def test_an_id_without_its_leading_zero_is_the_same() -> None:
    alaska = ("0200180", "Anchorage")
    lines = (school("020018000001", "Abbott Loop", alaska), school("020018000002", "Airport", alaska))
    assert key_of("Abbott Loop", "20018000001", ("200180", "Anchorage"), lines) == "020018000001"


def test_a_renamed_or_moved_school_is_known_by_what_its_older_copies_show() -> None:
    now = (school(ADAMS, "Goodall Elementary", MEAD), *ROSTER[1:])
    was = (gone(ADAMS, "Adams Elementary"),)
    assert key_of("Adams Elementary", ADAMS, schools=now) is None
    assert key_of("Adams Elementary", ADAMS, schools=now, former=was) == ADAMS
    assert key_of("Goodall Elementary", ADAMS, MEAD, schools=now, former=was) == ADAMS
    taken = (*now, school("530825001391", "Adams Elementary"))  # another school has the name now
    assert key_of("Adams Elementary", schools=taken, former=was) is None


def test_what_closed_merged_or_split_is_left_to_people() -> None:
    """No file is taken for a closed school, for the one it is part of, or for a part of it by the name of the whole."""
    now = (*ROSTER[2:], school("530825001390", "Adams-Browne Elementary"))
    merged = (
        gone(ADAMS, "Adams Elementary", "530825001390"),
        gone(BROWNE, "Browne Elementary", "530825001390"),
    )
    for name, key in (("Adams Elementary", ADAMS), ("Adams-Browne Elementary", "530825001390")):
        assert key_of(name, schools=now, former=merged) is None
        assert key_of(name, key, schools=now, former=merged) is None
    split = (
        *ROSTER[2:],
        school("530825001392", "Adams Elementary A"),
        school("530825001393", "Adams Elementary B"),
    )
    assert key_of("Adams Elementary", schools=split, former=(gone(ADAMS, "Adams Elementary"),)) is None
    again = (*ROSTER[1:], school("530825001390", "Adams Elementary"))  # one school under another id
    assert key_of("Adams Elementary", ADAMS, schools=again, former=(gone(ADAMS, "Adams Elementary"),)) is None


def test_a_school_without_such_a_plan_is_not_taken() -> None:
    """Its return would be asked for by nobody, and shown nowhere."""
    assert key_of("Holmes", schools=(*ROSTER, school("530825001395", "Holmes", template="data-team"))) is None


@given(name=st.text(max_size=40), other=st.sampled_from(NAMES), key=st.sampled_from(["", ADAMS, "1", "Ä"]))
def test_a_name_never_counts_for_a_school_that_it_is_not_like(name: str, other: str, key: str) -> None:
    """Whatever stands in the cells; and of two files with the same cells both are taken alike."""
    for said in (name, f"{name} {other}", other[: len(name)] + name):
        found = key_of(said, key or ())
        assert found == key_of(said, key or (), schools=ROSTER[::-1])
        if found is not None:
            line = next(line for line in ROSTER if line.key == found)
            others = [
                likeness(said, one.name) for one in ROSTER if one.district_id == "5308250" and one != line
            ]
            assert likeness(said, line.name) >= ENOUGH
            assert key == found or likeness(said, line.name) - max(others) >= AHEAD


def test_the_likeliest_schools_are_listed_the_id_first_then_by_name() -> None:
    evidence = Evidence(names=("Adams Elementary",), keys=(BROWNE,), district_ids=("5308250",))
    closed = (gone("530825001399", "Adams Elem"),)
    (found,) = whose(evidence, campaign(*ROSTER), closed, "sfss", None).findings
    assert found.code == "identity-missing"
    nearest = found.message.partition("Nearest: ")[2].split("; ")
    assert [item.partition(" (")[0] for item in nearest][:3] == [
        "Browne Elementary", "Adams Elementary", "Adams Elem",
    ]  # fmt: skip
    assert (
        "its ID" in nearest[0] and "100 of 100" in nearest[1] and "closed" in nearest[2] and len(nearest) <= 5
    )
    assert "Mead" not in found.message and "--as" in found.message


def test_a_person_may_say_what_no_cell_tells_and_is_told_what_the_cells_say() -> None:
    said = whose(
        Evidence(names=("Adams Elementary",), keys=(ADAMS,)),
        campaign(*ROSTER),
        (),
        "sfss",
        Placed(key=BROWNE),
    )
    assert said.school is not None and said.school.key == BROWNE
    assert [item.code for item in said.findings] == ["identity-missing", "school-said"]
    assert "“Adams Elementary” and “530825001370”" in said.findings[1].message
    same = whose(
        Evidence(names=("Adams Elementary",), keys=(ADAMS,)), campaign(*ROSTER), (), "sfss", Placed(key=ADAMS)
    )
    assert "shows" not in same.findings[1].message
