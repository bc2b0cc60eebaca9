"""The command line as people use it, run in this process: exit code, words, remarks, document."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlplan
from xlplan.cli import main

SAMPLE = Path(xlplan.__file__).parent / "samples" / "sfss" / "02-behaviour-elementary.json"
ROSTER = """district_id,district,school_id,school
5308250,Spokane School District,530825001378,Adams Elementary
5308250,Spokane School District,530825001379,Browne Elementary
5308250,Spokane School District,530825001380,Finch Elementary
5308250,Spokane School District,530825001381,Garry Middle
5308250,Spokane School District,,
"""
ADAMS, BROWNE, FINCH, GARRY, DISTRICT = (
    "530825001378",
    "530825001379",
    "530825001380",
    "530825001381",
    "5308250",
)


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict) and next(iter(found)) == "schema" and found["schema"] == 1
        return found


def run(*arguments: object, cwd: Path | None = None) -> Done:
    """`xlplan` with these arguments; no traceback ever reaches the reader."""
    out, err, before, place = io.StringIO(), io.StringIO(), sys.argv, Path.cwd()
    try:
        sys.argv = ["xlplan", *map(str, arguments)]
        if cwd is not None:
            os.chdir(cwd)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0
    finally:
        sys.argv = before
        os.chdir(place)
    assert "Traceback" not in out.getvalue() + err.getvalue()
    return Done(code, out.getvalue(), err.getvalue())


def start(folder: Path, **more: object) -> Path:
    """A campaign of four schools and the district's own plan."""
    roster = folder.parent / "schools.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    options = [part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", value)]
    done = run(
        "init", folder, "--template", "sfss", "--roster", roster, "--plan-from", "2026-09-01", "--plan-to",
        "2027-06-30",
        "--return-by", "2026-12-18", *options,
    )  # fmt: skip
    assert done.code == 0, done.err
    return folder


def copy_of(folder: Path, school: str) -> Path:
    (found,) = (folder / "copies").rglob(f"{school}_*.xlsx")
    return found


def plan(**changes: Any) -> dict[str, Any]:
    return json.loads(SAMPLE.read_text(encoding="utf-8")) | changes


def bad_plan() -> dict[str, Any]:
    """A plan with one fault."""
    made = plan()
    made["challenges"][0]["strategies"][0]["steps"][0]["due"] = "TBD"
    return made


def filled(copy: Path, out: Path, data: dict[str, Any] | None = None) -> Done:
    """The copy with a plan poured in."""
    source = out.with_suffix(".json")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(json.dumps(plan() if data is None else data), encoding="utf-8")
    try:
        return run("fill", copy, source, "-o", out, "--json")
    finally:
        source.unlink()
