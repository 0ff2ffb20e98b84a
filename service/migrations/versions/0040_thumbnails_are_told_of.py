"""A callback may be about a request for thumbnails instead of a post"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "thumbnail_jobs",
        sa.Column("callback", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("deliveries", sa.Column("thumbnails_key", sa.Text(), nullable=True))
    op.alter_column("deliveries", "post_id", nullable=True)
    # NOT VALID, then checked: no callback waits while all rows are read.
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_one_subject"
        " CHECK (num_nonnulls(post_id, thumbnails_key) = 1) NOT VALID"
    )
    op.execute("ALTER TABLE deliveries VALIDATE CONSTRAINT ck_deliveries_one_subject")
    op.create_index(
        "ix_deliveries_thumbnails_key",
        "deliveries",
        ["thumbnails_key"],
        postgresql_where=sa.text("thumbnails_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE post_id IS NULL")
    op.drop_index("ix_deliveries_thumbnails_key", "deliveries")
    op.drop_constraint("ck_deliveries_one_subject", "deliveries")
    op.alter_column("deliveries", "post_id", nullable=False)
    op.drop_column("deliveries", "thumbnails_key")
    op.drop_column("thumbnail_jobs", "callback")
