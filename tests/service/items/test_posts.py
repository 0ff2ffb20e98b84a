"""A post that passed has a vector of its caption, hashtags and photographs, as long as it is that
post."""

from __future__ import annotations

import uuid
from datetime import timedelta

import numpy as np
from sqlalchemy import select

from items import Item as Content
from service.items.claim import claim_items
from service.items.embed import embed_items
from service.items.gathered import of_posts
from service.items.sweep import sweep_items
from service.items.write import write
from service.parts import Parts
from service.tables import Embedding, Image, Item, ItemVector, Post, Reembedding
from tests.service.console.rows import add_post

LEASE = timedelta(minutes=5)


def add(parts: Parts, name: str, caption: str = "", *seen: int) -> int:
    """A post that passed, with a photograph for each of these directions; its row."""
    bundle = parts.screener.current().bundle
    row = add_post(parts, name, {"카페": "relevant"})
    directions = np.eye(bundle.dimension, dtype=np.float32)
    with parts.sessions.begin() as session:
        session.get_one(Post, row).caption = caption
        for position, place in enumerate(seen):
            vector = Embedding(made_by=bundle.embedding_id, vector=directions[place])
            session.add(Image(post_id=row, position=position, embeddings=[vector]))
    return row


def vectors(parts: Parts) -> dict[str, ItemVector]:
    columns = select(Item.external_id, ItemVector).join(Item, Item.id == ItemVector.item_id)
    with parts.sessions() as session:
        return dict(session.execute(columns).all())


def change(parts: Parts, row: int, **values: str) -> None:
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        for name, value in values.items():
            setattr(post, name, value)


def state(parts: Parts) -> str:
    with parts.sessions() as session:
        return session.scalars(select(Item.state)).one()


def test_the_vector_is_of_caption_hashtags_and_photographs(parts: Parts) -> None:
    add(parts, "p-1", "우주에서 커피 한 잔", 0, 1)
    add(parts, "p-2", "우주에서 커피 한 잔")
    assert embed_items(parts) == 2
    encoding = parts.encoders.current()
    seen = np.eye(2, parts.screener.current().bundle.dimension, dtype=np.float32)
    content = Content(text="우주에서 커피 한 잔", tags=("카페",))
    shown = Content(text=content.text, tags=content.tags, pictures=seen)
    for name, expected in zip(
        ("p-1", "p-2"), encoding.encoder.vectors([shown, content]), strict=True
    ):
        assert vectors(parts)[name].made_by == encoding.vector_id
        np.testing.assert_allclose(vectors(parts)[name].vector, expected, atol=2e-3)


def test_a_post_that_was_deleted_or_superseded_loses_its_vector_at_once(parts: Parts) -> None:
    rows = [add(parts, f"p-{number}", "A ship in space", 0) for number in range(3)]
    embed_items(parts)
    change(parts, rows[0], state="deleted")
    assert set(vectors(parts)) == {"p-1", "p-2"}
    change(parts, rows[1], state="superseded")
    assert set(vectors(parts)) == {"p-2"}
    sweep_items(parts)
    assert embed_items(parts) == 0, "nobody makes it again"


def test_a_new_revision_never_has_the_vector_of_the_one_before(parts: Parts) -> None:
    row = add(parts, "p-1", "A ship in space", 0)
    embed_items(parts)
    before = vectors(parts)["p-1"].vector
    with parts.sessions.begin() as session:
        first = session.get_one(Post, row)
        values = {c.name: getattr(first, c.name) for c in Post.__table__.columns if c.name != "id"}
        session.add(Post(**(values | {"revision": 2, "caption": "A wedding in Paris"})))
    assert vectors(parts) == {}
    embed_items(parts)
    assert vectors(parts)["p-1"].vector != before


def test_what_a_worker_made_of_a_post_that_was_superseded_meanwhile_is_not_written(
    parts: Parts,
) -> None:
    row = add(parts, "p-1", "A ship in space", 0)
    worker, encoding = uuid.uuid4(), parts.encoders.current()
    with parts.sessions.begin() as session:
        ids = claim_items(session, worker, "post", 5, LEASE)
    known = of_posts(parts, parts.screener.current(), encoding, ids)
    made = dict(zip(known.contents, encoding.vectors(list(known.contents.values())), strict=True))
    change(parts, row, state="superseded")
    with parts.sessions.begin() as session:
        write(session, worker, ids, known, made, encoding.vector_id)
    assert vectors(parts) == {}


def test_a_flagged_post_is_not_looked_at_until_it_passes_again(parts: Parts) -> None:
    row = add(parts, "p-1", "A ship in space", 0)
    change(parts, row, decision="flag")
    assert embed_items(parts) == 0
    change(parts, row, decision="pass")
    assert embed_items(parts) == 1
    assert set(vectors(parts)) == {"p-1"}


def test_posts_are_renewed_once_stored_photographs_have_their_embeddings(parts: Parts) -> None:
    """A bundle came back: what another one saw meanwhile is looked at in the background."""
    row = add(parts, "p-1", "A ship in space")
    takes = parts.encoders.current().pictures_by
    with parts.sessions.begin() as session:
        session.add(Reembedding(made_by=takes))
    embed_items(parts)
    words = vectors(parts)["p-1"].vector
    sweep_items(parts)
    assert state(parts) == "ready", "its photograph is not looked at yet"
    with parts.sessions.begin() as session:
        vector = np.eye(1, parts.screener.current().bundle.dimension, dtype=np.float32)[0]
        seen = Embedding(made_by=takes, vector=vector)
        session.add(Image(post_id=row, position=0, embeddings=[seen]))
        done = session.get_one(Reembedding, takes)
        done.finished_at = done.started_at
    sweep_items(parts)
    assert state(parts) == "pending"
    embed_items(parts)
    assert vectors(parts)["p-1"].vector != words
