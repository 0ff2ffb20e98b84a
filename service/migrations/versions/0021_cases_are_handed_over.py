"""A case is handed over to another person, with a note"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = ("handed_to_id", "handed_by_id", "handed_at", "handed_note")


def upgrade() -> None:
    for name in ("handed_to_id", "handed_by_id"):
        op.add_column("cases", sa.Column(name, sa.BigInteger()))
        op.create_foreign_key(op.f(f"fk_cases_{name}_users"), "cases", "users", [name], ["id"])
    op.add_column("cases", sa.Column("handed_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("handed_note", sa.Text()))
    op.create_check_constraint(
        op.f("ck_cases_handed_note_bounded"), "cases", "char_length(handed_note) <= 500"
    )
    op.create_index(
        "ix_cases_handed",
        "cases",
        ["handed_to_id"],
        postgresql_where=sa.text("closed_at IS NULL AND handed_to_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_handed", "cases")
    for name in COLUMNS:
        op.drop_column("cases", name)
