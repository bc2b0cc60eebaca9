"""How a plan came about: the copies and returns that whoever filled it in had before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.errors import UsageError
from xlplan.layout.model import Layout
from xlplan.ledger import IssuedCopy, Ledger, StoredReturn
from xlplan.merge.threeway import Side
from xlplan.merge.values import Plain, plain_cells
from xlplan.pipeline.opening import Context
from xlplan.pipeline.versions import FRESH, Version, begun_with, copy_of, issued_copy, version_of_return

MOST_WAYS = 16  # on which one plan came about that are told apart

Way = tuple[Version, ...]


@dataclass(slots=True)
class Descent:
    """Asks the ledger for each return once. `known`: the returns of one plan, in the order of recording."""

    ledger: Ledger
    context: Context
    known: Sequence[StoredReturn]
    _versions: dict[str, Version] = field(default_factory=dict)
    _began: dict[int, Version | None] = field(default_factory=dict)

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
        found: set[str] = set()
        left = [version]
        while left:
            item = left.pop()
            before = [*self._sources(item), *self.replaced(item)]
            left += [one for one in before if one.result.sha256 not in found]
            found |= {one.result.sha256 for one in before}
        return found - {version.result.sha256}

    def _before(self, version: Version, passed: frozenset[str]) -> list[Way]:
        sha256 = version.result.sha256
        if sha256 in passed:
            return [()]
        passed |= {sha256}
        found: list[Way] = []
        for before in self._sources(version):
            found += [(*way, before) for way in self._before(before, passed)]
        earlier = tuple(self.replaced(version))
        return [(*way, *(item for item in earlier if item not in way)) for way in found or [()]]

    def _sources(self, version: Version) -> list[Version]:
        """The returns that a plan was merged from; else the one with whose answers its copy began."""
        if version.stored is not None and version.stored.parents:
            return self._kept(self._parents(version.stored))
        copy = copy_of(version, self.ledger)
        begun = self._carried(copy)
        return [begun] if begun else self._kept(self._begun(copy, version.result.sha256))

    def _carried(self, copy: IssuedCopy | None) -> Version | None:
        """The plan with which a fresh copy of a later round began, unless that was erased."""
        if copy is None or copy.base is None:
            return None
        if copy.id not in self._began:
            try:
                self._began[copy.id] = begun_with(copy, self.ledger, self.context)
            except UsageError:
                self._began[copy.id] = None
        return self._began[copy.id]

    def _parents(self, stored: StoredReturn) -> list[StoredReturn]:
        return [item for item in self.known if item.id in stored.parents]

    def _begun(self, copy: IssuedCopy | None, sha256: str) -> list[StoredReturn]:
        """The return with whose answers a copy began, if it is not the file itself."""
        if copy is None or copy.kind == FRESH:
            return []
        return [item for item in self.known if item.sha256 == copy.inputs_hash != sha256][-1:]

    def _kept(self, items: Iterable[StoredReturn], passed: frozenset[int] = frozenset()) -> list[Version]:
        """The plans in these returns; in place of one that was erased those that it goes back to itself."""
        found: list[Version] = []
        for item in items:
            if not item.erased:
                found.append(self.version(item))
            elif item.id not in passed:
                copy = issued_copy(self.ledger, item.school_key, item.template, item.issue)
                before = self._parents(item) or self._begun(copy, item.sha256)
                found += self._kept(before, passed | {item.id})
        return list({version.result.sha256: version for version in found}.values())

    def replaced(self, version: Version) -> Iterable[Version]:
        """What the same person returned before, made from the same copy, where this plan goes on from it.

        People share computers, and programs call many of them alike. A plan that lacks most of what another one says
        is somebody else's, whatever the name.
        """
        stored = version.stored
        for item in self.known:
            if stored is not None and item.id >= stored.id:
                break
            same = item.saved_by and item.saved_by == version.author and item.issue == version.issue
            if same and item.kind == "return" and not item.erased and item.sha256 != version.result.sha256:
                before = self.version(item)
                begun = self._carried(copy_of(version, self.ledger))
                if _goes_on(version.cells, before.cells, begun.cells if begun else {}):
                    yield before


def _goes_on(after: Mapping[str, object], before: Mapping[str, object], begun: Mapping[str, object]) -> bool:
    """Whether a plan says most of what another one says, wherever its rows stand now.

    What both began with (`begun`) tells nothing of who wrote them.
    """
    began = Counter(map(str, begun.values()))
    held, said = (Counter(map(str, cells.values())) - began for cells in (after, before))
    return 2 * (held & said).total() >= said.total()


def side_of(layout: Layout, ways: Sequence[Way], base: Version | None = None) -> Side:
    """A plan as a side of a merge. `base`: the copy that it was made from, if somebody named it."""
    version = ways[0][-1]
    if base is not None:
        ways = [(base, version)]
        made = [tuple(plain_cells(layout, item.cells) for item in way) for way in ways]
    else:
        made = [_from_the_first(layout, way) for way in ways]
    first, *others = made
    return Side(label=label_of(version), versions=first, also=tuple(others))


def _from_the_first(layout: Layout, way: Way) -> tuple[dict[str, Plain], ...]:
    """What stood in the copies on one way, oldest first: an empty one, unless it began with a former round's plan."""
    held = [plain_cells(layout, item.cells) for item in way]
    return tuple(held) if way[0].result.identity is None and way[0].stored is None else ({}, *held)


def label_of(version: Version, *, folder: bool = False) -> str:
    """What people call a side: its file (with the folder that it stands in), and who saved it."""
    name = "/".join(version.file.replace("\\", "/").split("/")[-2 if folder else -1 :])
    return f"{name} ({version.author})" if version.author else name


def labels_of(versions: Sequence[Version]) -> list[str]:
    """What people call the sides of a merge; files of one name are told apart by their folders."""
    labels = [label_of(version) for version in versions]
    return [
        label_of(version, folder=labels.count(label) > 1)
        for version, label in zip(versions, labels, strict=True)
    ]


def unknown_paths(layout: Layout, cells: Mapping[str, object]) -> list[str]:
    """The filled answers for which a form has no place."""
    return [path for path in cells if path not in layout.inputs]
