"""The same copy in the dialects that programs write: the same plan, and no finding but what each one earns."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping

import pytest

from tests.clients.filled import Copy, filled_copy
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Unreadable
from xlplan.layout.sheet import LIVE
from xlplan.pipeline.cells import cells_of
from xlplan.pipeline.fill import fill_bytes
from xlplan.samples import sample_plans

from .dialects import (
    DIALECTS,
    Parts,
    dates_of_1904,
    described,
    each_xml,
    edit,
    in_encoding,
    macros,
    of_64_bits,
    part_of,
    parts_of,
    prefixed,
    reordered_strings,
    strict,
    strings_of,
    targets,
    undeclared,
    with_comment,
    with_end_of_64_bits,
    with_strangers,
    without_references,
    wrong_dimension,
    zipped,
)  # fmt: skip

COPIES = ("sfss", "planning-process")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Copy]:
    """Filled copies, their sample plans with a text that escapes have to hold."""
    folder = tmp_path_factory.mktemp("dialects")
    made = {}
    for name in COPIES:
        plan = json.loads(json.dumps(sample_plans(name)[0]))
        plan["team"][0]["role"] = "Leads _x0041_ & <writes>; ½ “é” 🎓"
        made[name] = filled_copy(folder / name, name, plan)
    return made


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize(("change", "earned"), DIALECTS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_dialect_is_the_same_plan(
    copies: Mapping[str, Copy], change: Callable[[Parts], None], earned: tuple[str, ...], name: str
) -> None:
    """Value for value; and exactly the findings that the dialect earns beside those of the plan."""
    one = copies[name]
    parts = parts_of(one.filled.read_bytes())
    change(parts)
    same(one, zipped(parts), earned)


def same(one: Copy, content: bytes, earned: tuple[str, ...] = ()) -> None:
    checked = one.check(content)
    assert checked.plan == one.unsaved.plan, [item.message for item in checked.findings]
    more = one.more(checked)
    assert {code for code, *_ in more} == set(earned), more
    assert (checked.outcome, checked.school_id) == ("accepted", one.unsaved.school_id)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", "UTF-16"), ("utf-8-sig", "utf-8"), ("ascii", "US-ASCII"), ("latin-1", "ISO-8859-1")],
)
def test_parts_in_another_encoding_are_the_same_plan(
    copies: Mapping[str, Copy], encoding: str, declared: str
) -> None:
    """XML says in which encoding it is; a mark at its beginning says so too."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    in_encoding(encoding, declared)(parts)
    same(one, zipped(parts))


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_a_mark_needs_no_declaration(copies: Mapping[str, Copy], order: str) -> None:
    """In both byte orders."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    undeclared(parts)
    each_xml(lambda _name, data: ("\ufeff" + data.decode()).encode(order))(parts)
    same(one, zipped(parts))


@pytest.mark.parametrize(
    "change",
    [
        lambda target: f"/xl/{target.removeprefix('/xl/')}",
        lambda target: target.removeprefix("/xl/"),
        lambda target: f"./{target.removeprefix('/xl/')}",
        lambda target: f"../xl/{target.removeprefix('/xl/')}",
        lambda target: f"worksheets/../{target.removeprefix('/xl/')}",
        lambda target: target.replace("worksheets", "WorkSheets"),
        lambda target: target.replace("sheet1", "%73heet1"),
    ],
)
def test_relations_lead_to_the_same_parts_however_they_are_written(
    copies: Mapping[str, Copy], change: Callable[[str], str]
) -> None:
    """Absolute, relative, by detours, in another case, with escaped letters."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    targets(change)(parts)
    same(one, zipped(parts))


@pytest.mark.parametrize(
    "pack",
    [
        lambda parts: zipped(parts, zipfile.ZIP_STORED),
        lambda parts: zipped(dict(reversed(list(parts.items())))),
        described, of_64_bits, with_end_of_64_bits, with_comment, with_strangers,
    ],
    ids=["stored", "back to front", "described", "of 64 bits", "end of 64 bits", "comment", "strangers"],
)  # fmt: skip
def test_a_zip_of_another_make_is_the_same_plan(
    copies: Mapping[str, Copy], pack: Callable[[Parts], bytes]
) -> None:
    """However its parts are packed."""
    one = copies["sfss"]
    same(one, pack(parts_of(one.filled.read_bytes())))


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize(
    ("begins", "code"), [("<!DOCTYPE worksheet><worksheet", "hostile"), ("<worksheet<", "damaged")]
)
def test_the_sheet_that_is_never_read_is_xml_all_the_same(
    copies: Mapping[str, Copy], name: str, begins: str, code: str
) -> None:
    """What the form computes is computed anew, but a file that is broken or hostile there is still that."""
    parts = parts_of(copies[name].filled.read_bytes())
    edit(parts, part_of(parts, LIVE), lambda xml: xml.replace("<worksheet", begins, 1))
    answer = read_workbook(zipped(parts))
    assert isinstance(answer, Unreadable) and answer.code == code


def test_macros_are_never_passed_on(copies: Mapping[str, Copy]) -> None:
    """A file with macros is read; what is made from it has none."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    macros(parts)
    made, refused = fill_bytes(zipped(parts), {}, "returned.xlsm")
    assert refused is None
    assert not any("vba" in name.casefold() for name in parts_of(made))
    assert b"macro" not in parts_of(made)["[Content_Types].xml"]
    book = read_workbook(made)
    assert isinstance(book, Book) and not book.macros
    assert one.check(made).plan == one.unsaved.plan


def test_merged_inputs_keep_what_is_left_and_say_so(copies: Mapping[str, Copy]) -> None:
    """Excel keeps the upper left value of what is merged; nothing else is taken for it."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    sheet = part_of(parts, "Plan")
    ranges = '<mergeCells count="1"><mergeCell ref="D17:E17"/></mergeCells>'
    edit(parts, sheet, lambda xml: xml.replace("</sheetData>", f"</sheetData>{ranges}", 1))
    assert "<mergeCells" in parts[sheet].decode()
    checked = one.check(zipped(parts))
    assert [code for code, *_ in one.more(checked)] == ["merged"]
    assert checked.plan == one.unsaved.plan


def test_dialects_mix(copies: Mapping[str, Copy]) -> None:
    """Several of them in one file."""
    one = copies["sfss"]
    parts = parts_of(one.filled.read_bytes())
    for change in (
        reordered_strings, dates_of_1904, without_references, wrong_dimension, prefixed, strict,
        in_encoding("utf-16", "UTF-16"),
    ):  # fmt: skip
        change(parts)
    same(one, of_64_bits(parts))


FORMULAS = {
    "plain": "<f>1+1</f>",
    "shared, first": '<f t="shared" ref="D17:D19" si="7">1+1</f>',
    "shared, following": '<f t="shared" si="7"/>',
    "array": '<f t="array" ref="D17">1+1</f>',
    "table": '<f t="dataTable" ref="D17:D19" dt2D="0" r1="A1"/>',
    "with blanks": '<f xml:space="preserve"> 1+1 </f>',
}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@pytest.mark.parametrize(("field", "kind"), [("due", ""), ("action", ' t="str"')])
def test_a_formula_in_a_box_gives_its_value_and_is_told(
    copies: Mapping[str, Copy], formula: str, field: str, kind: str
) -> None:
    """However it is written, for a day as for a text."""
    one = copies["sfss"]
    path = f"challenges[0].strategies[0].steps[0].{field}"
    cell = next(cell for cell in cells_of(str(one.issued))["cells"] if cell["path"] == path)
    parts = parts_of(one.filled.read_bytes())
    texts = strings_of(parts)

    def change(found: re.Match[str]) -> str:
        value = texts[int(found[3])] if kind else found[3]
        return f'<c r="{cell["cell"]}"{found[1]}{kind}>{formula}<v>{value}</v></c>'

    pattern = rf'<c r="{cell["cell"]}"( s="[0-9]+")( t="s")?><v>([^<]*)</v></c>'
    edit(parts, part_of(parts, cell["sheet"]), lambda xml: re.sub(pattern, change, xml))
    checked = one.check(zipped(parts))
    assert checked.plan == one.unsaved.plan
    assert [(code, where) for code, where, *_ in one.more(checked)] == [("formula", path)]
