"""Split plans from the copies to the plan put together: what came of each part, and nothing else, stands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import xlplan
from tests.pipeline.loop import NOW, begun
from xlplan.campaign import Campaign, School, open_campaign
from xlplan.campaign.files import read_bytes, write_safely
from xlplan.errors import UsageError
from xlplan.excel.plate import pour
from xlplan.findings import Checked, Severity
from xlplan.form.parts import Part
from xlplan.form.plan import HEADER
from xlplan.intake.pour import poured
from xlplan.ledger import RETURNED, IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.check import check_file
from xlplan.pipeline.collect import collect, record_of
from xlplan.pipeline.forms import form_for, identity_for, personal, plate_of
from xlplan.pipeline.generate import generate, parts_for, with_slots, with_split
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.opening import Context
from xlplan.pipeline.reviewing import Said, Word, review
from xlplan.pipeline.split import PARTS
from xlplan.pipeline.status import SchoolState, status

SAMPLES = Path(xlplan.__file__).parent / "samples"
PLAN = json.loads(
    (SAMPLES / "planning_process" / "01-induction-and-transfer.json").read_text(encoding="utf-8")
)
TEMPLATE = "planning-process"


class Round:
    """A campaign whose first school's plan is split, with what comes back of it day by day."""

    def __init__(self, folder: Path, template: str = TEMPLATE, **settings: Any) -> None:
        campaign = begun(folder, template)
        campaign = with_split(campaign, [campaign.roster.schools[0].key], True)
        assert open_campaign(folder).settings == campaign.settings, "kept in campaign.toml"
        self.campaign: Campaign = replace(campaign, settings=replace(campaign.settings, **settings))
        self.school: School = campaign.roster.schools[0]
        self.ledger = Ledger.open(campaign.ledger_url)
        self.copies = list(generate(self.campaign, self.ledger, [self.school], now=NOW))
        self.day = 0

    @property
    def parts(self) -> dict[str, Part]:
        return {part.key: part for part in parts_for(self.campaign, self.school) if part}

    def send(self, name: str, values: Mapping[str, Any], key: str = "", issue: int = 0) -> None:
        """A copy comes back with these answers: that of a part, or of the whole plan."""
        form = form_for(self.campaign, self.school, key)
        issue = issue or next(copy.issue for copy in reversed(self.copies) if copy.part == key)
        facts = personal(
            self.school, identity_for(self.campaign, self.school, form, issue), self.campaign.key, ""
        )
        write_safely(
            self.campaign.returns / name, pour(plate_of(form, ""), facts, poured(form.layout, values))
        )

    def send_parts(self, plan: Mapping[str, Any], *keys: str) -> None:
        for key in keys or self.parts:
            self.send(f"{key}-{self.day}.xlsx", part_of(plan, self.parts[key]), key)

    def collect(self) -> list[Checked]:
        self.day += 1
        files = files_in([self.campaign.returns])
        return collect(self.campaign, self.ledger, files, received=date(2026, 12, self.day), now=NOW)

    def together(self) -> list[StoredReturn]:
        return [item for item in self.ledger.returns(school_key=self.school.key) if item.kind == PARTS]

    def state(self) -> SchoolState:
        found = status(self.campaign, self.ledger, date(2026, 12, 31)).schools
        return next(item for item in found if item.school.key == self.school.key)

    def counting(self) -> StoredReturn:
        settings = self.campaign.settings
        (found,) = self.ledger.counting_returns(settings.counts, settings.counting)
        return found


def part_of(plan: Mapping[str, Any], part: Part) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if part.holds(name) and name not in HEADER}


def answers(plan: Mapping[str, Any] | None) -> dict[str, Any]:
    """A plan without its head, as JSON has it after one reading."""
    assert plan is not None
    return {name: value for name, value in plan.items() if name not in HEADER}


def changed(**members: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(PLAN)), **members}


def first_changed(member: str, **answers_: Any) -> dict[str, Any]:
    """The plan with other answers in the first row of one table."""
    rows = json.loads(json.dumps(PLAN[member]))
    return changed(**{member: [rows[0] | answers_, *rows[1:]]})


def codes(item: Checked) -> list[str]:
    return [found.code for found in item.findings if found.severity is Severity.ERROR]


def test_a_split_plan_from_its_copies_to_one_plan(tmp_path: Path) -> None:
    """Parts come in one by one, one of them wrong in what it says of another, which only the whole can tell."""
    run = Round(tmp_path / "autumn")
    keys = list(run.parts)
    assert [copy.part for copy in run.copies] == keys == ["pl", "con", "tre", "rc", "as", "del", "fun"]
    assert [copy.issue for copy in run.copies] == list(range(1, 8))
    assert len({copy.file for copy in run.copies}) == 7
    again = list(generate(run.campaign, run.ledger, run.campaign.roster.schools[:1], now=NOW))
    assert all(isinstance(copy, IssuedCopy) for copy in again), "nothing changed, so nothing is new"
    (whole,) = generate(run.campaign, run.ledger, run.campaign.roster.schools[1:2], now=NOW)
    assert not whole.part and whole.issue == 1, "another school's plan stays whole"

    # all but one, in which nothing is judged that the others hold
    wrong = first_changed("deliverables", action_step="No such step")
    run.send_parts(wrong, *(key for key in keys if key != "tre"))
    assert [item.outcome for item in run.collect()] == ["accepted"] * 6
    state = run.state()
    assert (state.state, state.counted, run.together()) == ("issued", None, [])
    assert {item.part.key for item in state.parts if item.state == "issued"} == {"tre"}
    told = state.as_json()["parts"]
    assert {"part": "tre", "title": "1 Trends", "state": "issued", "issued": 3, "returns": 0} in told
    assert state.returns == 6 and {line["sheet"] for line in state.completeness} >= {"1 Trends", "Plan"}

    # the last one: now they are together, and what one says of another is judged
    run.send_parts(PLAN, "tre")
    *_, made = run.collect()
    assert made.kind == PARTS and codes(made) == ["unknown-reference"] and made.correction
    (found,) = (item for item in made.findings if item.code == "unknown-reference")
    assert (found.sheet, found.cell, found.found) == ("5 Deliverables", "D6", "No such step")
    assert found.message.endswith("It came in the part “5 Deliverables” (returns/del-0.xlsx).")
    assert run.state().state == "rejected"
    (first,) = run.together()
    assert set(first.parents) == {
        item.id for item in run.ledger.returns(school_key=run.school.key) if item.part
    }
    assert run.ledger.content(first.sha256) == read_bytes(run.campaign.root / first.file)

    # the same parts are put together once; a workbook that is gone is written again
    (run.campaign.root / first.file).unlink()
    (run.campaign.root / made.correction).unlink()
    assert all(item.already for item in run.collect()) and run.together() == [first]
    assert (run.campaign.root / first.file).exists() and (run.campaign.root / made.correction).exists()

    # the part corrected, with a name that is right but for its case
    step = PLAN["action_steps"][0]["name"]
    run.send_parts(first_changed("deliverables", action_step=step.upper()), "del")
    *_, made = run.collect()
    assert made.outcome == "accepted" and run.state().state == "accepted"
    second = run.counting()
    expected = first_changed("deliverables", action_step=step)
    assert second.kind == PARTS and answers(second.plan) == answers(checked_plan(run, expected))
    assert second.plan and second.plan["school_id"] == run.school.school_id
    assert run.ledger.verify_chain() == []


def checked_plan(run: Round, plan: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A plan's JSON as reading it from one whole workbook gives it."""
    form = form_for(run.campaign, run.school)
    facts = personal(run.school, identity_for(run.campaign, run.school, form, 1), run.campaign.key, "")
    content = pour(
        plate_of(form, ""), facts, poured(form.layout, {**plan, "school_id": run.school.school_id})
    )
    return check_file(content, "whole.xlsx", Context()).checked.plan


def test_a_whole_plan_beside_parts_loses_nothing(tmp_path: Path) -> None:
    """Of each section counts what came last: a whole plan after parts, and a part after that whole plan."""
    run = Round(tmp_path / "autumn")
    run.send_parts(PLAN)
    run.collect()
    (first,) = run.together()
    reason, why = "Said in the whole plan.", "Said in the part."
    run.send("whole.xlsx", first_changed("funding", retires=reason), issue=first.issue or 0)
    run.collect()
    whole = run.counting()
    assert whole.kind == "return" and len(run.together()) == 1, "a whole plan that came last is the plan"

    run.send_parts(first_changed("consultation", heard=why), "con")
    run.collect()
    second = run.counting()
    (con,) = (
        item for item in run.ledger.returns(school_key=run.school.key) if item.file.endswith("con-2.xlsx")
    )
    assert second.kind == PARTS and set(second.parents) == {whole.id, con.id}
    expected = first_changed("funding", retires=reason)
    expected["consultation"][0]["heard"] = why
    assert answers(second.plan) == answers(checked_plan(run, expected))
    assert not [item for item in run.collect() if not item.already], "and so it stays"


def test_an_empty_copy_takes_nothing_away(tmp_path: Path) -> None:
    """A part that requires nothing, returned as it was sent, leaves what a whole plan says; once filled, it counts."""
    run = Round(tmp_path / "autumn", template="sfss")
    plan = json.loads((SAMPLES / "sfss" / "02-behaviour-elementary.json").read_text(encoding="utf-8"))
    assert plan["relationships"] and plan["rules"]
    (copy,) = generate(with_split(run.campaign, [], False, dry_run=True), run.ledger, [run.school], now=NOW)
    run.send("whole.xlsx", plan, issue=copy.issue)
    run.collect()
    run.send("empty.xlsx", {}, "rel")
    *_, made = run.collect()
    assert made.kind != PARTS and run.counting().kind == "return", "it is taken, and nothing is put together"
    named, other, *_ = plan["relationships"][0]
    row = plan["relationships"][0] | {other: "Said in the part."}
    run.send("filled.xlsx", {"relationships": [row]}, "rel")
    run.collect()
    counting = run.counting()
    expected = checked_plan(run, {**plan, "relationships": [row]})
    assert counting.kind == PARTS and answers(counting.plan) == answers(expected)
    run.send("emptied.xlsx", {"relationships": [{named: "  "}]}, "rel")
    run.collect()
    found = run.counting().plan
    assert found and found["relationships"] == [] and found["rules"] == plan["rules"], "emptied on purpose"


def test_what_counts_no_more_is_taken_out(tmp_path: Path) -> None:
    """A part that somebody said does not count takes what was put together from it along."""
    run = Round(tmp_path / "autumn", template="data-team")
    plan = json.loads((SAMPLES / "data_team" / "01-phonics-primary.json").read_text(encoding="utf-8"))
    run.send_parts(plan)
    run.collect()
    first = run.counting()
    (wrong,) = (item for item in run.ledger.returns() if item.part == "st")
    run.ledger.record_mark(wrong.id, False, reason="Last year's.", by="Ann", now=NOW)
    assert run.state().state == "issued"
    run.collect()
    assert run.ledger.counting_returns("newest-accepted", "accepted") == []
    run.ledger.record_mark(wrong.id, True, reason="It was right.", by="Ann", now=NOW)
    run.collect()
    again = run.counting()
    assert again.id > first.id and again.parents == first.parents and again.plan == first.plan
    assert run.state().state == "accepted"


def test_drafts_count_where_the_campaign_says_so(tmp_path: Path) -> None:
    """With parts missing the plan is a draft: it names them, and says nothing else of what is not there."""
    run = Round(tmp_path / "autumn", counting="readable")
    run.send_parts(PLAN, "rc", "as", "fun")
    *_, made = run.collect()
    assert made.outcome == "rejected" and not made.correction
    errors = [item for item in made.findings if item.severity is Severity.ERROR]
    assert {item.code for item in errors} == {"part-missing"}
    assert [item.message for item in errors] == [
        f"The part “{title}” has not come back yet."
        for title in ("Plan", "Consultation", "1 Trends", "5 Deliverables")
    ]
    draft = run.counting()
    assert draft.plan and draft.plan["funding"] == PLAN["funding"] and draft.plan["trends"] == []
    assert run.state().state == "issued"
    run.send_parts(PLAN, "tre")
    run.send_parts({"deliverables": [{"deliverable": "Half a row"}]}, "del")
    *_, made = run.collect()
    assert run.counting().id == run.together()[-1].id > draft.id
    assert set(codes(made)) == {"missing", "part-missing"} and run.state().state == "rejected"


def test_what_was_merged_of_one_part_speaks_of_that_part_alone(tmp_path: Path) -> None:
    """A whole plan that was made of two people's copies of a part is empty elsewhere, and takes nothing away there."""
    run = Round(tmp_path / "autumn", counting="readable")
    run.send_parts(PLAN, "rc", "fun")
    run.collect()
    (cause,) = (item for item in run.ledger.returns() if item.part == "rc")
    both = first_changed("root_causes", factor="As both say.")["root_causes"]
    run.send("merged.xlsx", {"root_causes": both}, issue=8)
    content = read_bytes(run.campaign.returns / "merged.xlsx")
    (run.campaign.returns / "merged.xlsx").unlink()
    result = check_file(content, "merged.xlsx", Context())
    merged = record_of(result, content, date(2026, 12, 2))
    run.ledger.record_return(replace(merged, kind="merge", parents=(cause.id,)), now=NOW)
    run.send_parts(PLAN, "tre")
    run.collect()
    found = run.counting()
    assert found.kind == PARTS and found.plan and found.plan["funding"] == PLAN["funding"]
    assert found.plan["root_causes"][0]["factor"] == "As both say."


def test_rows_of_a_larger_copy_stay(tmp_path: Path) -> None:
    """A part that was issued with more rows than the form has today keeps them in the plan put together."""
    run = Round(tmp_path / "autumn")
    today = run.campaign
    run.campaign = with_slots(today, [run.school.key], {"funding": len(PLAN["funding"]) + 20})
    run.copies = list(generate(run.campaign, run.ledger, [run.school], now=NOW))
    assert [copy.part for copy in run.copies if copy.issue > 7] == ["fun"], "other parts are as they were"
    rows = [PLAN["funding"][0] | {"retires": f"Row {number}"} for number in range(len(PLAN["funding"]) + 20)]
    run.send_parts(changed(funding=rows))
    run.campaign = today
    run.collect()
    plan = run.counting().plan
    assert plan and plan["funding"] == rows


def test_a_part_without_identity_is_still_a_part(tmp_path: Path) -> None:
    """What the sheet for programs says of the form is enough to read a part by; it is not taken for a whole plan."""
    run = Round(tmp_path / "autumn")
    part = run.parts["con"]
    form = form_for(run.campaign, run.school, "con")
    blank = personal(run.school, identity_for(run.campaign, run.school, form, 2), run.campaign.key, "")
    content = pour(plate_of(form, ""), blank | {"identity": ""}, poured(form.layout, part_of(PLAN, part)))
    checked = check_file(content, "part.xlsx", Context(campaign=run.campaign)).checked
    assert (checked.part, checked.template) == ("con", TEMPLATE) and checked.plan
    assert checked.plan["consultation"] == PLAN["consultation"]


def test_whole_again(tmp_path: Path) -> None:
    """A plan that is split no more gets one copy with the next number, and parts that were sent stay valid."""
    run = Round(tmp_path / "autumn", template="data-team")
    campaign = with_split(run.campaign, [], False)
    assert not open_campaign(campaign.root).settings.split_schools
    (copy,) = generate(campaign, run.ledger, [run.school], now=NOW)
    assert (copy.part, copy.issue) == ("", 3)
    plan = json.loads((SAMPLES / "data_team" / "01-phonics-primary.json").read_text(encoding="utf-8"))
    run.send_parts(plan, "st")
    run.campaign = campaign
    (item,) = run.collect()
    assert (item.outcome, item.part) == ("accepted", "st")


@pytest.mark.parametrize("template", ["sfss", "data-team", "planning-for-success", "strong-systems"])
def test_every_template_can_be_put_together(tmp_path: Path, template: str) -> None:
    """The plan put together from its parts is the plan."""
    run = Round(tmp_path / "autumn", template=template)
    sample = sorted((SAMPLES / template.replace("-", "_")).glob("*.json"))[0]
    plan = json.loads(sample.read_text(encoding="utf-8"))
    run.send_parts(plan)
    *_, made = run.collect()
    assert made.kind == PARTS and answers(made.plan) == answers(checked_plan(run, plan))
    assert made.outcome == "accepted"


def test_two_empty_parts_are_not_the_same(tmp_path: Path) -> None:
    """Each part that came back empty is answered by a copy of its own, and so is an empty whole plan."""
    run = Round(tmp_path / "autumn")
    copies = []
    for key in ("pl", "rc", ""):
        run.send(f"{key or 'whole'}.xlsx", {}, key, issue=0 if key else 1)
        (found,) = (item for item in run.collect() if not item.already)
        assert found.outcome == "rejected" and not found.unchanged
        copies.append(found.correction)
    made = {copy.file: copy.part for copy in run.ledger.copies() if copy.kind == "correction"}
    assert [made[str(file)] for file in copies] == ["pl", "rc", ""]


def test_a_part_with_errors_that_does_not_count_is_missing(tmp_path: Path) -> None:
    run = Round(tmp_path / "autumn")
    run.send("pl.xlsx", {}, "pl")
    run.collect()
    assert (run.state().state, run.state().parts[0].state) == ("rejected", "rejected")
    (wrong,) = run.ledger.returns()
    run.ledger.record_mark(wrong.id, False, reason="Another school's.", by="Ann", now=NOW)
    assert (run.state().state, run.state().parts[0].state) == ("issued", "issued")
    run.ledger.record_mark(wrong.id, True, reason="It is ours.", by="Ann", now=NOW)
    assert run.state().state == "rejected"
    run.ledger.erase(wrong.sha256, reason="request 17", by="Ann", now=NOW)
    found = run.state()
    assert (found.state, found.parts[0].state, found.parts[0].returns) == ("issued", "issued", 1)


def test_a_plan_of_which_parts_are_missing_is_not_reviewed(tmp_path: Path) -> None:
    autumn = Round(tmp_path / "fall")
    autumn.send_parts(PLAN, *list(autumn.parts)[:2])
    autumn.collect()
    word = Word(school=autumn.school.key, decision=RETURNED, remarks=(Said(text="Why?"),))
    with pytest.raises(UsageError, match="comes in parts"):
        review(autumn.campaign, autumn.ledger, [word], by="Kim", now=NOW)
