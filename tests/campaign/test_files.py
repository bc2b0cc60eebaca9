"""Files are whole or not there; drafts go; a giant is not read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from xlplan.campaign import files
from xlplan.campaign.files import STALE_SECONDS, NoFile, TooBig, read_bytes, replacing, sweep
from xlplan.errors import XlplanError


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """The new file takes the old one's place only when it is whole."""
    path = tmp_path / "district.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(path) as draft:
        draft.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_old_drafts_are_swept_and_nothing_else(tmp_path: Path) -> None:
    """A draft of this hour may be somebody's at work; a file that only ends like one is none of ours."""
    inner = tmp_path / "5308250_spokane"
    inner.mkdir()
    names = (
        ".0123456789ab.tmp",
        ".ab0123456789.tmp",
        ".mine.tmp",
        "0123456789ab.tmp",
        ".0123456789ab.tmp.xlsx",
    )
    for name in names:
        (inner / name).write_bytes(b"x")
    before = time.time() - STALE_SECONDS - 60
    for name in names:
        os.utime(inner / name, (before, before))
    os.utime(inner / names[1])
    sweep(tmp_path)
    assert sorted(path.name for path in inner.iterdir()) == sorted(names[1:])
    sweep(tmp_path / "not there")


def test_a_giant_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what never ends; up to the bound all is read."""
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"x" * 1000)
    assert read_bytes(path) == b"x" * 1000
    path.write_bytes(b"x" * 1001)
    with pytest.raises(TooBig, match=r"plan\.xlsx"):
        read_bytes(path)
    if Path("/dev/zero").exists():
        with pytest.raises(NoFile):
            read_bytes(Path("/dev/zero"))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(XlplanError, match=r"gone\.xlsx: could not be read \(No such file or directory\)\."):
        read_bytes(tmp_path / "gone.xlsx")
