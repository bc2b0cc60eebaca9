"""A campaign's folder is made whole, opened with clear words, and never overwritten."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from xlplan.campaign import (
    Campaign,
    School,
    Settings,
    Waiver,
    create,
    find_campaign,
    open_campaign,
    write_roster,
    write_safely,
    write_settings,
)
from xlplan.errors import SetupError, UsageError, XlplanError

SETTINGS = Settings(
    id="fall", template="sfss", plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30), year="2026-27"
)
FERRIS = School(district_id="5308250", district="Spokane", school_id="0530", school="Ferris")
ROGERS = School(district_id="5308250", district="Spokane", school_id="0531", school="Rogers")
TEAM = replace(ROGERS, template="data_team")


def campaign(folder: Path) -> Campaign:
    return create(folder / "fall", SETTINGS, [FERRIS, ROGERS, TEAM])


def test_a_new_campaign_opens_as_it_was_made(tmp_path: Path) -> None:
    """With its folders, and a key of its own."""
    made = campaign(tmp_path)
    assert made == open_campaign(tmp_path / "fall")
    assert made.settings == SETTINGS
    assert made.roster.schools == (FERRIS, ROGERS, TEAM)
    assert len(made.key) == 32 and made.key.hex() not in repr(made)
    assert all(folder.is_dir() for folder in (made.copies, made.returns, made.corrections, made.reports))
    assert made.ledger_url == f"sqlite:///{(tmp_path / 'fall' / 'ledger.sqlite').as_posix()}"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    """Mode 0600."""
    campaign(tmp_path)
    assert (tmp_path / "fall" / "signing.key").stat().st_mode & 0o777 == 0o600


def test_a_campaign_is_never_made_over_another(tmp_path: Path) -> None:
    """The key would be lost, and with it every copy sent out."""
    key = campaign(tmp_path).key
    with pytest.raises(UsageError, match="already"):
        campaign(tmp_path)
    assert open_campaign(tmp_path / "fall").key == key


def test_init_that_broke_off_can_be_run_again(tmp_path: Path) -> None:
    """The key stays, since copies may bear it."""
    key = campaign(tmp_path).key
    (tmp_path / "fall" / "campaign.toml").unlink()
    assert campaign(tmp_path).key == key


def test_the_roster_that_init_was_given_may_be_the_campaigns_own(tmp_path: Path) -> None:
    """It keeps its other columns; another roster is not overwritten."""
    own = tmp_path / "roster.csv"
    write_roster(own, [FERRIS])
    own.write_text(own.read_text().replace("school\n", "school,town\n").replace("Ferris\n", "Ferris,S\n"))
    with pytest.raises(UsageError, match="another roster"):
        create(tmp_path, SETTINGS, [ROGERS])
    create(tmp_path, SETTINGS, [FERRIS])
    assert "town" in own.read_text()


def test_schools_are_found_by_key(tmp_path: Path) -> None:
    """The nearest is named for one that is not there; copies of several plans are named by template."""
    made = campaign(tmp_path)
    assert made.school("0530") == FERRIS
    assert made.plans_of("0531") == (ROGERS, TEAM)
    assert [made.template_of(school) for school in made.plans_of("0531")] == ["sfss", "data_team"]
    assert made.copy_path(FERRIS) == PurePosixPath("copies/5308250_spokane/0530_spokane-ferris.xlsx")
    assert made.copy_path(TEAM).name == "0531_spokane-rogers-data_team.xlsx"
    with pytest.raises(UsageError, match='Did you mean "0530"'):
        made.school("530")


def test_a_campaign_crosses_a_process_border(tmp_path: Path) -> None:
    """Many files go through processes."""
    made = campaign(tmp_path)
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_folder_without_a_campaign_says_so(tmp_path: Path) -> None:
    """find gives None, open a usage error."""
    assert find_campaign(tmp_path) is None
    with pytest.raises(UsageError, match="xlplan init"):
        open_campaign(tmp_path)
    made = campaign(tmp_path)
    assert find_campaign(made.root) == made


def test_the_current_folder_is_looked_at_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `-C` says."""
    made = campaign(tmp_path)
    monkeypatch.chdir(made.root)
    assert find_campaign() == made


@pytest.mark.parametrize(("file", "said"), [("roster.csv", "roster is gone"), ("signing.key", "key is gone")])
def test_a_missing_part_is_named(tmp_path: Path, file: str, said: str) -> None:
    """The campaign is at fault, exit 4."""
    campaign(tmp_path)
    (tmp_path / "fall" / file).unlink()
    with pytest.raises(SetupError, match=said):
        open_campaign(tmp_path / "fall")


@pytest.mark.parametrize("key", ["", "zz" * 32, "ab" * 31, "ä"])
def test_a_spoilt_key_is_not_used(tmp_path: Path, key: str) -> None:
    """Nothing shorter signs a copy."""
    campaign(tmp_path)
    (tmp_path / "fall" / "signing.key").write_text(key, encoding="utf-8")
    with pytest.raises(SetupError, match="not a key"):
        open_campaign(tmp_path / "fall")


def test_settings_name_schools_of_the_roster(tmp_path: Path) -> None:
    """Slots, waivers and extensions alike; all at once."""
    made = campaign(tmp_path)
    waiver = Waiver(rule="stray", reason="r", school="7")
    wrong = replace(
        SETTINGS, school_slots={"053": {"a": 1}}, extensions={"8": date(2026, 9, 9)}, waivers=(waiver,)
    )
    write_settings(made.root / "campaign.toml", wrong)
    with pytest.raises(SetupError) as caught:
        open_campaign(made.root)
    assert len(str(caught.value).splitlines()) == 3
    assert '[slots.053]: there is no school "053" on the roster; the nearest is "0530"' in str(caught.value)


def test_one_plan_per_school_and_template_counts_the_campaigns_template(tmp_path: Path) -> None:
    """A line without a template and one that names the default are the same plan."""
    with pytest.raises(SetupError, match="twice for template sfss"):
        create(tmp_path / "fall", SETTINGS, [FERRIS, replace(FERRIS, template="sfss")])


@pytest.mark.parametrize(
    ("ledger", "url"), [("postgresql://db/plans", "postgresql://db/plans"), ("x.db", "sqlite:///{root}/x.db")]
)
def test_the_ledger_may_stand_elsewhere(tmp_path: Path, ledger: str, url: str) -> None:
    """By URL, or by a file name within the folder."""
    made = create(tmp_path / "fall", replace(SETTINGS, ledger=ledger), [FERRIS])
    assert made.ledger_url == url.format(root=(tmp_path / "fall").as_posix())


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """No draft is left behind, and the reason is told."""
    write_safely(tmp_path / "a" / "b.txt", b"one")
    write_safely(tmp_path / "a" / "b.txt", b"two")
    assert [path.read_bytes() for path in (tmp_path / "a").iterdir()] == [b"two"]
    (tmp_path / "a" / "folder" / "full").mkdir(parents=True)
    with pytest.raises(XlplanError, match="folder: could not be written"):
        write_safely(tmp_path / "a" / "folder", b"three")
    with pytest.raises(XlplanError, match=r"could not be written"):
        write_safely(tmp_path / "a" / "b.txt" / "c.txt", b"four")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b.txt", "folder"]
