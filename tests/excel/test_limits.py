"""Every hostile file is answered within ten seconds and 500 MB, asserted by the system that runs the reader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.excel.hostile import CASES
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Unreadable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and measures are those of Linux")
MEMORY, SECONDS = 500_000_000, 10
READ = {  # foolish, and within bounds: what they hold is read
    "cell-at-the-last-place", "cells-by-the-million", "cells-everywhere", "cells-up-to-the-bound",
    "comments-by-the-million", "instructions-by-the-million", "rows-styled", "ods-cell-at-the-last-place",
    "xls-runs-beyond-the-end",
}  # fmt: skip
LIMITED = f"""
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from xlplan.pipeline.check import Context, check_file
checked = check_file(open(sys.argv[1], "rb").read(), "plan.xlsx", Context()).checked
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
told = [(one.code, one.message, one.remedy) for one in checked.findings]
print(json.dumps([checked.outcome, int(peak) * 1024, told]))
"""


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_answered_within_bounds(name: str, tmp_path: Path) -> None:
    """By one sentence, without a traceback."""
    file = tmp_path / "plan.xlsx"
    file.write_bytes(CASES[name]())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0 and not done.stderr, (name, done.returncode, done.stderr[-500:])
    outcome, peak, told = json.loads(done.stdout)
    assert outcome == "refused" and len(told) == 1 and peak < MEMORY, (name, outcome, peak, told)
    code, *said = told[0]
    assert (code == "not-ours") == (name in READ), (name, told)
    assert all(sentence.endswith(".") and sentence.isprintable() for sentence in said)


@pytest.mark.parametrize(
    "name", ["laughs", "quadratic", "external-entity", "parameter-entity", "bomb-honest"]
)
def test_what_no_program_writes_is_named_so(name: str) -> None:
    """A bomb is told from a plan that has grown too large."""
    answer = read_workbook(CASES[name]())
    assert isinstance(answer, Unreadable) and answer.code == "hostile"
