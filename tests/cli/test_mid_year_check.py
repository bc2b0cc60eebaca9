"""A mid-year check as a district holds it: copies that begin with the plans of autumn, and what became of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.pipeline.later import edited
from xlplan.form.plan import HEADER

from .runner import ADAMS, BROWNE, ROSTER, SAMPLE, run


def steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for challenge in plan["challenges"]:
        for strategy in challenge["strategies"]:
            yield from strategy["steps"]


def copy_of(folder: Path, key: str) -> Path:
    return next((folder / "copies").rglob(f"*{key}*.xlsx"))


def test_a_district_asks_in_winter_what_became_of_its_plans(tmp_path: Path) -> None:
    """One school answers, one types over what is locked; both are compared with autumn, and nothing is lost."""
    autumn, winter = tmp_path / "autumn", tmp_path / "winter"
    (tmp_path / "schools.csv").write_text(ROSTER, encoding="utf-8")
    window = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    assert run("init", autumn, "--template", "sfss", "--roster", tmp_path / "schools.csv", *window).code == 0
    assert run("generate", "-C", autumn).code == 0
    plan = json.loads(SAMPLE.read_text(encoding="utf-8"))
    plan = {name: value for name, value in plan.items() if name not in HEADER}
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    for key in (ADAMS, BROWNE):
        back = autumn / "returns" / f"{key}.xlsx"
        assert run("fill", copy_of(autumn, key), tmp_path / "plan.json", "-o", back, "-C", autumn).code == 0
    assert run("collect", "-C", autumn).code == 0
    assert "progress" not in run("status", "-C", autumn, "--json").json["schools"][0]

    assert run("init", winter, "--from", autumn, "--status-round").code == 0
    assert run("generate", "-C", winter).code == 0
    copy = copy_of(winter, ADAMS)
    document = run("read", copy, "-C", winter, "--json").json["plan"]
    steps = list(steps_of(document))
    done_then = sum(step["last_status"] == "Done" for step in steps)
    for number, step in enumerate(steps):
        step["done"] = number == 0 or step["last_status"] == "Done"
    first = steps[0]
    first |= {"due": "2027-06-01", "learned": "=Families came", "changes": "Dinner first"}
    document |= {"prepared_by": "A. Lee", "prepared_on": "2027-02-01"}
    (tmp_path / "check.json").write_text(json.dumps(document), encoding="utf-8")
    back = winter / "returns" / "adams.xlsx"
    assert run("fill", copy, tmp_path / "check.json", "-o", back, "-C", winter).code == 0

    spoiled = winter / "returns" / "browne.xlsx"
    spoiled.write_bytes(
        edited(copy_of(winter, BROWNE).read_bytes(), {("Challenge 1", "D6"): "Something else"})
    )
    collected = run("collect", "-C", winter, "--json").json["files"]
    found = {item["school_id"]: item for item in collected}
    assert found[ADAMS]["outcome"] == "accepted"
    changed = [item for item in found[BROWNE]["findings"] if item["code"] == "label-changed"]
    assert [(item["cell"], item["found"]) for item in changed] == [("D6", "Something else")]
    challenge = found[BROWNE]["plan"]["challenges"][0]
    assert challenge["description"] == plan["challenges"][0]["description"]

    states = {item["school_id"]: item for item in run("status", "-C", winter, "--json").json["schools"]}
    assert states[BROWNE]["progress"] is None
    assert states[ADAMS]["progress"] == {
        "rows": len(steps), "done": max(done_then, 1) if steps[0]["last_status"] == "Done" else done_then + 1,
        "newly_done": int(steps[0]["last_status"] != "Done"), "moved": 1, "answered": len(steps),
    }  # fmt: skip
    assert "1 moved" in run("status", "-C", winter).err + run("status", "-C", winter).out

    assert run("export", "-C", winter, "--to", tmp_path / "tables").code == 0
    with (tmp_path / "tables" / "steps.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["first_due"], row["due"]) == (first["first_due"], "2027-06-01")
    assert row["learned"] == "'=Families came" and row["last_status"] == first["last_status"]
