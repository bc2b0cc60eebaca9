"""What people type wrong: exit codes, sentences, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, ROSTER, copy_of, filled, run, start
from xlplan.cli.app import COMMANDS

WRITING = (
    "init",
    "starters",
    "carry",
    "generate",
    "fill",
    "collect",
    "distribute",
    "letters",
    "remind",
    "wording",
    "extend",
    "export",
    "rollup",
    "status",
    "demo",
    "mark",
    "merge",
    "migrate",
    "review",
)


def test_there_are_commands() -> None:
    assert {
        "templates",
        "init",
        "generate",
        "cells",
        "fill",
        "read",
        "check",
        "collect",
        "status",
        "export",
        "rollup",
        "demo",
    } <= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_has_an_example_and_the_common_options(command: str) -> None:
    """Every command says what it does by an example, and takes --json, -q and -v; --dry-run where it writes."""
    done = run(command, "--help")
    assert done.code == 0 and f"Example: xlplan {command}" in " ".join(done.out.split())
    assert all(option in done.out for option in ("--json", "-q, --quiet", "-v, --verbose"))
    assert ("--dry-run" in done.out) is (command in WRITING)


def test_version() -> None:
    assert run("--version").out.startswith("xlplan ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"], ["init"], ["check"], ["check", "missing.xlsx"], ["read", "missing.xlsx"], ["cells",
        "missing"], ["templates", "nope"],
        ["status"], ["collect"], ["generate", "-C", "nowhere"], ["status", "-C", "nowhere"], ["fill", "a",
        "b", "-o", "c"],
        ["status", "--as-of", "soon"], ["check", ".", "--as-of", "2026-02-30"], ["--nope"], ["read", "a",
        "b"], ["check", "\x00"],
        ["check", "x" * 5000], ["read", "\ud800"], ["cells", ""], ["collect", "--received", "1/2/2026"],
        ["export", "--to", "x"],
    ],
)  # fmt: skip
def test_wrong_usage_is_two(arguments: list[str], tmp_path: Path) -> None:
    """A sentence on stderr, nothing on stdout, exit 2."""
    done = run(*arguments, cwd=tmp_path)
    assert done.code == 2, (done.out, done.err)
    assert done.err.strip() and not done.out


@pytest.mark.parametrize(
    ("roster", "options", "code"),
    [
        (ROSTER, {"plan_from": "2026-09-01", "plan_to": "2026-08-01"}, 2),
        (ROSTER, {"template": "nope"}, 2),
        (ROSTER, {"plan_from": "soon"}, 2),
        ("a,b\n1,2\n", {}, 4),
        ("", {}, 4),
        (ROSTER + ROSTER.splitlines()[1] + "\n", {}, 4),
        (ROSTER, {"district": "999"}, 2),
    ],
)  # fmt: skip
def test_a_campaign_that_cannot_begin_leaves_nothing(
    roster: str, options: dict[str, str], code: int, tmp_path: Path
) -> None:
    """The roster's or the template's fault is 4, a wrong option 2; no half-made campaign stays."""
    (tmp_path / "schools.csv").write_text(roster, encoding="utf-8")
    given = {
        "template": "sfss",
        "roster": str(tmp_path / "schools.csv"),
        "plan_from": "2026-09-01",
        "plan_to": "2027-06-30",
    } | options
    done = run(
        "init",
        tmp_path / "c",
        *(part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", value)),
    )
    assert done.code == code, done.err
    assert done.err.strip() and not (tmp_path / "c" / "campaign.toml").exists()


def test_a_campaign_at_fault_is_four(tmp_path: Path) -> None:
    folder = start(tmp_path / "c")
    settings = folder / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    for broken in (text.replace("plan_from", "plan_form"), "= nonsense", text.replace('"sfss"', '"sfsss"')):
        settings.write_text(broken, encoding="utf-8")
        for command in ("status", "generate", "collect", "rollup"):
            done = run(command, "-C", folder)
            assert done.code == 4, (command, done.err)
    settings.write_text(text, encoding="utf-8")
    (folder / "signing.key").unlink()
    assert run("generate", "-C", folder).code == 4


def test_init_twice_is_wrong_usage_and_harmless(tmp_path: Path) -> None:
    folder = start(tmp_path / "c")
    before = (folder / "campaign.toml").read_bytes(), (folder / "signing.key").read_bytes()
    done = run(
        "init", folder, "--template", "sfss", "--roster", tmp_path / "schools.csv", "--plan-from",
        "2026-09-01", "--plan-to", "2027-06-30",
    )  # fmt: skip
    assert done.code == 2
    assert before == ((folder / "campaign.toml").read_bytes(), (folder / "signing.key").read_bytes())
    if os.name == "posix":
        assert (folder / "signing.key").stat().st_mode & 0o077 == 0


def test_a_fault_of_ours_is_seventy_with_a_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A sentence that names the file to send; no traceback on the terminal."""

    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("xlplan.pipeline.cells.cells_of", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("cells", "sfss")
    assert done.code == 70 and not done.out
    (report,) = tmp_path.glob("xlplan-report-*.txt")
    assert str(report) in done.err and "boom" in report.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="Windows allows no such names")
def test_nothing_in_a_name_reaches_the_terminal_raw(tmp_path: Path) -> None:
    """Control characters, line breaks, direction marks and markup in names stay text."""
    names = [
        "\x1b[31mred.xlsx",
        "two\nlines: accepted.xlsx",
        "\x9b31m.xlsx",
        "\u202egpj.xlsx",
        "[bold]x.xlsx",
        "\x07.xlsx",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    done = run("check", tmp_path)
    assert done.code == 3
    assert not any(char in done.out for char in "\x1b\x07\x9b\u202e")
    assert "[bold]x.xlsx: refused" in done.out
    assert len([line for line in done.out.splitlines() if ": refused" in line]) == len(names)
    document = run("check", tmp_path, "--json")
    assert not any(char in document.out for char in "\x1b\x07\x9b\u202e")
    assert {Path(item["file"]).name for item in document.json["files"]} == set(names)
    missing = run("check", tmp_path / "\x1b[31mnone.xlsx")
    assert missing.code == 2 and "\x1b" not in missing.err


@pytest.mark.skipif(os.name != "posix", reason="names in UTF-16 there")
def test_a_name_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe.xlsx"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"x")
    for options in ([], ["--json"]):
        done = run("check", tmp_path, *options)
        assert done.code == 3 and done.out


def test_odd_files_do_not_stop_a_batch(tmp_path: Path) -> None:
    """Folders are searched, locks and hidden files left out, and each file answers for itself."""
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    inside = folder / "returns" / "week 1" / "deep"
    inside.mkdir(parents=True)
    assert filled(copy_of(folder, ADAMS), inside / "good.xlsx").code == 0
    for name, content in (("empty.xlsx", b""), ("zip.xlsx", b"PK\x03\x04" + b"\0" * 40), ("text.csv",
    b"a,b"), ("ole.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)):  # fmt: skip
        (folder / "returns" / name).write_bytes(content)
    for name in ("~$good.xlsx", ".~lock.good.xlsx#", ".DS_Store"):
        (inside / name).write_bytes(b"x")
    done = run("collect", "-C", folder, "--json")
    assert done.code == 3
    assert {Path(item["file"]).name: item["outcome"] for item in done.json["files"]} == {
        "good.xlsx": "accepted", "empty.xlsx": "refused", "zip.xlsx": "refused", "text.csv": "refused",
        "ole.xls": "refused",
    }  # fmt: skip


def test_cells_and_templates_documents(tmp_path: Path) -> None:
    """Of a template and of its copy the same cells; the keys are CONTRACT's."""
    document = run("cells", "sfss", "--json").json
    assert set(document) == {"schema", "template", "version", "cells"}
    keys = {
        "path",
        "sheet",
        "cell",
        "type",
        "required",
        "choices",
        "refers_to",
        "label",
        "locked",
        "min",
        "max",
        "max_length",
    }
    assert all(set(item) == keys for item in document["cells"])
    assert {item["type"] for item in document["cells"]} == {
        "text", "prose", "person", "date", "past-date", "money", "yes-no", "choice", "tick",
    }  # fmt: skip
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    assert run("cells", copy_of(folder, ADAMS), "--json").json == document
    assert run("templates", "--json").json["templates"]
    assert run("templates", "sfss", "--json").json["name"] == "sfss"


def test_quiet_and_verbose(tmp_path: Path) -> None:
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "-q").out == ""
    assert ADAMS in run("generate", "-C", folder, "-v").out
    assert len(run("status", "-C", folder, "-q").out.splitlines()) == 1
    assert len(run("status", "-C", folder).out.splitlines()) == 7


def test_the_terminal_is_written_to_in_utf8_and_without_colour(tmp_path: Path) -> None:
    """As a program of its own: any locale, NO_COLOR, no terminal: words only, and JSON alone on stdout."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    (tmp_path / "é.xlsx").write_bytes(b"x")
    done = subprocess.run(
        [sys.executable, "-m", "xlplan", "check", ".", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3 and done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["files"][0]["file"] == "é.xlsx"
