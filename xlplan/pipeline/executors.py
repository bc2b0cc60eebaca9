"""Who checks returned files: this process, several processes of this machine, or a Dask cluster of several machines.

All of them give the same results, in the order of the files; the collecting process alone writes the ledger.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from xlplan.campaign import Campaign
from xlplan.cycles import seldom
from xlplan.errors import UsageError
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context, Result, refused

SERIAL, PROCESSES = "serial", "processes"
DASK = {"dask://": "tcp://", "dask+tls://": "tls://"}  # how a scheduler is named here → how it names itself
MANY = 200  # files from which a second process pays
TOGETHER = 16  # files checked in one task
FEWEST = 2  # the same towards the end, so that no process waits for another
SHARES = 4  # for each process, of what is still to come: a task is one of them at most
TOGETHER_BYTES = 4_000_000
AHEAD = 3  # tasks for each process that are at work, wait, or are done before those in front of them
ENDED = "the program that read it was ended by it, or ran out of memory"

Job = tuple[bytes, str]  # a file's bytes, and its name as findings say it
Item = TypeVar("Item")


class Pool(Protocol):
    """Something that checks files."""

    def checked(
        self, items: Iterable[tuple[Item, Job | None]], context: Context, count: int | None = None
    ) -> Iterator[tuple[Item, Result | None]]:
        """Each item with the result of its job, if it has one, in order; items are asked for only as they are needed.

        What a job ends a whole process with is a refusal of its file. `count`: of the items, where that is known.
        """
        ...


def check_all(context: Context, jobs: Sequence[Job]) -> list[Result]:
    """The results of a task, as whoever it is given to gives them back."""
    return [check_job(context, job) for job in jobs]


def check_job(context: Context, job: Job) -> Result:
    """A file's result without what recording does without: form and model, which no pickle can hold, and raw cells."""
    result = check_file(job[0], job[1], context)
    validated = replace(result.validated, model=None, typed={}, values={}) if result.validated else None
    return replace(result, form=None, validated=validated)


class Serial:
    """This process."""

    def checked(
        self,
        items: Iterable[tuple[Item, Job | None]],
        context: Context,
        count: int | None = None,  # noqa: ARG002 - nothing is shared out
    ) -> Iterator[tuple[Item, Result | None]]:
        """See Pool."""
        for item, job in items:
            yield item, None if job is None else check_job(context, job)


@contextmanager
def pool_of(name: str | None, files: int, campaign: Campaign | None = None) -> Iterator[Pool]:
    """The pool of that name, or without one what pays for so many files. `campaign`: whose returns they mostly are.

    Names: serial, processes, processes:4, dask://HOST:PORT. Raises UsageError for another one, or a cluster that does
    not answer or is of another xlplan.
    """
    with seldom(), _named(name, files, campaign) as pool:
        yield pool


@contextmanager
def _named(name: str | None, files: int, campaign: Campaign | None) -> Iterator[Pool]:
    if name is None:
        name = PROCESSES if files >= MANY and _processors() > 1 else SERIAL
    kind, _, rest = name.partition(":")
    if name == SERIAL:
        yield Serial()
    elif name == PROCESSES or (kind == PROCESSES and rest.isdecimal() and int(rest) > 0):
        from xlplan.pipeline.processes import processes

        with processes(int(rest) if rest else _processors(), campaign) as pool:
            yield pool
    elif prefix := next((prefix for prefix in DASK if name.startswith(prefix)), None):
        from xlplan.pipeline.cluster import cluster_at

        with cluster_at(DASK[prefix] + name.removeprefix(prefix)) as cluster:
            yield cluster
    else:
        raise UsageError(
            f"--executor {name}: there is serial, processes, processes:NUMBER and dask://HOST:PORT, "
            "the address of a Dask scheduler."
        )


@dataclass(slots=True)
class _Waiting:
    """A task that was given away: its items, their jobs, and the promise of their results."""

    items: list[Any]
    jobs: list[Job | None]
    future: Future[Any] | None

    def work(self) -> list[Job]:
        """The jobs that there are."""
        return [job for job in self.jobs if job is not None]


class Ahead(ABC):
    """A pool on an executor: some tasks ahead of the one that is waited for, and no more, so that memory stays flat."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)  # a task's process was ended

    @abstractmethod
    def workers(self) -> int:
        """How many tasks are worked on at once."""

    @abstractmethod
    def share(self, context: Context) -> Any:
        """What tasks are given to find the context with."""

    @abstractmethod
    def submit(self, shared: Any, jobs: Sequence[Job]) -> Future[Any]:
        """Give a task away."""

    def results(self, future: Future[Any]) -> list[Result]:
        """What a task came to, waited for. Raises one of `lost`."""
        found: list[Result] = future.result()
        return found

    def renew(self) -> None:  # noqa: B027 - an executor may mend itself
        """Make the executor anew after a process of it was ended."""

    def checked(
        self, items: Iterable[tuple[Item, Job | None]], context: Context, count: int | None = None
    ) -> Iterator[tuple[Item, Result | None]]:
        """See Pool."""
        shared = self.share(context)
        waiting: deque[_Waiting] = deque()
        for task in _tasks(items, count, SHARES * self.workers()):
            work = task.work()
            task.future = self._given(shared, work)
            waiting.append(task)
            if len(waiting) > AHEAD * self.workers():
                yield from self._done(waiting, shared)
        while waiting:
            yield from self._done(waiting, shared)

    def _done(self, waiting: deque[_Waiting], shared: Any) -> Iterator[tuple[Any, Result | None]]:
        """The results of the first task that waits."""
        task = waiting.popleft()
        try:
            found = iter(self.results(task.future) if task.future else ())
        except self.lost:
            found = iter(self._one_by_one(task, waiting, shared))
        for item, job in zip(task.items, task.jobs, strict=True):
            yield item, None if job is None else next(found)

    def _one_by_one(self, task: _Waiting, waiting: Iterable[_Waiting], shared: Any) -> list[Result]:
        """The results of a task that was lost: with nothing else under way, so that the file at fault is known."""
        self.renew()
        found = []
        for job in task.work():
            try:
                found += self.results(self.submit(shared, [job]))
            except self.lost:
                found.append(refused(job[1], sha256(job[0]).hexdigest(), "damaged", ENDED))
                self.renew()
        for other in waiting:
            other.future = self._given(shared, other.work())
        return found

    def _given(self, shared: Any, work: Sequence[Job]) -> Future[Any] | None:
        """A task given away, if there is anything to do; lost at once where a process was ended meanwhile."""
        if not work:
            return None
        try:
            return self.submit(shared, work)
        except self.lost as error:
            lost: Future[Any] = Future()
            lost.set_exception(error)
            return lost


def _tasks(items: Iterable[tuple[Any, Job | None]], count: int | None, shares: int) -> Iterator[_Waiting]:
    """The items in runs that one task takes: at most one of so many shares of those that are still to come."""
    some = _Waiting([], [], None)
    jobs = size = 0
    most = TOGETHER
    for number, (item, job) in enumerate(items):
        if count is not None and not some.items:
            most = min(TOGETHER, max(FEWEST, (count - number) // shares))
        some.items.append(item)
        some.jobs.append(job)
        if job is not None:
            jobs, size = jobs + 1, size + len(job[0])
        if jobs == most or size > TOGETHER_BYTES or len(some.items) == 8 * TOGETHER:
            yield some
            some, jobs, size = _Waiting([], [], None), 0, 0
    if some.items:
        yield some


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
