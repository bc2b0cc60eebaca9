"""Run the benchmarks, or those named; print their tables, keep them in benchmarks/results."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.figures import Demand, Section, installed, markdown, number

RESULTS = Path(__file__).parent / "results"
NAMES = ("making", "reading", "collecting", "starting", "rollups", "growing")
PACKAGES = (
    "xlplan", "openpyxl", "XlsxWriter", "pandas", "python-calamine", "pydantic", "SQLAlchemy", "typer", "isal",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and report. Raises AssertionError before timing what does not give the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all if none is named"
    )
    parser.add_argument("--quick", action="store_true", help="everything small, nothing kept: does it run?")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder that keeps the figures")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    machine = machine_of()
    for name in asked.names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            sections = importlib.import_module(f"benchmarks.{name}").measure(Path(folder), quick=asked.quick)
        report = report_of(name, sections, machine)
        print(report, flush=True)
        if not asked.quick:
            asked.results.mkdir(parents=True, exist_ok=True)
            (asked.results / f"{name}.md").write_text(report, encoding="utf-8")
            data = {"machine": machine, "sections": [asdict(section) for section in sections]}
            (asked.results / f"{name}.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
            (asked.results / "README.md").write_text(index_of(asked.results), encoding="utf-8")


def index_of(results: Path) -> str:
    """The page over all that is kept: every demand with what was measured, and where it missed, why."""
    lines = [
        "# What was measured", "",
        "`python -m benchmarks` measures all of it and writes these pages. Contenders do the same work; their output "
        "is compared before they are timed. Ratios hold on other machines, milliseconds do not.",
        "", "| demand | demanded | measured | |", "| --- | ---: | ---: | --- |",
    ]  # fmt: skip
    for name in NAMES:
        file = results / f"{name}.json"
        if not file.exists():
            continue
        for section in json.loads(file.read_text("utf-8"))["sections"]:
            for told in section["demands"]:
                demand = Demand(**told)
                sign = "≥" if demand.at_least else "≤"
                lines.append(
                    f"| [{name}]({name}.md), {section['title']}: {demand.what} | {sign} {number(demand.required)} "
                    f"| {number(demand.measured)} | {'met' if demand.met else '**missed**'} |"
                )
    lines += [
        "",
        "Instructions of one workbook, compared by every run of the tests: [instructions.json](instructions.json).",
    ]
    return "\n".join([*lines, ""])


def report_of(name: str, sections: Sequence[Section], machine: dict[str, Any]) -> str:
    """A benchmark's page."""
    others = dict(pair for section in sections for pair in section.versions)
    versions = {**machine["packages"], **others}
    said = ", ".join(f"{package} {number}" for package, number in versions.items())
    return "\n".join(
        (
            f"# {name.capitalize()}",
            "",
            *map(markdown, sections),
            f"{machine['system']}, {machine['processor']}, {machine['processors']} processors, "
            f"{machine['memory']}; Python {machine['python']}; {said}.",
            "",
        )
    )


def machine_of() -> dict[str, Any]:
    """The machine and the versions of what ran on it."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in cpus if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": model,
        "processors": os.cpu_count(),
        "memory": f"{memory:.0f} GB",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := installed(name))},
    }


if __name__ == "__main__":
    main()
