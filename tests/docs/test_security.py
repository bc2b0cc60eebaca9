"""The page on security says the bounds that the code keeps, and names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pipeline.test_hostile import HOSTILE
from xlplan.campaign.files import MEGABYTE, MOST_BYTES
from xlplan.campaign.folder import KEY_LENGTH
from xlplan.excel import child, guard, unlock
from xlplan.ledger.database import BUSY_SECONDS

ROOT = Path(__file__).parents[2]
PAGE = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "said",
    [
        f"more than {MOST_BYTES // MEGABYTE} MB is refused",
        f"more than {guard.MOST_COMPRESSED // MEGABYTE} MB without being opened",
        f"may have {guard.MOST_INFLATED // MEGABYTE} MB, and {guard.MOST_PART // MEGABYTE} MB in one part",
        f"in {guard.MOST_MEMBERS:,} parts",
        f"{guard.MOST_RATIO} times",
        f"child process of {child._MEMORY // MEGABYTE} MB and {child._SECONDS} seconds",
        f"{unlock.TIME_LIMIT:.0f} seconds by the clock",
        f"{KEY_LENGTH * 8} random bits",
        f"up to {BUSY_SECONDS} seconds",
        f"{len(HOSTILE)} hostile texts",
    ],
)
def test_the_page_says_what_the_code_does(said: str) -> None:
    assert said in PAGE


def test_the_tests_that_it_names_are_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE)
    assert len(named) >= 5 and all((ROOT / name).exists() for name in named)
