"""Files made to exhaust whoever reads them: small on disk, endless inside. Each is made in a moment."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, repeat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

Pieces = Iterable[bytes]


def many(piece: bytes, count: int) -> Iterator[bytes]:
    """The same again and again, in larger pieces."""
    at_once = max(1, min(count, 200_000 // max(1, len(piece))))
    yield from repeat(piece * at_once, count // at_once)
    yield piece * (count % at_once)


def numbered(form: str, count: int) -> Iterator[bytes]:
    """The same with a number in it."""
    for start in range(0, count, 5_000):
        yield "".join(form.format(at) for at in range(start + 1, min(start + 5_000, count) + 1)).encode()


def around(head: str, inner: Pieces, tail: str) -> Pieces:
    return chain([head.encode()], inner, [tail.encode()])


def sheet(inner: Pieces, after: Pieces = ()) -> Pieces:
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'
    return chain(around(head, inner, "</sheetData>"), after, [b"</worksheet>"])


def after(head: str, inner: Pieces, tail: str) -> Pieces:
    """A sheet without cells, and what follows them."""
    return sheet(iter(()), around(head, inner, tail))


def workbook(*, bare: bool = False, **parts: Pieces) -> bytes:
    """An .xlsx of one sheet. `parts`: sheet, strings, styles, book, relations, core; or any by its name."""
    names = {"sheet": SHEET, "strings": STRINGS, "styles": STYLES, "book": BOOK, "relations": BOOK_RELATIONS}
    kinds = (
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    )
    plain: dict[str, Pieces] = {
        "_rels/.rels": relations(
            (("officeDocument", "xl/workbook.xml"), ("core-properties", "docProps/core.xml"))
        ),
        BOOK: book(),
        BOOK_RELATIONS: relations(kinds),
        SHEET: sheet(iter(())),
        STRINGS: iter([f'<sst xmlns="{MAIN}"/>'.encode()]),
        STYLES: iter([f'<styleSheet xmlns="{MAIN}"/>'.encode()]),
        "docProps/core.xml": iter([b"<a/>"]),
    }
    return zipped(plain | {names.get(name, name): pieces for name, pieces in parts.items()}, bare=bare)


def relations(kinds: tuple[tuple[str, str], ...], more: Pieces = ()) -> Pieces:
    inner = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds, 1)
    )
    return around(f'<Relationships xmlns="{PACKAGE}">{inner}', more, "</Relationships>")


def book(more: Pieces = (), sheets: Pieces = ()) -> Pieces:
    head = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Plan" sheetId="1" r:id="rId1"/>'
    return chain([head.encode()], sheets, [b"</sheets>"], more, [b"</workbook>"])


def ods(content: Pieces, **more: Pieces) -> bytes:
    """An .ods with these rows."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    head = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Plan">'
    )
    tail = "</table:table></office:spreadsheet></office:body></office:document-content>"
    parts = {
        "mimetype": iter([b"application/vnd.oasis.opendocument.spreadsheet"]),
        "META-INF/manifest.xml": iter([b"<a/>"]),
        "content.xml": around(head, content, tail),
    }
    return zipped(parts | more)


def zipped(parts: dict[str, Pieces], *, bare: bool = False) -> bytes:
    """A zip. Unless `bare`, large parts end in what does not compress, to pass for parts of an honest ratio."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in parts.items():
            with archive.open(name, "w") as member:
                size = sum(member.write(piece) for piece in pieces)
                if size > 10_000_000 and not bare:
                    member.write(
                        noise().join((b"<!--", b"-->")) * 2 if name.endswith(".xml") else binary(127, noise())
                    )
    return target.getvalue()


@cache
def noise() -> bytes:
    return random.Random(1).randbytes(450_000).hex().encode()


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xls."""
    return struct.pack("<HH", kind, len(data)) + data


def xls(cells: bytes = b"", *, globals_: bytes = b"", name: bytes = b"Plan") -> bytes:
    """An .xls of one sheet."""
    first = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + globals_
    head = struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name
    size = len(first) + len(record(0x85, head)) + len(record(0x0A))
    first += record(0x85, struct.pack("<I", size) + head[4:]) + record(0x0A)
    return compound(
        "Workbook",
        first + record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + record(0x0A),
    )


def compound(name: str, stream: bytes) -> bytes:
    """An OLE compound file ([MS-CFB]) with one stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    tables = -(-(sectors + 1) // 127)
    chain_of = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    fat = b"".join(struct.pack("<I", number) for number in chain_of).ljust(tables * 512, b"\xff")
    first = sectors + 1
    listed = [*range(first, first + min(tables, 109))]
    more, extra, lists = tables - len(listed), b"", 0
    if more > 0:  # beyond 109 tables, their list goes on in sectors of its own
        lists = -(-more // 127)
        rest = [*range(first + 109, first + tables)]
        for at in range(lists):
            numbers = rest[at * 127 : at * 127 + 127]
            following = first + tables + at + 1 if at + 1 < lists else 0xFFFFFFFE
            numbers += [0xFFFFFFFF] * (127 - len(numbers))
            extra += struct.pack("<128I", *numbers, following)
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIII", header, 44, tables, sectors, 0, 4096, 0xFFFFFFFE)
    struct.pack_into("<III", header, 64, 0, first + tables if lists else 0xFFFFFFFE, lists)
    struct.pack_into(f"<{len(listed)}I", header, 76, *listed)
    header[76 + 4 * len(listed) : 512] = b"\xff" * (436 - 4 * len(listed))
    directory = (entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry(name, 2, 0, len(stream))).ljust(512, b"\0")
    return bytes(header) + stream.ljust(sectors * 512, b"\0") + directory + fat + extra


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + b"\xff" * 12
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)[:12]


def binary(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xlsb."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb(cells: Pieces = (), strings: Pieces = (), styles: Pieces = ()) -> bytes:
    """An .xlsb of one sheet."""
    kinds = (
        ("worksheet", "worksheets/sheet1.bin"),
        ("sharedStrings", "sharedStrings.bin"),
        ("styles", "styles.bin"),
    )
    parts = {
        "_rels/.rels": relations((("officeDocument", "xl/workbook.bin"),)),
        "xl/workbook.bin": iter([binary(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Plan"))]),
        "xl/_rels/workbook.bin.rels": relations(kinds),
        "xl/worksheets/sheet1.bin": chain([binary(145)], cells, [binary(146)]),
        "xl/sharedStrings.bin": strings,
        "xl/styles.bin": styles,
    }
    return zipped(parts)


def laughs(depth: int = 9) -> str:
    """Entities of entities: a few hundred bytes that stand for thousands of millions."""
    entities = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, depth))
    return f'<!DOCTYPE l [<!ENTITY l0 "ha">{entities}]>'


def lotz_overlap(count: int = 1_000) -> bytes:
    """Members that all have the same bytes (Fifield, "A better zip bomb", 2019)."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(bytes(9_000_000)) + squeeze.flush()
    name = b"xl/worksheets/sheet1.xml"
    sizes = struct.pack("<III", 0, len(packed), 9_000_000)
    local = (
        b"PK\x03\x04"
        + struct.pack("<HHHHH", 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<HH", len(name), 0)
        + name
    )
    entries = b"".join(
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name[:-5] + b"%05d" % at
        for at in range(count)
    )  # fmt: skip
    body = local + packed
    return (
        body
        + entries
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), len(body), 0)
    )


def cell_row(cell: str, count: int) -> Pieces:
    """One row of cells without addresses."""
    return around("<row>", many(cell.encode(), count), "</row>")


def styles_of(inner: Pieces) -> Pieces:
    return around(f'<styleSheet xmlns="{MAIN}">', inner, "</styleSheet>")


def table_row(inner: str, times: int = 1) -> Pieces:
    return iter([f'<table:table-row table:number-rows-repeated="{times}">{inner}</table:table-row>'.encode()])


FULL = '<table:table-cell office:value-type="float" office:value="7"/>'
WIDE = FULL.replace(" ", ' table:number-columns-repeated="16384" ', 1)
LONG_TEXT = "é😀" * 500
NUMBER = record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0))
M = 1_000_000

# What each is, and the file. The parts of each are made anew, since they are iterators.
CASES: dict[str, Callable[[], bytes]] = {
    # --- the zip itself
    "bomb-honest": lambda: workbook(bare=True, sheet=many(b" " * 1000, 48_000)),
    "bomb-in-a-part-nobody-reads": lambda: workbook(
        bare=True, **{"xl/media/image1.png": many(bytes(1000), 150_000)}
    ),
    "bomb-overlapping": lotz_overlap,
    "bomb-of-many-parts": lambda: zipped({f"xl/{at}.xml": many(b" " * 1000, 9_000) for at in range(40)}),
    "bomb-nested": lambda: zipped({"plan.xlsx": iter([workbook(sheet=many(b" " * 1000, 20_000))])}),
    "members-by-the-thousand": lambda: zipped({f"xl/{at}.xml": iter([b"a"]) for at in range(20_000)}),
    # --- XML
    "laughs": lambda: workbook(
        sheet=iter([(laughs() + f'<worksheet xmlns="{MAIN}">&l8;</worksheet>').encode()])
    ),
    "quadratic": lambda: workbook(
        strings=iter([f'<!DOCTYPE l [<!ENTITY a "{"a" * 100_000}">]><sst>{"&a;" * 10_000}</sst>'.encode()])
    ),
    "external-entity": lambda: workbook(
        book=iter([b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'])
    ),
    "parameter-entity": lambda: workbook(
        styles=iter([b'<!DOCTYPE l [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]><styleSheet/>'])
    ),
    "deep": lambda: workbook(sheet=chain(many(b"<a>", 5 * M), many(b"</a>", 5 * M))),
    "attribute-huge": lambda: workbook(sheet=around('<worksheet a="', many(b"a" * 1000, 45_000), '"/>')),
    "attribute-huge-in-properties": lambda: workbook(
        **{"docProps/core.xml": around('<a a="', many(b"a" * 1000, 45_000), '"/>')}
    ),
    "attributes-without-end": lambda: workbook(
        sheet=around("<worksheet", numbered(' a{}="x"', 600_000), "/>")
    ),
    "namespaces-without-end": lambda: workbook(
        sheet=around("<worksheet", numbered(' xmlns:a{}="x"', 500_000), "/>")
    ),
    "names-without-end": lambda: workbook(
        sheet=around("<worksheet>", numbered("<a{}/>", 900_000), "</worksheet>")
    ),
    "comment-huge": lambda: workbook(
        sheet=around("<!--", many(b"a" * 1000, 45_000), f'--><worksheet xmlns="{MAIN}"/>')
    ),
    "comments-by-the-million": lambda: workbook(
        sheet=around(f'<worksheet xmlns="{MAIN}">', many(b"<!---->", 6 * M), "</worksheet>")
    ),
    "instructions-by-the-million": lambda: workbook(
        sheet=around(f'<worksheet xmlns="{MAIN}">', many(b"<?a?>", 9 * M), "</worksheet>")
    ),
    # --- cells
    "text-huge": lambda: workbook(
        sheet=sheet(
            around('<row><c t="inlineStr"><is><t>', many(LONG_TEXT.encode(), 14_000), "</t></is></c></row>")
        )
    ),
    "text-huge-in-a-formula": lambda: workbook(
        sheet=sheet(around("<row><c><f>", many(b"1+" * 500, 45_000), "1</f></c></row>"))
    ),
    "texts-huge-by-the-thousand": lambda: workbook(
        sheet=sheet(cell_row(f'<c t="str"><v>{"ab" * 15_000}</v></c>', 900))
    ),
    "runs-by-the-million": lambda: workbook(
        sheet=sheet(around('<row><c t="inlineStr"><is>', many(b"<t>ab</t>", 4 * M), "</is></c></row>"))
    ),
    "text-of-elements-by-the-million": lambda: workbook(
        strings=around(f'<sst xmlns="{MAIN}"><si>', many(b"<r><t>ab</t></r>", 2 * M), "</si></sst>")
    ),
    "cell-at-the-last-place": lambda: workbook(
        sheet=sheet(iter([b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']))
    ),
    "cells-by-the-million": lambda: workbook(sheet=sheet(cell_row("<c><v>1</v></c>", 16_000))),
    "cells-everywhere": lambda: workbook(
        sheet=sheet(
            numbered('<row r="{0}1"><c r="A{0}1"><v>1</v></c><c r="XFD{0}1"><v>2</v></c></row>', 100_000)
        )
    ),
    "cells-up-to-the-bound": lambda: workbook(
        sheet=sheet(chain.from_iterable(cell_row('<c t="str"><v>=x</v></c>', 16_000) for _ in range(12)))
    ),
    "cells-blank-by-the-million": lambda: workbook(
        sheet=sheet(chain.from_iterable(cell_row("<c/>", 16_000) for _ in range(500)))
    ),
    "columns-by-the-million": lambda: workbook(sheet=sheet(cell_row("<c/>", M))),
    "rows-by-the-million": lambda: workbook(sheet=sheet(many(b"<row/>", 7 * M))),
    "rows-of-one-number": lambda: workbook(sheet=sheet(many(b'<row r="1"/>', 3_500_000))),
    "rows-styled": lambda: workbook(
        sheet=sheet(numbered('<row r="{}1" s="1" customFormat="1"/>', 100_000)), styles=styles_of(iter(()))
    ),
    "columns-described-by-the-million": lambda: workbook(
        sheet=around(
            f'<worksheet xmlns="{MAIN}"><cols>', many(b'<col min="1" max="9"/>', 2 * M), "</cols></worksheet>"
        )
    ),
    # --- what stands around cells
    "merges-by-the-million": lambda: workbook(
        sheet=after("<mergeCells>", numbered('<mergeCell ref="A{0}:B{0}"/>', 100_000), "</mergeCells>")
    ),
    "rules-by-the-million": lambda: workbook(
        sheet=after(
            "<dataValidations>",
            many(
                b'<dataValidation type="list" sqref="A1:XFD9"><formula1>"a,b"</formula1></dataValidation>', M
            ),
            "</dataValidations>",
        )
    ),
    "rule-of-a-million-ranges": lambda: workbook(
        sheet=after(
            '<dataValidations><dataValidation sqref="', many(b"A1:B2 ", 7 * M), '"/></dataValidations>'
        )
    ),
    "conditional-formats-by-the-million": lambda: workbook(
        sheet=after(
            "",
            many(
                b'<conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1</formula></cfRule>'
                b"</conditionalFormatting>",
                400_000,
            ),
            "",
        )
    ),
    "hyperlinks-by-the-million": lambda: workbook(
        sheet=after("<hyperlinks>", many(b'<hyperlink ref="A1" location="x"/>', 1_200_000), "</hyperlinks>")
    ),
    "strings-by-the-million": lambda: workbook(
        strings=around(f'<sst xmlns="{MAIN}">', many(b"<si><t>a</t></si>", 2 * M), "</sst>")
    ),
    "strings-huge": lambda: workbook(
        strings=around(
            f'<sst xmlns="{MAIN}">', many(f"<si><t>{'ab' * 15_000}</t></si>".encode(), 900), "</sst>"
        )
    ),
    "styles-by-the-million": lambda: workbook(
        styles=styles_of(around("<cellXfs>", many(b'<xf numFmtId="14"/>', 2 * M), "</cellXfs>"))
    ),
    "formats-by-the-million": lambda: workbook(
        styles=styles_of(numbered('<numFmt numFmtId="{}" formatCode="yyyy"/>', 200_000))
    ),
    "names-of-ranges-by-the-million": lambda: workbook(
        book=book(
            around(
                "<definedNames>",
                numbered('<definedName name="a{}">1</definedName>', M),
                "</definedNames>",
            )
        )
    ),
    "sheets-by-the-million": lambda: workbook(
        book=book(sheets=numbered('<sheet name="s{}" sheetId="1" r:id="rId1"/>', 100_000))
    ),
    "relations-by-the-million": lambda: workbook(
        relations=relations(
            (("worksheet", "worksheets/sheet1.xml"),),
            numbered('<Relationship Id="x{}" Type="a/worksheet" Target="b.xml"/>', 600_000),
        )
    ),
    "one-part-for-all-sheets": lambda: workbook(
        sheet=sheet(numbered('<row r="{}1"/>', 60_000)),
        book=book(sheets=numbered('<sheet name="s{}" sheetId="1" r:id="rId1"/>', 900)),
    ),
    "properties-by-the-million": lambda: workbook(
        **{"docProps/core.xml": around("<a>", many(b"<creator>a</creator>", 2 * M), "</a>")}
    ),
    # --- .ods
    "ods-rows-repeated": lambda: ods(table_row(WIDE, 1_048_576)),
    "ods-rows-repeated-again": lambda: ods(many(b"".join(table_row(WIDE, 17)), 1_000)),
    "ods-cell-at-the-last-place": lambda: ods(
        chain(
            table_row("", 1_048_575),
            table_row('<table:table-cell table:number-columns-repeated="16383"/>' + FULL),
        )
    ),
    "ods-rows-by-the-million": lambda: ods(many(b"<table:table-row/>", 2 * M)),
    "ods-cells-by-the-million": lambda: ods(
        chain.from_iterable(
            around("<table:table-row>", many(b"<table:table-cell/>", 16_000), "</table:table-row>")
            for _ in range(120)
        )
    ),
    "ods-blanks-by-the-million": lambda: ods(
        around(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>',
            many(b'<text:s text:c="9999999"/>', 100_000),
            "</text:p></table:table-cell></table:table-row>",
        )
    ),
    "ods-text-huge": lambda: ods(
        around(
            "<table:table-row><table:table-cell><text:p>",
            many(LONG_TEXT.encode(), 14_000),
            "</text:p></table:table-cell></table:table-row>",
        )
    ),
    "ods-paragraphs-by-the-million": lambda: ods(
        around(
            "<table:table-row><table:table-cell>",
            many(b"<text:p>ab</text:p>", 2 * M),
            "</table:table-cell></table:table-row>",
        )
    ),
    "ods-merges-by-the-million": lambda: ods(
        chain.from_iterable(
            around(
                "<table:table-row>",
                many(b'<table:table-cell table:number-rows-spanned="2"/>', 16_000),
                "</table:table-row>",
            )
            for _ in range(50)
        )
    ),
    "ods-deep": lambda: ods(chain(many(b"<text:p>", 2 * M), many(b"</text:p>", 2 * M))),
    "ods-manifest-huge": lambda: ods(
        iter(()),
        **{"META-INF/manifest.xml": around("<a>", many(b'<file-entry full-path="a"/>', 1_600_000), "</a>")},
    ),
    # --- .xls
    "xls-strings-beyond-count": lambda: xls(
        globals_=record(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"\1\0\0a" * 2_000)
        + record(0x3C, b"\1\0\0a" * 2_000) * 1_200
    ),
    "xls-text-beyond-the-end": lambda: xls(record(0x204, struct.pack("<HHHHB", 0, 0, 0, 0xFFFF, 1) + b"ab")),
    "xls-runs-beyond-the-end": lambda: xls(
        globals_=record(0xFC, struct.pack("<IIHBHI", 1, 1, 1, 12, 0xFFFF, 0xFFFFFFFF) + b"ab")
    ),
    "xls-record-beyond-the-end": lambda: compound("Workbook", struct.pack("<HH", 0x809, 0xFFFF) * 2_000),
    "xls-records-by-the-million": lambda: xls(record(0x99) * 5 * M),
    "xls-cells-by-the-million": lambda: xls(
        b"".join(
            record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))
            for row in range(5_000)
            for column in range(200)
        )
    ),
    "xls-merges-by-the-million": lambda: xls(
        record(0xE5, struct.pack("<H", 1_000) + struct.pack("<4H", 1, 2, 1, 2) * 1_000) * 2_000
    ),
    "xls-beginnings-by-the-million": lambda: xls(record(0x809, struct.pack("<HH", 0x600, 0x20)) * 3_000_000),
    "xls-continued-for-ever": lambda: xls(
        record(0x204, struct.pack("<HHHHB", 0, 0, 0, 0xFFFF, 0)) + record(0x3C, b"\0") * 5_000_000
    ),
    # --- .xlsb
    "xlsb-records-by-the-million": lambda: xlsb(many(binary(0x7F), 20 * M)),
    "xlsb-strings-by-the-million": lambda: xlsb(strings=many(binary(19, b"\0" + wide("a")), 4 * M)),
    "xlsb-text-beyond-the-end": lambda: xlsb(strings=iter([binary(19, b"\0\xff\xff\xff\x7f" + b"ab")])),
    "xlsb-cells-by-the-million": lambda: xlsb(
        chain.from_iterable(
            chain([binary(0, struct.pack("<I", row) + bytes(13))], many(binary(13, bytes(8)), 16_000))
            for row in range(200)
        )
    ),
    "xlsb-size-beyond-the-end": lambda: xlsb(iter([b"\x13\xff\xff\xff\x7f"])),
}
