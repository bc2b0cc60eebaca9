"""A school answers its mid-year check in LibreOffice: white boxes take what is typed, locked ones refuse it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.later import later
from xlplan.findings import Severity
from xlplan.form.rounds import CARRIED, STATUS_ROUND

from .libreoffice import LibreOffice
from .test_recalculation import formulas, same

pytestmark = pytest.mark.xdist_group("libreoffice")
BENCHMARKS = "initiatives[0].process_benchmarks"
FORMATS = ("xlsx", "ods", "xls")


@pytest.mark.parametrize("name", ["sfss", "strong-systems"])
def test_cached_values_of_a_mid_year_check_are_the_computed_ones(
    libreoffice: LibreOffice, tmp_path: Path, name: str
) -> None:
    """Some rows are answered, some are not, and in one that is empty something was typed."""
    one = later(name, STATUS_ROUND)
    answers = list(one.answers().items())
    stray = [path for path, (_, item) in one.form.layout.inputs.items() if item.name == "learned"][-1]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(one.copy(dict(answers[: len(answers) // 2]) | {stray: "in an empty row"}))
    cached = formulas(path.read_bytes())
    computed = libreoffice.run(path, recalculate=True, values="all").by_cell()
    wrong = [
        (place, value, computed[place].value if place in computed else None)
        for place, value in cached.items()
        if not same(value, computed[place].value if place in computed else None)
    ]
    assert not wrong
    assert {"Look: empty row", "✓ Done", "Needs done"} <= set(map(str, cached.values()))


def test_a_mid_year_check_is_typed_and_comes_back(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Status, a new day, what was learned and what changes; a locked text stays, in whatever format it is saved."""
    one = later("planning-for-success", STATUS_ROUND)

    def at(path: str) -> tuple[str, str]:
        cell = one.form.layout.cell_of(path)
        assert cell is not None
        return cell.sheet, cell.a1

    path = tmp_path / "check.xlsx"
    path.write_bytes(one.copy(one.answers()))
    row = f"{BENCHMARKS}[1]"
    typing = [
        (*at(f"{row}.benchmark"), "Something easier"),
        (*at(f"{row}.first_due"), "6/1/2027"),
        (*at(f"{row}.last_status"), "Met"),
        (*at(f"{row}.status"), "Partly met"),
        (*at(f"{row}.due"), "4/30/2027"),
        (*at(f"{row}.learned"), "Families come when dinner is served"),
        (*at(f"{row}.changes"), "Dinner at every evening"),
    ]
    saved = [tmp_path / f"back.{kind}" for kind in FORMATS]
    found = libreoffice.run(
        path, type=typing, values=[("Initiative 1", f"B{at(row + '.due')[1][1:]}")], save=saved
    )
    refused = {(cell.sheet, cell.cell) for cell in found.unchanged}
    assert refused == {at(f"{row}.{name}") for name in ("benchmark", "first_due", "last_status")}
    assert found.value("Initiative 1", f"B{at(row + '.due')[1][1:]}") == "✓ Done"
    for file in saved:
        result = one.check(file.read_bytes())
        assert result.checked.outcome == "accepted", file
        loud = [item for item in result.checked.findings if item.severity is Severity.WARNING]
        assert {item.code for item in loud} <= {"identity-weak"}, file
        assert result.checked.plan is not None
        told = result.checked.plan["initiatives"][0]["process_benchmarks"][1]
        assert (told["status"], told["due"], told["learned"], told["changes"]) == (
            "Partly met", "2027-04-30", "Families come when dinner is served", "Dinner at every evening",
        )  # fmt: skip
        assert (told["benchmark"], told["last_status"]) == (
            one.cells[f"{row}.benchmark"], one.cells[f"{row}.last_status"],
        )  # fmt: skip


@pytest.mark.parametrize("name", ["data-team", "planning-process"])
def test_a_carried_copy_comes_back_in_any_format(libreoffice: LibreOffice, tmp_path: Path, name: str) -> None:
    """Merely opened and saved, it has all that it began with, and nothing looks changed."""
    one = later(name, CARRIED)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(one.copy())
    first = one.check(path.read_bytes())
    saved = [tmp_path / f"back.{kind}" for kind in FORMATS]
    libreoffice.run(path, save=saved)
    for file in saved:
        result = one.check(file.read_bytes())
        assert result.cells == first.cells, file
        codes = {item.code for item in result.checked.findings} - {
            item.code for item in first.checked.findings
        }
        assert codes <= {"identity-weak"}, file
