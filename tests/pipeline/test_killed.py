"""A program that is killed at any moment leaves nothing that the next run does not put right."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from tests.pipeline.batches import ONE_PROCESS, TWO_PROCESSES, finished, sound, started, state

TRIES = 6  # at most: a run may be done before it is killed
KILLS = 1  # of each command; docs/security.md tells of more, by hand


def killed(arguments: tuple[object, ...], moment: float, many: int) -> bool:
    """Whether the command was still at work at that moment, and was killed."""
    process = started(*arguments, many=many)
    time.sleep(moment)
    process.kill()
    process.communicate(timeout=60)
    return process.returncode < 0


def check_kills(
    before: Path, undisturbed: Path, tmp_path: Path, command: str, *more: str, many: int, kills: int = KILLS
) -> None:
    wanted, chance = state(undisturbed), random.Random()
    folder = tmp_path / "timed"
    shutil.copytree(before, folder)
    begin = time.monotonic()
    finished(command, "-C", folder, *more, many=many)
    whole = time.monotonic() - begin
    stopped = 0
    for number in range(TRIES):
        folder = tmp_path / str(number)
        shutil.copytree(before, folder)
        moment = chance.uniform(0.3, 1.0) * whole
        stopped += killed((command, "-C", folder, *more), moment, many)
        finished(command, "-C", folder, *more, many=many)
        assert sound(folder), moment
        assert state(folder) == wanted, moment
        if stopped == kills:
            return
    assert stopped, "no run was killed: they all were faster"


def test_generate_killed_at_any_moment_and_run_again_gives_the_same(
    begun: Path, issued: Path, tmp_path: Path
) -> None:
    """Copies, their bytes, and what the ledger says of them."""
    check_kills(begun, issued, tmp_path, "generate", many=ONE_PROCESS)


@pytest.mark.parametrize("many", [ONE_PROCESS, TWO_PROCESSES])
def test_collect_killed_at_any_moment_and_run_again_gives_the_same(
    waiting: Path, collected: Path, tmp_path: Path, many: int
) -> None:
    """Returns, findings, lineage, correction copies with their numbers; whether one process reads, or several."""
    check_kills(waiting, collected, tmp_path, "collect", "--received", "2026-12-01", many=many)
