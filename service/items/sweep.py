"""What the sweep does for items: hints of those that wait, and vectors of posts that passed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, Text, bindparam, select, text, update

from service.items.claim import give_up, is_waiting
from service.items.content import made_by
from service.items.embed import MOST_ATTEMPTS
from service.parts import Parts
from service.queue import EMBED, hint
from service.tables import Item

MOST = 200  # posts in one sweep
PATIENCE = timedelta(seconds=20)

# What was seen in a post's photographs is stored already; their mean is the post's vector.
_VECTORS = text("""
    INSERT INTO item_vectors (item_id, made_by, vector)
    SELECT items.id, :made_by, l2_normalize(avg(embeddings.vector))
    FROM items
    JOIN images ON images.post_id = items.post_id
    JOIN embeddings ON embeddings.image_id = images.id AND embeddings.made_by = :made_by
    WHERE items.id = ANY(:ids)
    GROUP BY items.id
    ON CONFLICT (item_id, made_by) DO UPDATE SET vector = excluded.vector
""").bindparams(bindparam("made_by", type_=Text))


def sweep_items(parts: Parts) -> None:
    """One turn."""
    with parts.sessions.begin() as session:
        give_up(session, MOST_ATTEMPTS, MOST)
        waits = is_waiting(session, PATIENCE)
    if waits:
        hint(parts.queue, EMBED)
    with parts.sessions() as session:
        is_owed = session.scalar(_posts().limit(1)) is not None
    if is_owed:  # or else the bundle need not even be loaded
        embed_posts(parts)


def embed_posts(parts: Parts) -> int:
    """Give vectors to posts that passed, those that wait longest.

    Returns:
        how many there were.
    """
    maker = made_by(parts.screener.current())
    with parts.sessions.begin() as session:
        ids = session.scalars(_posts().limit(MOST).with_for_update(skip_locked=True)).all()
        session.execute(_VECTORS, {"made_by": maker, "ids": list(ids)})
        ready = update(Item).where(Item.id.in_(ids)).values(state="ready")
        session.execute(ready, execution_options={"synchronize_session": False})
    return len(ids)


def _posts() -> Select[int]:
    return select(Item.id).where(Item.state == "pending", Item.kind == "post")
