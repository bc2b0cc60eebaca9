"""A state's returns on several machines: a scheduler, two workers of which one dies, an object store, PostgreSQL.

What is recorded in the end is what one process records of the same files in a folder.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, select

from benchmarks.returns import campaign_of, returned
from tests.cli.runner import run
from tests.cluster.machines import machines
from tests.elsewhere import Bucket, bucket, object_store
from tests.pipeline.batches import MOMENTS
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.ledger.schema import metadata, returns

__all__ = ["bucket", "object_store"]  # fixtures
pytest.importorskip("distributed", reason="the extra “cluster” is not installed")
SCHOOLS = 2_000
REFUSED = 7
SOME_REFUSED = 3  # exit code
SECONDS = 300


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of so many schools, with a return from each; and what else people send."""
    folder = tmp_path_factory.mktemp("state") / "fall"
    files = list(returned(campaign_of(folder, SCHOOLS), SCHOOLS))
    place = folder / "returns" / "999"
    place.mkdir()
    for number, file in enumerate(files[::400]):
        shutil.copy(file, place / f"again-{number}.xlsx")  # the same bytes
        (place / f"half-{number}.xlsx").write_bytes(file.read_bytes()[:-1_000])
    (place / "note.xlsx").write_bytes(b"We will send it next week.")
    (place / "empty.xlsx").touch()
    return folder


@pytest.fixture(scope="module")
def alone(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, collected by one process, from the folder into a file."""
    folder = tmp_path_factory.mktemp("alone") / "fall"
    shutil.copytree(waiting, folder)
    done = subprocess.run(
        collect(folder, "--executor", "serial"), capture_output=True, timeout=SECONDS, check=False
    )
    assert done.returncode == SOME_REFUSED, done.stderr.decode()
    told_by(folder).write_bytes(done.stdout)
    return folder


def told_by(folder: Path) -> Path:
    """What `collect --json` said."""
    return folder.with_suffix(".json")


@pytest.fixture
def apart(waiting: Path, bucket: Bucket, postgresql: Callable[[], str], tmp_path: Path) -> Path:
    """The same with its returns in the object store and its ledger on a server."""
    folder = tmp_path / "fall"
    shutil.copytree(waiting, folder, ignore=shutil.ignore_patterns("returns"))
    files = sorted(path for path in (waiting / "returns").rglob("*") if path.is_file())
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda file: bucket.put(file.relative_to(waiting).as_posix(), file.read_bytes()), files)
        )
    assert run("ledger", "backup", "-C", folder, tmp_path / "moving.sqlite").code == 0
    (folder / "ledger.sqlite").unlink()
    settings = (folder / "campaign.toml").read_text("utf-8")
    named, found = re.subn(r'^ledger = ".*"$', f'ledger = "{postgresql()}"', settings, flags=re.MULTILINE)
    assert found == 1
    (folder / "campaign.toml").write_text(named, "utf-8")
    assert run("ledger", "restore", "-C", folder, tmp_path / "moving.sqlite").code == 0
    return folder


def collect(folder: Path, *arguments: object) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "xlplan",
        "collect",
        *arguments,
        "-C",
        folder,
        "--received",
        "2026-12-01",
    ]
    return [*map(str, command), "--json"]


def test_a_worker_that_dies_changes_nothing(alone: Path, apart: Path, tmp_path: Path) -> None:
    """It is killed when half of the returns are recorded; the other one does what it had begun."""
    database = create_engine(open_campaign(apart).ledger_url)
    with machines(tmp_path, workers=2) as cluster:
        command = collect(apart, "s3://state/returns", "--executor", cluster.executor)
        collecting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with ThreadPoolExecutor(1) as listening:
            said = listening.submit(collecting.communicate, timeout=SECONDS)
            recorded = 0
            while recorded < SCHOOLS / 2 and collecting.poll() is None:
                time.sleep(0.1)
                recorded = count(database)
            cluster.workers[0].kill()
            at_death = count(database)
            out, err = said.result()
        assert collecting.returncode == SOME_REFUSED, err.decode()
        assert SCHOOLS / 2 <= at_death < SCHOOLS
        assert cluster.workers[0].poll() == -signal.SIGKILL and cluster.workers[1].poll() is None
    database.dispose()
    assert out.decode().replace("s3://state/returns", "returns") == told_by(alone).read_text("utf-8")
    assert ledger(apart) == ledger(alone)
    assert corrections(apart) == corrections(alone)
    assert len(corrections(apart)) == SCHOOLS // 10


def count(database: Engine) -> int:
    """Returns that are recorded so far."""
    with database.connect() as connection:
        return connection.execute(select(func.count()).select_from(returns)).scalar_one()


def ledger(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row that it holds, but for moments; its chain is whole."""
    url = open_campaign(folder).ledger_url
    with Ledger.open(url) as opened:
        assert opened.verify_chain() == []
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "entries"
        }
    engine.dispose()
    assert len(found["returns"]) == SCHOOLS + REFUSED
    return {name: sorted((plain(row) for row in rows), key=repr) for name, rows in found.items()}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Without moments, and a file named as if it were here."""
    row = {name: value for name, value in row.items() if name not in MOMENTS}
    return row | ({"file": row["file"].replace("s3://state/returns", "returns")} if "file" in row else {})


def corrections(folder: Path) -> dict[str, bytes]:
    place = folder / "corrections"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*.xlsx")}
