"""The parts of split plans: together they ask for what the whole asks for, each at the same slot path."""

from __future__ import annotations

import pytest

from xlplan.errors import TemplateError
from xlplan.excel.plate import stamp
from xlplan.findings import Severity
from xlplan.form.plan import HEADER
from xlplan.form.spec import AS_TEXT, FormFacts, FormSpec
from xlplan.layout.model import Input, Layout
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.templates import TEMPLATES

# copies that were issued say which form they are of by these
DIGESTS = {
    "sfss": "aca5675c50c8e756",
    "data-team": "48818f43a6c1e5b1",
    "planning-process": "a8b794d2e68a0010",
    "planning-for-success": "453aa19aec31d94e",
    "strong-systems": "e743c5f8bb564015",
}


def asked(layout: Layout) -> dict[str, tuple[str, Input]]:
    """The boxes that people fill in: their sheet and what they are, by slot path."""
    return {path: (plan.title, item) for path, (plan, item) in layout.inputs.items() if not item.locked}


def parts(name: str) -> dict[str, Layout]:
    spec = form_of(name, FormFacts()).layout.spec
    return {part.key: form_of(name, FormFacts(part=part.key)).layout for part in spec.parts}


def texts(spec: FormSpec) -> list[str]:
    """Where references are typed as text."""
    return [
        f"{path}.{item.name}"
        for path, group in spec.walk()
        for item in group.fields
        if item.refers_to and item.refers_to.by == AS_TEXT
    ]


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_whole_plans_are_the_forms_they_were(name: str) -> None:
    """What is not said of parts leaves the facts, and so every digest and every issued copy, alone."""
    assert "part" not in FormFacts().as_json()
    assert form_of(name, FormFacts()).digest == DIGESTS[name]
    assert FormFacts.from_json(FormFacts(part="x").as_json()).part == "x"


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_parts_share_out_the_boxes_of_the_plan(name: str) -> None:
    """Each box of the whole stands in one part, on the same sheet and at the same cell; the head stands in all."""
    whole, found = form_of(name, FormFacts()).layout, parts(name)
    assert len(found) > 1
    shared: dict[str, tuple[str, int, int]] = {}
    for layout in found.values():
        assert set(HEADER) <= set(layout.inputs)
        boxes = asked(layout)
        assert boxes and not boxes.keys() & shared.keys()
        shared |= {path: (title, item.row, item.column) for path, (title, item) in boxes.items()}
        assert not any(layout.is_elsewhere(path) for path in boxes)
        assert all(layout.is_elsewhere(path) for path in asked(whole).keys() - boxes.keys())
    assert shared == {path: (title, item.row, item.column) for path, (title, item) in asked(whole).items()}


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_a_fresh_part_asks_for_what_it_holds(name: str) -> None:
    """Untouched, it is found blank, and nothing is found of other parts; one that requires nothing may stay so."""
    spec = form_of(name, FormFacts()).layout.spec
    for part in spec.parts:
        form = form_of(name, FormFacts(part=part.key))
        content = stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))
        result = check_file(content, "part.xlsx", Context())
        assert result.checked.part == part.key
        needs = sum(line["required"] for line in result.completeness)
        told = [item.code for item in result.checked.findings if item.severity is not Severity.NOTE]
        assert told == (["blank"] if needs else []), part.key


def test_references_into_other_parts_are_typed() -> None:
    """Names of rows that stand in another part cannot be chosen from a list; those of the part's own still are."""
    found = parts("planning-process")
    own = {
        key: [path for path in texts(layout.spec) if not layout.is_elsewhere(path)]
        for key, layout in found.items()
    }
    assert own == {
        "pl": [], "con": [], "tre": [], "rc": ["root_causes.trends"], "as": ["action_steps.root_causes"],
        "del": ["deliverables.action_step"], "fun": ["funding.action_step"],
    }  # fmt: skip
    rules = {key: {item.rule for _, item in asked(layout).values()} for key, layout in found.items()}
    assert "list:rows_root_causes_name" in rules["rc"] and "list:rows_trends_name" in rules["tre"]
    assert not any(rule.startswith("list:rows_") for rule in rules["del"] | rules["fun"] | rules["as"])


def test_sections_of_the_same_rows_go_together() -> None:
    """A companion sheet and a review stand beside what they speak of."""
    titles = {
        key: [plan.title for plan in layout.sheets] for key, layout in parts("planning-process").items()
    }
    assert {"3 Action steps", "4 Priorities"} <= set(titles["as"])
    assert "Review" in [plan.title for plan in parts("data-team")["st"].sheets]


def test_there_is_no_part_of_another_name() -> None:
    with pytest.raises(TemplateError, match="no part 'x' in sfss; there are pl, ch, rul"):
        form_of("sfss", FormFacts(part="x"))
