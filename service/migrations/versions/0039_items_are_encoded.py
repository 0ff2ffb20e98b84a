"""Items get vectors of words and pictures; a superseded post loses its vector at once"""

# ruff: noqa: S608  # the statements are put together from constants of this file alone

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = "'bundle', 'ruleset', 'lexicon'"
WORDS = "(NEW.caption || ' ' || array_to_string(NEW.hashtags, ' '))"
LANGUAGE = (
    f"CASE WHEN {WORDS} ~ '[가-힣]' THEN 'ko' WHEN {WORDS} ~ '[A-Za-z]' THEN 'en' ELSE '' END"
)
# What another revision showed, or is being looked at, says nothing of this one: its vector goes,
# and it is no worker's any more.
NOBODYS = "looked_by = '', claimed_by = NULL, claimed_until = NULL, attempts = 0"
# No statement joins: what is planned while the tables are small would read them whole later.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION posts_are_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item bigint;
    was_there boolean := true;
BEGIN
    IF NEW.state = 'decided' AND NEW.decision = 'pass' THEN
        INSERT INTO items (kind, external_id, post_id, language)
        VALUES ('post', NEW.external_id, NEW.id, {LANGUAGE})
        ON CONFLICT (kind, external_id) DO UPDATE SET
            post_id = excluded.post_id, language = excluded.language, available = true,
            state = 'pending', queued_at = now(), {NOBODYS}
        RETURNING id, xmax <> 0 INTO item, was_there;
    ELSIF NEW.state = 'deleted' THEN
        DELETE FROM items WHERE kind = 'post' AND external_id = NEW.external_id;
    ELSIF NEW.state = 'superseded' THEN
        UPDATE items SET available = false, {NOBODYS} WHERE post_id = NEW.id RETURNING id INTO item;
    ELSE
        UPDATE items SET available = false WHERE post_id = NEW.id AND available;
    END IF;
    IF item IS NOT NULL AND was_there THEN
        DELETE FROM item_vectors WHERE item_id = item;
    END IF;
    RETURN NULL;
END $$
"""
BEFORE = f"""
CREATE OR REPLACE FUNCTION posts_are_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'decided' AND NEW.decision = 'pass' THEN
        INSERT INTO items (kind, external_id, post_id, language)
        VALUES ('post', NEW.external_id, NEW.id, {LANGUAGE})
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
    op.add_column("items", sa.Column("year", sa.Integer()))
    # Empty: every item that is there gets a vector by the item bundle, a few at a time.
    looked = sa.Column("looked_by", sa.Text(), server_default="", nullable=False)
    op.add_column("items", looked)
    ready = sa.text("state = 'ready' AND available")
    op.create_index("ix_items_looked", "items", ["kind", "looked_by"], postgresql_where=ready)
    op.add_column("item_images", sa.Column("made_by", sa.Text()))
    op.add_column("item_images", sa.Column("vector", HALFVEC()))
    kind = sa.Column("kind", sa.Text(), server_default="bundle", nullable=False)
    op.add_column("bundle_promotions", kind)
    name = op.f("ck_bundle_promotions_kind_known")
    op.create_check_constraint(name, "bundle_promotions", "kind IN ('bundle', 'items')")
    _kinds_of_live(f"{KINDS}, 'items'")
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute(BEFORE)
    op.execute("DELETE FROM live WHERE kind = 'items'")
    _kinds_of_live(KINDS)
    op.execute("DELETE FROM bundle_promotions WHERE kind = 'items'")
    op.drop_column("bundle_promotions", "kind")
    op.drop_column("item_images", "vector")
    op.drop_column("item_images", "made_by")
    op.drop_index("ix_items_looked", "items")
    op.drop_column("items", "looked_by")
    op.drop_column("items", "year")


def _kinds_of_live(kinds: str) -> None:
    name = op.f("ck_live_kind_known")
    op.drop_constraint(name, "live")
    op.create_check_constraint(name, "live", f"kind IN ({kinds})")
