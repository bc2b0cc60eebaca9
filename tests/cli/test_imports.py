"""What each command loads: of the heavy libraries those that it uses, and no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.cli.runner import ADAMS, BROWNE, FINCH, bad_plan, copy_of, filled, plan, run, start
from xlplan.cli.app import COMMANDS, GROUPS, app_for, whole_app

HEAVY = {
    "alembic", "cryptography", "distributed", "docx", "fsspec", "jinja2", "msoffcrypto", "multiprocessing", "openpyxl",
    "pandas", "psycopg", "pyarrow", "python_calamine", "rapidfuzz", "rich", "sqlalchemy", "unittest", "weasyprint",
    "xlrd", "xlsxwriter",
}  # fmt: skip
OLD_LEDGER = Path(__file__).parents[1] / "ledger" / "files" / "schema-1.sqlite"
NEW = "--plan-from 2027-09-01 --plan-to 2028-06-30"
LOADS = {
    "templates sfss": "",
    f"init spring --template sfss --roster schools.csv {NEW}": "",
    f"init third --from autumn {NEW}": "sqlalchemy",
    "starters -C autumn": "",
    "carry -C next": "sqlalchemy",
    "generate -C autumn": "openpyxl sqlalchemy",
    "cells adams.xlsx": "",
    "fill blank.xlsx plan.json -o filled.xlsx": "openpyxl",
    "read adams.xlsx": "",
    "check adams.xlsx": "",
    "check adams.xlsx -C autumn --explain": "sqlalchemy",
    "collect -C autumn": "sqlalchemy",  # corrections of forms that were not seen before need openpyxl too
    "collect -C autumn --letters": "jinja2 sqlalchemy",
    "watch -C autumn --once --settled 0 --every 0.1": "jinja2 sqlalchemy",
    "status -C autumn": "sqlalchemy",
    "status -C autumn --format html": "jinja2 sqlalchemy",
    f"history {ADAMS} -C autumn": "sqlalchemy",
    f"receipt {ADAMS} -C autumn": "sqlalchemy",
    "diff adams.xlsx other.xlsx": "",
    f"diff {ADAMS} -C autumn": "sqlalchemy",
    f"review {ADAMS} --approve -C autumn": "sqlalchemy",
    f"review {ADAMS} --return again -C autumn": "openpyxl sqlalchemy",
    f"mark {ADAMS} 1 --not --reason draft -C autumn": "sqlalchemy",
    f"merge {ADAMS} adams.xlsx other.xlsx -C autumn": "openpyxl sqlalchemy",
    "migrate adams.xlsx -C autumn": "sqlalchemy",
    "distribute -C autumn": "jinja2 sqlalchemy",
    "letters -C autumn": "jinja2 sqlalchemy",
    "remind -C autumn": "jinja2 sqlalchemy",
    "wording -C autumn": "jinja2",
    f"extend {ADAMS} --until 2027-01-15 -C autumn": "",
    "export -C autumn --to tables --format csv": "sqlalchemy",
    "export -C autumn --to tables.xlsx": "sqlalchemy xlsxwriter",
    "export -C autumn --to tables --format parquet": "pandas pyarrow sqlalchemy",  # pyarrow looks for pandas itself
    "rollup -C autumn": "rapidfuzz sqlalchemy xlsxwriter",  # it tells which needs are the same
    "rollup -C autumn --format html": "jinja2 rapidfuzz sqlalchemy",
    "rollup -C autumn --format docx": "docx rapidfuzz sqlalchemy",
    "rollup -C autumn --format html --public": "jinja2 sqlalchemy",
    "trace activities-overdue -C autumn": "sqlalchemy",
    "demo --dry-run": "sqlalchemy",
    "roster update schools.csv -C autumn": "sqlalchemy",
    "roster closed -C autumn": "sqlalchemy",
    "ledger check -C autumn": "sqlalchemy",
    "ledger backup kept.sqlite -C autumn": "sqlalchemy",
    "ledger restore backup.sqlite -C spare": "sqlalchemy",
    "ledger erase {sha256} --reason asked -C autumn": "sqlalchemy",
    "ledger upgrade -C autumn": "sqlalchemy",
    "ledger upgrade -C old": "alembic sqlalchemy",
}
"""A command as it is typed → the heavy libraries that its process ends with. Typer itself brings pydantic."""
ENDS = {
    "collect -C autumn": 1,  # a plan in it is not accepted
    "collect -C autumn --letters": 1,
    f"merge {ADAMS} adams.xlsx other.xlsx -C autumn": 1,  # an answer is to be decided
}
"""Exit codes that are not 0."""
RUN = """
import json, sys
from pathlib import Path
from xlplan.cli import main
sys.argv = ["xlplan", *sys.argv[1:]]
try:
    main()
finally:
    Path("loaded.json").write_text(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a campaign in which something came back and something waits, others around it, and files."""
    place = tmp_path_factory.mktemp("kept")
    autumn = start(place / "autumn")
    assert run("generate", "-C", autumn).code == 0
    filled(copy_of(autumn, ADAMS), place / "adams.xlsx")
    filled(copy_of(autumn, ADAMS), place / "other.xlsx", plan(monitoring={"progress": "Said otherwise."}))
    filled(copy_of(autumn, BROWNE), autumn / "returns" / "browne.xlsx", bad_plan())
    shutil.copy(place / "adams.xlsx", autumn / "returns" / "adams.xlsx")
    assert run("collect", "-C", autumn).code == 1
    filled(copy_of(autumn, FINCH), autumn / "returns" / "finch.xlsx")
    assert run("init", place / "next", "--from", autumn, *NEW.split()).code == 0
    assert run("ledger", "backup", place / "backup.sqlite", "-C", autumn).code == 0
    start(place / "spare")
    shutil.copytree(autumn, place / "old", ignore=shutil.ignore_patterns("copies"))
    shutil.copy(OLD_LEDGER, place / "old" / "ledger.sqlite")
    shutil.copy(copy_of(autumn, ADAMS), place / "blank.xlsx")
    (place / "plan.json").write_text(json.dumps(plan()), encoding="utf-8")
    return place


@pytest.mark.parametrize("line", LOADS)
def test_a_command_loads_what_it_uses(line: str, kept: Path, tmp_path: Path) -> None:
    """A process that runs it for real ends with exactly the heavy libraries of the table."""
    place = Path(shutil.copytree(kept, tmp_path / "here"))
    said = line.format(sha256=_hash(place)) if "{" in line else line
    done = subprocess.run(
        [sys.executable, "-c", RUN, *said.split()],
        cwd=place, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == ENDS.get(line, 0), done.stdout + done.stderr
    loaded = set(json.loads((place / "loaded.json").read_text("utf-8")))
    assert loaded & HEAVY == set(LOADS[line].split())


def _hash(place: Path) -> str:
    found: str = json.loads(run("history", ADAMS, "-C", place / "autumn", "--json").out)["plans"][0][
        "returns"
    ][0]["sha256"]
    return found


def test_every_command_is_in_the_table() -> None:
    """Those of the groups too."""
    root: Any = get_command(whole_app())
    every = {
        f"{name} {inner}".strip()
        for name, command in root.commands.items()
        for inner in getattr(command, "commands", ("",))
    }
    assert {
        name for name in every if any(line == name or line.startswith(f"{name} ") for line in LOADS)
    } == every


@pytest.mark.parametrize("asked", [[], ["--help"], ["-h"], ["nope"]])
def test_a_list_of_commands_says_of_each_what_its_own_help_begins_with(asked: list[str]) -> None:
    """Whoever asks for the list gets it without any command being loaded, in the same order and words."""
    told: Any = get_command(app_for(asked))
    real: Any = get_command(whole_app())
    assert list(told.commands) == list(real.commands) == [*COMMANDS, *GROUPS]
    for name, command in real.commands.items():
        about = (COMMANDS | GROUPS)[name][1]
        assert " ".join(command.help.split()).startswith(about) and about.endswith(".")
        assert told.commands[name].get_short_help_str(60) == command.get_short_help_str(60)


def test_a_command_behind_an_option_is_the_command_itself() -> None:
    """`xlplan -- status` runs it."""
    assert "-C" in run("--", "status").err and "campaign.toml" in run("--", "status").err
