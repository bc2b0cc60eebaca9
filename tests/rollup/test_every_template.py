"""Tables and the district's workbook, of every template with its own sample plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.pipeline.loop import LINES, begun, returned
from tests.rollup.books import book
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Meaning
from xlplan.ledger import Ledger
from xlplan.pipeline.rolling import Source, deck_of
from xlplan.rollup.deck import Deck
from xlplan.rollup.frames import tidy
from xlplan.rollup.workbook import write_workbook
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

NAMES = [name for name in TEMPLATES if sample_plans(name)]
AS_OF = date(2027, 1, 31)
Loaded = tuple[str, Source, Deck]


@pytest.fixture(scope="module", params=NAMES)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Three schools, all returned and accepted."""
    name = request.param
    campaign = begun(tmp_path_factory.mktemp("c") / name, name)
    plans = sample_plans(name)[: len(LINES)]
    assert [item.outcome for item in returned(campaign, plans)] == ["accepted"] * len(LINES)
    with Ledger.open(campaign.ledger_url) as ledger, deck_of([(campaign, ledger)], AS_OF) as deck:
        yield name, Source(campaign, ledger, AS_OF), deck


def test_every_row_of_every_plan_is_in_its_table_with_its_cell(loaded: Loaded) -> None:
    """No table is lost, no row, and each row says where it was read."""
    name, source, _ = loaded
    shape, plans = source.shape(name), [record for _, record in source.records()]
    tables = tidy(shape, plans)
    assert len(tables) == len(shape.tables), "no two tables share a name"
    for table in shape.tables:
        rows = [plan.plan for plan in plans]
        for part in table.path.replace("[]", "").split(".") if table.path else ():
            inner = [row[part] for row in rows]
            rows = [item for value in inner for item in (value if isinstance(value, list) else [value])]
        frame = tables[table.name]
        assert len(frame) == len(rows), table.name
        filled = [row for row in rows if not isinstance(row, dict) or any(value for value in row.values())]
        assert frame["cell"].notna().sum() == len(filled), table.name


def test_the_workbook_has_the_sheets_that_its_template_has_answers_for(
    loaded: Loaded, tmp_path: Path
) -> None:
    """Priorities, money, causes, benchmarks only where the form asks for them; Due wherever something is due."""
    name, _, deck = loaded
    write_workbook(deck, tmp_path / "s.xlsx")
    found = set(book(tmp_path / "s.xlsx").sheetnames)
    marks = {field.meaning for _, group in spec_of(template(name)).walk() for field in group.fields}
    for sheet, meaning in (
        ("Priorities", Meaning.PRIORITY), ("Money", Meaning.MONEY), ("Causes", Meaning.CAUSE),
        ("Benchmarks", Meaning.STATUS),
    ):  # fmt: skip
        assert (sheet in found) is (meaning in marks), sheet
    assert {"Summary", "Returns", "Completeness", "Timeline", "Due", "Dictionary", "Method"} <= found
    assert not {"Progress", "Districts"} & found, "one district, in its first round"
