"""A file that needs a password for opening: opened in a child process with limits, by the passwords at hand.

What such a file says of its own encryption, how often a key is to be mixed above all, may keep a machine busy for
days; so it is never followed in our own process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from xlplan.excel.guard import Refusal, too_big
from xlplan.excel.read_ole import MAGIC

TIME_LIMIT = 9.0  # seconds by the clock on the wall
CHILD = "xlplan.excel.child"
# What Excel itself uses where only the structure of a workbook is protected, and opens without asking for
DEFAULT = "VelvetSweatshop"
_ROOT = Path(__file__).parents[2]  # what holds the package
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TEMP", "TMP", "TMPDIR", "HOME")


def unlocked(content: bytes, passwords: Sequence[str]) -> bytes:
    """The file without its password. Raises Refusal when none of these opens it."""
    if not passwords and not content.startswith(MAGIC):
        raise Refusal("encrypted")
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    head = json.dumps([DEFAULT, *passwords]).encode() + b"\n"  # by the pipe: others can see arguments
    try:
        done = subprocess.run(
            # -P: nothing is imported from the working directory, which may well be a folder of returns
            [sys.executable, "-P", "-m", CHILD],
            input=head + content,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env=environment | {"PYTHONPATH": str(_ROOT)},
        )
    except subprocess.TimeoutExpired as fault:
        raise too_big("it took too long to open") from fault
    if done.returncode == 0 and done.stdout:
        return done.stdout
    raise Refusal("encrypted", ", and the password given does not open it" if passwords else "")
