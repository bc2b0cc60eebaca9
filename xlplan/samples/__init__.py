"""Invented sample plans and a real roster (NCES Common Core of Data), for the demonstration and the specimens."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any


def sample_plans(template: str) -> list[dict[str, Any]]:
    """The hand-written plans of a template, in order of their numbers; none for a template without."""
    folder = files(__package__) / template.replace("-", "_")
    if not folder.is_dir():
        return []
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".json"))
    return [json.loads((folder / name).read_text(encoding="utf-8")) for name in names]


def roster_file(name: str = "spokane") -> Path:
    """A roster that ships with the package."""
    with as_file(files(__package__) / "rosters" / f"{name}.csv") as path:
        return path
