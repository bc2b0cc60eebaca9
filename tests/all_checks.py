"""Everything that is checked, in one command: `python -m tests.all_checks`."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CHECKS = (
    ("style", ["ruff", "check", "xlplan", "tests", "benchmarks"]),
    ("format", ["ruff", "format", "--check", "xlplan", "tests", "benchmarks"]),
    ("types", ["mypy"]),
    ("instructions", ["benchmarks.instructions"]),
)


def main() -> int:
    """Run them all, those without the tests side by side; 1 where one found something."""
    failed = []
    with ThreadPoolExecutor() as together:
        for (name, command), done in zip(CHECKS, together.map(_run, CHECKS), strict=True):
            print(f"== {name}: {' '.join(command)}\n{done.stdout}", end="", flush=True)
            if done.returncode:
                failed.append(name)
    if "--without-tests" not in sys.argv:
        print("== tests: pytest", flush=True)
        if subprocess.run([sys.executable, "-m", "pytest"], check=False).returncode:
            failed.append("tests")
    print(f"Not in order: {', '.join(failed)}" if failed else "All in order.")
    return 1 if failed else 0


def _run(check: tuple[str, list[str]]) -> subprocess.CompletedProcess[str]:
    """What a check said, of both streams."""
    command = [sys.executable, "-m", *check[1]]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
