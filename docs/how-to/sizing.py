"""The table of `a-whole-state.md`: what so many schools take, from the figures kept in benchmarks/results.

python docs/how-to/sizing.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "a-whole-state.md"
RESULTS = HERE.parents[1] / "benchmarks" / "results"
TABLE = re.compile(r"(?<=<!-- made by docs/how-to/sizing\.py -->\n\n).*?(?=\n\n<!-- to here -->)", re.DOTALL)
UNKNOWN = "—"
SCHOOLS = {"Spokane": 68, "Washington": 2_525, "California": 10_000, "United States": 99_000}

# what is told of so many schools: result, section, contender, and how its milliseconds for one become a text
Text = Callable[[float], str]


def rows() -> list[tuple[str, float | None, Text]]:
    """Of each line of the table: what it says, how much of it for one school, and how so much is written."""
    return [
        ("Make the copies, CPU time", figure("making", "generate"), duration),
        ("Collect the returns, CPU time", figure("collecting", "collect, 10,000 returns"), duration),
        ("Collect the same again, CPU time", figure("collecting", "collect again, 10,000 returns"), duration),
        ("Roll up, CPU time", figure("rollups", "xlplan"), duration),
        ("Copies on disk", 58_000, size),
        ("Returns on disk or in a bucket", 73_000, size),
        ("The ledger, with the bytes of every return", 97_000, size),
    ]


def figure(result: str, by: str) -> float | None:
    """Milliseconds of CPU for one school, by the name of a contender or what it begins with; None if not measured."""
    file = RESULTS / f"{result}.json"
    if not file.exists():
        return None
    found = json.loads(file.read_text("utf-8"))
    for section in found["sections"] if isinstance(found, dict) else ():
        for item in section["figures"]:
            if item["who"] == "ours" and item["by"].startswith(by):
                return float(item["milliseconds"])
    return None


def duration(milliseconds: float) -> str:
    """5 s, 3 min, 1.5 h."""
    seconds = milliseconds / 1000
    if seconds < 90:
        return f"{max(seconds, 0.1):.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def size(count: float) -> str:
    """4 MB, 1.4 GB."""
    return f"{count / 1e6:,.0f} MB" if count < 1e9 else f"{count / 1e9:,.1f} GB"


def table() -> str:
    """The lines of the table."""
    heads = " | ".join(f"{place}: {count:,}" for place, count in SCHOOLS.items())
    lines = [f"| schools | {heads} |", "| --- | " + " | ".join(["---:"] * len(SCHOOLS)) + " |"]
    for said, one, text in rows():
        cells = (UNKNOWN if one is None else text(one * count) for count in SCHOOLS.values())
        lines.append(f"| {said} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page() -> str:
    """The page with its table as it should be."""
    return TABLE.sub(lambda _: table(), PAGE.read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
