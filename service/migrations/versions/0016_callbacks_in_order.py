"""Callbacks of one post go out in order, and a receiver that is away is held back"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateSequence, DropSequence

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'pending', 'delivered', 'dead', 'withdrawn'"


def upgrade() -> None:
    op.execute(CreateSequence(sa.Sequence("deliveries_sequence")))
    op.add_column("deliveries", sa.Column("sequence", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE deliveries SET sequence = numbered.number FROM (SELECT id, nextval("
        "'deliveries_sequence') AS number FROM (SELECT id FROM deliveries ORDER BY created_at, id)"
        " AS ordered) AS numbered WHERE deliveries.id = numbered.id"
    )
    # What was sent before without a number keeps its body.
    op.execute(
        "UPDATE deliveries SET body = body || jsonb_build_object('sequence', sequence)"
        " WHERE state IN ('pending', 'dead')"
    )
    op.alter_column(
        "deliveries",
        "sequence",
        nullable=False,
        server_default=sa.text("nextval('deliveries_sequence')"),
    )
    op.create_unique_constraint(op.f("uq_deliveries_sequence"), "deliveries", ["sequence"])
    op.add_column("deliveries", sa.Column("leased_until", MOMENT, nullable=True))
    op.add_column("deliveries", sa.Column("hinted_at", MOMENT, nullable=True))
    op.create_index("ix_deliveries_state", "deliveries", ["state", "sequence"])
    _allow(f"{STATES}, 'overtaken'")
    _index_bodies("'delivered', 'withdrawn', 'overtaken'")
    op.create_table(
        "receivers",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_receivers")),
    )


def downgrade() -> None:
    op.drop_table("receivers")
    op.execute("DELETE FROM deliveries WHERE state = 'overtaken'")
    _index_bodies("'delivered', 'withdrawn'")
    _allow(STATES)
    op.drop_index("ix_deliveries_state", "deliveries")
    op.drop_column("deliveries", "hinted_at")
    op.drop_column("deliveries", "leased_until")
    op.drop_column("deliveries", "sequence")
    op.execute(DropSequence(sa.Sequence("deliveries_sequence")))


def _allow(states: str) -> None:
    op.drop_constraint("ck_deliveries_state_known", "deliveries")
    op.create_check_constraint(
        op.f("ck_deliveries_state_known"), "deliveries", f"state IN ({states})"
    )


def _index_bodies(states: str) -> None:
    op.drop_index("ix_deliveries_bodies", "deliveries")
    op.create_index(
        "ix_deliveries_bodies",
        "deliveries",
        ["created_at"],
        postgresql_where=sa.text(f"state IN ({states}) AND body <> '{{}}'"),
    )
