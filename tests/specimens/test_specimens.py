"""The workbooks on disk are those that the program makes today, and earn the findings that lie beside them."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from xlplan.pipeline.check import Context, check_file
from xlplan.templates import TEMPLATES

from .build import BROKEN, GOOD, ROOT, findings, form, good, specimens
from .flaws import FLAWS

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
@pytest.mark.parametrize(("name", "code"), [(name, code) for name in BROKEN for code in sorted(BROKEN[name])])
def test_a_broken_copy_earns_its_findings(name: str, code: str) -> None:
    """Exactly those beside it, and among them the one it is named after."""
    content = (ROOT / f"{name}/broken/{code}.xlsx").read_bytes()
    expected = json.loads((ROOT / f"{name}/broken/{code}.findings.json").read_bytes())
    assert findings(content, f"{code}.xlsx") == expected
    assert code in {item["code"] for item in expected}


@pytest.mark.xdist_group("specimens")
@pytest.mark.parametrize(
    ("name", "sample"), [(name, sample) for name in GOOD for sample in sorted(GOOD[name])]
)
def test_a_good_copy_is_its_plan(name: str, sample: str) -> None:
    """Accepted, and read as the JSON beside it."""
    checked = check_file((ROOT / f"{name}/good/{sample}.xlsx").read_bytes(), sample, Context()).checked
    assert checked.outcome == "accepted"
    assert checked.plan == json.loads((ROOT / f"{name}/good/{sample}.json").read_bytes())


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_rule_of_a_template_has_a_specimen(name: str) -> None:
    """And every structural code that its fields can earn."""
    spec = form(name).layout.spec
    named = any(
        item.refers_to and item.refers_to.by == "name" for _, group in spec.walk() for item in group.fields
    )
    refers = any(item.refers_to for _, group in spec.walk() for item in group.fields)
    structural = {"missing", "type", "choice", "range", "too-long", "too-few", "date-outside-window"}
    wanted = {*structural, *spec.form.checks} | ({"duplicate"} if named else set())
    assert wanted | ({"unknown-reference"} if refers else set()) <= set(BROKEN[name])


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"sfss"}))
def test_a_rule_s_specimen_is_broken_in_that_alone(name: str) -> None:
    """The sample that it was made from earns nothing."""
    content = (ROOT / f"{name}/broken/{next(iter(FLAWS[name]))}.xlsx").read_bytes()
    assert findings(content, "x.xlsx")
    assert findings(good(name), "x.xlsx") == []


def test_there_are_specimens() -> None:
    """The laws above are not kept by an empty set."""
    assert len(BROKEN["sfss"]) >= 40
    assert all(len(broken) >= 10 for broken in BROKEN.values())
    assert all(len(good) >= 3 for good in GOOD.values())
    assert len(OLD) >= 120
