"""A Dask cluster that checks files: `distributed`'s executor, with its workers seen to be fit for the work."""

from __future__ import annotations

import logging
import pickle
import platform
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xlplan.errors import UsageError, XlplanError
from xlplan.pipeline.executors import Ahead, Job, check_all
from xlplan.pipeline.opening import Context, Result

if TYPE_CHECKING:
    from distributed import Client

ANSWER_SECONDS = 30  # for which a scheduler, and then a first worker, is waited for
COUNT_SECONDS = 5  # after which workers are counted again


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler has this address, such as tcp://10.0.0.5:8786.

    Raises UsageError where none answers, no worker comes, or one runs another xlplan than this; XlplanError where the
    scheduler goes away while it is needed.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ModuleNotFoundError:
        raise UsageError(
            "--executor dask://…: Dask is not installed here. pip install 'xlplan[cluster]'"
        ) from None
    if not re.fullmatch(r"[a-z]+://[^/\s]+:\d+", address):
        raise UsageError("--executor: name the scheduler as dask://HOST:PORT, such as dask://10.0.0.5:8786.")
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).disabled = True  # what matters is said here, in words
    try:
        client = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"{address}: no Dask scheduler answers there ({_first_line(error)}).") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise UsageError(
                f"{address}: the scheduler has no workers. Start one with: dask worker {address}"
            ) from None
        _check_versions(client, address)
        try:
            yield Cluster(client, KilledWorker)
        except (CancelledError, OSError) as error:
            if client.status == "running":
                raise
            raise XlplanError(
                f"{address}: the scheduler went away ({_first_line(error)}). What was recorded stays; run the command "
                "again when it is back."
            ) from None


class Cluster(Ahead):
    """Workers of a cluster. What they need to know of a campaign is a result of the cluster's own, kept as one is."""

    def __init__(self, client: Client, lost: type[BaseException]) -> None:
        self.lost = (lost,)  # more than one worker was ended by the same task
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)
        self._workers, self._counted = 1, float("-inf")

    def workers(self) -> int:
        """See Ahead; workers may come and go."""
        if time.monotonic() - self._counted > COUNT_SECONDS:
            self._workers = max(1, sum(self._client.ncores().values()))
            self._counted = time.monotonic()
        return self._workers

    def share(self, context: Context) -> Any:
        """The promise of a context. A worker that goes away takes none with it: it is made anew of these bytes."""
        return self._client.submit(pickle.loads, pickle.dumps(context), pure=False)

    def submit(self, shared: Any, jobs: Sequence[Job]) -> Future[list[Result]]:
        """Give a task away; if its worker goes away, the scheduler gives it to another."""
        return self._executor.submit(_check_all, version(), shared, list(jobs))


def _check_all(ours: tuple[str, str], context: Context, jobs: Sequence[Job]) -> list[Result]:
    """The results of a task, on a worker that may have come after the others were asked what they run."""
    theirs = version()
    if theirs != ours:
        from distributed import get_worker

        raise XlplanError(_another(get_worker().address, theirs, ours) + " What was recorded stays.")
    return check_all(context, jobs)


def version() -> tuple[str, str]:
    """Of xlplan and of Python, as a worker has them: what one pickles, another must be able to read."""
    import xlplan

    return xlplan.__version__, ".".join(platform.python_version_tuple()[:2])


def _check_versions(client: Client, address: str) -> None:
    """That all workers run what this process runs; a UsageError names one that does not."""
    ours = version()
    try:
        found = client.run(version)
    except Exception as error:  # whatever a worker that has no xlplan raises
        raise UsageError(
            f"{address}: a worker cannot run xlplan ({_first_line(error)}). Install xlplan {ours[0]} where it runs."
        ) from None
    for worker, theirs in found.items():
        if tuple(theirs) != ours:
            raise UsageError(f"{address}: {_another(worker, theirs, ours)}")


def _another(worker: str, theirs: Sequence[str], ours: Sequence[str]) -> str:
    return (
        f"the worker {worker} has xlplan {theirs[0]} on Python {theirs[1]}, and this is xlplan "
        f"{ours[0]} on Python {ours[1]}. Install the same on both."
    )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
