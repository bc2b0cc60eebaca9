"""The workbooks on disk are those that the program makes today, and earn the findings that lie beside them."""

from __future__ import annotations

import json
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context
from xlplan.templates import TEMPLATES

from .build import BROKEN, GOOD, ROOT, findings, form, good, slim, specimens
from .flaws import FLAWS
from .laws import lost, unlike_again, wrong_places
from .patient import ALONE

AGAIN = "; run python -m tests.specimens.build"
NAMES = sorted(TEMPLATES)
FILES = [(name, illness) for name in NAMES for illness in BROKEN[name]]
HEALTHY = [(name, path.stem) for name in NAMES for path in sorted((ROOT / name / "good").glob("*.xlsx"))]


def parts(content: bytes) -> object:
    """The parts by name: packing may differ from one zlib to the next, contents may not."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        return None if content.startswith(b"PK") else content  # a zip that is broken on purpose, or no zip


@pytest.mark.parametrize("name", NAMES)
def test_specimens_are_current(name: str) -> None:
    """Rebuilding gives the same part contents, no file more and none less; each has its JSON beside it."""
    made = specimens(name)
    on_disk = {path.relative_to(ROOT).as_posix() for path in (ROOT / name).rglob("*") if path.is_file()}
    beside = {f"{path.rpartition('.')[0]}.json" for path in made if "/good/" in path}
    beside |= {f"{path.rpartition('.')[0]}.findings.json" for path in made if "/broken/" in path}
    assert on_disk == {*made, *beside}, AGAIN
    stale = [path for path, new in made.items() if parts((ROOT / path).read_bytes()) != parts(new)]
    assert not stale, AGAIN


@pytest.mark.parametrize(("name", "illness"), FILES)
def test_a_broken_copy_earns_its_findings(name: str, illness: str) -> None:
    """Exactly those beside it, and among them what it is named after.

    Nothing in it is lost or read into a wrong field; its correction copy, returned unchanged, asks for the same.
    """
    ill = BROKEN[name][illness]
    file = f"{illness}{ill.suffix}"
    content = (ROOT / name / "broken" / file).read_bytes()
    result = check_file(content, file, ill.context)
    expected = json.loads((ROOT / name / "broken" / f"{illness}.findings.json").read_bytes())
    assert [item.as_json() for item in result.checked.findings] == expected
    assert expected and set(ill.codes) <= {item["code"] for item in expected}
    if result.checked.outcome == "refused":
        assert len(expected) == 1 and result.checked.plan is None
    if ill.of is not None:
        assert list(lost(ill.of, content, result)) == []
        assert list(unlike_again(result, ill.context)) == []
        if not ill.by_hand:
            assert list(wrong_places(ill.of, result)) == []


@pytest.mark.parametrize(("name", "sample"), HEALTHY)
def test_a_good_copy_is_its_plan(name: str, sample: str) -> None:
    """Accepted, and read as the JSON beside it."""
    checked = check_file((ROOT / f"{name}/good/{sample}.xlsx").read_bytes(), sample, ALONE).checked
    assert checked.outcome == "accepted"
    assert checked.plan == json.loads((ROOT / f"{name}/good/{sample}.json").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_a_dialect_is_the_sample_value_for_value(name: str) -> None:
    """It earns nothing, as the sample earns nothing, and it is the same plan."""
    plan = check_file(good(name), "sample", ALONE).checked.plan
    others = [sample for one, sample in HEALTHY if one == name and sample not in {*GOOD[name], "odd-texts"}]
    for sample in others:
        checked = check_file((ROOT / f"{name}/good/{sample}.xlsx").read_bytes(), sample, ALONE).checked
        assert (checked.plan, checked.findings) == (plan, ())
    assert len(others) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_template_has_a_specimen(name: str) -> None:
    """And every structural code that its fields can earn."""
    spec = form(name).layout.spec
    named = any(
        item.refers_to and item.refers_to.by == "name" for _, group in spec.walk() for item in group.fields
    )
    refers = any(item.refers_to for _, group in spec.walk() for item in group.fields)
    structural = {"missing", "type", "choice", "range", "too-long", "too-few", "date-outside-window"}
    wanted = structural | set(spec.form.checks or ()) | ({"duplicate"} if named else set())
    assert wanted | ({"unknown-reference"} if refers else set()) <= set(BROKEN[name])


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"sfss"}))
def test_a_rule_s_specimen_is_broken_in_that_alone(name: str) -> None:
    """The sample that it was made from earns nothing."""
    content = (ROOT / f"{name}/broken/{next(iter(FLAWS[name]))}.xlsx").read_bytes()
    assert findings(content, "x.xlsx")
    assert findings(good(name), "x.xlsx") == findings(slim(name).content, "x.xlsx") == []


def test_what_a_file_is_named_after_stands_in_the_catalogue_of_illnesses() -> None:
    """The laws above are not kept by an empty set: beside those of codes at least 40 illnesses a template."""
    assert all(len([one for one in BROKEN[name].values() if one.of is not None]) >= 60 for name in NAMES)
    assert all(len(BROKEN[name]) >= 80 for name in NAMES) and len(BROKEN["sfss"]) >= 160
    assert all(len(GOOD[name]) >= 3 for name in NAMES)
    assert {one for one, _ in HEALTHY} == set(NAMES) and Context() == ALONE
