"""Everything that is checked, in one command: `python -m tests.all_checks`."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ("style", ["ruff", "check", "xlplan", "tests", "benchmarks"]),
    ("format", ["ruff", "format", "--check", "xlplan", "tests", "benchmarks"]),
    ("types", ["mypy"]),
    ("instructions", ["benchmarks.instructions"]),
    ("tests", ["pytest"]),
)


def main() -> int:
    """Run them all; 1 where one found something."""
    failed = []
    for name, command in CHECKS:
        if name == "tests" and "--without-tests" in sys.argv:
            continue
        print(f"== {name}: {' '.join(command)}", flush=True)
        if subprocess.run([sys.executable, "-m", *command], check=False).returncode:
            failed.append(name)
    print(f"Not in order: {', '.join(failed)}" if failed else "All in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
