"""Exports to a real PostgreSQL server: types, keys, comments; replaced as one, and never what is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.postgresql import PASSWORD, postgresql
from tests.rollup.exported import ABOUT, from_postgresql, table
from xlplan.errors import UsageError, XlplanError
from xlplan.rollup.exports.as_postgresql import shown, write_postgresql

__all__ = ["postgresql"]
pytestmark = pytest.mark.xdist_group("export-postgresql")  # what is made once serves them all
SCHOOLS = table("all_plans", {"name": "text"}, [("Adams",), ("O'Brien \\ 0%s",)])
ITEMS = table(
    "items",
    {"item": "text", "cost": "money", "due": "day", "paid": "yes-no", "school": "count"},
    [
        ("Bus \x00\ud800", Decimal("0.07"), date(1, 1, 2), True, 1),
        (None, Decimal("999999999999.99"), None, None, 2),
    ],
    to="all_plans",
)


@pytest.fixture
def url(postgresql: Callable[[], str]) -> str:
    """An empty database."""
    return postgresql()


def asked(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as database:
        cursor = database.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def test_tables_have_types_keys_and_comments(url: str) -> None:
    """Rows come back as they went; what others refer to is there first, whatever the order of the tables."""
    items, schools = reversed(write_postgresql([ITEMS, SCHOOLS], url, ABOUT))
    assert items.part == "autumn.items" and PASSWORD not in str(items.file)
    rows = from_postgresql(url)(items, ITEMS)
    assert [tuple(row.values())[1:] for row in rows] == [
        ("Bus \ufffd", Decimal("0.07"), date(1, 1, 2), True, 1), (None, Decimal("999999999999.99"), None, None, 2),
    ]  # fmt: skip
    assert [row["name"] for row in from_postgresql(url)(schools, SCHOOLS)] == ["Adams", "O'Brien \\ 0%s"]
    types = asked(
        url,
        "SELECT data_type FROM information_schema.columns WHERE table_name = 'items' ORDER BY ordinal_position",
    )
    assert [row[0] for row in types] == ["bigint", "text", "numeric", "date", "boolean", "bigint"]
    comments = asked(
        url, "SELECT col_description('autumn.items'::regclass, 3), obj_description('autumn.items'::regclass)"
    )
    assert comments == [("About cost", "About items")]
    for wrong in (
        "INSERT INTO autumn.items (n, school) VALUES (9, 9)",
        "INSERT INTO autumn.all_plans VALUES (1, '')",
    ):
        with pytest.raises(psycopg.IntegrityError):
            asked(url, wrong)


def test_an_export_again_keeps_what_hangs_on_the_tables(url: str) -> None:
    """Rows are replaced; a view stays while the tables have one make, and is never dropped unasked."""
    write_postgresql([ITEMS, SCHOOLS], url, ABOUT)
    asked(url, "CREATE VIEW public.names AS SELECT name FROM autumn.all_plans")
    asked(url, "CREATE TABLE autumn.notes (note text)")
    fewer = table("all_plans", {"name": "text"}, [("Finch",), ("Garry",)])
    write_postgresql([ITEMS, fewer], url, ABOUT)
    assert asked(url, "SELECT * FROM public.names") == [("Finch",), ("Garry",)]
    other = table(
        "all_plans", {"name": "text", "state": "text"}, [("Finch", "accepted"), ("Garry", "issued")]
    )
    with pytest.raises(UsageError, match=r"something depends on them \(view names depends"):
        write_postgresql([ITEMS, other], url, ABOUT)
    assert asked(url, "SELECT * FROM public.names") == [("Finch",), ("Garry",)]
    asked(url, "DROP VIEW public.names")
    write_postgresql([other], url, ABOUT)
    left = asked(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'autumn' ORDER BY 1")
    assert left == [("all_plans",), ("dictionary",), ("notes",)]
    asked(url, "DROP TABLE autumn.dictionary")
    write_postgresql([other], url, ABOUT)
    assert asked(url, "SELECT state FROM autumn.all_plans ORDER BY n") == [("accepted",), ("issued",)]


def test_a_schema_of_somebody_else_is_left_alone(url: str) -> None:
    """Neither what another program made nor what another campaign of that id wrote."""
    asked(url, "CREATE SCHEMA autumn")
    with pytest.raises(UsageError, match="belongs to something else"):
        write_postgresql([SCHOOLS], url, ABOUT)
    asked(url, "DROP SCHEMA autumn")
    write_postgresql([SCHOOLS], url, ABOUT)
    with pytest.raises(UsageError, match="another campaign of that id"):
        write_postgresql([SCHOOLS], url, replace(ABOUT, owner="fedcba9876543210"))
    with pytest.raises(UsageError, match="belongs to something else"):
        write_postgresql([SCHOOLS], url, replace(ABOUT, campaign="public"))


def test_a_failed_export_leaves_the_old_one(url: str) -> None:
    """All is replaced or nothing."""
    write_postgresql([ITEMS, SCHOOLS], url, ABOUT)
    broken = table("items", {"item": "text", "cost": "money", "due": "day", "paid": "yes-no", "school": "count"},
                   [("x", None, None, None, 99)], to="all_plans")  # fmt: skip
    with pytest.raises(XlplanError, match="violates foreign key") as told:
        write_postgresql([broken, SCHOOLS], url, ABOUT)
    assert PASSWORD not in str(told.value)
    assert asked(url, "SELECT count(*) FROM autumn.items") == [(2,)]


def test_long_names_stay_apart(url: str) -> None:
    """PostgreSQL would cut them to the same 63 bytes."""
    name = "x" * 70
    write_postgresql([table(f"{name}a", {f"{name}a": "text", f"{name}b": "text"}, [("1", "2")]),
                      table(f"{name}b", {}, [])], url, ABOUT)  # fmt: skip
    tables = asked(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'autumn' ORDER BY 1")
    assert tables == [("dictionary",), ("x" * 63,), ("x" * 61 + "_2",)] or len(set(tables)) == 3
    assert asked(url, f'SELECT * FROM autumn."{"x" * 63}"') == [(1, "1", "2")]


@pytest.mark.parametrize(
    "to", ["postgresql://nobody:hush@127.0.0.1:1/x", "postgresql://h:port/x", "postgresql://[/x?a=b"]
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(to: str) -> None:
    with pytest.raises(XlplanError) as told:
        write_postgresql([SCHOOLS], to, ABOUT)
    assert "hush" not in str(told.value) and "\n" not in str(told.value)
    assert shown("postgresql://u:p@h:5433/d?sslmode=require") == "postgresql://h:5433/d"
