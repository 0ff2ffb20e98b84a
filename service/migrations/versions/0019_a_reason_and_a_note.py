"""An answer may carry a reason and a note"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("reason", sa.Text()))
    op.add_column("reviews", sa.Column("note", sa.Text()))
    # NOT VALID, then checked: nobody who answers waits while all rows are read.
    op.execute(
        "ALTER TABLE reviews ADD CONSTRAINT ck_reviews_note_bounded"
        " CHECK (char_length(note) <= 500) NOT VALID"
    )
    op.execute("ALTER TABLE reviews VALIDATE CONSTRAINT ck_reviews_note_bounded")


def downgrade() -> None:
    op.drop_constraint("ck_reviews_note_bounded", "reviews")
    op.drop_column("reviews", "note")
    op.drop_column("reviews", "reason")
