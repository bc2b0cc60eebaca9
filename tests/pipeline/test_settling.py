"""When a file is written completely: laws of `Settling`, told with a clock that the test holds."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from xlplan.excel.whole import is_whole
from xlplan.pipeline.settling import INCOMPLETE, LOCKED, Settling, is_passing, stamps_in, why_not

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "workbooks" / "sfss" / "blank.xlsx").read_bytes()
OLD = next((ROOT / "tests").rglob("*.xls")).read_bytes()


class Folder:
    """A folder that is looked at, at moments that the test says."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.settling = Settling(settled=3, patience=600)

    def puts(self, name: str, content: bytes, *, day: int = 1_000) -> Path:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (day, day))
        return path

    def at(self, moment: float) -> list[str]:
        """The names of the files that are ready then."""
        found, problems = stamps_in(self.place)
        assert not problems
        return [path.name for path in self.settling.look(found, moment)]

    def takes(self, name: str) -> None:
        self.settling.take(self.place / name)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_file_is_ready_when_it_has_not_changed_for_a_while(folder: Folder) -> None:
    """Neither when it is seen first nor while it grows; once taken it is left alone, until it is another file."""
    folder.puts("a.xlsx", BOOK)
    assert folder.at(0) == [] and folder.at(2.9) == []
    assert folder.at(3) == ["a.xlsx"] and folder.at(4) == ["a.xlsx"]
    folder.takes("a.xlsx")
    assert folder.at(5) == [] and folder.at(1e9) == []
    folder.puts("a.xlsx", BOOK, day=2_000)  # under the same name, of the same length
    assert folder.at(1e9 + 1) == [] and folder.at(1e9 + 4) == ["a.xlsx"]


def test_a_file_that_grows_waits_from_its_last_change(folder: Folder) -> None:
    """A slow copy may take hours."""
    for moment in range(0, 200, 2):
        folder.puts("a.txt", b"x" * (moment + 1))
        assert folder.at(moment) == []
    assert folder.at(200) == [] and folder.at(201) == ["a.txt"]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 0.999])
@pytest.mark.parametrize("filled", [False, True], ids=["short", "of full length"])
def test_half_a_workbook_waits_for_the_rest_and_is_taken_as_it_is_in_the_end(
    folder: Folder, share: float, filled: bool
) -> None:
    """Also where the program that copies gives the file its full length before it fills it."""
    half = BOOK[: int(len(BOOK) * share)]
    path = folder.puts("a.xlsx", half.ljust(len(BOOK), b"\0") if filled else half)
    assert folder.at(0) == [] and folder.at(599) == []
    assert folder.settling.waiting == {path: INCOMPLETE}
    assert folder.at(600) == ["a.xlsx"]
    folder.takes("a.xlsx")
    folder.puts("a.xlsx", BOOK, day=2_000)
    assert folder.at(700) == [] and folder.at(703) == ["a.xlsx"]


@pytest.mark.parametrize("content", [BOOK, OLD], ids=["zip", "ole"])
def test_every_beginning_of_a_workbook_is_incomplete(content: bytes) -> None:
    """No place at which a copy can break off passes for the end."""
    assert is_whole(io.BytesIO(content))
    last = len(content) - 1 if content is BOOK else len(content) - 512
    cuts = [*range(0, last, max(1, last // 400)), last]
    assert not [cut for cut in cuts if is_whole(io.BytesIO(content[:cut]))]
    holes = [cut for cut in cuts if is_whole(io.BytesIO(content[:cut].ljust(len(content), b"\0")))]
    sector = 512 if content is OLD else 1  # within the last sector of an OLE file only reading it tells
    assert not [cut for cut in holes if content[cut : len(content) - sector].strip(b"\0")]


def test_a_zip_within_the_beginning_of_a_zip_does_not_pass_for_its_end() -> None:
    """What is embedded in a workbook has an end record too."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("inner.txt", "x")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as made:
        made.writestr("first.zip", inner.getvalue())
        made.writestr("second.txt", "y" * 100)
    whole = outer.getvalue()
    end = whole.index(b"PK\x05\x06") + 22
    assert is_whole(io.BytesIO(whole)) and not is_whole(io.BytesIO(whole[:end]))


def test_what_says_nothing_of_its_end_is_complete() -> None:
    """A PDF is refused in the words of `collect` and not after ten minutes."""
    assert is_whole(io.BytesIO(b"%PDF-1.7 and so on")) and is_whole(io.BytesIO(b"a;b\n1;2\n"))
    assert not is_whole(io.BytesIO(b""))


@pytest.mark.parametrize(
    "name",
    [
        "~$plan.xlsx", ".~lock.plan.xlsx#", ".plan.xlsx.Xy12", "plan.xlsx.crdownload", "plan.xlsx.part", "~RF12ab.TMP",
        "plan.partial",
    ],
)  # fmt: skip
def test_what_programs_leave_on_their_way_is_no_return(folder: Folder, name: str) -> None:
    """Locks, hidden files and parts of downloads; a hidden folder with all that is in it."""
    folder.puts(name, BOOK)
    folder.puts(f".dropbox.cache/{name.strip('~.$')}.xlsx", BOOK)
    assert is_passing(name)
    assert folder.at(0) == [] and folder.at(1e6) == []
    (folder.place / name).rename(folder.place / "plan.xlsx")
    assert folder.at(1e6 + 1) == [] and folder.at(1e6 + 5) == ["plan.xlsx"]


def test_a_folder_may_come_whole_and_go_and_come_back(folder: Folder, tmp_path: Path) -> None:
    """What was taken away and is put back is looked at again: the ledger knows it by its bytes."""
    for name in ("b.xlsx", "a.xlsx"):
        folder.puts(f"week 1/inner/{name}", BOOK)
    assert folder.at(0) == [] and folder.at(3) == ["a.xlsx", "b.xlsx"]
    folder.takes("week 1/inner/a.xlsx")
    (tmp_path / "week 1").rename(tmp_path.parent / "away")
    assert folder.at(4) == [] and folder.settling.arriving == 0
    (tmp_path.parent / "away").rename(tmp_path / "week 2")
    assert folder.at(5) == [] and folder.at(8) == ["a.xlsx", "b.xlsx"]


def test_a_locked_file_waits_for_ever(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows whoever writes a file may let nobody else in; nothing is recorded of it meanwhile."""
    path = folder.puts("a.xlsx", BOOK)
    assert folder.at(0) == []
    opened = Path.open

    def locked(self: Path, *arguments: object, **more: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **more)  # type: ignore[arg-type,call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        assert why_not(path) == LOCKED
        assert folder.at(5) == [] and folder.at(1e6) == [] and folder.settling.waiting == {path: LOCKED}
    assert folder.at(1e6 + 1) == ["a.xlsx"] and not folder.settling.waiting


def test_a_file_copied_over_a_known_one_is_seen(folder: Folder) -> None:
    """With the same length and day, as `cp -p` and synchronising programs leave it: it is another file."""
    path = folder.puts("a.xlsx", BOOK)
    folder.at(0), folder.at(3)
    folder.takes("a.xlsx")
    folder.puts("b.xlsx", BOOK[::-1])
    (folder.place / "b.xlsx").replace(path)
    assert folder.at(4) == [] and folder.at(7) == ["a.xlsx"]


def test_what_may_not_be_looked_at_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may be listed and not entered, a share that fails now and then."""
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        (tmp_path / name).write_bytes(BOOK)
    whole = Path.stat

    def stat(path: Path, **more: bool) -> os.stat_result:
        if path.name == "a.xlsx":
            raise PermissionError(13, "Permission denied")
        if path.name == "b.xlsx":
            raise OSError(5, "Input/output error")
        return whole(path, **more)

    monkeypatch.setattr(Path, "stat", stat)
    found, problems = stamps_in(tmp_path)
    assert [path.name for path in found] == ["c.xlsx"]
    assert [problem.partition(": ")[2] for problem in problems] == [
        "may not be looked at (Permission denied).", "may not be looked at (Input/output error).",
    ]  # fmt: skip
