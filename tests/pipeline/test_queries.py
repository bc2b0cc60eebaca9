"""What is asked of the ledger does not grow with the schools: every question is one for all of them."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.returns import NOW, RECEIVED, campaign_of, returned
from tests.cli.runner import copy_of, filled, plan, run
from xlplan.campaign import Campaign, open_campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect

FEW, MANY = 12, 50  # schools; the first ten have a plan in every state
SOME = 18  # files and records of former rounds are fetched in runs, which these are one of
ASKED = (
    "status", "status --format html", "rollup", "rollup --format html", "rollup --format md", "rollup --schools",
    "export --to {out} --format csv", "trace", "remind", "letters --since 2026-01-01", "distribute",
    "generate --dry-run",
)  # fmt: skip


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """What is asked of any ledger meanwhile."""
    seen: Counter[str] = Counter()

    def ask(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen[statement.partition("(?")[0]] += 1  # with however many values

    event.listen(Engine, "before_cursor_execute", ask)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", ask)


def asked(line: str, folder: Path, campaign: Campaign) -> Counter[str]:
    """The statements of a command."""
    out = folder / f"tables-{len(campaign.roster.schools)}"
    with counted() as seen:
        done = run(*line.format(out=out).split(), "-C", campaign.root)
    assert done.code in (0, 1), done.err
    return seen


def collected(root: Path, schools: int) -> Campaign:
    """A campaign of which all schools but one have returned a plan, every tenth with an error."""
    campaign = campaign_of(root, schools)
    files = list(returned(campaign, schools - 1))
    with Ledger.open(campaign.ledger_url) as ledger:
        collect(campaign, ledger, files, received=RECEIVED, now=NOW)
    return campaign


def sent_back(root: Path, schools: int) -> Campaign:
    """The same; the accepted plans were sent back with a remark, and came back with an answer to it."""
    campaign = collected(root, schools)
    keys = [school.key for number, school in enumerate(campaign.roster.schools[:-1]) if number % 10 != 9]
    remarks = root / "remarks.csv"
    lines = ("school_id,path,remark", *(f"{key},monitoring.progress,How often?" for key in keys))
    remarks.write_text("\n".join(lines), encoding="utf-8")
    assert run("review", "--from", remarks, "-C", root).code == 0
    answer = plan(monitoring={"progress": "Every week.", "embedding": "In the handbook."})
    files = [root / "again" / f"{key}.xlsx" for key in keys]
    for key, file in zip(keys, files, strict=True):
        assert filled(copy_of(root, key), file, answer).code == 0
    with Ledger.open(campaign.ledger_url) as ledger:
        later = datetime.now(UTC) + timedelta(days=1)
        collect(campaign, ledger, files, received=later.date(), now=later)
    return campaign


def carried(root: Path, schools: int) -> Campaign:
    """A campaign that carries on such a one, its copies generated."""
    root.mkdir()
    collected(root / "old", schools)
    days = ("--plan-from", "2027-09-01", "--plan-to", "2028-06-30")
    assert run("init", root / "new", "--from", root / "old", *days).code == 0
    assert run("generate", "-C", root / "new").code == 0
    return open_campaign(root / "new")


def split(root: Path, schools: int) -> Campaign:
    """A campaign whose plans go out in parts."""
    campaign_of(root, schools)
    assert run("generate", "-C", root, "--split").code == 0
    return open_campaign(root)


@pytest.mark.parametrize(
    ("make", "many"), [(collected, MANY), (sent_back, SOME), (carried, SOME), (split, SOME)]
)
def test_no_command_asks_the_ledger_once_a_school(make: Any, many: int, tmp_path: Path) -> None:
    """Of many schools each command asks as often as of few, and the same."""
    few, more = make(tmp_path / "few", FEW), make(tmp_path / "many", many)
    for line in ASKED:
        assert asked(line, tmp_path, few) == asked(line, tmp_path, more), line


def test_recording_a_batch_looks_through_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each would take longer, the more is recorded: what is asked of each batch has an index."""
    monkeypatch.setattr("xlplan.pipeline.collect.BATCH", 5)
    few, many = (scans(tmp_path / str(schools), schools) for schools in (5, 30))
    assert many == few, many - few


def scans(root: Path, schools: int) -> Counter[str]:
    """Statements of a collect that go through a whole table, by what they ask.

    Not through what was erased, which is little, nor to the last entry, which is asked for from the end.
    """
    campaign = campaign_of(root, schools)
    files = list(returned(campaign, schools))
    asked: list[tuple[str, Any]] = []

    def ask(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    with Ledger.open(campaign.ledger_url) as ledger:
        event.listen(Engine, "before_cursor_execute", ask)
        try:
            collect(campaign, ledger, files, received=RECEIVED, now=NOW)
        finally:
            event.remove(Engine, "before_cursor_execute", ask)
    found: Counter[str] = Counter()
    with closing(sqlite3.connect(campaign.root / "ledger.sqlite")) as connection:
        for statement, parameters in asked:
            plan_of = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            if any(re.match(r"SCAN (?!erasures|entries)", step[-1]) for step in plan_of):
                found[statement.partition("(?")[0]] += 1
    return found
