"""A real ledger in a file, and short ways to write records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xlplan.ledger import Ledger


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of a ledger that is not there yet."""
    return f"sqlite:///{(tmp_path / 'ledger.sqlite').as_posix()}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger in a file."""
    with Ledger.open(url) as opened:
        yield opened
