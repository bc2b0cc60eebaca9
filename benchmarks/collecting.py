"""Collecting: how memory grows, what a second process brings, what the ledger takes, how fast known files are known."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Demand, Figure, Section, Table, number
from benchmarks.returns import NOW, RECEIVED, campaign_of, returned
from benchmarks.timing import Alone, alone
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger, ReturnRecord
from xlplan.pipeline.collect import BATCH, collecting, record_of
from xlplan.pipeline.executors import SERIAL, check_job, pool_of
from xlplan.pipeline.incoming import files_in, label_of
from xlplan.pipeline.known import context_of

FEW, MANY = 100, 10_000  # returns
TURNS = {500: 9, 2_000: 5}  # returns → how often one process and two are compared
TWO, AT_ONCE = "processes:2", "two serial at once, each with as many"
HELD = "Texts that schools share, remembered up to a limit, and fragments of memory."
FIRST = "first"  # the folder of those that are collected first


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """Every part on campaigns of its own size, whose every school has returned one file."""
    few, many = (10, 20) if quick else (FEW, MANY)
    small, large = prepared(folder / "small", few), prepared(folder / "large", many)
    return [
        _memory(small, large, few, many),
        *(_processes(folder, files, turns) for files, turns in ({10: 1} if quick else TURNS).items()),
        _ledger(folder, few if quick else 1_000),
    ]


def prepared(folder: Path, schools: int) -> Path:
    """A campaign of so many schools, each of which has returned its plan."""
    campaign = campaign_of(folder, schools)
    assert sum(1 for _ in returned(campaign, schools)) == schools
    return folder


def collect_here(folder: str, executor: str, part: str = "") -> dict[str, int]:
    """Collect the returns of a campaign as the command does, without telling of them; what came of how many files.

    `part`: a folder in `returns/`, where not all of them are wanted.
    """
    campaign = open_campaign(Path(folder))
    files = files_in([campaign.returns / part])
    told: dict[str, int] = {}
    with pool_of(executor, len(files), campaign) as pool, Ledger.open(campaign.ledger_url) as ledger:
        for item in collecting(campaign, ledger, files, received=RECEIVED, now=NOW, pool=pool):
            name = "already" if item.already else item.outcome
            told[name] = told.get(name, 0) + 1
    return told


def _memory(small: Path, large: Path, few: int, many: int) -> Section:
    """Peak memory by the number of returns, and the same collected again."""
    less = _collected(small)
    (large / "returns" / FIRST).mkdir()
    for file in sorted((large / "returns" / "000").iterdir())[:few]:
        shutil.move(file, large / "returns" / FIRST / file.name)
    first, more = _collected(large, part=FIRST), _collected(large)
    again = _collected(large)
    new = many - few
    assert more.answer == {"accepted": new - new // 10, "rejected": new // 10, "already": few}, more.answer
    assert again.answer == {"already": many}, again.answer
    read = _hashed(large)
    return Section(
        title=f"{many:,} returns",
        work="Every return of a campaign is checked and recorded, in one process; nine of ten are accepted, the "
        f"others get a correction copy each. Then all {many:,} are collected again, and nothing is new.",
        unit="a return",
        figures=(
            _figure(f"collect, {many:,} returns", more, many),
            _figure(f"collect, {few:,} returns of the same campaign", first, few),
            _figure(f"collect, {few:,} returns of a campaign of {few:,} schools", less, few),
            _figure(f"collect again, {many:,} returns", again, many),
            Figure(by="reading the files and their SHA-256", who="limit", milliseconds=read),
        ),
        demands=(
            Demand(
                what=f"Peak memory of {many:,} beside that of {few:,} of the same campaign",
                measured=more.megabytes / first.megabytes, required=1.1, at_least=False, remark=HELD,
            ),
            Demand(
                what=f"Peak memory of {many:,} beside that of {few:,} in a campaign of {few:,} schools",
                measured=more.megabytes / less.megabytes, required=1.1, at_least=False,
                remark="The roster, its copies' issue numbers and the names of the files are held as a whole, some "
                "800 bytes a school.",
            ),
            Demand(
                what="Collecting again, beside the first time", measured=more.cpu / again.cpu, required=20,
                at_least=True,
            ),
        ),
    )  # fmt: skip


def _processes(folder: Path, files: int, turns: int) -> Section:
    """One process and two; beside them, as the limit, two collects that have nothing to do with each other."""
    template = prepared(folder / f"by-{files}", files)
    found: dict[str, list[Alone]] = {SERIAL: [], TWO: [], AT_ONCE: []}
    rows: list[Any] = []
    for _ in range(turns):
        for name, some in found.items():
            executors = (SERIAL, SERIAL) if name == AT_ONCE else (name,)
            copies = [folder / f"{files}-{number}" for number in range(len(executors))]
            for copy in copies:
                shutil.copytree(template, copy)
            with ThreadPoolExecutor() as together:
                took = list(together.map(_collected, copies, executors))
            some.append(max(took, key=lambda one: one.wall))
            for copy in copies:
                rows.append(_recorded(copy))
                shutil.rmtree(copy)
    assert all(row == rows[0] for row in rows), "other processes, other findings"
    walls = {name: [one.wall for one in some] for name, some in found.items()}
    ratio, limit = (
        median(one / other for one, other in zip(walls[SERIAL], walls[name], strict=True))
        for name in (TWO, AT_ONCE)
    )
    lines = [
        (
            name, number(median(walls[name])), number(median(one.cpu for one in some)),
            number(max(one.megabytes for one in some)),
        )
        for name, some in found.items()
    ]  # fmt: skip
    return Section(
        title=f"Two processes, {files:,} returns",
        work="The same returns, collected by one process and by a pool of two with the collecting one beside them. "
        f"Medians of {turns} turns, in each of which one comes after the other; so is the ratio.",
        unit="a return",
        tables=(
            Table(heads=("executor", "s in all", "s CPU", "peak MB of the collecting process"), rows=tuple(lines)),
        ),
        demands=(
            Demand(
                what="One process beside two", measured=ratio, required=1.7, at_least=True,
                remark=f"Two collects at once, each of a campaign of its own, came to {number(2 * limit)} of one: the "
                "processors share its memory. The rest is handing over, and waiting for the start and the last batch.",
            ),
        ),
    )  # fmt: skip


def _ledger(folder: Path, files: int) -> Section:
    """What of the time is the ledger's."""
    place = prepared(folder / "written", files)
    whole = alone("benchmarks.collecting:collect_here", str(place), SERIAL)
    shutil.rmtree(place)
    place = prepared(folder / "written-alone", files)
    record = alone("benchmarks.collecting:record_here", str(place))
    writing = record.answer
    return Section(
        title="The ledger's share",
        work=f"{files:,} checked returns are recorded, {BATCH} at once, with bytes, findings, cells and chain.",
        unit="a return",
        figures=(
            Figure(by="collect", who="ours", milliseconds=_each(whole, files)),
            Figure(by="recording what was checked", who="ours", milliseconds=writing * 1000 / files),
        ),
        demands=(
            Demand(
                what="Recording, as a share of collecting", measured=writing / whole.cpu, required=0.5, at_least=False,
            ),
        ),
    )  # fmt: skip


def record_here(folder: str) -> float:
    """CPU seconds that recording the returns of a campaign takes, when they are checked already."""
    campaign = open_campaign(Path(folder))
    with Ledger.open(campaign.ledger_url) as ledger:
        took = 0.0
        for batch in _batches(_records(campaign, ledger)):
            start = time.process_time()
            ledger.record_returns(batch, now=NOW)
            took += time.process_time() - start
    return took


def _records(campaign: Any, ledger: Ledger) -> Iterator[ReturnRecord]:
    context = context_of(campaign, ledger, RECEIVED)
    for path in files_in([campaign.returns]):
        content = path.read_bytes() if isinstance(path, Path) else path.read()
        yield record_of(check_job(context, (content, label_of(path, campaign.root))), content, RECEIVED)


def _batches(records: Iterator[ReturnRecord]) -> Iterator[list[ReturnRecord]]:
    batch: list[ReturnRecord] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _recorded(folder: Path) -> list[Any]:
    """What is recorded of returns and copies, but for moments and the order of copies' numbers."""
    campaign = open_campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        items = [(item.sha256, item.outcome, item.school_key, item.findings) for item in ledger.returns()]
        copies = [(copy.school_key, copy.issue, copy.kind, copy.sha256) for copy in ledger.copies()]
    return [items, copies]


def _collected(folder: Path, executor: str = SERIAL, part: str = "") -> Alone:
    return alone("benchmarks.collecting:collect_here", str(folder), executor, part)


def _hashed(folder: Path) -> float:
    """CPU milliseconds to read and hash a file, of all returns of a campaign."""
    files = files_in([folder / "returns"])
    start = time.process_time()
    for file in files:
        assert isinstance(file, Path)
        sha256(file.read_bytes()).hexdigest()
    return (time.process_time() - start) * 1000 / len(files)


def _each(took: Alone, files: int) -> float:
    """Milliseconds of CPU for one file."""
    return took.cpu * 1000 / files


def _figure(by: str, took: Alone, files: int) -> Figure:
    return Figure(by=by, who="ours", milliseconds=_each(took, files), megabytes=took.megabytes)
