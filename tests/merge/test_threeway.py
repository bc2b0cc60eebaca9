"""Merging keeps its laws on whatever people do to their copies."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merge.sides import answer, changed, edited, filled, layout_of, shuffled, side
from xlplan.form.text import folded
from xlplan.merge.decisions import side_names
from xlplan.merge.rows import moved, refers, tables_in
from xlplan.merge.threeway import Both, Keep, Side, Take, Write, merge, preferring

SFSS = layout_of("sfss")
TEMPLATES = ("sfss", "data-team", "planning-process", "strong-systems")
seeds = st.integers(0, 2**32)
COUNT = 60
STEPS = "challenges[0].strategies[0].steps"


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_with_itself_or_its_base_nothing_changes(seed: int, template: str) -> None:
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, chance.choice((0, 0.2, 0.6)))
    mine = side("mine", base, changed(layout, base, chance))
    for others in ([mine], [side("base", base)], [side("base", base, base)], [mine, side("base", base)]):
        found = merge(layout, [mine, *others])
        assert (found.cells, found.conflicts) == (dict(mine.final), ())


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_the_order_of_sides_matters_only_for_labels(seed: int, template: str) -> None:
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, chance.choice((0, 0.3)))
    sides = [side(name, base, changed(layout, base, chance)) for name in "abc"]
    first = merge(layout, sides)
    for order in permutations(range(3)):
        found = merge(layout, [sides[n] for n in order])
        assert found.cells == first.cells
        assert [(item.path, item.base, item.room) for item in found.conflicts] == [
            (item.path, item.base, item.room) for item in first.conflicts
        ]
        for item, same in zip(found.conflicts, first.conflicts, strict=True):
            assert [item.sides[order.index(n)] for n in range(3)] == list(same.sides)


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_no_edit_is_lost(seed: int, template: str) -> None:
    """Every answer that somebody wrote stands in the result, or is asked about."""
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, chance.choice((0, 0.3)))
    sides = [side(name, base, edited(layout, base, chance, 50)) for name in "ab"]
    found = merge(layout, sides)
    for one in sides:
        for path in layout.inputs:
            value = one.final.get(path)
            if value != base.get(path) and found.cells.get(path) != value:
                assert any(path == item.path or path.startswith(f"{item.path}.") for item in found.conflicts)


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_nothing_written_is_lost_where_rows_moved_too(seed: int, template: str) -> None:
    """The same of texts, wherever their rows stand in the end: they are in the result, or asked about."""
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, chance.choice((0, 0.3)))
    sides = [side(name, base, changed(layout, base, chance)) for name in "ab"]
    found = merge(layout, sides)
    asked = {value for item in found.conflicts for told in item.sides for value in told.values()}
    for one in sides:
        written = {value for value in one.final.values() if isinstance(value, str) and " " in value}
        new = {value for value in written - set(base.values()) if not value.startswith("Step ")}
        assert new <= set(found.cells.values()) | asked


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_without_overlap_there_is_no_conflict(seed: int, template: str) -> None:
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, chance.choice((0, 0.3)))
    paths = [path for path, (_, item) in layout.inputs.items() if not item.locked]
    chance.shuffle(paths)
    mine = dict(base) | {path: answer(layout, path, chance) for path in paths[:40]}
    yours = dict(base) | {path: answer(layout, path, chance) for path in paths[40:80]}
    found = merge(layout, [side("mine", base, mine), side("yours", base, yours)])
    assert not found.conflicts
    assert found.cells == base | {path: mine[path] for path in paths[:40]} | {
        path: yours[path] for path in paths[40:80]
    }


@settings(max_examples=COUNT, deadline=None)
@given(seeds, st.sampled_from(TEMPLATES))
def test_rows_that_one_side_moved_take_the_other_s_answers_with_them(seed: int, template: str) -> None:
    layout, chance = layout_of(template), Random(seed)
    base = filled(layout, chance, 0.7)
    mine = shuffled(layout, base, chance)
    inputs = layout.inputs
    often = Counter(base.values())
    texts = [
        path
        for path, value in base.items()
        if " " in str(value) and often[value] == 1 and not refers(inputs[path][1])
    ]
    path = chance.choice([path for path in texts if "[" in path] or texts)
    yours = base | {path: "Written by somebody else"}
    found = merge(layout, [side("mine", base, mine), side("yours", base, yours)])
    assert not found.conflicts
    was = {value: at for at, value in mine.items()}[base[path]]
    assert found.cells == mine | {was: "Written by somebody else"}


@settings(max_examples=COUNT, deadline=None)
@given(seeds)
def test_who_is_preferred_has_every_answer_that_was_asked_about(seed: int) -> None:
    chance = Random(seed)
    base = filled(SFSS, chance, 0.2)
    sides = [side(name, base, edited(SFSS, base, chance, 80)) for name in "ab"]
    asked = merge(SFSS, sides)
    for n in range(2):
        found = merge(SFSS, sides, preferring(asked.conflicts, n))
        assert not found.open
        for item in asked.conflicts:
            under = {
                path: value
                for path, value in found.cells.items()
                if path == item.path or (item.row and path.startswith(f"{item.path}."))
            }
            assert under == dict(item.sides[n])


def steps(*texts: str) -> dict[str, str]:
    """A strategy's steps."""
    return {f"{STEPS}[{n}].action": text for n, text in enumerate(texts) if text}


BASE = steps("Read aloud daily", "Visit each family") | {f"{STEPS}[1].owner": "Lee"}


def test_one_answer_that_two_changed_is_asked_about() -> None:
    mine, yours = BASE | {f"{STEPS}[1].owner": "Ann"}, BASE | {f"{STEPS}[1].owner": "Bo"}
    sides = [side("mine", BASE, mine), side("yours", BASE, yours)]
    found = merge(SFSS, sides)
    (asked,) = found.conflicts
    path = f"{STEPS}[1].owner"
    assert (asked.path, asked.row, dict(asked.base)) == (path, False, {path: "Lee"})
    assert [dict(told) for told in asked.sides] == [{path: "Ann"}, {path: "Bo"}]
    assert found.open == (asked,) and found.cells[path] == "Lee"
    for choice, wanted in ((Take(0), "Ann"), (Take(1), "Bo"), (Keep(), "Lee"), (Write("Cy"), "Cy")):
        decided = merge(SFSS, sides, {path: choice})
        assert decided.cells[path] == wanted and not decided.open


def test_what_somebody_saw_and_replaced_is_not_asked_about_again() -> None:
    """A correction copy shows the first return; whoever changes an answer there has seen it."""
    first = BASE | {f"{STEPS}[1].owner": "Ann"}
    second = first | {f"{STEPS}[1].owner": "Ann Lee"}
    found = merge(SFSS, [side("first", BASE, first), side("second", BASE, first, first, second)])
    assert not found.conflicts and found.cells[f"{STEPS}[1].owner"] == "Ann Lee"


def test_an_answer_that_somebody_confirmed_is_held_against_another_s() -> None:
    """Ann sent hers, and again from her correction copy; Bo never saw it."""
    ann, bo = BASE | {f"{STEPS}[1].owner": "Ann"}, BASE | {f"{STEPS}[1].owner": "Bo"}
    found = merge(SFSS, [side("ann", BASE, ann, ann), side("bo", BASE, bo)])
    assert [item.path for item in found.conflicts] == [f"{STEPS}[1].owner"]


def test_emptied_by_one_and_changed_by_the_other_after_both_saw_it() -> None:
    empty = {path: value for path, value in BASE.items() if not path.startswith(f"{STEPS}[1]")}
    due = BASE | {f"{STEPS}[1].due": "2026-10-01"}
    for versions in ((BASE,), ({}, BASE)):
        sides = [side("a", *versions, empty), side("b", *versions, due)]
        (asked,) = merge(SFSS, sides).conflicts
        assert (asked.path, asked.row, asked.room) == (f"{STEPS}[1]", True, False)
        assert merge(SFSS, sides, {asked.path: Take(0)}).cells == empty
        assert merge(SFSS, sides, {asked.path: Take(1)}).cells == due


def test_a_row_that_one_side_emptied_and_nobody_changed_is_empty() -> None:
    empty = {path: value for path, value in BASE.items() if not path.startswith(f"{STEPS}[1]")}
    found = merge(SFSS, [side("a", BASE, empty), side("b", BASE, BASE | steps("Read every day"))])
    assert not found.conflicts and found.cells == steps("Read every day")


def test_two_new_rows_in_one_slot_can_both_be_kept() -> None:
    mine = BASE | {f"{STEPS}[2].action": "Coach new teachers", f"{STEPS}[2].owner": "Ann"}
    yours = BASE | {f"{STEPS}[2].action": "Open the library", f"{STEPS}[2].owner": "Bo"}
    sides = [side("mine", BASE, mine), side("yours", BASE, yours)]
    (asked,) = merge(SFSS, sides).conflicts
    assert (asked.path, asked.row, asked.room) == (f"{STEPS}[2]", True, True)
    kept = merge(SFSS, sides, {asked.path: Both()})
    assert not kept.open
    rows = {(kept.cells[f"{STEPS}[{n}].action"], kept.cells[f"{STEPS}[{n}].owner"]) for n in (2, 3)}
    assert rows == {("Coach new teachers", "Ann"), ("Open the library", "Bo")}


def test_where_both_rows_are_kept_each_side_s_references_follow_its_own() -> None:
    layout, table = layout_of("data-team"), "strategies[0].steps"
    both = {f"{table}[0].action": "A step of both"}
    mine = both | {f"{table}[1].action": "Coach new teachers", f"{table}[1].owner": "Ann"}
    yours = both | {f"{table}[1].action": "Open the library", f"{table}[1].owner": "Bo"}
    mine |= {f"{table}[2].action": "After the coaching", f"{table}[2].after": "Step 2"}
    yours |= {f"{table}[4].action": "After the opening", f"{table}[4].after": "Step 2"}
    for sides in ([side("a", {}, mine), side("b", {}, yours)], [side("b", {}, yours), side("a", {}, mine)]):
        found = merge(layout, sides, {f"{table}[1]": Both()})
        assert not found.open
        assert found.cells[f"{table}[3].action"] == "Open the library"
        assert (found.cells[f"{table}[2].after"], found.cells[f"{table}[4].after"]) == ("Step 2", "Step 4")


def test_rows_for_which_no_slot_is_left_stay_open() -> None:
    slots = len(tables_in(SFSS)[STEPS])
    both = steps(*(f"A step of both, number {n}" for n in range(slots - 3)))
    mine, yours = dict(both), dict(both)
    for n in (slots - 3, slots - 2):
        mine |= {f"{STEPS}[{n}].action": f"Coach new teachers {n}", f"{STEPS}[{n}].owner": "Ann"}
        yours |= {f"{STEPS}[{n}].action": f"Open the library {n}", f"{STEPS}[{n}].owner": "Bo"}
    sides = [side("mine", both, mine), side("yours", both, yours)]
    choices = {f"{STEPS}[{n}]": Both() for n in (slots - 3, slots - 2)}
    assert [item.path for item in merge(SFSS, sides, choices).open] == [f"{STEPS}[{slots - 2}]"]


def test_sides_are_called_so_that_choices_can_be_told_apart() -> None:
    """A choice is read whatever its case and punctuation, so these are one for whoever reads them."""
    names = side_names(
        ["a-1.xlsx", "a 1.xlsx", "3: a1", "a1.xlsx", " ", "as it was before", "\u202ee\u0301⟦x⟧"]
    )
    assert len(set(map(folded, names))) == len(names)
    assert (names[0], names[1], names[-1]) == ("a-1.xlsx", "2: a 1.xlsx", "é[x]")


def test_ticks_and_step_numbers_follow_the_rows_they_name() -> None:
    causes = {f"challenges[0].root_causes[{n}]": f"A cause with the number {n}" for n in range(3)}
    ticks = {"challenges[0].strategies[0].root_causes[0]": True}
    base = {**causes, **ticks}
    mine = moved(SFSS, base, "challenges[0].root_causes", {0: 2, 2: 0, 1: 1})
    assert mine["challenges[0].strategies[0].root_causes[2]"] is True
    yours = base | {"challenges[0].strategies[0].root_causes[1]": True}
    found = merge(SFSS, [side("mine", base, mine), side("yours", base, yours)])
    assert found.cells == mine | {"challenges[0].strategies[0].root_causes[1]": True}
    layout = layout_of("data-team")
    rows = {f"strategies[0].steps[{n}].action": f"A step with the number {n}" for n in range(3)}
    base = {**rows, "strategies[0].steps[2].after": "Step 1"}
    mine = moved(layout, base, "strategies[0].steps", {0: 1, 1: 0, 2: 2})
    assert mine["strategies[0].steps[2].after"] == "Step 2"


def test_rows_moved_to_the_end_leave_room_for_new_ones() -> None:
    """One side moves a row to the slot in which the other one writes a new row."""
    mine = moved(SFSS, BASE, STEPS, {1: 2, 2: 1})
    yours = BASE | {f"{STEPS}[2].action": "Open the library"}
    found = merge(SFSS, [side("mine", BASE, mine), side("yours", BASE, yours)])
    assert not found.conflicts
    assert sorted(value for path, value in found.cells.items() if path.endswith("action")) == sorted(
        ["Read aloud daily", "Visit each family", "Open the library"]
    )
    assert found.cells[f"{STEPS}[2].action"] == "Visit each family"


@pytest.mark.parametrize("template", TEMPLATES)
def test_paths_of_the_result_are_the_form_s(template: str) -> None:
    layout, chance = layout_of(template), Random(7)
    base = filled(layout, chance, 0.5)
    sides = [side(name, base, changed(layout, base, chance)) for name in "abc"]
    assert set(merge(layout, sides).cells) <= set(layout.inputs)


def test_who_sends_the_same_again_after_a_merge_is_not_asked_again() -> None:
    """Ann and Bo were merged, and Bo's answer was chosen; then Ann's old copy comes in once more, with a new step."""
    ann, bo = BASE | {f"{STEPS}[1].owner": "Ann"}, BASE | {f"{STEPS}[1].owner": "Bo"}
    merged = Side(label="merged", versions=(BASE, bo, bo), also=((BASE, ann, bo),))
    again = ann | steps("", "", "Open the library")
    found = merge(SFSS, [merged, side("ann", BASE, ann, again)])
    assert not found.conflicts
    assert found.cells == bo | steps("", "", "Open the library")
