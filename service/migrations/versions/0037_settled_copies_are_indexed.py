"""Settled posts are found by their photographs through an index of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Of what a person settled, or may settle yet.
PHOTOGRAPHS = """
    UPDATE posts SET photographs = encode(sha256(convert_to(found.hashes, 'UTF8')), 'hex')
    FROM (
        SELECT post_id, string_agg(sha256, ',' ORDER BY sha256 COLLATE "C") AS hashes
        FROM images GROUP BY post_id HAVING bool_and(sha256 IS NOT NULL)
    ) AS found
    WHERE posts.id = found.post_id AND posts.state = 'decided'
        AND (posts.decided_by <> 'model' OR posts.decision <> 'pass')
"""


def upgrade() -> None:
    op.add_column("posts", sa.Column("photographs", sa.Text(), nullable=True))
    op.execute(PHOTOGRAPHS)
    op.create_index(
        "ix_posts_settled_photographs",
        "posts",
        ["photographs", "decided_at", "id"],
        postgresql_where=sa.text("state = 'decided' AND decided_by <> 'model'"),
    )
    op.drop_index("ix_images_sha256", table_name="images")


def downgrade() -> None:
    op.create_index("ix_images_sha256", "images", ["sha256"], postgresql_using="hash")
    op.drop_index("ix_posts_settled_photographs", table_name="posts")
    op.drop_column("posts", "photographs")
