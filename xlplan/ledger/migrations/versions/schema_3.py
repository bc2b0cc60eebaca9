"""Schema 3: what former rounds left, carried into this one."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "3", "2"


def upgrade() -> None:
    """Add what is new; of what is recorded nothing changes."""
    op.add_column("copies", sa.Column("base", sa.String(64)))
    op.create_index("ix_copies_base", "copies", ["base"])
    op.create_table(
        "carried",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("school_key", sa.String(40), nullable=False),
        sa.Column("template", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_index("ix_carried_sha256", "carried", ["sha256"])
    op.create_index("carried_newest", "carried", ["school_key", "template", "id"])
    op.create_table(
        "quoted",
        sa.Column("carried_id", sa.Integer, sa.ForeignKey("carried.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_index("ix_quoted_sha256", "quoted", ["sha256"])
    op.execute("UPDATE about SET value = '3' WHERE key = 'schema_version'")
