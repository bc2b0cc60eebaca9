"""A template changes in mid-campaign: returns on the older version are carried over, and nothing in them is lost."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.loop import DAY, NOW, begun
from tests.pipeline.people import typed
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.errors import SetupError, TemplateError
from xlplan.excel.damage import edited
from xlplan.findings import Checked
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate, with_split
from xlplan.pipeline.known import context_of
from xlplan.pipeline.migrating import MIGRATED, READY, Migrated, migrate
from xlplan.pipeline.opening import Context, Opened, open_file
from xlplan.pipeline.rolling import Source
from xlplan.pipeline.versions import version_of
from xlplan.rollup.frames import tidy
from xlplan.samples import sample_plans

ASSETS = "Mornings of the intervention specialist go to grade 6."
ROLES = "=SUM(the counselor leads the attendance team)"
SECTION_2 = ("rules", "roles", "partner_roles", "relationships", "resources", "monitoring")


def first_version(number: int) -> dict[str, Any]:
    """A sample plan as version 1 asks for it."""
    plan = sample_plans("sfss")[number]
    return {name: value for name, value in plan.items() if name not in SECTION_2} | {
        "infrastructure": plan["monitoring"],
        "alignment": {"assets": ASSETS, "roles": ROLES},
    }


class Winter:
    """A campaign of version 1: one school returned before the change, one after it, one on version 2."""

    def __init__(self, folder: Path) -> None:
        campaign = begun(folder, "sfss@1")
        with Ledger.open(campaign.ledger_url) as ledger:
            self.old = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
            contents = [(folder / copy.file).read_bytes() for copy in self.old]
            self.sent = [filled(content, first_version(n)) for n, content in enumerate(contents)]
            self.early = came(campaign, ledger, "adams.xlsx", self.sent[0])
            settings = folder / "campaign.toml"
            settings.write_text(
                settings.read_text(encoding="utf-8").replace("sfss@1", "sfss"), encoding="utf-8"
            )
            self.campaign: Campaign = open_campaign(folder)
            self.new = list(generate(self.campaign, ledger, self.campaign.roster.schools, now=NOW))
            self.late = came(self.campaign, ledger, "browne.xlsx", self.sent[1])
            newest = (folder / self.new[2].file).read_bytes()
            plan = {name: value for name, value in sample_plans("sfss")[2].items() if name not in HEADER}
            self.newest = came(self.campaign, ledger, "finch.xlsx", filled(newest, plan))
            self.again = migrate(
                self.campaign, ledger, [self.campaign.returns], received=DAY, now=NOW, dry_run=True
            )
            self.migrated = migrate(self.campaign, ledger, [self.campaign.returns], received=DAY, now=NOW)


HEADER = ("district_id", "district", "school_id", "school", "year")


def filled(content: bytes, plan: dict[str, Any]) -> bytes:
    made, refused = fill_bytes(
        content, {name: value for name, value in plan.items() if name not in HEADER}, "copy"
    )
    assert refused is None
    return made


def came(campaign: Campaign, ledger: Ledger, name: str, content: bytes) -> Checked:
    write_safely(campaign.returns / name, content)
    (checked,) = collect(campaign, ledger, [campaign.returns / name], received=DAY, now=NOW)
    return checked


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Winter:
    return Winter(tmp_path_factory.mktemp("winter") / "c")


def codes(checked: Checked) -> list[tuple[str, str | None]]:
    return [(item.code, item.path) for item in checked.findings if item.code == "upgraded"]


TO_PLACE = [("upgraded", "alignment.assets"), ("upgraded", "alignment.roles")]


def test_the_change_issues_new_copies_and_old_ones_still_count(winter: Winter) -> None:
    assert [(copy.version, copy.issue) for copy in winter.old] == [(1, 1)] * 3
    assert [(copy.version, copy.issue) for copy in winter.new] == [(2, 2)] * 3
    assert winter.early.outcome == winter.late.outcome == winter.newest.outcome == "accepted"
    assert (winter.early.version, winter.late.version, winter.newest.version) == (1, 2, 2)


def test_a_late_return_is_carried_over_with_a_finding_for_each_value_to_place(winter: Winter) -> None:
    assert codes(winter.early) == codes(winter.newest) == []
    assert codes(winter.late) == [("upgraded", None), *TO_PLACE]
    plan = winter.late.plan or {}
    assert plan["monitoring"] == first_version(1)["infrastructure"]
    assert plan["challenges"] == first_version(1)["challenges"] and plan["roles"] == []
    told = [item for item in winter.late.findings if item.code == "upgraded"]
    assert [(item.sheet, item.cell, item.found) for item in told[1:]] == [
        ("Resource Alignment", "D7", ASSETS), ("Resource Alignment", "D11", ROLES),
    ]  # fmt: skip
    assert "Roles" in told[2].remedy and "version 1" in told[0].message
    assert winter.late.correction is not None


def test_migrate_answers_every_older_return_with_everything_poured_in(winter: Winter) -> None:
    def said(found: list[Migrated]) -> list[tuple[str, int | None, int]]:
        return [(item.state, item.came_as, len(item.to_place)) for item in found]

    assert said(winter.migrated) == [(MIGRATED, 1, 2), (MIGRATED, 1, 2), (READY, 2, 0)]
    assert said(winter.again) == said(winter.migrated)
    assert [item.copy for item in winter.again] == [item.copy for item in winter.migrated]
    assert winter.migrated[1].copy == winter.late.correction and winter.migrated[1].already
    with Ledger.open(winter.campaign.ledger_url) as ledger:
        count = len(ledger.copies())
        once_more = migrate(winter.campaign, ledger, [winter.campaign.returns], received=DAY, now=NOW)
        assert [item.already for item in once_more] == [True, True, False]
        assert len(ledger.copies()) == count
        context = context_of(winter.campaign, ledger, None)
    content = (winter.campaign.root / str(winter.migrated[0].copy)).read_bytes()
    copy, sent = (version_of(one, "", context) for one in (content, winter.sent[0]))
    assert copy.result.came_as == 2 and copy.cells == sent.cells and len(copy.cells) > 100
    assert codes(copy.result.checked) == [("upgraded", None)] * 2, (
        "lines of Left over that nobody has answered"
    )
    assert copy.result.checked.outcome == "accepted"
    opened = open_file(content, "", context)
    assert isinstance(opened, Opened)
    sheet = next(sheet for sheet in opened.book.sheets if sheet.name == "Left over")
    assert {ASSETS, ROLES} <= {cell.value for cell in sheet.cells.values()}
    rows = [row for (row, _), cell in sheet.cells.items() if cell.value == "○ To do"]
    number = [one.name for one in opened.book.sheets].index("Left over") + 1
    done = edited(content, {f"xl/worksheets/sheet{number}.xml": lambda xml: answered(xml, rows)})
    assert len(rows) == 2 and codes(check_file(done, "", context).checked) == []


def answered(xml: str, rows: list[int]) -> str:
    """A sheet Left over with Yes in the boxes of these rows."""
    for row in rows:
        xml, count = re.subn(
            rf'<c r="F{row}"( s="\d+")?/>', rf'<c r="F{row}"\1 t="inlineStr"><is><t>Yes</t></is></c>', xml
        )
        assert count == 1
    return xml


def test_versions_roll_up_as_one(winter: Winter) -> None:
    with Ledger.open(winter.campaign.ledger_url) as ledger:
        source = Source(winter.campaign, ledger, DAY)
        frames = tidy(source.shape("sfss"), [record for _, record in source.records()])
    plans = [sample_plans("sfss")[number] for number in range(3)]
    steps = [len(s["steps"]) for p in plans for c in p["challenges"] for s in c["strategies"]]
    assert len(frames["steps"]) == sum(steps)
    assert frames["monitoring"]["progress"].tolist() == [plan["monitoring"]["progress"] for plan in plans]
    assert sorted(frames["monitoring"]["sheet"].tolist()) == [
        "Infrastructure",
        "Infrastructure",
        "Monitoring",
    ]
    assert frames["steps"]["cell"].notna().all()
    assert frames["schools"]["version"].tolist() == [1, 2, 2]


def test_a_file_without_identity_is_known_for_its_version(winter: Winter) -> None:
    with zipfile.ZipFile(io.BytesIO(winter.sent[1])) as parts:
        names = parts.namelist()
    bare = edited(winter.sent[1], dict.fromkeys(names, lambda xml: re.sub(r"XLPLAN1\.[\w.-]+", "", xml)))
    with Ledger.open(winter.campaign.ledger_url) as ledger:
        context = context_of(winter.campaign, ledger, None)
    found = check_file(bare, "bare.xlsx", context)
    assert found.identity is None and (found.came_as, found.checked.version) == (1, 2)
    assert found.checked.school_id == "530825001379" and codes(found.checked) == [
        ("upgraded", None),
        *TO_PLACE,
    ]
    meta_gone = edited(bare, dict.fromkeys(names, lambda xml: re.sub(r">version<", ">edition<", xml)))
    assert check_file(meta_gone, "bare.xlsx", context).came_as == 1


def test_a_file_from_the_future_is_refused(tmp_path: Path) -> None:
    old = begun(tmp_path / "old", "sfss@1")
    with Ledger.open(old.ledger_url) as ledger:
        list(generate(old, ledger, old.roster.schools, now=NOW))
        settings = old.root / "campaign.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("sfss@1", "sfss"), encoding="utf-8")
        now = open_campaign(old.root)
        (new, *_) = generate(now, ledger, now.roster.schools[:1], now=NOW)
        content = (old.root / new.file).read_bytes()
        context = replace(context_of(now, ledger, None), campaign=old)
        (refusal,) = check_file(content, "", context).checked.findings
    assert refusal.code == "newer-version"


def test_two_versions_in_one_roster_are_a_fault_of_the_campaign(tmp_path: Path) -> None:
    campaign = begun(tmp_path / "c", "sfss@1")
    lines = ["district_id,district,school_id,school,template", "1,D,2,S,sfss", "1,D,3,T,"]
    (campaign.root / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SetupError, match="two versions"):
        open_campaign(campaign.root)


def test_parts_of_a_split_plan_go_to_the_parts_that_hold_their_answers(tmp_path: Path) -> None:
    campaign = begun(tmp_path / "c", "sfss@1")
    key = campaign.roster.schools[0].key
    campaign = with_split(campaign, [key], True)
    with Ledger.open(campaign.ledger_url) as ledger:
        copies = list(generate(campaign, ledger, campaign.roster.schools[:1], now=NOW))
        assert [copy.part for copy in copies] == ["pl", "ch", "ali", "inf"]
        answers = first_version(0)
        contents = {
            copy.part: typed(campaign.root / copy.file, {"infrastructure.progress": "Weekly."} if copy.part == "inf"
                             else {"alignment.roles": ROLES} if copy.part == "ali" else {})
            for copy in copies
        }  # fmt: skip
        settings = campaign.root / "campaign.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("sfss@1", "sfss"), encoding="utf-8")
        now = open_campaign(campaign.root)
        context = context_of(now, ledger, None)
        monitoring = check_file(contents["inf"], "", context).checked
        gone = check_file(contents["ali"], "", context).checked
    assert answers and monitoring.part == "mon"
    assert (monitoring.plan or {})["monitoring"]["progress"] == "Weekly."
    assert (
        gone.outcome == "refused"
        and "Resource Alignment" in gone.findings[0].remedy + gone.findings[0].message
    )


OWN = """
from typing import Annotated, ClassVar
from enum import StrEnum
from pydantic import Field
from xlplan.form.markers import Day, Label, Meaning, Name, Person, Prose, Table, YesNo
from xlplan.form.plan import Form, Plan, Row, SheetOf
from xlplan.form.upgrade import Upgrade

class Area(StrEnum):
    READING = "reading"
    MATHS = "maths [all]"

class Aim1(Row):
    name: Annotated[Name, Label("Aim")]
    areas: Annotated[list[Area], Label("Areas")] = Field(default_factory=list)
    main: Annotated[Area | None, Label("Main area")] = None
    by: Annotated[Person | None, Label("By")] = None
    remark: Annotated[Prose | None, Label("Remark")] = None

class OurPlan1(Plan):
    form: ClassVar[Form] = Form(name="ours", version=1, title="Ours", purpose="Ours.", source="Ours",
        sheets=(SheetOf(key="aim", title="Aims", holds=("aims",), purpose="Aims.", asks="Aims"),))
    upgrade = Upgrade(
        moved={"aims": "goals", "aims[].by": "goals[].owner"},
        choices={"aims[].areas": {"maths [all]": "mathematics"}, "aims[].main": {"maths [all]": "mathematics"}},
        asked={"aims[].remark": "Put it where you like."})
    aims: Annotated[list[Aim1], Table(label="Aims", slots=12, noun="aim")] = Field(default_factory=list)

class NewArea(StrEnum):
    READING = "reading"
    MATHS = "mathematics"

class Goal(Row):
    name: Annotated[Name, Label("Goal")]
    areas: Annotated[list[NewArea], Label("Areas")] = Field(default_factory=list)
    main: Annotated[NewArea | None, Label("Main area")] = None
    owner: Annotated[Person | None, Label("Owner")] = None

class OurPlan(Plan):
    form: ClassVar[Form] = Form(name="ours", version=2, title="Ours", purpose="Ours.", source="Ours",
        sheets=(SheetOf(key="goa", title="Goals", holds=("goals",), purpose="Goals.", asks="Goals"),))
    goals: Annotated[list[Goal], Table(label="Goals", slots=4, noun="goal")] = Field(default_factory=list)
"""


def test_a_district_s_own_template_has_versions_too(tmp_path: Path) -> None:
    source = tmp_path / "ours.py"
    source.write_text(OWN, encoding="utf-8")
    campaign = begun(tmp_path / "c", f"{source}:OurPlan1")
    aim = {
        "name": "Read",
        "areas": ["maths [all]", "reading"],
        "main": "maths [all]",
        "by": "A. Lee",
        "remark": "Soon.",
    }
    with Ledger.open(campaign.ledger_url) as ledger:
        (copy, *_) = generate(campaign, ledger, campaign.roster.schools, now=NOW)
        content = fill_own(campaign, copy.file, aim)
        settings = campaign.root / "campaign.toml"
        settings.write_text(
            settings.read_text(encoding="utf-8").replace("OurPlan1", "OurPlan"), encoding="utf-8"
        )
        now = open_campaign(campaign.root)
        checked = came(now, ledger, "adams.xlsx", content)
        issued = list(generate(now, ledger, now.roster.schools[:1], now=NOW))
    assert [copy.issue for copy in issued] == [3], "the copy that answers the return is the second"
    goals = (checked.plan or {})["goals"]
    assert len(goals) == 12 and goals[11] == {
        "name": "Read 11", "areas": ["reading", "mathematics"], "main": "mathematics", "owner": "A. Lee",
    }  # fmt: skip
    assert len([item for item in checked.findings if item.code == "upgraded"]) == 13
    assert checked.outcome == "accepted"


def fill_own(campaign: Campaign, file: str, aim: dict[str, Any]) -> bytes:
    plan = {
        "prepared_by": "A. Lee", "prepared_on": "2026-10-01",
        "aims": [aim | {"name": f"Read {number}"} for number in range(12)],
    }  # fmt: skip
    made, refused = fill_bytes((campaign.root / file).read_bytes(), plan, file, Context(own=campaign.own))
    assert refused is None
    return made


def test_an_own_template_that_forgets_an_answer_is_told(tmp_path: Path) -> None:
    source = tmp_path / "forgetful.py"
    source.write_text(OWN.replace('"aims[].by": "goals[].owner"', ""), encoding="utf-8")
    with pytest.raises(TemplateError, match=r"aims\[\]\.by has no place in version 2"):
        begun(tmp_path / "c", f"{source}:OurPlan")
