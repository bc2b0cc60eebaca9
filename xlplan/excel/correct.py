"""A correction copy: a prefilled copy with the sheets To fix and Left over, marked cells, and words beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xlplan.excel.plate import Plate, answered, assembled, formulas_xml, inputs_xml, taller, values_of
from xlplan.excel.rules import Rule, areas, rule_for
from xlplan.excel.sheet_xml import (
    AddedStrings,
    CompiledSheet,
    Row,
    Slot,
    attribute_text,
    computed,
    sheet_xml,
    typed,
)
from xlplan.form.expressions import Expr, Key, column_letters, key_of
from xlplan.languages import say, speaking
from xlplan.layout.correction import Correction, Mark
from xlplan.layout.heights import height, lines
from xlplan.layout.made import MadeRow
from xlplan.layout.model import Input, SheetPlan
from xlplan.layout.place import META
from xlplan.layout.sheet import CHECK, LEFTOVER, TOFIX
from xlplan.layout.tofix import FOUND_NAME, FOUND_ROW, ONE_PAGE

_PRIORITY = 100  # of the first mark: behind the sheet's own colours, which never speak of the same cells
_PROMPT, _PROMPT_TITLE = 255, 32
_DXF = re.compile(r'<cfRule [^>]*dxfId="(\d+)"')
_RULES = re.compile(r"<dataValidations\b.*?</dataValidations>", re.S)


def corrected(
    plate: Plate, personal: Mapping[str, str], cells: Mapping[str, object], correction: Correction
) -> bytes:
    """The copy; `plate` is one of `correction_layout`. `cells` maps slot paths to what their inputs hold."""
    with speaking(plate.layout.spec.facts.language):
        return _Correcting(plate, cells, correction).bytes(personal)


class _Correcting:
    """One correction copy in the making."""

    def __init__(self, plate: Plate, cells: Mapping[str, object], correction: Correction) -> None:
        self.plate, self.correction = plate, correction
        self.filled = answered(plate.layout, cells)
        found = {(META, FOUND_ROW + n, 2): value for n, value in enumerate(correction.found)}
        twins = {key: made.twin for key, made in correction.formulas.items()}
        self.values = values_of(plate, {**self.filled, "found": found}, twins)
        self.added = AddedStrings(plate.strings)
        # the fill of a faulty cell: the last format that the sheet To fix knows
        self.fill = _DXF.findall(plate.sheets[plate.layout.sheet(TOFIX).title].after)[-1]

    def bytes(self, personal: Mapping[str, str]) -> bytes:
        made = {plan.title: self._sheet(plan) for plan in self.plate.layout.sheets}
        sheets = {title: xml for title, xml in made.items() if xml is not None}
        return assembled(self.plate, sheets, personal, self.added.texts)

    def _sheet(self, plan: SheetPlan) -> str | None:
        """The sheet's XML; None where it is the plate's."""
        compiled = self.plate.sheets[plan.title]
        if plan.key == TOFIX:
            return self._made(plan, compiled, self.correction.to_fix)
        if plan.key == LEFTOVER:
            return self._made(plan, compiled, self.correction.left_over)
        if plan.title == META:
            return sheet_xml(self._with_found(compiled))
        return self._filled(plan)

    # --- sheets of the form

    def _filled(self, plan: SheetPlan) -> str | None:
        pieces, typed_in, marks = self.plate.pieces[plan.title], self.filled[plan.title], self._marks(plan)
        made = {key: formula for key, formula in self.correction.formulas.items() if key[0] == plan.title}
        cells = inputs_xml(pieces, typed_in, self.added)
        cells |= formulas_xml(pieces, self.plate.formulas[plan.title], self.values)
        for key, formula in made.items():
            text = f"<f>{attribute_text(formula.excel(plan.title))}</f>"
            cells[key] = replace(pieces.cells[key], formula=text).holding(computed(self.values[key]))
        for item, mark in marks:
            key = key_of(plan.title, item.row, item.column)
            slot = pieces.cells[key]
            slot = replace(slot, style=self.plate.twins[mark.weight][slot.style])
            cells[key] = slot.holding(typed(typed_in.get(key), self.added))
        if not cells:
            return None
        tall = taller(plan, typed_in)
        self._room_for_words(plan, made, tall)
        return pieces.with_(cells, tall, self._marked(plan, pieces.xml[-1], marks) if marks else None)

    def _marks(self, plan: SheetPlan) -> list[tuple[Input, Mark]]:
        found = []
        for path, mark in self.correction.marks.items():
            sheet, item = self.plate.layout.inputs[path]
            if sheet.title == plan.title:
                found.append((item, mark))
        return found

    def _room_for_words(self, plan: SheetPlan, formulas: Iterable[Key], tall: dict[int, float]) -> None:
        heights = {line.row: line.height for line in plan.lines}
        for title, row, column in formulas:
            if column == CHECK and row > 2:
                wanted = height(lines(str(self.values[title, row, column]), plan.widths[CHECK - 1] + 2))
                if wanted > tall.get(row, heights[row]):
                    tall[row] = wanted

    def _marked(self, plan: SheetPlan, after: str, marks: Sequence[tuple[Input, Mark]]) -> str:
        """What follows the cells, with fills that go once a cell is changed, and findings as input messages."""
        fills = "".join(
            self._fill(item, mark, number)
            for number, (item, mark) in enumerate(marks)
            if mark.weight == "fix"
        )
        told = {item.path: mark for item, mark in marks}
        rules = validations_xml(plan, self._rules(plan), told) if told else None
        at = after.find("<dataValidations")
        if at < 0:
            return after
        after = after[:at] + fills + after[at:]
        return _RULES.sub(lambda _: rules, after, count=1) if rules is not None else after

    def _fill(self, item: Input, mark: Mark, number: int) -> str:
        cell = f"{column_letters(item.column)}{item.row}"
        kept = f"INDEX({FOUND_NAME},{mark.found})"
        if not mark.found:
            test = f"LEN(TRIM({cell}))=0"
        elif mark.is_text:
            test = f"EXACT({cell},{kept})"
        else:
            test = f"AND(ISNUMBER({cell}),{cell}={kept})"
        return (
            f'<conditionalFormatting sqref="{cell}"><cfRule type="expression" dxfId="{self.fill}" '
            f'priority="{_PRIORITY + number}"><formula>{test}</formula></cfRule></conditionalFormatting>'
        )

    def _rules(self, plan: SheetPlan) -> dict[str, Rule]:
        return {
            item.path: rule_for(item, self.plate.layout.spec.facts) for item in plan.inputs if not item.locked
        }

    # --- sheets of the correction's own

    def _with_found(self, compiled: CompiledSheet) -> CompiledSheet:
        """Meta with the values found, for formulas and fills to compare with."""
        rows: list[Row] = []
        for number, value in enumerate(self.correction.found, FOUND_ROW):
            rows.append((number, f'r="{number}"', (Slot(number, 2, "0", typed(value, self.added)),)))
        count = len(self.correction.left_over)
        if count:
            row = compiled.rows[-1][0] + 1
            style = compiled.rows[-1][2][-1].style
            slots = tuple(
                Slot(row, column, style, typed(text, self.added))
                for column, text in ((1, LEFTOVER), (2, self.plate.layout.sheet(LEFTOVER).title))
            )
            rows.insert(0, (row, f'r="{row}"', slots))
        return replace(compiled, rows=(*compiled.rows, *rows))

    def _made(self, plan: SheetPlan, compiled: CompiledSheet, made: Sequence[MadeRow]) -> str:
        """A sheet whose rows are this copy's own, each with the styles of a row that the plate has."""
        models = {row: slots for row, _, slots in compiled.rows}
        attributes = {row: attributes for row, attributes, _ in compiled.rows}
        out = [re.sub(r'<dimension ref="[^"]*"\s*/>', "", compiled.before)]
        for number, row in enumerate(made, 1):
            out.append(f"<row {_row_attributes(attributes.get(row.like, ''), number, row.height)}>")
            out += [self._own_slot(plan, slot, number, row).xml for slot in models.get(row.like, ())]
            out.append("</row>")
        after = compiled.after
        if len(made) > ONE_PAGE:
            after = after.replace('fitToHeight="1"', 'fitToHeight="0"')
        boxes = [f"{column_letters(row.box)}{number}" for number, row in enumerate(made, 1) if row.box]
        out.append(_with_links(after, _yes_no(boxes) + _links(made)))
        return "".join(out)

    def _own_slot(self, plan: SheetPlan, model: Slot, number: int, row: MadeRow) -> Slot:
        content = row.cells.get(model.column)
        if isinstance(content, Expr):
            held = computed(self.values[plan.title, number, model.column])
            formula = f"<f>{attribute_text(content.excel(plan.title))}</f>"
            return Slot(number, model.column, model.style, held, formula)
        return Slot(number, model.column, model.style, typed(content, self.added))


def _row_attributes(model: str, number: int, points: float) -> str:
    rest = re.sub(r'\b(?:r|ht|customHeight|spans)="[^"]*"\s*', "", model).strip()
    return f'r="{number}" ht="{points:g}" customHeight="1" {rest}'.strip()


def _links(made: Iterable[MadeRow]) -> str:
    found = "".join(
        f'<hyperlink ref="{column_letters(column)}{number}" location="{attribute_text(place)}" '
        f'display="{attribute_text(str(row.cells.get(column, "")))}"/>'
        for number, row in enumerate(made, 1)
        for column, place in row.links.items()
    )
    return f"<hyperlinks>{found}</hyperlinks>" if found else ""


def _with_links(after: str, more: str) -> str:
    """Links and rules stand before the print options (ISO/IEC 29500, 18.3.1.99)."""
    before, found, rest = after.partition("<printOptions")
    return before + more + found + rest


def _yes_no(boxes: Sequence[str]) -> str:
    if not boxes:
        return ""
    rule = Rule(
        type="list", formula1="list_yes_no", error=say("Choose Yes or No."),
        title=say("Placed or not needed?")[:_PROMPT_TITLE],
        prompt=say("Answer Yes once its text stands where it belongs, or is not needed."),
    )  # fmt: skip
    return f'<dataValidations count="1">{_rule_xml(rule, " ".join(boxes), boxes[0])}</dataValidations>'


def validations_xml(plan: SheetPlan, rules: Mapping[str, Rule], told: Mapping[str, Mark]) -> str:
    """The sheet's rules; a marked cell has one of its own, whose message is the finding."""
    cells: dict[Rule, list[Input]] = defaultdict(list)
    for item in plan.inputs:
        if item.path in rules:
            rule, mark = rules[item.path], told.get(item.path)
            cells[rule if mark is None else _telling(rule, mark)].append(item)
    made = [
        _rule_xml(rule, " ".join(areas(items)), f"{column_letters(items[0].column)}{items[0].row}")
        for rule, items in cells.items()
    ]
    return f'<dataValidations count="{len(made)}">{"".join(made)}</dataValidations>'


def _telling(rule: Rule, mark: Mark) -> Rule:
    words = mark.words if len(mark.words) <= _PROMPT else mark.words[: _PROMPT - 1] + "…"
    return replace(rule, title=say("To fix {n}", n=mark.number)[:_PROMPT_TITLE], prompt=words)


def _rule_xml(rule: Rule, sqref: str, first: str) -> str:
    texts = {
        "type": rule.type, "operator": rule.operator, "allowBlank": "1", "showInputMessage": "1",
        "showErrorMessage": "1", "errorTitle": say("Please check"), "error": rule.error, "promptTitle": rule.title,
        "prompt": rule.prompt, "sqref": sqref,
    }  # fmt: skip
    said = " ".join(f'{name}="{attribute_text(text)}"' for name, text in texts.items() if text)
    formulas = [rule.formula1.replace("{cell}", first), rule.formula2]
    inner = "".join(
        f"<formula{number}>{attribute_text(text)}</formula{number}>"
        for number, text in enumerate(formulas, 1)
        if text is not None
    )
    return f"<dataValidation {said}>{inner}</dataValidation>"


__all__ = ["corrected", "validations_xml"]
