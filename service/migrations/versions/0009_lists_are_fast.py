"""Lists, filters and the queue find what they show by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DECIDED = sa.text("state = 'decided'")


def upgrade() -> None:
    op.drop_index("ix_posts_decided", "posts")
    op.create_index(
        "ix_posts_decided", "posts", ["decided_by", "decision", "id"], postgresql_where=DECIDED
    )
    op.create_index(
        "ix_posts_settled",
        "posts",
        ["id"],
        postgresql_where=sa.text("state = 'decided' AND decided_by <> 'model'"),
    )
    op.create_index("ix_posts_author", "posts", ["author_id", "id"])
    op.create_index("ix_verdicts_category", "verdicts", ["category", "post_id"])
    op.create_index(
        "ix_cases_held",
        "cases",
        ["holder_id"],
        postgresql_where=sa.text("closed_at IS NULL AND holder_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_held", "cases")
    op.drop_index("ix_verdicts_category", "verdicts")
    op.drop_index("ix_posts_author", "posts")
    op.drop_index("ix_posts_settled", "posts")
    op.drop_index("ix_posts_decided", "posts")
    op.create_index("ix_posts_decided", "posts", ["decision", "id"], postgresql_where=DECIDED)
