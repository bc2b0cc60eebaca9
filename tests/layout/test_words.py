"""Whatever a template says to people stands in its workbook."""

from __future__ import annotations

import re

import pytest

from xlplan.excel.rules import rule_for
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES


def said(layout: Layout) -> tuple[set[str], set[str]]:
    """The locked texts of a workbook's visible sheets, and the input messages of its cells."""
    texts = {
        str(put.value)
        for sheet in layout.sheets
        if not sheet.hidden
        for put in sheet.puts
        if put.value is not None
    }
    return texts, {
        rule_for(item, layout.spec.facts).prompt for item in (i for _, i in layout.inputs.values())
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_that_a_template_says_is_left_out(name: str) -> None:
    """Labels, guidance of fields, tables and sheets, messages, examples, purpose and source."""
    layout = form_of(name, FormFacts()).layout
    texts, messages = said(layout)
    shown, form = "\n".join(texts), layout.spec.form
    prompts = "\n".join(messages)
    for words in (form.purpose, form.plan_guide, re.sub(r" \(seed \d+\)", "", form.source)):
        assert words in shown
    for sheet in form.sheets:
        assert all(words in shown for words in (sheet.purpose, sheet.asks, *sheet.guide))
    for path, group in layout.spec.walk():
        assert group.guide in texts | {""}, path
        assert all(text in shown for example in group.examples for text in example), path
        for field in group.fields:
            assert field.label in shown, (path, field.name)
            assert field.guide in shown, (path, field.name)
            assert field.message in prompts, (path, field.name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_sentence_of_the_guide_is_there(name: str) -> None:
    """Whole, though broken into rows."""
    layout = form_of(name, FormFacts()).layout
    if not layout.spec.form.guide:
        return
    puts = sorted(layout.sheet("gde").puts, key=lambda put: (put.row, put.column))
    shown = " ".join(str(put.value) for put in puts if put.value is not None)
    for part in layout.spec.form.guide:
        for words in (part.heading, *part.text, *part.heads, *(text for row in part.rows for text in row)):
            assert " ".join(words.split()) in shown
