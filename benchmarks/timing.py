"""Clocks: CPU time of contenders run in turn, and the memory and time of one that runs alone in its own process."""

from __future__ import annotations

import gc
import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

Contender = tuple[
    Callable[[int], object], int
]  # what to run, given the number of the repeat; how often in one sample
ROOT = Path(__file__).parents[1]


def side_by_side(contenders: Mapping[str, Contender], repeats: int) -> dict[str, float]:
    """The median CPU milliseconds of one run of each, run in turn, after one run to warm up.

    In turn, so that a machine that slows down slows all of them.
    """
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    for run, _ in contenders.values():
        run(0)
    for repeat in range(repeats):
        for name, (run, times) in contenders.items():
            gc.collect()
            start = time.process_time()
            for number in range(times):
                run(repeat * times + number)
            samples[name].append((time.process_time() - start) / times)
    return {name: median(found) * 1000 for name, found in samples.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What a function took in a process of its own. `cpu`: seconds, those of its children too; `megabytes`: VmHWM."""

    answer: Any
    cpu: float
    wall: float
    megabytes: float


def alone(function: str, *arguments: Any) -> Alone:
    """Run "benchmarks.making:by_hand" in a fresh process; arguments and answer are JSON.

    The clock starts when its module is imported. Raises subprocess.CalledProcessError with what it said.
    """
    command = [sys.executable, "-m", "benchmarks.timing", function, json.dumps(arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return Alone(**json.loads(done.stdout.splitlines()[-1]))


def here(function: str, *arguments: Any) -> Alone:
    """The same in this process: sooner, and no measure of anything."""
    return Alone(**json.loads(_took(function, json.dumps(arguments))))


def peak_megabytes() -> float:
    """The most memory this process ever held (`ru_maxrss` would tell a parent's too)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def _cpu() -> float:
    """Seconds of this process and of those that it has ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _took(function: str, arguments: str) -> str:
    module, _, name = function.partition(":")
    run = getattr(importlib.import_module(module), name)
    cpu, wall = _cpu(), time.perf_counter()
    answer = run(*json.loads(arguments))
    took = {"answer": answer, "cpu": _cpu() - cpu, "wall": time.perf_counter() - wall}
    return json.dumps({**took, "megabytes": peak_megabytes()})


if __name__ == "__main__":
    print(_took(*sys.argv[1:]))
