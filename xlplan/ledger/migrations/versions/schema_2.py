"""Schema 2: merged and assembled returns, parts, reviews, decision workbooks, erasures."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "2", "1"


def upgrade() -> None:
    """Add what is new; of what is recorded nothing changes."""
    with op.batch_alter_table("blobs") as blobs:
        blobs.drop_column("erased_at")  # was never written; `erasures` says it with its reason
    op.add_column("copies", sa.Column("part", sa.String(100), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_copies_inputs_hash", "copies", ["inputs_hash"])
    op.add_column("returns", sa.Column("kind", sa.String(20), nullable=False, server_default="return"))
    op.add_column("returns", sa.Column("values_hash", sa.String(64)))
    op.add_column("returns", sa.Column("part", sa.String(100)))
    op.create_table(
        "parents",
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("returns.id"), nullable=False),
    )
    op.create_index("ix_parents_parent_id", "parents", ["parent_id"])
    op.add_column("marks", sa.Column("after", sa.Integer))
    op.create_table(
        "reviews",
        _id(),
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_index("ix_reviews_return_id", "reviews", ["return_id"])
    op.create_table(
        "remarks",
        sa.Column("review_id", sa.Integer, sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "waiting",
        _id(),
        sa.Column("school_key", sa.String(40), nullable=False),
        sa.Column("template", sa.String(200), nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
    )
    op.create_table(
        "sides",
        sa.Column("waiting_id", sa.Integer, sa.ForeignKey("waiting.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("return_id", sa.Integer, sa.ForeignKey("returns.id"), nullable=False),
    )
    op.create_index("ix_sides_return_id", "sides", ["return_id"])
    op.create_table(
        "erasures",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.execute("UPDATE about SET value = '2' WHERE key = 'schema_version'")


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
