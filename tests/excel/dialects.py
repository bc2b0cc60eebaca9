"""One copy written as other programs would: every function changes its parts, the plan in it stays the same."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, unescape

from xlplan.excel.read_styles import date_styles

Parts = dict[str, bytes]

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK, RELATIONS, STRINGS, STYLES = (
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml",
)  # fmt: skip
CELL = re.compile(
    r'<c r="([A-Z]+)([0-9]+)"( s="[0-9]+")?( t="[a-zA-Z]+")?(?:/>|>(<f>[^<]*</f>)?(?:<v>([^<]*)</v>)?</c>)'
)
ROW = re.compile(r'<row r="([0-9]+)"([^>]*)>(.*?)</row>', re.S)


DIALECTS: list[tuple[Callable[[Parts], None], tuple[str, ...]]] = []


def dialect(*earned: str) -> Callable[[Callable[[Parts], None]], Callable[[Parts], None]]:
    """Enters a function among `DIALECTS`, with the codes of the findings that it earns."""

    def enter(change: Callable[[Parts], None]) -> Callable[[Parts], None]:
        DIALECTS.append((change, earned))
        return change

    return enter


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def sheets(parts: Parts) -> Iterator[str]:
    """The parts of the worksheets."""
    return (name for name in list(parts) if name.startswith("xl/worksheets/sheet"))


def edit(parts: Parts, name: str, change: Callable[[str], str]) -> None:
    """One part changed as text; a change that changes nothing is a fault of the test."""
    before = parts[name].decode()
    after = change(before)
    assert after != before, name
    parts[name] = after.encode()


def each_sheet(change: Callable[[str], str]) -> Callable[[Parts], None]:
    """Every worksheet changed as text, where it has what is to be changed."""

    def made(parts: Parts) -> None:
        before = dict(parts)
        for name in sheets(parts):
            parts[name] = change(parts[name].decode()).encode()
        assert parts != before

    return made


def each_xml(change: Callable[[str, bytes], bytes]) -> Callable[[Parts], None]:
    """Every XML part changed as bytes."""

    def made(parts: Parts) -> None:
        for name, data in list(parts.items()):
            parts[name] = change(name, data)

    return made


def part_of(parts: Parts, title: str) -> str:
    """The part of the sheet with this title."""
    found = re.search(rf'<sheet [^>]*name="{title}"[^>]*r:id="([^"]*)"', parts[BOOK].decode())
    assert found is not None
    target = re.search(rf'Target="/([^"]*)" Id="{found[1]}"', parts[RELATIONS].decode())
    assert target is not None
    return target[1]


def with_relation(parts: Parts, source: str, kind: str, target: str) -> str:
    """The id of a new relation of a part, whose relations are made where it has none."""
    folder, _, name = source.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    text = parts.get(path, empty.encode()).decode()
    key = f"rIdNew{text.count('<Relationship ')}"
    line = f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    parts[path] = text.replace("</Relationships>", line).encode()
    return key


def with_sheet(
    parts: Parts, title: str, xml: str, *, kind: str = "worksheet", state: str = "visible"
) -> None:
    """One sheet more, at the end."""
    part = f"{kind}s/extra{len(parts)}.xml"
    parts[f"xl/{part}"] = xml.encode()
    key = with_relation(parts, BOOK, kind, part)
    number = 100 + len(parts)
    line = f'<sheet xmlns:r="{OFFICE}" name="{title}" sheetId="{number}" state="{state}" r:id="{key}"/>'
    edit(parts, BOOK, lambda text: text.replace("</sheets>", f"{line}</sheets>"))


def strings_of(parts: Parts) -> list[str]:
    """The shared strings, still escaped as they stand."""
    return re.findall(r"<si><t[^>]*>([^<]*)</t></si>", parts[STRINGS].decode())


# --- texts


@dialect()
def inline_strings(parts: Parts) -> None:
    """As openpyxl writes them, and no string table at all."""
    strings = strings_of(parts)

    def change(found: re.Match[str]) -> str:
        if found[4] != ' t="s"':
            return found[0]
        said = f'<is><t xml:space="preserve">{strings[int(found[6])]}</t></is>'
        return f'<c r="{found[1]}{found[2]}"{found[3] or ""} t="inlineStr">{said}</c>'

    each_sheet(lambda xml: CELL.sub(change, xml))(parts)
    del parts[STRINGS]
    edit(parts, RELATIONS, lambda xml: re.sub(r'<Relationship [^>]*Target="sharedStrings.xml"/>', "", xml))


@dialect()
def formula_strings(parts: Parts) -> None:
    """Texts as results, which some exports write without a formula."""
    strings = strings_of(parts)

    def change(found: re.Match[str]) -> str:
        if found[4] != ' t="s"':
            return found[0]
        return f'<c r="{found[1]}{found[2]}"{found[3] or ""} t="str"><v>{strings[int(found[6])]}</v></c>'

    each_sheet(lambda xml: CELL.sub(change, xml))(parts)


@dialect()
def rich_strings(parts: Parts) -> None:
    """Every text in two runs of different fonts."""

    def change(found: re.Match[str]) -> str:
        text = unescape(found[1])
        at = 0 if text.startswith("_x") else 1
        runs = [text[:at], text[at:]] if len(text) > 1 else [text]
        font = '<rPr><b/><sz val="11"/><color rgb="FF0B4A5E"/><rFont val="Carlito"/></rPr>'
        made = "".join(f'<r>{font}<t xml:space="preserve">{escape(run)}</t></r>' for run in runs)
        return f"<si>{made}</si>"

    edit(parts, STRINGS, lambda xml: re.sub(r"<si><t[^>]*>([^<]*)</t></si>", change, xml))


@dialect()
def phonetic_strings(parts: Parts) -> None:
    """With the reading aids of East Asian text, which are no part of it."""
    aid = '<rPh sb="0" eb="1"><t>READING</t></rPh><phoneticPr fontId="1" type="noConversion"/></si>'
    edit(parts, STRINGS, lambda xml: xml.replace("</si>", aid))


@dialect()
def reordered_strings(parts: Parts) -> None:
    """The table back to front, with unused entries and wrong counts."""
    strings = re.findall(r"<si>.*?</si>", parts[STRINGS].decode())
    last = len(strings)
    unused = "<si/><si><t/></si>"
    table = f'<sst xmlns="{MAIN}" count="3" uniqueCount="1">{unused[:5]}{"".join(reversed(strings))}{unused}</sst>'
    parts[STRINGS] = table.encode()

    def change(found: re.Match[str]) -> str:
        if found[4] != ' t="s"':
            return found[0]
        return f'<c r="{found[1]}{found[2]}"{found[3] or ""} t="s"><v>{last - int(found[6])}</v></c>'

    each_sheet(lambda xml: CELL.sub(change, xml))(parts)


@dialect()
def escaped_strings(parts: Parts) -> None:
    """Letters written as `_xHHHH_`, as some exports do for whatever is not ASCII."""

    def change(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be")
        return "".join(f"_x{units[at]:02X}{units[at + 1]:02x}_" for at in range(0, len(units), 2))

    edit(parts, STRINGS, lambda xml: re.sub(r"[^\x00-\x7f]", change, xml))


@dialect()
def cdata_strings(parts: Parts) -> None:
    """Texts as character data, with entities and comments between."""

    def change(found: re.Match[str]) -> str:
        text = unescape(found[1])
        return f"<t><![CDATA[{text[:3]}]]><!-- a comment -->{escape(text[3:])}</t>"

    edit(parts, STRINGS, lambda xml: re.sub(r"<t[^>]*>([^<]*)</t>", change, xml))


@dialect()
def numbered_characters(parts: Parts) -> None:
    """Whatever is not ASCII as a character reference."""
    edit(parts, STRINGS, lambda xml: xml.encode("ascii", "xmlcharrefreplace").decode())


# --- values


@dialect()
def dates_of_1904(parts: Parts) -> None:
    """Days counted from 1904, as old Macintosh files do."""
    shift_dates(parts, lambda serial: f"<v>{serial - 1462}</v>", "")
    edit(parts, BOOK, lambda xml: xml.replace("<workbookPr/>", '<workbookPr date1904="1"/>'))


@dialect()
def iso_dates(parts: Parts) -> None:
    """Days as texts of ISO 8601, as Strict files may hold them."""
    shift_dates(parts, lambda serial: f"<v>{day(serial)}</v>", ' t="d"')


@dialect()
def iso_moments(parts: Parts) -> None:
    """The same with a time of day."""
    shift_dates(parts, lambda serial: f"<v>{day(serial)}T00:00:00</v>", ' t="d"')


@dialect()
def iso_moments_of_greenwich(parts: Parts) -> None:
    """The same with milliseconds and a zone, as JavaScript writes moments."""
    shift_dates(parts, lambda serial: f"<v>{day(serial)}T00:00:00.000Z</v>", ' t="d"')


def day(serial: int) -> str:
    return (datetime(1899, 12, 30) + timedelta(days=serial)).date().isoformat()


def shift_dates(parts: Parts, value: Callable[[int], str], kind: str) -> None:
    """Every cell whose style shows a date with another value and type."""
    dates = date_styles(STYLES, parts[STYLES])

    def change(found: re.Match[str]) -> str:
        style = (found[3] or ' s="0"')[4:-1]
        if style not in dates or found[4] or found[6] is None:
            return found[0]
        serial = int(float(found[6]))
        return f'<c r="{found[1]}{found[2]}"{found[3]}{kind}>{found[5] or ""}{value(serial)}</c>'

    each_sheet(lambda xml: CELL.sub(change, xml))(parts)


@dialect()
def numbers_at_length(parts: Parts) -> None:
    """Numbers with their type, a fraction and blanks around, as exports write them."""

    def change(found: re.Match[str]) -> str:
        if found[4] or found[6] is None:
            return found[0]
        number = float(found[6])
        return f'<c r="{found[1]}{found[2]}"{found[3] or ""} t="n">{found[5] or ""}<v> {number:.10E} </v></c>'

    each_sheet(lambda xml: CELL.sub(change, xml))(parts)


@dialect("mended-date")
def styles_gone(parts: Parts) -> None:
    """No styles: days are bare numbers."""
    del parts[STYLES]
    edit(parts, RELATIONS, lambda xml: re.sub(r'<Relationship [^>]*Target="styles.xml"[^>]*/>', "", xml))


@dialect()
def shared_formulas(parts: Parts) -> None:
    """Computed cells whose formula is told at the first of them only."""
    seen: list[str] = []

    def change(found: re.Match[str]) -> str:
        seen.append(found[0])
        first = len(seen) % 3 == 1
        mark = f'<f t="shared" ref="B3:B79" si="{len(seen) // 3}">' if first else '<f t="shared" si="0"/>'
        return f"{mark}{found[1]}</f>" if first else mark

    each_sheet(lambda xml: re.sub(r"<f>([^<]*)</f>", change, xml))(parts)


@dialect()
def array_formulas(parts: Parts) -> None:
    """Computed cells as arrays of one cell, with what newer programs add to them."""
    each_sheet(
        lambda xml: re.sub(
            r'<c (r="([A-Z0-9]+)"[^>]*)><f>', r'<c \1 cm="1"><f t="array" aca="1" ref="\2" ca="1">', xml
        )
    )(parts)


# --- the XML itself


@dialect()
def prefixed(parts: Parts) -> None:
    """Every element of the spreadsheet with a prefix."""
    for name in [BOOK, STRINGS, STYLES, *sheets(parts)]:
        edit(
            parts,
            name,
            lambda xml: re.sub(r"<(/?)([A-Za-z]\w*(?=[\s>/]))", r"<\1x:\2", xml).replace(
                " xmlns=", " xmlns:x="
            ),
        )


@dialect()
def strict(parts: Parts) -> None:
    """The namespaces and relations of ISO/IEC 29500 Strict."""

    def change(_name: str, data: bytes) -> bytes:
        for old, new in (
            (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
            (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        ):
            data = data.replace(old.encode(), new.encode())
        return data

    each_xml(change)(parts)


def in_encoding(encoding: str, declared: str) -> Callable[[Parts], None]:
    """Every part in another encoding."""

    def change(_name: str, data: bytes) -> bytes:
        text = re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", data.decode())
        return f'<?xml version="1.0" encoding="{declared}" standalone="yes"?>\r\n{text}'.encode(
            encoding, "xmlcharrefreplace"
        )

    return each_xml(change)


@dialect()
def byte_order_marks(parts: Parts) -> None:
    """Every part begins with one."""
    each_xml(lambda _name, data: b"\xef\xbb\xbf" + data)(parts)


@dialect()
def undeclared(parts: Parts) -> None:
    """No part says what it is."""
    each_xml(lambda _name, data: re.sub(rb"^\s*<\?xml[^>]*\?>\s*", b"", data))(parts)


@dialect()
def indented(parts: Parts) -> None:
    """Elements on lines of their own, by a program that made the file pretty."""
    each_sheet(lambda xml: re.sub(r"(?<=>)(?=<(?:/?row|/?sheetData|c |/c|v>|f>))", "\r\n  ", xml))(parts)
    edit(parts, STRINGS, lambda xml: re.sub(r"(?=</?si>)", "\n  ", xml))


@dialect()
def commented(parts: Parts) -> None:
    """Comments and processing instructions between elements, and within values."""
    each_sheet(
        lambda xml: re.sub(
            "(?=<row )", '<!-- <c r="A1"><v>9</v></c> --><?keep <c/>?>', xml.replace("<v>", "<v><!-- 7 -->")
        )
    )(parts)


@dialect()
def quoted_otherwise(parts: Parts) -> None:
    """Attributes in single quotes, and in another order."""

    def change(found: re.Match[str]) -> str:
        names = re.findall(r'([\w:]+)="([^"\']*)"', found[2])
        return f"<{found[1]} " + " ".join(f"{name}='{value}'" for name, value in reversed(names))

    each_sheet(lambda xml: re.sub(r"<(c|row) ([^<>/]*)", change, xml))(parts)


@dialect()
def long_hand(parts: Parts) -> None:
    """Empty cells with an end tag, and what newer programs write at cells and rows."""
    each_sheet(
        lambda xml: (
            re.sub(r"(<c [^>]*)/>", r'\1 ph="1" vm="1"></c>', xml)
            .replace("<row ", '<row spans="1:9" x14ac:dyDescent="0.25" ')
            .replace(
                "<worksheet ",
                '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
                'mc:Ignorable="x14ac" '
                'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" ',
                1,
            )
        )
    )(parts)


@dialect()
def alternates(parts: Parts) -> None:
    """Content for newer programs beside that for older ones, as Excel writes it."""
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    newer = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
    path = f'<x15ac:absPath xmlns:x15ac="{newer}" url="C:\\Users\\"/>'
    choice = f'<mc:Choice xmlns:x15="x" Requires="x15">{path}</mc:Choice>'
    choice = f"<mc:AlternateContent {space}>{choice}</mc:AlternateContent>"
    edit(parts, BOOK, lambda xml: xml.replace("<workbookPr/>", f"<workbookPr/>{choice}"))
    control = (
        f'<mc:AlternateContent {space}><mc:Choice Requires="x14"><controls><mc:AlternateContent>'
        '<mc:Choice Requires="x14"><control shapeId="1" name="Check Box 1"><controlPr/></control></mc:Choice>'
        "</mc:AlternateContent></controls></mc:Choice><mc:Fallback/></mc:AlternateContent></worksheet>"
    )
    each_sheet(lambda xml: xml.replace("</worksheet>", control))(parts)


@dialect()
def without_references(parts: Parts) -> None:
    """Neither cells nor rows say where they are; each follows the one before."""

    def cells(xml: str) -> str:
        made, last = "", 0
        for found in CELL.finditer(xml):
            at = 0
            for letter in found[1]:
                at = 26 * at + ord(letter) - 64
            made += "<c/>" * (at - last - 1) + found[0].replace(f' r="{found[1]}{found[2]}"', "", 1)
            last = at
        return made

    def rows(xml: str) -> str:
        last = 0

        def change(found: re.Match[str]) -> str:
            nonlocal last
            gap, last = int(found[1]) - last - 1, int(found[1])
            return "<row/>" * gap + f"<row{found[2]}>{cells(found[3])}</row>"

        return ROW.sub(change, xml)

    each_sheet(rows)(parts)


@dialect()
def some_references(parts: Parts) -> None:
    """Only the first cell of a row says where it is, as long as no cell is left out."""

    def change(found: re.Match[str]) -> str:
        made, last = "", 0
        for cell in CELL.finditer(found[3]):
            at = 0
            for letter in cell[1]:
                at = 26 * at + ord(letter) - 64
            follows = last and at == last + 1
            made += cell[0].replace(f' r="{cell[1]}{cell[2]}"', "", 1) if follows else cell[0]
            last = at
        return f'<row r="{found[1]}"{found[2]}>{made}</row>'

    each_sheet(lambda xml: ROW.sub(change, xml))(parts)


@dialect()
def wrong_dimension(parts: Parts) -> None:
    """What is said of the used range is not believed."""
    each_sheet(lambda xml: re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1"/>', xml))(parts)


@dialect()
def no_dimension(parts: Parts) -> None:
    """Nor needed."""
    each_sheet(lambda xml: re.sub(r'<dimension ref="[^"]*"/>', "", xml))(parts)


# --- the package


def targets(change: Callable[[str], str]) -> Callable[[Parts], None]:
    """The workbook's relations written otherwise."""
    return lambda parts: edit(
        parts,
        RELATIONS,
        lambda xml: re.sub('Target="([^"]*)"', lambda found: f'Target="{change(found[1])}"', xml),
    )


@dialect()
def other_folders(parts: Parts) -> None:
    """The workbook part in the root, sheets and strings where nobody expects them."""
    for name in list(parts):
        if name.startswith("xl/"):
            parts["a/b c/" + name.removeprefix("xl/")] = parts.pop(name)
    edit(parts, "_rels/.rels", lambda xml: xml.replace("xl/workbook.xml", "/a/b%20c/workbook.xml"))
    edit(parts, "a/b c/_rels/workbook.xml.rels", lambda xml: xml.replace("/xl/", ""))


@dialect()
def other_case(parts: Parts) -> None:
    """Parts named in capitals, their relations not."""
    for name in list(parts):
        parts[name.upper()] = parts.pop(name)


@dialect()
def foreign_parts(parts: Parts) -> None:
    """Comments, threaded ones, tables, pictures, links, queries and custom XML, each with its relation."""
    sheet = part_of(parts, "Plan")
    parts["xl/comments1.xml"] = (
        f'<comments xmlns="{MAIN}"><authors><author>R. Diaz</author></authors><commentList>'
        '<comment ref="D6" authorId="0"><text><r><t>Is this right?</t></r></text></comment></commentList></comments>'
    ).encode()
    parts["xl/threadedComments/threadedComment1.xml"] = b"<ThreadedComments/>"
    parts["xl/persons/person.xml"] = b"<personList/>"
    parts["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B2"/>'.encode()
    )
    parts["xl/drawings/drawing1.xml"] = b"<wsDr/>"
    parts["xl/drawings/vmlDrawing1.vml"] = b"<xml><br></xml>"  # not well-formed, as Excel once wrote it
    parts["xl/media/image1.png"] = b"\x89PNG\r\n\x1a\n"
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(256))
    parts["customXml/item1.xml"] = b"<p:properties xmlns:p='x'/>"
    for kind, target in (
        ("comments", "../comments1.xml"),
        ("threadedComment", "../threadedComments/threadedComment1.xml"),
        ("table", "../tables/table1.xml"),
        ("drawing", "../drawings/drawing1.xml"),
        ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("printerSettings", "../printerSettings/printerSettings1.bin"),
    ):
        with_relation(parts, sheet, kind, target)
    link = f'<hyperlinks><hyperlink xmlns:r="{OFFICE}" ref="D6" r:id="rIdNew9" display="another text"/></hyperlinks>'
    with_relation(parts, BOOK, "externalLink", "externalLinks/externalLink1.xml")
    with_relation(parts, BOOK, "customXml", "../customXml/item1.xml")
    with_relation(parts, BOOK, "person", "persons/person.xml")
    edit(
        parts,
        sheet,
        lambda xml: xml.replace(
            "</worksheet>", f'{link}<drawing/><legacyDrawing/><tableParts count="1"/></worksheet>'
        ),
    )


@dialect("macros")
def macros(parts: Parts) -> None:
    """An .xlsm."""
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    with_relation(parts, BOOK, "vbaProject", "vbaProject.bin")
    content = "[Content_Types].xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    edit(
        parts, content, lambda xml: xml.replace(kind, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    )


# --- what people do to sheets


@dialect()
def shown(parts: Parts) -> None:
    """Every hidden sheet is visible."""
    edit(parts, BOOK, lambda xml: xml.replace('state="hidden"', 'state="visible"'))


@dialect()
def hidden_deeper(parts: Parts) -> None:
    """Hidden sheets out of reach of the menu, and sheets with answers hidden."""
    edit(
        parts,
        BOOK,
        lambda xml: (
            xml.replace('state="hidden"', 'state="veryHidden"')
            .replace('name="Plan" sheetId="2" state="visible"', 'name="Plan" sheetId="2" state="hidden"')
            .replace('sheetId="4" state="visible"', 'sheetId="4" state="veryHidden"')
        ),
    )


@dialect()
def reversed_sheets(parts: Parts) -> None:
    """The tabs from last to first."""

    def change(found: re.Match[str]) -> str:
        return "<sheets>" + "".join(reversed(re.findall(r"<sheet [^>]*/>", found[1]))) + "</sheets>"

    edit(parts, BOOK, lambda xml: re.sub(r"<sheets>(.*?)</sheets>", change, xml))


@dialect("sheet-renamed")
def renamed(parts: Parts) -> None:
    """The plan's sheet under another name, with markup in it."""
    edit(parts, BOOK, lambda xml: xml.replace('name="Plan"', 'name="Our &lt;b&gt; &amp; plan"'))


@dialect("sheet-renamed")
def swapped_names(parts: Parts) -> None:
    """Two sheets that change names: keys decide, not titles."""
    edit(
        parts,
        BOOK,
        lambda xml: (
            xml.replace('name="Start"', 'name="?"')
            .replace('name="Plan"', 'name="Start"')
            .replace('name="?"', 'name="Plan"')
        ),
    )


@dialect("sheet-twice")
def twice(parts: Parts) -> None:
    """A copy of the plan's sheet behind all others."""
    with_sheet(parts, "Plan (2)", parts[part_of(parts, "Plan")].decode())


@dialect("extra-sheet")
def extra(parts: Parts) -> None:
    """A sheet of the school's own."""
    cell = '<c r="B2" t="inlineStr"><is><t>Our notes</t></is></c>'
    with_sheet(
        parts,
        "Notes",
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="2">{cell}</row></sheetData></worksheet>',
    )


@dialect()
def extra_empty(parts: Parts) -> None:
    """Empty ones, shown and hidden, as programs leave them behind."""
    for number, state in enumerate(("visible", "hidden", "veryHidden")):
        with_sheet(
            parts, f"Sheet{number}", f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>', state=state
        )


@dialect()
def chart_sheets(parts: Parts) -> None:
    """Sheets of a chart and of a dialog, before all others."""
    for kind in ("chartsheet", "dialogsheet"):
        with_sheet(parts, kind, f'<{kind} xmlns="{MAIN}"/>', kind=kind)
    reversed_sheets(parts)


@dialect()
def ghost_rows(parts: Parts) -> None:
    """Rows that hold styles and nothing else, down to the last."""
    rows = "".join(
        f'<row r="{row}" s="1" customFormat="1">'
        + "".join(f'<c r="{letter}{row}" s="1"/>' for letter in "ABCDEF")
        + "</row>"
        for row in (*range(5_000, 7_000), 1_048_576)
    )
    each_sheet(lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>"))(parts)


@dialect()
def hidden_rows(parts: Parts) -> None:
    """Every row and every column."""
    each_sheet(lambda xml: re.sub(r"<(row|col) ", r'<\1 hidden="1" ', xml))(parts)


@dialect()
def foreign_names(parts: Parts) -> None:
    """What other programs put among the names; names of the form that broke."""
    more = (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">Plan!$A$5:$H$20</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="2">#REF!</definedName>'
        '<definedName name="Query_1">[1]Sheet1!$A$1</definedName><definedName name="broken">#REF!</definedName>'
        '<definedName name="plan_from" localSheetId="3">#REF!</definedName></definedNames>'
    )
    edit(parts, BOOK, lambda xml: xml.replace("</definedNames>", more))


# --- the zip


def described(parts: Parts) -> bytes:
    """With sizes after the data, as programs write that cannot seek."""

    class Stream(io.BytesIO):
        def tell(self) -> int:
            raise io.UnsupportedOperation

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert b"PK\x07\x08" in stream.getvalue()
    return stream.getvalue()


def of_64_bits(parts: Parts) -> bytes:
    """With the fields for large files, as libraries write that do not know how large a part will be."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    return target.getvalue()


def with_end_of_64_bits(parts: Parts) -> bytes:
    """With a directory end for large files before the usual one."""
    content = zipped(parts)
    end = content.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", content[end + 10 : end + 20])
    large = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    usual = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:end] + large + locator + usual


def with_comment(parts: Parts) -> bytes:
    """With words after the end."""
    target = io.BytesIO(zipped(parts))
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"packed by a program that says so"
    return target.getvalue()


def with_strangers(parts: Parts) -> bytes:
    """With folders as members, what a package keeps of deleted parts, and what other systems leave behind."""
    more = {
        "xl/": b"",
        "xl/worksheets/": b"",
        "[trash]/0000.dat": b"\xff" * 40,
        "__MACOSX/._plan": b"\0\5\26\7",
        ".DS_Store": b"",
    }
    return zipped(more | parts)
