"""Every hostile file is answered within ten seconds and 500 MB, asserted by the system that runs the reader."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.excel.hostile import CASES
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Unreadable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and measures are those of Linux")
MEMORY, SECONDS = 500_000_000, 10
STARTING = 2  # seconds that a program of its own would take to import what reads, and to make the forms
READ = {  # foolish, and within bounds: what they hold is read
    "cell-at-the-last-place", "cells-by-the-million", "cells-everywhere", "cells-up-to-the-bound",
    "comments-by-the-million", "instructions-by-the-million", "rows-styled", "ods-cell-at-the-last-place",
    "xls-runs-beyond-the-end",
}  # fmt: skip
# Once started, it gives every file a process of its own, whose limits and peak are its own.
LIMITED = f"""
import gc, json, os, resource, signal, sys
from pathlib import Path
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

def answer(file):
    os.dup2(os.open(file + ".err", os.O_CREAT | os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS - STARTING}, {SECONDS - STARTING}))
    signal.alarm(60)
    checked = check_file(open(file, "rb").read(), "plan.xlsx", Context()).checked
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    told = [(one.code, one.message, one.remedy) for one in checked.findings]
    Path(file + ".out").write_text(json.dumps([checked.outcome, int(peak) * 1024, told]))

strange = check_file(open(sys.argv[1], "rb").read(), "plan.xlsx", Context()).checked
assert [one.code for one in strange.findings] == ["not-ours"]
gc.freeze()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        answer(line.rstrip("\\n"))
        os._exit(0)  # to tidy up would copy all the memory that it shares
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Limited = Callable[[Path], int]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Limited]:
    """Checks a file within the limits: what its process ended with. The answer lies beside the file, and any remark."""
    strange = tmp_path_factory.mktemp("limited") / "strange.xlsx"
    book = Workbook()
    book.active["A1"] = "Lunch menu"
    book.save(strange)
    with subprocess.Popen(
        [sys.executable, "-c", LIMITED, str(strange)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdin is not None and server.stdout is not None
        asked, told = server.stdin, server.stdout

        def check(file: Path) -> int:
            asked.write(f"{file}\n")
            asked.flush()
            return int(told.readline())

        yield check
        asked.close()


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_answered_within_bounds(name: str, tmp_path: Path, limited: Limited) -> None:
    """By one sentence, without a traceback."""
    file = tmp_path / "plan.xlsx"
    file.write_bytes(CASES[name]())
    code = limited(file)
    remarks = file.with_suffix(".xlsx.err").read_text()
    assert code == 0 and not remarks, (name, code, remarks[-500:])
    outcome, peak, told = json.loads(file.with_suffix(".xlsx.out").read_text())
    assert outcome == "refused" and len(told) == 1 and peak < MEMORY, (name, outcome, peak, told)
    found, *said = told[0]
    assert (found == "not-ours") == (name in READ), (name, told)
    assert all(sentence.endswith(".") and sentence.isprintable() for sentence in said)


@pytest.mark.parametrize(
    "name", ["laughs", "quadratic", "external-entity", "parameter-entity", "bomb-honest"]
)
def test_what_no_program_writes_is_named_so(name: str) -> None:
    """A bomb is told from a plan that has grown too large."""
    answer = read_workbook(CASES[name]())
    assert isinstance(answer, Unreadable) and answer.code == "hostile"
