"""How many instructions small pieces of work take: `python -m benchmarks.instructions`, compared with those kept.

Seconds are noisy, these are not: Valgrind counts what the program itself executes. Where the Python, the machine or a
library that does the work is another than that of the figures kept, the comparison says that it cannot judge.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from pyexpat import EXPAT_VERSION
from typing import Any

from benchmarks.figures import installed

RESULTS = Path(__file__).parent / "results" / "instructions.json"
ROOT = Path(__file__).parents[1]
TOLERANCE = 0.05  # beyond which a figure is another one
NOISE = 0.001  # by which the same code differs from run to run, as measured
REPEATS = 3
WORKS = (
    "a fresh copy, stamped", "a prefilled copy, poured", "a return, read", "a return, read and checked",
    "a return's rows for the ledger",
)  # fmt: skip
PACKAGES = ("pydantic", "pydantic-core", "typer", "deflate", "isal", "SQLAlchemy")
COUNTED = "PyRun_StringFlags"  # the C function behind exec("…"), within which is counted
HELP = "from xlplan.cli import main; main()"


def main() -> int:
    """Count, and compare or keep. 1 where a piece of work takes more than it did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__)
    parser.add_argument("--update", action="store_true", help="keep these figures")
    asked = parser.parse_args()
    if shutil.which("valgrind") is None or shutil.which("vgdb") is None:
        print("Cannot judge: Valgrind is not installed (apt-get install valgrind).")
        return 0
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    here, name = conditions(), platform.python_version().rpartition(".")[0]
    if not asked.update and (why := _other(kept.get(name, {}).get("conditions"), here, name)):
        print(f"Cannot judge: {why}")
        return 0
    found = counted()
    if asked.update:
        kept[name] = {"conditions": here, "instructions": found}
        RESULTS.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")
    return compared(found, kept[name]["instructions"])


def compared(found: Mapping[str, int], kept: Mapping[str, int]) -> int:
    """Print both beside each other; 1 where any is beyond the tolerance."""
    slower, faster = [], []
    for work, count in found.items():
        before = kept.get(work)
        if before is None:
            print(f"{work:<34}{count:>14,}  not kept yet")
            faster.append(work)
            continue
        change = count / before - 1
        print(f"{work:<34}{count:>14,}{change:>+9.1%}")
        slower += [work] if change > TOLERANCE else []
        faster += [work] if change < -TOLERANCE else []
    if faster:
        print(f"New or faster: {', '.join(faster)}. Keep that: python -m benchmarks.instructions --update")
    if slower:
        print(
            f"Slower by more than {TOLERANCE:.0%} (noise is below {NOISE:.1%}): {', '.join(slower)}. Mend it, or if it "
            "is worth that, keep the new figures: python -m benchmarks.instructions --update"
        )
    return 1 if slower else 0


def conditions() -> dict[str, str]:
    """What figures depend on beside our code."""
    packages = {name: found for name in PACKAGES if (found := installed(name))}
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "python": " ".join(sys.version.split()),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "expat": EXPAT_VERSION,
        **packages,
    }


def counted() -> dict[str, int]:
    """Instructions of one run of each piece of work, and of a whole process that prints the help."""
    with tempfile.TemporaryDirectory() as place:
        works, shown = Path(place, "works"), Path(place, "help")
        # until all is imported and made nothing is counted, and Valgrind is ten times as fast
        quiet = ["--instr-atstart=no", "--collect-atstart=no"]
        each = [f"--toggle-collect={COUNTED}", f"--dump-after={COUNTED}"]
        _valgrind(works, [*quiet, *each], ["-m", "benchmarks.instructions", "--works"])
        _valgrind(shown, [], ["-c", HELP, "--help"])
        found = {
            name: _total(works.with_name(f"works.{number}")) // REPEATS
            for number, name in enumerate(WORKS, 1)
        }
        return found | {"xlplan --help, the whole process": _total(shown)}


def _valgrind(out: Path, options: Sequence[str], python: Sequence[str]) -> None:
    """Run Python under Callgrind, alike each time. Raises CalledProcessError with what it said."""
    command = [
        "valgrind",
        "--tool=callgrind",
        f"--callgrind-out-file={out}",
        *options,
        sys.executable,
        *python,
    ]
    # of the caller's surroundings nothing, since what is longer there takes more
    alike = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "80",
    }
    done = subprocess.run(command, cwd=ROOT, env=alike, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def _total(file: Path) -> int:
    found = re.search(r"^(?:totals|summary): (\d+)$", file.read_text(encoding="utf-8"), re.M)
    assert found is not None, file
    return int(found[1])


def _made() -> dict[str, Callable[[], object]]:
    """Each piece of work, ready to be run: of the sfss form, a school's copy and a filled one that came back."""
    from benchmarks.subjects import subject
    from xlplan.excel.plate import pour, stamp
    from xlplan.excel.read import read_workbook
    from xlplan.ledger.rows import cell_rows, finding_rows, return_row
    from xlplan.pipeline.check import check_opened
    from xlplan.pipeline.collect import record_of
    from xlplan.pipeline.opening import Context, Opened, open_file

    made, context = subject(1), Context()
    plate, (person,), (typed,), (content,) = made.plate, made.personals, made.typed, made.filled

    def check() -> Any:
        opened = open_file(content, "a return", context)
        assert isinstance(opened, Opened)
        return check_opened(opened, context)

    def rows() -> object:
        record = record_of(result, content, date(2026, 12, 1))
        moment = datetime(2026, 12, 1, 9, tzinfo=UTC).isoformat()
        return return_row(record, 1, moment), finding_rows(record.findings, 1), cell_rows(record.lineage, 1)

    result = check()
    works = (
        lambda: stamp(plate, person),
        lambda: pour(plate, person, typed),
        lambda: read_workbook(content),
        check,
        rows,
    )
    return dict(zip(WORKS, works, strict=True))


def _run_works() -> None:
    """Run each, once before anything is counted, and then as often as is counted; in a process under Valgrind."""
    works = _made()
    for work in works.values():
        work()
    switch = subprocess.Popen(
        ["vgdb", f"--pid={os.getpid()}", "instrumentation", "on"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while switch.poll() is None:
        pass  # Valgrind listens to it only while we are busy
    assert switch.returncode == 0
    gc.collect()
    gc.disable()
    for work in works.values():
        exec("for _ in range(REPEATS): work()", {"REPEATS": REPEATS, "work": work})


def _other(kept: Mapping[str, str] | None, here: Mapping[str, str], name: str) -> str:
    """Why the figures kept say nothing about those here; empty where they do."""
    if kept is None:
        return f"there are no figures of Python {name} yet; keep some with --update."
    differ = [key for key in {**kept, **here} if kept.get(key) != here.get(key)]
    return "; ".join(f"{key} is {here.get(key)} here, and was {kept.get(key)}" for key in differ)


if __name__ == "__main__":
    if sys.argv[1:] == ["--works"]:
        _run_works()
    else:
        sys.exit(main())
