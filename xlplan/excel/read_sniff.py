"""What kind of file this is, by its content. Names and extensions are not believed."""

from __future__ import annotations

import re

from xlplan.excel.guard import Archive, Refusal
from xlplan.excel.read_ole import OleFile

NO_WORKBOOK, OTHER_FORMAT = "not-a-workbook", "unsupported-format"
RETURN_OURS = "Return the workbook that the district sent."
TYPE_IN_OURS = "Type the answers into the workbook that the district sent, and return that."
SAVE_OURS = "Return the workbook that the district sent; to save it, choose Excel workbook (.xlsx) as the file's type."
_UNPACK = "Unpack it, and return the workbook that is in it."
_EXPORT = "In Numbers choose File > Export To > Excel, and return the file that this makes."
_DOWNLOAD = "Open it, choose File > Download > Microsoft Excel (.xlsx), and return the file that this makes."
_ATTACHED = "Save the workbook that is attached to it, and return that."
_LOCK = "Return the workbook itself, whose name is the same without ~$ at its beginning."

# Other files people send instead of the workbook, by their first bytes.
_MAGIC = (
    (b"%PDF", OTHER_FORMAT, "A PDF file", TYPE_IN_OURS),
    (b"{\\rtf", OTHER_FORMAT, "An RTF file", TYPE_IN_OURS),
    (b"\x89PNG", NO_WORKBOOK, "a picture", RETURN_OURS),
    (b"\xff\xd8\xff", NO_WORKBOOK, "a picture", RETURN_OURS),
    (b"GIF8", NO_WORKBOOK, "a picture", RETURN_OURS),
    (b"II*\0", NO_WORKBOOK, "a picture", RETURN_OURS),
    (b"MM\0*", NO_WORKBOOK, "a picture", RETURN_OURS),
    (b"7z\xbc\xaf\x27\x1c", NO_WORKBOOK, "an archive", _UNPACK),
    (b"Rar!", NO_WORKBOOK, "an archive", _UNPACK),
    (b"\x1f\x8b", NO_WORKBOOK, "an archive", _UNPACK),
    (b"BZh", NO_WORKBOOK, "an archive", _UNPACK),
    (b"\xfd7zXZ", NO_WORKBOOK, "an archive", _UNPACK),
    (b"MZ", NO_WORKBOOK, "a program", RETURN_OURS),
    (b"\x7fELF", NO_WORKBOOK, "a program", RETURN_OURS),
    (b"SQLite format 3", NO_WORKBOOK, "a database", RETURN_OURS),
    (b"L\0\0\0\x01\x14\x02\0", NO_WORKBOOK, "a shortcut to a file", "Return the file that it leads to."),
    (b"\0\x05\x16\x07", NO_WORKBOOK, "what a Macintosh keeps beside a file",
     "Return the workbook itself, whose name is the same without ._ at its beginning."),
    (b"bplist00", NO_WORKBOOK, "a file that is still in iCloud", "Download it first, and return it then."),
    (b"\x09\x00", OTHER_FORMAT, "A file of very old Excel", SAVE_OURS),  # BIFF 2 to 4 begin with their BOF record
    (b"\x09\x02", OTHER_FORMAT, "A file of very old Excel", SAVE_OURS),
    (b"\x09\x04", OTHER_FORMAT, "A file of very old Excel", SAVE_OURS),
    (b"\x09\x08", OTHER_FORMAT, "A file of very old Excel", SAVE_OURS),  # BIFF 5 without a compound file around it
    (b"\0\0\x02\0", OTHER_FORMAT, "A Lotus 1-2-3 or Quattro Pro file", SAVE_OURS),
    (b"\0\0\x1a\0", OTHER_FORMAT, "A Lotus 1-2-3 file", SAVE_OURS),
    (b"\xff\0\x02\0", OTHER_FORMAT, "A Works file", SAVE_OURS),
    (b"ID;", OTHER_FORMAT, "A SYLK file", SAVE_OURS),
    (b"TABLE\r\n0,1", OTHER_FORMAT, "A DIF file", SAVE_OURS),
    (b"TABLE\n0,1", OTHER_FORMAT, "A DIF file", SAVE_OURS),
)  # fmt: skip
_BY_FOLDER = (
    ("word/", OTHER_FORMAT, "A Word document", TYPE_IN_OURS),
    ("ppt/", OTHER_FORMAT, "A PowerPoint file", TYPE_IN_OURS),
    ("visio/", OTHER_FORMAT, "A Visio drawing", TYPE_IN_OURS),
    ("index/", OTHER_FORMAT, "A Numbers file", _EXPORT),
    ("index.zip", OTHER_FORMAT, "A Numbers file", _EXPORT),
)
_BY_STREAM = (
    ("worddocument", OTHER_FORMAT, "A Word document", TYPE_IN_OURS),
    ("powerpoint document", OTHER_FORMAT, "A PowerPoint file", TYPE_IN_OURS),
    ("visiodocument", OTHER_FORMAT, "A Visio drawing", TYPE_IN_OURS),
    ("matost", OTHER_FORMAT, "A Works file", SAVE_OURS),
    ("__properties_version1.0", NO_WORKBOOK, "an e-mail", _ATTACHED),
)
_LOCK_SIZES = (162, 165)  # bytes of the file that Word or Excel lays beside an open document
_OPENDOCUMENT, _OPENOFFICE = "application/vnd.oasis.opendocument.", "application/vnd.sun.xml."
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*: [^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}")
_MAIL_HEADS = re.compile(
    r"^(?:received|return-path|mime-version|message-id|delivered-to|from|subject): ", re.I | re.M
)


def refuse_stranger(content: bytes) -> Refusal:
    """The refusal for a file that is neither a zip nor an OLE compound."""
    if not content.strip(b"\0 \r\n\t"):
        return Refusal(NO_WORKBOOK, "the file is empty", RETURN_OURS)
    if _is_lock(content):
        return Refusal(NO_WORKBOOK, "the mark that Excel lays beside a workbook while it is open", _LOCK)
    if content[257:262] == b"ustar":
        return Refusal(NO_WORKBOOK, "an archive", _UNPACK)
    for magic, code, detail, todo in _MAGIC:
        if content.startswith(magic):
            return Refusal(code, detail, todo)
    if b"%PDF-" in content[:1024]:  # its readers look that far
        return Refusal(OTHER_FORMAT, "A PDF file", TYPE_IN_OURS)
    return _refuse_text(_as_text(content[:4096]))


def archive_kind(archive: Archive) -> str:
    """The kind of a zip: "xlsx" (or "xlsb", as its relations will show) or "ods". Raises Refusal for every other."""
    if "META-INF/manifest.xml" in archive or ("mimetype" in archive and "content.xml" in archive):
        return _opendocument_kind(archive)
    names = [name.casefold() for name in archive.names]
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    for start, code, detail, todo in _BY_FOLDER:
        if any(name.startswith(start) and name.endswith((".xml", ".iwa", ".zip")) for name in names):
            raise Refusal(code, detail, todo)
    if "_rels/.rels" in archive:
        return "xlsx"  # the workbook may stand in any folder; whoever follows the relations will see
    inside = any(name.endswith((".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")) for name in names)
    raise Refusal(NO_WORKBOOK, "a zip of other files", _UNPACK if inside else RETURN_OURS)


def ole_kind(ole: OleFile) -> str:
    """ "xls", the only OLE compound that is read. Raises Refusal for every other."""
    names = {name.casefold() for name in ole.names}
    if "encryptedpackage" in names:
        raise Refusal("encrypted")
    for stream, code, detail, todo in _BY_STREAM:
        if stream in names:
            raise Refusal(code, detail, todo)
    if "workbook" not in names and "book" not in names:
        raise Refusal(NO_WORKBOOK, "another Office file", RETURN_OURS)
    return "xls"


def _opendocument_kind(archive: Archive) -> str:
    if "mimetype" not in archive:
        if "content.xml" in archive or "encrypted-package" in archive:
            return "ods"  # whoever reads it will see
        raise Refusal(NO_WORKBOOK, "a zip of other files", RETURN_OURS)
    kind = archive.read("mimetype")[:200].decode("latin-1").strip()
    if kind.startswith(_OPENOFFICE):
        raise Refusal(OTHER_FORMAT, "A file of OpenOffice 1", SAVE_OURS)
    if not kind.startswith(_OPENDOCUMENT):
        raise Refusal(NO_WORKBOOK, "a zip of other files", RETURN_OURS)
    what = kind.removeprefix(_OPENDOCUMENT)
    if what not in ("spreadsheet", "spreadsheet-template"):
        raise Refusal(OTHER_FORMAT, f"An OpenDocument {what[:20]} file", TYPE_IN_OURS)
    return "ods"


def _is_lock(content: bytes) -> bool:
    """Whether this is the owner's mark: a name with its length, in one byte a character and then in two."""
    size, length = len(content), content[0]
    return size in _LOCK_SIZES and 0 < length < 54 and content[54:55] in (b" ", b"\0", bytes([length]))


def _as_text(start: bytes) -> str | None:
    """The text a file begins with, or None for bytes that are no text."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "ignore")
    if b"\0" in start:
        return None
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _refuse_text(text: str | None) -> Refusal:
    if text is None or re.search(r"[\x00-\x08\x0e-\x1a]", text):
        return Refusal(NO_WORKBOOK, "an unknown format", RETURN_OURS)
    low = text.lstrip().casefold()
    if _MAIL.match(text) and _MAIL_HEADS.search(text):
        if "multipart/related" in low or "<html" in low:
            return Refusal(OTHER_FORMAT, "A web page", SAVE_OURS)
        return Refusal(NO_WORKBOOK, "an e-mail", _ATTACHED)
    if re.match(r"<!doctype html|<html|<table|<head|<body|<meta", low) or "<html" in low[:1000]:
        return Refusal(OTHER_FORMAT, "A web page", SAVE_OURS)
    if "opendocument" in low and low.startswith("<"):
        return Refusal(OTHER_FORMAT, "A flat OpenDocument file", SAVE_OURS)
    if low.startswith("<"):
        return Refusal(OTHER_FORMAT, "An XML file", SAVE_OURS)
    if low.startswith(("[internetshortcut]", "[desktop entry]")):
        return Refusal(NO_WORKBOOK, "a link to a page", RETURN_OURS)
    if low.startswith(("{", "[")):
        return _refuse_json(low)
    return _refuse_lines(text)


def _refuse_json(low: str) -> Refusal:
    if "docs.google.com" in low or '"doc_id"' in low or "resource_id" in low:
        return Refusal(NO_WORKBOOK, "a link to a Google sheet", _DOWNLOAD)
    return Refusal(OTHER_FORMAT, "A JSON file", SAVE_OURS)


def _refuse_lines(text: str) -> Refusal:
    if text.startswith(",") and "file://" in text:
        return Refusal(
            NO_WORKBOOK, "the mark that LibreOffice lays beside a workbook while it is open", RETURN_OURS
        )
    lines = text.splitlines()
    if len(lines) > 1 and any(0 < lines[0].count(mark) == lines[1].count(mark) for mark in ",;\t"):
        return Refusal(OTHER_FORMAT, "A CSV file", SAVE_OURS)
    return Refusal(NO_WORKBOOK, "a text file", RETURN_OURS)
