"""A reader's remarks answered in a real LibreOffice, with real keys."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.readers import ADAMS, DUE, OWNER, opened, plan
from xlplan.form.expressions import column_letters
from xlplan.form.spec import FormFacts
from xlplan.layout.tofix import STATE
from xlplan.pipeline.forms import form_of

from .libreoffice import LibreOffice
from .test_recalculation import formulas, same


def test_a_school_answers_a_remark(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Its line on To fix and the words beside the cell go; what comes back has answered this remark alone."""
    autumn = opened(tmp_path / "autumn")
    with autumn.ledger:
        autumn.send(plan())
        sent = autumn.send_back((OWNER, "Still there?"), (DUE, "Too early"))
        path, back = autumn.campaign.root / str(sent.correction), tmp_path / "back.xlsx"
        form = form_of("sfss", FormFacts())
        sheet, item = form.layout.inputs[OWNER]
        cell = f"{column_letters(item.column)}{item.row}"
        states = [("To fix", f"{column_letters(STATE)}{row}") for row in (7, 8)]
        words = [*states, (sheet.title, f"B{item.row}"), ("Start", "B3")]
        before = libreoffice.run(path, recalculate=True, values="all").by_cell()
        wrong = [
            (place, value, before[place].value)
            for place, value in formulas(path.read_bytes()).items()
            if not same(value, before[place].value if place in before else None)
        ]
        assert not wrong
        assert [before[place].value for place in states] == ["▲ As you sent it"] * 2
        after = libreoffice.run(path, type=[(sheet.title, cell, "A. Nkosi")], values=words, save=[back])
        assert not after.unchanged
        assert sorted(str(after.value(*place)) for place in states) == ["▲ As you sent it", "✓ Changed"]
        found = autumn.send(back.read_bytes())
        state = autumn.state(ADAMS)
        assert (found.outcome, state.state) == ("accepted", "accepted")
        assert [(one.remark.path, one.answered) for one in state.remarks] == [(OWNER, True), (DUE, False)]
        assert [(change.path, change.b) for change in autumn.history().returns[1].since_base or ()] == [
            (OWNER, "A. Nkosi")
        ]  # fmt: skip
