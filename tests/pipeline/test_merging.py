"""Several people's copies of one plan become one, and the ledger knows what it was made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.runner import run
from tests.merge.sides import layout_of
from tests.pipeline.loop import DAY, NOW, begun
from tests.pipeline.people import sent, typed
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.toml_edit import keep_split
from xlplan.errors import UsageError
from xlplan.form.text import units
from xlplan.ledger import Ledger
from xlplan.merge.rows import has_text, tables_in
from xlplan.pipeline.collect import collect
from xlplan.pipeline.generate import generate
from xlplan.pipeline.incoming import files_in
from xlplan.pipeline.merging import Merger, Merging
from xlplan.pipeline.references import plan_named
from xlplan.pipeline.reviewing import mark
from xlplan.pipeline.status import status

KEY = "530825001378"
STEPS = "challenges[0].strategies[0].steps"
ANN = {"prepared_by": "Ann Lee", f"{STEPS}[0].action": "Read aloud daily", f"{STEPS}[0].owner": "Ann Lee"}
BO = {"rules[0].item": "Late buses", "resources[0].item": "Callers", "resources[0].cost": Decimal("9600.00")}


class School:
    """One school of a small campaign, whose people send files."""

    def __init__(self, campaign: Campaign, ledger: Ledger) -> None:
        self.campaign, self.ledger = campaign, ledger
        self.copy = campaign.root / campaign.copy_path(campaign.school(KEY))

    def sends(self, answers: dict[str, object], name: str, by: str = "", copy: Path | None = None) -> Path:
        """A file with these answers, collected."""
        path = sent(self.campaign, copy or self.copy, answers, name=name, by=by)
        collect(self.campaign, self.ledger, [path], received=DAY, now=NOW)
        return path

    @property
    def merger(self) -> Merger:
        return Merger(campaign=self.campaign, ledger=self.ledger, received=DAY, now=NOW)

    def merged(self, *files: Path | str, **how: object) -> Merging:
        return self.merger.merge(KEY, [str(file) for file in files], **how)  # type: ignore[arg-type]

    def decided(self, found: Merging, answers: dict[str, object], base: Path | None = None) -> Merging:
        """What comes of the decision workbook with these cells typed into it."""
        assert found.decisions is not None
        path = self._typed(self.campaign.root / found.decisions, answers)
        return self.merger.decide(KEY, path, base=base)

    def _typed(self, path: Path, answers: dict[str, object]) -> Path:
        book = load_workbook(path)
        for place, value in answers.items():
            sheet, _, cell = place.partition("!")
            book[sheet][cell] = value
        book.save(path)
        return path

    def cells(self, found: Merging) -> dict[str, object]:
        """The answers of a merged plan, read from its workbook."""
        assert found.file is not None
        path = str(self.campaign.root / found.file)
        return dict(plan_named(path, self.campaign, self.ledger, self.merger.context).cells)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("merging") / "fall"
    campaign = begun(folder, "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
    return folder


@pytest.fixture
def school(fresh: Path, tmp_path: Path):  # type: ignore[no-untyped-def]  # a generator of what the line below gives
    from shutil import copytree

    campaign = open_campaign(copytree(fresh, tmp_path / "fall"))
    with Ledger.open(campaign.ledger_url) as ledger:
        yield School(campaign, ledger)


def test_two_who_touch_different_answers_are_one_plan_without_a_question(school: School) -> None:
    school.sends(ANN, "a.xlsx", "Ann")
    school.sends(BO, "b.xlsx", "Bo")
    found = school.merged()
    assert (found.state, found.labels) == ("merged", ("a.xlsx (Ann)", "b.xlsx (Bo)"))
    assert school.cells(found) == ANN | BO
    one, two, merged = school.ledger.returns(school_key=KEY)
    assert (merged.kind, merged.parents, merged.file) == ("merge", (one.id, two.id), found.file)
    assert merged.plan == found.plan and found.plan is not None
    (copy,) = [copy for copy in school.ledger.copies(KEY) if copy.kind == "merge"]
    assert (copy.inputs_hash, copy.file) == (merged.sha256, found.file)
    assert school.ledger.verify_chain() == []
    again = school.merged()
    assert "nothing had to be merged" in again.note and len(school.ledger.returns(school_key=KEY)) == 3
    both = school.merged(*(school.campaign.returns / name for name in ("a.xlsx", "b.xlsx")))
    assert both.note == "It was merged so before." and len(school.ledger.returns(school_key=KEY)) == 3


def test_a_dry_run_records_nothing(school: School) -> None:
    a = sent(school.campaign, school.copy, ANN, name="a.xlsx")
    b = sent(school.campaign, school.copy, BO, name="b.xlsx")
    merger = Merger(campaign=school.campaign, ledger=school.ledger, received=DAY, now=NOW, dry_run=True)
    found = merger.merge(KEY, [str(a), str(b)])
    assert found.state == "merged" and found.plan is not None and found.file is not None
    assert not school.ledger.returns() and not (school.campaign.root / found.file).exists()
    clash = merger.merge(
        KEY, [str(a), str(sent(school.campaign, school.copy, {"prepared_by": "Bo"}, name="c.xlsx"))]
    )
    assert clash.state == "conflicts" and clash.decisions is not None
    assert not (school.campaign.root / clash.decisions).exists() and not school.ledger.waiting()


def test_what_only_a_person_can_decide_goes_to_a_workbook_and_comes_back(school: School) -> None:
    due = f"{STEPS}[0].due"
    school.sends(ANN | {due: date(2026, 10, 1)}, "a.xlsx", "Ann")
    school.sends(ANN | BO | {"prepared_by": "Bo Diaz", due: date(2026, 11, 2)}, "b.xlsx", "Bo")
    found = school.merged()
    assert found.state == "conflicts" and found.file is None
    assert [item["path"] for item in found.as_json()["conflicts"]] == ["prepared_by", due]
    assert found.as_json()["conflicts"][1]["sides"][1]["value"] == "2026-11-02"
    assert [item.file for item in school.ledger.waiting().values()] == [found.decisions]
    assert school.merged().decisions == found.decisions and len(school.ledger.waiting()) == 1

    some = school.decided(found, {"Answers!H5": "b.xlsx (Bo)"})
    assert [(line.cell, line.path) for line in some.undecided] == [("H6", due)]
    wrong = school.decided(found, {"Answers!I6": "the end of term"})
    assert [(line.cell, line.path) for line in wrong.undecided] == [("I6", due)]
    assert "a day" in wrong.undecided[0].reason
    done = school.decided(found, {"Answers!I6": "10/15/2026", "Answers!D12": "ask Kim about the buses"})
    assert (done.state, done.undecided) == ("merged", ())
    (stray,) = [item for item in done.as_json()["in_decisions"] if item["code"] == "stray"]
    assert (stray["cell"], stray["found"]) == ("D12", "ask Kim about the buses")
    cells = school.cells(done)
    assert (cells["prepared_by"], cells[due], cells["rules[0].item"]) == (
        "Bo Diaz", date(2026, 10, 15), "Late buses",
    )  # fmt: skip
    assert not school.ledger.waiting()
    with pytest.raises(UsageError, match="nothing waits"):
        school.merger.decide(KEY, school.campaign.root / str(found.decisions))


def test_rows_that_two_began_in_one_slot_can_both_stay(school: School) -> None:
    mine = {f"{STEPS}[0].action": "Coach new teachers", f"{STEPS}[0].owner": "Ann"}
    yours = {f"{STEPS}[0].action": "Open the library", f"{STEPS}[0].owner": "Bo"}
    school.sends(mine, "a.xlsx")
    school.sends(yours, "b.xlsx")
    found = school.merged()
    assert [(item.path, item.row, item.room) for item in found.conflicts] == [(f"{STEPS}[0]", True, True)]
    done = school.decided(found, {"Rows!H5": "Keep both rows"})
    moved = {f"{STEPS}[1].{path.rpartition('.')[2]}": value for path, value in yours.items()}
    assert school.cells(done) == mine | moved


@pytest.mark.parametrize(("prefer", "wanted"), [("newest", "Bo Diaz"), ("a.xlsx", "Ann Lee")])
def test_one_side_can_be_preferred(school: School, prefer: str, wanted: str) -> None:
    a = school.sends(ANN, "a.xlsx")
    b = school.sends({"prepared_by": "Bo Diaz"} | BO, "b.xlsx")
    chosen = prefer if prefer == "newest" else str(school.campaign.returns / prefer)
    found = school.merged(a, b, prefer=chosen)
    assert school.cells(found) == ANN | BO | {"prepared_by": wanted}
    with pytest.raises(UsageError, match="none of the files"):
        school.merged(a, b, prefer=str(school.copy))


def test_a_correction_copy_s_base_is_the_return_that_it_answers(school: School) -> None:
    """Ann's first return was not accepted; Bo corrects it in the correction copy while Ann goes on in her own file."""
    school.sends(ANN, "a.xlsx", "Ann")
    (fix,) = [
        school.campaign.root / copy.file for copy in school.ledger.copies(KEY) if copy.kind == "correction"
    ]
    school.sends({f"{STEPS}[0].owner": "Bo Diaz"} | BO, "fixed.xlsx", "Bo", copy=fix)
    school.sends(ANN | {f"{STEPS}[1].action": "Visit each family"}, "a2.xlsx", "Ann")
    found = school.merged()
    assert found.labels == ("fixed.xlsx (Bo)", "a2.xlsx (Ann)")
    assert school.cells(found) == ANN | BO | {
        f"{STEPS}[0].owner": "Bo Diaz",
        f"{STEPS}[1].action": "Visit each family",
    }


def test_prefilled_answers_are_the_base_where_somebody_names_it(school: School, tmp_path: Path) -> None:
    base = tmp_path / "prefilled.xlsx"
    base.write_bytes(typed(school.copy, ANN))
    a = school.sends({"prepared_by": "Bo Diaz"}, "a.xlsx", copy=base)
    b = school.sends({f"{STEPS}[0].owner": None}, "b.xlsx", copy=base)
    assert school.merged(a, b).state == "conflicts"
    clash = school.sends({"prepared_by": "Cy Falk"}, "c.xlsx", copy=base)
    asked = school.merged(a, clash, base=base)
    assert [item.path for item in asked.conflicts] == ["prepared_by"]
    answered = {"Answers!H5": "c.xlsx"}
    with pytest.raises(UsageError, match="--base"):
        school.decided(asked, answered)
    assert school.cells(school.decided(asked, answered, base=base))["prepared_by"] == "Cy Falk"
    found = school.merged(a, b, base=base)
    assert school.cells(found) == {
        path: value for path, value in ANN.items() if not path.endswith("owner")
    } | {"prepared_by": "Bo Diaz"}


def test_one_file_is_merged_with_what_counts(school: School) -> None:
    school.ledger.record_mark(
        school.ledger.known(_sha(school.sends(ANN, "a.xlsx"))).id,  # type: ignore[union-attr]
        True,
        reason="taken as it is",
        by="Kim",
        now=NOW,
    )
    found = school.merged(sent(school.campaign, school.copy, BO, name="b.xlsx"))
    assert school.cells(found) == ANN | BO


def test_another_school_s_file_is_named_and_nothing_is_merged(school: School) -> None:
    other = school.campaign.root / school.campaign.copy_path(school.campaign.school("530825001379"))
    path = sent(school.campaign, other, BO, name="other.xlsx")
    school.sends(ANN, "a.xlsx")
    with pytest.raises(UsageError, match="530825001379"):
        school.merged(school.campaign.returns / "a.xlsx", path)
    assert not [item for item in school.ledger.returns() if item.kind == "merge"]


def test_two_people_s_copies_of_one_part_become_that_part(school: School) -> None:
    """And the plan that is put together from the parts follows it, and what a person says of it."""
    settings = school.campaign.root / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('counting = "accepted"', 'counting = "readable"')
    settings.write_text(text, encoding="utf-8")
    keep_split(settings, [KEY])
    school.campaign = open_campaign(school.campaign.root)
    list(generate(school.campaign, school.ledger, school.campaign.plans_of(KEY), now=NOW))
    copy = next(copy for copy in school.ledger.copies(KEY) if copy.part == "res")
    mine = {"resources[0].item": "Callers", "resources[0].funding_source": "Title I"}
    yours = {"resources[0].cost": Decimal("9600.00"), "resources[0].reallocation": False}
    for name, answers in (("a.xlsx", mine), ("b.xlsx", yours)):
        school.sends(answers, name, copy=school.campaign.root / copy.file)
    found = school.merged()
    assert school.cells(found) == mine | yours
    *_, merged, together = school.ledger.returns(school_key=KEY)
    assert (merged.kind, merged.part, together.kind) == ("merge", "res", "parts")
    assert merged.id in together.parents
    assert together.plan is not None and together.plan["resources"][0]["cost"] == "9600.00"
    mark(school.campaign, school.ledger, KEY, merged.sha256[:8], counts=False, reason="no", by="Kim", now=NOW)
    last = school.ledger.returns(school_key=KEY)[-1]
    assert last.kind == "parts" and merged.id not in last.parents


def test_a_decision_workbook_among_the_returns_is_told_for_what_it_is(school: School) -> None:
    school.sends(ANN, "a.xlsx")
    school.sends({"prepared_by": "Bo"}, "b.xlsx")
    found = school.merged()
    path = school.campaign.root / str(found.decisions)
    (checked,) = collect(school.campaign, school.ledger, files_in([path]), received=DAY, now=NOW)
    assert (checked.outcome, checked.findings[0].code) == ("refused", "unknown-template")
    assert "--decisions" in checked.findings[0].message


@pytest.mark.parametrize("named", [True, False])
def test_two_on_one_computer_are_two_people(school: School, named: bool) -> None:
    """Programs call many people alike; whose plan lacks what the other's says has not gone on from it."""
    files = [school.sends(ANN, "a.xlsx", "Owner"), school.sends(BO, "b.xlsx", "Owner")]
    found = school.merged(*(files if named else []))
    assert school.cells(found) == ANN | BO and found.replaced == ()


def test_what_was_left_out_for_a_later_one_is_told(school: School) -> None:
    school.sends(ANN, "a.xlsx", "Ann")
    school.sends(ANN | {f"{STEPS}[0].owner": None}, "a2.xlsx", "Ann")
    school.sends(BO, "b.xlsx", "Bo")
    found = school.merged()
    assert found.as_json()["replaced"] == [{"file": "returns/a.xlsx", "by": "returns/a2.xlsx"}]
    assert f"{STEPS}[0].owner" not in school.cells(found)


def test_another_school_s_copy_is_no_base(school: School, tmp_path: Path) -> None:
    other = school.campaign.root / school.campaign.copy_path(school.campaign.school("530825001379"))
    base = tmp_path / "base.xlsx"
    base.write_bytes(typed(other, ANN | BO))
    files = [school.sends(ANN, "a.xlsx"), school.sends(BO, "b.xlsx")]
    with pytest.raises(UsageError, match=r"base\.xlsx: this is a sfss plan of 530825001379"):
        school.merged(*files, base=base)


def test_texts_that_look_like_our_own_tokens_are_texts(school: School) -> None:
    school.sends({"prepared_by": "⟦school⟧ and ⟦nothing⟧"}, "a.xlsx", "⟦owner⟧")
    school.sends({"prepared_by": '=HYPERLINK("x")'}, "b.xlsx", "=cmd|x")
    found = school.merged()
    done = school.decided(found, {"Answers!H5": "a.xlsx ([owner])"})
    assert school.cells(done) == {"prepared_by": "⟦school⟧ and ⟦nothing⟧"}


def test_files_of_one_name_are_told_apart_by_their_folders(school: School) -> None:
    files = [
        sent(school.campaign, school.copy, {"prepared_by": by}, name="plan.xlsx", day=day)
        for by, day in (("A", "2026-10-01"), ("B", "2026-10-08"))
    ]
    found = school.merged(*files)
    assert found.labels == ("2026-10-01/plan.xlsx", "2026-10-08/plan.xlsx")


def test_a_merged_workbook_that_is_gone_comes_back(school: School) -> None:
    school.sends(ANN, "a.xlsx", "Ann")
    school.sends(BO, "b.xlsx", "Bo")
    path = school.campaign.root / str(school.merged().file)
    content = path.read_bytes()
    path.unlink()
    mark(school.campaign, school.ledger, KEY, f"{KEY}:3", counts=False, reason="no", by="Kim", now=NOW)
    again = school.merged()
    assert path.read_bytes() == content and "does not count" in again.note


def test_a_return_can_be_preferred_by_its_number(school: School) -> None:
    school.sends(ANN, "a.xlsx")
    school.sends({"prepared_by": "Bo Diaz"}, "b.xlsx")
    found = school.merged(f"{KEY}:1", f"{KEY}:2", prefer=f"{KEY}:2")
    assert school.cells(found)["prepared_by"] == "Bo Diaz"


def test_rows_of_which_not_all_can_be_kept_are_named(school: School) -> None:
    slots = len(tables_in(layout_of("sfss"))[STEPS])
    mine = {f"{STEPS}[{n}].action": f"A step of both, number {n}" for n in range(slots - 3)}
    yours = dict(mine)
    for n in (slots - 3, slots - 2):
        mine |= {f"{STEPS}[{n}].action": f"Coach new teachers {n}", f"{STEPS}[{n}].owner": "Ann"}
        yours |= {f"{STEPS}[{n}].action": f"Open the library {n}", f"{STEPS}[{n}].owner": "Bo"}
    school.sends(mine, "a.xlsx", "Ann")
    school.sends(yours, "b.xlsx", "Bo")
    found = school.merged()
    some = school.decided(found, {"Rows!H5": "Keep both rows", "Rows!H6": "Keep both rows"})
    (line,) = some.undecided
    assert (line.cell, line.path) == ("H6", f"{STEPS}[{slots - 2}]") and "no free row" in line.reason
    done = school.decided(found, {"Rows!H6": "b.xlsx (Bo)"})
    assert {f"Coach new teachers {slots - 3}", f"Open the library {slots - 3}"} < set(
        school.cells(done).values()
    )


def test_long_texts_fit_their_cells_and_messages(school: School) -> None:
    """Spreadsheet programs count the halves of an emoji."""
    row = f"{STEPS}[0]"
    school.sends({f"{row}.action": "🙂" * 16_000, f"{row}.owner": "🙃" * 16_000}, "a.xlsx", "Ann")
    school.sends({f"{row}.action": "B" * 32_000, f"{row}.owner": "C" * 32_000}, "b.xlsx", "Bo")
    found = school.merged()
    book = load_workbook(school.campaign.root / str(found.decisions))
    texts = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
    assert 30_000 < max(map(units, texts)) < 32_767


def test_what_cannot_stand_there_is_quoted_in_part(school: School) -> None:
    due = f"{STEPS}[0].due"
    school.sends({due: date(2026, 10, 1)}, "a.xlsx", "Ann")
    school.sends({due: date(2026, 10, 2)}, "b.xlsx", "Bo")
    some = school.decided(school.merged(), {"Answers!I5": "never " * 600})
    assert len(some.undecided[0].reason) < 300


def test_what_many_people_sent_is_in_the_one_plan_for_good(school: School) -> None:
    """However many they are, none of them is asked for again."""
    texts = [
        path for path, (_, item) in layout_of("sfss").inputs.items() if has_text(item) and not item.locked
    ]
    for n, path in enumerate(texts[:18]):
        school.sends({path: f"By {n}"}, f"{n}.xlsx", f"P{n}")
    assert len(school.merged().labels) == 18
    assert "nothing had to be merged" in school.merged().note


def test_a_preferred_file_that_is_none_of_them_is_told_without_a_conflict_too(school: School) -> None:
    files = [school.sends(ANN, "a.xlsx", "Ann"), school.sends(BO, "b.xlsx", "Bo")]
    with pytest.raises(UsageError, match="none of the files"):
        school.merged(*files, prefer=str(school.copy))


def test_a_merged_plan_with_errors_is_exit_1_as_everywhere(school: School) -> None:
    school.sends(ANN, "a.xlsx", "Ann")
    school.sends(BO, "b.xlsx", "Bo")
    for _ in range(2):
        done = run("merge", KEY, "-C", school.campaign.root, "--json")
        assert (done.code, done.json["state"], done.json["outcome"]) == (1, "merged", "rejected")


def _sha(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("how", ["erased", "marked"])
def test_nothing_waits_once_a_side_is_out(school: School, how: str) -> None:
    """The decision workbook asks no more, and what is marked as not counting does not come back through it."""
    school.sends({"prepared_by": "Ann Lee"}, "a.xlsx", "Ann")
    school.sends({"prepared_by": "Bo Diaz"}, "b.xlsx", "Bo")
    asked = school.merged()
    assert asked.state == "conflicts"

    def state() -> str:
        found = status(school.campaign, school.ledger, DAY).schools
        return next(item.state for item in found if item.school.key == KEY)

    assert state() == "waiting"
    one, two = school.ledger.returns(school_key=KEY)
    if how == "erased":
        school.ledger.erase(two.sha256, reason="request 17", by="Pat", now=NOW)
    else:
        school.ledger.record_mark(two.id, False, reason="Another school's", by="Pat", now=NOW)
    assert state() == "rejected" and school.merged().files == (one.file,)
    with pytest.raises(UsageError, match="Run `xlplan merge"):
        school.decided(asked, {"Answers!H5": "b.xlsx (Bo)"})


def test_who_went_on_from_an_erased_return_still_goes_back_to_what_was_before_it(school: School) -> None:
    """What a later return took out of the first one stays out, though the one between them was erased."""
    school.sends({"prepared_by": "Ann", "rules[0].item": "Late buses"}, "one.xlsx", "Ann")
    went_on: dict[str, dict[str, object]] = {"two": {"prepared_by": "Bo"}, "three": {"rules[0].item": None}}
    for name, answers in went_on.items():
        newest = max(school.ledger.copies(KEY), key=lambda copy: copy.issue)
        school.sends(answers, f"{name}.xlsx", name, copy=school.campaign.root / newest.file)
    between = school.ledger.returns(school_key=KEY)[1]
    school.ledger.erase(between.sha256, reason="request 17", by="Pat", now=NOW)
    found = school.merged()
    assert "nothing had to be merged" in found.note and found.files[0].endswith("three.xlsx")
