"""Capacities come into campaign.toml without a loss of what people wrote there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from xlplan.campaign import Settings, read_settings, settings_text
from xlplan.campaign.toml_edit import keep_extensions, keep_slots
from xlplan.errors import SetupError

SETTINGS = Settings(id="fall", template="sfss", plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30))
HEAD = '[campaign]\nid = "fall"\ntemplate = "sfss"\nplan_from = 2026-09-01\nplan_to = 2027-06-30\n'


def edited(tmp_path: Path, text: str, keys: list[str], slots: dict[str, int]) -> tuple[str, Settings]:
    path = tmp_path / "campaign.toml"
    path.write_bytes(text.encode())
    keep_slots(path, keys, slots)
    return path.read_bytes().decode(), read_settings(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_remarks_and_order_stay(tmp_path: Path, end: str) -> None:
    """Only the line with the number is new, in the file's own line ends."""
    text = (
        settings_text(SETTINGS)
        .replace("\n", end)
        .replace("[severity]", "# ours: ask Kim first" + end + "[severity]")
    )
    made, settings = edited(tmp_path, text, [], {"resources": 12})
    assert settings.slots == {"resources": 12}
    before, after = text.split(end), made.split(end)
    assert [line for line in after if line not in before] == ["resources = 12"]
    assert [line for line in after if line != "resources = 12"] == before


def test_a_number_is_changed_in_its_line(tmp_path: Path) -> None:
    made, settings = edited(
        tmp_path, HEAD + '[slots]\n"a[].b" = 3  # agreed in May\nresources = 9\n', [], {"a[].b": 5}
    )
    assert '"a[].b" = 5  # agreed in May\nresources = 9\n' in made and settings.slots == {
        "a[].b": 5,
        "resources": 9,
    }


def test_a_school_gets_a_section_of_its_own(tmp_path: Path) -> None:
    """Behind [slots], and the second time in the same section."""
    made, settings = edited(tmp_path, settings_text(SETTINGS), ["530825001378"], {"resources": 12})
    assert settings.school_slots == {"530825001378": {"resources": 12}} and settings.slots == {}
    again, settings = edited(tmp_path, made, ["530825001378", "D 1"], {"resources": 14, "rules": 7})
    assert settings.school_slots == {
        "530825001378": {"resources": 14, "rules": 7}, "D 1": {"resources": 14, "rules": 7},
    }  # fmt: skip
    assert again.count("[slots.530825001378]") == 1


def test_a_file_without_the_section_gets_one(tmp_path: Path) -> None:
    _, settings = edited(tmp_path, HEAD, [], {"resources": 12})
    assert settings.slots == {"resources": 12}


def test_what_lines_cannot_be_put_into_stays_as_it_is(tmp_path: Path) -> None:
    """An inline table: nothing is written, and the lines to add are said."""
    text = HEAD.replace("[campaign]", "slots = {resources = 3}\n[campaign]")
    with pytest.raises(SetupError, match="resources = 12"):
        edited(tmp_path, text, [], {"resources": 12})
    assert (tmp_path / "campaign.toml").read_text() == text


# --- extensions

LATER = date(2027, 1, 15)


def extended(
    tmp_path: Path, text: str, until: date | None, reason: str = "", keys: tuple[str, ...] = ("11",)
) -> str:
    path = tmp_path / "campaign.toml"
    path.write_bytes(text.encode())
    keep_extensions(path, keys, until, reason)
    return path.read_bytes().decode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_extension_is_one_line_and_comes_out_again(tmp_path: Path, end: str) -> None:
    """What stood there before stays, remarks and line ends too."""
    text = settings_text(SETTINGS).replace("\n", end)
    made = extended(tmp_path, text, LATER, "Flood in\n the gym.")
    assert [line for line in made.split(end) if line not in text.split(end)] == [
        "11 = 2027-01-15  # Flood in the gym."
    ]
    assert read_settings(tmp_path / "campaign.toml").extensions == {"11": LATER}
    assert extended(tmp_path, made, None) == text


@pytest.mark.parametrize(
    ("before", "reason", "after"),
    [
        ('"11" = 2026-11-15  # agreed in May', "", "11 = 2027-01-15  # agreed in May"),
        ('"11" = 2026-11-15  # agreed in May', "Flood.", "11 = 2027-01-15  # Flood."),
        ("  '11' = \"2026-11-15\"", "", "  11 = 2027-01-15"),
        ("11=2026-11-15", "", "11 = 2027-01-15"),
    ],
)
def test_a_day_that_stands_there_is_changed_in_its_line(
    tmp_path: Path, before: str, reason: str, after: str
) -> None:
    text = f"{HEAD}# ours\n[extension]\n12 = 2026-12-01\n{before}\n\n[severity]\n"
    assert extended(tmp_path, text, LATER, reason) == text.replace(before, after)
    assert extended(tmp_path, text, None) == text.replace(f"{before}\n", "")


def test_several_schools_with_odd_ids_in_a_file_without_the_section(tmp_path: Path) -> None:
    keys = ("11", "D 1", 'q"x', "é")
    extended(tmp_path, HEAD, LATER, keys=keys)
    assert read_settings(tmp_path / "campaign.toml").extensions == dict.fromkeys(keys, LATER)


def test_an_inline_extension_stays_as_it_is(tmp_path: Path) -> None:
    text = 'extension = {"11" = 2026-12-01}\n' + HEAD
    for until in (LATER, None):
        with pytest.raises(SetupError, match=r"\[extension\]"):
            extended(tmp_path, text, until)
        assert (tmp_path / "campaign.toml").read_text() == text


def test_a_schools_slots_are_no_extension(tmp_path: Path) -> None:
    """The same key elsewhere is left alone."""
    text = f'{HEAD}[slots.11]\nresources = 9\n\n[help]\n11 = "2026-12-01"\n'
    made = extended(tmp_path, text, LATER)
    assert '[help]\n11 = "2026-12-01"\n' in made and made.count("2027-01-15") == 1
