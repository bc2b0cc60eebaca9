"""`python -m xlplan.excel.child`: passwords as a JSON line and a file in by stdin, the file opened out by stdout.

Nothing comes out where no password opens it. Only `xlplan.excel.unlock` runs it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable

_MEMORY = 400_000_000  # bytes of address space
_SECONDS = 8  # of processor time


def main() -> None:
    """Read stdin, write stdout."""
    _limit()
    head, _, content = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(_opened(content, json.loads(head)))


def _limit() -> None:
    try:
        import resource  # not there on Windows, where the time limit of the parent has to do
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _opened(content: bytes, passwords: Iterable[str]) -> bytes:
    from xlplan.excel.opendocument import (
        opened as open_ods,
    )  # after the limits, so that they hold for what it loads

    opener = open_ods if content.startswith(b"PK") else _open_office
    for password in passwords:
        try:
            return opener(content, password)
        except Exception:  # whatever a wrong password or a broken file makes of the library
            continue
    return b""


def _open_office(content: bytes, password: str) -> bytes:
    import msoffcrypto  # heavy, and only for files that need it

    file = msoffcrypto.OfficeFile(io.BytesIO(content))
    file.load_key(password=password)
    target = io.BytesIO()
    file.decrypt(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
