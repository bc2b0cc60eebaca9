"""The comparisons run, and what they compare is equal; how fast is for `python -m benchmarks` to say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.timing import alone, here

TITLES: Mapping[str, tuple[str, ...]] = {
    "making": ("A fresh copy", "A prefilled copy", "A campaign's copies"),
    "reading": (
        "A return to rows: as the copy was issued, filled in",
        "Where the time goes",
        "The cells alone",
    ),
    "collecting": ("20 returns", "Two processes, 10 returns", "The ledger's share"),
    "growing": ("Cost of a plan by the number of plans",),
    "starting": ("xlplan --version", "xlplan --help", "Every command"),
    "rollups": ("A rollup of 12 plans", "A state of 20 plans"),
}


@pytest.mark.parametrize("name", TITLES)
def test_the_comparisons_run_and_compare_equal(name: str, tmp_path: Path) -> None:
    """Every contender's output is asserted to be the same before it is timed; --quick keeps no figures."""
    command = [sys.executable, "-m", "benchmarks", name, "--quick", "--results", str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
    for title in TITLES[name]:
        assert f"\n## {title}\n" in done.stdout
    assert not list(tmp_path.iterdir())


def test_alone_is_in_a_process_of_its_own() -> None:
    """What this one holds does not count as its memory; here it does."""
    held = b"x" * 200_000_000
    apart, together = (clock("benchmarks.timing:peak_megabytes") for clock in (alone, here))
    assert apart.megabytes < 100 and together.megabytes > len(held) / 1_000_000
    assert apart.answer == pytest.approx(apart.megabytes, rel=0.1)
