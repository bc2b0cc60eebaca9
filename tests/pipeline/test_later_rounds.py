"""Copies of later rounds on their way back: what was carried is read again, and what is locked holds."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.pipeline.later import edited, later, with_gaps
from xlplan.errors import UsageError
from xlplan.excel.correct import corrected
from xlplan.findings import Finding, Severity
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.layout.correction import correction
from xlplan.layout.points import points_of
from xlplan.ledger import Ledger
from xlplan.merge.values import values_hash
from xlplan.pipeline.begun import Begun, held
from xlplan.pipeline.cells import cells_of
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, personal
from xlplan.pipeline.opening import Context
from xlplan.templates import TEMPLATES

ROUNDS = (CARRIED, STATUS_ROUND)
STEP = "challenges[0].strategies[0].steps[0]"
TAMPERED = ("label-changed", "stray", "contradiction", "protection-gone", "validation-gone", "list-changed")


def told(findings: tuple[Finding, ...], *codes: str) -> list[tuple[str, str | None]]:
    return [(item.code, item.path) for item in findings if item.code in codes]


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_copy_reads_back_as_it_began(name: str, round_: str) -> None:
    """Every cell, locked or not; nothing looks changed, and only what is open is missing."""
    one = later(name, round_)
    result = one.check(one.copy())
    assert result.cells == one.check(one.copy(), known=False).cells
    inputs = one.form.layout.inputs
    assert {path for path in one.cells if path in inputs} == set(result.cells)
    assert told(result.checked.findings, *TAMPERED) == []
    errors = [item.path for item in result.checked.findings if item.severity is Severity.ERROR]
    assert all(not inputs[path][1].locked for path in errors if path and path in inputs)


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_answered_check_is_a_whole_plan(name: str) -> None:
    """It is accepted, and says what was, what is, and what was learned; open answers alone make its hash."""
    one = later(name, STATUS_ROUND)
    result = one.check(one.copy(one.answers()))
    assert result.checked.outcome == "accepted" and result.validated is not None
    assert result.validated.model is not None
    assert all(line["filled"] == line["required"] for line in result.completeness)
    open_ = {
        path: value for path, value in result.cells.items() if not one.form.layout.inputs[path][1].locked
    }
    assert result.values_hash == values_hash(one.form.layout, open_)
    assert "=Lesson 0" in str(result.checked.plan) and "'first_due': '20" in str(result.checked.plan)


def test_days_beyond_the_plan_are_told_where_they_are_open() -> None:
    """A first due day of another year is no fault; a new one outside the window is."""
    one = later("sfss", CARRIED)
    first = one.cells[f"{STEP}.first_due"]
    assert isinstance(first, date) and first < one.form.layout.spec.facts.plan_from
    result = one.check(one.copy({f"{STEP}.due": date(2029, 1, 1)}))
    assert told(result.checked.findings, "date-outside-window") == [("date-outside-window", f"{STEP}.due")]


def test_an_answer_in_an_empty_row_of_the_check_is_told() -> None:
    """Nobody can add a row there; what was typed is quoted, and the plan has no such row."""
    one = later("sfss", STATUS_ROUND)
    empty = "challenges[0].strategies[0].steps[4]"
    typed = one.answers() | {f"{empty}.done": True, f"{empty}.learned": "We did more"}
    result = one.check(one.copy(typed))
    assert told(result.checked.findings, "stray") == [("stray", f"{empty}.done")]
    assert result.checked.plan is not None
    assert len(result.checked.plan["challenges"][0]["strategies"][0]["steps"]) == 4


def test_what_is_typed_over_a_locked_box_is_told_and_what_was_issued_counts() -> None:
    """Each box with what it was and what stood there; the words are kept, and a fresh copy has the plan again."""
    one = later("sfss", STATUS_ROUND)
    content = one.copy(one.answers())
    inputs = one.form.layout.inputs

    def at(path: str) -> tuple[str, str]:
        cell = one.form.layout.cell_of(path)
        assert cell is not None
        return cell.sheet, cell.a1

    spoiled = edited(
        content, {at(f"{STEP}.action"): "Something else", at(f"{STEP}.first_due"): "=1/0", at(f"{STEP}.owner"): None}
    )  # fmt: skip
    clean, result = one.check(content), one.check(spoiled)
    changed = [item for item in result.checked.findings if item.code == "label-changed"]
    assert [item.path for item in changed] == [f"{STEP}.{name}" for name in ("action", "owner", "first_due")]
    assert "Something else" in changed[0].message and str(one.cells[f"{STEP}.action"]) in changed[0].message
    assert "it is empty" in changed[1].message
    assert result.checked.plan == clean.checked.plan and result.cells == clean.cells
    assert result.values_hash == clean.values_hash
    assert result.returned is not None
    assert {item.value for item in result.returned.left_over} == {"Something else"}
    unknown = one.check(spoiled, known=False)
    assert told(unknown.checked.findings, "label-changed") == [] and unknown.locked is not None
    assert unknown.cells[f"{STEP}.action"] == "Something else"

    plate = correction_plate(one.form, "", True)
    who = personal(BLANK_SCHOOL, blank_identity(one.form), b"", "")
    fresh = corrected(
        plate, who, result.returned.cells, correction(one.form.layout, result.returned, date(2027, 2, 5))
    )
    again = one.check(fresh)
    assert again.cells == clean.cells and told(again.checked.findings, "label-changed") == []
    assert inputs[f"{STEP}.action"][1].locked


def test_rows_that_were_sorted_by_hand_are_not_taken_for_one_another() -> None:
    """A locked text in another row's place: the answers beside may be that row's, so the plan is not accepted."""
    one = later("sfss", STATUS_ROUND)
    first, second = (one.form.layout.cell_of(f"{STEP[:-3]}[{k}].action") for k in (0, 1))
    assert first is not None and second is not None
    swapped = {
        (first.sheet, first.a1): one.cells[f"{STEP[:-3]}[1].action"],
        (second.sheet, second.a1): one.cells[f"{STEP[:-3]}[0].action"],
    }
    result = one.check(edited(one.copy(one.answers()), swapped))
    assert result.checked.outcome == "rejected"
    assert len(told(result.checked.findings, "contradiction")) == 2


def test_a_sheet_that_is_gone_comes_back_with_what_was_locked_on_it() -> None:
    """Its answers did not come with the file; the plan that nobody could type did not go with them."""
    one = later("sfss", STATUS_ROUND)
    book = load_workbook(BytesIO(one.copy(one.answers())))
    del book["Rules"]
    out = BytesIO()
    book.save(out)
    result = one.check(out.getvalue())
    assert ("section-missing", None) in told(result.checked.findings, "section-missing")
    rules = {path: value for path, value in one.cells.items() if path.startswith("rules[")}
    assert rules and all(result.cells[path] == value for path, value in rules.items())


def test_workers_check_without_the_ledger_and_the_collecting_process_compares() -> None:
    """A file as it should be is not read twice; one with something else in a locked box is, by one who knows."""
    one = later("sfss", STATUS_ROUND)
    with Ledger.open("sqlite://") as ledger:
        assert pickle.loads(pickle.dumps(Context(begun=Begun(ledger)))).begun is None
    asked: list[int | None] = []

    def begun(_form: object, _key: str | None, issue: int | None) -> dict[str, object]:
        asked.append(issue)
        return dict(one.cells)

    context = Context(begun=begun)
    content = one.copy(one.answers())
    cell = one.form.layout.cell_of(f"{STEP}.action")
    assert cell is not None
    spoiled = edited(content, {(cell.sheet, cell.a1): "Else"})
    plain = replace(one.check(content, known=False), form=None)
    assert held(plain, content, context) is plain and asked == [1]
    again = held(replace(one.check(spoiled, known=False), form=None), spoiled, context)
    assert told(again.checked.findings, "label-changed") == [("label-changed", f"{STEP}.action")]


@pytest.mark.parametrize("round_", ROUNDS)
def test_fill_compares_what_is_locked_and_types_the_rest(round_: str) -> None:
    """A plan that was read is poured again; one that says something else of a locked box is poured nowhere."""
    one = later("planning-process", round_)
    content = one.copy(one.answers() if round_ == STATUS_ROUND else None)
    plan = one.check(content).checked.plan
    assert plan is not None
    filled, refused = fill_bytes(one.copy(), plan, "copy.xlsx")
    assert refused is None and one.check(filled).checked.plan == plan
    plan["action_steps"][0]["last_status"] = "Never"
    with pytest.raises(UsageError, match=r"action_steps\[0\]\.last_status: the plan says “Never”"):
        fill_bytes(one.copy(), plan, "copy.xlsx")


def test_a_plan_with_gaps_is_filled_in_where_its_rows_stand() -> None:
    """Lists of a plan are closed up; rows of a mid-year check stay at their places."""
    one = with_gaps("sfss", (f"{STEP[:-3]}[1].", "challenges[0].root_causes[0]", "challenges[1]."))
    answered = one.check(one.copy(one.answers()))
    plan = answered.checked.plan
    assert plan is not None and len(plan["challenges"]) == 3
    filled, refused = fill_bytes(one.copy(), plan, "copy.xlsx")
    assert refused is None and one.check(filled).cells == answered.cells


def test_cells_lists_locked_boxes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With what they hold by kind, and no bounds of a day that only says what was."""
    one = later("planning-for-success", STATUS_ROUND)
    path = tmp_path_factory.mktemp("later") / "copy.xlsx"
    path.write_bytes(one.copy())
    listed = {cell["path"]: cell for cell in cells_of(str(path))["cells"]}
    row = "initiatives[0].process_benchmarks[0]"
    assert listed[f"{row}.first_due"]["locked"] and listed[f"{row}.first_due"]["min"] is None
    assert listed[f"{row}.benchmark"]["locked"] and not listed[f"{row}.benchmark"]["required"]
    assert not listed[f"{row}.status"]["locked"] and listed[f"{row}.status"]["required"]
    assert listed[f"{row}.due"]["min"] == "2026-09-01"


def test_to_fix_asks_nothing_of_what_is_locked() -> None:
    """Advice on words that nobody can change any more stands in the findings, and on no line."""
    one = later("planning-process", STATUS_ROUND)
    result = one.check(one.copy())
    inputs = one.form.layout.inputs
    paths = {item.path for item in result.checked.findings if item.path}
    advice = {path for path in paths if path in inputs and inputs[path][1].locked}
    assert advice and result.returned is not None
    lines = points_of(one.form.layout, result.returned)
    assert lines and not advice & {point.finding.path for point in lines}


def test_a_copy_nobody_has_answered_is_not_blank_and_an_empty_one_is() -> None:
    """What stood there locked was not filled in by anybody."""
    one = later("sfss", STATUS_ROUND)
    locked = replace(
        one, cells={path: v for path, v in one.cells.items() if one.form.layout.inputs[path][1].locked}
    )
    assert told(locked.check(locked.copy()).checked.findings, "blank") == [("blank", None)]
    assert told(one.check(one.copy()).checked.findings, "blank") == []
    assert check_file(replace(one, cells={}).copy(), "x.xlsx", Context()).checked.outcome == "rejected"
