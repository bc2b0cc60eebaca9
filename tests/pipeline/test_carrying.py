"""Plans carried into the next campaign: nothing changes in the old one, and the new one knows what it began with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.loop import LINES, begun, returned
from tests.pipeline.readers import ADAMS, BROWNE
from tests.pipeline.readers import plan as sfss_plan
from tests.pipeline.years import NOW, STEPS, arrives, digests, issued, newest, next_year
from xlplan.campaign import Campaign, open_campaign
from xlplan.errors import UsageError
from xlplan.form.rounds import CARRIED, CHANGES, LEARNED, STATUS_ROUND
from xlplan.ledger import Ledger
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.carrying import FormerRound, carry_again, homeless_remarks, remarks
from xlplan.pipeline.collect import collect
from xlplan.pipeline.differences import since_base
from xlplan.pipeline.erasing import erase
from xlplan.pipeline.fill import fill_bytes, typed_over
from xlplan.pipeline.history import history
from xlplan.pipeline.known import context_of
from xlplan.pipeline.merging import Merger
from xlplan.pipeline.next_round import Started, Wanted, start_from
from xlplan.pipeline.opening import Context, Opened, open_file
from xlplan.pipeline.row_history import row_history
from xlplan.pipeline.versions import base_of, version_of, version_of_return
from xlplan.samples import sample_plans

FINCH = "530825001380"
PREPARED = {"prepared_by": "M. Ortiz", "prepared_on": date(2027, 10, 1)}


def steps(*said: tuple[str, bool | None]) -> dict[str, object]:
    """A sample plan whose first strategy has these steps."""
    made = sfss_plan()
    due = date(2026, 10, 1)
    made["challenges"][0]["strategies"][0]["steps"] = [
        {"action": action, "due": (due + timedelta(days=at)).isoformat(), "owner": "Pat Hill", "done": done}
        for at, (action, done) in enumerate(said)
    ]
    return made


PLAN = steps(("Visit every classroom", True), ("Order the readers", None), ("Call each family", False))


@dataclass
class Two:
    """A round and the next one."""

    old: Campaign
    started: Started
    before: dict[str, str]

    @property
    def new(self) -> Campaign:
        return open_campaign(self.started.campaign.root)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Adams and Browne returned their plans, Finch did not; then the next round was begun."""
    desk = tmp_path_factory.mktemp("years")
    old = begun(desk / "autumn", "sfss", LINES, '[[waiver]]\nrule = "cost-unknown"\nreason = "Later."')
    with Ledger.open(old.ledger_url) as ledger:
        copies = issued(old, ledger)
        for copy in copies[:2]:
            arrives(old, ledger, copy, PLAN, plan=True, received=date(2026, 12, 1))
    before = digests(old.root)
    return Two(old, next_year(old.root, desk / "next"), before)


@pytest.fixture
def again(two: Two, tmp_path: Path) -> Two:
    """The same in folders of a test's own, both at the places where they look for each other."""
    for root in (two.old.root, two.new.root):
        shutil.copytree(root, tmp_path / root.name)
    started = Started(campaign=open_campaign(tmp_path / "next"), lines=two.started.lines, notes=())
    return Two(open_campaign(tmp_path / "autumn"), started, two.before)


@pytest.fixture
def ledger(again: Two) -> Iterator[Ledger]:
    with Ledger.open(again.new.ledger_url) as opened:
        yield opened


def test_the_old_campaign_is_only_read(two: Two) -> None:
    """Not a byte changes there; the new one has its own id, key and ledger, and its settings but what was granted."""
    assert digests(two.old.root) == two.before
    old, new = two.old.settings, two.new.settings
    assert new.id != old.id and two.new.key != two.old.key
    assert (new.former, new.round, new.year) == ("../autumn", CARRIED, "2027-28")
    assert (new.template, new.counting, new.counts, new.waivers) == (
        old.template,
        old.counting,
        old.counts,
        (),
    )
    assert two.new.roster == two.old.roster
    assert [line.state for line in two.started.lines] == ["carried", "carried", "nothing"]
    said = " ".join(two.started.notes)
    assert "Carried 2 plans" in said and "Finch" in said and "waivers" in said
    with Ledger.open(two.new.ledger_url) as ledger:
        assert ledger.verify_chain() == [] and len(ledger.carried_plans()) == 2


def test_plans_for_which_the_new_roster_has_no_line_are_named(two: Two, tmp_path: Path) -> None:
    """A school that left, or has another template now; who never returned anything is none of them."""
    roster = tmp_path / "roster.csv"
    lines = ["district_id,district,school_id,school,template", f"5308250,Spokane,{BROWNE},Browne,data-team"]
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    more: dict[str, Any] = {"plan_from": date(2027, 9, 1), "plan_to": date(2028, 6, 30), "roster": roster}
    started = start_from(tmp_path / "next", two.old.root, CARRIED, Wanted(**more), now=NOW, dry_run=True)
    assert "no line for these plans: Adams (sfss), Browne (sfss)." in " ".join(started.notes)


def test_copies_begin_with_what_is_open(again: Two, ledger: Ledger) -> None:
    """The same bytes again where one is gone; what comes back untouched is not blank, and nothing was typed into it."""
    copies = issued(again.new, ledger)
    first = {path: path.read_bytes() for path in copies}
    copies[0].unlink()
    issued(again.new, ledger)
    assert {path: path.read_bytes() for path in copies} == first
    known = {copy.school_key: copy for copy in ledger.copies()}
    assert [known[key].issue for key in (ADAMS, BROWNE, FINCH)] == [1, 1, 1]
    assert known[ADAMS].base is not None and known[FINCH].base is None
    context = context_of(again.new, ledger, None)
    version = version_of(first[copies[0]], "adams", context)
    assert version.cells[f"{STEPS}[0].action"] == "Order the readers"
    assert version.cells[f"{STEPS}[0].last_status"] == "Not done"
    assert not [item for item in version.result.checked.findings if item.code in ("blank", "label-changed")]
    assert since_base(version, ledger, context).changes == ()
    came = arrives(again.new, ledger, copies[0], {})
    assert came.outcome == "rejected" and came.correction
    fix = version_of(
        (again.new.root / came.correction).read_bytes(), "fix", context_of(again.new, ledger, None)
    )
    assert dict(fix.cells) == dict(version.cells)
    assert base_of(fix, ledger, context_of(again.new, ledger, None)) is not None


@pytest.mark.parametrize("names", [("Ana", "Ben"), ("School office", "School office")])
def test_what_changed_is_told_against_what_the_copy_began_with(
    again: Two, ledger: Ledger, names: tuple[str, str]
) -> None:
    """Two people's copies are merged against it, so what neither touched is nobody's word; shown boxes stay filled."""
    copy = issued(again.new, ledger)[0]
    days = {f"{STEPS}[{k}].due": date(2027, 10, 5 + k) for k in range(2)}
    mine = {**PREPARED, **days, f"{STEPS}[0].action": "Order more readers", f"{STEPS}[0].done": True}
    arrives(again.new, ledger, copy, mine, by=names[0], name="ana.xlsx")
    arrives(
        again.new, ledger, copy, {**PREPARED, f"{STEPS}[1].owner": "Kim Lee"}, by=names[1], name="ben.xlsx"
    )
    (told,) = history(again.new, ledger, ADAMS, date(2027, 12, 2))
    changed = [{change.path for change in item.since_base or ()} for item in told.returns]
    assert changed == [set(mine), {*PREPARED, f"{STEPS}[1].owner"}]
    merger = Merger(campaign=again.new, ledger=ledger, received=date(2027, 12, 2), now=NOW)
    merged = merger.merge(ADAMS)
    assert merged.state == "merged" and merged.file and not merged.replaced
    made = version_of(
        (again.new.root / merged.file).read_bytes(), "merged", context_of(again.new, ledger, None)
    )
    assert made.cells[f"{STEPS}[0].action"] == "Order more readers"
    assert made.cells[f"{STEPS}[1].owner"] == "Kim Lee"
    assert made.cells[f"{STEPS}[1].last_status"] == "Not done"
    assert "challenges[0].description" in made.cells


def test_a_plan_that_comes_late_is_carried_by_carry(again: Two, ledger: Ledger) -> None:
    """It goes into the school's next copy; who has returned something here already is named, and left."""
    copies = issued(again.new, ledger)
    with Ledger.open(again.old.ledger_url) as old:
        former = issued(again.old, old)
        for copy in (former[0], former[2]):
            arrives(again.old, old, copy, steps(("A late one", None)), plan=True, received=date(2027, 8, 1))
    arrives(again.new, ledger, copies[0], PREPARED)
    schools = again.new.roster.schools
    foretold = carry_again(again.new, ledger, schools, now=NOW, dry_run=True)
    before = digests(again.old.root)
    done = carry_again(again.new, ledger, schools, now=NOW)
    assert (
        [line.state for line in done]
        == ["returned", "unchanged", "carried"]
        == [line.state for line in foretold]
    )
    assert digests(again.old.root) == before
    assert "they have returned a plan here already" in " ".join(remarks(done, CARRIED))
    issued(again.new, ledger)
    known = {copy.school_key: copy for copy in ledger.copies() if copy.kind == "fresh"}
    assert (known[FINCH].issue, known[ADAMS].issue, known[BROWNE].issue) == (2, 1, 1)
    assert [line.state for line in carry_again(again.new, ledger, schools, now=NOW)][2] == "unchanged"
    shutil.rmtree(again.old.root)
    with pytest.raises(UsageError, match="is not there"):
        carry_again(again.new, ledger, schools, now=NOW)
    assert ledger.verify_chain() == []


def test_rows_that_must_name_a_closed_row_go_with_it_after_a_mid_year_check_too(tmp_path: Path) -> None:
    """A check requires nothing that is locked; what the rows are is known from the template all the same."""
    plan = max(sample_plans("planning-process"), key=lambda one: len(json.dumps(one)))
    old = begun(tmp_path / "autumn", "planning-process", LINES[:1])
    assert [came.outcome for came in returned(old, [plan])] == ["accepted"]
    mid = next_year(old.root, tmp_path / "mid", STATUS_ROUND).campaign
    directly, later = (
        next_year(root, tmp_path / root.name.title()).lines[0] for root in (old.root, mid.root)
    )
    assert directly.carried and later.carried and directly.carried.left_out
    assert set(later.carried.left_out) == set(directly.carried.left_out)
    assert not [path for path in later.carried.emptied if path.endswith(".action_step")]


def test_what_cannot_be_read_there_any_more_stays_as_it_was_carried(
    again: Two, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise UsageError("Its contents were erased.")

    monkeypatch.setattr(FormerRound, "plan", unreadable)
    done = carry_again(again.new, ledger, again.new.roster.schools, now=NOW)
    assert [line.state for line in done] == ["gone", "gone", "nothing"]
    said = " ".join(remarks(done, CARRIED))
    assert "it stays: Adams, Browne." in said and "empty copy: Finch." in said


def test_what_was_carried_can_be_erased(again: Two, ledger: Ledger) -> None:
    """By the file that it was made of, or by its own sum; the copy goes too, and it is not carried again."""
    copies = issued(again.new, ledger)
    arrives(again.new, ledger, copies[0], PREPARED)
    with Ledger.open_to_ask(again.old.ledger_url) as old:
        source = newest(old, ADAMS).sha256
    record = ledger.carried(ADAMS, "sfss")
    assert record is not None and record.quoted == (source,)
    told = erase(again.new, ledger, newest(ledger, ADAMS).sha256, reason="x", by="Pat", now=NOW, dry_run=True)
    assert [item.sha256 for item in told.erased.former] == [record.sha256]
    done = erase(again.new, ledger, source[:12], reason="request 17", by="Pat", now=NOW)
    assert [item.sha256 for item in done.erased.carried] == [record.sha256] and done.counted
    assert [item.id for item in done.erased.derived] == [newest(ledger, ADAMS).id]
    assert copies[0].relative_to(again.new.root).as_posix() in done.deleted and not copies[0].exists()
    assert ledger.carried(ADAMS, "sfss") is None and ledger.content(record.sha256) is None
    assert ledger.verify_chain() == []
    with pytest.raises(UsageError, match="erased"):
        version = version_of_return(ledger, newest(ledger, ADAMS), context_of(again.new, ledger, None))
        base_of(version, ledger, context_of(again.new, ledger, None))
    lines = carry_again(again.new, ledger, again.new.roster.schools, now=NOW)
    assert [line.state for line in lines] == ["returned", "unchanged", "nothing"]
    lines = carry_again(again.new, ledger, again.new.plans_of(BROWNE), now=NOW)
    mine = ledger.carried(BROWNE, "sfss")
    assert mine is not None
    erase(again.new, ledger, mine.sha256[:10], reason="request 18", by="Pat", now=NOW)
    (line,) = carry_again(again.new, ledger, again.new.plans_of(BROWNE), now=NOW)
    assert line.state == "erased" and CarriedPlans(again.new, ledger).of(again.new.school(BROWNE)) is None
    issued(again.new, ledger)
    assert [copy.base is None for copy in ledger.copies(BROWNE)] == [False, True]


def test_a_row_is_followed_when_the_old_folders_are_gone(again: Two, ledger: Ledger) -> None:
    """From its first round over a mid-year check to today, in the plan that counts; moved rows by where they stand."""
    mid = next_year(again.new.root, again.new.root.parent / "mid", STATUS_ROUND)
    copy = issued(again.new, ledger)[0]
    days = {f"{STEPS}[{k}].due": date(2027, 10, 5 + k) for k in range(2)}
    assert [(line.state, line.came) for line in mid.lines[1:]] == [("carried", False), ("nothing", True)]
    skipped = mid.lines[0].carried  # nothing was returned in that round yet, so it says nothing of the row
    assert skipped is not None and [past.year for past in skipped.rows[f"{STEPS}[0]"].past] == ["2026-27"]
    assert skipped.cells[f"{STEPS}[0].first_due"] == "2026-10-02"
    fix = arrives(again.new, ledger, copy, {**PREPARED, **days})
    assert fix.outcome == "rejected"
    ledger.record_mark(newest(ledger, ADAMS).id, True, reason="It counts.", by="Pat", now=NOW)
    check = next_year(again.new.root, again.new.root.parent / "winter", STATUS_ROUND)
    assert check.lines[0].state == "carried" and check.campaign.settings.plan_to == date(2028, 6, 30)
    with Ledger.open(check.campaign.ledger_url) as winter:
        asked = issued(check.campaign, winter)[0]
        said = {
            f"{STEPS}[1].done": False,
            f"{STEPS}[1].{LEARNED}": "Evenings work.",
            f"{STEPS}[1].{CHANGES}": "Call.",
        }
        arrives(check.campaign, winter, asked, said, received=date(2028, 2, 1))
        winter.record_mark(newest(winter, ADAMS).id, True, reason="It counts.", by="Pat", now=NOW)
    last = next_year(check.campaign.root, again.new.root.parent / "last", first=2028)
    for root in (again.old.root, again.new.root, check.campaign.root):
        shutil.rmtree(root)
    with Ledger.open(last.campaign.ledger_url) as here:
        issued(last.campaign, here)
        found = row_history(last.campaign, here, ADAMS, f"{STEPS}[1].due")
        assert [past.status for past in found.rounds] == ["Not done", "Not done", "Not done"]
        assert [past.round for past in found.rounds] == ["", CARRIED, STATUS_ROUND]
        assert [past.due for past in found.rounds] == ["2026-10-03", "2027-10-06", "2027-10-06"]
        assert found.rounds[-1].learned == "Evenings work." and found.rounds[-1].changes == "Call."
        assert (found.first_due, found.place) == ("2026-10-03", "step 1.2")
        assert found.id == f"{again.old.settings.id}:{STEPS}[2]"
        assert [said.number for said in found.here] == [None]
        with pytest.raises(UsageError, match="no plan of this school has a row there"):
            row_history(last.campaign, here, ADAMS, "challenges[3].strategies[0].steps[4]")


def test_what_is_shown_of_a_row_stays_beside_it_when_it_is_moved(again: Two, ledger: Ledger) -> None:
    """Two steps change places and a new one follows: each has its own first day; so has the copy that goes on."""
    copy = issued(again.new, ledger)[0]
    before = version_of(copy.read_bytes(), "copy", context_of(again.new, ledger, None)).cells
    moved = {
        f"{STEPS}[{to}].{name}": before.get(f"{STEPS}[{at}].{name}")
        for to, at in ((0, 1), (1, 0))
        for name in ("action", "owner", "done")
    }
    new = {f"{STEPS}[2].action": "Ask every family for a bus", f"{STEPS}[2].due": date(2027, 11, 3)}
    came = arrives(again.new, ledger, copy, {**PREPARED, **moved, **new})
    steps = (came.plan or {})["challenges"][0]["strategies"][0]["steps"]
    assert [(step["action"], step["first_due"]) for step in steps] == [
        ("Call each family", "2026-10-03"), ("Order the readers", "2026-10-02"), ("Ask every family for a bus", None),
    ]  # fmt: skip
    assert steps[2]["last_status"] is None
    assert "label-changed" not in {item.code for item in came.findings} and came.correction
    days = {f"{STEPS}[{k}].due": date(2027, 10, 5 + k) for k in range(2)}
    fixed = arrives(again.new, ledger, again.new.root / came.correction, days, name="fixed.xlsx")
    again_ = (fixed.plan or {})["challenges"][0]["strategies"][0]["steps"]
    assert [step["first_due"] for step in again_] == [step["first_due"] for step in steps]
    assert "label-changed" not in {item.code for item in fixed.findings}


VERSIONS = """
from typing import Annotated, ClassVar
from pydantic import Field
from xlplan.form.markers import Day, Label, Meaning, Person, Prose, Table, YesNo
from xlplan.form.plan import Form, Plan, Row, SheetOf
from xlplan.form.upgrade import Upgrade

class Step(Row):
    action: Annotated[Prose, Label("Action"), Meaning.STEP]
    who: Annotated[Person | None, Label("Who"), Meaning.OWNER] = None
    due: Annotated[Day, Label("Due"), Meaning.DUE]
    done: Annotated[YesNo | None, Label("Done?"), Meaning.DONE] = None

class OurPlan1(Plan):
    form: ClassVar[Form] = Form(name="ours", version=1, title="Ours", purpose="Ours.", source="Ours",
        sheets=(SheetOf(key="st", title="Steps", holds=("steps",), purpose="Steps.", asks="Steps"),))
    upgrade = Upgrade(moved={"steps": "tasks", "steps[].who": "tasks[].owner"}, asked={"steps[].extra": "Tell us."})
    class Step1(Step):
        extra: Annotated[Prose | None, Label("More")] = None
    steps: Annotated[list[Step1], Table(label="Steps", slots=6, noun="step")] = Field(default_factory=list)

class Task(Row):
    action: Annotated[Prose, Label("Action"), Meaning.STEP]
    owner: Annotated[Person | None, Label("Who"), Meaning.OWNER] = None
    due: Annotated[Day, Label("Due"), Meaning.DUE]
    done: Annotated[YesNo | None, Label("Done?"), Meaning.DONE] = None

class OurPlan(Plan):
    form: ClassVar[Form] = Form(name="ours", version=2, title="Ours", purpose="Ours.", source="Ours",
        sheets=(SheetOf(key="ta", title="Tasks", holds=("tasks",), purpose="Tasks.", asks="Tasks"),))
    tasks: Annotated[list[Task], Table(label="Tasks", slots=2, noun="task")] = Field(default_factory=list)
"""


def test_rows_stay_themselves_when_the_template_calls_their_table_otherwise(tmp_path: Path) -> None:
    """Carried on version 1, collected on version 2: every row has a place, its id and its first day, two rounds on."""
    source = tmp_path / "ours.py"
    source.write_text(VERSIONS, encoding="utf-8")
    old = begun(tmp_path / "autumn", f"{source}:OurPlan1")
    rows = [
        {"action": f"{word} the families", "due": f"2026-12-0{k + 1}", "done": k == 0, "extra": "More." if k else None}
        for k, word in enumerate(("Visit", "Phone", "Ask about", "Write to", "Drive", "Thank"))
    ]  # fmt: skip
    with Ledger.open(old.ledger_url) as ledger:
        plan = {"prepared_by": "A. Lee", "prepared_on": "2026-10-01", "steps": rows}
        content, refused = fill_bytes(issued(old, ledger)[0].read_bytes(), plan, "", Context(own=old.own))
        assert refused is None
        (old.returns / "adams.xlsx").write_bytes(content)
        collect(old, ledger, [old.returns / "adams.xlsx"], received=date(2026, 12, 1), now=NOW)
    new = next_year(old.root, tmp_path / "next").campaign
    settings = new.root / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("OurPlan1", "OurPlan"), encoding="utf-8")
    new = open_campaign(new.root)
    id_ = f"{old.settings.id}:steps[5]"
    with Ledger.open(new.ledger_url) as ledger:
        copy = issued(new, ledger)[0]
        (said,) = homeless_remarks(new, ledger, new.roster.schools)
        assert "no box for steps[0].extra, steps[1].extra" in said
        opened = open_file(copy.read_bytes(), "", context_of(new, ledger, None))
        assert isinstance(opened, Opened)
        days = {f"tasks[{k}].due": date(2027, 10, 5 + k) for k in range(5)}
        (new.returns / "adams.xlsx").write_bytes(typed_over(opened, {**PREPARED, **days}))
        (came,) = collect(new, ledger, [new.returns / "adams.xlsx"], received=date(2027, 12, 1), now=NOW)
        assert [(task["action"], task["first_due"]) for task in (came.plan or {})["tasks"]] == [
            (row["action"], row["due"]) for row in rows[1:]
        ]
        found = row_history(new, ledger, ADAMS, "tasks[4]")
        assert (found.id, found.first_due, len(found.rounds)) == (id_, "2026-12-06", 1)
    last = next_year(new.root, tmp_path / "last", first=2028).campaign
    with Ledger.open(last.ledger_url) as ledger:
        found = row_history(last, ledger, ADAMS, "tasks[4]")
        assert (found.id, found.first_due, len(found.rounds)) == (id_, "2026-12-06", 2)


def test_an_older_ledger_is_read_without_being_upgraded(two: Two, tmp_path: Path) -> None:
    """A round that an older xlplan kept is carried from a copy of its ledger, which stays as it is."""
    root = tmp_path / "older"
    shutil.copytree(two.old.root, root)
    shutil.copy(Path(__file__).parents[1] / "ledger" / "files" / "schema-2.sqlite", root / "ledger.sqlite")
    before = digests(root)
    done = next_year(root, tmp_path / "next")
    assert digests(root) == before and len(done.lines) == len(LINES)


def test_a_split_plan_begins_with_its_own_part(again: Two, ledger: Ledger) -> None:
    """Each part's copy holds what is of that part; returned untouched, it is no answer of its own."""
    path = again.new.root / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace("split = false", "split = true"), "utf-8")
    campaign = open_campaign(again.new.root)
    copies = [path for path in issued(campaign, ledger) if path.name.startswith(ADAMS)]
    context = context_of(campaign, ledger, None)
    parts = {copy: version_of(copy.read_bytes(), copy.name, context) for copy in copies}
    held = [path for version in parts.values() for path in version.cells]
    carried = CarriedPlans(campaign, ledger).of(campaign.school(ADAMS))
    assert carried is not None and sorted(held) == sorted(carried.cells)
    part = next(version for version in parts.values() if f"{STEPS}[0].action" in version.cells)
    assert since_base(part, ledger, context).changes == ()
