"""How a plan came about: the copies and returns that whoever filled it in had before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.layout.model import Layout
from xlplan.ledger import Ledger, StoredReturn
from xlplan.merge.threeway import Side
from xlplan.merge.values import plain_cells
from xlplan.pipeline.check import Context
from xlplan.pipeline.versions import Version, copy_of, version_of_return

MOST_WAYS = 16  # on which one plan came about that are told apart

Way = tuple[Version, ...]


@dataclass(slots=True)
class Descent:
    """Asks the ledger for each return once. `known`: the returns of one plan, in the order of recording."""

    ledger: Ledger
    context: Context
    known: Sequence[StoredReturn]
    _versions: dict[str, Version] = field(default_factory=dict)

    def version(self, stored: StoredReturn) -> Version:
        """The plan in a recorded return."""
        found = self._versions.get(stored.sha256)
        if found is None:
            found = version_of_return(self.ledger, stored, self.context)
            self._versions[stored.sha256] = found
        return found

    def ways(self, version: Version) -> list[Way]:
        """What came before a plan and the plan itself, oldest first; several ways where it was made from several."""
        return [(*way, version) for way in self._before(version, frozenset())][:MOST_WAYS]

    def ancestors(self, version: Version) -> set[str]:
        """The SHA-256 sums of the returns that a plan goes back to."""
        return {item.result.sha256 for way in self.ways(version) for item in way[:-1]}

    def _before(self, version: Version, passed: frozenset[str]) -> list[Way]:
        sha256 = version.result.sha256
        if sha256 in passed:
            return [()]
        passed |= {sha256}
        found: list[Way] = []
        for before in self._sources(version):
            found += [(*way, before) for way in self._before(before, passed)]
        earlier = tuple(self._earlier(version))
        return [(*way, *(item for item in earlier if item not in way)) for way in found or [()]]

    def _sources(self, version: Version) -> list[Version]:
        """The returns that a plan was merged from; else the one with whose answers its copy began."""
        by_id = {item.id: item for item in self.known}
        if version.stored is not None and version.stored.parents:
            parents = (by_id[number] for number in version.stored.parents if number in by_id)
            return [self.version(item) for item in parents if not item.erased]
        copy = copy_of(version, self.ledger)
        if copy is None or copy.kind == "fresh":
            return []
        begun = [item for item in self.known if item.sha256 == copy.inputs_hash != version.result.sha256]
        return [self.version(item) for item in begun[-1:] if not item.erased]

    def _earlier(self, version: Version) -> Iterable[Version]:
        """What the same person returned before, made from the same copy."""
        stored = version.stored
        for item in self.known:
            if stored is not None and item.id >= stored.id:
                break
            same = item.saved_by and item.saved_by == version.author and item.issue == version.issue
            if same and item.kind == "return" and not item.erased and item.sha256 != version.result.sha256:
                yield self.version(item)


def side_of(layout: Layout, ways: Sequence[Way], base: Version | None = None) -> Side:
    """A plan as a side of a merge. `base`: the copy that it was made from, if somebody named it."""
    version = ways[0][-1]
    if base is not None:
        ways = [(base, version)]
        made = [tuple(plain_cells(layout, item.cells) for item in way) for way in ways]
    else:
        made = [({}, *(plain_cells(layout, item.cells) for item in way)) for way in ways]
    first, *others = made
    return Side(label=label_of(version), versions=first, also=tuple(others))


def label_of(version: Version) -> str:
    """What people call a side: its file, and who saved it."""
    name = version.file.replace("\\", "/").rpartition("/")[2]
    return f"{name} ({version.author})" if version.author else name


def unknown_paths(layout: Layout, cells: Mapping[str, object]) -> list[str]:
    """The filled answers for which a form has no place."""
    return [path for path in cells if path not in layout.inputs]
