"""What hands and programs do to the sheets of any template: rows, columns, ranges, cards, sheets, names, locks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape

from xlplan.excel.damage import edited, unprotected
from xlplan.excel.read import read_workbook
from xlplan.form.expressions import column_letters
from xlplan.form.identity import Identity
from xlplan.layout.book import Book
from xlplan.pipeline.forms import blank_identity

from . import edits, pages
from .patient import Ill, Patient

Make = Callable[[Patient], bytes]
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a template has what: slot paths of rows that its sample fills.

    `table`: a table's second row; `fields`: two of its columns. `card`: the second row of a table whose rows are
    cards of several lines, `companion`: the second of a table whose rows stand beside those of another sheet.
    `sheet`: one with answers of which there are several, and `other`: one more.
    """

    table: str
    fields: tuple[str, str]
    sheet: str
    other: str
    card: str = ""
    companion: str = ""
    guide: bool = True


SHAPES = {
    "sfss": Shape("resources[1]", ("cost", "funding_source"), "Challenge 1", "Challenge 2", guide=False),
    "data-team": Shape("strategies[0].steps[1]", ("resources", "measures"), "Strategy 1", "Strategy 2"),
    "planning-process": Shape(
        "trends[1]", ("data_source", "finding"), "1 Trends", "2 Root causes", "action_steps[1]",
        "action_steps[1].priority",
    ),
    "planning-for-success": Shape(
        "initiatives[0].process_benchmarks[1]", ("owner", "due"), "Initiative 1", "SWOT",
        "initiatives[0].resources[1]",
    ),
    "strong-systems": Shape(
        "initiatives[0].deliverables[0].steps[1]", ("start", "owner"), "Initiative 1", "Criteria",
        "initiatives[0].deliverables[1]", "initiatives[0].deliverables[1].criteria",
    ),
}  # fmt: skip


def shape(one: Patient) -> Shape:
    return SHAPES[one.name]


def _moved(one: Patient, title: str, move: pages.Move, *, rules: bool = True) -> bytes:
    return pages.moved(one.content, one.layout, title, move, rules=rules)


def _written(one: Patient, content: bytes, title: str, a1: str, text: str) -> bytes:
    inner = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return edits.put(content, one.layout, title, a1, "inlineStr", inner)


# --- rows and columns


def row_inserted(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).table)
    return _moved(one, title, pages.row_in(rows[0]))


def three_rows_inserted_at_the_top(one: Patient) -> bytes:
    return _moved(one, one.box(shape(one).table)[0], pages.row_in(1, 3))


def row_deleted(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).table)
    return _moved(one, title, pages.rows_out(rows[0], len(rows)))


def rows_sorted(one: Patient) -> bytes:
    """Three rows of a table from last to first, whole rows."""
    title, rows, _ = one.block(shape(one).table)
    at = rows[0]
    return _moved(one, title, pages.rows_in_order((at + 1, at, at - 1)))


def row_moved_to_the_end(one: Patient) -> bytes:
    """A row cut and pasted below all others of its sheet."""
    title, rows, _ = one.block(shape(one).table)
    last = next(sheet.last_row for sheet in one.layout.sheets if sheet.title == title)
    return _moved(one, title, pages.cut(range(rows[0], rows[0] + 1), range(1, 30), down=last + 3 - rows[0]))


def column_inserted(one: Patient) -> bytes:
    title, _, columns = one.block(shape(one).table)
    return _moved(one, title, pages.column_in(columns[1]))


def column_deleted(one: Patient) -> bytes:
    row, name = shape(one).table, shape(one).fields[1]
    title, _, column = one.box(f"{row}.{name}")
    return _moved(one, title, pages.column_out(column))


def columns_swapped(one: Patient) -> bytes:
    row = shape(one).table
    first, second = (one.box(f"{row}.{name}") for name in shape(one).fields)
    return _moved(one, first[0], pages.columns_swapped(first[2], second[2]))


def first_columns_deleted(one: Patient) -> bytes:
    """Tags, checks and numbers are gone with their columns."""
    title = one.box(shape(one).table)[0]
    return _moved(one, title, lambda place: (place[0], place[1] - 3) if place[1] > 3 else None)


# --- ranges


def answers_one_column_right(one: Patient) -> bytes:
    """The answers of one row moved along by a cell put in before them."""
    title, rows, columns = one.block(shape(one).table)
    return _moved(one, title, pages.cut(range(rows[0], rows[0] + 1), columns, along=1), rules=False)


def cells_put_in(one: Patient) -> bytes:
    """Cells put in above a column's answers: the rest of the column moves down, texts and all."""
    title, rows, columns = one.block(shape(one).table)
    return _moved(one, title, pages.cut(range(rows[0], 300), range(columns[0], columns[0] + 1), down=1))


def cells_taken_out(one: Patient) -> bytes:
    title, rows, columns = one.block(shape(one).table)

    def move(place: pages.Place) -> pages.Place | None:
        if place[1] != columns[0] or place[0] < rows[0]:
            return place
        return None if place[0] == rows[0] else (place[0] - 1, place[1])

    return _moved(one, title, move)


def pasted_over_head_and_rows(one: Patient) -> bytes:
    """A block from another file over the head of a table, its tags and its rows."""
    title, rows, columns = one.block(shape(one).table)
    cells = [
        f"{column_letters(column)}{row}"
        for row in range(rows[0] - 3, rows[0] + 3)
        for column in range(1, columns[-1] + 1)
    ]

    def edit(xml: str) -> str:
        for a1 in cells:
            xml = edits.with_cell(xml, a1, "inlineStr", f"<is><t>pasted {a1}</t></is>")
        return xml

    return edited(one.content, {edits.part_of(one.layout, title): edit})


def _table(one: Patient) -> tuple[str, range, range]:
    """Sheet, rows and columns of the first two rows of the shape's table."""
    title, second, columns = one.block(shape(one).table)
    return title, range(second[0] - 1, second[0] + 1), columns


# --- texts of the form


def tags_emptied(one: Patient) -> bytes:
    title = one.box(shape(one).table)[0]
    return _moved(one, title, lambda place: None if place[1] == 1 and place[0] > 3 else place)


def numbers_overtyped(one: Patient) -> bytes:
    """Tag and number of a row: nothing tells any more which row it is."""
    title, rows, _ = one.block(shape(one).table)
    content = _written(one, one.content, title, f"A{rows[0]}", "ours")
    return _written(one, content, title, f"C{rows[0]}", "first of all")


def head_overtyped(one: Patient) -> bytes:
    row, name = shape(one).table, shape(one).fields[0]
    title, item = one.layout.inputs[f"{row}.{name}"]
    assert item.header is not None
    a1 = f"{column_letters(item.header[1])}{item.header[0]}"
    return _written(one, one.content, title.title, a1, "What we call it here")


def heads_swapped(one: Patient) -> bytes:
    """The heads of two columns in each other's place, the answers where they were."""
    title, items, content = "", [], one.content
    for name in shape(one).fields:
        plan, item = one.layout.inputs[f"{shape(one).table}.{name}"]
        title = plan.title
        items.append(item)
    places = [item.header for item in items]
    assert None not in places

    def move(place: pages.Place) -> pages.Place | None:
        return places[1] if place == places[0] else places[0] if place == places[1] else place

    return pages.moved(content, one.layout, title, move, rules=False)


def key_overtyped(one: Patient) -> bytes:
    """What names a sheet to us, and the sheet's own name."""
    title = shape(one).sheet
    content = _written(one, one.content, title, "A3", "ours")
    return _book(content, lambda xml: xml.replace(f'name="{title}"', 'name="First of all"'))


def notes_beside_and_far_below(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).table)
    plan = next(sheet for sheet in one.layout.sheets if sheet.title == title)
    content = _written(
        one, one.content, title, f"{column_letters(plan.last_column + 2)}{rows[0]}", "ask Ms. Lee"
    )
    part = edits.part_of(one.layout, title)
    far = '<row r="4711"><c r="D4711" t="inlineStr"><is><t>and this too</t></is></c></row></sheetData>'
    return edited(content, {part: lambda xml: xml.replace("</sheetData>", far)})


def boxes_merged(one: Patient) -> bytes:
    """Two boxes of a column become one; the answer of the second stays in the file."""
    title, rows, columns = _table(one)
    letters = column_letters(columns[0])
    merge = f'<mergeCells count="1"><mergeCell ref="{letters}{rows[0]}:{letters}{rows[1]}"/></mergeCells>'
    part = edits.part_of(one.layout, title)
    before = re.compile("(?=<(?:conditionalFormatting|dataValidations))")
    return edited(one.content, {part: lambda xml: before.sub(merge, xml, count=1)})


# --- sheets


def _book(content: bytes, change: Callable[[str], str]) -> bytes:
    return edited(content, {BOOK: change})


def without_sheets(one: Patient, *titles: str) -> bytes:
    """The workbook without these sheets; names that led there lead nowhere."""
    content = one.content
    for title in titles:

        def cut_out(xml: str, title: str = title) -> str:
            xml = re.sub(rf'<sheet [^>]*name="{re.escape(title)}"[^>]*/>', "", xml)
            quoted = f"(?:'{re.escape(title)}'|{re.escape(title)})"
            return re.sub(rf">{quoted}![^<]*</definedName>", ">#REF!</definedName>", xml)

        content = _book(content, cut_out)
    return content


def sheet_deleted(one: Patient) -> bytes:
    return without_sheets(one, shape(one).sheet)


def two_sheets_deleted(one: Patient) -> bytes:
    return without_sheets(one, shape(one).sheet, "Plan")


def start_and_meta_deleted(one: Patient) -> bytes:
    """What is left to tell whose copy it is are a name and a property; its form facts are gone."""
    return without_sheets(one, "Start", "Meta")


def lists_deleted(one: Patient) -> bytes:
    return without_sheets(one, "Lists", "Live")


def guide_deleted(one: Patient) -> bytes:
    return without_sheets(one, "Guide")


def sheet_renamed(one: Patient) -> bytes:
    return _book(
        one.content, lambda xml: xml.replace(f'name="{shape(one).sheet}"', 'name="Our &lt;own&gt; name"')
    )


def names_swapped(one: Patient) -> bytes:
    first, second = shape(one).sheet, shape(one).other

    def change(xml: str) -> str:
        xml = xml.replace(f'<sheet xmlns:r="{_R}" name="{first}"', "<first", 1)
        xml = xml.replace(
            f'<sheet xmlns:r="{_R}" name="{second}"', f'<sheet xmlns:r="{_R}" name="{first}"', 1
        )
        return xml.replace("<first", f'<sheet xmlns:r="{_R}" name="{second}"', 1)

    return _book(one.content, change)


_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _with_sheet(content: bytes, name: str, xml: str) -> bytes:
    """One sheet more, behind all others."""
    content = edits.with_member(content, "xl/worksheets/sheet99.xml", xml.encode())
    line = f'<sheet xmlns:r="{_R}" name="{name}" sheetId="99" r:id="rId99"/></sheets>'
    relation = f'<Relationship Id="rId99" Type="{_R}/worksheet" Target="/xl/worksheets/sheet99.xml"/></Relationships>'
    return edited(
        content,
        {
            BOOK: lambda text: text.replace("</sheets>", line),
            RELATIONS: lambda text: text.replace("</Relationships>", relation),
        },
    )


def _xml_of(one: Patient, content: bytes, title: str) -> str:
    held: list[str] = []

    def look(xml: str) -> str:
        held.append(xml)
        return xml

    edited(content, {edits.part_of(one.layout, title): look})
    return held[0]


def sheet_copied(one: Patient) -> bytes:
    return _with_sheet(one.content, f"{shape(one).sheet} (2)", _xml_of(one, one.content, shape(one).sheet))


def sheet_copied_and_changed(one: Patient) -> bytes:
    title, first, last = shape(one).sheet, *_first_and_last(one, shape(one).sheet)
    changed = edits.text(one.content, one.layout, first, "In the copy we say something else, 3 times.")
    changed = edits.text(changed, one.layout, last, "In the copy alone")
    return _with_sheet(one.content, f"{title} (2)", _xml_of(one, changed, title))


def _first_and_last(one: Patient, title: str) -> tuple[str, str]:
    """The first answered box of a sheet, and its last one, which is empty."""
    paths = [
        path for path, (plan, item) in one.layout.inputs.items() if plan.title == title and not item.locked
    ]
    return next(path for path in paths if path in one.answers), paths[-1]


def sheet_added(one: Patient) -> bytes:
    cell = '<c r="B2" t="inlineStr"><is><t>We met on Tuesday, and agreed on all.</t></is></c>'
    xml = f'<worksheet xmlns="{_MAIN}"><sheetData><row r="2">{cell}</row></sheetData></worksheet>'
    return _with_sheet(one.content, "Minutes", xml)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of_another_school(one: Patient) -> bytes:
    """Moved in from another school's copy, with the line that names it."""
    title, code = shape(one).sheet, blank_identity(one.form).form_code
    book = read_workbook(one.content)
    assert isinstance(book, Book)
    cells = next(sheet.cells for sheet in book.sheets if sheet.name == title)
    row, column = next(place for place, cell in cells.items() if code in str(cell.value))
    other = code.replace("000000000000", "530825001379")
    return _written(one, one.content, title, f"{column_letters(column)}{row}", f"B school  ·  {other}")


# --- locks, rules and names


def rules_gone(one: Patient) -> bytes:
    part = edits.part_of(one.layout, shape(one).sheet)
    return edited(
        one.content, {part: lambda xml: re.sub("<dataValidations.*</dataValidations>", "", xml, flags=re.S)}
    )


def rule_pasted_over(one: Patient) -> bytes:
    """One box no longer checks what is typed, as after a paste."""
    title, row, column = one.box(f"{shape(one).table}.{shape(one).fields[0]}")
    part = edits.part_of(one.layout, title)
    cut_out = pages.cut(range(row, row + 1), range(column, column + 1), down=10_000)
    return edited(
        one.content, {part: lambda xml: pages._moved_rules(xml, lambda p: None if cut_out(p) != p else p)}
    )


def values_only(one: Patient) -> bytes:
    """No locks, rules, names or properties, as tools write that know values alone."""
    content = unprotected(one.content)
    parts = {edits.part_of(one.layout, sheet.title) for sheet in one.layout.sheets}
    content = edited(
        content,
        dict.fromkeys(
            parts, lambda xml: re.sub("<(dataValidations|conditionalFormatting).*</\\1>", "", xml, flags=re.S)
        ),
    )
    content = _book(
        content,
        lambda xml: re.sub("<workbookProtection[^>]*/>|<definedNames>.*</definedNames>", "", xml).replace(
            ' state="hidden"', ""
        ),
    )
    return edits.everywhere(content, f"<vt:lpwstr>{one.identity}</vt:lpwstr>", "<vt:lpwstr/>")


def list_changed(one: Patient) -> bytes:
    return _written(one, one.content, "Lists", "A1", "Certainly")


def names_lead_nowhere(one: Patient) -> bytes:
    return _book(
        one.content,
        lambda xml: re.sub(r'(<definedName name="(?:list|rows)_[^"]*">)[^<]*<', r"\1#REF!<", xml),
    )


def _other(one: Patient, **changes: object) -> str:
    own = blank_identity(one.form)
    names = ("campaign", "school", "template", "version", "issue", "digest")
    return Identity(**({name: getattr(own, name) for name in names} | changes)).text(b"")


def identity_of_another_school(one: Patient) -> bytes:
    """On Start; elsewhere in the file the first one is left."""
    other = _other(one, school="530825001379")
    return edited(one.content, {"xl/sharedStrings.xml": lambda xml: xml.replace(one.identity, other)})


# --- cards, companions


def line_put_into_a_card(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).card)
    return _moved(one, title, pages.row_in(rows[0] + 1))


def card_deleted(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).card)
    return _moved(one, title, pages.rows_out(rows[0], len(rows)))


def cards_swapped(one: Patient) -> bytes:
    """Two cards in each other's place, each with its lines."""
    second = shape(one).card
    title, rows, _ = one.block(second)
    first = one.block(f"{second[:-3]}[0]")[1]
    lead = rows[0] - first[0]
    order = [*range(rows[0], rows[0] + lead), *first, *range(first[-1] + 1, rows[0])]
    return _moved(one, title, pages.rows_in_order(order))


def companions_sorted(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).companion)
    at = rows[0]
    return _moved(one, title, pages.rows_in_order((at + 1, at, at - 1)))


def companion_row_deleted(one: Patient) -> bytes:
    title, rows, _ = one.block(shape(one).companion)
    return _moved(one, title, pages.rows_out(rows[0]))


def companion_answers_one_row_down(one: Patient) -> bytes:
    title, rows, columns = one.block(shape(one).companion)
    return _moved(one, title, pages.cut(range(rows[0] - 1, rows[0] + 2), columns, down=1), rules=False)


def companion_sheet_deleted(one: Patient) -> bytes:
    return without_sheets(one, one.block(shape(one).companion)[0])


def companion_row_overtyped(one: Patient) -> bytes:
    """The name that is carried over, the tag and the number of a row."""
    title, rows, _ = one.block(shape(one).companion)
    content = one.content
    for letters, text in (("A", "x"), ("C", "one"), ("D", "Our own name for it")):
        content = _written(one, content, title, f"{letters}{rows[0]}", text)
    return content


STRUCTURE: dict[str, tuple[Make, set[str]]] = {
    "row-inserted": (row_inserted, {"moved"}),
    "rows-inserted-at-the-top": (three_rows_inserted_at_the_top, {"moved"}),
    "row-deleted": (row_deleted, {"label-changed"}),
    "rows-in-another-order": (rows_sorted, {"moved"}),
    "row-moved-below-the-others": (row_moved_to_the_end, {"moved"}),
    "column-inserted": (column_inserted, {"moved"}),
    "column-deleted": (column_deleted, {"contradiction"}),
    "columns-swapped": (columns_swapped, {"moved"}),
    "first-columns-deleted": (first_columns_deleted, {"moved"}),
    "answers-one-column-right": (answers_one_column_right, set()),
    "cells-put-in": (cells_put_in, {"contradiction"}),
    "cells-taken-out": (cells_taken_out, {"contradiction"}),
    "pasted-over-head-and-rows": (pasted_over_head_and_rows, {"contradiction"}),
    "tags-emptied": (tags_emptied, {"label-changed"}),
    "tag-and-number-overtyped": (numbers_overtyped, {"contradiction"}),
    "head-overtyped": (head_overtyped, {"label-changed"}),
    "heads-swapped": (heads_swapped, {"contradiction"}),
    "key-and-name-overtyped": (key_overtyped, {"label-changed", "sheet-renamed"}),
    "notes-beside-and-far-below": (notes_beside_and_far_below, {"stray"}),
    "boxes-merged": (boxes_merged, {"merged"}),
    "sheet-deleted": (sheet_deleted, {"section-missing"}),
    "two-sheets-deleted": (two_sheets_deleted, {"section-missing"}),
    "start-and-meta-deleted": (start_and_meta_deleted, {"identity-weak"}),
    "lists-deleted": (lists_deleted, {"list-changed"}),
    "sheet-with-markup-in-its-name": (sheet_renamed, {"sheet-renamed"}),
    "sheets-with-each-other-s-name": (names_swapped, {"sheet-renamed"}),
    "sheet-copied": (sheet_copied, {"sheet-twice"}),
    "sheet-copied-and-changed": (sheet_copied_and_changed, {"sheet-twice"}),
    "sheet-of-our-own-added": (sheet_added, {"extra-sheet"}),
    "sheet-of-another-school": (sheet_of_another_school, {"identity-conflict"}),
    "rules-gone": (rules_gone, {"validation-gone"}),
    "rule-of-one-box-gone": (rule_pasted_over, {"validation-gone"}),
    "values-only": (values_only, {"protection-gone", "validation-gone"}),
    "list-overtyped": (list_changed, {"list-changed"}),
    "names-lead-nowhere": (names_lead_nowhere, {"list-changed"}),
    "identity-of-another-school": (identity_of_another_school, {"identity-conflict"}),
}
CARDS: dict[str, tuple[Make, set[str]]] = {
    "line-put-into-a-card": (line_put_into_a_card, {"moved"}),
    "card-deleted": (card_deleted, {"label-changed"}),
    "cards-swapped": (cards_swapped, {"moved"}),
}
COMPANIONS: dict[str, tuple[Make, set[str]]] = {
    "companions-in-another-order": (companions_sorted, {"moved"}),
    "companion-row-deleted": (companion_row_deleted, {"label-changed"}),
    "companion-answers-one-row-down": (companion_answers_one_row_down, {"stray"}),
    "companion-sheet-deleted": (companion_sheet_deleted, {"section-missing"}),
    "companion-row-overtyped": (companion_row_overtyped, {"contradiction"}),
}


BY_HAND = ("answers-one-column-right", "companion-answers-one-row-down")


def torn(one: Patient) -> Iterator[tuple[str, Ill]]:
    """The illnesses of structure that a template's sheets can have."""
    made = dict(STRUCTURE)
    if shape(one).guide:
        made["guide-deleted"] = (guide_deleted, {"guide-missing"})
    made |= (CARDS if shape(one).card else {}) | (COMPANIONS if shape(one).companion else {})
    for name, (make, codes) in made.items():
        yield name, Ill(partial(make, one), codes, of=one, by_hand=name in BY_HAND)
