"""Where each row of a sheet stands in a file.

Address first; where witnesses disagree, two of three decide for a row: its address, its tag, and the number printed
in it, or for a row without one the tags around it and what is printed in it. A row of which nothing is left, and for
which there is no room between its neighbours, is gone. Where nothing decides, a row's cells are a contradiction and
give no value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cached_property

from xlplan.findings import Finding, finding
from xlplan.layout.book import Place
from xlplan.layout.gone import taken_out
from xlplan.layout.model import Line
from xlplan.layout.sheet import CHECK, FIRST, NUMBER, TAG
from xlplan.layout.witnesses import COUNT, Page, is_count


class Rows:
    """Where each row of the layout stands in the file.

    `at`: of rows with a tag, None where nothing decides, or where the row is gone. `gone`: rows, with a tag or without,
    that were taken out. `every`: of all rows, as far as they can be told; 0 for one that is gone.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.fixed = page, page.fixed
        self.findings: list[Finding] = []
        self.tagged = self.fixed.tagged
        tags = [line.tag for line in self.tagged]
        numbers = [line.number for line in self.tagged if line.number]
        self.tag_column = page.column_of(tags, TAG)
        self.number_column = page.column_of(numbers, NUMBER)
        self.shift = self._shift()
        self.of_tag = self._by_text(self.tag_column)
        self.of_number = self._by_text(self.number_column)
        self._numbers = set(numbers)
        self.at: dict[int, int | None] = {}
        for number, line in enumerate(self.tagged):
            self.at[line.row] = self._decide(number, line)
        self._unique()
        self._torn()
        silent = self._silent()
        self._overwritten(silent)
        out = taken_out(self.page, self.at, silent, self.shift)
        self.gone = frozenset(out.rows)
        self._homes = out.homes
        self.every = self._every()
        self.original = {at: row for row, at in self.every.items()}
        self._report()

    def _shift(self) -> int:
        if self.tag_column is not None:
            return self.tag_column - TAG
        return self.number_column - NUMBER if self.number_column is not None else 0

    def _by_text(self, column: int | None) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for (row, at), text in self.page.texts.items():
            if at == column:
                found[text].append(row)
        return found

    def _decide(self, index: int, line: Line) -> int | None:
        tags = self.of_tag.get(line.tag, [])
        if line.row in tags:
            return self._tagged_in_place(line)
        if len(tags) > 1:
            return None
        if tags:
            return self._away_numbered(line, tags[0]) if line.number else self._away(index, line, tags[0])
        return self._without_tag(index, line)

    def _tagged_in_place(self, line: Line) -> int | None:
        """Address and tag agree; a number that stands elsewhere says that the row beside the tag was shifted."""
        if not line.number or self.page.at(line.row, self.number_column) == line.number:
            return line.row
        if self._elsewhere(line) or self.page.at(line.row, self.number_column) in self._numbers:
            return None
        return line.row

    def _elsewhere(self, line: Line) -> bool:
        """Whether the row's number stands in a row whose number it is not."""
        theirs = {other.row for other in self.tagged if other.number == line.number}
        return bool(set(self.of_number.get(line.number, ())) - theirs)

    def _away_numbered(self, line: Line, row: int) -> int | None:
        here, there = (
            line.row in self.of_number.get(line.number, ()),
            row in self.of_number.get(line.number, ()),
        )
        if there:
            return None if here else row
        return line.row if here and self._numbers_stayed else None

    @cached_property
    def _numbers_stayed(self) -> bool:
        """Whether most numbers stand at their addresses: else one that does may be there by chance."""
        numbered = [line for line in self.tagged if line.number]
        return 2 * sum(line.row in self.of_number.get(line.number, ()) for line in numbered) > len(numbered)

    def _away(self, index: int, line: Line, row: int) -> int | None:
        """A row without a number, away from its address: the tags around it, and what is printed in it, must speak."""
        ordered, along = self._ordered(index, row), self._went_along(index, row)
        speaks = self._printed(line, row) or (along and not self.page.formulas)
        if (ordered or (along and self._ordered(index, row, known_only=True))) and speaks:
            return None if self._only_at(line, row) else row
        return line.row if self._printed(line, line.row) and not ordered else None

    def _only_at(self, line: Line, row: int) -> bool:
        """Whether what is printed in the row still stands at its address and the tag alone is elsewhere."""
        return self._printed(line, line.row) and not self._printed(line, row)

    def _ordered(self, index: int, row: int, *, known_only: bool = False) -> bool:
        """Whether the nearest tags above and below this row of the file are those of the layout.

        `known_only`: of the layout those that stand somewhere in the file.
        """
        known = {
            at: number for number, other in enumerate(self.tagged) for at in self.of_tag.get(other.tag, ())
        }
        there = sorted({*known.values(), index}) if known_only else range(len(self.tagged))
        place = there.index(index)
        above = max((at for at in known if at < row), default=None)
        below = min((at for at in known if at > row), default=None)
        return (known[above] if above is not None else None) == (there[place - 1] if place else None) and (
            known[below] if below is not None else None
        ) == (there[place + 1] if place + 1 < len(there) else None)

    def _went_along(self, index: int, row: int) -> bool:
        """Whether the nearest printed rows, between the rows with tags around it, went as far as the row itself.

        Labels that stand nowhere went with a row that is gone.
        """
        own = self.tagged[index]
        low = self.tagged[index - 1].row if index else 0
        high = self.tagged[index + 1].row if index + 1 < len(self.tagged) else self.fixed.plan.last_row + 1
        printed = [
            at
            for at in sorted(self.fixed.printed)
            if low < at < high and at != own.row and any(map(self.page.where.get, self.page.labels_of(at)))
        ]
        near = [at for at in printed if at < own.row][-1:] + [at for at in printed if at > own.row][:1]
        return bool(near or self.page.labels_of(own.row)) and all(
            self.page.shows_label(at, at + row - own.row) for at in near
        )

    def _printed(self, line: Line, row: int) -> bool:
        """Whether this row of the file holds what is printed in the layout's row: its label, or its Check."""
        if self.page.labels_of(line.row):
            return self.page.shows_label(line.row, row)
        if (line.row, CHECK) not in self.fixed.computed:
            return False
        place = (row, CHECK + self.shift)
        return place in self.page.formulas if self.page.formulas else self.page.filled(place)

    def _without_tag(self, index: int, line: Line) -> int | None:
        """A row whose tag is gone: its number at its address, or its neighbours at theirs, must speak for it."""
        row = line.row
        if line.number:
            return row if self.page.at(row, self.number_column) == line.number else None
        if self.page.at(row, self.tag_column) in {other.tag for other in self.tagged}:
            return None
        if self.tag_column is None:
            return row if self._labels_in_place(row) else None
        around = [self.tagged[near] for near in (index - 1, index + 1) if 0 <= near < len(self.tagged)]
        return (
            row if around and all(other.row in self.of_tag.get(other.tag, ()) for other in around) else None
        )

    def _labels_in_place(self, row: int) -> bool:
        """Whether the nearest printed rows above and below stand at their addresses, the row itself between them."""
        printed = sorted({at for at, _ in self.fixed.labels if at > 3})
        near = {row} & set(printed) or {
            *([max(at for at in printed if at < row)] if printed and printed[0] < row else []),
            *([min(at for at in printed if at > row)] if printed and printed[-1] > row else []),
        }
        return bool(near) and all(self.page.shows(at, at, self.shift) for at in near)

    def _unique(self) -> None:
        """No two rows of the layout may be read from one row of the file."""
        taken: dict[int, list[int]] = defaultdict(list)
        for row, at in self.at.items():
            if at is not None:
                taken[at].append(row)
        for at, rows in taken.items():
            if len(rows) > 1:
                for row in rows:
                    self.at[row] = at if row == at else None

    def _torn(self) -> None:
        """Rows that left answers behind: moved without them, unless what is printed below went too."""
        claimed = {at for at in self.at.values() if at is not None}
        for group in self._groups():
            behind = [
                row
                for row in group
                if row not in claimed and any(self._box(row, place) for place in self.fixed.inputs)
            ]
            torn = (behind or self._follows_lost(group)) and not self._below_went(group)
            if torn or self._over_printed(group) or any(map(self._computes, set(group) - claimed)):
                self._lose(group)

    def _computes(self, row: int) -> bool:
        """Whether all formulas that belong in a row, beyond its Check, still stand at its address."""
        beside = [column for column in self.fixed.formulas_in.get(row, ()) if column >= FIRST]
        return bool(beside) and all((row, column + self.shift) in self.page.formulas for column in beside)

    def _over_printed(self, group: list[int]) -> bool:
        """Whether these rows' tags came to stand beside what is printed in a row without a tag, which stayed."""
        over = {row + self._delta(row) for row in group} - self.at.keys()
        return any(
            row in over and column >= FIRST and self._stands((row, column), (row, column))
            for row, column in self.fixed.labels
        )

    def _follows_lost(self, group: list[int]) -> bool:
        """Whether the tag of the row before went as far as these rows', and its row cannot be found for certain."""
        before = next((line for line in reversed(self.tagged) if line.row < group[0]), None)
        if before is None or self.at[before.row] is not None:
            return False
        return before.row + self._delta(group[0]) in self.of_tag.get(before.tag, ())

    def _groups(self) -> list[list[int]]:
        """Neighbouring rows that stand away from their addresses by the same."""
        groups: list[list[int]] = []
        previous = 0
        for line in self.tagged:
            delta = self._delta(line.row)
            if delta and delta == previous:
                groups[-1].append(line.row)
            elif delta:
                groups.append([line.row])
            previous = delta
        return groups

    def _delta(self, row: int) -> int:
        at = self.at[row]
        return at - row if at is not None else 0

    def _lose(self, rows: Iterable[int]) -> None:
        for row in rows:
            self.at[row] = None

    def _below_went(self, group: list[int]) -> bool:
        """Whether more of what is printed or computed below went with these rows than stayed."""
        delta, below = self._delta(group[-1]), self._below(group)
        went = sum(self._stands(place, (place[0] + delta, place[1])) for place in below)
        return went > sum(self._stands(place, place) for place in below)

    def _below(self, group: list[int]) -> list[Place]:
        """What is printed or computed below these rows, beyond the numbers."""
        places = [*self.fixed.labels, *(self.fixed.computed if self.page.formulas else self._counting)]
        return [(row, column) for row, column in places if row > group[-1] and column >= FIRST]

    @cached_property
    def _counting(self) -> list[Place]:
        return [place for place, style in self.fixed.checks.items() if style == COUNT]

    def _stands(self, place: Place, at: Place) -> bool:
        """Whether what is printed or computed at a place of the layout stands at that place of the file."""
        at = at[0], at[1] + self.shift
        if (text := self.fixed.labels.get(place)) is not None:
            return self.page.texts.get(at) == text
        return at in self.page.formulas if self.page.formulas else is_count(self.page.texts.get(at, ""))

    def _silent(self) -> Set[int]:
        """Rows that were not found, and whose tag and number stand nowhere, but for a like number of another row."""
        others = set(self.at.values())
        return {
            line.row
            for line in self.tagged
            if self.at[line.row] is None
            and not self.of_tag.get(line.tag)
            and others.issuperset(self.of_number.get(line.number, ()) if line.number else ())
        }

    def _overwritten(self, silent: Set[int]) -> None:
        """Rows that were put over silent ones, while all else stayed: their answers may be of either row."""
        order = [line.row for line in self.tagged if self.at[line.row] is not None]
        for group in self._groups() if silent else ():
            first, last = order.index(group[0]), order.index(group[-1])
            shift = self._delta(order[first - 1]) if first else 0
            over = {row + self._delta(row) - shift for row in group}
            if silent.isdisjoint(over) or self._whole(group):
                continue
            if last + 1 < len(order):
                alone = self._delta(order[last + 1]) == shift
            else:
                told = self._below(group) or not self.page.formulas
                alone = bool(told) and not self._below_went(group)
            if alone:
                self._lose(group)
                order = [row for row in order if row not in group]

    def _whole(self, group: list[int]) -> bool:
        """Whether the formulas beside the answers of these rows went with them."""
        claimed = {at for at in self.at.values() if at is not None}
        left = [row for row in group if row not in claimed]
        beside = {(row, c) for row in group for c in self.fixed.formulas_in.get(row, ()) if c >= FIRST}
        return (
            bool(left)
            and all(any((row, c) in beside for c in self.fixed.formulas_in.get(row, ())) for row in left)
            and all((row + self._delta(row), c + self.shift) in self.page.formulas for row, c in beside)
            and not any((row, c + self.shift) in self.page.formulas for row, c in beside if row in left)
        )

    def _box(self, row: int, place: Place) -> bool:
        """Whether this box's place holds something that is not itself printed: a head, or a count, moved there."""
        at = (row, place[1] + self.shift)
        if place[0] != row or not self.page.filled(at) or at in self.page.formulas:
            return False
        text = self.page.texts.get(at)
        return text not in self.fixed.texts and not (text and is_count(text))

    def _every(self) -> dict[int, int]:
        """Where all rows stand: those with a tag as decided, the others with the one after or before them."""
        found = {row: at for row, at in self.at.items() if at is not None} | self._homes
        found |= dict.fromkeys(self.gone, 0)
        taken = set(found.values())
        for line in self.fixed.plan.lines:
            if line.row not in found and line.row not in self.at:
                found[line.row] = self._beside(line.row, taken)
        return found

    def _beside(self, row: int, taken: set[int]) -> int:
        after = next((at - r for r, at in sorted(self.at.items()) if r > row and at is not None), None)
        before = next(
            (at - r for r, at in sorted(self.at.items(), reverse=True) if r < row and at is not None), 0
        )
        deltas = [delta for delta in (after, before, 0) if delta is not None and row + delta not in taken]
        return row + max(deltas, key=lambda delta: self.page.matches(row, row + delta, self.shift), default=0)

    def _report(self) -> None:
        lost = [line for line in self.tagged if self.at[line.row] is None and line.row not in self.gone]
        if lost:
            self.findings.append(_contradiction(self.page.sheet.name, lost))
        self.findings += [self._told(run) for run in self._runs()]
        previous: int | None = None
        for line in self.tagged:
            at = self.at[line.row]
            delta = at - line.row if at is not None else previous
            if at is not None and delta and delta != previous:
                todo = (
                    "Nothing to do: its answers were read from there. A fresh copy has everything in place."
                )
                self.findings.append(
                    finding(
                        "moved",
                        sheet=self.page.sheet.name,
                        cell=f"A{at}",
                        found=line.number or line.tag,
                        at=f"row {at}",
                        todo=todo,
                    )
                )
            previous = delta

    def _runs(self) -> list[list[tuple[int, str]]]:
        """The rows that are gone with what they were called, neighbours together; empty ones are not told."""
        names = {line.row: line.number or line.tag for line in self.tagged}
        runs: list[list[tuple[int, str]]] = [[]]
        for line in self.fixed.plan.lines:
            if line.row not in self.gone:
                runs.append([])
            elif name := names.get(line.row) or " ".join(self.page.labels_of(line.row)[:1]):
                runs[-1].append((line.row, name))
        return [run for run in runs if run]

    def _told(self, run: list[tuple[int, str]]) -> Finding:
        """The rows that were taken out together, at the place where they stood."""
        (row, name), *more = run
        above = max((at for r, at in self.every.items() if r < row and at), default=0)
        also = f" So are {_several([name for _, name in more])}." if more else ""
        return finding(
            "label-changed",
            sheet=self.page.sheet.name,
            cell=f"A{above + 1}",
            found="",
            was=name,
            now="gone, and so is its row",
            more=also,
        )


def _several(names: list[str]) -> str:
    told = [f"“{name}”" for name in names[:12]]
    if len(names) > 12:
        return f"{', '.join(told)} and {len(names) - 12} more"
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _contradiction(sheet: str, lines: list[Line]) -> Finding:
    names = [line.number or line.tag for line in lines]
    told = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    said = "is a row" if len(names) == 1 else "are rows"
    said += " that cannot be found for certain"
    return finding("contradiction", sheet=sheet, cell=f"A{lines[0].row}", found=told, said=said)
