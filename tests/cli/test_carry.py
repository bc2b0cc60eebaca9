"""Next year on the command line: init --from, carry, generate, history --row, as the how-to says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.cli.runner import ADAMS, BROWNE, Done, copy_of, filled, plan, run, start

NEXT = ("--plan-from", "2027-09-01", "--plan-to", "2028-06-30")
STEPS = "challenges[0].strategies[0].steps"


def autumn(folder: Path) -> Path:
    """A campaign of which Adams has returned a plan, with one step of three done."""
    start(folder, contact="plans@district.example")
    assert run("generate", "-C", folder).code == 0
    returned(folder, ADAMS)
    return folder


def returned(folder: Path, key: str) -> None:
    data: dict[str, Any] = plan()
    steps = data["challenges"][0]["strategies"][0]["steps"]
    data["challenges"][0]["strategies"][0]["steps"] = [
        {**steps[0], "action": action, "done": done}
        for action, done in (("Visit each room", True), ("Order readers", None), ("Call families", False))
    ]
    filled(copy_of(folder, key), folder / "returns" / f"{key}.xlsx", data)
    done = run("collect", "-C", folder, "--received", "2026-12-01")
    assert done.code == 0, done.out


def states(done: Done) -> dict[str, str]:
    return {item["school_id"]: item["state"] for item in done.json["plans"]}


def test_next_year_begins_with_what_is_open(tmp_path: Path) -> None:
    """Words, documents and exit codes of a year that follows on another; a late plan; a row over both years."""
    old, new = autumn(tmp_path / "autumn"), tmp_path / "next"
    foretold = run("init", new, "--from", old, *NEXT, "--dry-run", "--json")
    assert foretold.code == 0 and not new.exists() and states(foretold)[ADAMS] == "carried"
    assert "Would carry 1 plan; " in foretold.err
    done = run("init", new, "--from", old, *NEXT, "--return-by", "2027-12-17")
    assert done.code == 0 and "Made" in done.out and "xlplan generate -C" in done.out
    assert "Carried 1 plan; " in done.err and "Browne Elementary" in done.err
    settings = (new / "campaign.toml").read_text("utf-8")
    assert 'from = "../autumn"' in settings and 'round = "carried"' in settings
    assert 'contact = "plans@district.example"' in settings and "return_by = 2027-12-17" in settings
    assert run("generate", "-C", new).code == 0
    cells = run("read", copy_of(new, ADAMS), "-C", new, "--json").json["plan"]["challenges"][0]
    assert [step["action"] for step in cells["strategies"][0]["steps"]] == ["Order readers", "Call families"]
    assert [step["last_status"] for step in cells["strategies"][0]["steps"]] == ["Not done", "Not done"]

    again = run("carry", "-C", new)
    assert again.code == 0 and "1 plan carried before as it is." in again.out
    returned(old, BROWNE)
    assert states(run("carry", "-C", new, "--json", "--dry-run"))[BROWNE] == "carried"
    late = run("carry", "-C", new, "--school", BROWNE)
    assert late.code == 0 and "Carried 1 plan" in late.out and "xlplan generate" in late.out
    issues = {
        item["school_id"]: item["issue"] for item in run("generate", "-C", new, "--json").json["copies"]
    }
    assert (issues[ADAMS], issues[BROWNE]) == (1, 2)

    row = run("history", ADAMS, "--row", f"{STEPS}[1].due", "-C", new, "--json").json
    assert (row["row"], row["place"], row["rounds"][0]["path"]) == (f"{STEPS}[1]", "step 1.2", f"{STEPS}[2]")
    said = run("history", ADAMS, "--row", f"{STEPS}[1]", "-C", new)
    assert (
        said.code == 0 and "step 1.2" in said.out and "Not done" in said.out and "Call families" in said.out
    )
    record = run("ledger", "check", "-C", new)
    assert "2 carried records" in record.out
    moved = tmp_path / "away"
    shutil.move(old, moved)
    gone = run("carry", "-C", new)
    assert gone.code == 2 and "is not there" in gone.err and "campaign.toml" in gone.err
    assert run("history", ADAMS, "--row", f"{STEPS}[1]", "-C", new).code == 0


def test_a_mid_year_check_keeps_the_days_of_the_plan(tmp_path: Path) -> None:
    """Nothing has to be said for it but where the plans are."""
    old = autumn(tmp_path / "autumn")
    done = run("init", tmp_path / "winter", "--from", old, "--status-round", "--json")
    assert done.code == 0 and done.json["round"] == "status" and states(done)[ADAMS] == "carried"
    (mine,) = (item for item in done.json["plans"] if item["school_id"] == ADAMS)
    assert mine["left_out"] == [] and f"{STEPS}[0].done" in mine["emptied"] and mine["homeless"] == []
    settings = (tmp_path / "winter" / "campaign.toml").read_text("utf-8")
    assert "plan_to = 2027-06-30" in settings and 'year = "2026-27"' in settings
    assert run("generate", "-C", tmp_path / "winter").code == 0


def test_what_cannot_be_carried_is_said_before_anything_is_written(tmp_path: Path) -> None:
    """Usage that leaves something open, folders that are none, a row that is not there."""
    old = autumn(tmp_path / "autumn")
    new = tmp_path / "next"
    for words, said in (
        (("--from", old), "--plan-from, --plan-to"),
        (("--from", tmp_path / "nothing", *NEXT), "this is not a campaign"),
        (("--status-round", *NEXT), "--from"),
        (("--template", "sfss", *NEXT), "--roster: needed, unless --from"),
        (("--from", old, "--plan-from", "2028-01-01", "--plan-to", "2027-01-01"), "before the first"),
        (("--from", old, *NEXT, "--district", "1"), "no district"),
        (("--from", old, *NEXT, "--template", "nope"), "no template"),
    ):
        done = run("init", new, *words)
        assert done.code == 2 and said in done.err, (words, done.err)
        assert not new.exists()
    assert run("init", old, "--from", old, *NEXT).code == 2
    other = run("init", new, "--from", old, *NEXT, "--template", "data-team")
    assert other.code == 0 and "No plan counts there" in other.err
    first = run("carry", "-C", old)
    assert first.code == 2 and "carries on no other one" in first.err
    row = run("history", ADAMS, "--row", "challenges[3].strategies[0]", "-C", old)
    assert row.code == 2 and "no plan of this school has a row there" in row.err
