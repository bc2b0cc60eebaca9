"""Schema 1: copies and returns in a hash chain."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "1", None


def upgrade() -> None:
    """Make the tables as the first xlplan made them."""
    op.create_table(
        "about",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "entries",
        _id("seq"),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("erased_at", sa.String(40)),
    )
    op.create_table(
        "forms",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "seals",
        _id(),
        sa.Column("digest", sa.String(64), sa.ForeignKey("forms.digest"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("digest", "sha256"),
    )
    op.create_table(
        "copies",
        _id(),
        sa.Column("school_key", sa.String(40), nullable=False),
        sa.Column("template", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("issue", sa.Integer, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), sa.ForeignKey("forms.digest"), nullable=False),
        sa.Column("inputs_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.UniqueConstraint("school_key", "template", "issue"),
    )
    op.create_table(
        "returns",
        _id(),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("received", sa.Date, nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("school_key", sa.String(40)),
        sa.Column("template", sa.String(200)),
        sa.Column("version", sa.Integer),
        sa.Column("issue", sa.Integer),
        sa.Column("plan", sa.Text),
        sa.Column("completeness", sa.Text),
        sa.Column("saved_by", sa.Text),
        sa.Column("saved_at", sa.Text),
    )
    op.create_index("ix_returns_sha256", "returns", ["sha256"])
    op.create_index("returns_newest", "returns", ["school_key", "template", "received", "id"])
    op.create_table(
        "findings",
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("sheet", sa.Text),
        sa.Column("cell", sa.Text),
        sa.Column("found", sa.Text),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("waived", sa.Boolean, nullable=False),
    )
    op.create_table(
        "cells",
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("cell", sa.String(20), nullable=False),
    )
    op.create_table(
        "marks",
        _id(),
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("ix_marks_return_id", "marks", ["return_id"])
    op.execute("INSERT INTO about (key, value) VALUES ('schema_version', '1')")


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
