"""The workbooks on disk are those that the program makes today, and earn the findings that lie beside them."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from xlplan.pipeline.check import Context, check_file

from .build import BROKEN, GOOD, ROOT, findings, specimens

AGAIN = "; run python -m tests.specimens.build"
OLD = sorted(path for path in ROOT.rglob("*.xlsx"))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return specimens()


def parts(content: bytes) -> object:
    """The parts by name: packing may differ from one zlib to the next, contents may not."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except BadZipFile:
        return content


@pytest.mark.xdist_group("specimens")
def test_specimens_are_current(made: dict[str, bytes]) -> None:
    """Rebuilding gives the same part contents, no file more and none less."""
    on_disk = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()}
    assert on_disk == set(made), AGAIN
    cut = "sfss/broken/damaged.xlsx"  # its bytes end in mid-stream
    stale = [
        path for path, new in made.items() if path != cut and parts((ROOT / path).read_bytes()) != parts(new)
    ]
    assert not stale, AGAIN


@pytest.mark.xdist_group("specimens")
@pytest.mark.parametrize("code", sorted(BROKEN))
def test_a_broken_copy_earns_its_findings(code: str) -> None:
    """Exactly those beside it, and among them the one it is named after."""
    content = (ROOT / f"sfss/broken/{code}.xlsx").read_bytes()
    expected = json.loads((ROOT / f"sfss/broken/{code}.findings.json").read_bytes())
    assert findings(content, f"{code}.xlsx") == expected
    assert code in {item["code"] for item in expected}


@pytest.mark.xdist_group("specimens")
@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_good_copy_is_its_plan(name: str) -> None:
    """Accepted, and read as the JSON beside it."""
    checked = check_file((ROOT / f"sfss/good/{name}.xlsx").read_bytes(), name, Context()).checked
    assert checked.outcome == "accepted"
    assert checked.plan == json.loads((ROOT / f"sfss/good/{name}.json").read_bytes())


def test_there_are_specimens() -> None:
    """The laws above are not kept by an empty set."""
    assert len(BROKEN) >= 40
    assert len(GOOD) >= 6
    assert len(OLD) >= 51
