"""Posts have times that every language and time zone can show"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # From before such times were refused; some cannot even be read (years 0 and 10000).
    op.execute(
        "UPDATE posts SET posted_at = received_at WHERE posted_at < '2000-01-01 00:00:00+00'"
        " OR posted_at > received_at + interval '2 days'"
    )
    op.create_check_constraint(
        op.f("ck_posts_posted_at_can_be_shown"),
        "posts",
        sa.text("posted_at >= '2000-01-01 00:00:00+00' AND posted_at < '9000-01-01 00:00:00+00'"),
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_posts_posted_at_can_be_shown"), "posts")
