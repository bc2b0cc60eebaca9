"""What a former round leaves of a plan: nothing open is lost, nothing done comes back, rows stay who they are."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.form.markers import Kind, Meaning, Window
from xlplan.form.rounds import CARRIED, CHANGES, FIRST_DUE, LAST_STATUS, LEARNED, STATUS_ROUND
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.intake.pour import poured
from xlplan.layout.model import Layout
from xlplan.merge.carry import Former, carry
from xlplan.merge.carry_record import Carried
from xlplan.merge.carry_rows import Rows, answers_of, followed
from xlplan.merge.values import Plain, plain, typed_cells
from xlplan.pipeline.forms import form_of
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

FIRST, NEXT, AFTER = (Window(date(year, 9, 1), date(year + 1, 6, 30)) for year in (2026, 2027, 2028))
MARK = re.compile(r"⟨(\d+)⟩")
MARKED = (Kind.PROSE,)


def layout_of(template: str, window: Window = FIRST, round_: str = "", **more: Any) -> Layout:
    facts = FormFacts(plan_from=window.first, plan_to=window.last, round=round_, **more)
    return form_of(template, facts).layout


def former(
    layout: Layout, cells: Mapping[str, object], number: int = 1, before: Carried | None = None
) -> Former:
    return Former(
        campaign=f"round-{number}", title="Plans", year=f"{2025 + number}", sha256=f"{number}" * 64,
        received=date(2026, 12, 1), layout=layout, cells=cells, before=before,
    )  # fmt: skip


def plan_of(template: str, seed: int) -> dict[str, Any]:
    """A sample plan with a mark of its own in every text of many lines, its progress drawn."""
    draw = random.Random(seed)
    plans = sample_plans(template)
    plan: dict[str, Any] = json.loads(json.dumps(plans[seed % len(plans)]))
    numbers = iter(range(10_000))

    def go(group: Group, data: dict[str, Any]) -> None:
        for member in group.members:
            value = data.get(member.name)
            if isinstance(member, Field):
                if member.meaning is Meaning.DONE:
                    data[member.name] = draw.choice([True, True, False, None])
                elif member.meaning in (Meaning.STATUS, Meaning.DECISION):
                    data[member.name] = draw.choice([*member.choices, member.choices[-1]])
                    if member.meaning is Meaning.STATUS and draw.random() < 0.5:
                        data[member.name] = draw.choice(["Met", None])
                elif member.kind in MARKED and value:
                    data[member.name] = f"{value} ⟨{next(numbers)}⟩"
            elif member.plain:
                data[member.name] = [f"{item} ⟨{next(numbers)}⟩" for item in value or []]
            else:
                for item in value if isinstance(value, list) else [value or {}]:
                    go(member, item)
                if member.slots is None and value is None:
                    data.pop(member.name, None)

    go(layout_of(template).spec.root, plan)
    return plan


def is_due(group: Group) -> bool:
    return group.slots is not None and any(item.meaning is Meaning.DUE for item in group.fields)


def has_due(group: Group) -> bool:
    return is_due(group) or any(map(has_due, group.groups))


def of(meaning: Meaning, group: Group, row: Mapping[str, Any]) -> Any:
    for item in group.fields:
        if item.meaning is meaning:
            return row.get(item.name)
    beside = (inner for inner in group.groups if inner.slots is None)
    return next((found for inner in beside if (found := of(meaning, inner, row.get(inner.name) or {}))), None)


def is_closed(group: Group, row: Mapping[str, Any]) -> bool:
    """Told from the plan's JSON, by the words of the issue and no code of the program."""
    if is_due(group):
        done, status = of(Meaning.DONE, group, row), of(Meaning.STATUS, group, row)
        if done is True or status == "Met" or of(Meaning.DECISION, group, row) == "drop":
            return True
        if done is False or status is not None:
            return False
    inner = [
        (one, item) for one in group.groups if one.slots and has_due(one) for item in row.get(one.name) or []
    ]
    return bool(inner) and all(is_closed(one, item) for one, item in inner)


def marks_in(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from MARK.findall(data)
    for item in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from marks_in(item)


def left_open(group: Group, data: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    """The plan's JSON without the rows that are done, and without those that speak of one; `gone`: their names."""
    made = dict(data)
    for inner in group.groups:
        value = data.get(inner.name)
        if inner.plain or not value:
            continue
        if inner.slots is None:
            made[inner.name] = left_open(inner, value, gone)
            continue
        by_name = [
            item for item in inner.fields if item.required and item.refers_to and item.refers_to.by == "name"
        ]
        rows = []
        for row in value:
            speaks = any(
                (named := row.get(item.name)) and set(named if isinstance(named, list) else [named]) <= gone
                for item in by_name
            )
            if is_closed(inner, row) or speaks:
                gone.add(str(row.get("name")))
            else:
                rows.append(left_open(inner, row, gone))
        made[inner.name] = rows
    return made


@pytest.mark.parametrize("template", TEMPLATES)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_every_open_row_is_carried_once_and_no_other(template: str, seed: int) -> None:
    """With all that is in it and beside it; rows that speak of a closed one by its name go with it."""
    layout, plan = layout_of(template), plan_of(template, seed)
    made = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    expected = left_open(layout.spec.root, plan, set())
    expected.pop("signoffs", None)
    assert Counter(marks_in(dict(made.cells))) == Counter(marks_in(expected))
    here = Rows(layout, answers_of(layout, made.cells))
    assert set(made.rows) == set(here.every)
    assert len({row.id for row in made.rows.values()}) == len(made.rows)
    for row in made.left_out:
        assert not any(row == one.was or one.was.startswith(f"{row}.") for one in made.rows.values())


@pytest.mark.parametrize("template", TEMPLATES)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10)
def test_what_is_carried_fits_the_next_form_and_closes_up(template: str, seed: int) -> None:
    """Every cell has its box there; tables that lost rows have no gap; nothing signed or done stands there."""
    layout, plan = layout_of(template), plan_of(template, seed)
    made = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    there = layout_of(template, NEXT, CARRIED)
    assert set(made.cells) <= set(there.inputs)
    assert not [path for path in made.cells if path.startswith(("signoffs", "prepared_"))]
    for table in {row.rpartition("[")[0] for row in made.left_out}:
        taken = [row for row, known in made.rows.items() if known.was.rpartition("[")[0] == table]
        assert sorted(int(row[:-1].rpartition("[")[2]) for row in taken) == list(range(len(taken)))
    for path, value in made.cells.items():
        item = there.inputs[path][1]
        if item.field.meaning in (Meaning.DUE, Meaning.START) and not item.locked:
            assert NEXT.first <= date.fromisoformat(str(value)) <= NEXT.last
        if item.name == LAST_STATUS:
            assert value not in ("Done", "Met")


@pytest.mark.parametrize("template", TEMPLATES)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10)
def test_a_status_round_loses_nothing(template: str, seed: int) -> None:
    """Each answer of the return stands at its own path, or is named as emptied; every row and slot stays."""
    layout, plan = layout_of(template), plan_of(template, seed)
    cells = {path: value for path, value in poured(layout, plan).items() if value is not None}
    held = {path: plain(value, layout.inputs[path][1].field.kind) for path, value in cells.items()}
    made = carry(former(layout, cells), STATUS_ROUND, FIRST)
    assert {path: made.cells.get(path, made.emptied.get(path)) for path in held} == held
    assert not set(made.cells) & set(made.emptied)
    asked = (Meaning.STATUS, Meaning.DONE)
    assert all(
        path in ("prepared_by", "prepared_on") or layout.inputs[path][1].field.meaning in asked
        for path in made.emptied
    )
    assert made.left_out == () and all(path == row.was for path, row in made.rows.items())
    assert all(made.rows[f"team[{k}]"].past[0].text == item["name"] for k, item in enumerate(plan["team"]))
    there = layout_of(template, FIRST, STATUS_ROUND)
    assert set(made.cells) <= set(there.inputs)
    for row in made.rows:
        if is_due(Rows(layout, held).group(row)) and f"{row}.{LAST_STATUS}" in there.inputs:
            assert made.cells[f"{row}.{LAST_STATUS}"] == Rows(layout, held).said(row)


def test_a_record_reads_back_as_it_was_written() -> None:
    """The same plan gives the same bytes, and these the same record."""
    layout = layout_of("sfss")
    cells = poured(layout, plan_of("sfss", 3))
    one, two = (carry(former(layout, cells), CARRIED, NEXT) for _ in range(2))
    assert one.content == two.content
    read = Carried.read(one.content)
    assert read == one and read.content == one.content
    assert one.quoted == ("1" * 64,)


# --- rows over rounds


def step(mark: int, **more: Any) -> dict[str, Any]:
    words = [
        "Visit every classroom",
        "Order the readers",
        "Call each family",
        "Train the tutors",
        "Print the plan",
    ]
    return {
        "action": words[mark],
        "due": date(2026, 10, 1 + mark).isoformat(),
        "owner": f"Pat No{mark}",
    } | more


def steps_in(carried: Carried) -> dict[str, str]:
    """Row id → what the row is about."""
    return {
        row.id: row.past[-1].text for path, row in carried.rows.items() if re.search(r"\.steps\[\d+\]$", path)
    }


def sfss_with(*steps: dict[str, Any]) -> dict[str, Any]:
    plan = plan_of("sfss", 0)
    plan["challenges"] = plan["challenges"][:2]
    for challenge in plan["challenges"]:
        challenge["strategies"] = challenge["strategies"][:1]
    plan["challenges"][0]["strategies"][0]["steps"] = list(steps)
    plan["challenges"][1]["strategies"][0]["steps"] = [step(4, done=None)]
    return plan


BASE = "challenges[0].strategies[0].steps"


def test_a_row_keeps_its_id_and_its_first_day_over_three_rounds() -> None:
    """Moved, reworded and put off it is the same row; written anew it is another; the day it was first due stays."""
    layout = layout_of("sfss")
    plan = sfss_with(step(0, done=True), step(1), step(2, done=False), step(3))
    first = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    assert set(steps_in(first).values()) >= {step(1)["action"], step(2)["action"], step(3)["action"]}
    assert first.rows[f"{BASE}[0]"].id == f"round-1:{BASE}[1]" and first.left_out == (f"{BASE}[0]",)
    assert first.cells[f"{BASE}[0].{FIRST_DUE}"] == "2026-10-02" and f"{BASE}[0].due" not in first.cells
    assert first.cells[f"{BASE}[1].{LAST_STATUS}"] == "Not done"

    second_layout = layout_of("sfss", NEXT, CARRIED)
    cells: dict[str, object] = dict(first.cells)
    for name in ("action", "owner"):  # the last two change places
        one, two = f"{BASE}[1].{name}", f"{BASE}[2].{name}"
        cells[one], cells[two] = cells[two], cells[one]
    cells |= {
        f"{BASE}[0].action": "Order the readers for grade 3, again", f"{BASE}[0].due": "2027-10-05",
        f"{BASE}[3].action": "Something that nobody spoke of", f"{BASE}[3].owner": "Kim Q",
    }  # fmt: skip
    second = carry(former(second_layout, cells, 2, first), CARRIED, AFTER)
    ids = {row.past[-1].text: row.id for row in second.rows.values()}
    assert ids["Order the readers for grade 3, again"] == f"round-1:{BASE}[1]"
    assert ids["Call each family"] == f"round-1:{BASE}[2]" and ids["Train the tutors"] == f"round-1:{BASE}[3]"
    assert ids["Something that nobody spoke of"] == f"round-2:{BASE}[3]"
    assert second.cells[f"{BASE}[0].{FIRST_DUE}"] == "2026-10-02"

    rewritten = typed_cells(layout_of("sfss", AFTER, CARRIED), second.cells)
    rewritten[f"{BASE}[0].action"] = "Buy a bus"
    rewritten[f"{BASE}[0].due"], rewritten[f"{BASE}[0].owner"] = date(2028, 10, 1), "Lee"
    third = carry(former(layout_of("sfss", AFTER, CARRIED), rewritten, 3, second), CARRIED, FIRST)
    known = {row.past[-1].text: row for row in third.rows.values()}
    assert known["Buy a bus"].id == f"round-3:{BASE}[0]" and len(known["Buy a bus"].past) == 1
    assert [past.campaign for past in known["Call each family"].past] == ["round-1", "round-2", "round-3"]
    assert third.quoted == ("1" * 64, "2" * 64, "3" * 64)
    assert third.cells[f"{BASE}[0].{FIRST_DUE}"] == "2028-10-01"


def test_a_mid_year_check_is_told_in_the_next_round() -> None:
    """What was learned stands with the row's past, and the box is empty again; what was done then is left out."""
    layout = layout_of("sfss")
    first = carry(former(layout, poured(layout, sfss_with(step(0), step(1)))), STATUS_ROUND, FIRST)
    there = layout_of("sfss", FIRST, STATUS_ROUND)
    cells = dict(first.cells) | {
        f"{BASE}[0].done": True, f"{BASE}[1].done": False, f"{BASE}[1].due": "2027-02-01",
        f"{BASE}[1].{LEARNED}": "It takes longer.", f"{BASE}[1].{CHANGES}": "Two of us.",
    }  # fmt: skip
    made = carry(former(there, cells, 2, first), CARRIED, NEXT)
    assert made.left_out == (f"{BASE}[0]",) and made.emptied[f"{BASE}[1].{LEARNED}"] == "It takes longer."
    row = made.rows[f"{BASE}[0]"]
    assert row.id == f"round-1:{BASE}[1]"
    assert [(past.round, past.status, past.due, past.learned) for past in row.past] == [
        ("", "Not done", "2026-10-02", None), ("status", "Not done", "2027-02-01", "It takes longer."),
    ]  # fmt: skip
    assert made.cells[f"{BASE}[0].{FIRST_DUE}"] == "2026-10-02" and f"{BASE}[0].{LEARNED}" not in made.cells


# --- references


def test_numbers_follow_the_rows_that_they_name() -> None:
    """A step after another one names it where it stands now; after one that is done it names none."""
    layout = layout_of("data-team")
    plan = json.loads(json.dumps(sample_plans("data-team")[0]))
    base = {"resources": "Time", "measures": "Count", "owner": "A. One", "deadline": "2026-10-01"}
    plan["strategies"] = plan["strategies"][:1]
    plan["strategies"][0]["steps"] = [
        base | {"action": "Done already", "done": True},
        base | {"action": "Comes after the first", "after": 1},
        base | {"action": "Comes after the second", "after": 2},
    ]
    made = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    steps = "strategies[0].steps"
    assert [made.cells[f"{steps}[{k}].action"] for k in (0, 1)] == [
        "Comes after the first",
        "Comes after the second",
    ]
    assert f"{steps}[0].after" not in made.cells and made.cells[f"{steps}[1].after"] == "Step 1"
    assert made.emptied[f"{steps}[1].after"] == "Step 1"


def test_ticks_name_the_same_cause_beside_a_strategy_that_moved() -> None:
    """Causes stay where they are; strategies that close up keep their ticks."""
    layout = layout_of("sfss")
    plan = plan_of("sfss", 0)
    one, two = (json.loads(json.dumps(plan["challenges"][0]["strategies"][0])) for _ in range(2))
    one["steps"], two["steps"] = [step(0, done=True)], [step(1, done=None)]
    one["root_causes"], two["root_causes"], two["description"] = ["A"], ["B"], "The second strategy"
    plan["challenges"][0]["root_causes"] = ["First cause", "Second cause"]
    plan["challenges"][0]["strategies"] = [one, two]
    made = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    assert made.cells["challenges[0].strategies[0].description"] == "The second strategy"
    assert made.cells["challenges[0].strategies[0].root_causes[1]"] is True
    assert "challenges[0].strategies[0].root_causes[0]" not in made.cells


def test_an_answer_of_its_own_keeps_a_row_open() -> None:
    """A deliverable that is not done says so, whatever its steps say; without a word its steps decide."""
    layout = layout_of("strong-systems")
    plan = json.loads(json.dumps(sample_plans("strong-systems")[0]))
    plan["initiatives"] = plan["initiatives"][:1]
    items = plan["initiatives"][0]["deliverables"] = plan["initiatives"][0]["deliverables"][:2]
    for item, said in zip(items, (False, None), strict=True):
        item["done"] = said
        item["steps"] = [
            {"action": "One", "start": "2026-10-01", "due": "2026-10-02", "owner": "A", "done": True}
        ]
    made = carry(former(layout, poured(layout, plan)), CARRIED, NEXT)
    assert [row for row in made.rows if row.endswith("]") and ".steps" not in row and "deliv" in row] == [
        "initiatives[0].deliverables[0]"
    ]
    assert "initiatives[0].deliverables[0].steps[0].action" not in made.cells


def test_rows_that_have_nothing_in_common_are_not_followed() -> None:
    """The same slot is no proof; a text that was only added to is."""
    layout = layout_of("sfss")
    before: dict[str, Plain] = {f"{BASE}[0].action": "Meet weekly", f"{BASE}[0].owner": "Ana"}
    assert f"{BASE}[0]" not in followed(layout, before, {f"{BASE}[0].action": "Buy new chairs for the hall"})
    longer: dict[str, Plain] = {f"{BASE}[0].action": "Meet weekly in the library, on Mondays, with the nurse"}
    assert followed(layout, before, longer)[f"{BASE}[0]"] == f"{BASE}[0]"


def test_rows_of_a_day_too_long_ago_are_left_out() -> None:
    layout = layout_of("planning-process")
    plan = json.loads(json.dumps(sample_plans("planning-process")[0]))
    held = [row["held_on"] for row in plan["consultation"]]
    cells = poured(
        layout, {name: value for name, value in plan.items() if name in ("consultation", "trends")}
    )
    long_after = Window(date(2030, 9, 1), date(2031, 6, 30))
    made = carry(former(layout, cells), CARRIED, long_after)
    assert held and not [path for path in made.cells if path.startswith("consultation")]
    assert set(made.left_out) == {f"consultation[{number}]" for number in range(len(held))}
    assert any(path.startswith("trends") for path in made.cells)
