"""Files that are no copy of ours any more, or never were, or mean harm: each is refused in one sentence."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.excel import hostile
from xlplan.campaign import Campaign, School
from xlplan.campaign.roster import Roster
from xlplan.campaign.settings import Settings
from xlplan.excel.damage import edited
from xlplan.excel.plate import stamp
from xlplan.pipeline.forms import identity_for, personal, plate_of
from xlplan.pipeline.opening import Context

from . import edits
from .patient import Ill, Patient

CLOCK = (1980, 1, 1, 0, 0, 0)
SHEET = "xl/worksheets/sheet2.xml"


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip with fixed times."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for member, data in members.items():
            archive.writestr(ZipInfo(member, CLOCK), data, ZIP_DEFLATED)
    return target.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def small() -> dict[str, bytes]:
    """The parts of a small workbook that is well-formed and not ours."""
    return members(hostile.workbook(sheet=hostile.sheet(iter([b'<row r="1"><c r="A1"><v>7</v></c></row>']))))


def _small(**changes: bytes) -> bytes:
    names = {
        "sheet": hostile.SHEET,
        "strings": hostile.STRINGS,
        "styles": hostile.STYLES,
        "book": hostile.BOOK,
    }
    return packed(small() | {names.get(name, name): data for name, data in changes.items()})


def _sheet(inner: str) -> bytes:
    return f'<worksheet xmlns="{hostile.MAIN}"><sheetData>{inner}</sheetData></worksheet>'.encode()


# --- a copy of ours, hurt


def truncated(one: Patient) -> bytes:
    return one.content[:9_000]


def end_missing(one: Patient) -> bytes:
    """All but the directory of the zip, as a broken download leaves it."""
    return one.content[: one.content.index(b"PK\x01\x02")]


def bytes_flipped(one: Patient) -> bytes:
    """Bytes of a compressed part changed, as a bad disk does: after its middle, where it becomes no longer by that."""
    with ZipFile(BytesIO(one.content)) as archive:
        info = archive.getinfo(SHEET)
    begin = info.header_offset + 30 + len(info.filename)
    end = begin + info.compress_size
    for start in range(begin + info.compress_size // 2, end - 40):
        content = bytearray(one.content)
        content[start : start + 40] = bytes(byte ^ 0x5A for byte in content[start : start + 40])
        try:
            inflated = zlib.decompressobj(-15).decompress(content[begin:end], info.file_size + 1)
        except zlib.error:
            return bytes(content)
        if len(inflated) <= info.file_size:
            return bytes(content)
    raise AssertionError(SHEET)


def sheet_part_missing(one: Patient) -> bytes:
    return packed({name: data for name, data in members(one.content).items() if name != SHEET})


def strings_missing(one: Patient) -> bytes:
    return packed(
        {name: data for name, data in members(one.content).items() if name != "xl/sharedStrings.xml"}
    )


def broken_xml(one: Patient) -> bytes:
    return edited(one.content, {SHEET: lambda xml: xml.replace("</row>", "", 1)})


def string_beyond_the_table(one: Patient) -> bytes:
    title, row, _ = one.box(one.filled(*{item.field.kind for _, item in one.layout.inputs.values()})[0])
    return edits.put(one.content, one.layout, title, f"E{row}", "s", "<v>99999</v>")


def doctype(one: Patient) -> bytes:
    return edited(one.content, {SHEET: lambda xml: '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml})


def part_twice_but_for_case(one: Patient) -> bytes:
    return edits.with_member(one.content, SHEET.upper(), b"<a/>")


def path_out_of_the_folder(one: Patient) -> bytes:
    return edits.with_member(one.content, "../../evil.xml", b"<a/>")


def cell_at_the_last_place(one: Patient) -> bytes:
    """One cell at XFD1048576, which makes careless readers ask for memory for all cells before it."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>4711</v></c></row></sheetData>'
    return edited(one.content, {SHEET: lambda xml: xml.replace("</sheetData>", cell)})


HURT: dict[str, tuple[Callable[[Patient], bytes], str]] = {
    "truncated": (truncated, "damaged"),
    "end-missing": (end_missing, "damaged"),
    "bytes-changed": (bytes_flipped, "damaged"),
    "sheet-part-missing": (sheet_part_missing, "damaged"),
    "strings-missing": (strings_missing, "damaged"),
    "broken-xml": (broken_xml, "damaged"),
    "string-beyond-the-table": (string_beyond_the_table, "damaged"),
    "cell-at-the-last-place": (cell_at_the_last_place, "stray"),
}
HOSTILE: dict[str, tuple[Callable[[Patient], bytes], str]] = {
    "document-type-in-a-sheet": (doctype, "hostile"),
    "part-twice-but-for-case": (part_twice_but_for_case, "hostile"),
    "path-out-of-the-folder": (path_out_of_the_folder, "hostile"),
}


# --- never a copy of ours


def _lock(name: str) -> bytes:
    """What Excel lays beside an open workbook: a name in bytes and in letters of two bytes."""
    wide = name.encode("utf-16-le")
    return bytes([len(name)]) + name.encode().ljust(54) + struct.pack("<H", len(name)) + wide.ljust(108, b" ")


def _zip_of_a_workbook() -> bytes:
    return packed({"Plan 2026.xlsx": packed(small()), "photo.jpg": b"\xff\xd8\xff"})


def _lies() -> bytes:
    """A part that says it is smaller than it is."""
    data = _sheet("<row/>" * 2_000)
    content = bytearray(_small(sheet=data))
    size = struct.pack("<I", len(data))
    while size in content:
        at = content.index(size)
        content[at : at + 4] = struct.pack("<I", 100)
    return bytes(content)


def _encrypted_flag() -> bytes:
    content = bytearray(packed(small()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def _overlapping() -> bytes:
    return hostile.lotz_overlap(8)


def _bomb(megabytes: int) -> bytes:
    return packed(small() | {hostile.SHEET: b"<worksheet>" + b" " * (megabytes * 1_000_000)})


def _deep() -> bytes:
    return _small(sheet=b"<a>" * 20_000 + b"</a>" * 20_000)


def _entities() -> bytes:
    return _small(sheet=f'{hostile.laughs()}<worksheet xmlns="{hostile.MAIN}">&l8;</worksheet>'.encode())


def _external() -> bytes:
    head = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return _small(strings=head + f'<sst xmlns="{hostile.MAIN}"><si><t>&a;</t></si></sst>'.encode())


def _without_workbook() -> bytes:
    return packed({name: data for name, data in small().items() if name != hostile.BOOK})


def _unknown_method() -> bytes:
    """A zip whose one part is stored in a way that nobody uses."""
    content = bytearray(packed(small()))
    content[8:10] = struct.pack("<H", 97)
    at = content.index(b"PK\x01\x02")
    content[at + 10 : at + 12] = struct.pack("<H", 97)
    return bytes(content)


STRANGERS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    # --- other files under the name of a workbook
    "empty": (lambda: b"", "not-a-workbook", ".xlsx"),
    "zeros": (lambda: bytes(4_096), "not-a-workbook", ".xlsx"),
    "web-page": (lambda: b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "unsupported-format", ".xls"),
    "pdf": (lambda: b"%PDF-1.7\n% a printed plan\n", "unsupported-format", ".xlsx"),
    "word-document": (lambda: packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
                      "unsupported-format", ".xlsx"),
    "old-word-document": (lambda: edits.compound("WordDocument"), "unsupported-format", ".xls"),
    "numbers": (lambda: packed({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b"\0"}),
                "unsupported-format", ".numbers"),
    "flat-open-document": (lambda: b'<?xml version="1.0"?><office:document xmlns:office='
                           b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "unsupported-format", ".fods"),
    "open-document-text": (lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text",
                                           "content.xml": b"<a/>"}),
                           "unsupported-format", ".odt"),
    "comma-separated": (lambda: b"item,cost,source\nBus,1200,Title I\n", "unsupported-format", ".csv"),
    "comma-separated-as-a-workbook": (lambda: "item;cost\nBus;1200\n".encode("utf-16"), "unsupported-format", ".xlsx"),
    "xml-spreadsheet-2003": (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
                             "unsupported-format", ".xls"),
    "rich-text": (lambda: b"{\\rtf1\\ansi our plan}", "unsupported-format", ".xlsx"),
    "json": (lambda: b'{"schema": 1, "plan": {}}\n', "unsupported-format", ".xlsx"),
    "e-mail": (lambda: b"From: Jones <j@example.org>\r\nSubject: our plan\r\nDate: today\r\n\r\nSee the attachment\r\n",
               "not-a-workbook", ".xlsx"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(64), "not-a-workbook", ".xlsx"),
    "link-to-a-google-sheet": (lambda: b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "not-a-workbook",
                               ".gsheet"),
    "lock-file": (lambda: _lock("Jones"), "not-a-workbook", ".xlsx"),
    "archive-with-a-workbook": (_zip_of_a_workbook, "not-a-workbook", ".zip"),
    "other-zip": (lambda: packed({"photo.jpg": b"\xff\xd8\xff", "notes.txt": b"we met"}), "not-a-workbook", ".xlsx"),
    "other-workbook": (lambda: packed(small()), "not-ours", ".xlsx"),
    # --- workbooks that cannot be read
    "password": (lambda: edits.compound("EncryptedPackage"), "encrypted", ".xlsx"),
    "encrypted-members": (_encrypted_flag, "encrypted", ".xlsx"),
    "unknown-compression": (_unknown_method, "hostile", ".xlsx"),
    "workbook-part-missing": (_without_workbook, "damaged", ".xlsx"),
    "no-open-document": (lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                                          "META-INF/manifest.xml": b"<a/>"}), "damaged", ".ods"),
    "truncated-compound-file": (lambda: hostile.xls()[:1_500], "damaged", ".xls"),
    # --- hostile ones, and endless ones
    "bomb": (lambda: _bomb(20), "hostile", ".xlsx"),
    "bomb-that-lies-about-its-size": (_lies, "hostile", ".xlsx"),
    "bomb-of-overlapping-members": (_overlapping, "hostile", ".xlsx"),
    "entities-of-entities": (_entities, "hostile", ".xlsx"),
    "external-entity": (_external, "hostile", ".xlsx"),
    "deep-nesting": (_deep, "hostile", ".xlsx"),
    "too-many-columns": (lambda: _small(sheet=_sheet("<row>" + "<c/>" * 17_000 + "</row>")), "damaged", ".xlsx"),
    "row-beyond-the-last": (lambda: _small(sheet=_sheet('<row r="1048577"><c><v>1</v></c></row>')), "damaged", ".xlsx"),
    "millions-of-rows": (lambda: _small(sheet=_sheet("<row/>" * 1_200_000)), "damaged", ".xlsx"),
    "open-document-of-millions-of-rows": (hostile.CASES["ods-rows-repeated"], "too-big", ".ods"),
    "open-document-cell-at-the-last-place": (hostile.CASES["ods-cell-at-the-last-place"], "not-ours", ".ods"),
    "old-workbook-with-a-record-beyond-its-end": (hostile.CASES["xls-record-beyond-the-end"], "damaged", ".xls"),
    "old-workbook-with-a-text-beyond-its-end": (hostile.CASES["xls-text-beyond-the-end"], "damaged", ".xls"),
    "binary-workbook-with-a-size-beyond-its-end": (hostile.CASES["xlsb-size-beyond-the-end"], "damaged", ".xlsb"),
}  # fmt: skip


# --- of another campaign than the one that checks


@cache
def campaign(template: str) -> Campaign:
    """A campaign of one school, with a key that everybody knows."""
    settings = Settings(
        id="harbor-2026", template=template, plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30)
    )
    school = School(
        district_id="5308250", district="Harbor", school_id="530825001378", school="Adams Elementary"
    )
    return Campaign(root=Path("harbor"), settings=settings, roster=Roster(schools=(school,)), key=b"k" * 32)


def _issued(one: Patient, *, key: bytes = b"k" * 32, number: int = 1, **changes: str) -> bytes:
    """An empty copy of a campaign's school."""
    held = campaign(one.name)
    school = held.roster.schools[0]
    identity = identity_for(held, school, one.form, number)
    for name, value in changes.items():
        object.__setattr__(identity, name, value)
    made = personal(school, identity, key, "")
    return stamp(plate_of(one.form, ""), made)


FOREIGN: dict[str, tuple[Callable[[Patient], bytes], str]] = {
    "forged-identity": (lambda one: _issued(one, key=b"x" * 32), "forged"),
    "identity-without-signature": (lambda one: _issued(one, key=b""), "forged"),
    "copy-of-another-campaign": (lambda one: _issued(one, campaign="harbor-2025"), "other-campaign"),
    "copy-of-an-unknown-school": (lambda one: _issued(one, school="999999999999"), "unknown-school"),
    "copy-that-was-never-issued": (lambda one: _issued(one, number=7), "unknown-issue"),
}


def hurt(one: Patient) -> Iterator[tuple[str, Ill]]:
    """Copies of a template that cannot be read."""
    for name, (make, code) in (HURT | (HOSTILE if one.name == "sfss" else {})).items():
        yield name, Ill(partial(make, one), {code}, of=one)
    context = Context(campaign=campaign(one.name), issued={one.name: {"530825001378": 1}})
    for name, (make, code) in FOREIGN.items():
        if one.name == "sfss" or name == "forged-identity":
            yield name, Ill(partial(make, one), {code}, context=context)


LOCKED = Path(__file__).parents[1] / "excel/files/locked"  # saved by LibreOffice with a password


def strangers() -> Iterator[tuple[str, Ill]]:
    """Files that are no copy of any template."""
    for name, (make, code, suffix) in STRANGERS.items():
        yield name, Ill(make, {code}, suffix)
    for file in sorted(LOCKED.iterdir()):
        yield f"password-of-libreoffice-{file.suffix[1:]}", Ill(file.read_bytes, {"encrypted"}, file.suffix)
