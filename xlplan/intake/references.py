"""References among a plan's own rows: by letter, by number and by name; and the names that rows are referred to by."""

from __future__ import annotations

import re

from xlplan.form.spec import AS_TEXT, Field, Group
from xlplan.form.text import folded
from xlplan.intake.answers import Answers, above, generic
from xlplan.intake.nearest import did_you_mean
from xlplan.layout.rows import LETTERS, path_of

_NUMBER = re.compile(r"(?:[^\W\d]+[ .]*|#\s*)?(\d{1,3})\s*[.)]?")  # "Step 3", "3", "step 3.", "#3"


class References:
    """Finds what the plan's references mean; what means nothing is said once, at its cell."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.spec = answers, answers.layout.spec
        self._names: dict[str, dict[str, str]] = {}

    # --- letters

    def letters(self, item: Field, row: str) -> list[str]:
        """Ticks for lettered rows beside the row, as the letters of the closed-up rows."""
        assert item.refers_to is not None
        where, rows = path_of(row, item.name), path_of(above(above(row)), item.refers_to.target)
        slots = self._group(rows).slots or 0
        used = self.answers.used(rows, slots)
        letters: list[str] = []
        for k in range(slots):
            tick = f"{where}[{k}]"
            if not self.answers.values.get(tick):
                continue
            if k in used:
                letters.append(LETTERS[used.index(k)])
            else:
                todo = f"Fill in root cause {LETTERS[k]}, or take the mark away."
                targets = "the rows filled in"
                self.answers.say(tick, "unknown-reference", found=LETTERS[k], targets=targets, todo=todo)
        return letters

    # --- names and numbers

    def one(self, item: Field, row: str, where: str) -> str | int | None:
        """What a reference means: its target's name as it stands there, or its number among the closed-up rows."""
        typed = self.answers.values.get(where)
        if typed is None or item.refers_to is None:
            return None
        if item.refers_to.by == "number":
            return self._numbered(item.refers_to.target, row, where, str(typed))
        if item.refers_to.by == AS_TEXT or self.answers.layout.is_elsewhere(item.refers_to.target):
            return str(typed)  # nobody can tell here whether there is such a row
        return self._named(item.refers_to.target, row, where, str(typed))

    def _numbered(self, target: str, row: str, where: str, typed: str) -> int | None:
        """A row that is filled in, above this one where it is of the same table."""
        rows, name = above(row), target.rpartition(".")[2]
        same = rows.rpartition(".")[2] == name
        rows = rows if same else path_of(above(rows), name)
        group = self._group(rows)
        used = self.answers.used(rows, int(row[len(rows) + 1 : -1]) if same else group.slots)
        match = _NUMBER.fullmatch(typed)
        slot = int(match[1]) - 1 if match else -1
        if slot in used:
            return used.index(slot) + 1
        targets = f"the {group.noun}s {'above it' if same else 'filled in'}"
        todo = f"Choose {'an earlier' if same else 'a'} {group.noun} from the list, or leave it empty."
        self._unknown(where, typed, targets, todo)
        return None

    def _group(self, rows: str) -> Group:
        return self.spec.group(generic(rows))

    def _named(self, target: str, row: str, where: str, typed: str) -> str | None:
        """Another row of the table, by its name; silent where a name there cannot be read, which is told there."""
        table, _, name = target.rpartition(".")
        rows, key = self.rows(table, name), folded(typed)
        found = next((path for path, known in rows.items() if known == key and path != row), None)
        if found is not None:
            text = str(self.answers.values[f"{found}.{name}"])
            if text != typed:
                self.answers.say(where, "mended-choice", found=self.answers.text(where), read=f"“{text}”")
                self.answers.values[where] = text
            return text
        if rows.get(row) != key and self._unreadable(table, name, key):
            self.answers.failed.add(where)
            return None
        others = [str(self.answers.values[f"{path}.{name}"]) for path in rows if path != row]
        label = self.spec.group(table).label
        todo = f"Choose one from the list.{did_you_mean(typed, others)}"
        self._unknown(where, typed, f"the {'other ' if row in rows else ''}rows of {label}", todo)
        return None

    def rows(self, table: str, name: str) -> dict[str, str]:
        """Row path → folded name of the table's named rows, in their order."""
        if table not in self._names:
            slots = self.spec.group(table).slots or 0
            found = {f"{table}[{k}]": self.answers.values.get(f"{table}[{k}].{name}") for k in range(slots)}
            self._names[table] = {path: folded(str(text)) for path, text in found.items() if text is not None}
        return self._names[table]

    def _unreadable(self, table: str, name: str, key: str) -> bool:
        """Whether it may mean a row whose name is wrong or missing: one typed like it, or one that shows no name."""
        if self.answers.gone(table):
            return True
        for k in self.answers.used(table, self.spec.group(table).slots):
            cell = f"{table}[{k}].{name}"
            if cell in self.answers.values:
                continue
            shown = folded(self.answers.text(cell) or "") if self._shows(cell) else ""
            if not shown or shown == key:
                return True
        return False

    def _shows(self, cell: str) -> bool:
        value = self.answers.raw.values.get(cell)
        return value is not None and value.cell.error is None

    def _unknown(self, where: str, typed: str, targets: str, todo: str) -> None:
        self.answers.say(where, "unknown-reference", found=typed, targets=targets, todo=todo)
        self.answers.failed.add(where)

    # --- the names themselves

    def judge_names(self) -> None:
        """Names that others refer to are unique in their table, and no row hangs on itself in a circle."""
        named = [
            (table, item, item.refers_to.target)
            for table, group in self.spec.walk()
            for item in group.fields
            if item.refers_to is not None and item.refers_to.by == "name"
        ]
        for target in dict.fromkeys(target for _, _, target in named):
            self._duplicates(*target.rsplit(".", 1))
        for table, item, target in named:
            if target.rpartition(".")[0] == table and not item.many:
                self._circles(table, target.rpartition(".")[2], item.name)

    def _duplicates(self, table: str, name: str) -> None:
        seen: set[str] = set()
        for row, known in self.rows(table, name).items():
            path = f"{row}.{name}"
            if known in seen:
                self.answers.failed.add(path)
                label = self.spec.group(table).label
                self.answers.say(path, "duplicate", found=str(self.answers.values[path]), label=label)
            seen.add(known)

    def _circles(self, table: str, name: str, reference: str) -> None:
        rows, values = self.rows(table, name), self.answers.values
        by_name = {known: row for row, known in reversed(rows.items())}
        over = {row: by_name.get(folded(str(values.get(f"{row}.{reference}") or ""))) for row in rows}
        for row in rows:
            passed, at = {row}, over[row]
            while at is not None and at not in passed:
                passed.add(at)
                at = over[at]
            where = f"{row}.{reference}"
            if at == row and over[row] != row and where not in self.answers.failed:
                todo = "Choose another one, or leave it empty: a row cannot hang on itself."
                targets = "the rows it can hang on"
                self.answers.say(
                    where, "unknown-reference", found=str(values[where]), targets=targets, todo=todo
                )
