"""A passed post that was drawn for a person is a spot check; audit is the log's word alone"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = "kind IN ('review', 'double', 'third', 'control', '{}', 'appeal')"


def upgrade() -> None:
    _rename("audit", "spot_check")


def downgrade() -> None:
    _rename("spot_check", "audit")


def _rename(old: str, new: str) -> None:
    """Few rows change: the share of the posts that passed which is drawn."""
    op.drop_constraint("ck_cases_kind_known", "cases")
    for table, column, plural in (
        ("cases", "kind", ""),
        ("reviews", "kind", ""),
        ("hourly_figures", "figure", "s"),
    ):
        rows = sa.table(table, sa.column(column, sa.Text()))
        name = rows.c[column]
        op.execute(sa.update(rows).where(name == old + plural).values({column: new + plural}))
    op.create_check_constraint(op.f("ck_cases_kind_known"), "cases", KINDS.format(new))
