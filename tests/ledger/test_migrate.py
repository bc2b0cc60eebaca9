"""A ledger that an older xlplan wrote, upgraded: everything asked of it gives what it gave."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, select, text

from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.ledger import Ledger, Remark, upgrade
from xlplan.ledger.database import connect, lock
from xlplan.ledger.migrate import migrate, scripts
from xlplan.ledger.schema import SCHEMA_VERSION, metadata

from .records import LATER, NOW, a_return, rows, tamper

FILES = Path(__file__).parent / "files"
OLD = FILES / "schema-1.sqlite"  # two schools, three returns, marks
SECOND = FILES / "schema-2.sqlite"  # a merge and its decision workbook, a review, marks, an erasure
# what the xlplan that wrote each of them told of it
TOLD: dict[int, dict[str, Any]] = {
    schema: json.loads((FILES / f"schema-{schema}.json").read_text(encoding="utf-8")) for schema in (1, 2)
}
# by what was asked: what records got later
NEW: dict[int, dict[str, set[str]]] = {
    1: {"copies": {"part", "base"}, "returns": {"kind", "values_hash", "part", "parents", "erased"}},
    2: {"copies": {"base"}, "returns": set()},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a copy of the first, in a folder with a name that programs may take apart, or on a server."""
    return placed(OLD, 1, request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def second(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same of the second."""
    return placed(SECOND, 2, request, tmp_path)


def placed(file: Path, schema: int, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return on_server(file, schema, request.getfixturevalue("postgresql")())
    folder = tmp_path / "50%(x)s"
    folder.mkdir()
    shutil.copy(file, folder / "ledger.sqlite")
    return f"sqlite:///{(folder / 'ledger.sqlite').as_posix()}"


def on_server(file: Path, schema: int, url: str) -> str:
    """Its rows in the tables of that schema; alembic kept nothing for itself in the first."""
    source, target = connect(f"sqlite:///{file}"), connect(url)
    with source.connect() as asked, target.connect() as filled:
        command.upgrade(scripts(filled), str(schema))
        filled.execute(text("DROP TABLE alembic_version" if schema == 1 else "DELETE FROM alembic_version"))
        filled.execute(text("DELETE FROM about"))
        tables = MetaData()
        tables.reflect(filled)
        for table in tables.sorted_tables:
            if found := [row._asdict() for row in asked.execute(select(table))]:
                filled.execute(insert(table), found)
        filled.commit()
    source.dispose()
    target.dispose()
    return url


def answers(ledger: Ledger, schema: int) -> dict[str, Any]:
    """Every question that the xlplan of that schema knew, as it answered."""
    forms = [ledger.form(digest) for digest in sorted({copy.digest for copy in ledger.copies()})]
    returns = ledger.returns()
    told = {
        "copies": list(map(asdict, ledger.copies())),
        "returns": list(map(asdict, returns)),
        "lineage": [ledger.lineage(item.id) for item in returns],
        "counting": {
            f"{rule} {which}": [item.id for item in ledger.counting_returns(rule, which)]
            for rule in ("newest-accepted", "newest")
            for which in ("accepted", "readable")
        },
        "forms": [
            asdict(form) | {"seals": [hashlib.sha256(seal).hexdigest() for seal in form.seals]}
            for form in forms
            if form
        ],
    }
    if schema > 1:
        told["marks"] = {str(number): list(map(asdict, marks)) for number, marks in ledger.marks().items()}
        told |= {
            "reviews": list(map(asdict, ledger.reviews())),
            "waiting": list(map(asdict, ledger.waiting().values())),
        }
    found: dict[str, Any] = json.loads(json.dumps(told, default=str))
    for kind, new in NEW[schema].items():
        found[kind] = [{key: row[key] for key in row if key not in new} for row in found[kind]]
    return found


def test_an_older_ledger_is_upgraded_with_all_that_it_holds(old: str) -> None:
    """Told first, kept beside, and the same afterwards; the chain goes on from where it was."""
    with pytest.raises(SetupError, match="Run `xlplan ledger upgrade`"):
        Ledger.open(old)
    done = upgrade(old, now=NOW)
    assert (done.before, done.after) == (1, SCHEMA_VERSION)
    assert (done.backup is not None) is old.startswith("sqlite")
    if done.backup is not None:
        assert done.backup.name == "ledger-before-20261005T120000Z.sqlite"
        assert rows(f"sqlite:///{done.backup}", "SELECT value FROM about") == [("1",)]
    with Ledger.open(old) as ledger:
        assert answers(ledger, 1) == {key: value for key, value in TOLD[1].items() if key != "head"}
        assert (ledger.verify_chain(), list(ledger.head())) == ([], TOLD[1]["head"])
        assert [
            hashlib.sha256(ledger.content(item.sha256) or b"").hexdigest() for item in ledger.returns()
        ] == [item.sha256 for item in ledger.returns()]
        assert {number: [mark.after for mark in marks] for number, marks in ledger.marks().items()} == {
            1: [1, 1],
            2: [2],
        }


def test_the_second_is_upgraded_with_all_that_it_holds(second: str) -> None:
    """Merge, review, decision and tombstone; what comes next goes on from its head."""
    with pytest.raises(SetupError, match="Run `xlplan ledger upgrade`"):
        Ledger.open(second)
    assert (upgrade(second, now=NOW).before, SCHEMA_VERSION) == (2, 3)
    told = {key: value for key, value in TOLD[2].items() if key not in ("head", "counts", "problems")}
    with Ledger.open(second) as ledger:
        assert answers(ledger, 2) == told
        assert (ledger.verify_chain(), list(ledger.head())) == ([], TOLD[2]["head"])
        assert ledger.checkup().counts == {**TOLD[2]["counts"], "carried": 0}
        assert ledger.record_carried("0530", "sfss", b"{}", ["a" * 64], now=LATER) is not None
        assert ledger.verify_chain() == [] and ledger.head()[0] == TOLD[2]["head"][0] + 1
        tamper(second, "UPDATE copies SET base = 'x' WHERE id = 1")
        assert ledger.verify_chain() == ["The copy 1 was changed after it was recorded."]


def test_an_upgraded_ledger_takes_all_that_is_new(old: str) -> None:
    """And is erased from like any other; upgrading again does nothing."""
    upgrade(old, now=NOW)
    again = upgrade(old, now=LATER)
    assert (again.before, again.backup) == (SCHEMA_VERSION, None)
    with Ledger.open(old) as ledger:
        merged = a_return("new", kind="merge", parents=(1, 2), values_hash="e" * 64, part="needs")
        assert ledger.record_return(merged, now=LATER) == 4
        ledger.record_mark(4, True, reason="so", by="Pat", now=LATER)
        ledger.record_review(2, "returned", [Remark(path=None, text="No.")], by="Kim", now=LATER)
        ledger.record_waiting("0530", "sfss", (1, 2), "x", "d" * 64, now=LATER)
        erased = ledger.erase(ledger.returns()[0].sha256, reason="asked", by="Pat", now=LATER)
        assert [item.id for item in erased.derived] == [4] and [item.issue for item in erased.copies] == [2]
        assert ledger.verify_chain() == []
        tamper(old, "UPDATE marks SET reason = 'x' WHERE id = 1")
        assert ledger.verify_chain() == ["The mark 1 was changed after it was recorded."]


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)
def test_an_upgrade_that_fails_changes_nothing(old: str) -> None:
    """Rows that name nothing stop it, halfway through the tables; the ledger is as it was."""
    tamper(old, "DELETE FROM blobs WHERE sha256 IN (SELECT sha256 FROM returns WHERE id = 3)")
    with pytest.raises(XlplanError, match="name others that are not there"):
        upgrade(old, now=NOW)
    assert rows(old, "SELECT value FROM about") == [("1",)]
    assert rows(old, "SELECT name FROM sqlite_master WHERE name LIKE 'alembic%' OR name = 'reviews'") == []
    assert rows(old, "SELECT count(*) FROM pragma_table_info('blobs') WHERE name = 'erased_at'") == [(1,)]


def test_there_has_to_be_a_ledger_of_ours(url: str) -> None:
    """None; one that a newer program wrote."""
    with pytest.raises(UsageError, match="no ledger here yet"):
        upgrade(url, now=NOW)
    Ledger.open(url).close()
    tamper(url, "UPDATE about SET value = '9'")
    with pytest.raises(XlplanError, match="newer xlplan"):
        upgrade(url, now=NOW)


def test_migrating_and_making_anew_give_the_same_tables(new_url: Callable[[], str]) -> None:
    """Alembic itself finds no difference, and neither says another version."""
    migrated, made = new_url(), new_url()
    engine = connect(migrated, create=True)
    with engine.connect() as connection:
        lock(connection)
        migrate(connection)
        connection.commit()
    engine.dispose()
    Ledger.open(made).close()
    for address in (migrated, made):
        engine = connect(address)
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []
            assert context.get_current_revision() == str(SCHEMA_VERSION)
        engine.dispose()
        with Ledger.open(address) as ledger:
            assert ledger.record_return(a_return("a", parents=()), now=NOW) == 1
