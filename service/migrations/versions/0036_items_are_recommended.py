"""Items, what people did with them, and what is counted from that; posts that pass are items"""

# ruff: noqa: S608  # the statements are put together from constants of this file alone

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "item_counts",
    "item_pairs",
    "opinions",
    "interactions",
    "viewers",
    "item_vectors",
    "item_images",
    "items",
)
LANGUAGE = "CASE WHEN {words} ~ '[가-힣]' THEN 'ko' WHEN {words} ~ '[A-Za-z]' THEN 'en' ELSE '' END"
WORDS = "({post}.caption || ' ' || array_to_string({post}.hashtags, ' '))"
# A post is an item from the moment it passes, and is none the moment it is flagged: whoever changes
# its decision, it is the same transaction.
FUNCTION = f"""
CREATE FUNCTION posts_are_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'decided' AND NEW.decision = 'pass' THEN
        INSERT INTO items (kind, external_id, post_id, language)
        VALUES ('post', NEW.external_id, NEW.id, {LANGUAGE.format(words=WORDS.format(post="NEW"))})
        ON CONFLICT (kind, external_id) DO UPDATE SET
            post_id = excluded.post_id, language = excluded.language, available = true,
            state = 'pending', queued_at = now();
    ELSIF NEW.state = 'deleted' THEN
        DELETE FROM items WHERE kind = 'post' AND external_id = NEW.external_id;
    ELSE
        UPDATE items SET available = false WHERE post_id = NEW.id AND available;
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _items()
    _people()
    _counts()
    op.execute(FUNCTION)
    op.execute(
        "CREATE TRIGGER posts_are_items_at_once AFTER INSERT ON posts FOR EACH ROW"
        " WHEN (NEW.state = 'decided' AND NEW.decision = 'pass')"
        " EXECUTE FUNCTION posts_are_items()"
    )
    op.execute(
        "CREATE TRIGGER posts_are_items AFTER UPDATE OF state, decision ON posts FOR EACH ROW"
        " WHEN ((OLD.state, OLD.decision) IS DISTINCT FROM (NEW.state, NEW.decision))"
        " EXECUTE FUNCTION posts_are_items()"
    )
    language = LANGUAGE.format(words=WORDS.format(post="posts"))
    op.execute(
        "INSERT INTO items (kind, external_id, post_id, language)"
        f" SELECT 'post', external_id, id, {language} FROM posts"
        " WHERE state = 'decided' AND decision = 'pass'"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER posts_are_items ON posts")
    op.execute("DROP TRIGGER posts_are_items_at_once ON posts")
    op.execute("DROP FUNCTION posts_are_items")
    for table in TABLES:
        op.drop_table(table)


def _items() -> None:
    op.create_table(
        "items",
        _id(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.BigInteger()),
        _text("title"),
        _text("text"),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _text("link"),
        _text("language"),
        sa.Column("available", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("shuffle", sa.Float(), server_default=sa.text("random()"), nullable=False),
        sa.Column("added_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("queued_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_by", sa.Uuid()),
        sa.Column("claimed_until", MOMENT),
        sa.CheckConstraint("kind IN ('item', 'post')", name=op.f("ck_items_kind_known")),
        sa.CheckConstraint("state IN ('pending', 'ready')", name=op.f("ck_items_state_known")),
        sa.CheckConstraint(
            "(kind = 'post') = (post_id IS NOT NULL)", name=op.f("ck_items_post_is_named")
        ),
        _belongs("items", "post_id", "posts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("kind", "external_id", name=op.f("uq_items_kind_external_id")),
    )
    op.create_index(
        "ix_items_post", "items", ["post_id"], postgresql_where=sa.text("post_id IS NOT NULL")
    )
    pending = sa.text("state = 'pending'")
    op.create_index("ix_items_pending", "items", ["kind", "queued_at"], postgresql_where=pending)
    for name, column in (("fresh", "added_at"), ("shuffle", "shuffle")):
        op.create_index(
            f"ix_items_{name}", "items", [column], postgresql_where=sa.text("available")
        )
    op.create_table(
        "item_images",
        _id(),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_url", sa.Text()),
        sa.Column("source_bytes", sa.LargeBinary()),
        sa.Column("source_upload", sa.Text()),
        sa.Column("error", postgresql.JSONB()),
        _belongs("item_images", "item_id", "items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_images")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_item_images_item_id_position")),
    )
    op.create_table(
        "item_vectors",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("vector", HALFVEC(), nullable=False),
        _belongs("item_vectors", "item_id", "items"),
        sa.PrimaryKeyConstraint("item_id", "made_by", name=op.f("pk_item_vectors")),
    )


def _people() -> None:
    op.create_table(
        "viewers",
        _id(),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("likes", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewers")),
        sa.UniqueConstraint("external_id", name=op.f("uq_viewers_external_id")),
    )
    op.create_table(
        "interactions",
        _id(),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("viewer_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "kind IN ('view', 'like', 'save', 'dislike')", name=op.f("ck_interactions_kind_known")
        ),
        _belongs("interactions", "viewer_id", "viewers"),
        _belongs("interactions", "item_id", "items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
        sa.UniqueConstraint("external_id", name=op.f("uq_interactions_external_id")),
    )
    op.create_index("ix_interactions_seen", "interactions", ["viewer_id", "item_id"])
    op.create_index("ix_interactions_item", "interactions", ["item_id"])
    op.create_index("ix_interactions_received", "interactions", ["received_at"])
    op.create_table(
        "opinions",
        sa.Column("viewer_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("nth", sa.BigInteger()),
        sa.Column("at", MOMENT, nullable=False),
        _belongs("opinions", "viewer_id", "viewers"),
        _belongs("opinions", "item_id", "items"),
        sa.PrimaryKeyConstraint("viewer_id", "item_id", name=op.f("pk_opinions")),
    )
    liked = sa.text("nth IS NOT NULL")
    op.create_index("ix_opinions_liked", "opinions", ["viewer_id", "nth"], postgresql_where=liked)
    op.create_index("ix_opinions_item", "opinions", ["item_id"])


def _counts() -> None:
    op.create_table(
        "item_pairs",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        _belongs("item_pairs", "item_id", "items"),
        _belongs("item_pairs", "other_id", "items"),
        sa.PrimaryKeyConstraint("item_id", "other_id", name=op.f("pk_item_pairs")),
    )
    op.create_index("ix_item_pairs_most", "item_pairs", ["item_id", "n"])
    op.create_index("ix_item_pairs_other", "item_pairs", ["other_id"])
    op.create_table(
        "item_counts",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("views", "likes", "saves", "dislikes")
        ),
        sa.Column("heat", sa.Float()),
        _belongs("item_counts", "item_id", "items"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_counts")),
    )
    op.create_index("ix_item_counts_heat", "item_counts", ["heat"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _belongs(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")
