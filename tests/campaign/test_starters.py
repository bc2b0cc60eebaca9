"""The files to double-click: they find their campaign and xlplan wherever both stand, and say what to do if not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runner import run, start
from xlplan.campaign.starters import FOLDER, PYTHON, TASKS, starters, write_starters

ODD = 'plans & "2026" 100% é $HOME `x` it\'s'  # a folder as people call theirs
SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]
posix = pytest.mark.skipif(os.name == "nt", reason="the scripts of other systems")
ACTIONS = {
    "Collect returns": ["-P -m xlplan watch --open"],
    "Make the summary": ["-P -m xlplan rollup --format html", "-P -m xlplan rollup --format xlsx"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign's folder, as far as a starter looks, with a Python that tells how it is called."""
    root = tmp_path / ODD
    root.mkdir()
    (root / "campaign.toml").touch()
    python = tmp_path / "the python & co" / "python"
    python.parent.mkdir()
    python.write_text(
        '#!/bin/sh\nif [ "$2" = -c ]; then exit "${NO_XLPLAN:-0}"; fi\n'
        'printf "%s\\n" "$*" >> called; pwd >> where; exit "${CODE:-0}"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    write_starters(root, str(python))
    return root


def scripts(root: Path) -> list[Path]:
    return [path for path in sorted((root / FOLDER).rglob("*")) if path.suffix in (".sh", ".command")]


def ran(command: list[str], tmp_path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command from another folder, on a machine that has next to nothing."""
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "dirname", "env"):
        if not (tools / tool).exists():
            (tools / tool).symlink_to(shutil.which(tool) or "")
    environment = {"PATH": str(tools), "HOME": str(tmp_path), **more}
    return subprocess.run(
        command,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def called(root: Path) -> list[str]:
    told = root / "called"
    assert not told.exists() or set((root / "where").read_text(encoding="utf-8").splitlines()) == {str(root)}
    return told.read_text(encoding="utf-8").splitlines() if told.exists() else []


@posix
@pytest.mark.parametrize("shell", ["", *SHELLS])
def test_a_script_runs_its_commands_in_its_campaign(shell: str, folder: Path, tmp_path: Path) -> None:
    """By itself or through any shell, from anywhere, with the Python that made the campaign."""
    assert len(scripts(folder)) == 4
    for script in scripts(folder):
        done = ran([shutil.which(shell) or "", str(script)] if shell else [str(script)], tmp_path)
        assert called(folder) == ACTIONS[script.stem] and done.returncode == 0, done
        if script.stem == "Make the summary":  # there is nothing here that could show it
            assert f"The page is {folder}/reports/summary.html" in done.stdout
        (folder / "called").unlink()


@posix
def test_moved_or_copied_it_still_works(folder: Path, tmp_path: Path) -> None:
    """Nothing in the folder says where it was made, but for the Python that is tried first."""
    moved = tmp_path / "elsewhere" / "autumn"
    moved.parent.mkdir()
    shutil.copytree(folder, moved)
    shutil.rmtree(folder)
    ran([str(scripts(moved)[0])], tmp_path)
    assert called(moved)


@posix
def test_a_link_to_it_works(folder: Path, tmp_path: Path) -> None:
    """As the shortcuts of Linux desktops are."""
    for script in scripts(folder):
        link = tmp_path / "Desktop" / script.name
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(script)
        done = subprocess.run(
            ["/bin/sh", str(link)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        assert "was not found" not in done.stdout, done


@posix
@pytest.mark.parametrize("has", ["path", "local", "python3", "nothing"])
def test_without_that_python_it_looks_for_others(has: str, folder: Path, tmp_path: Path) -> None:
    """`xlplan` on the PATH, what pipx and uv leave, any Python that has it; or it says how to get it."""
    (folder / PYTHON).write_text("/nowhere/python\n", encoding="utf-8")
    tools, local = tmp_path / "tools", tmp_path / ".local" / "bin"
    ran(["sh", "-c", ":"], tmp_path)
    place = {"path": tools / "xlplan", "local": local / "xlplan", "python3": tools / "python3"}.get(has)
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "the python & co" / "python", place)
    (script,) = [path for path in scripts(folder) if path.name == "Collect returns.sh"]
    done = ran([str(script)], tmp_path)
    if has == "nothing":
        assert done.returncode == 1 and "Install Python 3.11" in done.stdout and called(folder) == []
    else:
        assert called(folder) == [("-P -m xlplan " if has == "python3" else "") + "watch --open"]


@posix
def test_a_command_that_fails_shows_no_old_summary(folder: Path, tmp_path: Path) -> None:
    """Neither is the workbook made after the page failed; the window's code is the command's."""
    (script,) = [path for path in scripts(folder) if path.name == "Make the summary.sh"]
    done = ran([str(script)], tmp_path, CODE="4")
    assert done.returncode == 4 and called(folder) == ["-P -m xlplan rollup --format html"]


@posix
def test_away_from_its_campaign_it_says_so(folder: Path, tmp_path: Path) -> None:
    """Somebody has moved it to the desktop."""
    desktop = tmp_path / "Desktop" / "a" / "b"
    desktop.mkdir(parents=True)
    for script in scripts(folder):
        moved = shutil.copy(script, desktop / script.name)
        done = ran([str(moved)], tmp_path)
        assert done.returncode == 1 and "The campaign was not found." in done.stdout


@posix
def test_the_desktop_entry_runs_the_script_beside_it(folder: Path, tmp_path: Path) -> None:
    """Its Exec line, unquoted as the Desktop Entry Specification says, with the entry's own path for %k."""
    for entry in (folder / FOLDER / "Linux").glob("*.desktop"):
        keys = dict(line.split("=", 1) for line in entry.read_text(encoding="ascii").splitlines()[1:])
        assert keys["Type"] == "Application" and keys["Terminal"] == "true" and keys["Name"] == entry.stem
        value = re.sub(
            r"\\(.)", r"\1", keys["Exec"]
        )  # a value of a key; then arguments, some in double quotes
        found = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', value)
        words = [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for quoted, bare in found]
        words = [str(entry) if word == "%k" else word for word in words]
        assert words[0] == "sh" and len(words) == 5
        done = ran(words, tmp_path)
        assert called(folder) == ACTIONS[entry.stem], done
        (folder / "called").unlink()


def test_what_windows_runs_is_written_as_it_reads_it() -> None:
    """Plain ASCII with its own line ends; every path stands in quotes, nothing is expanded twice."""
    found = [starter for starter in starters("C:\\Users\\José\\python.exe") if starter.file.suffix == ".cmd"]
    assert len(found) == len(TASKS)
    for starter in found:
        assert starter.content.isascii() and starter.content.count(b"\n") == starter.content.count(b"\r\n")
        lines = starter.content.decode("ascii").split("\r\n")
        assert lines[0] == "@echo off" and "DisableDelayedExpansion" in lines[1] and lines[-2] == "pause"
        labels = {line for line in lines if line.startswith(":")}
        assert {f":{name}" for name in re.findall(r"goto (\w+)", "\n".join(lines))} <= labels
        for line in lines:
            quoted = re.sub(r'"[^"]*"', "", line)
            assert "%~" not in quoted and "%XLPLAN_PYTHON%" not in quoted and "@" not in quoted.lstrip("@"), (
                line
            )
            expanded_twice = line.startswith("call ") and not line.startswith(("call py ", "call xlplan "))
            assert not expanded_twice and "(" not in re.sub(r'in \("[^"]*"\) do', "", line), line


def test_they_hold_nothing_of_the_campaign() -> None:
    """The same files for every district; the path of Python stands in one of them alone."""
    one, other = starters("/usr/bin/one"), starters("/usr/bin/other")
    assert [a.file.as_posix() for a, b in zip(one, other, strict=True) if a.content != b.content] == [PYTHON]
    assert not [starter for starter in starters("") if starter.file.as_posix() == PYTHON]
    surrogate = starters("/home/jos\udce9/python")
    assert b"/home/jos\xe9/python\n" in [starter.content for starter in surrogate]


def test_init_writes_them_and_starters_puts_them_back(tmp_path: Path) -> None:
    """A dry run names them all; what is there as it should be is left alone."""
    wanted = [starter.file for starter in starters(sys.executable)]
    folder = start(tmp_path / "autumn")
    assert all((folder / file).is_file() for file in wanted)
    roster = tmp_path / "schools.csv"
    days = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    dry = run("init", tmp_path / "x", "--template", "sfss", "--roster", roster, *days, "--dry-run")
    assert all(str(tmp_path / "x" / file) in dry.out for file in wanted) and not (tmp_path / "x").exists()
    assert run("starters", "-C", folder).out == "All of them are there as they should be.\n"
    script = folder / FOLDER / "Linux" / "Collect returns.sh"
    script.write_text("echo something else", encoding="utf-8")
    (folder / FOLDER / "READ ME.txt").unlink()
    done = run("starters", "-C", folder, "--dry-run", "--json").json
    assert done["files"] == [file.as_posix() for file in wanted]
    assert done["written"] == ["start/READ ME.txt", "start/Linux/Collect returns.sh"]
    assert script.read_text(encoding="utf-8") == "echo something else"
    assert len(run("starters", "-C", folder).out.splitlines()) == 2
    assert b"watch --open" in script.read_bytes() and (os.name == "nt" or os.access(script, os.X_OK))
