"""An audit log that cannot be changed; sessions and accounts that end"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service.audit.chain import NOTHING, digest, link

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FILTERED = ("actor", "action", "subject")

# Deferred: it runs when the transaction commits, so that whoever else writes an entry waits for
# that commit only, and not for all that came before it. (3, 1) is the lock's name.
LINK = """
CREATE FUNCTION audit_log_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(3, 1);
    SELECT position, hash INTO last FROM audit_log
        WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    UPDATE audit_log
        SET position = coalesce(last.position, 0) + 1,
            hash = encode(sha256(convert_to(format('%s:%s:%s:%s',
                coalesce(last.position, 0) + 1, id, coalesce(last.hash, repeat('0', 64)), digest
            ), 'UTF8')), 'hex')
        WHERE id = NEW.id;
    RETURN NULL;
END
$$
"""
# The one change that is let through is the one above: to an entry that is not bound yet.
KEEP = """
CREATE FUNCTION audit_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.position IS NULL AND OLD.hash IS NULL AND
            (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.details, NEW.digest)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.details, OLD.digest)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGERS = (
    "CREATE CONSTRAINT TRIGGER audit_log_link AFTER INSERT ON audit_log"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_log_link()",
    "CREATE TRIGGER audit_log_keep_rows BEFORE UPDATE OR DELETE ON audit_log"
    " FOR EACH ROW EXECUTE FUNCTION audit_log_keep()",
    "CREATE TRIGGER audit_log_keep_table BEFORE TRUNCATE ON audit_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_keep()",
)


def upgrade() -> None:
    for column in ("digest", "hash"):
        op.add_column("audit_log", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("audit_log", sa.Column("position", sa.BigInteger(), nullable=True))
    _bind_what_is_there()
    op.alter_column("audit_log", "digest", nullable=False)
    op.create_unique_constraint(op.f("uq_audit_log_position"), "audit_log", ["position"])
    for name in FILTERED:
        op.create_index(
            f"ix_audit_log_{name}",
            "audit_log",
            [name, "position"],
            postgresql_ops={name: "text_pattern_ops"},
        )
    for statement in (LINK, KEEP, *TRIGGERS):
        op.execute(statement)
    _let_accounts_end()


def downgrade() -> None:
    op.drop_table("sign_ins")
    for column in ("last_sign_in_at", "disabled_at", "must_change_password"):
        op.drop_column("users", column)
    op.add_column(
        "users",
        sa.Column(
            "session_stamp",
            sa.Text(),
            server_default=sa.text("gen_random_uuid()::text"),
            nullable=False,
        ),
    )
    op.alter_column("users", "session_stamp", server_default=None)
    for trigger in ("audit_log_link", "audit_log_keep_rows", "audit_log_keep_table"):
        op.execute(f"DROP TRIGGER {trigger} ON audit_log")
    op.execute("DROP FUNCTION audit_log_link, audit_log_keep")
    for name in FILTERED:
        op.drop_index(f"ix_audit_log_{name}", "audit_log")
    for column in ("digest", "position", "hash"):
        op.drop_column("audit_log", column)


def _bind_what_is_there() -> None:
    """Entries from before the chain, in the order in which they were written."""
    log = sa.table(
        "audit_log",
        *(sa.column(name) for name in ("id", "at", *FILTERED)),
        sa.column("details", postgresql.JSONB()),
        *(sa.column(name) for name in ("digest", "position", "hash")),
    )
    content = sa.select(log.c.id, log.c.at, *(log.c[name] for name in FILTERED), log.c.details)
    connection, before = op.get_bind(), NOTHING
    for position, row in enumerate(connection.execute(content.order_by(log.c.id)).all(), 1):
        own = digest(row.at, row.actor, row.action, row.subject, row.details)
        before = link(position, row.id, before, own)
        change = {"digest": own, "position": position, "hash": before}
        connection.execute(sa.update(log).where(log.c.id == row.id).values(change))


def _let_accounts_end() -> None:
    op.drop_column("users", "session_stamp")
    op.add_column(
        "users",
        sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False),
    )
    for column in ("disabled_at", "last_sign_in_at"):
        op.add_column("users", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_user_id"), "sign_ins", ["user_id"])
