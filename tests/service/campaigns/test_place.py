"""Decided posts find those that show the same picture, as they come and go."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from service.campaigns import compare as comparing
from service.campaigns import place as placing
from service.campaigns.place import hint_unplaced, place_waiting
from service.parts import Parts
from service.posts.accept import accept
from service.posts.delete import delete_post
from service.queue import Queue
from service.tables import Campaign, CampaignImage, CampaignName, Image, Post, Unplaced
from tests.growth.recorder import recorded
from tests.service.campaigns.rows import add_one, shapes
from tests.service.similar.rows import add_seen

FAR = 90.0  # degrees


def names(parts: Parts) -> list[set[str]]:
    return [set(shape[0]) for shape in shapes(parts)]


def test_one_picture_by_two_authors_is_a_campaign_with_its_spread(parts: Parts) -> None:
    add_one(parts, "p-1", 0, tags=("카페", "맛집"), author_id="u-1", reach=10)
    add_one(parts, "p-2", 1, tags=("카페", "ootd"), author_id="u-2", reach=5)
    add_one(parts, "p-3", FAR)
    assert place_waiting(parts) == 3
    members, posts, authors, hashtags, spread = shapes(parts)[0]
    assert (set(members), posts, authors, hashtags) == ({"p-1", "p-2"}, 2, 2, 3)
    assert spread[("hashtag", "카페")] == 2
    with parts.sessions() as session:
        assert session.scalars(select(Campaign.reach)).all() == [15]
        assert session.scalar(select(func.count()).select_from(Unplaced)) == 0


def test_a_third_copy_joins_and_one_that_shows_two_pictures_makes_them_one(parts: Parts) -> None:
    for name, degrees in (("a-1", 0), ("a-2", 1), ("b-1", 40), ("b-2", 41)):
        add_one(parts, name, degrees)
    place_waiting(parts)
    assert names(parts) == [{"a-1", "a-2"}, {"b-1", "b-2"}]
    row = add_seen(parts, "c", {"ootd": "irrelevant"}, (0.5, 40.5))
    with parts.sessions.begin() as session:
        session.add(Unplaced(post_id=row))
    place_waiting(parts)
    assert names(parts) == [{"a-1", "a-2", "c"}, {"b-1", "b-2", "c"}], "two pictures, two campaigns"


def test_two_campaigns_that_meet_in_one_picture_become_one(parts: Parts) -> None:
    # Three degrees apart are a cosine of .9986; six are .9945, where only pixels could tell.
    for name, degrees in (("a-1", 0), ("a-2", 0), ("b-1", 6), ("b-2", 6)):
        add_one(parts, name, degrees)
        place_waiting(parts)
    assert names(parts) == [{"a-1", "a-2"}, {"b-1", "b-2"}]
    add_one(parts, "c", 3)
    place_waiting(parts)
    assert names(parts) == [{"a-1", "a-2", "b-1", "b-2", "c"}]
    assert shapes(parts)[0][1:4] == (5, 1, 1)


def test_many_copies_that_come_together_are_one_campaign_however_they_wait(parts: Parts) -> None:
    for number in range(6):
        add_one(parts, f"p-{number}", 0, 7, author_id=f"u-{number}")
    add_one(parts, "p-far", FAR)
    assert place_waiting(parts) == 7
    assert names(parts) == [{f"p-{number}" for number in range(6)}]
    assert shapes(parts)[0][1:3] == (6, 6)


def test_posts_that_show_what_no_other_does_ask_as_often_as_one(parts: Parts) -> None:
    place_waiting(parts)  # what a process reads once is read
    asked: list[int] = []
    for names_of in (("p-1",), ("p-2", "p-3", "p-4")):
        for number, name in enumerate(names_of):
            add_one(parts, name, 40.0 * (len(asked) + number), hashes=number + 7 << 8 * number)
        with recorded(parts.sessions.kw["bind"]) as queries:
            assert place_waiting(parts) == len(names_of)
        asked.append(len(queries))
    assert names(parts) == []
    assert asked[0] == asked[1]


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_post_that_is_gone_leaves_its_campaigns_and_their_counts(parts: Parts, how: str) -> None:
    for number in range(3):
        add_one(parts, f"p-{number}", 0, 7, author_id=f"u-{number}")
    place_waiting(parts)
    for name, left in (("p-0", [{"p-1", "p-2"}]), ("p-1", [])):
        with parts.sessions.begin() as session:
            if how == "deleted":
                delete_post(session, name)
            else:
                accept(session, _newer(name), [])
        assert names(parts) == left
    with parts.sessions() as session:
        for table in (CampaignImage, CampaignName):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        kept = session.scalar(select(func.count()).where(Image.hash.is_not(None)))
        assert kept == (1 if how == "deleted" else 3)


def _newer(name: str) -> Post:
    return Post(
        external_id=name,
        revision=2,
        author_id="u-1",
        caption="",
        hashtags=[],
        posted_at=datetime.now(UTC),
    )


@pytest.mark.parametrize(("state", "days"), [("superseded", 0), ("decided", 40)])
def test_what_is_gone_or_old_is_no_candidate(parts: Parts, state: str, days: int) -> None:
    received = datetime.now(UTC) - timedelta(days=days)
    add_one(parts, "p-1", 0, state=state, received_at=received)
    place_waiting(parts)
    add_one(parts, "p-2", 0)
    place_waiting(parts)
    assert names(parts) == []


def _photograph(seed: int) -> Pillow.Image:
    """Shapes that have corners, so that there is something to align."""
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), np.uint8)
    return Pillow.fromarray(noise).resize((480, 360), Pillow.Resampling.NEAREST)


def _jpeg(image: Pillow.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def test_between_the_bounds_the_pixels_tell(parts: Parts) -> None:
    whole = _photograph(1)
    changed = ImageOps.mirror(whole.crop((40, 30, 440, 330)))
    far_hashes = iter((0, -1, 0x5555555555555555))
    for name, image, degrees in (
        ("p-1", whole, 0),
        ("p-2", changed, 20),
        ("p-3", _photograph(2), -20),
    ):
        add_one(parts, name, degrees, hashes=next(far_hashes), photograph=_jpeg(image))
    place_waiting(parts)
    assert names(parts) == [{"p-1", "p-2"}]


@pytest.mark.parametrize(("kept", "reads"), [(comparing.KEPT, [1, 1, 1]), (1, [1, 2, 3])])
def test_a_turn_keeps_the_copies_it_read_up_to_a_bound_and_the_next_reads_them_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, kept: int, reads: list[int]
) -> None:
    monkeypatch.setattr(comparing, "KEPT", kept)
    rows = [
        add_one(parts, f"p-{seed}", degrees, seed << 32, photograph=_jpeg(_photograph(seed)))
        for seed, degrees in enumerate((0, 20, 45))
    ]
    get, had = parts.images.get, Counter[str]()

    def counting(key: str) -> bytes | None:
        had[key] += 1
        return get(key)

    monkeypatch.setattr(parts.images, "get", counting)
    place_waiting(parts)
    assert sorted(had.values()) == reads, "the second looks like the first and like the third"
    with parts.sessions.begin() as session:
        session.add(Unplaced(post_id=rows[0]))
    place_waiting(parts)
    assert had.total() == sum(reads) + 2


def test_a_store_that_is_away_is_waited_out_and_no_verdict_about_pictures(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, degrees in (("p-1", 0), ("p-2", 20)):
        add_one(parts, name, degrees, hashes=-1 if degrees else 0, photograph=_jpeg(_photograph(1)))

    def away(key: str) -> bytes:
        raise OSError(5, "away")

    with monkeypatch.context() as patch, capture_logs():
        patch.setattr(parts.images, "get", away)
        assert place_waiting(parts) == 0
    with parts.sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(Unplaced)) == 2
        session.execute(update(Unplaced).values(leased_until=None))
    place_waiting(parts)
    assert names(parts) == [{"p-1", "p-2"}]


def test_the_sweep_queues_what_no_worker_placed_and_gives_up_what_never_works(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_one(parts, "p-1", 0)
    hint_unplaced(parts)
    assert parts.redis.llen(Queue.LOOKING) == 0, "it was decided just now"
    monkeypatch.setattr(placing, "PATIENCE", timedelta(0))
    hint_unplaced(parts)
    assert parts.redis.llen(Queue.LOOKING) == 1
    with parts.sessions.begin() as session:
        session.execute(update(Unplaced).values(attempts=placing.MOST_ATTEMPTS))
    hint_unplaced(parts)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Unplaced)) == 0
