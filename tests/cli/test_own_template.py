"""A district's own template, from the how-to's own code to the district summary; and what can be wrong with one."""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import ADAMS, BROWNE, ROSTER, Done, copy_of, filled, plan, run
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.executors import check_job
from xlplan.pipeline.known import context_of
from xlplan.templates import TEMPLATES

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "your-own-template.md"
STEP = {
    "action": "Hire two tutors by fall",
    "owner": "A. Lee",
    "due": "2026-11-02",
    "cost": "400.00",
    "paid_from": "Title I",
}
GOALS: dict[str, Any] = {
    "prepared_by": "B. Tran", "prepared_on": "2026-09-20",
    "goals": [{"goal": "All read by grade 3", "evidence": "80 % of 212 in spring", "area": "reading", "steps": [STEP]}],
}  # fmt: skip
EXAMPLES = {
    "ours.py": ("our-sfss", "ours.py:OurPlan", plan() | {"board_goal": "Goal 2: every student belongs"}),
    "goals.py": ("goals", "goals.py:GoalsPlan", GOALS),
}


def code() -> dict[str, str]:
    """The how-to's files by name."""
    blocks = re.findall(r"```python\n(# (\S+\.py)\n.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    return {name: text for text, name in blocks}


def init(folder: Path, template: str, *more: object) -> Done:
    roster = folder.parent / "schools.csv"
    if not roster.exists():
        roster.write_text(ROSTER, encoding="utf-8")
    return run(
        "init", folder, "--template", template, "--roster", roster, "--plan-from", "2026-09-01", "--plan-to",
        "2027-06-30", *more,
    )  # fmt: skip


def write(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(code()[name], encoding="utf-8")
    return folder / name


def test_the_how_to_has_both_examples() -> None:
    assert set(code()) == set(EXAMPLES)


@pytest.mark.parametrize("file", EXAMPLES)
def test_an_own_template_goes_the_whole_way(file: str, tmp_path: Path) -> None:
    """init, generate, fill, read, check, collect, rollup, export, as the how-to says it."""
    name, source, data = EXAMPLES[file]
    write(tmp_path / "drafts", file)
    source = f"{tmp_path / 'drafts'}/{source}"
    assert run("templates", source, "--json").json["name"] == name
    cells = run("cells", source, "--json").json
    assert cells["template"] == name and cells["cells"]
    folder = tmp_path / "autumn"
    done = init(folder, source)
    assert done.code == 0, done.err
    shutil.rmtree(tmp_path / "drafts")  # the campaign has a copy of its own
    assert f'template = "{EXAMPLES[file][1]}"' in (folder / "campaign.toml").read_text(encoding="utf-8")
    assert [item["template"] for item in run("generate", "-C", folder, "--json").json["copies"]] == [name] * 5
    copy, out = copy_of(folder, ADAMS), folder / "returns" / "a.xlsx"
    source_plan = tmp_path / "plan.json"
    source_plan.write_text(json.dumps(data), encoding="utf-8")
    done = run("fill", copy, source_plan, "-o", out, "-C", folder, "--json")
    assert (done.code, done.json["outcome"]) == (0, "accepted"), done.out
    held = run("read", out, cwd=folder).json
    assert held["template"] == name and {key: held["plan"][key] for key in data}.keys() == data.keys()
    assert run("cells", copy, "-C", folder, "--json").json == cells
    assert run("check", out, "-C", folder).code == 0
    assert run("collect", "-C", folder).code == 0
    states = {
        item["school_id"]: item["state"] for item in run("status", "-C", folder, "--json").json["schools"]
    }
    assert states[ADAMS] == "accepted" and states[BROWNE] == "issued"
    assert run("rollup", "-C", folder, "--as-of", "2027-01-31", "--json").json["plans"] == 1
    tables = {
        item["table"]: item["rows"]
        for item in run("export", "-C", folder, "--to", tmp_path / "t", "--json").json["tables"]
    }
    assert tables["schools"] == 1
    assert name in [item["name"] for item in run("templates", "-C", folder, "--json").json["templates"]]


def test_a_file_runs_no_code(tmp_path: Path) -> None:
    """Outside its campaign a copy of an own template is of an unknown template, whatever lies about."""
    write(tmp_path, "goals.py")
    assert init(tmp_path / "c", f"{tmp_path}/goals.py:GoalsPlan").code == 0
    assert run("generate", "-C", tmp_path / "c", "--school", ADAMS).code == 0
    done = run("check", copy_of(tmp_path / "c", ADAMS), "--json", cwd=tmp_path)
    assert (done.code, done.json["files"][0]["findings"][0]["code"]) == (3, "unknown-template")


def test_a_line_of_the_roster_names_its_own(tmp_path: Path) -> None:
    """By a path seen from the roster; copied too, and one school may have both plans."""
    write(tmp_path / "lists" / "own", "goals.py")
    lines = ROSTER.splitlines()
    roster = tmp_path / "lists" / "schools.csv"
    text = [f"{lines[0]},template", f"{lines[1]},", f"{lines[1]},own/goals.py:GoalsPlan"]
    roster.write_text("\n".join(text), encoding="utf-8")
    done = run(
        "init", tmp_path / "c", "--template", "sfss", "--roster", roster, "--plan-from", "2026-09-01", "--plan-to",
        "2027-06-30",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert (tmp_path / "c" / "goals.py").exists()
    copies = run("generate", "-C", tmp_path / "c", "--json").json["copies"]
    assert [item["template"] for item in copies] == ["sfss", "goals"]
    assert len({item["file"] for item in copies}) == 2


def test_other_processes_know_it_too(tmp_path: Path) -> None:
    """A campaign's own template is found again where nothing of it is loaded, and its results come back."""
    write(tmp_path, "goals.py")
    folder = tmp_path / "c"
    assert init(folder, f"{tmp_path}/goals.py:GoalsPlan").code == 0
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    out = folder / "returns" / "a.xlsx"
    source = tmp_path / "plan.json"
    source.write_text(json.dumps(GOALS), encoding="utf-8")
    assert run("fill", copy_of(folder, ADAMS), source, "-o", out, "-C", folder).code == 0
    campaign = open_campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        context = context_of(campaign, ledger, date(2026, 12, 1))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        result = pool.submit(check_job, context, (out.read_bytes(), "a.xlsx")).result()
    assert (result.checked.outcome, result.checked.template) == ("accepted", "goals")


FORM = "from xlplan.form.plan import Plan, Form\nfrom typing import ClassVar\n"
NAMED, REST = "form: ClassVar[Form] = Form", "title='t', purpose='p', source='s', sheets=()"


@pytest.mark.parametrize(
    ("text", "source", "code", "said"),
    [
        (None, "ours.py:OurPlan", 2, "could not be read"),
        (None, "nope", 2, ", ".join(TEMPLATES)),
        ("x = 1\n", "ours.py:OurPlan", 2, "none that is a Plan"),
        (FORM + "class Mine(Plan):\n    pass\n", "ours.py:OurPlan", 2, "There is Mine."),
        (FORM + "class Mine(Plan):\n    pass\n", "ours.py", 2, "There is Mine."),
        (FORM + "class OurPlan(Plan):\n    pass\n", "ours.py:OurPlan", 4, "needs `form"),
        ("class OurPlan:\n    pass\n", "ours.py:OurPlan", 2, "none that is a Plan"),
        ("a = 1\nclass OurPlan(\n", "ours.py:OurPlan", 4, "line 2: this is not Python"),
        ("a = 1\nb = a / 0\n", "ours.py:OurPlan", 4, "line 2: ZeroDivisionError"),
        ("import nothing_of_the_kind\n", "ours.py:OurPlan", 4, "line 1: ModuleNotFoundError"),
        ("from xlplan.templates.sfss import SfssPlan\nclass OurPlan(SfssPlan):\n    pass\n", "ours.py:OurPlan", 4,
         "one of the five"),
        (FORM + f"class OurPlan(Plan):\n    {NAMED}(name='Our Plan', version=1, {REST})\n", "ours.py:OurPlan", 4,
         "small letters"),
        (FORM + f"class OurPlan(Plan):\n    {NAMED}(name='ours', version=0, {REST})\n", "ours.py:OurPlan", 4,
         "whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said(
    text: str | None, source: str, code: int, said: str, tmp_path: Path
) -> None:
    """Not there: exit 2. At fault: exit 4, with file and line. No campaign is half made."""
    if text is not None:
        (tmp_path / "ours.py").write_text(text, encoding="utf-8")
    done = init(tmp_path / "c", f"{tmp_path / source}" if ".py" in source else source)
    assert (done.code, said in done.err) == (code, True), done.err
    assert not (tmp_path / "c" / "campaign.toml").exists()


def test_a_campaign_whose_template_is_gone_says_so(tmp_path: Path) -> None:
    """Exit 4: the campaign is at fault."""
    write(tmp_path, "goals.py")
    assert init(tmp_path / "c", f"{tmp_path}/goals.py:GoalsPlan").code == 0
    (tmp_path / "c" / "goals.py").unlink()
    done = run("status", "-C", tmp_path / "c")
    assert done.code == 4 and "goals.py" in done.err


def test_a_changed_template_is_another_form(tmp_path: Path) -> None:
    """Within one process too: the file's content counts, not its name."""
    path = write(tmp_path, "goals.py")
    assert init(tmp_path / "c", f"{path}:GoalsPlan").code == 0
    assert run("generate", "-C", tmp_path / "c", "--school", ADAMS, "--json").json["copies"][0]["issue"] == 1
    own = tmp_path / "c" / "goals.py"
    own.write_text(own.read_text(encoding="utf-8").replace("slots=6", "slots=7"), encoding="utf-8")
    assert run("generate", "-C", tmp_path / "c", "--school", ADAMS, "--json").json["copies"][0]["issue"] == 2
    assert filled(copy_of(tmp_path / "c", ADAMS), tmp_path / "x.xlsx", GOALS).code == 3, (
        "without -C it is unknown"
    )
