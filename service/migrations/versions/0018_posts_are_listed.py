"""The API lists posts by state, decision, author and time"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posts_state_listed", "posts", ["state", "received_at", "id"])
    op.create_index(
        "ix_posts_decision_listed",
        "posts",
        ["decision", "received_at", "id"],
        postgresql_where=sa.text("state = 'decided'"),
    )
    op.create_index("ix_posts_author_listed", "posts", ["author_id", "received_at", "id"])
    op.drop_index("ix_posts_received", "posts")
    op.create_index("ix_posts_received", "posts", ["received_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_posts_received", "posts")
    op.create_index("ix_posts_received", "posts", ["received_at"])
    op.drop_index("ix_posts_author_listed", "posts")
    op.drop_index("ix_posts_decision_listed", "posts")
    op.drop_index("ix_posts_state_listed", "posts")
