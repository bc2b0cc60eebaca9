"""Run the comparisons, print the table, keep it in benchmarks/results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measures import Line, Made, importing, prefilling, stamping, whole_campaign
from benchmarks.subjects import WASHINGTON, subject

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("xlplan", "openpyxl", "pydantic", "SQLAlchemy")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and report. Raises AssertionError before timing what does not give the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one repeat of everything, nothing kept: does it run?"
    )
    parser.add_argument(
        "--roster", type=Path, help="the schools of the whole campaign, instead of invented ones"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder that keeps the figures")
    asked = parser.parse_args(arguments)
    repeats, files, schools = (1, 2, 20) if asked.quick else (9, 8, WASHINGTON)
    with tempfile.TemporaryDirectory() as folder:
        what = subject(files)
        lines = [
            *stamping(what, Path(folder), repeats),
            *importing(what, repeats),
            *prefilling(what, repeats),
        ]
        made = whole_campaign(Path(folder), asked.roster, schools)
    report = _report(lines, made, repeats)
    print(report)
    if not asked.quick:
        asked.results.mkdir(parents=True, exist_ok=True)
        (asked.results / "latest.md").write_text(report, encoding="utf-8")
        data = {"machine": _machine(), "lines": [asdict(line) for line in lines], "campaign": asdict(made)}
        (asked.results / "latest.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _report(lines: Sequence[Line], made: Made, repeats: int) -> str:
    machine = _machine()
    table = [
        f"| {line.name} | {line.ours:.3g} | {line.other_name} | {line.other:.3g} | {_said(line)} | {line.required} |"
        for line in lines
    ]
    return "\n".join(
        (
            "# Measured side by side",
            "",
            f"CPU milliseconds, medians of {repeats} turns; outputs compared before anything was timed.",
            "",
            "| what | xlplan | against | takes | ratio | required |",
            "| --- | ---: | --- | ---: | ---: | --- |",
            *table,
            "",
            f"{made.copies:,} schools' copies made, written and recorded in the ledger: {made.cpu:.2f} s CPU, "
            f"{made.wall:.2f} s in all, {made.megabytes:.1f} MB.",
            "",
            f"{machine['system']}, {machine['processors']} processors, Python {machine['python']}; "
            + ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
            + ".",
            "",
        )
    )


def _said(line: Line) -> str:
    ratio = line.other / line.ours
    return (
        f"{ratio:,.0f} × as fast"
        if ratio >= 10
        else f"{ratio:.1f} × as fast"
        if ratio > 1
        else f"{1 / ratio:.1f} × as long"
    )


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main()
