"""Where the columns of a sheet stand in a file: by the heads over them, and all else that is printed in them."""

from __future__ import annotations

from collections import Counter, defaultdict

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.lines import Rows
from xlplan.layout.model import Input
from xlplan.layout.sheet import NUMBER, TAG
from xlplan.layout.witnesses import Page, Place, is_way_back


class Columns:
    """The file's column of every column of the layout, block by block.

    A head away from its address decides, unless something else printed in that column still stands at its own: then
    the heads were shifted without what stands under them, or the other way round, and nothing decides.
    """

    def __init__(self, page: Page, rows: Rows) -> None:
        self.page, self.rows, self.fixed = page, rows, page.fixed
        self.findings: list[Finding] = []
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
            votes[column][column if column in places else places[0]] += 1

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
        shifted = any(self.votes[column][column] for column in moved)
        taken = Counter(at for at in found.values() if at is not None)
        lost = []
        for column in columns:
            at = found[column]
            if at is None:
                at = None if shifted else self._without_head(row, column, found)
                if at in taken:  # under a head that is another's
                    at = None
            elif (column in moved and shifted) or taken[at] > 1:
                at = None
            self.heads[row, column] = at
            if at is None:
                lost.append(column)
        self._report(row, [column for column in columns if column in moved and not shifted], lost)

    def _without_head(self, row: int, column: int, found: dict[int, int | None]) -> int | None:
        """A head that is gone or overtyped: the heads beside it, or what else is printed in its column, must tell."""
        if row in self.rows.gone:
            return self.at(column)
        others = {c: at for c, at in found.items() if c != column}
        typed = self.page.at(self.rows.every.get(row, row), column)
        in_place = bool(others) and all(at == c for c, at in others.items())
        if in_place and (typed or any(c > column for c in others)):
            return column
        votes = self.votes.get(column, Counter())
        if len(votes) == 1:
            return next(iter(votes))
        return column if not others and typed and not votes else None

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
