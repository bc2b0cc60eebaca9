"""Drafts, zips, lists and the outbox: what went in comes out, whatever a roster holds, and the same each time."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.form.text import clean_text, harmless
from xlplan.post.addresses import addresses_of
from xlplan.post.drafts import Attachment, Letter, draft, safe_name
from xlplan.post.mail_merge import LIVE, merge_list
from xlplan.post.outbox import OUTBOX, delivered, making
from xlplan.post.packs import INDEX, write_pack

HOSTILE = [
    "Adams\nBcc: thief@evil.example", "Adams\r\nSubject: other", 'The "A" School', "Lee, Bo & Sons", "Schülerhaus Zoë",
    "x" * 73, "../../etc/passwd", "=cmd|' /C calc'!A0", "C:\\temp\\x", "\u202eevil", "a\x00b", "日本語学校",
    "=?utf-8?q?x?=", "\ud800", ",;<>()[]:@", " ", "é" * 400,
]  # fmt: skip


def read_back(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_within_its_place(name: str) -> None:
    """No name makes a header, a recipient, a folder or a markup of its own."""
    letter = Letter(subject=f"{name}: your plan", text=f"Dear {name} team,\n\nö\n")
    made = draft(letter, ["a@b.example"], [Attachment(name=f"{name}.xlsx", content=b"PK\x00\r\n\xff")])
    message = read_back(made)
    assert not message.defects
    assert message.keys() == ["X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"]
    assert message["To"] == "a@b.example" and message["X-Unsent"] == "1"
    said = clean_text(harmless(letter.subject), lines=False)
    assert message["Subject"] == (said if len(said) <= 200 else f"{said[:199]}…")
    assert text_of(message) == harmless(letter.text)
    (enclosed,) = message.iter_attachments()
    assert enclosed.get_content() == b"PK\x00\r\n\xff"
    file = enclosed.get_filename()
    assert file and file.isascii() and "/" not in file and "\\" not in file and not file.startswith(".")
    assert all(len(line) < 998 for line in made.split(b"\r\n")) and made.isascii()


@given(st.text(max_size=300), st.text(max_size=2000))
def test_any_letter_comes_back_as_it_was(subject: str, text: str) -> None:
    message = read_back(draft(Letter(subject=subject, text=f"{text}\n")))
    said = clean_text(harmless(subject), lines=False)
    if len(said) <= 200:
        assert str(message["Subject"]) == said or not said.isprintable()
    assert text_of(message).rstrip("\n") == harmless(f"{text}\n").rstrip("\n")


def test_only_an_address_becomes_a_recipient() -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        draft(Letter(subject="x", text="x\n"), ["a@b.example\r\nBcc: c@d.example"])
    several = [f"person.{number}@school.example" for number in range(60)]
    assert read_back(draft(Letter(subject="x", text="x\n"), several))["To"] == ", ".join(several)


def test_a_draft_without_recipient_or_file_is_whole() -> None:
    message = read_back(draft(Letter(subject="x", text="x\n")))
    assert (
        message["To"] is None
        and message.get_content_type() == "text/plain"
        and not list(message.iter_attachments())
    )


def test_mail_programs_find_subject_and_names_on_their_lines() -> None:
    """Outlook loses what goes on in another line (RFC 2231); a copy's name has up to 80 characters."""
    name = f"{'530825002362_spokane-alternative-northeast-community-center':-<75}.xlsx".replace("--", "-a")
    made = draft(
        Letter(subject="x" * 120, text="x\n"), ["a@b.example"], [Attachment(name=name, content=b"x")]
    )
    assert f'filename="{name}"'.encode() in made and b"Subject: " + b"x" * 120 + b"\r\n" in made


def test_the_same_draft_has_the_same_bytes() -> None:
    letter, files = Letter(subject="Zoë", text="x\n"), [Attachment(name="a.xlsx", content=b"1")]
    assert draft(letter, ["a@b.example"], files) == draft(letter, ["a@b.example"], files)


@pytest.mark.parametrize(
    ("cell", "good", "faults"),
    [
        ("", (), ()),
        ("a@b.example", ("a@b.example",), ()),
        (" a@b.example; c@d.example ,a@b.example", ("a@b.example", "c@d.example"), ()),
        ("a@b.example c@d.example", ("a@b.example", "c@d.example"), ()),
        ("Ann Lee <ann@b.example>; Bo <bo@b.example>", ("ann@b.example", "bo@b.example"), ()),
        ('"Lee, Ann" <ann@b.example>', ("ann@b.example",), ()),
        ("mailto:a@b.example", ("a@b.example",), ()),
        ("not an address", (), ("not an address",)),
        ("a@b", (), ("a@b",)),
        ("a@b.example\r\nBcc: c@d.example", ("a@b.example", "c@d.example"), ("Bcc:",)),
        ("a@schüler.example", ("a@xn--schler-5ya.example",), ()),
        ("zoë@b.example", (), ("zoë@b.example",)),
        ("a..b@c.example", (), ("a..b@c.example",)),
        ("@b.example; a@; a@b.example>", (), ("@b.example", "a@", "a@b.example>")),
        (f"{'a' * 250}@b.example", (), (f"{'a' * 250}@b.example",)),
        ("a@b..example", (), ("a@b..example",)),
        ('"a@b.example"', ("a@b.example",), ()),
        ('"a@b.example" <a@b.example>; "n/a"', ("a@b.example",), ("n/a",)),
    ],
)
def test_addresses_of_a_cell(cell: str, good: tuple[str, ...], faults: tuple[str, ...]) -> None:
    found = addresses_of(cell)
    assert (found.good, found.faults) == (good, faults)


@given(st.text(max_size=60))
def test_whatever_is_an_address_is_plain(cell: str) -> None:
    """ASCII, one @, no blank, no comma: nothing that a header could take for more."""
    for address in addresses_of(cell).good:
        assert address.isascii() and address.count("@") == 1 and not set(address) & set(' ,;<>()\r\n\t"\\:')
        assert addresses_of(address).good == (address,)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_safe_name_is_safe(name: str) -> None:
    found = safe_name(f"{name}.xlsx")
    assert (
        found.isascii() and found and not set(found) & set('/\\:*?"<>|\n\r\0') and safe_name(found) == found
    )


# --- zips


def test_a_zip_holds_the_files_and_says_so(tmp_path: Path) -> None:
    """Equal files give equal bytes, whenever they were written."""
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two" * 1000)
    files = [("a.xlsx", tmp_path / "a"), ("b.xlsx", tmp_path / "b")]
    write_pack(tmp_path / "1.zip", "Zoë\na.xlsx\n", files)
    (tmp_path / "a").touch()
    write_pack(tmp_path / "2.zip", "Zoë\na.xlsx\n", files)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as pack:
        assert pack.testzip() is None and pack.namelist() == [INDEX, "a.xlsx", "b.xlsx"]
        assert pack.read("b.xlsx") == b"two" * 1000
        assert pack.read(INDEX).decode("utf-8-sig") == "Zoë\r\na.xlsx\r\n"


def test_a_large_zip_takes_little_memory(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(40_000_000)
    tracemalloc.start()
    write_pack(tmp_path / "x.zip", "", [("1.xlsx", big), ("2.xlsx", big)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000 and (tmp_path / "x.zip").stat().st_size > 80_000_000


# --- lists


@pytest.mark.parametrize("name", [*HOSTILE, "=1+1", "+1", "-1", "@x", "\t=1", "＝1", " =1", "'=1"])
def test_no_cell_of_a_list_is_a_formula(name: str) -> None:
    content = merge_list(("school", "days"), [{"school": name, "days": -3}])
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["school", "days"] and row[1] == "-3"
    assert not row[0].lstrip(" ").startswith(LIVE) and row[0].endswith(harmless(name))


# --- the outbox


def put(root: Path, files: dict[str, str], day: date = date(2026, 12, 1)) -> str:
    with making(root) as made:
        for name, text in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return delivered(made, day, "remind").name


def test_nothing_in_the_outbox_is_ever_overwritten(tmp_path: Path) -> None:
    """The same again changes nothing, more is put beside it, something else has a folder of its own."""
    assert put(tmp_path, {"d/a.eml": "1", "d/b.eml": "2"}) == "2026-12-01-remind"
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.eml")}
    assert put(tmp_path, {"d/a.eml": "1", "d/b.eml": "2"}) == "2026-12-01-remind"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.eml")} == before
    assert put(tmp_path, {"d/c.eml": "3"}) == "2026-12-01-remind"
    assert put(tmp_path, {"d/a.eml": "other", "d/x.eml": "4"}) == "2026-12-01-remind-2"
    assert put(tmp_path, {"d/a.eml": "third"}) == "2026-12-01-remind-3"
    assert put(tmp_path, {"d/a.eml": "other"}) == "2026-12-01-remind-2"
    assert put(tmp_path, {"d/a.eml": "1"}, date(2026, 12, 2)) == "2026-12-02-remind"
    assert (tmp_path / OUTBOX / "2026-12-01-remind" / "d" / "a.eml").read_text() == "1"
    assert sorted(path.name for path in (tmp_path / OUTBOX).iterdir()) == [
        "2026-12-01-remind", "2026-12-01-remind-2", "2026-12-01-remind-3", "2026-12-02-remind",
    ]  # fmt: skip


def test_a_run_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), making(tmp_path) as made:
        (made / "a.eml").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
