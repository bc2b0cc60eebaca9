"""An .xlsx is read as it is written, by whatever program and in whatever dialect."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from itertools import pairwise

import pytest
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from xlplan.excel.read import read_workbook
from xlplan.excel.read_styles import date_1900, date_1904, is_date
from xlplan.layout.book import Book, Cell, Sheet, Unreadable, Validation

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def parts(
    rows: str = "", *, after: str = "", strings: str = "", formats: str = "", main: str = MAIN
) -> dict[str, bytes]:
    """The parts of a workbook with one sheet "Plan".

    `formats`: the number formats of styles 1, 2 …, one a line; style 0 is General.
    """
    office = OFFICE if main == MAIN else STRICT_OFFICE
    codes = formats.splitlines()
    texts = {
        "_rels/.rels": relations(office, ("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            office,
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
        f"{after}</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>'
        + "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
        + '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
        + "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(codes)))
        + "</cellXfs></styleSheet>",
    }
    return {name: text.encode() for name, text in texts.items()}


def relations(office: str, *targets: tuple[str, str]) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="rId{at}" Type="{office}/{kind}" Target="{target}"/>'
            for at, (kind, target) in enumerate(targets, start=1)
        )
        + "</Relationships>"
    )


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes) -> Book:
    book = read_workbook(content, "plan.xlsx")
    assert isinstance(book, Book), book
    return book


def cells(rows: str, **more: str) -> dict[tuple[int, int], Cell]:
    return dict(read(zipped(parts(rows, **more))).sheets[0].cells)


def row(*inner: str) -> str:
    return "<row>" + "".join(inner) + "</row>"


def refused(members: dict[str, bytes]) -> Unreadable:
    answer = read_workbook(zipped(members))
    assert isinstance(answer, Unreadable), answer
    return answer


def test_what_openpyxl_writes_is_what_we_read() -> None:
    """Values, types, formulas, names, rules, ranges, locks, properties: all of them, sheets in order."""
    book = Workbook()
    plan = book.active
    assert plan is not None
    plan.title = "Plan"
    for at, value in enumerate(
        ("Größe", 12, 1.5, True, False, date(2026, 9, 1), datetime(2026, 9, 1, 8, 30)), 1
    ):
        plan.cell(at, 2, value)
    plan["C3"] = "=B2*2"
    plan["D4"] = "#REF!"
    plan["D4"].data_type = "e"
    plan.merge_cells("F1:G2")
    plan.add_data_validation(DataValidation(type="list", formula1="Choices", sqref="B2:B9"))
    plan.protection.enable()
    book.create_sheet("Lists").sheet_state = "hidden"
    book.create_sheet("Meta").sheet_state = "veryHidden"
    book.defined_names["Choices"] = DefinedName("Choices", attr_text="Lists!$A$1:$A$3")
    book.defined_names["Identity"] = DefinedName("Identity", attr_text='"XLPLAN1.abc"')
    book.custom_doc_props.append(StringProperty(name="Identity", value="XLPLAN1.abc"))
    book.properties.creator = "The district"

    found = read(saved(book))

    assert found.sheets[0] == Sheet(
        name="Plan",
        cells={
            (1, 2): Cell("Größe"),
            (2, 2): Cell(12.0),
            (3, 2): Cell(1.5),
            (4, 2): Cell(True),
            (5, 2): Cell(False),
            (6, 2): Cell(datetime(2026, 9, 1)),
            (7, 2): Cell(datetime(2026, 9, 1, 8, 30)),
            (3, 3): Cell(None, "B2*2"),
            (4, 4): Cell(None, None, "#REF!"),
        },
        protected=True,
        validations=(Validation(kind="list", sqref="B2:B9", formula="Choices"),),
        merged=("F1:G2",),
    )
    assert [(sheet.name, sheet.visible, sheet.protected) for sheet in found.sheets[1:]] == [
        ("Lists", False, False),
        ("Meta", False, False),
    ]
    assert found.names == {"Choices": "Lists!$A$1:$A$3", "Identity": '"XLPLAN1.abc"'}
    assert found.properties == {"Identity": "XLPLAN1.abc"}
    assert found.core["creator"] == "The district" and "modified" in found.core
    assert (found.format, found.macros) == ("xlsx", False)
    assert found.tells == {"formulas", "protection", "validation", "names", "properties"}
    assert type(found.sheets[0].cells[2, 2].value) is float


def test_text_comes_from_shared_inline_and_rich_strings_without_reading_aids() -> None:
    """Runs are one text; phonetic runs are not part of it; an empty text is no cell."""
    strings = (
        "<si><t>plain</t></si><si><r><t>two </t></r><r><rPr><b/></rPr><t>runs</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><t/></si><si/>"
    )
    found = cells(
        row(*(f'<c t="s"><v>{at}</v></c>' for at in range(5)))
        + row(
            '<c t="inlineStr"><is><t>in place</t></is></c>',
            '<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
            '<c t="str"><v>result</v></c>',
            '<c t="inlineStr"><is><t></t></is></c>',
        ),
        strings=strings,
    )
    assert {at: cell.value for at, cell in found.items()} == {
        (1, 1): "plain",
        (1, 2): "two runs",
        (1, 3): "東京",
        (2, 1): "in place",
        (2, 2): "ab",
        (2, 3): "result",
    }


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x000B_", "_x000B_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "\N{REPLACEMENT CHARACTER}"),
        ("_x00_", "_x00_"),
        ("a &lt;&amp;&#10;b", "a <&\nb"),
    ],
)
def test_escapes_in_text_stand_for_characters(stored: str, meant: str) -> None:
    """`_xHHHH_` is how the format writes what XML cannot hold, and a literal one is escaped itself."""
    found = cells(
        row('<c t="s"><v>0</v></c>', f'<c t="str"><v>{stored}</v></c>'), strings=f"<si><t>{stored}</t></si>"
    )
    assert [cell.value for cell in found.values()] == [meant, meant]


def test_cells_and_rows_without_references_are_counted() -> None:
    """Some programs leave out every address."""
    found = cells(
        '<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row r="5"><c><v>3</v></c><c r="F5"><v>4</v></c>'
        "<c><v>5</v></c></row><row><c><v>6</v></c></row>"
    )
    assert {at: cell.value for at, cell in found.items()} == {
        (1, 1): 1.0, (1, 3): 2.0, (5, 1): 3.0, (5, 6): 4.0, (5, 7): 5.0, (6, 1): 6.0,
    }  # fmt: skip


def test_a_formula_without_a_result_is_told_from_one_that_gives_nothing() -> None:
    """An empty value of a text formula is a result; anything else empty is none."""
    found = cells(
        row(
            "<c><f>A2+1</f></c>",
            "<c><f>A2+1</f><v/></c>",
            '<c t="str"><f>IF(A2,"","")</f><v></v></c>',
            "<c><f t='shared' si='0'/><v>7</v></c>",
            '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            '<c t="b"><f>1=1</f><v>1</v></c>',
            '<c t="str"><f>T(A2)</f></c>',
        )
    )
    assert list(found.values()) == [
        Cell(None, "A2+1"),
        Cell(None, "A2+1"),
        Cell("", 'IF(A2,"","")'),
        Cell(7.0, ""),
        Cell(None, "1/0", "#DIV/0!"),
        Cell(True, "1=1"),
        Cell(None, "T(A2)"),
    ]


def test_true_and_false_as_libreoffice_writes_them_are_no_formulas() -> None:
    """Whoever types TRUE there gets a formula of that name, and has typed no formula."""
    found = cells(
        row('<c t="b"><f aca="false">TRUE()</f><v>1</v></c>', '<c t="b"><f>FALSE()</f><v>0</v></c>')
    )
    assert list(found.values()) == [Cell(True), Cell(False)]


def test_dates_are_told_by_their_number_format_and_iso_dates_by_their_type() -> None:
    """A number outside the calendar stays one."""
    found = cells(
        row(
            '<c s="1"><v>46266.5</v></c>', '<c s="2"><v>46266.5</v></c>', "<c><v>46266.5</v></c>",
            '<c s="1"><v>-1</v></c>', '<c s="1"><v>1E9</v></c>', '<c s="99"><v>1</v></c>',
            '<c t="d"><v>2026-09-01</v></c>', '<c t="d"><v>2026-09-01T08:30:00Z</v></c>',
            '<c t="d"><v>noon</v></c>',
        ),
        formats="d/m/yyyy\n[h]:mm",
    )  # fmt: skip
    assert [cell.value for cell in found.values()] == [
        datetime(2026, 9, 1, 12), 46266.5, 46266.5, -1.0, 1e9, 1.0,
        datetime(2026, 9, 1), datetime(2026, 9, 1, 8, 30), "noon",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [14, 22, 27, 36, 45, 47, 50, 58])
def test_built_in_date_formats_need_no_definition(number: int) -> None:
    """They are the same in every file; which ones, the standard lists."""
    members = parts(row('<c s="1"><v>61</v></c>'), formats="0")
    members["xl/styles.xml"] = members["xl/styles.xml"].replace(
        b'<xf numFmtId="200"/>', b'<xf numFmtId="%d"/>' % number
    )
    assert read(zipped(members)).sheets[0].cells[1, 1].value == datetime(1900, 3, 1)


@pytest.mark.parametrize(
    ("code", "date_like"),
    [
        ("yyyy-mm-dd", True),
        ("[$-409]d-mmm-yy;@", True),
        ("h:mm AM/PM", True),
        ("m/d/yy", True),
        ("[Red]dd.mm.", True),
        ("General", False),
        ("0.00", False),
        ("[Red]-0", False),
        ('0 "days"', False),
        (r"0\d", False),
        ("[h]:mm", False),
        ("[mm]:ss", False),
        ("@", False),
        ("[$USD] #,##0", False),
        ("_d0_)", False),
        ('"open', False),
        ("0.00E+00", False),
        ('"[h]"dd', True),
    ],
)
def test_a_format_is_a_date_when_its_letters_are(code: str, date_like: bool) -> None:
    """Colours, literals, paddings and locales are not; elapsed time is a number."""
    assert is_date(code) is date_like


def test_both_date_systems_count_as_excel_does() -> None:
    """The 1900 system has a 29 February that never was."""
    assert [date_1900(day) for day in (1, 59, 60, 61, 2_958_465)] == [
        datetime(1900, 1, 1), datetime(1900, 2, 28), 60, datetime(1900, 3, 1), datetime(9999, 12, 31),
    ]  # fmt: skip
    assert date_1904(0) == datetime(1904, 1, 1)
    assert date_1904(44_804) == date_1900(46_266) == datetime(2026, 9, 1)
    assert date_1900(2_958_465.9999999999) == 2_958_465.9999999999
    assert date_1904(2_957_004) == 2_957_004
    assert date_1900(0.1 + 0.2) == datetime(1899, 12, 31, 7, 12)


def test_a_workbook_of_the_1904_system_says_so() -> None:
    """Old Macintosh files."""
    members = parts(row('<c s="1"><v>44804</v></c>'), formats="d/m/yy")
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    )
    assert read(zipped(members)).sheets[0].cells[1, 1].value == datetime(2026, 9, 1)


def test_dialects_of_the_same_workbook_read_alike() -> None:
    """Strict namespaces, prefixes, UTF-16, and parts in other cases are all the same workbook."""
    rows, strings = row('<c t="s"><v>0</v></c>', "<c><f>1+1</f><v>2</v></c>"), "<si><t>é</t></si>"
    plain = parts(rows, strings=strings)
    wide = {
        name: ('<?xml version="1.0" encoding="UTF-16"?>' + data.decode()).encode("utf-16")
        for name, data in plain.items()
    }
    prefixed = dict(plain)
    sheet = plain["xl/worksheets/sheet1.xml"].decode()
    for tag in ("worksheet", "sheetData", "row", "c", "v", "f"):
        for mark in ("<", "</"):
            for after in (">", " "):
                sheet = sheet.replace(f"{mark}{tag}{after}", f"{mark}x:{tag}{after}")
    prefixed["xl/worksheets/sheet1.xml"] = sheet.replace(" xmlns=", " xmlns:x=").encode()
    upper = {name.replace("xl/styles", "xl/Styles"): data for name, data in plain.items()}
    dialects = [plain, parts(rows, strings=strings, main=STRICT), wide, prefixed, upper]
    books = [read(zipped(members)) for members in dialects]
    assert books[0].sheets[0].cells == {(1, 1): Cell("é"), (1, 2): Cell(2.0, "1+1")}
    assert all(one == other for one, other in pairwise(books))


def test_rules_of_the_2010_extension_are_rules() -> None:
    """Excel moves a rule there as soon as it refers to another sheet."""
    after = (
        '<dataValidations><dataValidation sqref="A1 B2" prompt="x"/></dataValidations>'
        "<extLst><ext><x14:dataValidations "
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list">'
        "<x14:formula1><xm:f>Lists!$A$1:$A$2</xm:f></x14:formula1><x14:formula2><xm:f>9</xm:f></x14:formula2>"
        "<xm:sqref>C3:C9</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    assert read(zipped(parts(after=after))).sheets[0].validations == (
        Validation(kind="none", sqref="A1 B2", formula=""),
        Validation(kind="list", sqref="C3:C9", formula="Lists!$A$1:$A$2"),
    )


def test_a_sheet_is_protected_only_when_it_is_switched_on() -> None:
    """Programs leave the element behind when the lock is taken off."""
    states = {'sheet="1"': True, 'sheet="true"': True, 'sheet="0"': False, 'objects="1"': False}
    for attribute, protected in states.items():
        assert read(zipped(parts(after=f"<sheetProtection {attribute}/>"))).sheets[0].protected is protected


def test_names_of_the_workbook_win_over_those_of_a_sheet() -> None:
    """Excel allows the same name in both."""
    members = parts()
    names = (
        b'</sheets><definedNames><definedName name="A" localSheetId="0">1</definedName>'
        b'<definedName name="A">2</definedName>'
        b'<definedName name="B" localSheetId="0">3</definedName></definedNames>'
    )
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b"</sheets>", names)
    assert read(zipped(members)).names == {"A": "2", "B": "3"}


def test_custom_properties_are_text_of_any_type() -> None:
    """A version typed as a number is told as its digits."""
    members = parts()
    members["_rels/.rels"] = members["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="c" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"/>'.encode()
        + b"</Relationships>",
    )
    members["docProps/custom.xml"] = (
        b'<Properties xmlns="p" xmlns:vt="v"><property name="id">\n<vt:lpwstr>abc</vt:lpwstr>\n</property>'
        b'<property name="n"><vt:i4>7</vt:i4></property>'
        b'<property name="e"><vt:empty/></property></Properties>'
    )
    assert read(zipped(members)).properties == {"id": "abc", "n": "7", "e": ""}
    del members["docProps/custom.xml"]
    assert read(zipped(members)).properties == {}


def test_sheets_that_hold_no_cells_are_passed_over_in_order() -> None:
    """Charts and dialogs are sheets of their own to Excel."""
    members = parts(row("<c><v>1</v></c>"))
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        b"<sheets>", b'<sheets><sheet name="Chart" sheetId="2" r:id="rId9"/>'
    )
    members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/chartsheet" Target="c.xml"/></Relationships>'.encode(),
    )
    assert [sheet.name for sheet in read(zipped(members)).sheets] == ["Plan"]


def test_macros_are_seen_and_not_read() -> None:
    """A project of Visual Basic makes it an .xlsm, whatever it is called."""
    book = read(zipped(parts() | {"xl/vbaProject.bin": b"\0"}))
    assert (book.format, book.macros) == ("xlsm", True)


def test_a_workbook_in_an_unusual_folder_is_found_by_its_relations() -> None:
    """Only relations say where parts are."""
    members = {name.replace("xl/", "book/"): data for name, data in parts(row("<c><v>1</v></c>")).items()}
    members["_rels/.rels"] = members["_rels/.rels"].replace(b'Target="xl/', b'Target="/book/')
    relation = "book/_rels/workbook.xml.rels"
    members[relation] = members[relation].replace(b"/xl/", b"/book/")
    assert read(zipped(members)).sheets[0].cells == {(1, 1): Cell(1.0)}


def test_a_stray_cell_far_away_is_kept_only_with_a_value() -> None:
    """Ghost rows of formatted blanks cost nothing."""
    ghost = '<row r="1048576"><c r="XFD1048576"{}</row>'
    assert cells(ghost.format(' s="1"/>')) == {}
    assert cells(ghost.format("><v>1</v></c>")) == {(1_048_576, 16_384): Cell(1.0)}


@pytest.mark.parametrize(
    "inner",
    [
        '<row><c t="s"><v>0</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        "<row><c><v>twelve</v></c></row>",
        "<row><c><v>nan</v></c></row>",
        "<row><c><v>1_0</v></c></row>",
        "<row><c><v>1e999</v></c></row>",
        '<row><c t="?"><v>1</v></c></row>',
        '<row><c t="b"><v>2</v></c></row>',
        '<row><c r="A"><v>1</v></c></row>',
        '<row><c r="A0"><v>1</v></c></row>',
        '<row><c r="a1"><v>1</v></c></row>',
        '<row><c r="XFE1"><v>1</v></c></row>',
        '<row><c r="ZZZZ1"/></row>',
        '<row r="7"><c r="A1048577"/></row>',
        '<row r="1048577"/>',
        '<row r="0"/>',
        '<row r="x"/>',
        '<row r="-1"/>',
        "<row><row/></row>",
        "<c><v>1</v></c>",
        "<row><c><c/></c></row>",
        "<row><c><v>1<v>2</v></v></c></row>",
        "<row><c><v>1</v><v>2</v></c></row>",
        '<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        "<row><c><v>1</v></row>",
        "<v>1</v>",
        '<row r="9"><c r="A9"/><c r="B"><v>1</v></c></row>',
        '<row r="9"><c r="A9"/><c r="A8x"/></row>',
    ],
)
def test_a_broken_sheet_is_damage_that_names_its_part(inner: str) -> None:
    """Nothing is guessed from a part that contradicts the format."""
    answer = refused(parts(inner))
    assert answer.code == "damaged" and answer.detail.startswith("xl/worksheets/sheet1.xml"), answer


@pytest.mark.parametrize(
    "part",
    ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml",
     "xl/sharedStrings.xml", "xl/styles.xml"],
)  # fmt: skip
def test_a_missing_or_broken_part_is_damage_that_names_it(part: str) -> None:
    """Other readers pass over a missing sheet in silence."""
    members = parts()
    answer = refused({name: data for name, data in members.items() if name != part})
    assert answer == Unreadable(code="damaged", detail=f"{part} is missing")
    assert refused(members | {part: b"<a><b></a>"}) == Unreadable(code="damaged", detail=part)


def test_a_sheet_without_a_relation_and_a_package_without_a_workbook_are_damage() -> None:
    """openpyxl reads both as nothing."""
    members = parts()
    members["xl/_rels/workbook.xml.rels"] = relations(OFFICE).encode()
    assert refused(members) == Unreadable(code="damaged", detail="sheet 'Plan' has no part")
    members["_rels/.rels"] = relations(OFFICE).encode()
    assert refused(members) == Unreadable(code="damaged", detail="the workbook part is missing")
    strange = parts() | {"xl/workbook.xml": b"<workbook/>"}
    assert refused(strange) == Unreadable(code="damaged", detail="xl/workbook.xml is no workbook")


def test_relations_that_lead_outside_are_not_followed() -> None:
    """Neither out of the file nor out of its folder."""
    members = parts()
    relation = "xl/_rels/workbook.xml.rels"
    outside = members[relation].replace(b"worksheets/sheet1.xml", b"../../sheet1.xml")
    assert refused(members | {relation: outside}).code == "hostile"
    external = members[relation].replace(b'Target="work', b'TargetMode="External" Target="work')
    assert refused(members | {relation: external}).code == "damaged"
