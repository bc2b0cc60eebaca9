"""`xlplan export` as people call it: what it names the tables, what it refuses, and that it replaces exports alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.runner import run
from tests.pipeline.loop import begun, returned
from xlplan.campaign import Campaign
from xlplan.rollup.data import Column, Shape, TableShape
from xlplan.rollup.exports.gather import names_for
from xlplan.samples import sample_plans

pytestmark = pytest.mark.xdist_group("export-command")  # what is made once serves them all
LINES = (
    "5308250,Spokane,530825001378,Adams,sfss",
    "5308250,Spokane,530825001379,Adams,data-team",
    "5308250,Spokane,530825001378,Adams,data-team",
    "5308250,Spokane,,,",
)
HEAD = "district_id,district,school_id,school,template"
DAY = ("--as-of", "2027-01-31")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """Four plans of two templates, of three schools; two schools have one name, and one school has two plans."""
    made = begun(tmp_path_factory.mktemp("c") / "autumn", "sfss", LINES, head=HEAD)
    names = [made.template_of(school) for school in made.roster.schools]
    done = returned(made, [sample_plans(name)[at % 2] for at, name in enumerate(names)])
    assert [item.outcome for item in done] == ["accepted"] * 4
    return made


def test_plans_of_several_templates_stay_apart_and_join(campaign: Campaign, tmp_path: Path) -> None:
    """Each template's tables are named after it, the vocabulary holds them all, and `plan` tells whose a row is."""
    done = run("export", "-C", campaign.root, "--to", tmp_path / "t", *DAY, "--json")
    assert done.code == 0 and done.json["format"] == "csv"
    rows = {item["table"]: item["rows"] for item in done.json["tables"]}
    assert rows["sfss_schools"] == rows["data_team_schools"] == 2 and rows["all_plans"] == 4
    assert "steps" not in rows and rows["sfss_steps"] + rows["data_team_steps"] == rows["all_activities"]

    def read(table: str) -> list[dict[str, str]]:
        with (tmp_path / "t" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    plans = {row["plan"]: row for row in read("all_plans")}
    for table in ("sfss_steps", "data_team_steps", "all_activities"):
        for row in read(table):
            same = ("district_id", "school_id", "template", "file")
            assert [row[name] for name in same] == [plans[row["plan"]][name] for name in same]
    assert {row["plan"] for row in read("sfss_schools")} | {
        row["plan"] for row in read("data_team_schools")
    } == {*plans}
    assert "folder" not in plans["1"], "where it lies on this machine is nobody's affair"


def test_what_is_no_export_is_left_as_it_is(campaign: Campaign, tmp_path: Path) -> None:
    """The campaign's own files, a roster that is called as a table, a ledger; a trial run refuses alike."""
    roster = tmp_path / "all_plans.csv"
    roster.write_text("district_id,district,school_id,school\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in (*campaign.root.rglob("*.*"), roster) if path.is_file()}
    for to, format, told in (
        (campaign.root, "csv", "the campaign's own files"),
        (campaign.returns / "tables", "json", "the campaign's own files"),
        (campaign.root / "ledger.sqlite", "sqlite", "is no export"),
        (tmp_path, "frictionless", "is no export"),
        ("", "csv", "name a folder"),
        ("postgresql://u:hush@h/d", "csv", "is no database"),
    ):
        for trial in ((), ("--dry-run",)):
            done = run("export", "-C", campaign.root, *DAY, "--to", to, "--format", format, *trial)
            assert (done.code, done.out) == (2, "") and told in " ".join(done.err.split()), (to, done.err)
            assert "hush" not in done.err
    assert before == {path: path.read_bytes() for path in before}
    assert [item.name for item in tmp_path.iterdir()] == [roster.name]


def test_an_export_again_replaces_the_old_one(campaign: Campaign, tmp_path: Path) -> None:
    """Equal plans give equal files, in every format that has no clock."""
    for format in ("csv", "json", "frictionless", "sqlite", "xlsx", "parquet"):
        found = []
        for _ in range(2):
            assert (
                run("export", "-C", campaign.root, "--to", tmp_path / format, "--format", format, *DAY).code
                == 0
            )
            found.append({path.name: path.read_bytes() for path in (tmp_path / format).iterdir()})
        assert found[0] == found[1] and found[0], format
    assert json.loads((tmp_path / "frictionless" / "datapackage.json").read_text("utf-8"))["title"]


def test_tables_of_own_templates_never_share_a_name() -> None:
    """Names that differ in case or signs alone, or that the vocabulary has, are told apart."""

    def shape(template: str, *tables: str) -> Shape:
        columns = (Column(name="item", kind="text", label="Item"),)
        made = tuple(TableShape(name=name, path=name, columns=columns) for name in tables)
        return Shape(template=template, title=template, version=1, year="", tables=made)

    (alone,) = names_for([shape("a", "steps", "all_money", "dictionary")])
    assert alone == {"steps": "steps", "all_money": "all_money_2", "dictionary": "dictionary_2"}
    both = names_for([shape("a-b", "steps"), shape("A_B", "steps"), shape("sfss@1", "steps")])
    assert [one["steps"] for one in both] == ["a_b_steps", "a_b_steps_2", "sfss_1_steps"]
