"""Tables whose rows are about something that is printed in them: what each row shows stands locked before its boxes."""

from __future__ import annotations

from xlplan.form.expressions import Expr, literal
from xlplan.form.spec import Group
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, head_lines, height
from xlplan.layout.model import CellRef
from xlplan.layout.rows import CENTRED, Slots, blank, column_label, columns_of, heading, row_inputs, row_unit
from xlplan.layout.sheet import CHECK, FIRST, NUMBER, SheetBuilder

_LEAST = 2.0  # lines of a row


def printed_table(b: SheetBuilder, group: Group, path: str, *, alone: bool = False) -> Slots:
    """A header and a row a slot, each asked for; `alone` on its sheet, the header freezes."""
    assert group.printed is not None
    b.tables += 1
    if not alone:
        heading(b, group.label, group.guide, check=False)
    first = FIRST + len(group.printed.heads)
    head = _header(b, group, first)
    if alone:
        b.freeze, b.repeat = f"A{b.row}", (1, head)
    b.rows[path] = CellRef(b.title, head, FIRST)
    slots = Slots(0, [])
    for k, texts in enumerate(group.printed.rows[: group.slots]):
        slots.rows.append(_row(b, group, path, k, texts, (head, first), literal(1)))
    b.gap()
    return slots


def _header(b: SheetBuilder, group: Group, first: int) -> int:
    assert group.printed is not None
    columns = columns_of(group.fields)
    labels = [
        *group.printed.heads,
        *(field.word(choice) or column_label(field, at) for field, at, choice in columns),
    ]
    most = max(head_lines(text, b.width(FIRST + offset) - 1) for offset, text in enumerate(labels))
    row = b.line(22 if most == 1 else 15 * most + 8)
    b.text(row, CHECK, say("Check"), "head")
    b.puts.append(blank(row, NUMBER, "head"))
    for offset, text in enumerate(labels):
        boxed = FIRST + offset >= first
        centred = boxed and columns[FIRST + offset - first][0].kind in CENTRED
        b.text(row, FIRST + offset, text, "head.center" if centred else "head.in")
    for column in range(FIRST + len(labels), b.last_used + 1):
        b.puts.append(blank(row, column, "head"))
    return row


def _row(
    b: SheetBuilder,
    group: Group,
    path: str,
    k: int,
    texts: tuple[str, ...],
    at: tuple[int, int],
    asked: Expr,
) -> int:
    """One row, as high as what it shows; `at`: the row of the heads and the first column with boxes."""
    head, first = at
    tall = max(guide_lines(text, b.width(FIRST + offset) - 1) for offset, text in enumerate(texts))
    row = b.line(height(max(_LEAST, tall)), tag=f"{group.tag}{k + 1}", number=str(k + 1), least=_LEAST)
    where, place = f"{path}[{k}]", f"{group.noun} {k + 1}"
    b.rows[where] = CellRef(b.title, row, FIRST)
    for offset, text in enumerate(texts):
        b.text(row, FIRST + offset, text, "kept")
    columns = columns_of(group.fields)
    row_inputs(b, columns, where, row, first, place, head)
    return row_unit(b, group.fields, columns, row, place, where, asked, first=first, one_of=group.one_of).live
