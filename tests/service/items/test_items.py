"""An item is one row that waits to be looked at; its pictures become its content vector."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from service.items.claim import claim_items, hold_mine
from service.items.content import content_vector
from service.items.embed import MOST_ATTEMPTS, embed_items
from service.items.put import NewItem, Put, put_item
from service.items.renew import renew_vectors
from service.items.sweep import PATIENCE, sweep_items
from service.parts import Parts
from service.posts.accept import NewImage
from service.queue import Queue
from service.screener import Screener
from service.screening.pictures import open_picture
from service.tables import Embedding, Image, Item, ItemImage, ItemVector, Outage, Post
from tests.service.console.rows import add_post
from tests.service.screening.conftest import change

Jpeg = Callable[..., bytes]
LEASE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """No log is drawn: a traceback with its locals, framed for a terminal, takes seconds."""
    with capture_logs():
        yield


def put(parts: Parts, name: str, *pictures: bytes, title: str = "A title") -> Put:
    images = [NewImage(None, data) for data in pictures]
    with parts.sessions.begin() as session:
        return put_item(session, NewItem(name, title, "", (), ""), images)


def item(parts: Parts, name: str) -> Item:
    with parts.sessions() as session:
        return session.scalars(select(Item).where(Item.external_id == name)).one()


def vectors(parts: Parts) -> dict[str, ItemVector]:
    columns = select(Item.external_id, ItemVector).join(Item, Item.id == ItemVector.item_id)
    with parts.sessions() as session:
        return dict(session.execute(columns).all())


def test_the_vector_is_the_mean_of_what_was_seen_in_the_pictures(parts: Parts, jpeg: Jpeg) -> None:
    pictures = [jpeg(seed=1), jpeg((200, 30, 30), seed=2)]
    assert put(parts, "a", *pictures).state == "pending"
    assert embed_items(parts) == 1
    current = parts.screener.current()
    looks = current.see([open_picture(data, parts.config).image for data in pictures])
    mean = np.mean([look.prediction.embedding for look in looks], axis=0)
    found = vectors(parts)["a"]
    assert found.made_by == current.bundle.embedding_id
    np.testing.assert_allclose(found.vector, mean / np.linalg.norm(mean), atol=2e-3)
    assert item(parts, "a").state == "ready"


def test_an_item_without_pictures_is_ready_and_has_no_vector(parts: Parts) -> None:
    assert put(parts, "a").state == "ready"
    assert embed_items(parts) == 0
    assert vectors(parts) == {}
    assert content_vector([]) is None


def test_the_same_body_changes_nothing_and_another_takes_its_place(
    parts: Parts, jpeg: Jpeg
) -> None:
    first, second = jpeg(seed=1), jpeg(seed=2)
    put(parts, "a", first)
    embed_items(parts)
    assert put(parts, "a", first).state == "ready"
    assert put(parts, "a", first, title="Another").state == "ready"
    assert item(parts, "a").title == "Another"
    before = vectors(parts)["a"].vector
    assert put(parts, "a", second).state == "pending"
    assert vectors(parts) == {}, "nobody is shown an item for what it was"
    embed_items(parts)
    assert not np.array_equal(vectors(parts)["a"].vector, before)


def test_what_cannot_be_read_is_told_and_the_rest_counts(parts: Parts, jpeg: Jpeg) -> None:
    put(parts, "a", b"no picture", jpeg(seed=1))
    put(parts, "b", b"no picture")
    embed_items(parts)
    assert set(vectors(parts)) == {"a"}
    assert item(parts, "b").state == "ready"
    with parts.sessions() as session:
        errors = session.scalars(select(ItemImage.error).order_by(ItemImage.id)).all()
    assert [(error or {}).get("code") for error in errors] == ["not_an_image", None, "not_an_image"]


def test_several_workers_look_at_each_item_once(parts: Parts, jpeg: Jpeg) -> None:
    picture = jpeg(seed=1)
    for number in range(9):
        put(parts, f"i{number}", picture)
    with ThreadPoolExecutor(3) as pool:
        works = [pool.submit(embed_items, parts) for _ in range(3)]
        assert sum(work.result() for work in works) == 9
    assert len(vectors(parts)) == 9
    assert {item(parts, f"i{number}").attempts for number in range(9)} == {1}


def test_what_a_worker_saw_of_a_body_that_was_replaced_is_not_written(
    parts: Parts, jpeg: Jpeg
) -> None:
    put(parts, "a", jpeg(seed=1))
    worker = uuid.uuid4()
    with parts.sessions.begin() as session:
        (claimed,) = claim_items(session, worker, 5, LEASE)
    put(parts, "a", jpeg(seed=2))
    with parts.sessions.begin() as session:
        assert hold_mine(session, worker, [claimed]) == []
    assert embed_items(parts) == 1


def test_an_item_of_a_worker_that_died_is_taken_over_and_given_up_in_the_end(
    parts: Parts, jpeg: Jpeg
) -> None:
    put(parts, "a", jpeg(seed=1))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with parts.sessions.begin() as session:
            assert len(claim_items(session, uuid.uuid4(), 5, LEASE)) == 1
            assert claim_items(session, uuid.uuid4(), 5, LEASE) == [], "it is somebody's"
            session.execute(update(Item).values(claimed_until=func.clock_timestamp()))
        assert item(parts, "a").attempts == attempt
    sweep_items(parts)
    assert item(parts, "a").state == "ready"
    assert vectors(parts) == {}


def test_an_outage_is_waited_out(parts: Parts, jpeg: Jpeg, tmp_path: Path) -> None:
    put(parts, "a", jpeg(seed=1))
    broken = change(parts, bundle=tmp_path / "nowhere")
    broken = replace(broken, screener=Screener(broken.config, broken.sessions))
    assert embed_items(broken) == 0
    waiting = item(parts, "a")
    assert (waiting.state, waiting.attempts, waiting.claimed_by) == ("pending", 0, None)
    with parts.sessions() as session:
        assert [outage.part for outage in session.scalars(select(Outage))] == ["model"]
    assert embed_items(parts) == 1


def test_the_sweep_finds_an_item_whose_hint_was_lost(parts: Parts, jpeg: Jpeg) -> None:
    put(parts, "a", jpeg(seed=1))
    sweep_items(parts)
    assert parts.redis.llen(Queue.SCREENING) == 0, "its hint may be on its way"
    with parts.sessions.begin() as session:
        session.execute(update(Item).values(queued_at=Item.queued_at - 2 * PATIENCE))
    sweep_items(parts)
    assert parts.redis.llen(Queue.SCREENING) == 1


def test_another_network_looks_at_the_pictures_that_were_kept(parts: Parts, jpeg: Jpeg) -> None:
    live = parts.screener.current().bundle.embedding_id
    put(parts, "a", jpeg(seed=1))
    put(parts, "words")
    embed_items(parts)
    with parts.sessions.begin() as session:
        session.execute(update(ItemVector).values(made_by="the one before"))
        renew_vectors(session, live)
    assert (item(parts, "a").state, item(parts, "words").state) == ("pending", "ready")
    assert embed_items(parts) == 1
    with parts.sessions.begin() as session:
        assert set(session.scalars(select(ItemVector.made_by))) == {"the one before", live}
        renew_vectors(session, live)
    assert item(parts, "a").state == "ready"


def test_a_post_that_passed_has_the_mean_of_what_is_stored_of_it(parts: Parts) -> None:
    bundle = parts.screener.current().bundle
    one, other = np.eye(2, bundle.dimension, dtype=np.float32)
    row = add_post(parts, "p-1", {"카페": "relevant"})
    add_post(parts, "p-2", {"카페": "relevant"})
    with parts.sessions.begin() as session:
        for position, vector in enumerate((one, other)):
            seen = Embedding(made_by=bundle.embedding_id, vector=vector)
            session.add(Image(post_id=row, position=position, embeddings=[seen]))
    sweep_items(parts)
    found = vectors(parts)
    assert set(found) == {"p-1"}
    expected = (one + other) / np.sqrt(2)
    np.testing.assert_allclose(found["p-1"].vector, expected, atol=1e-3)
    assert item(parts, "p-2").state == "ready"
    with parts.sessions.begin() as session:
        session.get_one(Post, row).state = "deleted"
    assert vectors(parts) == {}
