"""An item is one row that waits; its words and pictures become its content vector."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from items import Item as Content
from service.items import renew as renewing
from service.items.claim import claim_items, hold_mine
from service.items.content import made_by
from service.items.embed import MOST_ATTEMPTS, embed_items
from service.items.put import NewItem, Put, put_item
from service.items.sweep import PATIENCE, sweep_items
from service.live_versions import Versions
from service.parts import Parts
from service.posts.accept import NewImage
from service.queue import Queue
from service.screen import Eyes, Screen
from service.screener import Screener
from service.screening.pictures import LEAST_PIXELS, open_picture
from service.tables import Item, ItemImage, ItemVector, Outage
from tests.service.screening.conftest import change

Jpeg = Callable[..., bytes]
LEASE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """No log is drawn: a traceback with its locals, framed for a terminal, takes seconds."""
    with capture_logs():
        yield


def put(parts: Parts, name: str, *pictures: bytes, title: str = "A title", **more: Any) -> Put:
    sent = NewItem(name, title, "", more.pop("tags", ()), more.pop("link", ""), **more)
    images = [NewImage(None, data) for data in pictures]
    with parts.sessions.begin() as session:
        return put_item(session, sent, images)


def item(parts: Parts, name: str) -> Item:
    with parts.sessions() as session:
        return session.scalars(select(Item).where(Item.external_id == name)).one()


def vectors(parts: Parts) -> dict[str, ItemVector]:
    columns = select(Item.external_id, ItemVector).join(Item, Item.id == ItemVector.item_id)
    with parts.sessions() as session:
        return dict(session.execute(columns).all())


def is_same(stored: Any, expected: Any) -> bool:
    """A vector is stored in half precision, and so is what was seen in a picture."""
    return np.allclose(stored, expected, atol=2e-3)


def test_the_vector_is_what_the_item_bundle_makes_of_words_and_pictures(
    parts: Parts, jpeg: Jpeg
) -> None:
    pictures = [jpeg(seed=1), jpeg((200, 30, 30), seed=2)]
    assert put(parts, "a", *pictures, title="Robots in space").state == "pending"
    assert embed_items(parts) == 1
    looks = parts.screener.current().see(
        [open_picture(data, parts.config, LEAST_PIXELS).image for data in pictures]
    )
    seen = np.array([look.prediction.embedding for look in looks])
    encoding = parts.encoders.current()
    (expected,) = encoding.encoder.vectors([Content(title="Robots in space", pictures=seen)])
    found = vectors(parts)["a"]
    assert found.made_by == encoding.vector_id == made_by(parts)
    assert is_same(found.vector, expected)
    assert item(parts, "a").state == "ready"


def test_words_or_pictures_alone_are_enough_and_nothing_known_is_no_vector(
    parts: Parts, jpeg: Jpeg
) -> None:
    assert put(parts, "words", title="A ship in space").state == "pending"
    put(parts, "picture", jpeg(seed=1), title="")
    put(parts, "nothing", title="qqqzzz")
    assert embed_items(parts) == 3
    assert set(vectors(parts)) == {"words", "picture"}
    assert item(parts, "nothing").state == "ready"


def test_tags_and_year_count(parts: Parts) -> None:
    put(parts, "plain", title="Night")
    put(parts, "tagged", title="Night", tags=("Horror",))
    put(parts, "old", title="Night", tags=("Horror",), year=1931)
    embed_items(parts)
    assert len({tuple(one.vector) for one in vectors(parts).values()}) == 3


def test_the_letters_tell_the_language_unless_it_is_said(parts: Parts) -> None:
    put(parts, "a", title="바다")
    put(parts, "b", title="바다", language="en")
    put(parts, "c", title="바다", language="")
    assert [item(parts, name).language for name in "abc"] == ["ko", "en", ""]
    embed_items(parts)
    assert put(parts, "a", title="바다", language="en").state == "ready", "no word has changed"
    assert item(parts, "a").language == "en"


def test_the_same_body_changes_nothing_and_another_takes_its_place(
    parts: Parts, jpeg: Jpeg
) -> None:
    first, second = jpeg(seed=1), jpeg(seed=2)
    put(parts, "a", first)
    embed_items(parts)
    before = vectors(parts)["a"].vector
    assert put(parts, "a", first).state == "ready"
    assert put(parts, "a", second).state == "pending"
    assert vectors(parts) == {}, "nobody is shown an item for what it was"
    embed_items(parts)
    assert vectors(parts)["a"].vector != before


def test_an_item_whose_words_alone_change_is_embedded_again_with_the_pictures_it_has(
    parts: Parts, jpeg: Jpeg
) -> None:
    put(parts, "a", jpeg(seed=1), title="A ship in space")
    embed_items(parts)
    with parts.sessions.begin() as session:
        (seen,) = session.scalars(select(ItemImage.vector)).all()
        marked = np.roll(seen, 1)  # whoever looked again would find another
        session.execute(update(ItemImage).values(vector=marked))
    assert put(parts, "a", jpeg(seed=1), title="A wedding in Paris").state == "pending"
    assert item(parts, "a").title == "A wedding in Paris"
    assert vectors(parts) == {}
    embed_items(parts)
    content = Content(title="A wedding in Paris", pictures=marked[None])
    (expected,) = parts.encoders.current().encoder.vectors([content])
    assert is_same(vectors(parts)["a"].vector, expected)


def test_another_link_changes_the_link_alone(parts: Parts) -> None:
    put(parts, "a")
    embed_items(parts)
    assert put(parts, "a", link="https://films.example/a").state == "ready"
    assert item(parts, "a").link == "https://films.example/a"
    assert set(vectors(parts)) == {"a"}


def test_what_cannot_be_read_is_told_and_the_rest_counts(parts: Parts, jpeg: Jpeg) -> None:
    put(parts, "a", b"no picture", jpeg(seed=1), title="")
    put(parts, "b", b"no picture", title="")
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
        (claimed,) = claim_items(session, worker, "item", 5, LEASE)
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
            assert len(claim_items(session, uuid.uuid4(), "item", 5, LEASE)) == 1
            assert claim_items(session, uuid.uuid4(), "item", 5, LEASE) == [], "it is somebody's"
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
    assert parts.redis.llen(Queue.LOOKING) == 0, "its hint may be on its way"
    with parts.sessions.begin() as session:
        session.execute(update(Item).values(queued_at=Item.queued_at - 2 * PATIENCE))
    sweep_items(parts)
    assert parts.redis.llen(Queue.LOOKING) == 1


def test_what_another_bundle_made_is_renewed_a_few_at_a_time(
    parts: Parts, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(parts, f"i{number}")
    put(parts, "seen", jpeg(seed=1))
    assert embed_items(parts) == 6
    before = {name: one.vector for name, one in vectors(parts).items()}
    with parts.sessions.begin() as session:
        session.execute(update(ItemVector).values(made_by="the one before"))
        session.execute(update(Item).values(looked_by="the one before"))
    monkeypatch.setattr(renewing, "MOST", 2)
    for _ in range(3):
        for _ in range(2):
            sweep_items(parts)
            with parts.sessions() as session:
                count = select(func.count()).select_from(Item).where(Item.state == "pending")
                assert session.scalar(count) == 2, "no more wait at once"
        assert embed_items(parts) == 2
    sweep_items(parts)
    assert embed_items(parts) == 0
    now = vectors(parts)
    assert set(now) == set(before)
    assert all(is_same(now[name].vector, vector) for name, vector in before.items())
    assert {one.made_by for one in vectors(parts).values()} == {made_by(parts)}


def test_an_item_that_was_given_up_is_not_tried_without_end(parts: Parts, jpeg: Jpeg) -> None:
    put(parts, "a", jpeg(seed=1))
    with parts.sessions.begin() as session:
        session.execute(update(Item).values(attempts=MOST_ATTEMPTS))
    for _ in range(2):
        sweep_items(parts)
        assert item(parts, "a").state == "ready"


def test_with_a_classifier_that_the_bundle_does_not_know_words_count(
    parts: Parts, jpeg: Jpeg
) -> None:
    """What the one it knows saw goes on counting, and what another sees never does."""
    put(parts, "before", jpeg(seed=1), title="A ship")
    embed_items(parts)
    before = vectors(parts)["before"].vector
    other = with_unknown_classifier(parts)
    put(parts, "after", jpeg(seed=1), title="A ship")
    sweep_items(other)
    assert item(parts, "before").state == "pending"
    assert embed_items(other) == 2
    (words,) = parts.encoders.current().encoder.vectors([Content(title="A ship")])
    assert is_same(vectors(parts)["before"].vector, before)
    assert not is_same(words, before)
    assert is_same(vectors(parts)["after"].vector, words)
    sweep_items(other)
    assert item(parts, "after").state == "ready"
    sweep_items(parts)  # the classifier is back, and looks at the picture
    embed_items(parts)
    assert is_same(vectors(parts)["after"].vector, before)


def with_unknown_classifier(parts: Parts) -> Parts:
    """The parts with a live classifier under another name."""
    screen = parts.screener.current()
    bundle = replace(screen.bundle, embedding_id="another-network-224-0123456789ab")
    eyes = Eyes(bundle, 1)
    vars(eyes)["classifier"] = screen.classifier
    screener = Screener(parts.config, parts.sessions)
    vars(screener)["_made"] = (Versions(), Screen(eyes, screen.ruleset))
    return replace(parts, screener=screener)
