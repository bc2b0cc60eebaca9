"""Growth: what one more school costs, from a hundred schools to a hundred thousand, and the plot of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.collecting import collect_here
from benchmarks.figures import Demand, Section, Table, number
from benchmarks.returns import NOW, RECEIVED, returned, started
from benchmarks.timing import alone
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger

SIZES = (100, 1_000, 10_000, 100_000)
ROLLED_UP = 10_000  # schools up to which all is rolled up: beyond, a workbook is made of each region's
PLOT = Path(__file__).parent / "results" / "growing.svg"
FLAT = 1.5  # of the largest beside the thousand: what is constant but for noise and the start of a program
STEPS: Mapping[str, str] = {
    "generate": "benchmarks.growing:generate_here",
    "collect": "benchmarks.growing:collect_all",
    "collect again": "benchmarks.growing:collect_all",
    "status": "benchmarks.growing:status_here",
    "rollup": "benchmarks.growing:roll_up_here",
}


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """Every step of a campaign on each size; each in a process of its own."""
    sizes = (4, 8) if quick else SIZES
    found: dict[str, dict[int, tuple[float, float]]] = {step: {} for step in STEPS}
    for size in sizes:
        place = folder / str(size)
        started(place, size)
        for step, function in STEPS.items():
            if step == "rollup" and size > ROLLED_UP:
                continue
            if step == "collect":
                campaign = open_campaign(place)
                assert sum(1 for _ in returned(campaign, size)) == size
            took = alone(function, str(place))
            assert took.answer == size, (step, took.answer)
            found[step][size] = (took.cpu * 1000 / size, took.megabytes)
        shutil.rmtree(place)
    if not quick:
        _plot({step: {size: cost for size, (cost, _) in sizes.items()} for step, sizes in found.items()})
    return [_section(found, sizes)]


def _section(found: Mapping[str, Mapping[int, tuple[float, float]]], sizes: Sequence[int]) -> Section:
    heads = ("step", *(f"{size:,} schools" for size in sizes))
    return Section(
        title="Cost of a plan by the number of plans",
        work="A campaign of so many schools is generated, all of them return a plan, which is collected, collected "
        "again, and rolled up. The seconds of a process's start are in them, which is why few plans cost more each.",
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
        remarks=(f"![CPU milliseconds for each plan]({PLOT.name})",),
    )  # fmt: skip


def _rows(
    found: Mapping[str, Mapping[int, tuple[float, float]]], sizes: Sequence[int], which: int
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


def collect_all(folder: str) -> int:
    """Every return, by one process."""
    return sum(collect_here(folder, "serial").values())


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
        write_workbook(deck, place / "reports" / "summary.xlsx")
        return len(campaign.roster.schools)
