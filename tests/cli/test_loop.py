"""From roster to district summary through the command line, with every document's keys and every exit code."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import (
    ADAMS,
    BROWNE,
    DISTRICT,
    FINCH,
    GARRY,
    bad_plan,
    copy_of,
    filled,
    plan,
    run,
    start,
)  # fmt: skip
from xlplan.ledger import Ledger

FINDING = {"code", "severity", "path", "sheet", "cell", "found", "message", "remedy"}
FILE = {"file", "outcome", "school_id", "template", "version", "plan", "findings", "already"}
SUMMARY = {"files", "accepted", "rejected", "refused", "already", "findings"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with its copies made; tests work on a copy of it."""
    folder = start(tmp_path_factory.mktemp("made") / "autumn")
    assert run("generate", "-C", folder).code == 0
    return folder


@pytest.fixture
def campaign(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "autumn"))


def returned(campaign: Path, school: str, name: str, data: dict[str, Any] | None = None) -> Path:
    out = campaign / "returns" / name
    assert filled(copy_of(campaign, school), out, data).code in (0, 1)
    return out


def outcomes(done: Any) -> dict[str, tuple[str, list[str]]]:
    return {
        item["file"]: (item["outcome"], [one["code"] for one in item["findings"]])
        for item in done.json["files"]
    }


def test_the_whole_loop(campaign: Path, tmp_path: Path) -> None:
    """init, generate, fill, collect, status, export, rollup; the document of each has CONTRACT's keys."""
    returned(campaign, ADAMS, "a.xlsx")
    returned(campaign, BROWNE, "b.xlsx", bad_plan())
    returned(campaign, DISTRICT, "d.xlsx")
    shutil.copy(campaign / "returns" / "a.xlsx", campaign / "returns" / "c (copy of a).xlsx")
    (campaign / "returns" / "note.xlsx").write_bytes(b"Dear district, here it is.")
    done = run("collect", "-C", campaign, "--received", "2026-12-01", "--json")
    assert done.code == 3, "a refused file beats a rejected one"
    assert set(done.json) == {"schema", "files", "summary"}
    assert all(set(item) - {"correction"} == FILE for item in done.json["files"])
    assert all(set(one) - {"waived"} == FINDING for item in done.json["files"] for one in item["findings"])
    assert set(done.json["summary"]) == SUMMARY
    assert outcomes(done) == {
        "returns/a.xlsx": ("accepted", []), "returns/b.xlsx": ("rejected", ["type"]),
        "returns/c (copy of a).xlsx": ("accepted", []), "returns/d.xlsx": ("accepted", []),
        "returns/note.xlsx": ("refused", ["not-a-workbook"]),
    }  # fmt: skip
    assert [item["already"] for item in done.json["files"]] == [False, False, True, False, False]
    assert done.json["summary"] == {
        "files": 5, "accepted": 3, "rejected": 1, "refused": 1, "already": 1, "findings": {"error": 1,
        "refusal": 1},
    }  # fmt: skip
    refused = done.json["files"][-1]
    assert refused["plan"] is None and len(refused["findings"]) == 1
    district = next(item for item in done.json["files"] if item["file"] == "returns/d.xlsx")
    assert district["school_id"] == DISTRICT
    assert district["plan"]["school_id"] is None and district["plan"]["district_id"] == DISTRICT

    again = run("collect", "-C", campaign, "--json")
    assert again.code == 3
    assert all(item["already"] for item in again.json["files"])
    assert outcomes(again) == outcomes(done)

    status = run("status", "-C", campaign, "--as-of", "2027-01-31", "--json")
    assert status.code == 0 and set(status.json) == {"schema", "schools", "unplaced"}
    keys = {
        "school_id", "school", "district_id", "district", "template", "state", "late", "issued", "returns",
        "findings", "waived", "completeness", "notes", "remarks",
    }  # fmt: skip
    assert all(set(item) == keys for item in status.json["schools"])
    lines = {
        item["school_id"]: (item["state"], item["late"], item["issued"], item["returns"])
        for item in status.json["schools"]
    }
    assert lines == {
        ADAMS: ("accepted", False, 1, 1), BROWNE: ("rejected", True, 2, 1), FINCH: ("issued", True, 1, 0),
        GARRY: ("issued", True, 1, 0), DISTRICT: ("accepted", False, 1, 1),
    }  # fmt: skip
    full = next(item for item in status.json["schools"] if item["school_id"] == ADAMS)["completeness"]
    assert all(
        set(line) == {"sheet", "filled", "required"} and line["filled"] == line["required"] for line in full
    )

    tables = run("export", "-C", campaign, "--to", tmp_path / "tables", "--json")
    assert tables.code == 0
    rows = {item["table"]: item["rows"] for item in tables.json["tables"]}
    assert rows["schools"] == 2 and (tmp_path / "tables" / "steps.csv").exists()
    report = run("rollup", "-C", campaign, "--as-of", "2027-01-31", "--json")
    assert report.code == 0 and report.json["plans"] == 2
    assert (campaign / "reports" / "summary.xlsx").exists()


def test_drafts_count_where_the_campaign_says_so(campaign: Path, tmp_path: Path) -> None:
    """counting = "readable": a plan with errors gives rows too."""
    returned(campaign, BROWNE, "b.xlsx", bad_plan())
    assert run("collect", "-C", campaign).code == 1
    tables = run("export", "-C", campaign, "--to", tmp_path / "one", "--json").json["tables"]
    told = ("all_plans", "all_completeness", "all_findings")  # of everybody on the roster
    assert {item["rows"] for item in tables if item["table"] not in told} == {0}
    settings = campaign / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'counting = "accepted"' in text
    settings.write_text(text.replace('counting = "accepted"', 'counting = "readable"'), encoding="utf-8")
    tables = run("export", "-C", campaign, "--to", tmp_path / "two", "--format", "json", "--json").json[
        "tables"
    ]
    assert next(item["rows"] for item in tables if item["table"] == "schools") == 1
    (row,) = json.loads((tmp_path / "two" / "schools.json").read_text(encoding="utf-8"))["rows"]
    assert row["draft"] is True


def test_generating_twice_does_nothing(campaign: Path) -> None:
    """Same inputs: nothing. File gone: the same issue with the same bytes. Window changed: the next issue."""
    before = run("generate", "-C", campaign, "--json").json["copies"]
    assert all(set(item) == {"school_id", "template", "file", "issue", "sha256"} for item in before)
    adams = copy_of(campaign, ADAMS)
    content, when = adams.read_bytes(), adams.stat().st_mtime_ns
    assert run("generate", "-C", campaign, "--json").json["copies"] == before
    assert adams.stat().st_mtime_ns == when
    adams.unlink()
    assert run("generate", "-C", campaign, "--school", ADAMS, "--json").json["copies"] == before[:1]
    assert adams.read_bytes() == content
    adams.write_bytes(b"spoiled")
    assert (
        run("generate", "-C", campaign, "--force", "--school", ADAMS, "--json").json["copies"] == before[:1]
    )
    assert adams.read_bytes() == content

    old = returned(campaign, ADAMS, "old.xlsx")
    settings = campaign / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("plan_to = 2027-06-30", "plan_to = 2027-08-31"), encoding="utf-8")
    dry = run("generate", "-C", campaign, "--dry-run", "--json").json["copies"]
    assert {item["issue"] for item in dry} == {2} and adams.read_bytes() == content
    after = run("generate", "-C", campaign, "--json").json["copies"]
    assert {item["issue"] for item in after} == {2}
    late = returned(campaign, ADAMS, "new.xlsx")
    done = run("collect", "-C", campaign, "--json")
    assert done.code == 0 and outcomes(done) == {
        "returns/new.xlsx": ("accepted", []),
        "returns/old.xlsx": ("accepted", []),
    }
    assert old.exists() and late.exists(), "files stay where they are"


def test_more_slots_are_the_next_issue_and_are_kept(campaign: Path) -> None:
    """`--slots` for one school; a path that is not there writes nothing."""
    wrong = run("generate", "-C", campaign, "--slots", "nope=9")
    assert wrong.code == 2 and "nope" in wrong.err
    for text in ("resources", "resources=", "resources=0", "=3", "resources=x", "resources=-1"):
        assert run("generate", "-C", campaign, "--slots", text).code == 2
    assert (
        run("generate", "-C", campaign, "--school", ADAMS, "--slots", "resources=12", "--dry-run").code == 0
    )
    assert "resources" not in "".join(
        line
        for line in (campaign / "campaign.toml").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    made = run("generate", "-C", campaign, "--school", ADAMS, "--slots", "resources=12", "--json").json[
        "copies"
    ]
    assert [item["issue"] for item in made] == [2]
    assert [item["issue"] for item in run("generate", "-C", campaign, "--json").json["copies"]] == [
        2,
        1,
        1,
        1,
        1,
    ]
    cells = run("cells", copy_of(campaign, ADAMS), "--json").json["cells"]
    assert any(item["path"] == "resources[11].cost" for item in cells)


def test_dry_runs_write_nothing_and_exit_alike(campaign: Path, tmp_path: Path) -> None:
    returned(campaign, BROWNE, "b.xlsx", bad_plan())
    ledger = (campaign / "ledger.sqlite").read_bytes()
    dry = run("collect", "-C", campaign, "--dry-run", "--json")
    assert dry.code == 1 and (campaign / "ledger.sqlite").read_bytes() == ledger
    assert run("status", "-C", campaign, "--json").json["schools"][0]["returns"] == 0
    real = run("collect", "-C", campaign, "--json")
    assert (real.code, real.out) == (dry.code, dry.out)
    for arguments in (("export", "--to", tmp_path / "t"), ("rollup", "-o", tmp_path / "r.xlsx")):
        assert run(*arguments, "-C", campaign, "--dry-run").code == 0
    assert not (tmp_path / "t").exists() and not (tmp_path / "r.xlsx").exists()
    assert run("demo", tmp_path / "demo", "--dry-run").code == 0 and not (tmp_path / "demo").exists()
    copy, source = copy_of(campaign, ADAMS), tmp_path / "p.json"
    source.write_text(json.dumps(plan()), encoding="utf-8")
    assert run("fill", copy, source, "-o", tmp_path / "f.xlsx", "--dry-run").code == 0
    assert not (tmp_path / "f.xlsx").exists()


def test_what_is_not_of_this_campaign_is_refused_by_name(campaign: Path, tmp_path: Path) -> None:
    """Another campaign, a school not on the roster, an issue never made: each its own code, and only that."""
    other = start(tmp_path / "spring")
    assert run("generate", "-C", other, "--school", ADAMS).code == 0
    assert filled(copy_of(other, ADAMS), campaign / "returns" / "other.xlsx").code == 0
    returned(campaign, FINCH, "gone.xlsx")
    returned(campaign, GARRY, "good.xlsx")
    roster = campaign / "roster.csv"
    lines = roster.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    roster.write_text("".join(line for line in lines if FINCH not in line), encoding="utf-8")
    done = run("collect", "-C", campaign, "--json")
    assert done.code == 3
    assert outcomes(done) == {
        "returns/gone.xlsx": ("refused", ["unknown-school"]), "returns/good.xlsx": ("accepted", []),
        "returns/other.xlsx": ("refused", ["other-campaign"]),
    }  # fmt: skip
    assert all(item["plan"] is None for item in done.json["files"] if item["outcome"] == "refused")


def test_an_issue_that_was_never_made_is_refused(campaign: Path) -> None:
    """The ledger knows one copy; a second, made behind its back with the same key, is none of ours."""
    ledger = (campaign / "ledger.sqlite").read_bytes()
    assert run("generate", "-C", campaign, "--school", ADAMS, "--slots", "resources=12").code == 0
    returned(campaign, ADAMS, "two.xlsx")
    for file in campaign.glob("ledger.sqlite*"):
        file.unlink()
    (campaign / "ledger.sqlite").write_bytes(ledger)
    assert outcomes(run("collect", "-C", campaign, "--json")) == {
        "returns/two.xlsx": ("refused", ["unknown-issue"])
    }


def swapped(source: Path, out: Path, change: dict[bytes, bytes], *, once: bool = False) -> None:
    """The workbook with some bytes of its parts changed, as a forger or a copying hand would."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if not once or name.endswith("custom.xml"):
                for before, after in change.items():
                    content = content.replace(before, after)
            new.writestr(name, content)


def identity(path: Path) -> bytes:
    with zipfile.ZipFile(path) as book:
        text = book.read("docProps/custom.xml")
    at = text.index(b"XLPLAN1.")
    return text[at : text.index(b"<", at)]


def test_forged_and_doubled_identities_are_refused(campaign: Path) -> None:
    good = returned(campaign, ADAMS, "good.xlsx")
    mine, theirs = identity(good), identity(copy_of(campaign, BROWNE))
    unsigned = mine.rpartition(b".")[0] + b"." + b"A" * 22
    swapped(good, campaign / "returns" / "forged.xlsx", {mine: unsigned})
    swapped(good, campaign / "returns" / "two.xlsx", {mine: theirs}, once=True)
    found = outcomes(run("collect", "-C", campaign, "--json"))
    assert found["returns/forged.xlsx"] == ("refused", ["forged"])
    assert found["returns/two.xlsx"] == ("refused", ["identity-conflict"])
    assert found["returns/good.xlsx"] == ("accepted", [])


def test_without_a_campaign_the_key_is_not_at_hand(campaign: Path) -> None:
    """`check` outside says so in a note; inside, and with -C, it knows better, and names the file from the campaign."""
    good = returned(campaign, ADAMS, "good.xlsx")
    assert outcomes(run("check", good, "--json")) == {good.as_posix(): ("accepted", ["identity-unverified"])}
    assert outcomes(run("check", good, "-C", campaign, "--json")) == {"returns/good.xlsx": ("accepted", [])}
    assert outcomes(run("check", "returns/good.xlsx", "--json", cwd=campaign)) == {
        "returns/good.xlsx": ("accepted", [])
    }
    assert "identity" not in run("check", good).out
    assert "identity was not checked" in run("check", good, "-v").out
    assert "identity-unverified: note" in run("check", good, "--explain", "-v").out
    assert not run("status", "-C", campaign, "--json").json["schools"][0]["returns"], "check records nothing"


def test_severities_waivers_and_from_dates_of_the_campaign(campaign: Path) -> None:
    """A campaign turns a check up, waives it, or begins it later; structural codes stay."""
    data = plan()
    data["challenges"][0]["strategies"][0]["steps"][0]["owner"] = "Ortiz / Lee"
    file = returned(campaign, ADAMS, "a.xlsx", data)
    settings = campaign / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    assert run("check", file, "-C", campaign).code == 0

    def said(severity: str, more: str = "") -> str:
        return text.replace("\n[severity]\n", f"\n[severity]\n{severity}\n") + more

    for rule, more, code in (
        ('owner-not-one-person = "error"', "", 1),
        ('owner-not-one-person = "error"',
        '\n[[waiver]]\nrule = "owner-not-one-person"\nschool = "530825001378"\nreason = "x"\n', 0),
        ('owner-not-one-person = "error"',
        '\n[[waiver]]\nrule = "owner-not-one-person"\nschool = "530825001379"\nreason = "x"\n', 1),
        ('missing = "note"', "", 4), ('owner-not-one-persn = "error"', "", 4),
    ):  # fmt: skip
        settings.write_text(said(rule, more), encoding="utf-8")
        done = run("check", file, "-C", campaign, "--json")
        assert done.code == code, done.err
        if code == 0:
            assert done.json["files"][0]["findings"][0]["waived"] is True


# --- fill and read


def test_fill_pours_and_read_gives_back(campaign: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.xlsx"
    assert filled(copy_of(campaign, ADAMS), out).json["outcome"] == "accepted"
    found = run("read", out, "--json")
    assert found.code == 0 and set(found.json) == {"schema", "template", "version", "school_id", "plan"}
    held = found.json["plan"]
    assert {name: held[name] for name in plan()} == plan()
    assert held["school_id"] == ADAMS and held["year"] == "2026-27"
    assert run("read", out).json == found.json, "the answer is JSON either way"
    # absent keys leave, null and [] empty, a null item is an empty slot
    change = {"prepared_by": None, "rules": [], "resources": [None, {"item": "Bus", "cost": "12.50"}]}
    again = tmp_path / "g.xlsx"
    assert filled(out, again, change).code == 1
    kept = run("read", again).json["plan"]
    assert kept["prepared_by"] is None and kept["rules"] == [] and kept["challenges"] == held["challenges"]
    assert [item["item"] for item in kept["resources"]] == ["Bus"]
    (found_,) = [
        one
        for one in run("check", again, "--json").json["files"][0]["findings"]
        if one["severity"] == "error"
    ]
    assert (found_["code"], found_["path"]) == ("missing", "prepared_by")


@pytest.mark.parametrize(
    "data",
    [
        {"nope": 1}, {"challenges": [{"nope": 1}]}, {"challenges": [{}] * 5}, {"challenges": 3}, [1], "x",
        5, None,
        {"challenges": [{"strategies": [{"priorities": ["Nope"]}]}]},
        {"challenges": [{"strategies": [{"root_causes": ["Z"]}]}]},
        {"challenges": [{"strategies": [{"root_causes": 5}]}]}, {"prepared_by": {"a": 1}}, {"monitoring": []},
        {"prepared_by": "\ud800"}, {"district_id": "999"}, {"school": "Browne Elementary"},
        {"year": "2025-26"},
        {"challenges": [{"root_causes": ["a"] * 5}]}, {"challenges": [{"strategies": [{"priorities": "x"}]}]},
        {"challenges": [{"strategies": [{"priorities": [["x"]]}]}]},
        {"challenges": [{"strategies": [{"priorities": [{}]}]}]},
        {"challenges": [{"root_causes": [{"a": 1}]}]},
    ],
)  # fmt: skip
def test_what_cannot_be_poured_writes_nothing(made: Path, tmp_path: Path, data: Any) -> None:
    """Unknown fields, too many items, wrong shapes, another school's header: exit 2, and no file."""
    out = tmp_path / "f.xlsx"
    done = filled(copy_of(made, ADAMS), out, data if data is not None else "null")
    assert done.code == 2 and done.err and not done.out and not out.exists()


def test_a_refused_value_is_typed_and_found(made: Path, tmp_path: Path) -> None:
    """What the form would refuse stands in its cell as text, and is found."""
    data = bad_plan()
    data["resources"][0]["cost"] = "in kind"
    data["signoffs"][0]["role"] = "Principle"
    done = filled(copy_of(made, ADAMS), tmp_path / "f.xlsx", data)
    assert done.code == 1
    errors = [(one["code"], one["found"]) for one in done.json["findings"] if one["severity"] == "error"]
    assert errors == [("choice", "Principle"), ("type", "TBD"), ("type", "in kind")]


def test_a_broken_seal_is_refused(made: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.xlsx"
    source = copy_of(made, ADAMS)
    swapped(source, bare, {identity(source): b"gone"})
    assert filled(bare, tmp_path / "f.xlsx").code == 3
    assert not (tmp_path / "f.xlsx").exists()


def test_the_header_may_be_given_where_it_is_the_same(made: Path, tmp_path: Path) -> None:
    header = {"district_id": "5308250", "school_id": ADAMS, "school": "Adams Elementary", "year": "2026-27"}
    assert filled(copy_of(made, ADAMS), tmp_path / "f.xlsx", plan() | header).code == 0
    own = {"district_id": "5308250", "school_id": None, "school": None}
    assert filled(copy_of(made, DISTRICT), tmp_path / "g.xlsx", plan() | own).code == 0
    assert filled(copy_of(made, DISTRICT), tmp_path / "h.xlsx", plan() | header).code == 2


def test_a_refused_file_is_read_again_once_its_school_is_on_the_roster(campaign: Path) -> None:
    """What was in its way is gone; that it was refused stays in the ledger."""
    returned(campaign, ADAMS, "a.xlsx")
    roster = (campaign / "roster.csv").read_text(encoding="utf-8")
    without = "".join(line for line in roster.splitlines(keepends=True) if ADAMS not in line)
    (campaign / "roster.csv").write_text(without, encoding="utf-8")
    assert outcomes(run("collect", "-C", campaign, "--json")) == {
        "returns/a.xlsx": ("refused", ["unknown-school"])
    }
    again = run("collect", "-C", campaign, "--json")
    assert again.json["summary"]["already"] == 1 and again.code == 3
    (campaign / "roster.csv").write_text(roster, encoding="utf-8")
    done = run("collect", "-C", campaign, "--json")
    assert outcomes(done) == {"returns/a.xlsx": ("accepted", [])} and not done.json["files"][0]["already"]
    assert run("collect", "-C", campaign, "--json").json["files"][0]["already"]
    with Ledger.open(f"sqlite:///{campaign / 'ledger.sqlite'}") as ledger:
        assert [item.outcome for item in ledger.returns()] == ["refused", "accepted"]
        assert ledger.verify_chain() == []
