"""A file with a password is opened by it, in a process of its own; without it, it is refused in a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from xlplan.excel import unlock
from xlplan.excel.read import read_workbook, without_password
from xlplan.layout.book import Book, Unreadable

FILES = Path(__file__).parent / "files"
PASSWORD = "Schlüssel 7"
LOCKED = {path.name: path.read_bytes() for path in (FILES / "locked").iterdir()}  # as LibreOffice saved them


def encrypted(password: str) -> bytes:
    """The small workbook as Excel encrypts it."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO((FILES / "openpyxl.xlsx").read_bytes())).encrypt(password, target)
    return target.getvalue()


def refused(content: bytes, *passwords: str) -> Unreadable:
    answer = read_workbook(content, "", passwords)
    assert isinstance(answer, Unreadable), answer
    return answer


@pytest.mark.parametrize("content", [*LOCKED.values(), encrypted(PASSWORD)], ids=[*LOCKED, "excel.xlsx"])
def test_a_password_opens_the_file_and_no_other_does(content: bytes) -> None:
    """.xls, .ods and .xlsx; the sentence tells a wrong password from none."""
    assert refused(content) == Unreadable(code="encrypted")
    wrong = refused(content, "wrong", "")
    assert wrong == Unreadable(code="encrypted", detail=", and the password given does not open it")
    book = read_workbook(content, "", ("wrong", PASSWORD))
    assert isinstance(book, Book) and len(book.sheets[0].cells) >= 12
    plain = without_password(content, (PASSWORD,))
    assert read_workbook(plain) == book
    assert without_password(content, ("wrong",)) == content


def test_a_password_given_does_not_harm_a_file_that_needs_none() -> None:
    """A batch has both."""
    content = (FILES / "openpyxl.xlsx").read_bytes()
    assert without_password(content, (PASSWORD,)) is content
    assert without_password(b"%PDF", (PASSWORD,)) == b"%PDF"


def test_what_excel_opens_without_asking_is_opened() -> None:
    """It encrypts workbooks whose structure alone is protected, with a password that all its copies know."""
    assert isinstance(read_workbook(encrypted("VelvetSweatshop")), Book)


def test_a_child_that_dies_or_dawdles_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often a key is to be mixed is up to the file; and the child's death is not ours."""
    content = encrypted(PASSWORD)
    monkeypatch.setattr(unlock, "TIME_LIMIT", 0.001)
    assert refused(content, PASSWORD) == Unreadable(code="too-big", detail="it took too long to open")
    monkeypatch.setattr(unlock, "TIME_LIMIT", 30.0)
    monkeypatch.setattr(unlock, "CHILD", "xlplan.excel.nothing")
    assert refused(content, PASSWORD).code == "encrypted"
