"""Coverage-guided fuzzing of the reader, by hand: finds go to tests/excel/finds/, where a test reads every one.

    pip install atheris                     # in an environment of its own; Linux, CPython 3.11 to 3.13
    python -m tests.fuzz.reader --seeds CORPUS          # write the first inputs into an empty folder
    python -m tests.fuzz.reader CORPUS -max_total_time=3600 -timeout=10 -rss_limit_mb=1000

The first byte of an input says which part of a workbook the rest is, since no mutation survives compression.
A crash is kept by the fuzzer as `crash-…`; `file_of` turns it into the file that shows it. Of the corpus, the small
inputs that reached something new are kept as finds too.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from tests.excel import hostile
from xlplan.catalogue import CATALOGUE, Severity
from xlplan.excel import read, read_sheet, read_strings
from xlplan.excel.guard import LONGEST_DETAIL, Refusal
from xlplan.excel.read_ole import MAGIC, OleFile
from xlplan.layout.book import Book

REFUSALS = frozenset(code for code, entry in CATALOGUE.items() if entry.severity is Severity.REFUSAL)
SHARED = (
    b'<sst xmlns="%s"><si><t>a</t></si><si><t xml:space="preserve"> b_x000A_ </t></si></sst>'
    % hostile.MAIN.encode()
)
XLS_HEAD = hostile.record(0xE0, bytes(20)) + hostile.record(0xFC, bytes(8) + b"\1\0\0a")

KINDS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: hostile.workbook(sheet=[data], strings=[SHARED]),
    lambda data: hostile.workbook(strings=[data]),
    lambda data: hostile.workbook(styles=[data]),
    lambda data: hostile.workbook(book=[data]),
    lambda data: hostile.workbook(relations=[data]),
    lambda data: hostile.zipped(
        {
            "mimetype": [b"application/vnd.oasis.opendocument.spreadsheet"],
            "content.xml": [data],
            "meta.xml": [data],
        }
    ),
    lambda data: hostile.compound("Workbook", data),
    lambda data: hostile.xls(data, globals_=XLS_HEAD),
    lambda data: hostile.xls(globals_=data),
    lambda data: hostile.xlsb([data], [hostile.binary(19, b"\0" + hostile.wide("a"))]),
    lambda data: hostile.xlsb((), [data], [data]),
    lambda data: data,
    lambda data: hostile.compound("Book", data),
)


def file_of(data: bytes) -> bytes:
    """The file that an input stands for."""
    return KINDS[data[0] % len(KINDS)](data[1:]) if data else b""


def locked(_content: bytes, _passwords: object) -> bytes:
    """In place of the child process that opens files with a password."""
    raise Refusal("encrypted")


def answer_to(content: bytes) -> Book | str:
    """The workbook, or the code of the refusal; any other exception is a fault of ours."""
    try:
        book = read.read_or_refuse(content)
    except Refusal as refusal:
        told = refusal.answer
        assert told.code in REFUSALS, told
        assert told.detail.isprintable() and len(told.detail) <= LONGEST_DETAIL, told
        return told.code
    assert all(row > 0 and column > 0 for sheet in book.sheets for row, column in sheet.cells)
    return book


def by_expat(content: bytes) -> Book | str:
    """The same without the reading of plain parts by patterns."""
    with (
        mock.patch.object(read_sheet, "plain_cells", return_value=None),
        mock.patch.object(read_strings, "plain_strings", return_value=None),
    ):
        return answer_to(content)


def one(data: bytes) -> None:
    """Read one file; patterns and expat must say the same of it. Any exception is a find."""
    content = file_of(data)
    with mock.patch.object(read, "unlocked", locked):
        answer = answer_to(content)
        assert answer == by_expat(content)


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: the parts of specimens, and of small workbooks of every format."""
    root = Path(__file__).parents[2] / "workbooks"
    for path in sorted(root.glob("*/broken/*.xlsx"))[:10]:
        yield from parts_of(path.read_bytes())
    for path in sorted((Path(__file__).parents[1] / "excel" / "files").glob("*")):
        content = path.read_bytes()
        yield bytes([11]) + content
        if content.startswith(b"PK"):
            yield from parts_of(content)
        elif content.startswith(MAGIC):
            yield bytes([6]) + OleFile(content).stream("Workbook", "Book")


def parts_of(content: bytes) -> Iterator[bytes]:
    """The parts of a zip that an input can be, cut to a length that mutates well."""
    kinds = {"sheet1.xml": 0, "sharedStrings.xml": 1, "styles.xml": 2, "workbook.xml": 3, "workbook.xml.rels": 4,
             "content.xml": 5, "meta.xml": 5, "sheet1.bin": 9, "sharedStrings.bin": 10, "styles.bin": 10}  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            kind = kinds.get(name.rpartition("/")[2])
            if kind is not None and archive.getinfo(name).file_size < 60_000:
                yield bytes([kind]) + archive.read(name)


def main() -> None:
    """Write seeds, or fuzz with the arguments that libFuzzer takes."""
    if sys.argv[1:2] == ["--seeds"]:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        for at, data in enumerate(seeds()):
            (folder / f"seed-{at}").write_bytes(data)
        return
    import atheris  # only here, since it is installed for this alone

    atheris.instrument_all()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
