"""Which formulas a typed value can change: the others keep what they have in a blank copy.

A twin reads one cell after another, and only what it has read decides which is next. So while none of the cells
that it read in the blank copy holds anything else, it reads the same ones and comes to the same value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from xlplan.form.expressions import Key, Twin, Values, held_of

_NONE: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Recalculation:
    """`blank`: what stands in the cells of a blank copy, formulas computed.

    `dependents`: cell → formulas that read it, or read one that does, and so on.
    """

    blank: Values
    dependents: Mapping[Key, frozenset[Key]]

    def over(self, typed: Mapping[Key, Any], twins: Mapping[Key, Twin]) -> Values:
        """What stands in the cells with these values typed, and with other formulas in some of them, by `twins`."""
        before, dependents = self.blank.get, self.dependents.get
        changed = {key: value for key, value in typed.items() if value != before(key)}
        stale = set(twins).union(*[dependents(key, _NONE) for key in (*changed, *twins)])
        return self.blank.over(changed, twins, stale)


def recalculation(fixed: Mapping[Key, Any], twins: Mapping[Key, Twin]) -> Recalculation:
    """Compute a blank copy, of which the locked cells are given, and see what each formula reads."""
    tracing = _Tracing(fixed, twins)
    readers: dict[Key, set[Key]] = defaultdict(set)
    for formula in twins:
        tracing[formula]
    for formula, read in tracing.read.items():
        for key in read:
            readers[key].add(formula)
    dependents: dict[Key, frozenset[Key]] = {}
    # a formula was done after those that it reads, so backwards each one comes after all that read it
    for key in (*reversed(tracing.read), *(readers.keys() - tracing.read.keys())):
        direct = frozenset(readers.get(key, ()))
        dependents[key] = direct.union(*[dependents[formula] for formula in direct])
    return Recalculation(Values(tracing, twins, held_of(fixed)), dependents)


class Filled(Set[Key]):
    """The cells that are filled. `asked` grows by those that are looked for."""

    def __init__(self, held: Set[Key]) -> None:
        self._held = held
        self.asked: set[Key] = set()

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)  # type: ignore[arg-type]  # nothing but keys is looked for
        return key in self._held

    def __rand__(self, keys: Set[Any]) -> Set[Any]:
        self.asked |= keys
        return keys & self._held

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class _Tracing(Values):
    """The cells of a blank copy. `read`: formula → the cells that its twin looked at, in the order of being done."""

    def __init__(self, fixed: Mapping[Key, Any], twins: Mapping[Key, Twin]) -> None:
        self._filled = Filled(held_of(fixed))
        super().__init__(fixed, twins, self._filled)
        self.sums = _Never()
        self.read: dict[Key, Set[Key]] = {}

    def __getitem__(self, key: Key) -> Any:
        self._filled.asked.add(key)
        return super().__getitem__(key)

    def __missing__(self, key: Key) -> Any:
        if key not in self._twins:
            return super().__missing__(key)
        outer, self._filled.asked = self._filled.asked, set()
        value = super().__missing__(key)
        self.read[key], self._filled.asked = self._filled.asked, outer
        return value


class _Never(dict[tuple[str, int, int, int], float]):
    """Sums of columns that are added up again each time, so that who asks for one reads its cells."""

    def __contains__(self, key: object) -> bool:
        return False
