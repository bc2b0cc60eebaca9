"""English and Spanish copies in one campaign: issued, collected, compared, merged and rolled up together."""

from __future__ import annotations

import csv
import json
from copy import deepcopy
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, BROWNE, ROSTER, run
from tests.languages.copies import PLAN
from xlplan.campaign.languages import is_known, language_of

WINDOW = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30", "--return-by", "2026-12-18")


@pytest.mark.parametrize(
    ("text", "language"),
    [("", ""), ("en", ""), ("English", ""), ("es", "es"), ("ES-mx", "es"), ("Spanish", "es"), ("español", "es"),
     ("Espanol (México)", "es"), (" castellano ", "es"), ("es_US", "es"), ("Somali", ""), ("Estonian", "")],
)  # fmt: skip
def test_a_language_by_what_people_call_it(text: str, language: str) -> None:
    """Names and codes, whatever their case, accents and country."""
    assert language_of(text) == language
    assert is_known(text) == (text not in ("Somali", "Estonian"))


def _fill(place: Path, copy: str, name: str, **changed: object) -> Path:
    """A return made from a copy."""
    plan = deepcopy(PLAN)
    plan["monitoring"].update(changed)
    (place / "plan.json").write_text(json.dumps(plan), "utf-8")
    assert run("fill", copy, "plan.json", "-o", f"c/returns/{name}.xlsx", cwd=place).code == 0
    return place / "c" / "returns" / f"{name}.xlsx"


def _roster(place: Path, browne: str) -> None:
    lines = [f"{line},{browne if BROWNE in line else ''}" for line in ROSTER.splitlines()[1:]]
    (place / "c" / "roster.csv" if (place / "c").exists() else place / "schools.csv").write_text(
        "\n".join([f"{ROSTER.splitlines()[0]},language", *lines]), "utf-8"
    )


def _copies(place: Path) -> dict[str, tuple[str, int]]:
    found = run("generate", "-C", "c", "--json", cwd=place).json["copies"]
    return {item["school_id"]: (f"c/{item['file']}", item["issue"]) for item in found}


def test_a_campaign_of_two_languages(tmp_path: Path) -> None:
    """One school in Spanish, one in English; then the first changes its language in the middle of it."""
    _roster(tmp_path, "Español")
    assert run("init", "c", "--template", "sfss", "--roster", "schools.csv", *WINDOW, cwd=tmp_path).code == 0
    before = _copies(tmp_path)
    assert before[ADAMS][1] == before[BROWNE][1] == 1
    spanish = tmp_path / "spanish.xlsx"
    spanish.write_bytes((tmp_path / before[BROWNE][0]).read_bytes())
    first = _fill(tmp_path, "spanish.xlsx", "browne")
    _fill(tmp_path, before[ADAMS][0], "adams")
    done = run("collect", "-C", "c", "--json", cwd=tmp_path).json
    assert [item["outcome"] for item in done["files"]] == ["accepted", "accepted"]
    one, other = ({**item["plan"], "school": "", "school_id": ""} for item in done["files"])
    assert one == other

    _roster(tmp_path, "English")
    after = _copies(tmp_path)
    assert after[BROWNE][1] == 2 and after[ADAMS][1] == 1
    assert run("check", first, "-C", "c", "--json", cwd=tmp_path).json["files"][0]["outcome"] == "accepted"

    english = _fill(tmp_path, after[BROWNE][0], "browne-english", progress="Every month.")
    changes = run("diff", first, english, "--json", cwd=tmp_path).json["changes"]
    assert [(item["path"], item["b"]) for item in changes] == [("monitoring.progress", "Every month.")]
    _fill(tmp_path, "spanish.xlsx", "browne-spanish", embedding="Cada semana.")
    assert run("collect", "-C", "c", cwd=tmp_path).code == 0
    merged = run(
        "merge",
        BROWNE,
        "c/returns/browne-english.xlsx",
        "c/returns/browne-spanish.xlsx",
        "-C",
        "c",
        "--base",
        first,
        "--json",
        cwd=tmp_path,
    )
    assert merged.code == 0, merged.err
    assert merged.json["plan"]["monitoring"] == {"progress": "Every month.", "embedding": "Cada semana."}
    assert merged.json["plan"]["signoffs"][0]["role"] == "principal"

    assert run("export", "-C", "c", "--to", "tables", cwd=tmp_path).code == 0
    with (tmp_path / "tables" / "signoffs.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert {line["role"] for line in csv.DictReader(lines)} == {"principal"}
    assert run("rollup", "-C", "c", cwd=tmp_path).code == 0


def test_the_language_of_a_campaign_holds_for_schools_without_one(tmp_path: Path) -> None:
    """`[campaign] language`; a school that says English gets English."""
    _roster(tmp_path, "en")
    assert run("init", "c", "--template", "sfss", "--roster", "schools.csv", *WINDOW, cwd=tmp_path).code == 0
    settings = tmp_path / "c" / "campaign.toml"
    text = settings.read_text("utf-8")
    assert 'language = ""' in text
    settings.write_text(text.replace('language = ""', 'language = "Spanish"'), "utf-8")
    files = _copies(tmp_path)
    titles = {
        key: run("cells", file, "-C", "c", "--json", cwd=tmp_path).json["cells"][0]["label"]
        for key, (file, _) in files.items()
    }
    assert titles[BROWNE] == "District ID" and titles[ADAMS] == "Código del distrito"
    settings.write_text(text.replace('language = ""', 'language = "Klingon"'), "utf-8")
    wrong = run("generate", "-C", "c", cwd=tmp_path)
    assert wrong.code == 4 and "Klingon" in wrong.err
