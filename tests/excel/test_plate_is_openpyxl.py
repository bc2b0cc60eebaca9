"""A stamped copy is cell for cell what openpyxl would have written for that school."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import stamp
from xlplan.excel.write import write
from xlplan.form.spec import FormFacts
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal
from xlplan.templates import TEMPLATES

pytestmark = pytest.mark.xdist_group("plate")  # books are loaded once
FRESH_LIMIT = 61_440  # bytes: 60 kB a copy


@pytest.fixture(scope="module", params=sorted(TEMPLATES))
def pair(request: pytest.FixtureRequest) -> tuple[Workbook, Workbook, dict[str, str], bytes]:
    """What was stamped, what openpyxl writes from the layout, what differs per school, and the stamped bytes."""
    form = form_of(request.param, FormFacts())
    own = personal(BLANK_SCHOOL, blank_identity(form), b"", "")
    stamped = stamp(compile_plate(form.layout), own)
    return load_workbook(BytesIO(stamped)), load_workbook(BytesIO(write(form.layout))), own, stamped


def said(value: object, own: dict[str, str]) -> object:
    """The text with what differs per school put in."""
    if isinstance(value, str):
        for name, text in own.items():
            value = value.replace(f"⟦{name}⟧", text)
    return value


def looks(cell) -> tuple[object, ...]:
    """Everything but the font's place in a theme, which a copy does not have."""
    parts = (cell.protection, cell.fill, cell.border, cell.alignment)  # proxies: equal only as texts
    return cell.number_format, *map(repr, parts), cell.font.name, cell.font.b, cell.font.sz, cell.font.u


def colour(cell) -> object:
    return "FF1B2A35" if cell.font.color.type == "theme" else cell.font.color.rgb


def sheets(pair) -> list[tuple[Worksheet, Worksheet]]:
    stamped, written, _, _ = pair
    assert stamped.sheetnames == written.sheetnames
    return [(stamped[name], written[name]) for name in written.sheetnames]


def test_cells(pair) -> None:
    """Values, formulas and everything about their looks."""
    _, _, own, _ = pair
    seen: dict[tuple[object, ...], bool] = {}
    for ours, theirs in sheets(pair):
        assert ours.max_row == theirs.max_row
        for row in theirs.iter_rows():
            for cell in row:
                other = ours[cell.coordinate]
                assert other.value == said(cell.value, own) or (not other.value and not cell.value), cell
                assert other.data_type == cell.data_type or cell.value in (None, ""), cell
                styles = (ours.title, tuple(other._style or ()), tuple(cell._style or ()))
                if styles not in seen:  # looks are few, cells are many
                    seen[styles] = looks(other) == looks(cell) and colour(other) == colour(cell)
                assert seen[styles], f"{ours.title}!{cell.coordinate} looks otherwise"
                assert (other.hyperlink and other.hyperlink.location) == (
                    cell.hyperlink and cell.hyperlink.location
                )


def test_sheets(pair) -> None:
    """Protection, frozen rows, widths, heights, print set-up, visibility."""
    for ours, theirs in sheets(pair):
        for name in ("protection", "page_setup", "page_margins", "print_options", "row_breaks"):
            assert getattr(ours, name) == getattr(theirs, name), f"{ours.title}: {name}"
        for name in ("freeze_panes", "sheet_state", "print_area", "print_title_rows"):
            assert getattr(ours, name) == getattr(theirs, name), f"{ours.title}: {name}"
        assert ours.sheet_properties.tabColor == theirs.sheet_properties.tabColor
        widths = [
            {key: (d.width, d.hidden) for key, d in s.column_dimensions.items()} for s in (ours, theirs)
        ]
        heights = [{key: d.height for key, d in s.row_dimensions.items() if d.height} for s in (ours, theirs)]
        assert widths[0] == widths[1]
        assert heights[0] == heights[1]


def test_rules(pair) -> None:
    """Validation and colours, rule for rule."""
    for ours, theirs in sheets(pair):
        rules = [
            [(rule, str(rule.sqref)) for rule in s.data_validations.dataValidation] for s in (ours, theirs)
        ]
        assert rules[0] == rules[1]
        colours = [
            [
                (str(area.sqref), [(rule.formula, rule.stopIfTrue) for rule in area.rules])
                for area in s.conditional_formatting
            ]
            for s in (ours, theirs)
        ]
        assert colours[0] == colours[1]


def test_book(pair) -> None:
    """Names, the document property, the structure's lock, recalculation, the sheet it opens on."""
    stamped, written, own, _ = pair
    names = [
        {name: said(d.attr_text, own) for name, d in book.defined_names.items()}
        for book in (stamped, written)
    ]
    assert names[0] == names[1]
    assert stamped.custom_doc_props["xlplan_identity"].value == own["identity"]
    assert stamped.security.lockStructure
    assert stamped.calculation.fullCalcOnLoad
    assert stamped.active.title == "Start"


def test_a_fresh_copy_is_small(pair) -> None:
    """60 kB: a district mails thousands."""
    assert len(pair[3]) <= FRESH_LIMIT


def test_nothing_of_the_template_is_left(pair) -> None:
    """No mark of what differs per school stays unfilled, and no part names a clock."""
    with ZipFile(BytesIO(pair[3])) as parts:
        for info in parts.infolist():
            assert "⟦" not in parts.read(info).decode()
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
