"""One vocabulary over five templates: nothing is lost, nothing counted twice, and every row has its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollup import mixed
from xlplan.campaign import Campaign
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import COST, FACTS, FREED, OPEN, STATUSES
from xlplan.rollup.measures import Condition, Measure, value
from xlplan.rollup.standard import COSTS, FIGURES
from xlplan.rollup.vocabulary import Vocabulary
from xlplan.templates import TEMPLATES


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return mixed.campaign(tmp_path_factory.mktemp("mixed") / "autumn")


@pytest.fixture(scope="module")
def deck(campaign: Campaign) -> Iterator[Deck]:
    with mixed.deck(campaign) as found:
        yield found


def every(data: Any, *names: str) -> list[Any]:
    """All that stands below these names, lists opened up."""
    found = [data]
    for name in names:
        inner = [item.get(name) for item in found]
        found = [one for value in inner for one in (value if isinstance(value, list) else [value])]
    return found


STEPS: dict[str, Sequence[tuple[str, ...]]] = {
    "sfss": [("challenges", "strategies", "steps")],
    "data-team": [("strategies", "steps")],
    "planning-process": [("action_steps",)],
    "planning-for-success": [("initiatives", "process_benchmarks"), ("initiatives", "early_evidence")],
    "strong-systems": [("initiatives", "deliverables", "steps")],
}


def of_template(name: str) -> list[dict[str, Any]]:
    names = [line.rsplit(",", 1)[1] for line in mixed.LINES]
    return [plan for at, plan in zip(names, mixed.plans(), strict=False) if at == name]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_step_of_every_template_is_an_activity(deck: Deck, name: str) -> None:
    steps = [row for plan in of_template(name) for path in STEPS[name] for row in every(plan, *path) if row]
    kept = [row for row in steps if (row.get("priority") or {}).get("decision") != "drop"]
    found = list(deck.store.rows("SELECT * FROM activities_full WHERE template = ?", [name]))
    assert len(found) == len(kept) > 0
    days = sorted(row.get("due") or row.get("deadline") or row.get("end") or "" for row in kept)
    assert sorted(row["due"] or "" for row in found) == days
    owners = sorted(row.get("owner") or "" for row in kept)
    assert sorted(row["owner"] or "" for row in found) == owners
    assert {row["status"] for row in found} <= set(STATUSES)
    assert {bool(row["derived"]) for row in found} == {name != "planning-for-success"}


def test_money_is_the_plain_sum_of_what_schools_wrote(deck: Deck) -> None:
    costs = [row["cost"] for plan in of_template("sfss") for row in every(plan, "resources") if row]
    costs += [
        row["amount"] for plan in of_template("planning-process") for row in every(plan, "funding") if row
    ]
    initiatives = of_template("planning-for-success")
    costs += [row["cost"] for plan in initiatives for row in every(plan, "initiatives", "resources") if row]
    freed = [
        row["frees"] for plan in of_template("planning-process") for row in every(plan, "funding") if row
    ]
    for role, amounts in ((COST, costs), (FREED, freed)):
        measure = Measure(
            name="m", label="M", table="money", sum="amount", where=(Condition("role", "=", role),)
        )
        assert (
            value(deck.store, measure) == sum((Decimal(str(one)) for one in amounts if one), Decimal(0)) > 0
        )
    assert value(deck.store, COSTS) > 0


def test_causes_know_how_often_they_are_addressed(deck: Deck) -> None:
    """By letters within their challenge, by names in the whole plan."""
    for name, inner in (("sfss", "root_causes"), ("planning-process", "root_causes")):
        plans = of_template(name)
        if name == "sfss":
            causes = [one for plan in plans for one in every(plan, "challenges", inner) if one]
            aimed = sum(
                len(one or ())
                for p in plans
                for one in [s["root_causes"] for s in every(p, "challenges", "strategies")]
            )
        else:
            causes = [row for plan in plans for row in every(plan, inner) if row]
            aimed = sum(
                len(row["root_causes"] or ()) for plan in plans for row in every(plan, "action_steps")
            )
        found = list(deck.store.rows("SELECT cause, addressed FROM causes_full WHERE template = ?", [name]))
        assert len(found) == len(causes) > 0
        assert sum(row["addressed"] for row in found) == aimed > 0


def test_benchmarks_are_of_the_process_or_early_evidence(deck: Deck) -> None:
    plans = of_template("planning-for-success")
    for kind, table in (("Process", "process_benchmarks"), ("Early evidence", "early_evidence")):
        rows = [row for plan in plans for row in every(plan, "initiatives", table) if row]
        found = list(deck.store.rows("SELECT said FROM benchmarks_full WHERE kind = ?", [kind]))
        assert sorted(row["said"] or "" for row in found) == sorted(row["status"] or "" for row in rows)


def test_priorities_are_all_connections(deck: Deck) -> None:
    chosen = [
        one
        for plan in of_template("sfss")
        for s in every(plan, "challenges", "strategies")
        for one in s["priorities"]
    ]
    found = [row["priority"] for row in deck.store.rows("SELECT priority FROM priorities_full")]
    assert sorted(found) == sorted(chosen)
    assert deck.store.one("SELECT count(*) FROM choices WHERE template = 'sfss'") == 5


def test_everybody_named_is_there(deck: Deck) -> None:
    for name in TEMPLATES:
        for plan in of_template(name):
            wanted = {plan["prepared_by"], *(row["name"] for row in every(plan, "team") if row)} - {None}
            known = {
                row["name"]
                for row in deck.store.rows("SELECT name FROM people_full WHERE template = ?", [name])
            }
            assert wanted <= known


def test_every_row_leads_to_a_cell_that_holds_what_it_says(deck: Deck, campaign: Campaign) -> None:
    """The returned file itself, opened at the cell, shows the cause, the step, the amount."""
    books: dict[str, Any] = {}
    texts = {"activities": "step", "causes": "cause", "money": "amount", "benchmarks": "benchmark"}
    for table in FACTS:
        rows = list(deck.store.rows(f"SELECT * FROM {table.name}_full"))
        assert rows
        assert all(row["file"] and row["sheet"] and row["cell"] and row["row"] for row in rows), table.name
        assert len({(row["plan"], row["row"]) for row in rows}) == len(rows), table.name
        for row in rows[::7] if table.name in texts else ():
            book = books.setdefault(
                row["file"], openpyxl.load_workbook(campaign.root / row["file"], data_only=True)
            )
            there, said = book[row["sheet"]][row["cell"]].value, row[texts[table.name]]
            if table.name == "money":
                assert said is None or Decimal(str(there)).quantize(Decimal("0.01")) == Decimal(said).scaleb(
                    -2
                )
            elif table.name != "causes" or row["name"] is None:
                assert " ".join(str(there).split()) == " ".join(said.split())


def test_a_school_that_did_not_write_is_counted_as_such(deck: Deck) -> None:
    assert deck.schools == len(mixed.LINES)
    assert deck.plans == len(mixed.LINES) - 1
    assert deck.whose == "2 districts"
    assert len(deck.forms) == 5 and deck.forms[0].startswith("Systems for Student Success")


def test_figures_have_names_of_their_own_and_values() -> None:
    names = [figure.name for figure in FIGURES]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)


DAYS = st.dates(date(2026, 9, 1), date(2027, 6, 30))


@given(
    due=st.none() | DAYS,
    as_of=DAYS,
    done=st.sampled_from([None, True, False]),
    said=st.sampled_from([None, "Met", "Not met", "In progress", "Not started"]),
)
@settings(max_examples=200, deadline=None)
def test_standing_is_one_of_six_and_late_means_overdue(
    due: date | None, as_of: date, done: bool | None, said: str | None
) -> None:
    """Days late are told of what is overdue alone, and a day more of waiting never takes one back."""
    from xlplan.rollup.data import Shape

    reader = Vocabulary(Shape(template="t", title="T", version=1, year="", tables=()), as_of)
    found = reader.standing(due, done, said)
    assert found["status"] in STATUSES
    assert (found["days_late"] is not None) == (found["status"] == "Overdue")
    if found["status"] == "Overdue":
        assert due is not None and found["days_late"] == (as_of - due).days > 0
    if due and found["status"] == OPEN:
        assert due > as_of + timedelta(days=30)
