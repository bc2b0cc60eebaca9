"""What only asks changes nothing, and what fills a copy keeps it as it was locked."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, copy_of, plan, run, start


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["check", "schools.csv"],
        ["read", "schools.csv"],
        ["collect", "--dry-run"],
        ["generate", "--dry-run"],
        ["rollup", "--dry-run"],
        ["export", "--to", "plans.csv", "--dry-run"],
    ],
    ids=lambda command: command[0],
)
def test_where_there_is_no_ledger_yet_none_is_made(tmp_path: Path, command: list[str]) -> None:
    folder = start(tmp_path / "fall")
    before = everything(tmp_path)
    done = run(*command, "-C", folder, cwd=tmp_path)
    assert done.code in (0, 3), done.err
    assert everything(tmp_path) == before


def test_a_filled_copy_is_locked_with_the_campaigns_password(tmp_path: Path) -> None:
    folder = start(tmp_path / "fall")
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace('password = ""', 'password = "lock"'), "utf-8")
    assert run("generate", "-C", folder).code == 0
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    copy, out = copy_of(folder, ADAMS), tmp_path / "out.xlsx"
    run("fill", copy, tmp_path / "plan.json", "-o", out, "-C", folder)
    assert locks(out) == locks(copy) and all('password="' in lock for lock in locks(copy))


def locks(path: Path) -> list[str]:
    """The protection of each of the plan's sheets, as it stands in the file."""
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in sorted(book.namelist()) if "worksheets/sheet" in name]
    return [text.partition("<sheetProtection")[2].partition(">")[0] for text in sheets]


def test_a_file_is_filled_and_read_by_the_form_that_the_ledger_keeps(tmp_path: Path) -> None:
    """Without its Meta sheet a copy with more slots is known by its identity, and by the campaign that issued it."""
    from openpyxl import load_workbook

    folder = start(tmp_path / "fall")
    assert run("generate", "-C", folder, "--slots", "challenges=5").code == 0
    data = tmp_path / "plan.json"
    data.write_text(json.dumps({"challenges": plan()["challenges"][:1] * 5}), encoding="utf-8")
    out = tmp_path / "out.xlsx"
    assert run("fill", copy_of(folder, ADAMS), data, "-o", out, "-C", folder, "--json").code in (0, 1)
    book = load_workbook(out)
    for row in book["Meta"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("{") and '"slots"' in cell.value:
                cell.value = None
    book.save(out)
    assert len(run("read", out, "-C", folder).json["plan"]["challenges"]) == 5
