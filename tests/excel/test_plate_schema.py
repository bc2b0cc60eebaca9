"""What a school receives opens in Excel without repair: the schema, and the limits that the schema does not know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries
from openxml_audit import OpenXmlValidator

from tests.pipeline.corrections import answer, checked_book
from tests.pipeline.test_correct import spoiled
from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import stamp
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

NO_THEME = "relationships/theme' is missing"  # optional in ISO/IEC 29500 (12.3.23), and a fortieth of a copy
NAMES = sorted(TEMPLATES)


def blank(name: str) -> tuple[Layout, bytes]:
    form = form_of(name, FormFacts())
    return form.layout, stamp(
        compile_plate(form.layout), personal(BLANK_SCHOOL, blank_identity(form), b"", "")
    )


def complaints(content: bytes, folder: Path) -> list[str]:
    path = folder / "copy.xlsx"
    path.write_bytes(content)
    found = (str(error) for error in OpenXmlValidator().validate(path).errors)
    return [text for text in found if NO_THEME not in text]


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_passes_the_schema(name: str, tmp_path: Path) -> None:
    """Schema and meaning, as the Open XML SDK judges them."""
    assert complaints(blank(name)[1], tmp_path) == []


def test_a_prefilled_copy_passes_the_schema(tmp_path: Path) -> None:
    """Values poured in are no less well formed."""
    content, refused = fill_bytes(blank("sfss")[1], sample_plans("sfss")[0], "blank.xlsx")
    assert refused is None
    assert complaints(content, tmp_path) == []


def correction(name: str) -> bytes:
    """A correction copy with marked boxes, a sheet Left over, and texts that formulas and rules trip over."""
    for seed in range(50):
        returned = checked_book(spoiled(name, seed)).returned
        if returned is not None and returned.left_over:
            return answer(name, returned)
    raise AssertionError("no spoiled copy has something left over")


@pytest.mark.parametrize("name", NAMES)
def test_a_correction_copy_passes_the_schema(name: str, tmp_path: Path) -> None:
    """With its own sheets, links, rules and colours."""
    assert complaints(correction(name), tmp_path) == []


@pytest.mark.parametrize("make", [lambda name: blank(name)[1], correction], ids=["blank", "correction"])
@pytest.mark.parametrize("name", NAMES)
def test_limits_of_excel(name: str, make: Callable[[str], bytes]) -> None:
    """What makes Excel offer a repair: long names and rules, overlapping areas, overlong formulas and literals."""
    book = load_workbook(BytesIO(make(name)))
    assert all(len(title) <= 31 and not re.search(r"[\\/?*\[\]:]", title) for title in book.sheetnames)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", named) for named in book.defined_names)
    for sheet in book:
        covered: Counter[tuple[int, int]] = Counter()
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.errorTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 255
            assert len(rule.formula1 or "") <= 255
            for area in str(rule.sqref).split():
                left, top, right, bottom = range_boundaries(area)
                covered.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        assert max(covered.values(), default=1) == 1, "two rules on one cell"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert len(cell.value) <= 8192
                    assert all(len(text) <= 257 for text in re.findall(r'"(?:[^"]|"")*"', cell.value))
                    assert _depth(cell.value) <= 64
                elif isinstance(cell.value, str):
                    assert len(cell.value) <= 32767
        assert len(sheet.oddFooter.left.text or "") + len(sheet.oddFooter.center.text or "") < 230


def _depth(formula: str) -> int:
    depth = deepest = 0
    for token in Tokenizer(formula).items:
        depth += {"OPEN": 1, "CLOSE": -1}.get(token.subtype, 0)
        deepest = max(deepest, depth)
    return deepest


@pytest.mark.parametrize("name", NAMES)
def test_locked_texts_in_areas_are_counted_right(name: str) -> None:
    """Formulas that count filled cells of an area take off its locked texts: recounted in the blank, they give 0."""
    layout, content = blank(name)
    book, shown = load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)
    inputs = {(sheet.title, item.row, item.column) for sheet, item in layout.inputs.values()}
    areas = 0
    for row in book["Live"].iter_rows():
        for cell in row:
            for sheet, area, taken in re.findall(
                r"COUNTA\((?:'?([^'!()]+)'?!)?([A-Z$0-9:]+)\)\)-(\d+)\)", str(cell.value or "")
            ):
                areas += 1
                cells = [one for line in shown[sheet][area.replace("$", "")] for one in line]
                # a preview formula over an empty cell still shows its letter
                full = [one for one in cells if str(one.value if one.value is not None else "").strip()]
                assert len(full) == int(taken), f"{sheet}!{area}"
                assert not any((sheet, one.row, one.column) in inputs for one in full)
    assert areas or name != "sfss"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_that_is_added_up_is_a_truth(name: str) -> None:
    """Excel's SUM over cells passes over TRUE, LibreOffice's counts it: what Live holds is 1 or 0."""
    book = load_workbook(BytesIO(blank(name)[1]))
    for row in book["Live"].iter_rows(min_col=2, max_col=5):
        for cell in row:
            if cell.data_type == "f":
                assert not _truth(cell.value.removeprefix("=")), f"Live!{cell.coordinate}: {cell.value}"


def _truth(formula: str) -> bool:
    """Whether the outermost operation gives TRUE or FALSE; references are numbers, by the same law."""
    while formula.startswith("(") and _closing(formula, 0) == len(formula) - 1:
        formula = formula[1:-1]
    level = _top(formula)
    if re.search(r"[+\-&]", level):
        return False
    if re.search(r"[<>=]", level):
        return True
    call = re.match(r"(IF|IFERROR)\(", formula)
    if call and _closing(formula, len(call[1])) == len(formula) - 1:
        parts = _arguments(formula[len(call[0]) : -1])
        return any(_truth(part) for part in (parts[1:] if call[1] == "IF" else parts))
    return bool(re.match(r"(AND|OR|ISTEXT|ISNUMBER|NOT)\(", formula))


def _plain(formula: str) -> str:
    """The formula with what stands in quotes blanked out, at equal length."""
    return re.sub(r'"(?:[^"]|"")*"', lambda found: "_" * len(found[0]), formula)


def _closing(formula: str, at: int) -> int:
    depth = 0
    for place, char in enumerate(_plain(formula)):
        if place >= at:
            depth += (char == "(") - (char == ")")
            if depth == 0 and place > at:
                return place
    return -1


def _top(formula: str) -> str:
    """What stands outside all brackets."""
    depth, out = 0, []
    for char in _plain(formula):
        depth += char == "("
        if depth == 0:
            out.append(char)
        depth -= char == ")"
    return "".join(out)


def _arguments(text: str) -> list[str]:
    depth, made, start = 0, [], 0
    for place, char in enumerate(_plain(text)):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            made.append(text[start:place])
            start = place + 1
    return [*made, text[start:]]
