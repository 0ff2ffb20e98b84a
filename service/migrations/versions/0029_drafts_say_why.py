"""A draft keeps the reason and the note, too"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("reason", "note"):
        op.add_column("drafts", sa.Column(name, sa.Text()))
    op.create_check_constraint(op.f("ck_drafts_note_bounded"), "drafts", "char_length(note) <= 500")


def downgrade() -> None:
    for name in ("reason", "note"):
        op.drop_column("drafts", name)
