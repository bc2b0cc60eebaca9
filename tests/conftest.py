"""What all tests share: property tests have no deadline, since a machine may be busy.

In CI they draw the same examples each time, so that a change is judged by what it changed; at home they explore.
The tests of a file go to one worker, so that what is costly to make is made once; the longest groups go first.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import Phase, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.postgresql import postgresql as postgresql

PHASES = [phase for phase in Phase if phase is not Phase.explain]  # which traces every line, for minutes
settings.register_profile("xlplan", deadline=None, derandomize="CI" in os.environ, phases=PHASES)
settings.load_profile("xlplan")
gc.set_threshold(50_000)  # what stays from test to test is not to be looked at again and again

# Files that share what is costly to make: a running LibreOffice, all specimens, a campaign with its returns. By how
# they begin; a test belongs to the first group that names it.
TOGETHER = (
    ("tests/clients/test_opened_and_saved.py",),  # before its folder, so that two workers share that
    ("tests/clients/",),
    ("tests/specimens/",),
    ("tests/browser/",),
    ("tests/pipeline/test_killed.py", "tests/pipeline/test_at_once.py", "tests/cli/test_trouble.py"),
)
# What takes long is begun early, so that no worker is left with it while the others are done.
FIRST = (
    "tests/clients/test_opened_and_saved.py",
    "tests/cluster/",
    "tests/specimens/",
    "tests/pipeline/test_killed.py",
    "tests/pipeline/test_at_once.py",
    "tests/cli/test_trouble.py",
    "tests/clients/",
    "tests/browser/",
    "tests/pipeline/test_hostile.py",
    "tests/excel/test_limits.py",
    "tests/properties/",
    "tests/excel/test_plate_schema.py",
    "tests/pipeline/",
    "tests/rollup/",
    "tests/benchmarks/",
    "tests/layout/",
    "tests/cli/",
    "tests/excel/",
)


class ByFile(LoadScopeScheduling):
    """The tests of a file, or of files that belong together, one after the other in one worker.

    The mark `xdist_group` would say the same, but has no effect under pytest 9.2 (xdist 3.8 sets `_nodeid`).
    """

    def _split_scope(self, nodeid: str) -> str:
        own = nodeid.partition("::")[0]
        return next((files[0] for files in TOGETHER if nodeid.startswith(files)), own)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """In place of the scheduler that `--dist` names; it takes groups as they come, not by their number of tests."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, all others as they stand."""
    items.sort(key=place)


def place(item: pytest.Item) -> int:
    return next((at for at, begin in enumerate(FIRST) if item.nodeid.startswith(begin)), len(FIRST))
