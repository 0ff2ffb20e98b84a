"""A worker claims posts by a lease in their rows; outages that screening waits out are known"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("claimed_by", sa.Uuid()))
    op.add_column("posts", sa.Column("claimed_at", sa.DateTime(timezone=True)))
    op.add_column("posts", sa.Column("claimed_until", sa.DateTime(timezone=True)))
    # Until now an attempt was counted before the work, and so for every post at work.
    op.execute("UPDATE posts SET attempts = 0 WHERE state = 'pending'")
    op.create_index(
        "ix_posts_claimed",
        "posts",
        ["claimed_until"],
        postgresql_where=sa.text("state = 'pending' AND claimed_until IS NOT NULL"),
    )
    op.create_table(
        "outages",
        sa.Column("part", sa.Text(), primary_key=True),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("message", sa.Text(), nullable=False),
    )
    op.create_table(
        "upkeep",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("upkeep")
    op.drop_table("outages")
    op.drop_index("ix_posts_claimed", "posts")
    op.drop_column("posts", "claimed_until")
    op.drop_column("posts", "claimed_at")
    op.drop_column("posts", "claimed_by")
