"""The reference pages are those that the code makes now."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def maker() -> ModuleType:
    spec = spec_from_file_location("make_reference", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["checks.md", "findings.md", "commands.md", "letters.md"])
def test_the_page_is_current(name: str) -> None:
    """`python docs/reference/make.py` makes it again."""
    assert (FOLDER / name).read_text(encoding="utf-8") == maker().PAGES[name]()
