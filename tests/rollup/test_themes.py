"""What causes are about: words and stems in any case, a campaign's own list, and lists that cannot be used."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from xlplan.errors import UsageError
from xlplan.rollup.themes import FILE, MOST_WORDS, load


def own(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, "utf-8")
    return folder


def test_whole_words_and_stems_are_found_as_they_are_written() -> None:
    themes = load(None)
    assert themes.matches("ABSENCES rise") == [("Attendance", "ABSENCES")]
    assert themes.matches("A business of its own") == [("Partners", "business")], "no bus within a business"
    assert themes.matches("") == themes.matches("Zzz") == []


def test_several_themes_come_in_the_lists_order(tmp_path: Path) -> None:
    """Each once, with its first word in the text, wherever that stands."""
    themes = load(own(tmp_path, '"B" = ["late bus*"]\n"A" = ["fam*", "home"]'))
    assert themes.matches("At home, families wait for late\n  buses.") == [
        ("B", "late\n  buses"),
        ("A", "home"),
    ]
    assert themes.matches("An early bus") == []


def test_letters_that_are_written_in_two_ways_are_one(tmp_path: Path) -> None:
    themes = load(own(tmp_path, '"Niñez" = ["niñ*"]'))
    assert themes.matches(unicodedata.normalize("NFD", "Los NIÑOS")) == [("Niñez", "NIÑOS")]


def test_a_campaigns_own_list_stands_for_ours_or_before_it(tmp_path: Path) -> None:
    text = "My bus fare and attendance"
    assert load(own(tmp_path, '"Fares" = ["fare*"]')).matches(text) == [("Fares", "fare")]
    both = load(own(tmp_path, 'also_ours = true\n"Attendance" = ["bus"]')).matches(text)
    assert both == [("Attendance", "bus"), ("Resources and facilities", "bus")], (
        "an equal name is the campaign's"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "cannot be read"),
        ('"A" = "bus"', "wants a list of words"),
        ('"A" = []', "wants a list of words"),
        ('"A" = ["b*s"]', "a * may stand at its end only"),
        ('"A" = ["*"]', "is no word"),
        ('"A" = [1]', "is no word"),
        ('"other" = ["x"]', "give the theme another name"),
        ('also_ours = 1\n"A" = ["x"]', "also_ours is true or false"),
        (f'"A" = {["w"] * (MOST_WORDS + 1)}', "wants a list of words"),
    ],
)
def test_a_list_that_cannot_be_used_says_what_to_mend(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"themes\.toml") as caught:
        load(own(tmp_path, text))
    assert told in str(caught.value)
