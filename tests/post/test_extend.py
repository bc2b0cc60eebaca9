"""More time for single schools: in the settings, in the next copies, in letters; and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, BROWNE, DISTRICT, run, start
from xlplan.campaign import read_settings
from xlplan.samples import sample_plans


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = start(tmp_path / "autumn")
    assert run("generate", "-C", made, "--school", ADAMS, "--school", BROWNE).code == 0
    return made


def issues(folder: Path) -> dict[str, int]:
    done = run("generate", "-C", folder, "--school", ADAMS, "--school", BROWNE, "--json").json
    return {item["school_id"]: item["issue"] for item in done["copies"]}


def test_generate_issues_the_new_day_and_nothing_else(folder: Path) -> None:
    """The older copy still reads."""
    (old,) = (folder / "copies").rglob(f"{ADAMS}_*.xlsx")
    kept = folder.parent / "old.xlsx"
    kept.write_bytes(old.read_bytes())
    done = run("extend", ADAMS, "--until", "2027-01-15", "--reason", "Flood.", "-C", folder, "--json").json
    assert done["extensions"] == [
        {"school_id": ADAMS, "school": "Adams Elementary", "before": "2026-12-18", "until": "2027-01-15"}
    ]
    assert f"{ADAMS} = 2027-01-15  # Flood." in (folder / "campaign.toml").read_text(encoding="utf-8")
    assert issues(folder) == {ADAMS: 2, BROWNE: 1}
    source = folder.parent / "plan.json"
    source.write_text(json.dumps(sample_plans("sfss")[1]), encoding="utf-8")
    assert run("fill", kept, source, "-o", folder / "returns" / "x.xlsx", "-C", folder).code == 0
    (item,) = run("collect", "-C", folder, "--received", "2027-01-10", "--json").json["files"]
    assert (item["outcome"], item["findings"]) == ("accepted", [])
    late = {
        line["school_id"]: line["late"]
        for line in run("status", "-C", folder, "--as-of", "2027-01-12", "--json").json["schools"]
    }
    assert late[ADAMS] is False and late[BROWNE] is True


def test_reminders_go_by_the_schools_own_day(folder: Path) -> None:
    run("extend", ADAMS, "--until", "2027-01-15", "-C", folder)
    issues(folder)
    near = run("remind", "-C", folder, "--as-of", "2026-12-15", "--within", "7", "--json").json["drafts"]
    assert [item["school_id"] for item in near] == [BROWNE]
    every = run("remind", "-C", folder, "--as-of", "2026-12-15", "--json").json
    text = next(
        (folder / item["file"]).read_bytes() for item in every["drafts"] if item["school_id"] == ADAMS
    )
    assert b"Subject: Adams Elementary: your 2026-27 plan is due in 31 days" in text
    assert b"later day that was agreed on with you" in text


def test_dropped_it_is_as_it_was(folder: Path) -> None:
    before = (folder / "campaign.toml").read_bytes()
    run("extend", ADAMS, BROWNE, DISTRICT, "--until", "2027-01-15", "-C", folder)
    assert len(read_settings(folder / "campaign.toml").extensions) == 3
    done = run("extend", ADAMS, BROWNE, DISTRICT, "--drop", "-C", folder)
    assert done.code == 0 and (folder / "campaign.toml").read_bytes() == before
    assert issues(folder) == {ADAMS: 1, BROWNE: 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((ADAMS,), "Say either the new day"),
        ((ADAMS, "--until", "2027-01-15", "--drop"), "Say either the new day"),
        ((ADAMS, "--until", "soon"), "'soon' is not a day"),
        ((ADAMS, "--until", "2026-12-18"), "is not later than the day that holds for all, 2026-12-18"),
        ((ADAMS, "--until", "2025-12-18"), "is not later"),
        (("530825001377", "--until", "2027-01-15"), "Did you mean"),
        ((ADAMS, "--drop"), "has no day of its own to take back"),
        ((ADAMS, "--drop", "--reason", "x"), "--reason"),
    ],
)
def test_what_is_no_extension_is_said_and_nothing_changes(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    before = (folder / "campaign.toml").read_bytes()
    done = run("extend", *words, "-C", folder)
    assert done.code == 2 and said in done.err
    assert (folder / "campaign.toml").read_bytes() == before


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    before = (folder / "campaign.toml").read_bytes()
    done = run("extend", ADAMS, "--until", "2027-01-15", "--dry-run", "-C", folder)
    assert done.code == 0 and "2027-01-15" in done.out and (folder / "campaign.toml").read_bytes() == before
