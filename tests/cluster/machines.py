"""A Dask scheduler and workers, as somebody starts them on machines of their own; here all on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.elsewhere import free_port, running

HOST = "127.0.0.1"
DASK = (sys.executable, "-m", "dask")


@dataclass(frozen=True)
class Machines:
    """The scheduler's port, and the workers."""

    port: int
    workers: tuple[subprocess.Popen[bytes], ...]

    @property
    def executor(self) -> str:
        """As `collect --executor` takes it."""
        return f"dask://{HOST}:{self.port}"


@contextmanager
def machines(folder: Path, workers: int) -> Iterator[Machines]:
    """The scheduler and that many workers of one thread each; what they say stands in the folder."""
    port = free_port()
    scheduler = [*DASK, "scheduler", "--host", HOST, "--port", port, "--no-dashboard"]
    with running(scheduler, port, folder / "scheduler.log"), ExitStack() as stack:
        yield Machines(port, tuple(stack.enter_context(worker(folder, port)) for _ in range(workers)))


@contextmanager
def worker(folder: Path, port: int, *options: object) -> Iterator[subprocess.Popen[bytes]]:
    """One more worker of the scheduler with that port."""
    own = free_port()
    command = [
        *DASK, "worker", f"tcp://{HOST}:{port}", "--host", HOST, "--worker-port", own, "--nthreads", 1,
        "--no-nanny", "--no-dashboard", "--local-directory", folder, *options,
    ]  # fmt: skip
    with running(command, own, folder / f"worker-{own}.log") as started:
        yield started
