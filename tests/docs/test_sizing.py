"""What the page on a whole state says of time and space follows from the figures that were measured."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"


def maker() -> ModuleType:
    spec = spec_from_file_location("make_sizing", FOLDER / "sizing.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_current() -> None:
    """`python docs/how-to/sizing.py` makes it again."""
    made = maker()
    assert made.page() == made.PAGE.read_text(encoding="utf-8")
    assert made.table() in made.PAGE.read_text(encoding="utf-8")
