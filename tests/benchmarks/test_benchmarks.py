"""The comparisons run, and what they compare is equal; how fast is for `python -m benchmarks` to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main


def test_the_comparisons_run_and_compare_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every contender's output is asserted to be the same before it is timed; --quick keeps no figures."""
    main(["--quick", "--results", str(tmp_path)])
    told = capsys.readouterr().out
    for line in ("a fresh copy", "a return: bytes to rows", "a prefilled copy", "20 schools' copies"):
        assert line in told
    assert not list(tmp_path.iterdir())
