"""A zip of copies: written file by file, the same files give the same bytes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

INDEX = "index.txt"
_CLOCK = (1980, 1, 1, 0, 0, 0)


def write_pack(path: Path, index: str, files: Iterable[tuple[str, Path]]) -> None:
    """Write a zip with the index first and then these files, by the names given; only one is in memory at a time.

    Workbooks are packed already, so they are stored as they are.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as pack:
        # with a byte order mark Notepad and Excel take it for UTF-8; line ends as Windows has them
        pack.writestr(_info(INDEX), index.replace("\n", "\r\n").encode("utf-8-sig"))
        for name, source in files:
            with source.open("rb") as content, pack.open(_info(name), "w", force_zip64=False) as into:
                shutil.copyfileobj(content, into)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _CLOCK)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info
