"""A real ledger, in a file and on a real server: every test of this folder that asks for one runs on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xlplan.ledger import Ledger


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the URL of another ledger that is not there yet, each time it is called."""
    if request.param == "postgresql":
        fresh: Callable[[], str] = request.getfixturevalue("postgresql")
        return fresh
    return lambda: f"sqlite:///{(tmp_path_factory.mktemp('ledger') / 'ledger.sqlite').as_posix()}"


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The URL of a ledger that is not there yet."""
    return new_url()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.open(url) as opened:
        yield opened


@pytest.fixture
def in_file(tmp_path: Path) -> str:
    """The URL of a ledger in a file that is not there yet, for what is SQLite's own."""
    return f"sqlite:///{(tmp_path / 'ledger.sqlite').as_posix()}"
