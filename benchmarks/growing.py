"""Growth: what one more school costs, from a hundred schools to a hundred thousand, and the plot of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks.collecting import collect_here
from benchmarks.figures import Demand, Section, Table, number
from benchmarks.returns import NOW, PLANS, RECEIVED, returned, started
from benchmarks.timing import Alone, alone
from xlplan.campaign import Campaign, open_campaign
from xlplan.ledger import Ledger, ReturnRecord
from xlplan.pipeline.collect import record_of
from xlplan.pipeline.executors import check_job
from xlplan.pipeline.known import context_of
from xlplan.pipeline.summarise import default_report

SIZES = (100, 1_000, 10_000, 100_000)
LAST = 1_000  # returns that are collected at most: those before them are recorded without being read
PLOT = Path(__file__).parent / "results" / "growing.svg"
FLAT = 1.5  # of the largest beside a thousand: what is constant but for noise and the start of a program
STEPS = ("generate", "collect", "collect again", "status", "rollup")
Cost = tuple[float, float]  # CPU milliseconds for a plan, peak megabytes


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """Every step of a campaign on each size; each in a process of its own."""
    sizes, last = ((4, 60), 10) if quick else (SIZES, LAST)
    found: dict[str, dict[int, Cost]] = {step: {} for step in STEPS}
    for size in sizes:
        place = folder / str(size)
        campaign = started(place, size)
        found["generate"][size] = _whole("generate_here", place, size)
        _fill(campaign, size - min(size, last))
        none = _run("collect_none", place)
        for step in ("collect", "collect again"):
            took = _run("collect_last", place)
            assert took.answer == min(size, last), (step, took.answer)
            each = (took.cpu - none.cpu) / took.answer + none.cpu / size
            found[step][size] = (each * 1000, took.megabytes)
        found["status"][size] = _whole("status_here", place, size)
        found["rollup"][size] = _whole("roll_up_here", place, size)
        largest = default_report(campaign).stat().st_size
        shutil.rmtree(place)
    if not quick:
        _plot({step: {size: cost for size, (cost, _) in sizes.items()} for step, sizes in found.items()})
    return [_section(found, sizes, largest)]


def _run(function: str, place: Path) -> Alone:
    return alone(f"benchmarks.growing:{function}", str(place))


def _whole(function: str, place: Path, size: int) -> Cost:
    took = _run(function, place)
    assert took.answer == size, (function, took.answer)
    return took.cpu * 1000 / size, took.megabytes


def _fill(campaign: Campaign, recorded: int) -> None:
    """Returns of the last schools as files, and those of so many schools before them as they stand in the ledger."""
    schools = campaign.roster.schools
    for name in ("none", "last"):
        (campaign.returns / name).mkdir()
    for file in returned(campaign, len(schools) - recorded):
        shutil.move(file, (campaign.returns / "last" / file.name))
    some = _records(campaign)
    with Ledger.open(campaign.ledger_url) as ledger:
        for start in range(len(schools) - recorded, len(schools), 100):
            ledger.record_returns(
                [_of(some[at % len(some)], schools[at].key) for at in range(start, min(start + 100, len(schools)))],
                now=NOW,
            )  # fmt: skip


def _records(campaign: Campaign) -> list[ReturnRecord]:
    """One of each plan that is accepted, as it is recorded."""
    with Ledger.open(campaign.ledger_url) as ledger:
        context = context_of(campaign, ledger, RECEIVED)
    files = sorted((campaign.returns / "last").iterdir())[:PLANS]
    checked = ((check_job(context, (file.read_bytes(), file.name)), file) for file in files)
    return [record_of(result, b"", RECEIVED) for result, _ in checked if result.checked.outcome == "accepted"]


def _of(record: ReturnRecord, school: str) -> ReturnRecord:
    """The same plan of another school, without the bytes of its file: a hundred thousand are some gigabytes."""
    content = school.encode()
    return replace(
        record,
        school_key=school,
        content=content,
        sha256=sha256(content).hexdigest(),
        file=f"returns/{school}.xlsx",
    )


def _section(found: Mapping[str, Mapping[int, Cost]], sizes: Sequence[int], largest: int) -> Section:
    heads = ("step", *(f"{size:,} schools" for size in sizes))
    return Section(
        title="Cost of a plan by the number of plans",
        work="A campaign of so many schools is generated, all of them return a plan, which is collected, collected "
        "again, and rolled up. Each step has a process of its own, whose start the plans share: few cost more.",
        unit="a plan",
        tables=(
            Table(title="CPU milliseconds for each plan", heads=heads, rows=_rows(found, sizes, 0)),
            Table(title="Peak memory in MB", heads=heads, rows=_rows(found, sizes, 1)),
        ),
        demands=tuple(
            Demand(
                what=f"{step}: a plan among {max(costs):,} beside one among {sizes[1]:,}",
                measured=costs[max(costs)][0] / costs[sizes[1]][0], required=FLAT, at_least=False,
            )
            for step, costs in found.items()
        ),
        remarks=(
            f"Of more than {LAST:,} returns {LAST:,} are read; those before them stand in the ledger when they "
            "come, recorded without being read and without bytes. What one costs is what a run takes more than one "
            "without files, and its share of that one.",
            f"The workbook of {max(sizes):,} plans has {number(largest / 1e6)} MB. What one sheet cannot hold "
            "continues on another.",
            f"![CPU milliseconds for each plan]({PLOT.name})",
        ),
    )  # fmt: skip


def _rows(
    found: Mapping[str, Mapping[int, Cost]], sizes: Sequence[int], which: int
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (step, *(number(costs[size][which]) if size in costs else "" for size in sizes))
        for step, costs in found.items()
    )


def _plot(costs: Mapping[str, Mapping[int, float]]) -> None:
    """Milliseconds by schools, both in powers of ten."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for (step, line), marker in zip(costs.items(), "osDv^", strict=True):
        axes.plot(list(line), list(line.values()), marker=marker, label=step)
    axes.set(xscale="log", yscale="log", xlabel="schools", ylabel="CPU milliseconds for each plan")
    axes.grid(True, which="major", color="#d9d9d9")
    axes.legend(frameon=False)
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})


def generate_here(folder: str) -> int:
    """Every school's copy, as the command makes it."""
    from xlplan.pipeline.generate import generate

    campaign = open_campaign(Path(folder))
    with Ledger.open(campaign.ledger_url) as ledger:
        return sum(1 for _ in generate(campaign, ledger, campaign.roster.schools, now=NOW))


def collect_last(folder: str) -> int:
    """The returns that are there as files, by one process."""
    return sum(collect_here(folder, "serial", "last").values())


def collect_none(folder: str) -> int:
    """No return: what opening a campaign of this size takes."""
    return sum(collect_here(folder, "serial", "none").values())


def status_here(folder: str) -> int:
    """Who returned, in what state."""
    from xlplan.pipeline.status import status

    campaign = open_campaign(Path(folder))
    with Ledger.open_to_ask(campaign.ledger_url) as ledger:
        return sum(1 for item in status(campaign, ledger, RECEIVED).schools if item.state != "issued")


def roll_up_here(folder: str) -> int:
    """The district workbook of everything."""
    from xlplan.pipeline.rolling import deck_of
    from xlplan.rollup.workbook import write_workbook

    place = Path(folder)
    campaign = open_campaign(place)
    with (
        Ledger.open_to_ask(campaign.ledger_url) as ledger,
        deck_of([(campaign, ledger)], RECEIVED, folder=place) as deck,
    ):
        write_workbook(deck, default_report(campaign))
        return len(campaign.roster.schools)
