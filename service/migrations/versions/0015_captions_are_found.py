"""Posts are found by words of their captions"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_posts_caption",
        "posts",
        [sa.text("to_tsvector('simple', caption)")],
        postgresql_using="gin",
        postgresql_where=sa.text("state IN ('pending', 'decided')"),
    )


def downgrade() -> None:
    op.drop_index("ix_posts_caption", "posts")
