"""A number leads back to the cells it was made from, and a row to its file and its entry in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.cli.runner import run
from tests.rollup import mixed
from xlplan.campaign import Campaign
from xlplan.errors import UsageError
from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import value
from xlplan.rollup.standard import ACTIVITIES, COSTS, FIGURES
from xlplan.rollup.tracing import figure_named, narrowed, of_school, row_named, traced

DAY = ("--as-of", mixed.AS_OF.isoformat())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return mixed.campaign(tmp_path_factory.mktemp("traced") / "autumn")


@pytest.fixture(scope="module")
def deck(made: Campaign) -> Iterator[Deck]:
    with mixed.deck(made) as found:
        yield found


def test_the_cells_sum_up_to_every_figure(deck: Deck) -> None:
    """Of every figure, and of every figure of every school."""
    keys = [row[0] for row in deck.store.rows("SELECT DISTINCT key FROM plans")]
    for figure in FIGURES:
        assert sum(item.counts for item in traced(deck.store, figure)) == value(deck.store, figure)
        parts = (of_school(deck.store, figure, key) for key in keys)
        assert sum(value(deck.store, part) for part in parts) == value(deck.store, figure)


def test_the_amounts_stand_in_the_files(made: Campaign, deck: Deck) -> None:
    """Each cell that a sum names holds just that amount in the file that was returned."""
    found = list(traced(deck.store, COSTS))
    assert found
    for item in found:
        book = openpyxl.load_workbook(made.root / item.file, read_only=True, data_only=True)
        held = book[item.sheet][item.cell].value
        assert Decimal(str(held or 0)).quantize(Decimal("0.01")) == item.counts
        book.close()


def test_every_row_has_a_name_that_leads_to_it(deck: Deck) -> None:
    rows = {item.row for item in traced(deck.store, ACTIVITIES)}
    assert len(rows) == value(deck.store, ACTIVITIES)
    for name in sorted(rows)[::7]:
        assert {item.traced.row for item in row_named(deck.store, name)} == {name}


def test_conditions_narrow_a_figure(deck: Deck) -> None:
    """By name or label, by kind; an empty value asks for empty cells."""
    above = narrowed(COSTS, ["Amount>=1000.00"])
    amounts = [item.counts for item in traced(deck.store, COSTS)]
    assert value(deck.store, above) == sum(amount for amount in amounts if amount >= 1000)
    star = narrowed(COSTS, ["source=Title*"])
    assert [item.values["Item"] for item in traced(deck.store, star)] == ["@SUM(1+1)*cmd|' /C calc'!A0"]
    both = (narrowed(ACTIVITIES, ["owner="]), narrowed(ACTIVITIES, ["owner<>"]))
    assert sum(value(deck.store, one) for one in both) == value(deck.store, ACTIVITIES)


@pytest.mark.parametrize(
    ("condition", "said"),
    [("statu=Done", 'mean "status"'), ("due=soon", "a day such as"), ("draft=perhaps", "yes or no"),
     ("x", "COLUMN=VALUE")],
)  # fmt: skip
def test_a_condition_that_is_none_is_told(condition: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        narrowed(ACTIVITIES, [condition])


def test_an_unknown_name_meets_the_nearest(deck: Deck) -> None:
    with pytest.raises(UsageError, match='mean "activities-overdue"'):
        figure_named("activites-overdue")
    (name, *_) = (item.row for item in traced(deck.store, ACTIVITIES))
    with pytest.raises(UsageError, match="Did you mean"):
        row_named(deck.store, name + "0")
    with pytest.raises(UsageError, match="no school"):
        of_school(deck.store, ACTIVITIES, "5308")


def test_trace_as_people_use_it(made: Campaign) -> None:
    """The list, a figure and a row: the figure said again as the sum, the row with file, hash and entry."""
    listed = run("trace", "-C", made.root, "--json", *DAY).json["figures"]
    assert [item["name"] for item in listed] == [figure.name for figure in FIGURES]
    told = run("trace", "cost", "-C", made.root, *DAY).out.splitlines()
    cost = next(item["value"] for item in listed if item["name"] == "cost")
    assert f"{Decimal(cost):,.2f}".removesuffix(".00") in told[0] and told[-1].endswith("the figure.")
    cells = run("trace", "activities-overdue", "-C", made.root, "--json", *DAY).json["cells"]
    row = run("trace", cells[0]["row"], "-C", made.root, "--json", *DAY).json["found"][0]
    content = (made.root / row["file"]).read_bytes()
    assert row["sha256"] == hashlib.sha256(content).hexdigest() and row["entry"]["number"] > 0
    assert cells[0]["row"] in run("trace", cells[0]["row"], "-C", made.root, *DAY).out
    assert run("trace", "-C", made.root, "--school", "1").code == 2


def test_tracing_writes_nothing(made: Campaign) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path(made.root).rglob("*")}
    run("trace", "activities", "-C", made.root, *DAY)
    assert {path: path.stat().st_mtime_ns for path in Path(made.root).rglob("*")} == before
