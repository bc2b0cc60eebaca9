"""`cells` lists every field of every slot, and every choice of a tick, exactly once and at a cell of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from xlplan.form.inspect import spec_of
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.pipeline.cells import cells_of
from xlplan.templates import TEMPLATES, template


def expected(group: Group, path: str) -> Iterator[str]:
    """The paths of a group as CONTRACT writes them, made from the spec alone."""
    for member in group.members:
        where = f"{path}.{member.name}" if path else member.name
        if isinstance(member, Field):
            if member.ticks and member.refers_to:
                yield from (f"{where}[{k}]" for k in range(4))
            elif member.ticks:
                yield from (f"{where}[{choice}]" for choice in member.choices)
            elif member.many:
                yield from (f"{where}[{k}]" for k in range(member.slots))
            else:
                yield where
        elif member.slots is None:
            yield from expected(member, where)
        else:
            for k in range(member.slots):
                yield from [f"{where}[{k}]"] if member.plain else expected(member, f"{where}[{k}]")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_cells_cover_the_form(name: str) -> None:
    """Nothing is missing, nothing stands twice, no two answers share a cell; the header alone is locked."""
    cells = cells_of(name)["cells"]
    paths = expected(spec_of(template(name), FormFacts()).root, "")
    assert sorted(cell["path"] for cell in cells) == sorted(paths)
    places = Counter((cell["sheet"], cell["cell"]) for cell in cells)
    assert max(places.values()) == 1
    assert {cell["path"] for cell in cells if cell["locked"]} == set(HEADER)
