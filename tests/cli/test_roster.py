"""The roster changes while plans are out: nothing is written unasked, and no return is lost or counts for another."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import (
    ADAMS,
    BROWNE,
    DISTRICT,
    FINCH,
    GARRY,
    ROSTER,
    Done,
    bad_plan,
    copy_of,
    filled,
    run,
    start,
)
from tests.specimens.edits import everywhere
from xlplan.errors import XlplanError
from xlplan.ledger import Ledger
from xlplan.pipeline import roster_update

MERGED = "530825001390"
NEW = f"""school_id,school,district_id,district
{ADAMS},Adams STEM Elementary,5308250,Spokane School District
{GARRY},Garry Middle,4444444,Riverside
{MERGED},Browne-Finch Elementary,5308250,Spokane School District
,,5308250,Spokane School District
"""


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose copies are out and filled, in `filled/`, when the roster changes."""
    folder = start(tmp_path_factory.mktemp("roster") / "autumn")
    assert run("generate", "-C", folder).code == 0
    for key in (ADAMS, BROWNE, FINCH, GARRY):
        assert filled(copy_of(folder, key), folder.parent / "filled" / f"{key}.xlsx").code == 0
    return folder


def nameless(path: Path, out: Path, **change: str) -> Path:
    """The workbook with every identity gone, and other texts changed."""
    content = path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        identity = re.search(rb"XLPLAN1\.[\w-]+\.[\w-]*", parts.read("docProps/custom.xml"))
    assert identity is not None
    for old, new in ({identity[0].decode(): "gone"} | change).items():
        content = everywhere(content, old, new)
    out.write_bytes(content)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def collected(done: Done) -> dict[str, tuple[str | None, str, set[str]]]:
    return {
        Path(item["file"]).name: (
            item["school_id"],
            item["outcome"],
            {one["code"] for one in item["findings"]},
        )
        for item in done.json["files"]
    }


def schools(folder: Path) -> dict[str, dict[str, Any]]:
    return {item["school_id"]: item for item in run("status", "-C", folder, "--json").json["schools"]}


def test_a_roster_that_changes_between_copies_and_returns(autumn: Path, tmp_path: Path) -> None:
    """Renamed, moved, merged, added: told first, written when asked, and every return finds its place."""
    new, settings = tmp_path / "new.csv", autumn / "campaign.toml"
    new.write_text(NEW, encoding="utf-8")
    settings.write_text(
        settings.read_text("utf-8") + f"\n[slots.{BROWNE}]\nresources = 20\n", encoding="utf-8"
    )
    before = files(autumn)

    # told, and nothing written: neither by the preview, nor where the settings would break
    for more in ([], ["--dry-run"], ["--apply", "--dry-run"], ["--apply"]):
        told = run("roster", "update", new, "-C", autumn, "--json", *more)
        assert told.code == 4 and f"[slots.{BROWNE}]" in told.err and files(autumn) == before
    document = run("roster", "update", new, "-C", autumn, "--json").json
    assert [item["school_id"] for item in document["added"]] == [MERGED]
    assert {item["school_id"]: (item["issued"], item["returns"]) for item in document["closed"]} == {
        BROWNE: (1, 0), FINCH: (1, 0),
    }  # fmt: skip
    assert {item["school_id"]: (item["renamed"], item["moved"]) for item in document["altered"]} == {
        ADAMS: (True, False), GARRY: (False, True),
    }  # fmt: skip
    assert document["candidates"] == [{"kind": "merged", "gone": [BROWNE, FINCH], "now": [MERGED]}]
    assert document["reissued"] == [ADAMS, GARRY] and not document["applied"]

    # written, with the former roster kept as it was; and again is no change
    ask = ("roster", "update", new, "-C", autumn, "--drop-settings", "--apply", "--json")
    done = run(*ask, "--merged", f"{BROWNE}={MERGED}", "--merged", f"{FINCH}={MERGED}")
    assert done.code == 0 and done.json["candidates"] == []
    assert (autumn / done.json["kept"]).read_bytes() == before["roster.csv"]
    after = files(autumn)
    assert b"# [slots.530825001379]\n# resources = 20\n" in after["campaign.toml"]
    assert run(*ask).code == 0 and files(autumn) == after
    assert {
        item["merged_into"] for item in run("roster", "closed", "-C", autumn, "--json").json["closed"]
    } == {MERGED}
    assert run("history", MERGED, "-C", autumn, "--json").json["plans"][0]["absorbed"] == [BROWNE, FINCH]

    # copies that are out stay valid: no word about the former name or district, and the new one in the plan
    made, came = autumn.parent / "filled", autumn / "returns"
    for key in (ADAMS, GARRY, BROWNE):
        (came / f"{key}.xlsx").write_bytes((made / f"{key}.xlsx").read_bytes())
    nameless(made / f"{ADAMS}.xlsx", came / "former-name.xlsx", Finch="Lynch")
    nameless(made / f"{FINCH}.xlsx", came / "closed.xlsx")
    done = run("collect", "-C", autumn, "--json")
    found = collected(done)
    assert found[f"{ADAMS}.xlsx"][:2] == (ADAMS, "accepted") and not found[f"{ADAMS}.xlsx"][2] & {
        "label-changed"
    }
    assert found[f"{ADAMS}.xlsx"][2] == found[f"{GARRY}.xlsx"][2]
    assert found[f"{BROWNE}.xlsx"][0] == BROWNE and "school-closed" in found[f"{BROWNE}.xlsx"][2]
    assert found["former-name.xlsx"][0] == ADAMS and "school-matched" in found["former-name.xlsx"][2]
    assert found["closed.xlsx"][0] is None
    plans = {item["school_id"]: item["plan"] for item in done.json["files"]}
    assert plans[ADAMS]["school"] == "Adams STEM Elementary" and plans[GARRY]["district"] == "Riverside"
    assert not any(BROWNE in item.get("correction", "") for item in done.json["files"])

    # a closed school is asked for nothing, counts nowhere, and its return is still there
    assert set(schools(autumn)) == {ADAMS, GARRY, MERGED, DISTRICT}
    assert run("collect", came / "closed.xlsx", "--as", FINCH, "-C", autumn).code == 0
    closed = {
        item["school_id"]: item for item in run("roster", "closed", "-C", autumn, "--json").json["closed"]
    }
    assert {key: item["returns"] for key, item in closed.items()} == {BROWNE: 1, FINCH: 1}
    assert run("status", "-C", autumn, "--json").json["unplaced"] == []
    summary = (autumn / "reports" / "summary.xlsx").as_posix()
    assert run("rollup", "-C", autumn, "--dry-run", "--json").json == {
        "schema": 1, "file": summary, "files": [summary], "plans": 2, "schools": 4,
    }  # fmt: skip

    # the next copies show what is so now
    issued = {
        item["school_id"]: item["issue"] for item in run("generate", "-C", autumn, "--json").json["copies"]
    }
    assert issued[ADAMS] > 1 and issued[GARRY] == 2 and issued[MERGED] == 1 and issued[DISTRICT] == 1


def test_a_file_that_says_nothing_gets_its_school_by_a_persons_word(tmp_path: Path) -> None:
    """Once, however often it is said; a wrong match is taken back; a file's own identity cannot be overruled."""
    folder = start(tmp_path / "fall")
    assert run("generate", "-C", folder).code == 0
    good, parked = tmp_path / "good.xlsx", folder / "returns" / "parked.xlsx"
    assert filled(copy_of(folder, ADAMS), good, bad_plan()).code == 1
    nameless(good, parked, **{ADAMS: BROWNE})  # its name and its id are two schools'
    matched = nameless(good, folder / "returns" / "matched.xlsx", TBD="TBC")

    done = run("collect", "-C", folder)
    assert "Nearest: Browne Elementary (530825001379): its ID; Adams Elementary" in done.out
    assert "taken for the plan of Adams Elementary" in done.out
    assert run("status", "-C", folder, "--json").json["unplaced"] == ["returns/parked.xlsx"]

    def say(path: Path, key: str, *more: str) -> Done:
        return run("collect", path, "--as", key, "-C", folder, "--json", *more)

    for path, key in ((folder / "returns", ADAMS), (parked, "53082500137"), (good, BROWNE)):
        assert say(path, key).code == 2
    assert say(parked, GARRY, "--dry-run").json["files"][0]["school_id"] == GARRY
    assert schools(folder)[GARRY]["returns"] == 0
    (said,) = say(parked, GARRY).json["files"]
    assert said["school_id"] == GARRY and not said["already"] and "fix2" in said["correction"]
    told = {item["code"]: item for item in said["findings"]}
    assert "“Adams Elementary” and “530825001379”" in told["school-said"]["message"]
    assert (
        say(parked, GARRY).json["files"][0]["already"]
        and run("collect", "-C", folder, "--json").json["summary"]["already"] == 2
    )
    assert run("status", "-C", folder, "--json").json["unplaced"] == []

    # the match was wrong: it counts for the school that was said, and no more for the other
    (taken,) = say(matched, FINCH).json["files"]
    wrong = next((folder / "corrections").rglob(f"{ADAMS}_*"))
    again = run("collect", matched, "--as", FINCH, "-C", folder)
    assert "taken for Adams Elementary" in again.out and wrong.name in again.out
    copy = folder / taken["correction"]
    before = copy.read_bytes()
    copy.unlink()
    wrong.unlink()
    assert run("collect", "-C", folder).code == 1
    assert copy.read_bytes() == before and not wrong.exists()
    with Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}") as ledger:
        assert [(item.file, item.school_key) for item in ledger.returns()] == [
            ("returns/matched.xlsx", ADAMS), ("returns/parked.xlsx", None),
            ("returns/parked.xlsx", GARRY), ("returns/matched.xlsx", FINCH),
        ]  # fmt: skip
        assert [item.school_key for item in ledger.counting_returns("newest", "readable")] == [FINCH, GARRY]
        assert ledger.verify_chain() == []


def test_what_cannot_be_this_campaigns_roster_is_refused(tmp_path: Path) -> None:
    folder = start(tmp_path / "fall")
    strangers = tmp_path / "strangers.csv"
    strangers.write_text("district_id,district,school_id,school\n1,Mead,2,Colbert\n", encoding="utf-8")
    new = tmp_path / "new.csv"
    new.write_text(ROSTER.replace(f"5308250,Spokane School District,{FINCH},Finch Elementary\n", ""), "utf-8")
    before = files(folder)
    for arguments, said in (
        ([strangers], "same kind of ids"),
        ([new, "--merged", f"{ADAMS}={BROWNE}"], "is on the new roster"),
        ([new, "--merged", f"53082500138={BROWNE}"], f'Did you mean "{FINCH}"'),
        ([new, "--merged", f"{FINCH}={GARRY}1"], f'Did you mean "{GARRY}"'),
        ([new, "--merged", FINCH], "two schools' ids"),
        ([new, "--district", "9"], 'no district "9"'),
    ):
        done = run("roster", "update", *arguments, "--apply", "-C", folder)
        assert done.code == 2 and said in done.err and files(folder) == before
    new.write_text(
        new.read_text("utf-8").replace("\n5308250,Spokane School District,,", f",\n5308250,S,{ADAMS},A"),
        "utf-8",
    )
    assert run("roster", "update", new, "--apply", "-C", folder).code == 4 and files(folder) == before


def test_broken_off_it_leaves_a_campaign_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever file could not be written; run again it is whole, and the first roster is still there."""
    folder, new = start(tmp_path / "fall"), tmp_path / "new.csv"
    new.write_text(NEW, encoding="utf-8")
    settings = folder / "campaign.toml"
    settings.write_text(
        settings.read_text("utf-8") + f"\n[slots.{BROWNE}]\nresources = 20\n", encoding="utf-8"
    )
    roster = (folder / "roster.csv").read_bytes()
    ask = ("roster", "update", new, "--drop-settings", "--apply", "-C", folder)
    for name in ("write_former", "write_safely", "write_roster"):
        with monkeypatch.context() as patch:
            patch.setattr(roster_update, name, _broken)
            assert run(*ask).code == 2
        assert (folder / "roster.csv").read_bytes() == roster and len(schools(folder)) == 5
    done = run(*ask, "--json")
    assert done.code == 0 and (folder / done.json["kept"]).read_bytes() == roster
    assert (
        len(schools(folder)) == 4 and len(run("roster", "closed", "-C", folder, "--json").json["closed"]) == 2
    )


def _broken(*_: object) -> None:
    raise XlplanError("The disk is full.")


@pytest.mark.parametrize(("command", "writes"), [("update", True), ("closed", False)])
def test_the_commands_say_what_they_do(command: str, writes: bool) -> None:
    done = run("roster", command, "--help")
    assert done.code == 0 and f"Example: xlplan roster {command}" in " ".join(done.out.split())
    assert all(option in done.out for option in ("--json", "-q, --quiet", "-v, --verbose"))
    assert ("--dry-run" in done.out) is ("--apply" in done.out) is writes
