"""CPU time of contenders run in turn, so that a machine that slows down slows all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

Contender = tuple[
    Callable[[int], object], int
]  # what to run, given the number of the repeat; how often in one sample


def side_by_side(contenders: Mapping[str, Contender], repeats: int) -> dict[str, float]:
    """The median CPU seconds of one run of each, after one run to warm up."""
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
    return {name: median(found) for name, found in samples.items()}
