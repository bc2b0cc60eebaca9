"""An .ods is read as it is written, in any dialect: values, formulas, errors, states, names, properties."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.excel import hostile
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Cell, Unreadable

SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = (
    "".join(f' xmlns:{name}="{SPACE}{name}:1.0"' for name in ("office", "table", "text", "style", "meta"))
    + f' xmlns:draw="{SPACE}drawing:1.0"'
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def document(body: str, *, styles: str = "", head: str = "", **more: str) -> bytes:
    """An .ods with this in its spreadsheet element; `more`: other parts, by name."""
    content = (
        f"{head}<office:document-content{SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<a/>",
        "content.xml": content,
    }
    return hostile.zipped({name: [text.encode()] for name, text in (parts | more).items()})


def table(rows: str, attributes: str = 'table:name="Plan"') -> str:
    return f"<table:table {attributes}>{rows}</table:table>"


def line(*cells: str, repeat: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeat}">' + "".join(cells) + "</table:table-row>"


def cell(attributes: str = "", inner: str = "", repeat: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{repeat}" {attributes}>{inner}</table:table-cell>'
    )


def number(value: object, repeat: int = 1) -> str:
    return cell(f'office:value-type="float" office:value="{value}"', f"<text:p>{value}</text:p>", repeat)


def text(inner: str) -> str:
    return cell('office:value-type="string"', inner)


def read(content: bytes) -> Book:
    book = read_workbook(content)
    assert isinstance(book, Book), book
    return book


def cells(*rows: str) -> dict[tuple[int, int], Cell]:
    return dict(read(document(table("".join(rows)))).sheets[0].cells)


def values(*rows: str) -> list[object]:
    return [found.value for found in cells(*rows).values()]


def refused(content: bytes) -> Unreadable:
    answer = read_workbook(content)
    assert isinstance(answer, Unreadable), answer
    return answer


def test_values_are_those_of_their_types() -> None:
    """Amounts are numbers, days are days, a time of day is one on the day 0 of Excel's calendar."""
    assert values(
        line(
            number(1.5),
            cell('office:value-type="percentage" office:value="0.5"', "<text:p>50%</text:p>"),
            cell('office:value-type="currency" office:currency="USD" office:value="12"', "<text:p>$12</text:p>"),
            cell('office:value-type="boolean" office:boolean-value="true"', "<text:p>WAHR</text:p>"),
            cell('office:value-type="date" office:date-value="2026-09-01"', "<text:p>1. Sept.</text:p>"),
            cell('office:value-type="date" office:date-value="2026-09-01T08:30:00.000000001"'),
            cell('office:value-type="time" office:time-value="PT08H30M00S"'),
            cell('office:value-type="time" office:time-value="PT36H00M00,5S"'),
            cell('office:value-type="time" office:time-value="-PT12H"'),
            cell('office:value-type="date" office:date-value="-0044-03-15"'),
            cell('office:value-type="date" office:date-value="9999-12-31T23:59:59.9999"'),
        )
    ) == [
        1.5, 0.5, 12.0, True, datetime(2026, 9, 1), datetime(2026, 9, 1, 8, 30), datetime(1899, 12, 31, 8, 30),
        1.5 + 0.5 / 86_400, -0.5, "-0044-03-15", "9999-12-31T23:59:59.9999",
    ]  # fmt: skip


def test_white_space_is_what_its_elements_say() -> None:
    """Runs of it in the XML are one blank; blanks, tabs and line breaks that count are elements."""
    assert values(
        line(
            text("<text:p>a  b\n c </text:p>"),
            text('<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:s/></text:p>'),
            text("<text:p>one</text:p><text:p>two <text:span>of <text:a>it</text:a></text:span></text:p>"),
            text("<text:p><text:s/>x</text:p>"),
            cell('office:value-type="string" office:string-value="  as it is "', "<text:p>other</text:p>"),
        )
    ) == ["a b c", "a   b\tc\nd ", "one\ntwo of it", " x", "  as it is "]


def test_what_is_no_content_of_a_cell_is_left_out() -> None:
    """Notes, drawings, readings, and tables within them."""
    note = "<office:annotation><text:p>remember</text:p></office:annotation>"
    frame = "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    nested = f"<draw:object>{table(line(number(9)))}</draw:object>"
    assert values(
        line(
            text(f"{note}<text:p>a{note}b</text:p>{frame}"),
            number(2),
            text(
                "<text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby></text:p>"
            ),
        ),
        f"<table:shapes>{frame}{nested}</table:shapes>",
        line(number(3)),
    ) == ["ab", 2.0, "東京", 3.0]
    changed = "<table:cell-content-change><text:p>old</text:p></table:cell-content-change>"
    changes = f"<table:tracked-changes>{changed}</table:tracked-changes>"
    links = f"<table:dde-links>{table(line(number(9)), '')}</table:dde-links>"
    cache = table(line(number(9)), """table:name="'file:///tmp/other.ods'#Sheet1" """)
    book = read(document(changes + table(line(number(1))) + cache + links))
    assert [(sheet.name, dict(sheet.cells)) for sheet in book.sheets] == [("Plan", {(1, 1): Cell(1.0)})]


def test_a_value_that_is_missing_is_taken_from_what_people_see() -> None:
    """Some writers name no type, or a type without a value; nothing of it is lost."""
    shown = "<text:p>12</text:p>"
    assert values(
        line(
            cell("", shown), cell('office:value-type="float"', shown), cell('office:value-type="date"', shown)
        )
    ) == ["12", "12", "12"]


def test_formulas_are_told_with_their_values() -> None:
    """Whatever language they are in; one without a result is told from one whose result is empty."""
    assert list(
        cells(
            line(
                cell('table:formula="of:=[.A1]*2" office:value-type="float" office:value="4"'),
                cell('table:formula="oooc:=1+1" office:value-type="float" office:value="2"'),
                cell('table:formula="=1" office:value-type="float" office:value="1"'),
                cell('table:formula="of:=[.A1]"'),
                cell('table:formula="of:=T([.A1])" office:value-type="string" office:string-value=""'),
                cell('table:formula="of:=TRUE()" office:value-type="float" office:value="1"'),
            )
        ).values()
    ) == [
        Cell(4.0, "[.A1]*2"), Cell(2.0, "1+1"), Cell(1.0, "1"), Cell(None, "[.A1]"), Cell("", "T([.A1])"), Cell(True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ('table:formula="of:=1/0" office:string-value="" calcext:value-type="error"', "#DIV/0!"),
        ('table:formula="of:=1/0" office:value-type="string" office:string-value="#DIV/0!"', "#DIV/0!"),
        ('table:formula="of:=1/0" office:value-type="float" office:value="0"', "#DIV/0!"),
        ('table:formula="of:=1/0"', "Err:502"),
        ('office:value-type="string" calcext:value-type="error"', "#REF!"),
    ],
)  # fmt: skip
def test_errors_are_errors_in_every_dialect(attributes: str, error: str) -> None:
    """LibreOffice has a word for them; Gnumeric and Excel write their text as the result."""
    found = cells(line(cell(attributes, f"<text:p>{error}</text:p>")))[1, 1]
    assert (found.value, found.error) == (None, error)


def test_a_text_that_reads_like_an_error_is_a_text() -> None:
    """Somebody typed it."""
    assert cells(line(text("<text:p>#REF!</text:p>"))) == {(1, 1): Cell("#REF!")}


def test_repeats_unfold_where_something_stands() -> None:
    """Cells and rows; blank ones at the end, which fill every sheet of LibreOffice's, cost nothing."""
    found = cells(
        line(number(7, repeat=2), cell(repeat=16_382)),
        line(cell(repeat=16_384), repeat=3),
        line(number(8), repeat=2),
        line(cell(repeat=16_384), repeat=1_048_570),
    )
    assert {at: one.value for at, one in found.items()} == {
        (1, 1): 7.0,
        (1, 2): 7.0,
        (5, 1): 8.0,
        (6, 1): 8.0,
    }
    assert cells(line(repeat=1_048_575), line(cell(repeat=16_383), number(1))) == {
        (1_048_576, 16_384): Cell(1.0)
    }


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (line(number(7, repeat=16_384), repeat=1_048_576), "too-big"),
        (line(number(7), repeat=300_001), "too-big"),
        (line(number(7, repeat=16_385)), "damaged"),
        (line(repeat=1_048_577), "damaged"),
        (line(number(7, repeat=-1)), "damaged"),
        (line(number("nan")), "damaged"),
        (line(number("1_0")), "damaged"),
        (line(cell("", cell())), "damaged"),
        (line(line()), "damaged"),
        (cell(), "damaged"),
        (line("<text:p>" * 200 + "</text:p>" * 200), "hostile"),
        (line("<text:p>"), "damaged"),
    ],
)
def test_what_contradicts_the_format_or_unfolds_beyond_a_plan_is_refused(rows: str, code: str) -> None:
    """A few bytes can stand for seventeen thousand million cells."""
    assert refused(document(table(rows))).code == code


def test_sheets_tell_their_state_and_merged_cells() -> None:
    """Hidden by a style, locked by an attribute."""
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    spanned = 'table:number-columns-spanned="2" table:number-rows-spanned="3"'
    book = read(
        document(
            table(line(cell(), cell(spanned, "<text:p>x</text:p>")), 'table:name="A" table:protected="true"')
            + table("", 'table:name="B" table:style-name="ta2"'),
            styles=hidden,
        )
    )
    assert [(sheet.name, sheet.visible, sheet.protected, sheet.merged) for sheet in book.sheets] == [
        ("A", True, True, ("B1:C3",)),
        ("B", False, False, ()),
    ]


def test_names_and_properties_are_told() -> None:
    """A name of the workbook wins over a sheet's own; properties stand in a part of their own."""
    local = (
        '<table:named-expressions><table:named-expression table:name="id" table:expression="1"/>'
        "</table:named-expressions>"
    )
    names = (
        '<table:named-expressions><table:named-expression table:name="id" table:expression="of:=&quot;abc&quot;"/>'
        '<table:named-range table:name="r" table:cell-range-address="$Plan.$A$1"/></table:named-expressions>'
    )
    meta = (
        f'<office:document-meta{SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        "<meta:initial-creator>The district</meta:initial-creator><dc:creator>Jones</dc:creator>"
        '<meta:user-defined meta:name="id">xyz</meta:user-defined></office:meta></office:document-meta>'
    )
    book = read(document(table(local) + names, **{"meta.xml": meta}))
    assert book.names == {"id": '"abc"', "r": "$Plan.$A$1"}
    assert book.properties == {"id": "xyz"}
    assert book.core == {"creator": "The district", "lastModifiedBy": "Jones"}
    assert book.tells == {"formulas", "protection", "names", "properties"}


def test_prefixes_do_not_matter() -> None:
    """Gnumeric and SheetJS may use others than LibreOffice."""
    inner = f"<office:spreadsheet>{table(line(number(7)))}</office:spreadsheet>"
    content = f"<office:document-content{SPACES}><office:body>{inner}</office:body></office:document-content>"
    other = (
        content.replace("table:", "t:").replace(":xmlns:t:1.0", ":xmlns:table:1.0").replace("office:", "o:")
    )
    other = (
        other.replace(":xmlns:o:1.0", ":xmlns:office:1.0")
        .replace("xmlns:table=", "xmlns:t=")
        .replace("xmlns:office=", "xmlns:o=")
    )
    parts = {"mimetype": [b"application/vnd.oasis.opendocument.spreadsheet"], "content.xml": [other.encode()]}
    assert read(hostile.zipped(parts)) == read(document(table(line(number(7)))))


def test_an_encrypted_file_a_document_type_and_a_text_document_are_refused() -> None:
    """Before anything else is read of them."""
    locked = '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert refused(document("", **{"META-INF/manifest.xml": locked})).code == "encrypted"
    assert refused(document("", **{"encrypted-package": "x"})).code == "encrypted"
    assert refused(document("", head="<!DOCTYPE a>")) == Unreadable(
        code="hostile", detail="content.xml: a document type"
    )
    assert (
        refused(hostile.zipped({"META-INF/manifest.xml": [b"<a/>"], "content.xml": [b"<a/>"]})).code
        == "damaged"
    )


def test_macros_are_seen_and_not_read() -> None:
    """Lists of libraries are in every file; modules are not."""
    assert not read(document(table(""), **{"Basic/script-lc.xml": ""})).macros
    assert read(document(table(""), **{"Basic/Standard/Module1.xml": ""})).macros
