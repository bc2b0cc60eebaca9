"""Whatever was returned, its copy of a later round reads back as it began: nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.later import carried
from tests.specimens.build import form
from xlplan.findings import Severity
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

from .plans import plans
from .test_laws import LAW, NAMES, filled


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(LAW, max_examples=2)
def test_a_later_copy_reads_back_as_it_began(name: str, data: st.DataObject) -> None:
    """Random plans, with gaps, rows of which hardly anything is there, hostile texts, days at their bounds."""
    first = check_file(filled(name, data.draw(plans(form(name).layout.spec))), "x.xlsx", Context())
    for round_ in (CARRIED, STATUS_ROUND):
        one = carried(form(name), first.cells, round_)
        result = one.check(one.copy())
        assert set(result.cells) == set(one.cells)
        changed = {"label-changed", "protection-gone", "validation-gone", "contradiction", "list-changed"}
        assert not changed & {item.code for item in result.checked.findings}
        if round_ == STATUS_ROUND:
            asked, before = (
                {item.code for item in checked.findings if item.severity is Severity.ERROR}
                for checked in (result.checked, first.checked)
            )
            assert asked <= before | {"missing", "blank"}, asked - before
