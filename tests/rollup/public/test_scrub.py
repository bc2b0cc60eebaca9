"""Words without persons: whoever a plan names is nowhere in what is left, however it is spelled."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlplan.rollup.public.names import Names, folded, words
from xlplan.rollup.public.schools import Schools, counts_few
from xlplan.rollup.public.scrub import Scrubber

PEOPLE = (
    "D. Okafor, assistant principal", "Rose Okafor", "José Muñoz-Ruiz", "Will Young", "S. O'Neil, nurse",
    "Leadership team", "MTSS coordinator", "R. Grant, fiscal officer", "王小明", "A. van der Berg / Kim Lee",
    "R. English", "Math and English teachers",
)  # fmt: skip


def scrubbed(text: str, people: tuple[str, ...] = PEOPLE) -> str:
    return Scrubber(Names(people)).text(text).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask R. Okafor about it.", "Ask [name] about it."),
        ("Ms. Okafor’s class, an OKAFOR-led one, okafors", "[name]’s class, an [name]-led one, [name]"),
        ("Jose Munoz Ruiz and MUÑOZ wrote it", "[name] and [name] wrote it"),
        ("Oka\u200bfor", "[name]"),
        ("Ｏｋａｆｏｒ", "[name]"),
        ("Оkаfоr", "[name]"),
        ("0kafor", "[name]"),
        ("O k a f o r", "[name]"),
        ("rokafor and RoseOkafor", "[name] and [name]"),
        ("Will Young reads; will young people read?", "[name] reads; [name] people read?"),
        ("the young will read, will young reads", "the young will read, [name] reads"),
        ("The grant pays; Grant signs", "The grant pays; [name] signs"),
        ("English lessons, R. English signs", "[name] lessons, [name] signs"),
        ("oneil and O’Neil's door", "[name] and [name]'s door"),
        ("van der Berg, Berg", "[name]"),
        ("由王小明负责", "由[name]负责"),
        ("The MTSS team and the leadership team", "The MTSS team and the leadership team"),
        ("Dr. Unheard said so; T. Smithers too", "[name] said so; [name] too"),
        ("U.S. History in 2026-27, 3,140 of 12,000 on 2026-10-02", None),
        ("rose.okafor@school.org or (509) 555-0142 x12", "[contact] or [contact]"),
        (
            "r.okafor (at) school (dot) org, https://x.example/okafor, @okafor",
            "[contact], [contact] [contact]",
        ),
    ],
)
def test_who_is_named_is_taken_out(text: str, said: str | None) -> None:
    """Whole names and parts of them, initials, titles, accents, hidden and look-alike letters, addresses, numbers."""
    assert scrubbed(text) == (text if said is None else said)


LETTERS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéñö"), min_size=5, max_size=12)
SPELLINGS = (
    str, str.upper, str.lower, str.title,
    lambda name: name[:2] + "\u200b" + name[2:],
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: "".join(chr(ord(char) + 0xFEE0) if char.isascii() else char for char in name),
    lambda name: f"{name}'s", lambda name: f"({name})", lambda name: f"Ms. {name}", lambda name: f"Q. {name}",
    lambda name: f"{name}-led", lambda name: f"“{name}”", lambda name: name[:3] + "\u00ad" + name[3:],
)  # fmt: skip


@given(
    LETTERS,
    LETTERS,
    st.sampled_from(SPELLINGS),
    st.sampled_from(["{0} {1}", "{1}, {0}", "{0}", "{1}", "{1}\n{0}"]),
)
def test_a_name_is_told_however_it_is_spelled(first: str, last: str, spell, order: str) -> None:  # type: ignore[no-untyped-def]
    """Both names, one of them, in either order: nothing of them is left."""
    known = words("roles") | words("ordinary")
    assume(not {folded(first), folded(last)} & known)
    text = f"We ask {order.format(spell(first.title()), spell(last.title()))} to read on Fridays."
    left = folded(scrubbed(text, (f"{first.title()} {last.title()}, teacher",)).replace("[name]", ""))
    assert folded(first) not in left and folded(last) not in left
    assert left.startswith("weask") and left.endswith("toreadonfridays")


def test_a_school_is_known_by_what_people_call_it() -> None:
    schools = Schools(
        ["Carla Peperzak Middle School", "North Central High School", "School 3", "Lewis & Clark High School"]
    )
    for text in (
        "At Peperzak we read",
        "North Central's halls",
        "like School 3 does",
        "as at LCHS",
        "PEPERZAK",
    ):
        assert schools.named_in(text), text
    for text in (
        "The middle school lacks a room",
        "north of the central office",
        "three schools",
        "School 30",
    ):
        assert not schools.named_in(text), text


@pytest.mark.parametrize(
    "text", ["Our 7 students in care", "seven of our students", "three new families", "n = 4"]
)
def test_a_count_of_a_few_people_is_told(text: str) -> None:
    assert counts_few(text, 10)


@pytest.mark.parametrize(
    "text",
    [
        "About 60 students ride",
        "one in four students",
        "3% of students",
        "grade 9",
        "9.5% of families",
        "2 rooms",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not counts_few(text, 10)
