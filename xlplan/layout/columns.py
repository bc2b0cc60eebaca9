"""Where the columns of a sheet stand in a file: by the heads over them, and all else that is printed in them.

A head is one cell, and is easily dragged alone. Heads that moved as columns put in or taken out move them are
believed; heads in another order only if something else says that their columns went along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from itertools import pairwise

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Place
from xlplan.layout.fits import Fits
from xlplan.layout.lines import Rows
from xlplan.layout.model import Input
from xlplan.layout.sheet import NUMBER, TAG
from xlplan.layout.witnesses import Page, is_way_back


class Columns:
    """The file's column of every column of the layout, block by block.

    A head away from its address decides, unless something else of that column still stands at its own, or nothing else
    went along: then the heads may have been moved without what stands under them, and nothing decides.
    """

    def __init__(self, page: Page, rows: Rows) -> None:
        self.page, self.rows, self.fixed = page, rows, page.fixed
        self.findings: list[Finding] = []
        self.fits = Fits(page)
        self.link: int | None = None  # by how many columns the link in row 1 is off
        self.votes = self._votes()
        self.heads: dict[Place, int | None] = {}
        for row, columns in self.fixed.heads.items():
            self._decide(row, columns)

    def of(self, item: Input) -> int | None:
        """The file's column of an input, or None where nothing decides."""
        if item.header is not None and item.header[1] == item.column:
            return self.heads[item.header]
        return self.at(item.column) if self._agreed(item) else None

    def _agreed(self, item: Input) -> bool:
        """Whether what is printed in the column just above and below the row stands in the same column as all else."""
        at = self.at(item.column)
        rows = sorted(row for row, column in self.fixed.labels if column == item.column)
        near = [row for row in rows if row < item.row][-1:] + [row for row in rows if row > item.row][:1]
        return all(self._found(row, item.column) in (at, None) for row in near)

    def at(self, column: int) -> int | None:
        """The file's column of a column of the layout, as all that is printed in it says."""
        voted = self._voted(column)
        if voted is not None or self.votes.get(column):
            return voted
        left = next((c for c in range(column - 1, 0, -1) if self._voted(c) is not None), None)
        right = next((c for c in sorted(self.votes) if c > column and self._voted(c) is not None), None)
        deltas = {(self._voted(c) or 0) - c for c in (left, right) if c is not None}
        return column + deltas.pop() if len(deltas) == 1 else None

    def place(self, row: int, column: int) -> Place:
        """Where a cell of the layout is expected in the file."""
        item = self.fixed.inputs.get((row, column))
        at = self.heads.get((row, column)) if item is None else self.of(item)
        if at is None:
            at = self.at(column)
        return self.rows.every.get(row, row), column if at is None else at

    def _voted(self, column: int) -> int | None:
        if column == TAG:
            return self.rows.tag_column
        if column == NUMBER and self.rows.number_column is not None:
            return self.rows.number_column
        votes = self.votes.get(column, Counter())
        most = votes.most_common(1)
        return most[0][0] if most and most[0][1] * 2 > votes.total() else None

    def _votes(self) -> dict[int, Counter[int]]:
        """For each column the columns in which its texts stand, each in its own row."""
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        for (row, column), _ in self.fixed.labels.items():
            found = self._found(row, column)
            if found is not None:
                votes[column][found] += 1
        self._vote_of_link(votes)
        return votes

    def _vote_of_link(self, votes: dict[int, Counter[int]]) -> None:
        """The link in row 1 stands in the last column: it moves when whole columns are put in or taken out."""
        if self.fixed.back is None:
            return
        row, column = self.fixed.back
        row = self.rows.every.get(row, row)
        places = [c for (r, c), text in self.page.texts.items() if r == row and is_way_back(text)]
        if places:
            at = column if column in places else places[0]
            self.link = at - column
            votes[column][at] += 1

    def _found(self, row: int, column: int) -> int | None:
        """The column of a text in its row: its address, else the one place where no other like it belongs."""
        text, at = self.fixed.labels[row, column], self.rows.every.get(row, row)
        if self.page.at(at, column) == text:
            return column
        alike = {c for (r, c), other in self.fixed.labels.items() if r == row and other == text}
        places = [c for r, c in self.page.where.get(text, ()) if r == at]
        if len(alike) > 1:  # the same text twice in a row: in their order, if all are there
            return places[sorted(alike).index(column)] if len(places) == len(alike) else None
        return places[0] if len(places) == 1 else None

    def _decide(self, row: int, columns: tuple[int, ...]) -> None:
        found = {
            column: self._found(row, column) if (row, column) in self.fixed.labels else None
            for column in columns
        }
        moved = {column for column, at in found.items() if at is not None and at != column}
        shifted = bool(moved) and not self._went_along(row, found, moved)
        taken = Counter(at for at in found.values() if at is not None)
        lost = []
        for column in columns:
            at = found[column]
            if at is None:
                at = None if shifted else self._without_head(row, column, found)
                if at in taken:  # under a head that is another's
                    at = None
            elif (
                (shifted and (column in moved or self.link != 0))
                or taken[at] > 1
                or self._outvoted(row, column, at)
            ):
                at = None
            self.heads[row, column] = at
            if at is None:
                lost.append(column)
                self._withdraw(column, found[column])
        self._report(row, [column for column in columns if column in moved and not shifted], lost)

    def _withdraw(self, column: int, at: int | None) -> None:
        """A head that decides nothing says nothing of its column either."""
        if at is not None:
            self.votes[column][at] -= 1
            self.votes[column] = +self.votes[column]

    def _outvoted(self, row: int, column: int, at: int) -> bool:
        """Whether most of a column stands elsewhere than its head, which is there twice or has the next text aside."""
        if self._voted(column) in (None, at):
            return False
        below = min((r for r, c in self.fixed.labels if c == column and r > row), default=None)
        if below is not None and self._found(below, column) not in (None, at):
            return True
        text = self.fixed.labels[row, column]
        alike = sum(r == row and other == text for (r, _), other in self.fixed.labels.items())
        line = self.rows.every.get(row, row)
        return sum(r == line for r, _ in self.page.where.get(text, ())) > alike

    def _went_along(self, row: int, found: Mapping[int, int | None], moved: Set[int]) -> bool:
        """Whether the columns went with their heads."""
        if any(self.votes[column][column] for column in moved):
            return False
        boxes = {column: (self._boxes(row, column), found[column] or 0) for column in moved}
        places = self._places(row)
        if self._in_order(places):  # a program that moves cells may leave all rules where they were
            return not any(self.fits.stayed(*own) for own in boxes.values())
        said = {self.fits.moved(*own) for own in boxes.values()}
        return False not in said and (True in said or self._in_new_order(places, moved))

    def _boxes(self, row: int, column: int) -> list[tuple[Input, int]]:
        """The boxes under a head, each with its row of the file."""
        return [
            (item, at)
            for item in self.fixed.plan.inputs
            if item.header == (row, column)
            and item.column == column
            and (at := self.rows.every.get(item.row))
        ]

    def _places(self, row: int) -> dict[int, int]:
        """The columns of the file of all that is printed in a row, and of tags and numbers."""
        found = {c: at for r, c in self.fixed.labels if r == row and (at := self._found(r, c)) is not None}
        firsts = {TAG: self.rows.tag_column, NUMBER: self.rows.number_column}
        return {c: at for c, at in firsts.items() if at is not None and c not in found} | found

    def _in_order(self, places: Mapping[int, int]) -> bool:
        """Whether columns put in, or taken out, between tags or numbers and the link in row 1 explain these places."""
        known = [at for at in (TAG, NUMBER) if at in places]
        off = [places[column] - column for column in sorted(places)]
        if self.link is None or not known:
            end = self.link if self.link is not None else places[known[0]] - known[0] if known else None
            return end is not None and set(off) == {end}
        if any(left >= right for left, right in pairwise(places[column] for column in sorted(places))):
            return False
        off.append(self.link)
        return off == sorted(off) or off == sorted(off, reverse=True)

    def _in_new_order(self, places: Mapping[int, int], moved: Set[int]) -> bool:
        """Whether whole columns changed places: other texts, or tags apart from numbers, went as the heads did."""
        if set(places) != set(places.values()):
            return False
        firsts = [places[column] - column for column in (TAG, NUMBER) if column in places]
        others = [column for column in moved if self.votes[column].total() > 1]
        return len(set(firsts)) > 1 or any(len(self.votes[column]) == 1 for column in others)

    def _without_head(self, row: int, column: int, found: dict[int, int | None]) -> int | None:
        """A head that is gone or overtyped: the heads beside it, or what else is printed in its column, must tell."""
        if row in self.rows.gone:
            return self._without_any_head(row, column)
        others = {c: at for c, at in found.items() if c != column}
        typed = self.page.at(self.rows.every.get(row, row), column)
        in_place = bool(others) and all(at == c for c, at in others.items())
        votes = self.votes.get(column, Counter())
        if in_place and typed:
            return None if typed in self._texts(row) else column
        if in_place and any(c > column for c in others) and (votes or self._stands(row, column)):
            return column
        if len(votes) == 1:
            return next(iter(votes))
        return column if not others and typed and not votes else None

    def _stands(self, row: int, column: int) -> bool:
        """Whether a column whose head is gone, and that has no other text, was not shifted with it: its rules tell."""
        boxes = self._boxes(row, column)
        return self.fits.carries(boxes, column) or not any(self.page.filled((at, column)) for _, at in boxes)

    def _texts(self, row: int) -> set[str]:
        return {text for (r, _), text in self.fixed.labels.items() if r == row}

    def _without_any_head(self, row: int, column: int) -> int | None:
        """Where the row of heads is gone: other texts of the column must tell, or rules like no other head's."""
        at = self.at(column)
        if at is None or self.votes.get(column):
            return at
        boxes = self._boxes(row, column)
        alone = len(self.fixed.heads[row]) == 1 or not any(
            self.fits.carries(boxes, self.at(other) or 0)
            for other in self.fixed.heads[row]
            if other != column
        )
        return at if alone and self.fits.carries(boxes, at) else None

    def _report(self, row: int, moved: list[int], lost: list[int]) -> None:
        sheet, at = self.page.sheet.name, self.rows.every.get(row, row)
        for column in moved[:1]:
            to = self.heads[row, column]
            if to is not None:
                letters = column_letters(to)
                todo = "Nothing to do: its answers were read from there."
                text = self.fixed.labels[row, column]
                self.findings.append(
                    finding(
                        "moved",
                        sheet=sheet,
                        cell=f"{letters}{at}",
                        found=text,
                        at=f"column {letters}",
                        todo=todo,
                    )
                )
        if lost:
            names = ", ".join(self.fixed.labels.get((row, column), column_letters(column)) for column in lost)
            said = "is a column" if len(lost) == 1 else "are columns"
            said += " that cannot be found for certain"
            cell = f"{column_letters(lost[0])}{row}"
            self.findings.append(finding("contradiction", sheet=sheet, cell=cell, found=names, said=said))
