"""A copy that went out in other words, saved by LibreOffice in every format: by the form as issued it earns nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, copy_of, run, start
from tests.pipeline.test_form_as_issued import checked, filled, head_of, told
from xlplan.layout import rows
from xlplan.pipeline import forms
from xlplan.samples import sample_plans

from .libreoffice import LibreOffice

FORMATS = ("xlsx", "ods", "xls")


@pytest.fixture
def anew() -> Iterator[None]:
    """Forms made with today's wording, before and after."""
    forms.form_with.cache_clear()
    yield
    forms.form_with.cache_clear()


@pytest.mark.usefixtures("anew")
def test_saves_of_the_former_wording(
    libreoffice: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is the same; an overtyped head is told with the text as issued, in each format."""
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    source = filled(folder, ADAMS, tmp_path / "a.xlsx", sample_plans("sfss")[0])
    saves = [tmp_path / f"saved.{ending}" for ending in FORMATS]
    libreoffice.run(source, save=saves)
    before = [checked(folder, file) for file in saves]
    assert [told(findings) for findings, _ in before] == [[], [], []]
    monkeypatch.setattr(rows, "STAR", " (required)")
    forms.form_with.cache_clear()
    assert [checked(folder, file) for file in saves] == before
    assert head_of(copy_of(folder, ADAMS), "\u00a0\u00a0*") == head_of(saves[1], "\u00a0\u00a0*")
