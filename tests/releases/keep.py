"""Keep what this release gave out, for ever: `python -m tests.releases.keep` from the repository's root.

A campaign with a plan of every template, its returns filled in, and what this release said of them. Later releases
read them without another finding. A release that is kept already is never written again.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlplan
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "workbooks" / "releases"
SCHOOL = ("5300000", "Riverbend School District", "530000000001", "Ana Peña Elementary")
HEAD = ("district_id", "district", "school_id", "school")
LEFT_OUT = ("copies", "corrections", "reports")


def keep(folder: Path, forms: dict[str, dict[str, Any]], language: str = "") -> None:
    """Make the campaign in a folder; `forms`: template as the roster names it → the plan that comes back."""
    with TemporaryDirectory() as place:
        roster, plans = Path(place, "roster.csv"), Path(place, "plan.json")
        with roster.open("w", newline="", encoding="utf-8") as into:
            lines = [(*SCHOOL, template, language) for template in forms]
            csv.writer(into).writerows([(*HEAD, "template", "language"), *lines])
        first = next(iter(forms))
        window = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30", "--return-by", "2026-12-18")
        xlplan_(
            "init",
            folder,
            "--template",
            first,
            "--roster",
            roster,
            *window,
            "--contact",
            "plans@district.example",
        )
        copies = json.loads(xlplan_("generate", "-C", folder, "--json"))["copies"]
        for copy, (template, plan) in zip(copies, forms.items(), strict=True):
            plans.write_text(json.dumps(plan), encoding="utf-8")
            xlplan_(
                "fill",
                folder / copy["file"],
                plans,
                "-o",
                folder / "returns" / f"{template.replace('@', '-')}.xlsx",
            )
    say(folder)


def keep_check(former: Path, folder: Path) -> None:
    """Make the mid-year check of a campaign that was kept; its copies come back with nobody's progress."""
    with TemporaryDirectory() as place:
        plan, old = Path(place, "plan.json"), Path(shutil.copytree(former, Path(place, "autumn")))
        for name in LEFT_OUT:
            (old / name).mkdir()
        xlplan_("collect", "-C", old, old / "returns", "--received", "2026-12-01")
        xlplan_("init", folder, "--from", old, "--status-round", "--return-by", "2027-02-12")
        plan.write_text(json.dumps({"prepared_by": "A. Lee", "prepared_on": "2027-02-01"}), encoding="utf-8")
        for copy in json.loads(xlplan_("generate", "-C", folder, "--json"))["copies"]:
            back = folder / "returns" / f"{copy['template']}.xlsx"
            xlplan_("fill", folder / copy["file"], plan, "-o", back, "-C", folder, code=1)
    say(folder, code=1)


def say(folder: Path, code: int = 0) -> None:
    """Write down what this release says of the returns, and leave out what a test does without."""
    files = json.loads(xlplan_("check", "-C", folder, folder / "returns", "--json", code=code))["files"]
    said = {
        item["file"]: {
            "outcome": item["outcome"],
            "version": item["version"],
            "findings": [[one["code"], one["severity"], one["path"]] for one in item["findings"]],
        }
        for item in files
    }
    (folder / "said.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in LEFT_OUT:
        shutil.rmtree(folder / name)


def xlplan_(*words: object, code: int = 0) -> str:
    """What a command of this release prints, which must end with that exit code."""
    command = [sys.executable, "-m", "xlplan", *map(str, words)]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    if done.returncode != code:
        raise SystemExit(f"xlplan {' '.join(map(str, words))}: {done.stderr or done.stdout}")
    return done.stdout


def without_header(plan: dict[str, Any]) -> dict[str, Any]:
    """A sample plan for any school."""
    header = ("district_id", "district", "school_id", "school", "year")
    return {name: value for name, value in plan.items() if name not in header}


def main() -> None:
    """Keep the release that is imported."""
    version = xlplan.__version__
    folders = [KEPT / f"{version}{kind}" for kind in ("", "-past", "-spanish", "-check")]
    for folder in folders:
        if folder.exists():
            raise SystemExit(f"{folder} is kept already, and what was given out does not change.")
    plans = {name: without_header(sample_plans(name)[0]) for name in TEMPLATES}
    keep(folders[0], plans)
    keep(folders[1], {"sfss@1": first_version(plans["sfss"])})
    keep(folders[2], {"sfss": plans["sfss"]}, language="Spanish")
    keep_check(folders[0], folders[3])


def first_version(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan of sfss as its version 1 asks for it."""
    four = ("rules", "roles", "partner_roles", "relationships", "resources", "monitoring")
    made = {name: value for name, value in plan.items() if name not in four}
    alignment = {"assets": "Mornings of the specialist.", "roles": "The counselor leads the team."}
    return made | {"infrastructure": plan["monitoring"], "alignment": alignment}


if __name__ == "__main__":
    main()
