"""Embeddings stay in their rows

PostgreSQL moves what is longer than 2 kB out of its row, an embedding of 1,280 halves say, and each
comparison then read both sides of it from elsewhere, piece by piece. What is stored already stays
where it is, and is read as before.
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LONGEST_ROW = 8160  # bytes: what fits a page


def upgrade() -> None:
    op.execute(f"ALTER TABLE embeddings SET (toast_tuple_target = {LONGEST_ROW})")


def downgrade() -> None:
    op.execute("ALTER TABLE embeddings RESET (toast_tuple_target)")
