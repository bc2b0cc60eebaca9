"""What kind of file this is, by its content. Names and extensions are not believed."""

from __future__ import annotations

import re

from xlplan.excel.guard import Archive, Refusal, damaged
from xlplan.excel.read_ole import OleFile

# Other files people send instead of the workbook, by their first bytes.
_MAGIC = (
    (b"%PDF", "unsupported-format", "PDF"),
    (b"{\\rtf", "unsupported-format", "RTF"),
    (b"\x89PNG", "not-a-workbook", "a picture"),
    (b"\xff\xd8\xff", "not-a-workbook", "a picture"),
    (b"GIF8", "not-a-workbook", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "not-a-workbook", "an archive"),
    (b"Rar!", "not-a-workbook", "an archive"),
    (b"\x1f\x8b", "not-a-workbook", "an archive"),
    (b"\x09\x00", "unsupported-format", "very old Excel"),  # BIFF 2 to 4 begin with their BOF record
    (b"\x09\x02", "unsupported-format", "very old Excel"),
    (b"\x09\x04", "unsupported-format", "very old Excel"),
)
_OPENDOCUMENT = "application/vnd.oasis.opendocument."


def refuse_stranger(content: bytes) -> Refusal:
    """The refusal for a file that is neither a zip nor an OLE compound."""
    if not content.strip(b"\0 \r\n\t"):
        return Refusal("not-a-workbook", "the file is empty")
    for magic, code, detail in _MAGIC:
        if content.startswith(magic):
            return Refusal(code, detail)
    return _refuse_text(_as_text(content[:4096]))


def archive_kind(archive: Archive) -> str:
    """The kind of a zip: "xlsx", "xlsb" or "ods". Raises Refusal for every other."""
    if "mimetype" in archive and "content.xml" in archive:
        return _opendocument_kind(archive)
    names = [name.casefold() for name in archive.names]
    if any(name.startswith("xl/") for name in names):
        return "xlsb" if "xl/workbook.bin" in archive and "xl/workbook.xml" not in archive else "xlsx"
    for start, detail in (("word/", "Word"), ("ppt/", "PowerPoint"), ("visio/", "Visio")):
        if any(name.startswith(start) for name in names):
            raise Refusal("unsupported-format", detail)
    if "index.zip" in names or any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        raise Refusal("unsupported-format", "Numbers")
    if "_rels/.rels" in archive:
        return "xlsx"  # the workbook may stand in any folder; whoever follows the relations will see
    raise Refusal("not-a-workbook", "a zip of other files")


def ole_kind(ole: OleFile) -> str:
    """ "xls", the only OLE compound that is read. Raises Refusal for every other."""
    names = {name.casefold() for name in ole.names}
    if "encryptedpackage" in names:
        raise Refusal("encrypted")
    for stream, detail in (("worddocument", "Word"), ("powerpoint document", "PowerPoint")):
        if stream in names:
            raise Refusal("unsupported-format", detail)
    if "workbook" not in names and "book" not in names:
        raise Refusal("not-a-workbook", "another Office file")
    if ole.has_filepass():
        raise Refusal("encrypted")
    return "xls"


def _opendocument_kind(archive: Archive) -> str:
    kind = archive.read("mimetype")[:200].decode("latin-1").strip()
    if not kind.startswith(_OPENDOCUMENT):
        raise Refusal("not-a-workbook", "a zip of other files")
    if kind.removeprefix(_OPENDOCUMENT) not in ("spreadsheet", "spreadsheet-template"):
        raise Refusal("unsupported-format", f"OpenDocument {kind.removeprefix(_OPENDOCUMENT)[:20]}")
    if "META-INF/manifest.xml" not in archive:
        raise damaged("META-INF/manifest.xml is missing")
    return "ods"


def _as_text(start: bytes) -> str | None:
    """The text a file begins with, or None for bytes that are no text."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "ignore")
    if b"\0" in start:
        return None
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _refuse_text(text: str | None) -> Refusal:
    if text is None or re.search(r"[\x00-\x08\x0e-\x1a]", text):
        return Refusal("not-a-workbook", "an unknown format")
    low = text.lstrip().casefold()
    if re.match(r"<!doctype html|<html|<table|<head|<body|<meta", low) or "<html" in low[:1000]:
        return Refusal("unsupported-format", "HTML")
    if "opendocument" in low and low.startswith("<"):
        return Refusal("unsupported-format", "flat OpenDocument")
    if low.startswith("<"):
        return Refusal("unsupported-format", "XML")
    if low.startswith(("{", "[")):
        return Refusal("unsupported-format", "JSON")
    lines = text.splitlines()
    if len(lines) > 1 and any(0 < lines[0].count(mark) == lines[1].count(mark) for mark in ",;\t"):
        return Refusal("unsupported-format", "CSV")
    return Refusal("not-a-workbook", "a text file")
