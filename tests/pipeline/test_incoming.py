"""Files as they come in: found, in order, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlplan.errors import UsageError
from xlplan.pipeline.incoming import files_in


def test_files_come_in_the_order_of_paths_each_once(tmp_path: Path) -> None:
    """By folders first, not by letters: a folder's files stand together though another's name goes on differently."""
    names = ["a/1.xlsx", "a/2.xlsx", "a b/1.xlsx", "a-b.xlsx", "b.xlsx"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "~$1.xlsx").touch()
    found = files_in([tmp_path / "b.xlsx", str(tmp_path), tmp_path / "a"])
    paths = sorted(tmp_path / name for name in names)
    assert list(found) == [tmp_path / "b.xlsx", *(path for path in paths if path.name != "b.xlsx")]
    assert found[0] == tmp_path / "b.xlsx" and found[1:3] == paths[:2] and len(found) == 5


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(UsageError, match="There is no file or folder"):
        files_in([tmp_path / "none.xlsx"])
