"""Results that are told at the end: in a file until then, since a state's plans are more than memory should hold."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from xlplan.errors import XlplanError

if TYPE_CHECKING:
    from xlplan.findings import Checked

Item = TypeVar("Item")
IN_MEMORY = 1_000_000  # bytes of results that are not worth a file


class Summary:
    """The counts of what came back; what we put together from parts is counted for itself."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.files = self.already = self.together = 0
        self.every: set[str] = set()  # outcomes, those of what was put together too

    def add(self, item: Checked) -> None:
        """Count a file."""
        self.every.add(item.outcome)
        if item.kind == "parts" and not item.already:
            self.together += 1
            return
        self.files += 1
        self.already += item.already
        self.outcomes[item.outcome] += 1
        self.findings.update(str(found.severity) for found in item.findings if not found.waived)

    def as_json(self) -> dict[str, Any]:
        """The summary of CONTRACT's JSON."""
        return {
            "files": self.files,
            **{outcome: self.outcomes[outcome] for outcome in ("accepted", "rejected", "refused")},
            "already": self.already,
            "findings": dict(self.findings),
            **({"together": self.together} if self.together else {}),
        }


class Spool(Generic[Item]):
    """Things in the order in which they were added, of which few stand in memory. A context manager."""

    def __init__(self) -> None:
        self._count = 0
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed on leaving

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, item: Item) -> None:
        """Keep one more. Raises XlplanError where there is no room on the disk."""
        self._count += 1
        try:
            pickle.dump(item, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise XlplanError(
                f"{tempfile.gettempdir()}: could not be written ({error.strerror or error}). Make room on the disk, "
                "and run the command again."
            ) from error

    def __iter__(self) -> Iterator[Item]:
        """All of them again, one at a time."""
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # what `add` wrote


class Kept(Spool["Checked"]):
    """Checked files with their summary."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = Summary()

    def add(self, item: Checked) -> None:
        """Keep one more, and count it."""
        self.summary.add(item)
        super().add(item)
