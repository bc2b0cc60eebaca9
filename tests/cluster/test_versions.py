"""Workers of another xlplan: what they would give back might be read as something else, so they are given nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.returns import campaign_of, returned
from tests.cluster.machines import HOST, machines, worker
from xlplan import __version__
from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Ledger
from xlplan.pipeline.executors import pool_of
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context

pytest.importorskip("distributed", reason="the extra “cluster” is not installed")
OTHER = "0.0.1"
FILES = 3


@pytest.fixture
def older(tmp_path: Path) -> tuple[str, Path]:
    """What makes a worker one of an older xlplan."""
    file = tmp_path / "older.py"
    file.write_text(f"import xlplan\n\nxlplan.__version__ = {OTHER!r}\n", encoding="utf-8")
    return "--preload", file


def test_a_worker_of_another_xlplan_is_named_before_anything_is_begun(
    older: tuple[str, Path], tmp_path: Path
) -> None:
    """With what it has, and what this has."""
    with (
        machines(tmp_path, workers=1) as cluster,
        worker(tmp_path, cluster.port, *older),
        pytest.raises(
            UsageError, match=rf"tcp://{HOST}:\d+ has xlplan {OTHER} on .* {__version__} on Python"
        ),
        pool_of(cluster.executor, FILES),
    ):
        raise AssertionError("it was taken")


def test_one_that_comes_later_gives_nothing_back(older: tuple[str, Path], tmp_path: Path) -> None:
    """It is told as soon as it is given a task; here, when it is the only one left."""
    context, jobs = _work(tmp_path / "c")
    with machines(tmp_path, workers=1) as cluster, pool_of(cluster.executor, FILES) as pool:
        assert [result is not None for _, result in pool.checked(enumerate(jobs), context)] == [True] * FILES
        with worker(tmp_path, cluster.port, *older):
            cluster.workers[0].kill()
            with pytest.raises(XlplanError, match=f"has xlplan {OTHER} on .* What was recorded stays"):
                list(pool.checked(enumerate(jobs), context))


def _work(folder: Path) -> tuple[Context, list[tuple[bytes, str]]]:
    campaign = campaign_of(folder, FILES)
    with Ledger.open(campaign.ledger_url) as ledger:
        context = context_of(campaign, ledger, None)
    return context, [(file.read_bytes(), file.name) for file in returned(campaign, FILES)]
