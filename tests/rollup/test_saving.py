"""Files are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlplan.rollup.saving import replacing


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """The new file takes the old one's place only when it is whole."""
    path = tmp_path / "district.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
