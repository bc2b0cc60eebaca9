"""The comparisons run, and what they compare is equal; how fast is for `python -m benchmarks` to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_comparisons_run_and_compare_equal(tmp_path: Path) -> None:
    """Every contender's output is asserted to be the same before it is timed; --quick keeps no figures."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--results", str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
    for line in ("a fresh copy", "a return: bytes to rows", "a prefilled copy", "20 schools' copies"):
        assert line in done.stdout
    assert not list(tmp_path.iterdir())
