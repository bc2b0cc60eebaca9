"""How long commands take to start: the two quick questions beside a Typer program of one command, and every other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.figures import Demand, Figure, Section, Table, number
from benchmarks.returns import campaign_of, returned
from xlplan import __version__
from xlplan.cli.app import COMMANDS, GROUPS

OURS = "from xlplan.cli import main; main()"
TUTORIAL = "import typer\ndef main() -> None: print('xlplan {version}')\ntyper.run(main)"
LEAN = """
import typer
from typing import Annotated
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
def shown(asked: bool) -> None:
    if asked:
        print('xlplan {version}')
        raise typer.Exit
@app.command()
def main(version: Annotated[bool, typer.Option('--version', callback=shown, is_eager=True)] = False) -> None: ...
app()
"""
BY_US, BY_TUTORIAL, BY_LEAN, BY_PYTHON = (
    "xlplan", "Typer, one command, three lines", "Typer, one command with --version, without rich", "python -c pass",
)  # fmt: skip
RATIO = 1.5
SCHOOLS, RETURNED = 12, 8
EVERY = (
    "templates sfss", "cells sfss", "read {file}", "check {file}", "check {file} -C fall", "generate -C fall",
    "collect -C fall", "status -C fall", "status -C fall --format html", "history {school} -C fall",
    "diff {school} -C fall", "remind -C fall", "letters -C fall", "distribute -C fall",
    "extend {school} --until 2027-01-15 -C fall", "export -C fall --to tables --format csv", "trace -C fall",
    "rollup -C fall", "rollup -C fall --format html", "roster update fall/roster.csv -C fall", "ledger check -C fall",
)  # fmt: skip


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """`--version`, `--help`, and what each other command takes on a small campaign."""
    repeats = 1 if quick else 25
    return (
        _question("--version", "", "--version", repeats),
        _question("--help", "--help", "--help", repeats),
        _commands(folder, EVERY[:2] if quick else EVERY, 1 if quick else 5),
    )


def _question(ours: str, tutorial: str, lean: str, repeats: int) -> Section:
    """One quick question. `tutorial`, `lean`: how these programs are asked for the same."""
    commands = {
        BY_US: _python(OURS, ours), BY_TUTORIAL: _python(TUTORIAL.format(version=__version__), *tutorial.split()),
        BY_LEAN: _python(LEAN.format(version=__version__), lean), BY_PYTHON: _python("pass"),
    }  # fmt: skip
    _compared(ours, {name: _said(command) for name, command in commands.items() if name != BY_PYTHON})
    times = _in_turn(commands, repeats)
    return Section(
        title=f"xlplan {ours}",
        work="A fresh Python process that answers and ends, in turn with programs that have one command and no import "
        "but Typer. "
        + ("All print the same line." if ours == "--version" else "All print their help, ours with every command."),
        unit="a run",
        figures=tuple(
            Figure(
                by=name, milliseconds=took,
                who="ours" if name == BY_US else "limit" if name == BY_PYTHON else "peer",
            )
            for name, took in times.items()
        ),
        demands=tuple(
            Demand(what=f"xlplan beside {name}", measured=times[BY_US] / times[name], required=RATIO, at_least=False)
            for name in (BY_TUTORIAL, BY_LEAN)
        ),
    )  # fmt: skip


def _python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def _compared(question: str, said: Mapping[str, str]) -> None:
    if question == "--version":
        assert set(said.values()) == {f"xlplan {__version__}\n"}, said
        return
    assert all("Usage:" in text and "--help" in text for text in said.values()), said
    assert all(f"\n  {name} " in said[BY_US] for name in (*COMMANDS, *GROUPS)), said[BY_US]


def _commands(folder: Path, lines: Sequence[str], repeats: int) -> Section:
    """Each command for real; the campaign is as it was before every run."""
    place = folder / "kept"
    place.mkdir()
    campaign = campaign_of(place / "fall", SCHOOLS)
    files = list(returned(campaign, RETURNED))
    _run(_python(OURS, "collect", "-C", "fall", *map(str, files[:-2])), place)
    names = {"file": files[0].relative_to(place), "school": campaign.roster.schools[0].key}
    rows = []
    for line in lines:
        took = []
        for _ in range(repeats):
            here = Path(shutil.copytree(place, folder / "here"))
            took.append(_run(_python(OURS, *line.format(**names).split()), here))
            shutil.rmtree(here)
        shown = line.format(file="FILE", school="SCHOOL").replace("fall/", "")
        rows.append((f"`xlplan {shown}`", number(median(took))))
    return Section(
        title="Every command",
        work=f"A fresh process that does the whole command, on a campaign of {SCHOOLS} schools of which {RETURNED} "
        f"returned; {RETURNED - 2} returns are recorded, so that `collect` finds two new ones.",
        unit="a run",
        tables=(Table(heads=("command", "CPU ms"), rows=tuple(rows)),),
        remarks=("Which heavy libraries each may load is a table in `tests/cli/test_imports.py`.",),
    )


def _in_turn(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, float]:
    """The median CPU milliseconds of each command's process, run in turn, after one run to warm up."""
    samples: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            samples[name].append(_run(command))
    return {name: median(found) for name, found in samples.items()}


def _run(command: Sequence[str], folder: Path | None = None) -> float:
    """The CPU milliseconds of a process, user and system. Raises AssertionError where it stops with 2 or more."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    assert process.returncode < 2, f"{command}: {said}"  # 1: some plan has errors
    return (used.ru_utime + used.ru_stime) * 1000


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
