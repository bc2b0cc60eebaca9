"""Every way of packing a copy gives the same parts, and packing plainly leaves no trick in any of them."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from tests.pipeline.loop import NOW, begun
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.toml_write import write_settings
from xlplan.excel.correct import corrected
from xlplan.excel.package import (
    DEFLATING,
    STORED_LIMIT,
    assemble,
    deflated,
    head_of,
    plainly,
    run_of,
    with_tail,
)
from xlplan.excel.plate import Plate, pour, stamp
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.layout.correction import correction
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.generate import generate
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

WAYS = ("zlib", "libdeflate", "isal", "plain")


def by(way: str, plate: Plate) -> Plate:
    """The plate, its copies packed in that way."""
    if way == "isal":
        pytest.importorskip("isal")
    return replace(plate, plain=True) if way == "plain" else replace(plate, deflate=DEFLATING[way])


def parts(content: bytes) -> Mapping[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def who(form: FormOf) -> dict[str, str]:
    return personal(BLANK_SCHOOL, blank_identity(form), b"", "")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_way_of_packing_gives_the_same_parts(name: str, way: str) -> None:
    """Fresh, prefilled and correction copies: the same members in the same order, byte for byte."""
    form = form_of(name, FormFacts())
    typed = poured(form.layout, sample_plans(name)[0])
    typed[next(path for path in typed if path.endswith(("due", "by", "on")))] = "next spring"
    plate = plate_of(form, "")
    filled = pour(plate, who(form), typed)
    result = check_file(filled, "returned.xlsx", Context(answered=True))
    assert result.returned is not None
    answer = correction_plate(form, "", bool(result.returned.left_over))
    words = correction(answer.layout, result.returned, date(2026, 12, 1))
    pairs = (
        (stamp(plate, who(form)), stamp(by(way, plate), who(form))),
        (filled, pour(by(way, plate), who(form), typed)),
        (
            corrected(answer, who(form), result.cells, words),
            corrected(by(way, answer), who(form), result.cells, words),
        ),
    )
    for one, other in pairs:
        assert list(parts(one).items()) == list(parts(other).items())


@pytest.mark.parametrize("way", WAYS)
def test_same_inputs_same_bytes_and_no_clock(way: str) -> None:
    form = form_of("sfss", FormFacts())
    typed = poured(form.layout, sample_plans("sfss")[0])
    plate = by(way, plate_of(form, ""))
    assert stamp(plate, who(form)) == stamp(plate, who(form))
    content = pour(plate, who(form), typed)
    assert content == pour(plate, who(form), typed)
    with ZipFile(BytesIO(content)) as archive:
        assert {(item.date_time, item.flag_bits) for item in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0)
        }


def test_a_plain_copy_has_one_ordinary_stream_a_member() -> None:
    """The very bytes that Python's zip library makes of the same parts."""
    form = form_of("sfss", FormFacts())
    content = stamp(by("plain", plate_of(form, "")), who(form))
    with ZipFile(BytesIO(content)) as archive:
        for item in archive.infolist():
            at = item.header_offset + 30 + len(item.filename)
            stream = content[at : at + item.compress_size]
            squeeze = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
            assert stream == squeeze.compress(archive.read(item)) + squeeze.flush(), item.filename


@pytest.mark.parametrize("length", [0, 1, STORED_LIMIT, STORED_LIMIT + 1])
def test_a_constant_head_and_its_own_tail_are_one_part(length: int) -> None:
    """However long the tail is: up to a stored block's limit raw, beyond it deflated."""
    head, tail = b"<sst>" * 1000, bytes(range(256)) * (length // 256) + b"x" * (length % 256)
    package = assemble([with_tail(head_of("part", head), tail)])
    assert parts(package) == {"part": head + tail}


def test_a_run_that_is_laid_out_once_is_as_its_members_one_by_one() -> None:
    members = [deflated(f"part {number}", b"content" * number) for number in range(5)]
    assert assemble(members[3:], run_of(members[:3])) == assemble(members)
    assert parts(plainly(assemble(members))) == parts(assemble(members))


@pytest.mark.parametrize("way", WAYS)
def test_other_readers_of_zips_and_cells_read_it(way: str, tmp_path: Path) -> None:
    """Info-ZIP finds no fault, calamine the same values; spreadsheet programs are asked in tests/clients."""
    form = form_of("sfss", FormFacts())
    typed = poured(form.layout, sample_plans("sfss")[0])
    file = tmp_path / "copy.xlsx"
    values = []
    for content in (
        pour(by(way, plate_of(form, "")), who(form), typed),
        pour(plate_of(form, ""), who(form), typed),
    ):
        file.write_bytes(content)
        if (unzip := shutil.which("unzip")) is not None:
            done = subprocess.run([unzip, "-tq", str(file)], capture_output=True, text=True, check=False)
            assert done.returncode == 0 and done.stdout.startswith("No errors detected"), done.stdout
        book = load_workbook(file)
        values.append({name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names})
    assert values[0] == values[1]


def test_a_campaign_can_do_without(tmp_path: Path) -> None:
    """With packing = "plain" in campaign.toml its copies are packed plainly, and hold the same."""
    quick = begun(tmp_path / "autumn", "sfss")
    made = made_of(quick)
    write_settings(quick.root / "campaign.toml", replace(quick.settings, packing="plain"))
    plain = open_campaign(quick.root)
    assert plain.settings.packing == "plain"
    again = made_of(plain, force=True)
    assert again.keys() == made.keys()
    for file, content in again.items():
        assert content != made[file] and content == plainly(made[file])


def made_of(campaign: Campaign, *, force: bool = False) -> dict[str, bytes]:
    with Ledger.open(campaign.ledger_url) as ledger:
        copies = list(generate(campaign, ledger, campaign.roster.schools, now=NOW, force=force))
    return {copy.file: (campaign.root / copy.file).read_bytes() for copy in copies}
