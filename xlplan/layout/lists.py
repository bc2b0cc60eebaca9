"""The hidden sheet Lists: the choices of drop-downs, fixed ones and those among the rows that a plan itself holds.

A list of the plan's own rows offers what has been typed so far, in order and without blanks: three columns a table (the
names, a running count of those that are filled, the k-th filled one) and a defined name that ends at the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xlplan.form.expressions import Expr, Values, column_letters, filled, locked, or_else, total
from xlplan.form.live import Stretch, trimmed
from xlplan.form.markers import Kind
from xlplan.form.spec import FormSpec
from xlplan.form.text import with_article
from xlplan.languages import say
from xlplan.layout.model import Put
from xlplan.layout.sheet import Names, SheetBuilder, list_name, rows_name

LISTS = "Lists"
YES_NO, TICKS = ("Yes", "No"), ("✓", "x")
FIRST_ROW = 2


@dataclass(slots=True)
class NameList:
    """The names of one table's rows: the column they are copied to, and the defined name of the list of them."""

    name: str
    column: int
    slots: int
    hint: str
    noun: str

    @property
    def names(self) -> Stretch:
        """The copied names, slot by slot; empty text where there is none."""
        last = FIRST_ROW + self.slots - 1
        return Stretch(LISTS, self.column, FIRST_ROW, last, FIRST_ROW, lambda: last)


@dataclass(slots=True)
class Lists:
    """All lists of a spec while its sheets are built. `named`: a reference's target → the list of its names."""

    spec: FormSpec
    fixed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    named: dict[str, NameList] = field(default_factory=dict)
    puts: list[Put] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    width: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.fixed = [
            ("list_yes_no", tuple(map(say, YES_NO))),
            ("list_tick", TICKS),
            *_choice_lists(self.spec),
        ]
        self.width = len(self.fixed)
        self.depth = max(len(items) for _, items in self.fixed)
        for column, (name, items) in enumerate(self.fixed, 1):
            self.puts += [_text(row, column, text) for row, text in enumerate(items, 1)]
            self.formulas[name] = f"{LISTS}!{_area(column, 1, len(items))}"
        for target in dict.fromkeys(_targets(self.spec)):  # in a part only those that it holds
            table, _, _ = target.rpartition(".")
            group = self.spec.group(table)
            sheet = next((sheet.title for sheet in self.spec.form.sheets if table in sheet.holds), "")
            hint = say("(first name {one} on sheet {sheet})", one=with_article(group.noun), sheet=sheet)
            name = rows_name(target)
            self.named[target] = NameList(name, self.width + 1, group.slots or 0, hint, group.noun)
            self.width += 3

    @property
    def names(self) -> dict[str, Names]:
        """A reference's target → the names to choose from."""
        return {target: Names(made.names, made.noun) for target, made in self.named.items()}

    def close(self, sources: dict[str, list[Expr]]) -> None:
        """The formulas of the lists of names, now that their cells are placed: target → the cell of each slot."""
        for target, made in self.named.items():
            count, kth = made.column + 1, made.column + 2
            last = FIRST_ROW + made.slots - 1
            self.puts.append(Put(row=FIRST_ROW - 1, column=count, value=0, style="plain"))
            for k, source in enumerate(sources[target]):
                row = FIRST_ROW + k
                name = locked(LISTS, row, made.column)
                self.puts.append(
                    Put(row=row, column=made.column, formula=or_else(trimmed(source), ""), style="plain")
                )
                before = locked(LISTS, row - 1, count)
                self.puts.append(
                    Put(row=row, column=count, formula=total([before, filled(name)]), style="plain")
                )
                missing = made.hint if k == 0 else ""
                self.puts.append(Put(row=row, column=kth, formula=_kth(made, k + 1, missing), style="plain"))
            letters = column_letters(kth)
            top = f"{LISTS}!${letters}${FIRST_ROW}"
            n = f"MAX(1,{LISTS}!${column_letters(count)}${last})"
            self.formulas[made.name] = f"{top}:INDEX({LISTS}!{_area(kth, FIRST_ROW, last)},{n})"
            self.depth = max(self.depth, last)

    def steps_before(self, name: str, b: SheetBuilder, steps: Stretch) -> None:
        """A list of the steps above each row: its helper stands in the same row of Lists, by a relative name."""
        before, words = self.width + 1, self.width + 2
        self.width += 2
        count = steps.last - steps.first + 1
        self.puts.append(Put(row=steps.first, column=before, value=0, style="plain"))
        self.puts.append(_text(1, words, say("(no earlier step yet)")))
        for k in range(1, count + 1):
            above = b.cell(steps.first + k - 1, steps.column)
            formula = total([locked(LISTS, steps.first + k - 1, before), or_else(filled(above), 0)])
            self.puts.append(Put(row=steps.first + k, column=before, formula=formula, style="plain"))
        counts = [(LISTS, steps.first + k, before) for k in range(1, count + 1)]
        area = _area(before, steps.first + 1, steps.last + 1)
        for k in range(1, count + 1):
            self.puts.append(
                Put(
                    row=steps.first + k - 1, column=words, formula=_step_words(k, area, counts), style="plain"
                )
            )
        a, w = column_letters(before), column_letters(words)
        listed = _area(words, steps.first, steps.last)
        self.formulas[name] = (
            f"IF({LISTS}!${a}1=0,{LISTS}!${w}$1,{LISTS}!${w}${steps.first}:INDEX({LISTS}!{listed},{LISTS}!${a}1))"
        )
        self.depth = max(self.depth, steps.last + 1)


def _kth(made: NameList, k: int, missing: str) -> Expr:
    """The k-th name that is filled; `missing` where there are fewer."""
    last = FIRST_ROW + made.slots - 1
    names, counts = _area(made.column, FIRST_ROW, last), _area(made.column + 1, FIRST_ROW, last)

    def twin(values: Values) -> str:
        filled_ = [text for text in made.names.texts(values) if text]
        return filled_[k - 1] if len(filled_) >= k else missing

    return Expr(lambda _: f'IFERROR(INDEX({names},MATCH({k},{counts},0)),"{missing}")', twin)


def _step_words(k: int, area: str, counts: list[tuple[str, int, int]]) -> Expr:
    """ "Step 3", where the third slot is the k-th that is filled."""

    word = say("Step ")

    def twin(values: Values) -> str:
        found = next((number for number, key in enumerate(counts, 1) if values[key] == k), 0)
        return f"{word}{found}" if found else ""

    return Expr(lambda _: f'IFERROR("{word}"&MATCH({k},{area},0),"")', twin)


def _choice_lists(spec: FormSpec) -> list[tuple[str, tuple[str, ...]]]:
    part = spec.part
    return [
        (list_name(path, item), item.offered)
        for path, group in spec.walk()
        for item in group.fields
        if item.kind is Kind.CHOICE and item.choices and (part is None or part.holds(path or item.name))
    ]


def _targets(spec: FormSpec) -> list[str]:
    part = spec.part
    return [
        item.refers_to.target
        for _, group in spec.walk()
        for item in group.fields
        if item.refers_to is not None and item.refers_to.by == "name"
        if part is None or part.holds(item.refers_to.target)
    ]


def _area(column: int, first: int, last: int) -> str:
    letters = column_letters(column)
    return f"${letters}${first}:${letters}${last}"


def _text(row: int, column: int, text: str) -> Put:
    return Put(row=row, column=column, value=text, style="plain")
