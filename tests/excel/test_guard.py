"""Whatever the bytes are, the answer is a book or a reason; nothing hangs, grows or is resolved."""

from __future__ import annotations

import functools
import io
import struct
import time
import zipfile
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from xlplan.excel import bounds, guard, read_sheet, read_styles, read_xml
from xlplan.excel.guard import Refusal
from xlplan.excel.read import read_or_refuse, read_workbook
from xlplan.excel.read_ole import MAGIC as OLE
from xlplan.layout.book import Book, Unreadable
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


@functools.cache
def plain() -> dict[str, bytes]:
    """The parts of a small workbook of openpyxl's."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Goal", 1.5, True])
    sheet.append(["=A1", "#N/A"])
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def refused(content: bytes) -> Unreadable:
    """The refusal, without what to do."""
    answer = read_workbook(content)
    assert isinstance(answer, Unreadable), answer
    return replace(answer, todo="")


def sheet(inner: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData></worksheet>'.encode()


def with_sheet(data: bytes) -> bytes:
    return zipped(plain() | {SHEET: data})


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "not-a-workbook", "the file is empty"),
        (b"\0" * 500, "not-a-workbook", "the file is empty"),
        (b"Dear district, here is our plan.", "not-a-workbook", "a text file"),
        (b"goal,measure\nread,90\n", "unsupported-format", "A CSV file"),
        ("goal\tmeasure\na\tb".encode("utf-16"), "unsupported-format", "A CSV file"),
        (b"\xef\xbb\xbfgoal;measure\n1;2", "unsupported-format", "A CSV file"),
        (b"<html><table></table></html>", "unsupported-format", "A web page"),
        (b"<!DOCTYPE html>\n<p>", "unsupported-format", "A web page"),
        (b"%PDF-1.7", "unsupported-format", "A PDF file"),
        (b"\r\n--\r\n%PDF-1.7", "unsupported-format", "A PDF file"),
        (b"{\\rtf1", "unsupported-format", "An RTF file"),
        (b"<?xml version='1.0'?><Workbook/>", "unsupported-format", "An XML file"),
        (b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>",
         "unsupported-format", "A flat OpenDocument file"),
        (b'{"plan": 1}', "unsupported-format", "A JSON file"),
        (b"\x89PNG\r\n", "not-a-workbook", "a picture"),
        (b"\x01\x02\x03\x04", "not-a-workbook", "an unknown format"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "unsupported-format", "A file of very old Excel"),
        (bytes([5]) + b"Jones".ljust(54) + b"\5\0" + "Jones".encode("utf-16-le").ljust(108, b" "),
         "not-a-workbook", "the mark that Excel lays beside a workbook while it is open"),
        (b",jones,pc,01.02.2026 10:00,file:///home/jones/.config/libreoffice/4;", "not-a-workbook",
         "the mark that LibreOffice lays beside a workbook while it is open"),
        (b"\0\5\x16\7\0\2\0\0Mac OS X        ", "not-a-workbook", "what a Macintosh keeps beside a file"),
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "not-a-workbook",
         "a link to a Google sheet"),
        (b"[InternetShortcut]\r\nURL=https://example.org\r\n", "not-a-workbook", "a link to a page"),
        (b"L\0\0\0\x01\x14\2\0" + bytes(60), "not-a-workbook", "a shortcut to a file"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "unsupported-format", "A SYLK file"),
        (b"TABLE\r\n0,1\r\n", "unsupported-format", "A DIF file"),
        (b"\xff\0\2\0\4\4" + bytes(30), "unsupported-format", "A Works file"),
        (b"\0\0\2\0\6\4\6\0" + bytes(30), "unsupported-format", "A Lotus 1-2-3 or Quattro Pro file"),
        (b"From: Jones <j@example.org>\r\nSubject: our plan\r\nDate: today\r\n\r\nSee below",
         "not-a-workbook", "an e-mail"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
         "unsupported-format", "A web page"),
        (b"Rar!\x1a\7\0", "not-a-workbook", "an archive"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(content: bytes, code: str, detail: str) -> None:
    """By its content, since people rename files."""
    assert refused(content) == Unreadable(code=code, detail=detail)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"%PDF", b"Rar!", OLE, b"PK\3\4", b"text"])
def test_every_refusal_says_in_a_sentence_what_it_is_and_what_to_do(content: bytes) -> None:
    """Without a brace of the catalogue's left over, and without a letter missing at its beginning."""
    found = check_file(content, "plan.xlsx", Context()).checked.findings
    assert len(found) == 1
    for said in (found[0].message, found[0].remedy):
        assert said[0].isupper() and said.endswith(".") and "{" not in said and "  " not in said


def test_what_a_file_calls_its_parts_is_repeated_without_what_a_terminal_obeys() -> None:
    """And not at any length."""
    answer = refused(zipped(plain() | {"a/../\x1b[31m\u202ered\u2066" + "x" * 500: b""}))
    assert answer.detail.isprintable() and len(answer.detail) <= guard.LONGEST_DETAIL
    assert not {"\x1b", "\u202e", "\u2066"} & set(answer.detail)
    name = "\u202e" + "y" * 400
    part = plain()["xl/workbook.xml"].replace(b'name="Sheet"', f'name="{name}"'.encode())
    relations = plain()["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"none.xml")
    answer = refused(zipped(plain() | {"xl/workbook.xml": part, "xl/_rels/workbook.xml.rels": relations}))
    assert answer.detail.isprintable() and len(answer.detail) <= guard.LONGEST_DETAIL


@pytest.mark.parametrize(
    ("members", "code", "detail"),
    [
        ({"word/document.xml": b""}, "unsupported-format", "A Word document"),
        ({"ppt/presentation.xml": b""}, "unsupported-format", "A PowerPoint file"),
        ({"Index/Document.iwa": b""}, "unsupported-format", "A Numbers file"),
        ({"photo.jpg": b""}, "not-a-workbook", "a zip of other files"),
        ({}, "not-a-workbook", "a zip of other files"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""},
         "unsupported-format", "An OpenDocument text file"),
        ({"mimetype": b"application/epub+zip", "content.xml": b""}, "not-a-workbook", "a zip of other files"),
        ({"xl/other.xml": b""}, "damaged", "_rels/.rels is missing"),
    ],
)  # fmt: skip
def test_a_zip_of_something_else_is_named_too(members: dict[str, bytes], code: str, detail: str) -> None:
    """Every modern office file is a zip."""
    assert refused(zipped(members)) == Unreadable(code=code, detail=detail)


def test_a_file_of_more_than_30_megabytes_is_not_looked_at() -> None:
    """Whatever it is."""
    assert refused(b"PK\x03\x04" + bytes(guard.MOST_COMPRESSED)).code == "too-big"


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    """Fifty megabytes of nothing take fifty kilobytes."""
    started = time.perf_counter()
    assert refused(with_sheet(bytes(50_000_000))) == Unreadable(
        code="hostile", detail=f"{SHEET} grows more than 200-fold"
    )
    assert time.perf_counter() - started < 5


def test_size_is_bounded_over_all_parts_and_for_each_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what is declared; parts that are not read count too, since they are declared."""
    total = sum(map(len, plain().values()))
    monkeypatch.setattr(guard, "MOST_INFLATED", total + 1000)
    assert isinstance(read_workbook(zipped(plain() | {"a": bytes(1000)})), Book)
    assert refused(zipped(plain() | {"a": bytes(1001)})).detail == "more than 100 MB unpacked"
    monkeypatch.setattr(guard, "MOST_PART", 300)
    assert refused(zipped(plain())) == Unreadable(code="too-big", detail="_rels/.rels: more than 50 MB")


def lying(declared: int, actual: bytes) -> bytes:
    """A workbook whose sheet says it unpacks to `declared` bytes."""
    content = bytearray(with_sheet(actual))
    real = struct.pack("<I", len(actual))
    at = content.index(SHEET.encode()) - 30
    directory = content.index(SHEET.encode(), at + 31) - 46
    for place in (at + 22, directory + 24):
        assert content[place : place + 4] == real
        content[place : place + 4] = struct.pack("<I", declared)
    return bytes(content)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    """What comes out is counted, whatever the directory says; at most one byte too many is made."""
    data = sheet("<row/>" * 1000)
    assert isinstance(read_workbook(lying(len(data), data)), Book)
    assert refused(lying(100, data)) == Unreadable(code="hostile", detail=f"{SHEET} is larger than it says")
    assert refused(lying(0, data)).code == "hostile"
    assert refused(lying(len(data) + 1, data)) == Unreadable(code="damaged", detail=SHEET)


def test_parts_that_share_bytes_are_refused() -> None:
    """The bombs that need no ratio are built so."""
    content = zipped(plain())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        second = archive.infolist()[1]
    changed = bytearray(content)
    first = changed.index(b"PK\x01\x02")
    entry = changed.index(b"PK\x01\x02", first + 4)
    name_length = struct.unpack_from("<H", changed, entry + 28)[0]
    assert changed[entry + 46 : entry + 46 + name_length].decode() == second.filename
    changed[entry + 42 : entry + 46] = struct.pack("<I", 0)  # the second part's header is now the first's
    assert refused(bytes(changed)) == Unreadable(code="hostile", detail="parts that overlap")


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "xl\\evil.xml", "xl/../../evil", "C:evil", "XL/Workbook.XML"]
)
def test_odd_and_colliding_names_are_refused(name: str) -> None:
    """Two readers might take two different parts for the same one."""
    answer = refused(zipped(plain() | {name: b""}))
    assert answer.code == "hostile" and "part" in answer.detail


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused() -> None:
    """The first or the last? Programs differ."""
    target = io.BytesIO(zipped(plain()))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET, sheet(""))
    assert refused(target.getvalue()).code == "hostile"


@pytest.mark.parametrize("before", [b"PK\x03\x04", zipped({"xl/workbook.xml": b""})])
def test_bytes_before_the_first_part_are_refused(before: bytes) -> None:
    """Of two zips in one file some programs read the first and some the last."""
    assert refused(before + zipped(plain())) == Unreadable(
        code="hostile", detail="something before its first part"
    )


def test_bytes_behind_the_last_part_do_no_harm() -> None:
    """Some mail programs leave them there."""
    assert isinstance(read_workbook(zipped(plain()) + b"\r\n--"), Book)


def test_a_part_with_two_names_is_refused() -> None:
    """One in the directory and one before its bytes: programs differ in which they believe."""
    content = zipped(plain())
    assert refused(content.replace(SHEET.encode(), b"xl/worksheets/sheet9.xml", 1)).code == "hostile"


def test_too_many_parts_are_refused() -> None:
    """A workbook has some dozens."""
    assert refused(zipped(plain() | {f"a{at}": b"" for at in range(2000)})).code == "too-big"
    assert refused(zipped(plain()) + b"PK\x01\x02" * 20_001).code == "too-big"


def test_encrypted_members_and_unknown_compression_are_refused() -> None:
    """No spreadsheet program writes either."""
    content = zipped(plain())
    flagged = bytearray(content)
    flagged[flagged.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(flagged)) == Unreadable(code="encrypted")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in plain().items():
            archive.writestr(name, data)
    assert refused(target.getvalue()) == Unreadable(code="hostile", detail="compression method 12")


def test_a_truncated_file_is_damaged_wherever_it_was_cut() -> None:
    """A broken upload."""
    content = zipped(plain())
    for length in range(4, len(content), 97):
        assert refused(content[:length]).code in ("damaged", "not-a-workbook")


def test_a_wrong_checksum_is_damage() -> None:
    """Even when the part still inflates."""
    content = bytearray(zipped(plain()))
    at = content.index(b"xl/workbook.xml", content.index(b"PK\x01\x02")) - 46
    content[at + 16] ^= 1
    assert refused(bytes(content)) == Unreadable(code="damaged", detail="xl/workbook.xml")


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part",
    [SHEET, "xl/workbook.xml", "_rels/.rels", "xl/styles.xml", "docProps/core.xml", "[Content_Types].xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("kind", [LAUGHS, '<!DOCTYPE l SYSTEM "file:///etc/passwd">', "<!DOCTYPE l>"])
def test_a_document_type_is_refused_in_every_part_we_read(part: str, encoding: str, kind: str) -> None:
    """Without one there are no entities, so nothing can grow or be fetched."""
    text = plain()[part].decode()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    answer = refused(zipped(plain() | {part: (mark + kind + text).encode(encoding)}))
    assert answer == Unreadable(code="hostile", detail=f"{part}: a document type")


def test_deep_nesting_is_refused() -> None:
    """In a sheet, in any other part, and by elements nobody knows."""
    for deep in ("<a>" * 200 + "</a>" * 200, "<f>" * 200 + "</f>" * 200):
        assert refused(with_sheet(sheet(deep))).code == "hostile"
        styles = f'<styleSheet xmlns="{MAIN}">{deep}</styleSheet>'.encode()
        assert refused(zipped(plain() | {"xl/styles.xml": styles})).code == "hostile"


def test_names_that_grow_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser writes a namespace out for every element, and remembers every name it meets."""
    assert refused(with_sheet(sheet(f'<a xmlns="{"n" * 201}"/>'))).code == "hostile"
    monkeypatch.setattr(read_sheet, "MOST_STRANGERS", 10)
    assert refused(with_sheet(sheet("<a/>" * 20))).code == "too-big"
    read_styles._date_styles.cache_clear()  # remembers the styles of earlier files
    monkeypatch.setattr(read_xml, "MOST_ELEMENTS", 10)
    assert refused(with_sheet(sheet(""))).code == "too-big"


def test_a_text_of_very_many_runs_takes_time_in_proportion() -> None:
    """Two hundred thousand runs in one cell."""
    started = time.perf_counter()
    runs = '<row><c t="inlineStr"><is>' + "<r><t>ab</t></r>" * 200_000 + "</is></c></row>"
    book = read_workbook(with_sheet(sheet(runs)))
    assert isinstance(book, Book) and book.sheets[0].cells[1, 1].value == "ab" * 200_000
    assert time.perf_counter() - started < 10


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that hold something, and cell elements at all, over all sheets."""
    monkeypatch.setattr(bounds, "MOST_CELLS", 10)
    monkeypatch.setattr(bounds, "MOST_ELEMENTS", 30)
    assert isinstance(read_workbook(with_sheet(sheet("<row>" + "<c><v>1</v></c>" * 10 + "</row>"))), Book)
    assert refused(with_sheet(sheet("<row>" + "<c><v>1</v></c>" * 11 + "</row>"))).code == "too-big"
    assert refused(with_sheet(sheet("<row>" + "<c/>" * 31 + "</row>"))).code == "too-big"


def test_a_million_blank_cells_are_read_within_bounds() -> None:
    """A template with every row formatted is foolish, not hostile."""
    rows = "".join(f'<row r="{at}">' + '<c s="1"/>' * 20 + "</row>" for at in range(1, 5_001))
    book = read_workbook(with_sheet(sheet(rows)))
    assert isinstance(book, Book) and book.sheets[0].cells == {}


def answered(content: bytes) -> None:
    """Reading ends in a book or a refusal; anything else is a fault of ours and shows here."""
    try:
        assert isinstance(read_or_refuse(content), Book)
    except Refusal as refusal:
        assert refusal.answer.code in {
            "damaged", "hostile", "too-big", "encrypted", "not-a-workbook", "unsupported-format",
        }  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_change_of_bytes_gets_an_answer(data: st.DataObject) -> None:
    """Of the zip itself."""
    content = bytearray(zipped(plain()))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    answered(bytes(content))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_change_inside_a_part_gets_an_answer(data: st.DataObject) -> None:
    """Of the XML, with checksums that are right."""
    members = dict(plain())
    name = data.draw(st.sampled_from(sorted(members)))
    part = bytearray(members[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(part)))
        part[start : start + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    answered(zipped(members | {name: bytes(part)}))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3000), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", OLE]))
def test_any_bytes_get_an_answer(tail: bytes, head: bytes) -> None:
    """Of whatever a mailbox holds."""
    answered(head + tail)


def test_a_fault_of_our_own_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """One file must not stop the other three hundred."""

    def fail(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("xlplan.excel.read.check_size", fail)
    assert read_workbook(b"", "a.xlsx") == Unreadable(code="damaged", detail="a.xlsx ZeroDivisionError")


def test_inflating_stops_one_byte_past_what_was_declared() -> None:
    """So that memory is bounded by the directory, which is bounded itself."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(90_000_000)) + packer.flush()
    entry = zipfile.ZipInfo("a")
    entry.file_size = 1000
    with pytest.raises(Refusal, match="larger than it says"):
        guard._inflated(packed, entry)
