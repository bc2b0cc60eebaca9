"""Two texts compared by words: what stayed, what went and what came."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
MOST_PAIRS = (
    40_000  # of equal words in a part without anchors; beyond, it is one change: difflib would take minutes
)
RUN = 3  # words in a row that both texts have once are an anchor
_WORD = re.compile(r"(\w+(?:['’.,]\w+)*|[^\w\s]|^)(\s*)")
_ELLIPSIS = "…"

Word = tuple[str, str]  # a word or sign, and the blanks behind it
Part = tuple[int, int]  # from where to where
Block = tuple[int, int, int]  # where a stretch of equal words begins in both, and its length


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of two texts: in both of them, only in the first, or only in the second."""

    kind: str
    text: str


def stretches(a: str, b: str) -> tuple[Stretch, ...]:
    """How the first text becomes the second, word by word.

    Without what was added they are the first text, without what was removed the second. What was removed comes before
    what stands in its place.
    """
    before, after = _words(a), _words(b)
    found: list[Stretch] = []
    i = j = 0
    for at, there, size in [*_blocks(before, after), (len(before), len(after), 0)]:
        found.append(Stretch(REMOVED, _text(before[i:at])))
        found.append(Stretch(ADDED, _text(after[j:there])))
        for (word, gap), (_, other) in zip(before[at : at + size], after[there : there + size], strict=True):
            found.append(Stretch(SAME, word + gap if gap == other else word))
            if gap != other:
                found += [Stretch(REMOVED, gap), Stretch(ADDED, other)]
        i, j = at + size, there + size
    return tuple(_joined(found))


def shortened(parts: Sequence[Stretch], keep: int) -> tuple[Stretch, ...]:
    """The same with long unchanged stretches cut to about `keep` characters beside each change."""
    last = len(parts) - 1
    return tuple(
        Stretch(SAME, _cut(part.text, keep if at > 0 else 0, keep if at < last else 0))
        if part.kind == SAME
        else part
        for at, part in enumerate(parts)
    )


def _words(text: str) -> list[Word]:
    return [(found[1], found[2]) for found in _WORD.finditer(text) if found[0]]


def _text(words: Iterable[Word]) -> str:
    return "".join(word + gap for word, gap in words)


def _blocks(before: Sequence[Word], after: Sequence[Word]) -> list[Block]:
    """The stretches of equal words, in order."""
    a, b = [word for word, _ in before], [word for word, _ in after]
    return list(_between(a, b, (0, len(a)), (0, len(b))))


def _between(a: list[str], b: list[str], ours: Part, theirs: Part) -> Iterator[Block]:
    """The equal stretches of a part of both: at its ends, then at and between anchors, or as difflib finds them."""
    (i, i_end), (j, j_end) = ours, theirs
    head = _alike(a[i:i_end], b[j:j_end])
    if head:
        yield i, j, head
    i, j = i + head, j + head
    tail = _alike(a[i:i_end][::-1], b[j:j_end][::-1])
    i_end, j_end = i_end - tail, j_end - tail
    if anchors := _anchors(a[i:i_end], b[j:j_end]):
        yield from _around(a, b, (i, i_end), (j, j_end), [(i + x, j + y) for x, y in anchors])
    elif _pairs(a[i:i_end], b[j:j_end]) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, a[i:i_end], b[j:j_end], autojunk=False)
        yield from ((i + found.a, j + found.b, found.size) for found in matcher.get_matching_blocks()[:-1])
    if tail:
        yield i_end, j_end, tail


def _around(
    a: list[str], b: list[str], ours: Part, theirs: Part, anchors: Iterable[tuple[int, int]]
) -> Iterator[Block]:
    (i, i_end), (j, j_end) = ours, theirs
    for at, there in anchors:
        if at < i or there < j:
            continue  # within the stretch of the anchor before
        yield from _between(a, b, (i, at), (j, there))
        size = _alike(a[at:i_end], b[there:j_end])
        yield at, there, size
        i, j = at + size, there + size
    yield from _between(a, b, (i, i_end), (j, j_end))


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(a), len(b)))


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Where runs of words stand that each text has once: as many as come in the same order in both."""
    ours, theirs = _once(a), _once(b)
    found = [(at, theirs[run]) for run, at in ours.items() if run in theirs]
    # the longest rising sequence of the second places: of each length the one that ends lowest, and who comes before
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(found):
        size = bisect_left(ends, there)
        before.append(last[size - 1] if size else -1)
        ends[size:], last[size:] = [there, *ends[size + 1 :]], [number, *last[size + 1 :]]
    number, chain = (last[-1] if last else -1), []
    while number >= 0:
        chain.append(found[number])
        number = before[number]
    return chain[::-1]


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The runs of words that stand there once, and where, in order."""
    runs = [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _pairs(a: Iterable[str], b: Iterable[str]) -> int:
    theirs = Counter(b)
    return sum(count * theirs[word] for word, count in Counter(a).items())


def _joined(parts: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of a kind as one; blanks and signs alone between two changes belong to the change."""
    runs = _merged(part for part in parts if part.text)
    found: list[Stretch] = []
    gone = came = ""
    for at, part in enumerate(runs):
        within = bool(gone or came) and at < len(runs) - 1 and not any(map(str.isalnum, part.text))
        if part.kind == SAME and not within:
            found += [*_change(gone, came), part]
            gone = came = ""
        else:
            gone += part.text if part.kind != ADDED else ""
            came += part.text if part.kind != REMOVED else ""
    return _merged(part for part in [*found, *_change(gone, came)] if part.text)


def _merged(parts: Iterable[Stretch]) -> list[Stretch]:
    """Unchanged stretches side by side as one."""
    found: list[Stretch] = []
    for part in parts:
        if part.kind == SAME and found and found[-1].kind == SAME:
            found[-1] = Stretch(SAME, found[-1].text + part.text)
        else:
            found.append(part)
    return found


def _change(gone: str, came: str) -> list[Stretch]:
    """What went and what came, without the blanks that both end with."""
    gap = gone[len(gone.rstrip()) :]
    gap = gap if gap and came.endswith(gap) and came.rstrip() else ""
    cut = -len(gap) or None
    return [Stretch(REMOVED, gone[:cut]), Stretch(ADDED, came[:cut]), Stretch(SAME, gap)]


def _cut(text: str, first: int, last: int) -> str:
    """The text with `…` for its middle, cut between words where it has some; whole where little would be gained."""
    if len(text) <= first + last + 20:
        return text
    start, end = text[:first], text[len(text) - last :]
    return f"{start[: start.rfind(' ') + 1] or start}{_ELLIPSIS}{end[max(end.find(' '), 0) :]}"
