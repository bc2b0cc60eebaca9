"""A raw plan into the model: mend each cell, close up the rows, ask pydantic, and say in findings what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xlplan.findings import Finding, Severity, finding
from xlplan.form.expressions import Key
from xlplan.form.plan import HEADER, Plan
from xlplan.form.text import clean_text
from xlplan.intake.answers import Answers, answers_of
from xlplan.intake.conditions import judge_tables
from xlplan.intake.explain import explain
from xlplan.intake.group import grouped, in_sheet_order
from xlplan.intake.plan_data import PlanData, dumped, plan_data
from xlplan.intake.references import References
from xlplan.intake.values import as_text
from xlplan.intake.window import judge_days
from xlplan.layout.model import Layout
from xlplan.layout.raw import RawPlan

__all__ = ["Validated", "dumped", "in_sheet_order", "validate"]


@dataclass(slots=True, kw_only=True)
class Validated:
    """What a raw plan came to. `plan`: its JSON as far as readable; `typed`: the raw cells for the twin's formulas.

    `slots`: closed-up list path → the slot of each item. `filled`: slot path → (sheet, cell) of what was typed.
    `values`: slot path → the answer as it was mended, where the cell gave one.
    """

    plan: dict[str, Any]
    findings: list[Finding]
    slots: dict[str, tuple[int, ...]]
    filled: dict[str, tuple[str, str]]
    typed: dict[Key, object]
    values: dict[str, object]
    model: Plan | None = None


def validate(
    layout: Layout, model: type[Plan], raw: RawPlan, header: Mapping[str, str | None] | None = None
) -> Validated:
    """The plan in a raw plan, with every finding. `header`: the school's own facts, which beat the file's."""
    answers = answers_of(layout, raw)
    references = References(answers)
    made = plan_data(answers, references)
    made.data |= _header(raw, header or {})
    plan: Plan | None = None
    read = list(answers.findings)
    if not answers.blank or layout.elsewhere:
        plan = _ask(model, answers, made)
        judge_tables(answers, made.tables)
        judge_days(answers)
        references.judge_names()
    findings = answers.findings
    if answers.blank and (not layout.elsewhere or len(findings) > len(read)):  # a part may ask for nothing
        findings = [*read, finding("blank")]
    findings = grouped(in_sheet_order(layout, raw.findings + findings))
    faulty = any(item.severity is Severity.ERROR for item in findings)
    return Validated(
        plan=dumped(layout.spec.root, made.data), findings=findings, slots=made.slots, filled=_filled(answers),
        typed=_typed(layout, raw), values=answers.values, model=None if faulty else plan,
    )  # fmt: skip


def _header(raw: RawPlan, known: Mapping[str, str | None]) -> dict[str, Any]:
    """The locked fields: as the file shows them, where nobody knows better."""
    cells = {name: raw.values[name].cell.value for name in HEADER if name in raw.values}
    texts = {name: clean_text(as_text(value), lines=False) for name, value in cells.items() if value}
    read: dict[str, str | None] = {name: text for name, text in texts.items() if text}
    if "school_id" not in read:
        read.pop("school", None)  # the district's own plan shows the district's name there
    return {name: value for name, value in (read | dict(known)).items() if value}


def _ask(model: type[Plan], answers: Answers, made: PlanData) -> Plan | None:
    try:
        return model.model_validate(made.data, context={"window": answers.layout.spec.facts.window})
    except ValidationError as error:
        explain(answers, made, error.errors(include_url=False, include_context=True))
        return None


def _filled(answers: Answers) -> dict[str, tuple[str, str]]:
    return {
        path: (value.sheet, value.a1)
        for path, value in answers.raw.values.items()
        if path in answers.values or path in answers.failed
    }


def _typed(layout: Layout, raw: RawPlan) -> dict[Key, object]:
    found: dict[Key, object] = {}
    for path, value in raw.values.items():
        sheet, item = layout.inputs[path]
        found[sheet.title, item.row, item.column] = value.cell.value
    return found
