"""Whatever a mutation makes of a real file, the answer is a workbook or a refusal, and both readers give the same.

What coverage-guided runs of `tests.fuzz.reader` have found lies in finds/, and is read here with the rest: inputs that
reached what nothing else had reached, and those that showed a fault once.
"""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.excel import hostile
from tests.fuzz.reader import answer_to, by_expat, file_of, locked, one
from xlplan.excel import read
from xlplan.excel.read_ole import MAGIC, OleFile
from xlplan.findings import CATALOGUE
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

HERE = Path(__file__).parent
COPIES = (
    HERE.parents[1] / "workbooks/sfss/good/attendance-high.xlsx",
    HERE.parents[1] / "workbooks/data-team/blank.xlsx",
    *sorted(path for path in (HERE / "files").iterdir() if path.is_file()),
)
FINDS = sorted((HERE / "finds").iterdir())
# What hostile and broken XML is made of, to be put where it hurts
TOKENS = (
    b"<", b">", b'"', b"/>", b"</c>", b"<c>", b"<v>", b"</v>", b"<f>", b"<row>", b"</row>", b"<is><t>", b"&amp;",
    b"&#0;", b"&#65;", b"&x;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"<!DOCTYPE a>", b' r="A1"',
    b' r="XFD1048576"', b' t="s"', b' t="e"', b' t="str"', b' s="99999"', b"1e999", b"nan", b"-1", b"_x000B_",
    b"_xD83D_", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b" ", b"\r\n", b' xmlns="a"', b' xmlns:a="b"', b"999999999999",
    "😀".encode(), b"\xed\xa0\x80",
)  # fmt: skip


@cache
def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with a few pieces changed, taken out, doubled, moved, or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 0, 1, 2, 5, 30, 300, 3000])))
        piece = draw(
            st.one_of(
                st.sampled_from(TOKENS), st.binary(max_size=4), st.just(b""), st.just(content[start:end] * 2)
            )
        )
        content = content[:start] + piece + content[end:]
    return content


def answered(content: bytes) -> None:
    """The law: a book or a refusal from both ways of reading, the same; and one outcome with codes of the catalogue."""
    with mock.patch.object(read, "unlocked", locked):
        assert answer_to(content) == by_expat(content)
        checked = check_file(content, "plan.xlsx", Context()).checked
    assert checked.outcome in ("accepted", "rejected", "refused")
    assert all(item.code in CATALOGUE and item.message for item in checked.findings)
    assert checked.outcome != "refused" or (len(checked.findings) == 1 and checked.plan is None)


@settings(max_examples=150)
@given(st.data())
def test_any_mutation_of_a_part_is_answered(data: st.DataObject) -> None:
    """Of a copy, and of what other programs made of a workbook; with checksums that are right."""
    members = parts(data.draw(st.sampled_from([path for path in COPIES if path.suffix != ".xls"])))
    name = data.draw(st.sampled_from(sorted(members)))
    answered(
        hostile.zipped(
            {key: [value] for key, value in members.items()} | {name: [data.draw(mutated(members[name]))]}
        )
    )


@settings(max_examples=60)
@given(st.data())
def test_parts_that_are_gone_or_change_places_are_answered(data: st.DataObject) -> None:
    """Each part is a part of its own, and need not be there."""
    members = dict(parts(data.draw(st.sampled_from([path for path in COPIES if path.suffix != ".xls"]))))
    one_of = st.sampled_from(sorted(members))
    for _ in range(data.draw(st.integers(1, 3))):
        first, second = data.draw(one_of), data.draw(one_of)
        if data.draw(st.booleans()):
            members[first], members[second] = members.get(second, b""), members.get(first, b"")
        else:
            members.pop(first, None)
    answered(hostile.zipped({key: [value] for key, value in members.items()}))


@settings(max_examples=100)
@given(st.data())
def test_any_mutation_of_a_file_is_answered(data: st.DataObject) -> None:
    """Of its bytes as they lie on disk."""
    answered(data.draw(mutated(data.draw(st.sampled_from(COPIES)).read_bytes())))


@settings(max_examples=100)
@given(st.data())
def test_any_mutation_of_the_records_of_an_xls_is_answered(data: st.DataObject) -> None:
    """Of the stream, in a compound file that is whole."""
    path = data.draw(st.sampled_from([path for path in COPIES if path.suffix == ".xls"]))
    stream = OleFile(path.read_bytes()).stream("Workbook", "Book")
    answered(hostile.compound("Workbook", data.draw(mutated(stream))))


@settings(max_examples=60)
@given(st.data())
def test_any_mutation_of_the_records_of_an_xlsb_is_answered(data: st.DataObject) -> None:
    """Of the sheet, and of its strings."""
    row = hostile.binary(0, bytes(17))
    cells = row + hostile.binary(7, bytes(12)) + hostile.binary(6, bytes(8) + hostile.wide("text"))
    strings = hostile.binary(19, b"\0" + hostile.wide("shared"))
    answered(hostile.xlsb([data.draw(mutated(cells))], [data.draw(mutated(strings))]))


def test_the_copies_are_read_before_they_are_mutated() -> None:
    """Else the laws above would be about refusals alone."""
    assert {path.suffix for path in COPIES} == {".xlsx", ".ods", ".xls"}
    assert all(not isinstance(answer_to(path.read_bytes()), str) for path in COPIES)
    assert any(path.read_bytes().startswith(MAGIC) for path in COPIES)
    assert FINDS


@pytest.mark.parametrize("path", FINDS, ids=[path.name for path in FINDS])
def test_what_fuzzing_found_is_answered(path: Path) -> None:
    """Every one led somewhere that no other input did."""
    data = path.read_bytes()
    one(data)
    answered(file_of(data))
