"""What is remembered of parts changes no answer, and stays small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.excel import hostile
from tests.fuzz.reader import answer_to, by_expat
from xlplan.excel import read_memory
from xlplan.excel.read_memory import Memory
from xlplan.excel.read_plain import MANY_ROWS
from xlplan.layout.book import Book

PIECES = st.lists(st.text("abc", max_size=3), max_size=60)


@given(st.lists(PIECES, max_size=20))
def test_what_is_remembered_is_what_would_be_learnt(asked: list[list[str]]) -> None:
    """However often it was asked for, and whatever in between."""
    memory: Memory[str, str] = Memory(lambda _part, piece: piece.upper())
    for pieces in asked:
        assert memory.all("part", pieces) == [piece.upper() for piece in pieces]


def test_a_piece_met_twice_is_learnt_no_more() -> None:
    """One that is met once, as answers are, takes no room."""
    learnt: list[str] = []

    def learn(_part: str, piece: str) -> str:
        learnt.append(piece)
        return piece

    memory = Memory(learn)
    for _ in range(4):
        memory.all("part", ["a", "b"])
    memory.all("part", ["c"])
    assert learnt == ["a", "b", "a", "b", "c"]


def test_one_piece_that_is_not_plain_leaves_the_part_to_expat() -> None:
    """It is not remembered as anything."""
    memory: Memory[str, str] = Memory(lambda _part, piece: piece if piece.isalpha() else None)
    for _ in range(3):
        assert memory.all("part", ["a", "1"]) is None
        assert memory.all("part", ["a"]) == ["a"]


def test_a_memory_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces and in characters; full, it begins anew and gives the same."""
    monkeypatch.setattr(read_memory, "MOST_ONCE", 20)
    monkeypatch.setattr(read_memory, "MOST_CHARACTERS", 300)
    memory: Memory[str, int] = Memory(lambda _part, piece: len(piece), 50)
    for number in range(500):
        pieces = [f"{'x' * (number % 30)}{number % 70}"] * 3
        assert memory.all("part", pieces) == [len(pieces[0])] * 3
        assert len(memory._known) <= 50 and sum(map(len, memory._known)) <= 300
        assert len(memory._once) <= 20


def test_long_pieces_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would take the room of many."""
    monkeypatch.setattr(read_memory, "LONGEST", 3)
    memory: Memory[str, int] = Memory(lambda _part, piece: len(piece))
    for _ in range(3):
        assert memory.all("part", ["long", "abc"]) == [4, 3]
    assert set(memory._known) == {"abc"}


EMPTY = "".join(f'<row r="{row}" ht="{10 + row % 3}"/>' for row in range(1, MANY_ROWS + 5))
LAST = MANY_ROWS + 9
BODIES = {
    "empty rows alone": EMPTY,
    "a cell behind them": f'{EMPTY}<row r="{LAST}"><c r="B{LAST}"><v>1</v></c></row>',
    "a row within a row": f'{EMPTY}<row r="{LAST}"><row r="{LAST + 1}"/></row>',
    "a row begun in the tag of another": f'{EMPTY}<row <row r="{LAST}"/>',
    "a row without an end": f'{EMPTY}<row r="{LAST}">',
    "an attribute twice": f'{EMPTY}<row r="{LAST}" ht="1" ht="2"/>',
    "a prefix that was not declared": f'{EMPTY}<row r="{LAST}" x:ht="1"/>',
    "a row beyond the sheet": f'{EMPTY}<row r="9999999"/>',
    "a text between them": f"{EMPTY}text<row r='5'/>",
    "a shared string without its index": '<row r="1"><c r="A1" t="s"><v></v></c><c r="B1" t="s"><v>0</v></c></row>',
    "a shared string that is not there": '<row r="1"><c r="A1" t="s"><v>70</v></c></row>',
    "an index with a blank": '<row r="1"><c r="A1" t="s"><v>0 </v></c><c r="B1" t="s"><v>0</v></c></row>',
    "an index in foreign digits": '<row r="1"><c r="A1" t="s"><v>٠</v></c></row>',
    "a text in it": '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a &lt;</t></is></c></row>',
    "a text that is none": '<row r="1"><c r="A1" t="s"><is><t>a</t></is></c></row>',
    "a text with the end of CDATA": '<row r="1"><c r="A1" t="inlineStr"><is><t>]]></t></is></c></row>',
    "a control between cells": '<row r="1"><c r="A1"><v>1</v></c>\x1c<c r="B1"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", BODIES)
def test_rows_by_pieces_are_what_expat_reads(name: str) -> None:
    """Asked again and again, since what is remembered by then must be the same."""
    sheet = f'<worksheet xmlns="{hostile.MAIN}"><sheetData>{BODIES[name]}</sheetData></worksheet>'
    strings = f'<sst xmlns="{hostile.MAIN}"><si><t>a</t></si></sst>'
    content = hostile.workbook(sheet=[sheet.encode()], strings=[strings.encode()])
    answers = [answer_to(content) for _ in range(3)]
    assert answers == [by_expat(content)] * 3
    assert isinstance(answers[0], Book) == (name in READ), answers[0]


READ = {
    "empty rows alone", "a cell behind them", "a text between them", "a text in it", "an index with a blank",
    "a shared string without its index",
}  # fmt: skip


def test_texts_move_in_the_table_and_the_rows_stay() -> None:
    """A program that saves a copy numbers its texts anew; what rows say is the same but for that."""
    row = '<row r="1"><c r="A1" t="s"><v>{}</v></c><c r="B1"><v>5</v></c><c r="C1" t="s"><v>{}</v></c></row>'
    for first, second in ((0, 1), (1, 0), (1, 1), (0, 1)):
        sheet = f'<worksheet xmlns="{hostile.MAIN}"><sheetData>{row.format(first, second)}</sheetData></worksheet>'
        strings = f'<sst xmlns="{hostile.MAIN}"><si><t>a</t></si><si><t>b</t></si></sst>'
        book = answer_to(hostile.workbook(sheet=[sheet.encode()], strings=[strings.encode()]))
        assert isinstance(book, Book)
        assert [cell.value for cell in book.sheets[0].cells.values()] == ["ab"[first], 5.0, "ab"[second]]
