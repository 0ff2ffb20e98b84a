"""The list of pending posts sorts nothing"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_posts_pending_list", "posts", ["id"], postgresql_where=sa.text("state = 'pending'")
    )


def downgrade() -> None:
    op.drop_index("ix_posts_pending_list", "posts")
