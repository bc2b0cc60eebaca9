"""How often Python looks for objects that hold each other in a circle, so that nothing else would free them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# That came and stayed, before Python looks among them. A workbook's objects go by themselves; to look at them again and
# again while they are in use, after 700 each time, took a tenth of the time. After 100,000 it is no faster.
OBJECTS = 20_000


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom, until this is left."""
    before = gc.get_threshold()
    look_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def look_seldom() -> None:
    """Look for cycles seldom from now on."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
