"""The queue stands by doubt or by reach alone, too"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a constant default no row is written; only what is open is ever sorted.
    op.add_column("cases", sa.Column("doubt", sa.Float(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("reach", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE cases SET reach = greatest(posts.reach, 1),"
        " doubt = priority / greatest(posts.reach, 1)"
        " FROM posts WHERE posts.id = post_id AND closed_at IS NULL"
    )
    for name in ("doubt", "reach"):
        op.create_index(
            f"ix_cases_open_by_{name}",
            "cases",
            [sa.text(f"{name} DESC"), "id"],
            postgresql_where=sa.text("closed_at IS NULL"),
        )


def downgrade() -> None:
    for name in ("doubt", "reach"):
        op.drop_column("cases", name)
