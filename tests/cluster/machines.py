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
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", HOST, "--port", port, "--no-dashboard"]
    with running(scheduler, port, folder / "scheduler.log"), ExitStack() as stack:
        started = []
        for number in range(workers):
            own = free_port()
            worker = [
                *dask, "worker", f"tcp://{HOST}:{port}", "--host", HOST, "--worker-port", own, "--nthreads", 1,
                "--no-nanny", "--no-dashboard", "--local-directory", folder,
            ]  # fmt: skip
            started.append(stack.enter_context(running(worker, own, folder / f"worker-{number}.log")))
        yield Machines(port, tuple(started))
