"""What all tests share: property tests have no deadline, since a machine may be busy.

In CI they draw the same examples each time, so that a change is judged by what it changed; at home they explore.
Tests that share what is costly to make (a running LibreOffice, all specimens) go to one worker, by their folder.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import Phase, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

PHASES = [phase for phase in Phase if phase is not Phase.explain]  # which traces every line, for minutes
settings.register_profile("xlplan", deadline=None, derandomize="CI" in os.environ, phases=PHASES)
settings.load_profile("xlplan")

TOGETHER = (
    "tests/clients/test_opened_and_saved.py",  # before its folder, so that two workers share that
    "tests/clients/",
    "tests/specimens/",
    "tests/excel/test_plate_is_openpyxl.py",
    "tests/excel/test_read_others.py",
)


class ByFolder(LoadScopeScheduling):
    """The tests of some folders or files one after the other in one worker, all others one by one.

    The mark `xdist_group` would say the same, but has no effect under pytest 9.2 (xdist 3.8 sets `_nodeid`).
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder:
    """In place of the scheduler that `--dist` names."""
    return ByFolder(config, log)
