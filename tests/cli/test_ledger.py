"""Looking after the ledger by commands: exit codes, sentences, and what is left on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import ADAMS, BROWNE, bad_plan, copy_of, filled, run, start
from tests.ledger.records import NOW, a_return, tamper
from tests.postgresql import PASSWORD
from xlplan.cli.ledger import app
from xlplan.ledger import Ledger
from xlplan.ledger.schema import SCHEMA_VERSION

COMMANDS = sorted(info.callback.__name__ for info in app.registered_commands if info.callback)
OLD = Path(__file__).parents[1] / "ledger" / "files" / "schema-1.sqlite"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with a rejected plan of Adams, an accepted one of Browne, and a file that is none."""
    folder = start(tmp_path_factory.mktemp("ledger") / "fall")
    assert run("generate", "-C", folder, "--school", ADAMS, "--school", BROWNE).code == 0
    filled(copy_of(folder, ADAMS), folder / "returns" / "adams.xlsx", bad_plan())
    filled(copy_of(folder, BROWNE), folder / "returns" / "browne.xlsx")
    (folder / "returns" / "note.xlsx").write_bytes(b"no workbook")
    assert run("collect", "-C", folder).code == 3
    return folder


@pytest.fixture
def folder(collected: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(collected, tmp_path / "fall"))


def url_of(folder: Path) -> str:
    return f"sqlite:///{(folder / 'ledger.sqlite').as_posix()}"


def stored(folder: Path) -> dict[str, Any]:
    """The recorded returns by the names of their files."""
    with Ledger.open(url_of(folder)) as ledger:
        return {Path(item.file).name: item for item in ledger.returns()}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_and_the_common_options(command: str) -> None:
    done = run("ledger", command, "--help")
    assert done.code == 0 and f"Example: xlplan ledger {command}" in " ".join(done.out.split())
    assert all(option in done.out for option in ("--json", "-q, --quiet", "-v, --verbose", "-C, --campaign"))


def test_check_tells_what_is_sound_and_what_is_not(folder: Path) -> None:
    """0, or 1 with a line for each problem; a head that was noted before is found again, or missed."""
    done = run("ledger", "check", "-C", folder, "--json")
    head = done.json["head"]
    assert (done.code, done.json["sound"], done.json["problems"]) == (0, True, [])
    assert {key: done.json["counts"][key] for key in ("copy", "return", "erasure")} == {
        "copy": 3, "return": 3, "erasure": 0,
    }  # fmt: skip
    with Ledger.open(url_of(folder)) as ledger:
        ledger.record_return(a_return("more"), now=NOW)
    said = run("ledger", "check", "-C", folder, "--head", head["hash"].upper())
    assert said.code == 0 and f"is entry {head['entry']} of {head['entry'] + 1}" in said.out
    tamper(url_of(folder), "UPDATE returns SET outcome = 'accepted' WHERE id = 1")
    said = run("ledger", "check", "-C", folder, "-q", "--head", "0" * 64)
    assert (said.code, said.out.splitlines()[0]) == (1, "The return 1 was changed after it was recorded.")
    assert f"The entry {'0' * 64} is not in the chain" in said.out.splitlines()[1]
    told = run("ledger", "check", "-C", folder, "--head", "0" * 64, "--json").json
    assert (told["sound"], told["noted"], len(told["problems"])) == (False, None, 2)
    assert run("ledger", "check", "-C", folder, "--head", "0f").code == 2


def test_a_lost_ledger_comes_back_from_its_backup(folder: Path, tmp_path: Path) -> None:
    """With all that was collected: nothing is recorded anew, and the round goes on."""
    kept = tmp_path / "safe" / "kept.sqlite"
    done = run("ledger", "backup", "-C", folder, kept, "--json")
    assert (done.code, done.json["file"], done.json["sound"]) == (0, kept.as_posix(), True)
    before, bytes_ = run("status", "-C", folder, "--json").out, kept.read_bytes()
    assert run("ledger", "backup", "-C", folder, kept).code == 2 and kept.read_bytes() == bytes_
    assert run("ledger", "restore", "-C", folder, kept).code == 2  # there is one
    (folder / "ledger.sqlite").unlink()
    for command in ("check", "backup", "upgrade"):  # no ledger is made for the asking
        more = [tmp_path / "other"] if command == "backup" else []
        assert run("ledger", command, "-C", folder, *more).code == 2
    assert not (folder / "ledger.sqlite").exists() and not (tmp_path / "other").exists()
    assert run("ledger", "restore", "-C", folder, tmp_path / "nothing").code == 2
    assert run("ledger", "restore", "-C", folder, kept).code == 0
    assert run("status", "-C", folder, "--json").out == before
    assert run("collect", "-C", folder, "--json").json["summary"]["already"] == 3


def test_an_older_ledger_is_named_until_it_is_upgraded(folder: Path) -> None:
    """By every command, with 4; then it is there, and the former one beside it."""
    shutil.copy(OLD, folder / "ledger.sqlite")
    for command in (["status"], ["collect"], ["generate"], ["ledger", "check"], ["ledger", "backup", "b"]):
        done = run(*command[:2], "-C", folder, *command[2:])
        assert done.code == 4 and "Run `xlplan ledger upgrade`" in done.err
    done = run("ledger", "upgrade", "-C", folder, "--json").json
    assert (done["before"], done["after"]) == (1, SCHEMA_VERSION) and Path(done["backup"]).read_bytes()[
        :6
    ] == b"SQLite"
    assert run("ledger", "upgrade", "-C", folder, "--json").json["backup"] is None
    assert run("ledger", "check", "-C", folder).code == 0


def test_erasing_leaves_no_file_of_ours_and_names_the_others(folder: Path) -> None:
    """The correction copy goes; the return itself, a decision workbook and older ledgers are a person's to delete."""
    items = stored(folder)
    (fix,) = folder.rglob("*-fix2.xlsx")
    shutil.copy(folder / "returns" / "adams.xlsx", folder / "returns" / "again.xlsx")
    shutil.copy(folder / "ledger.sqlite", folder / "older.sqlite")
    (folder / "decisions.xlsx").write_bytes(b"quotes")
    with Ledger.open(url_of(folder)) as ledger:
        ledger.record_waiting(ADAMS, "sfss", [items["adams.xlsx"].id], "decisions.xlsx", "0" * 64, now=NOW)
        merged = a_return("merged", kind="merge", parents=(items["adams.xlsx"].id,))
        ledger.record_return(merged, now=NOW)
    ask = ("ledger", "erase", "-C", folder, items["adams.xlsx"].sha256[:6].upper(), "--reason", "request 17")
    rehearsed = run(*ask, "--dry-run", "--json").json
    assert fix.exists() and stored(folder)["adams.xlsx"].plan is not None
    done = run(*ask, "--json").json
    assert done == rehearsed | {"erased": True}
    assert done["deleted"] == [fix.relative_to(folder).as_posix()] and not fix.exists()
    assert set(done["by_hand"]) == {
        "returns/adams.xlsx",
        "returns/again.xlsx",
        "decisions.xlsx",
        "older.sqlite",
    }
    assert [item["sha256"] for item in done["derived"]] == [merged.sha256]
    again = run(*ask, "--json").json
    assert (again["already"], again["erased"], again["deleted"]) == (True, False, [])
    said = run("collect", "-C", folder, folder / "returns" / "again.xlsx", "--json")
    (file,) = said.json["files"]
    assert (file["already"], file["erased"], file["plan"], file["findings"]) == (True, True, None, [])
    assert "erased on request" in run("collect", "-C", folder).out and not fix.exists()
    assert run("ledger", "check", "-C", folder).code == 0
    assert all(run(command, ADAMS, "-C", folder).code == 0 for command in ("history", "receipt"))


def test_a_plan_that_counted_is_named_and_one_that_somebody_changed_is_left(folder: Path) -> None:
    """What is not as we issued it holds somebody's work; a refused file can be erased like any other."""
    items = stored(folder)
    (fix,) = folder.rglob("*-fix2.xlsx")
    fix.write_bytes(b"typed in meanwhile")
    adams = run("ledger", "erase", "-C", folder, items["adams.xlsx"].sha256, "--reason", "17", "--json").json
    assert fix.exists() and fix.relative_to(folder).as_posix() in adams["by_hand"] and adams["deleted"] == []
    browne = run("ledger", "erase", "-C", folder, items["browne.xlsx"].sha256, "--reason", "18")
    assert "It was the plan that counts" in browne.out
    states = {
        item["school_id"]: item["state"] for item in run("status", "-C", folder, "--json").json["schools"]
    }
    assert states[BROWNE] == states[ADAMS] == "issued"  # there is no plan of theirs any more
    assert run("ledger", "erase", "-C", folder, items["note.xlsx"].sha256, "--reason", "19").code == 0
    done = run("collect", "-C", folder, "--json")
    assert all(file["already"] and file["erased"] for file in done.json["files"]) and len(stored(folder)) == 1
    assert all(run(command, "-C", folder).code == 0 for command in ("status", "rollup"))
    for wrong in (
        ["abc12", "--reason", "x"],
        ["0" * 64, "--reason", "x"],
        ["zzzzzz", "--reason", "x"],
        ["0" * 9],
    ):
        assert run("ledger", "erase", "-C", folder, *wrong).code == 2
    done = run("ledger", "erase", "-C", folder, items["adams.xlsx"].sha256, "--reason", " ")
    assert done.code == 2 and "--reason" in done.err


def test_the_ledger_of_a_campaign_can_be_on_a_server(
    folder: Path, postgresql: Callable[[], str], tmp_path: Path
) -> None:
    """Moved there by a backup; commands go on as before, and its password is told nowhere."""
    before, kept = run("status", "-C", folder, "--json").out, tmp_path / "kept.sqlite"
    assert run("ledger", "backup", "-C", folder, kept).code == 0
    (folder / "ledger.sqlite").unlink()
    settings, address = folder / "campaign.toml", postgresql()
    text = "".join(
        line
        for line in settings.read_text(encoding="utf-8").splitlines(True)
        if not line.startswith("ledger =")
    )
    assert "[campaign]\n" in text

    def kept_at(place: str) -> None:
        named = text.replace("[campaign]\n", f'[campaign]\nledger = "{place}"\n')
        settings.write_text(named, encoding="utf-8")

    kept_at(address)
    assert run("ledger", "check", "-C", folder).code == 2
    assert run("ledger", "restore", "-C", folder, kept).code == 0
    assert run("status", "-C", folder, "--json").out == before
    assert run("collect", "-C", folder, "--json").json["summary"]["already"] == 3
    with Ledger.open(address) as ledger:
        sha256 = ledger.returns()[0].sha256
    assert run("ledger", "erase", "-C", folder, sha256, "--reason", "request 17").code == 0
    assert run("ledger", "check", "-C", folder).code == 0 and not (folder / "ledger.sqlite").exists()
    kept_at(f"{address}_gone")
    done = run("status", "-C", folder)
    assert done.code == 2 and "does not exist" in done.err and PASSWORD not in done.err + done.out
