"""The ledger's tables. Portable types only: JSON and instants are text, alike in every database."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = 3

metadata = MetaData()


def _id(name: str = "id") -> Column[int]:
    # numbered by us under the write lock, so that whole batches go in at once
    return Column(name, Integer, primary_key=True, autoincrement=False)


about = Table(
    "about", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False)
)

# alembic's own table: which migration the database stands at, so that a new ledger need not be migrated
migrated = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))

# one line per recorded thing; each hash covers the one before it
entries = Table(
    "entries",
    metadata,
    _id("seq"),
    Column("at", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

# the files as they came, and carried records; content is null once it was erased on lawful request (see `erasures`)
blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary),
)

forms = Table(
    "forms",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("template", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", Text, nullable=False),
)

# what is locked in a form as it was issued, opaque here; a later xlplan may issue the same form in other words
seals = Table(
    "seals",
    metadata,
    _id(),
    Column("digest", ForeignKey("forms.digest"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("digest", "sha256"),
)

copies = Table(
    "copies",
    metadata,
    _id(),
    Column("school_key", String(40), nullable=False),
    Column("template", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("digest", ForeignKey("forms.digest"), nullable=False),
    # of the file that a copy answers; asked when that is erased
    Column("inputs_hash", String(64), nullable=False, index=True),
    Column("issued_at", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("part", String(100), nullable=False, server_default=text("''")),
    # the carried record that a fresh copy began with; asked when that is erased
    Column("base", String(64), index=True),
    UniqueConstraint("school_key", "template", "issue"),
)

# what a former round left of a school's plan, as a record among the blobs; the newest of a plan counts
carried = Table(
    "carried",
    metadata,
    _id(),
    Column("school_key", String(40), nullable=False),
    Column("template", String(200), nullable=False),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Index("carried_newest", "school_key", "template", "id"),
)

# the files returned in former rounds whose answers such a record quotes; asked the other way when one is erased
quoted = Table(
    "quoted",
    metadata,
    Column("carried_id", ForeignKey("carried.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, index=True),
)

returns = Table(
    "returns",
    metadata,
    _id(),
    # a file that was refused may be read later, once its school is on the roster or its password at hand
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("received", Date, nullable=False),
    Column("recorded_at", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("school_key", String(40)),
    Column("template", String(200)),
    Column("version", Integer),
    Column("issue", Integer),
    Column("plan", Text),
    Column("completeness", Text),
    Column("saved_by", Text),
    Column("saved_at", Text),
    Column("kind", String(20), nullable=False, server_default="return"),
    Column("values_hash", String(64)),
    Column("part", String(100)),
    Index("returns_newest", "school_key", "template", "received", "id"),
)

# the returns that a merged or assembled one was made from; asked the other way when one of them is erased
parents = Table(
    "parents",
    metadata,
    Column("return_id", ForeignKey("returns.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("parent_id", ForeignKey("returns.id"), nullable=False, index=True),
)

findings = Table(
    "findings",
    metadata,
    Column("return_id", ForeignKey("returns.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("code", String(40), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("path", Text),
    Column("sheet", Text),
    Column("cell", Text),
    Column("found", Text),
    Column("facts", Text, nullable=False),
    Column("waived", Boolean, nullable=False),
)

# lineage: the cell that each filled input was read from
cells = Table(
    "cells",
    metadata,
    Column("return_id", ForeignKey("returns.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", String(20), nullable=False),
)

# somebody's word on whether a return counts; the newest one holds
marks = Table(
    "marks",
    metadata,
    _id(),
    Column("return_id", ForeignKey("returns.id"), nullable=False, index=True),
    Column("counts", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", Text, nullable=False),
    # the highest return at that time; null: recorded under schema 1
    Column("after", Integer),
)

# a reader's word on a return
reviews = Table(
    "reviews",
    metadata,
    _id(),
    Column("return_id", ForeignKey("returns.id"), nullable=False, index=True),
    Column("decision", String(20), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

remarks = Table(
    "remarks",
    metadata,
    Column("review_id", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("path", Text),
    Column("text", Text, nullable=False),
)

# decision workbooks that are out; `after` is the highest return at that time
waiting = Table(
    "waiting",
    metadata,
    _id(),
    Column("school_key", String(40), nullable=False),
    Column("template", String(200), nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("after", Integer, nullable=False),
)

# the returns between which such a workbook asks to decide
sides = Table(
    "sides",
    metadata,
    Column("waiting_id", ForeignKey("waiting.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("return_id", ForeignKey("returns.id"), nullable=False, index=True),
)

# what was erased on lawful request: the tombstones
erasures = Table(
    "erasures",
    metadata,
    Column("sha256", ForeignKey("blobs.sha256"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", String(40), nullable=False),
)
