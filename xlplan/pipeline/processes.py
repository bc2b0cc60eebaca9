"""Processes of this machine that check files: the standard library's executor, with what goes to and fro in files."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

from xlplan.campaign import Campaign
from xlplan.cycles import look_seldom
from xlplan.pipeline.executors import Ahead, Job, check_all
from xlplan.pipeline.forms import make_forms
from xlplan.pipeline.opening import Context, Result

MOST = 61  # processes of a pool on Windows
POLITE = 10  # how far a process stands back behind the collecting one, for whose answers all of them wait
Item = TypeVar("Item")


@contextmanager
def processes(number: int, campaign: Campaign | None) -> Iterator[Processes]:
    """So many processes, with a folder of their own that is gone in the end. `campaign`: whose returns they check."""
    with tempfile.TemporaryDirectory(prefix="xlplan-") as folder:
        pool = Processes(number, Path(folder), campaign)
        try:
            yield pool
        finally:
            pool.close()


class Processes(Ahead):
    """Processes of this machine. What they need to know of a campaign stands in a file that each reads once.

    Tasks and results are handed over in files too: through a pipe they come in pieces, for each of which whoever
    works on the same processor is interrupted.
    """

    def __init__(self, workers: int, folder: Path, campaign: Campaign | None) -> None:
        self._workers, self._folder, self._campaign = min(workers, MOST), folder, campaign
        self._shared = self._given_away = 0
        self._executor = self._made()

    def workers(self) -> int:
        """See Ahead."""
        return self._workers

    def share(self, context: Context) -> str:
        """The name of a file that holds the context."""
        self._shared += 1
        file = self._folder / f"{self._shared}.pickle"
        file.write_bytes(pickle.dumps(context, pickle.HIGHEST_PROTOCOL))
        return str(file)

    def submit(self, shared: str, jobs: Sequence[Job]) -> Future[Any]:
        """Give a task away."""
        self._given_away += 1
        file = self._folder / f"{self._given_away}.task"
        return self._executor.submit(
            _check_all, shared, _laid_down(list(jobs), file), file.with_suffix(".done")
        )

    def results(self, future: Future[Any]) -> list[Result]:
        """See Ahead."""
        found: list[Result] = _picked_up(future.result())
        return found

    def renew(self) -> None:
        """Make the processes anew."""
        self.close()
        self._executor = self._made()

    def close(self) -> None:
        """End the processes; what they have begun is waited for."""
        self._executor.shutdown(cancel_futures=True)

    def _made(self) -> Executor:
        # a forked process has everything imported and made that it needs; with threads, or outside Linux, it might hang
        forked = sys.platform == "linux" and threading.active_count() == 1
        if forked and self._campaign is not None:
            make_forms(self._campaign)
        made = ProcessPoolExecutor(
            self._workers, mp_context=get_context("fork" if forked else "spawn"), initializer=_begin
        )
        made.submit(os.getpid)  # starts them now, before threads and connections are opened
        return made


def _check_all(shared: str, jobs: Path | list[Job], done: Path) -> Path | list[Result]:
    return _laid_down(check_all(_context(shared), _picked_up(jobs)), done)


@lru_cache(maxsize=1)
def _context(file: str) -> Context:
    found: Context = _unpickled(Path(file))
    return found


def _laid_down(what: Item, file: Path) -> Path | Item:
    """The file in which another process finds it; itself, where the disk has no room for that."""
    try:
        file.write_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
    except OSError:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        return what
    return file


def _picked_up(what: Any) -> Any:
    """What was laid down; its file is gone then."""
    if not isinstance(what, Path):
        return what
    found = _unpickled(what)
    what.unlink()
    return found


def _unpickled(file: Path) -> Any:
    return pickle.loads(file.read_bytes())  # our own, in a folder that nobody else may write to


def _begin() -> None:
    """What a process of the pool does first."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the collecting process ends the others in its own time
    look_seldom()
    if sys.platform != "win32":
        os.nice(POLITE)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:  # a process whose parent was killed would wait for work for ever
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
