"""A published table gives away no number that it hides."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.rollup.suppress import Shown, suppressed

Table = list[list[int]]


def with_totals(inner: Table) -> Table:
    rows = [[*row, sum(row)] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def worlds(table: Table, marks: list[list[Shown]], least: int) -> list[Table]:
    """Every table that fits what a reader sees, found by trying all."""
    height, width = len(table) - 1, len(table[0]) - 1
    most = max(max(row) for row in table) + 1

    def fits(row: int, column: int, value: int) -> bool:
        mark = marks[row][column]
        if mark is Shown.PLAIN:
            return value == table[row][column]
        return 0 < value < least if mark is Shown.SMALL else value >= least

    free = [
        [value for value in range(most + 1) if fits(row, column, value)]
        for row in range(height)
        for column in range(width)
    ]
    found = []
    for values in product(*free):
        made = with_totals([list(values[row * width : (row + 1) * width]) for row in range(height)])
        if all(
            fits(row, column, made[row][column]) for row in range(height + 1) for column in range(width + 1)
        ):
            found.append(made)
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=1, max_size=2), st.integers(3, 5)
)
def test_no_hidden_number_can_be_worked_out(inner: Table, least: int) -> None:
    """Tables that fit all that is published differ in every hidden cell, by sums and by what the marks say."""
    table = with_totals(inner)
    marks = suppressed(table, least)
    for values, line in zip(table, marks, strict=True):
        for value, mark in zip(values, line, strict=True):
            assert not 0 < value < least or mark is not Shown.PLAIN
            assert value or mark is Shown.PLAIN
    if all(mark is not Shown.SMALL for line in marks for mark in line):
        return  # nothing to hide, or nothing but zeros is left to be seen
    fitting = worlds(table, marks, least)
    assert table in fitting
    for row, line in enumerate(marks):
        for column, mark in enumerate(line):
            if mark is not Shown.PLAIN:
                assert len({world[row][column] for world in fitting}) > 1, (table, marks, row, column)


@pytest.mark.parametrize(
    ("inner", "hidden"),
    [([[10, 20], [30, 40]], 0), ([[2, 20, 30], [30, 40, 50], [60, 70, 80]], 4), ([[2]], 4)],
)
def test_the_next_smallest_goes_along(inner: Table, hidden: int) -> None:
    """Large counts are all shown; one small one takes three along; alone it takes its totals."""
    marks = suppressed(with_totals(inner), 5)
    assert sum(mark is not Shown.PLAIN for line in marks for mark in line) == hidden
