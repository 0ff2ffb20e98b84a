"""Each post is decided once, on what can be read, whatever happens around it."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from threading import Event

import numpy as np
import PIL.Image
import pytest
from sqlalchemy import func, select, text, update

from service.campaigns.place import place_waiting
from service.parts import Parts
from service.posts.delete import delete_post
from service.posts.find import find_post
from service.queue import PLACE, Queue
from service.screening.batch import REST, screen
from service.screening.claim import Claim, claim_fresh
from service.screening.gather import SOON_SECONDS
from service.tables import (
    Campaign,
    CampaignImage,
    Delivery,
    Embedding,
    Image,
    Post,
    Unplaced,
    Verdict,
)
from tests.service.rawserver import Talk, serve_raw
from tests.service.receiver import answer, serve
from tests.service.screening.conftest import Add, change
from tests.service.test_outgoing import SLOW

Jpeg = Callable[..., bytes]


def png_bomb() -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", 0xAE426082)
    return b"\x89PNG\r\n\x1a\n" + chunk + end


def encoded(image: PIL.Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def get(parts: Parts, row_id: int) -> Post:
    with parts.sessions() as session:
        name = session.scalars(select(Post.external_id).where(Post.id == row_id)).one()
        post = find_post(session, name)
        assert post
        return post


def rows(parts: Parts, table: type[Verdict | Delivery | Embedding | Unplaced]) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_post_is_decided_with_everything_that_follows(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    owing = change(parts, callback_url="http://127.0.0.1:9/")
    row = add(jpeg(seed=1), jpeg(seed=2), hashtags=("카페", "일상", "카페"))
    screen(owing, [row])
    post = get(parts, row)
    assert (post.state, post.decided_by, post.attempts) == ("decided", "model", 0)
    assert post.decision in {"pass", "flag", "review"}
    assert [verdict.tag for verdict in post.verdicts] == ["카페", "일상", "카페"]
    assert all(v.reason["en"] and v.reason["ko"] for v in post.verdicts)
    assert all(len(image.sha256 or "") == 64 for image in post.images)
    assert all(image.labels for image in post.images)
    assert (rows(parts, Embedding), rows(parts, Delivery)) == (2, 1)
    with parts.sessions() as session:
        assert session.scalars(select(Image.source_bytes)).all() == [None, None]
        embedding = session.scalars(select(Embedding)).first()
        assert embedding
        assert np.linalg.norm(embedding.vector) == pytest.approx(1, abs=1e-2)


def test_many_posts_share_a_batch(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    ids = [add(jpeg(seed=number)) for number in range(6)]
    screen(parts, ids)
    assert {get(parts, row).state for row in ids} == {"decided"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"this is no photograph", "not_an_image"),
        (b"", "not_an_image"),
        pytest.param(png_bomb(), "too_many_pixels", id="bomb"),
        (encoded(PIL.Image.new("RGB", (600, 600)), "PNG")[:200], "truncated"),
    ],
)
def test_a_post_without_a_readable_photograph_goes_to_a_person(
    parts: Parts, add: Add, data: bytes, code: str
) -> None:
    row = add(data)
    screen(parts, [row])
    post = get(parts, row)
    assert (post.state, post.decision) == ("decided", "review")
    assert "No photograph" in (post.reason or {})["en"]
    assert (post.images[0].error or {})["code"] == code
    assert post.verdicts[0].verdict == "uncertain"


def test_a_post_is_decided_on_what_can_be_read(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    row = add(b"broken", jpeg(), "http://127.0.0.1:9/gone.jpg")
    screen(parts, [row])
    post = get(parts, row)
    codes = [(image.error or {}).get("code") for image in post.images]
    assert codes == ["not_an_image", None, "forbidden_address"]
    assert post.images[1].labels
    assert "No photograph" not in (post.reason or {})["en"]


@pytest.mark.parametrize(
    "data",
    [
        encoded(PIL.Image.new("CMYK", (64, 64), (0, 200, 200, 0)), "JPEG"),
        encoded(PIL.Image.fromarray(np.full((64, 64), 40_000, np.uint16)), "PNG"),
        encoded(PIL.Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"),
        encoded(
            PIL.Image.new("RGB", (64, 64)),
            "GIF",
            save_all=True,
            append_images=[PIL.Image.new("RGB", (64, 64), "red")],
        ),
    ],
    ids=["cmyk", "16 bit", "transparent", "animated"],
)
def test_unusual_photographs_are_read(parts: Parts, add: Add, data: bytes) -> None:
    row = add(data)
    screen(parts, [row])
    assert get(parts, row).images[0].error is None


def test_the_copy_has_no_exif_and_stands_upright(parts: Parts, add: Add) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera's maker"
    row = add(encoded(PIL.Image.new("RGB", (300, 200)), "JPEG", exif=exif))
    screen(parts, [row])
    image = get(parts, row).images[0]
    assert (image.width, image.height) == (200, 300)
    copy = parts.images.get(image.derivative or "")
    assert copy
    shown = PIL.Image.open(io.BytesIO(copy))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (200, 300), {})
    assert b"camera" not in copy


def test_decided_posts_are_owed_a_place_which_a_task_of_its_own_finds(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    ids = [add(jpeg(seed=1, quality=quality)) for quality in (95, 90)] + [add(jpeg(seed=2))]
    screen(parts, ids)
    (message,) = map(json.loads, parts.redis.lrange(Queue.LOOKING, 0, -1))
    assert message["headers"]["task"] == PLACE, "once for the batch"
    assert rows(parts, Unplaced) == 3, "the decision waited for no comparison"
    assert place_waiting(parts) == 3
    hashes = [get(parts, row).images[0].hash for row in ids]
    assert None not in hashes
    with parts.sessions() as session:
        members = session.scalars(select(CampaignImage.post_id).order_by(CampaignImage.post_id))
        assert members.all() == ids[:2]
        assert session.scalars(select(Campaign.posts)).all() == [2]
    assert rows(parts, Unplaced) == 0


def test_a_photograph_behind_a_url_still_shows_when_its_source_is_gone(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    def respond(request: BaseHTTPRequestHandler) -> None:
        answer(request, 200, jpeg())

    allowing = change(parts, fetch_allow=("127.0.0.1/32",))
    with serve(get=respond) as url:
        row = add(f"{url}/x.jpg")
        screen(allowing, [row])
    image = get(parts, row).images[0]
    assert image.error is None
    assert parts.images.get(image.derivative or "")


def test_several_workers_decide_once(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    owing = change(parts, callback_url="http://127.0.0.1:9/")
    ids = [add(jpeg(seed=number)) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: screen(owing, ids), range(4)))
    screen(owing, ids)
    assert (rows(parts, Verdict), rows(parts, Delivery)) == (8, 8)
    assert {get(parts, row).state for row in ids} == {"decided"}


@contextmanager
def while_fetching(jpeg: Jpeg, act: Callable[[], None]) -> Iterator[str]:
    """A photograph's server that does something before it answers."""

    def respond(request: BaseHTTPRequestHandler) -> None:
        act()
        answer(request, 200, jpeg())

    with serve(get=respond) as url:
        yield f"{url}/x.jpg"


def test_a_post_superseded_while_it_is_looked_at_stays_undecided(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    def supersede() -> None:
        with parts.sessions.begin() as session:
            session.execute(update(Post).values(state="superseded"))

    with while_fetching(jpeg, supersede) as url:
        row = add(url)
        screen(change(parts, fetch_allow=("127.0.0.1/32",)), [row])
    assert (get(parts, row).state, rows(parts, Verdict)) == ("superseded", 0)


def test_a_post_deleted_while_it_is_looked_at_stays_deleted(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    def remove() -> None:
        with parts.sessions.begin() as session:
            delete_post(session, "p-gone")

    with while_fetching(jpeg, remove) as url:
        row = add(url, external_id="p-gone")
        screen(change(parts, fetch_allow=("127.0.0.1/32",)), [row])
    assert get(parts, row).state == "deleted"
    assert (rows(parts, Verdict), rows(parts, Embedding)) == (0, 0)


def test_a_post_that_takes_its_worker_down_goes_to_a_person(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    row = add(jpeg(), attempts=parts.config.screening_attempts)
    screen(parts, [row])
    post = get(parts, row)
    assert (post.state, post.decision) == ("decided", "review")
    assert "failed several times" in (post.reason or {})["en"]


def hang_until(over: Event) -> Talk:
    """A server that takes a connection and says nothing."""

    def talk(_: object) -> None:
        over.wait(60)

    return talk


def test_posts_with_slow_servers_keep_no_other_post_waiting(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    """One post of each kind beside ordinary ones, which are decided first."""
    over = Event()
    with ExitStack() as stack:
        talks = (*SLOW.values(), hang_until(over))
        slow = [add(stack.enter_context(serve_raw(talk))) for talk in talks]
        ordinary = [add(jpeg(seed=number)) for number in range(3)]
        allowing = change(parts, fetch_allow=("127.0.0.1/32",), fetch_seconds=4 * SOON_SECONDS)
        screen(allowing, [*slow, *ordinary])
        over.set()
    posts = {row: get(parts, row) for row in [*slow, *ordinary]}
    assert {post.state for post in posts.values()} == {"decided"}
    last = posts[slow[-1]]
    assert (last.images[0].error or {})["code"] == "timed_out"
    order = sorted(posts.values(), key=lambda post: str(post.decided_at))
    assert order[-1].id == last.id


@contextmanager
def hanging_until_decided(parts: Parts, rows_of_others: Callable[[], list[int]]) -> Iterator[str]:
    """A server that says nothing until other posts are decided, or half a minute is over."""
    over, ended = Event(), Event()

    def watch() -> None:
        for _ in range(60):
            states = [get(parts, row).state for row in rows_of_others()]
            if ended.wait(0.5) or (states and set(states) == {"decided"}):
                break
        over.set()

    with serve_raw(hang_until(over)) as url, ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        yield url
        ended.set()
        watching.result()


def test_posts_with_many_photographs_that_no_server_answers_for_keep_no_other_post_waiting(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    """They are more than are fetched at once, and came before."""
    ordinary: list[int] = []

    def respond(request: BaseHTTPRequestHandler) -> None:
        answer(request, 200, jpeg())

    with hanging_until_decided(parts, lambda: ordinary) as never, serve(get=respond) as quick:
        slow = [add(*[f"{never}?{number}" for number in range(10)]) for _ in range(3)]
        ordinary += [add(jpeg()), add(f"{quick}/x.jpg")]
        allowing = change(parts, fetch_allow=("127.0.0.1/32",), fetch_seconds=60)
        screen(allowing, [*slow, *ordinary])
    first = min(str(get(parts, row).decided_at) for row in slow)
    assert all(str(get(parts, row).decided_at) < first for row in ordinary)


def test_what_comes_late_is_decided_before_what_never_comes(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    late: list[int] = []

    def respond(request: BaseHTTPRequestHandler) -> None:
        Event().wait(SOON_SECONDS + 0.5)
        answer(request, 200, jpeg())

    with hanging_until_decided(parts, lambda: late) as url, serve(get=respond) as slow:
        never = add(url)
        late.append(add(f"{slow}/x.jpg"))
        allowing = change(parts, fetch_allow=("127.0.0.1/32",), fetch_seconds=60)
        screen(allowing, [never, *late])
    assert str(get(parts, late[0]).decided_at) < str(get(parts, never).decided_at)


def test_a_worker_gives_back_what_is_slow_while_another_waits(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    """Or slow servers would keep all workers from posts that come later."""
    ordinary = [add(jpeg(seed=number)) for number in range(2)]
    over = Event()
    with serve_raw(hang_until(over)) as url:
        other, slow = add(url), add(url)
        with parts.sessions.begin() as session:
            claim_fresh(session, Claim(timedelta(minutes=5)), [other])
        allowing = change(parts, fetch_allow=("127.0.0.1/32",), fetch_seconds=60)
        screen(allowing, [slow, *ordinary])
        assert [get(parts, row).state for row in (slow, *ordinary)] == [
            "pending",
            "decided",
            "decided",
        ]
        with parts.sessions() as session:
            post = session.get_one(Post, slow)
            assert (post.claimed_by, post.attempts) == (None, 0)
            assert post.queued_at > post.received_at + REST
        over.set()
        screen(change(allowing, screening_processes=3), [slow])  # then two may wait
    assert get(parts, slow).state == "decided"


def test_the_hint_of_one_post_brings_along_those_that_wait(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    """Or a slow photograph would hold a worker for each hint that comes alone."""
    ids = [add(jpeg(seed=number)) for number in range(4)]
    screen(change(parts, batch_size=3), [ids[3]])
    assert [get(parts, row).state for row in ids] == ["decided", "decided", "pending", "decided"]


def test_no_transaction_is_open_while_a_server_is_waited_for(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    open_ones: list[int] = []

    def ask() -> None:
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_xid IS NOT NULL OR state LIKE 'idle in transaction%'"
        )
        with parts.sessions() as session:
            open_ones.append(session.scalar(query) or 0)

    with while_fetching(jpeg, ask) as url:
        row = add(url)
        screen(change(parts, fetch_allow=("127.0.0.1/32",)), [row])
    assert open_ones == [0]
    assert get(parts, row).state == "decided"
