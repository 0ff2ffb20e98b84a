"""Posts with videos: fetched, stored, looked at through their frames, decided."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from sqlalchemy import func, select

from service.erasure import erase_due
from service.imagestore import ImageStore
from service.likeness.search import LikenessQuery, search
from service.parts import Parts
from service.posts.delete import delete_post
from service.posts.find import find_post
from service.posts.representation import represent
from service.queue import Queue
from service.screening.batch import screen
from service.screening.claim import Claim, claim_fresh, release
from service.tables import Erasure, Image, Post, Upload, Video
from service.uploads.begin import new_path
from tests.service.rawserver import serve_raw
from tests.service.receiver import answer, serve
from tests.service.screening.conftest import Add, change, state
from tests.videos.clips import clip, plain, shot

Jpeg = Callable[..., bytes]
PHOTOS = Path(__file__).parents[3] / "demo" / "photos"
SIZE = (320, 240)


def photo(name: str) -> np.ndarray:
    with Pillow.open(PHOTOS / name) as image:
        return np.asarray(image.convert("RGB").resize(SIZE))


@pytest.fixture(scope="module")
def cat_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Black for a second, then a cat for three."""
    frames = [*shot(plain(0, SIZE), 1), *shot(photo("cat.jpg"), 3)]
    return clip(tmp_path_factory.mktemp("videos") / "cat.mp4", frames).read_bytes()


@pytest.fixture
def film(add: Add) -> Callable[..., int]:
    """``film(*videos, hashtags=…) -> row id``: a post with videos as bytes or URLs."""

    def make(
        *videos: bytes | str,
        images: Sequence[bytes] = (),
        hashtags: tuple[str, ...] = ("고양이",),
    ) -> int:
        rows = [
            Video(
                position=n,
                source_url=one if isinstance(one, str) else None,
                source_bytes=one if isinstance(one, bytes) else None,
            )
            for n, one in enumerate(videos)
        ]
        return add(*images, hashtags=hashtags, videos=rows)

    return make


def shown(parts: Parts, row: int) -> dict[str, Any]:
    with parts.sessions() as session:
        name = session.scalars(select(Post.external_id).where(Post.id == row)).one()
        post = find_post(session, name)
        assert post
        return represent(post)


def test_a_video_bears_a_hashtag_out_and_the_reason_says_when(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    row = film(cat_video, hashtags=("고양이", "맛집"))
    screen(parts, [row])
    post = shown(parts, row)
    assert post["images"] == []
    (video,) = post["videos"]
    assert video["error"] is None
    assert video["seconds"] == pytest.approx(4, abs=0.2)
    assert all(1 <= frame["time"] < 4 for frame in video["frames"])  # none of the black ones
    assert video["frames"][0]["labels"]["cat"]["fact"] is True
    cat, food = post["hashtags"]
    assert cat["verdict"] == "relevant"
    assert "the video shows a cat at 0:0" in cat["reason"]["en"]
    assert "에 고양이가 보여요" in cat["reason"]["ko"]
    assert food["verdict"] == "irrelevant"
    assert post["reason"]["en"] == "The video does not bear out #맛집."


def test_frames_and_the_file_are_kept_found_as_similar_and_erased(
    parts: Parts, film: Callable[..., int], add: Add, cat_video: bytes, jpeg: Jpeg
) -> None:
    row = film(cat_video, images=(jpeg(seed=1),))
    screen(parts, [row])
    with parts.sessions() as session:
        video = session.scalars(select(Video)).one()
        frames = session.scalars(select(Image).where(Image.video_id == video.id)).all()
        assert video.source_bytes is None
        assert parts.images.get(video.stored or "") == cat_video
        assert frames
        for frame in frames:
            assert frame.frame
            assert frame.embeddings
            assert frame.hash is not None
            assert (parts.images.get(frame.derivative or "") or b"")[:2] == b"\xff\xd8"
        assert sum(frame.labels is not None for frame in frames) == 1
        keys = [video.stored, *(frame.derivative for frame in frames)]
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0
        name = session.scalars(select(Post.external_id).where(Post.id == row)).one()
    with parts.sessions.begin() as session:
        receipt = delete_post(session, name)
        assert receipt
        assert (receipt.videos, receipt.photographs) == (1, 1 + len(frames))
    erase_due(parts.sessions, parts.images)
    assert all(parts.images.get(key or "") is None for key in keys)


def test_a_photograph_taken_from_a_video_finds_it(
    parts: Parts, film: Callable[..., int], add: Add, cat_video: bytes, tmp_path: Path
) -> None:
    row = film(cat_video)
    screen(parts, [row])
    look = parts.screener.current().see([Pillow.fromarray(photo("cat.jpg"))])[0]
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        found = search(
            session, LikenessQuery(look.prediction.embedding[None], made_by, 5, 0.9)
        ).posts
    assert [one.row for one in found] == [row]
    assert found[0].likeness > 0.95


def test_a_video_is_fetched_under_the_same_guards(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    with serve(lambda handler: answer(handler, 200, cat_video)) as url:
        allowed = change(parts, fetch_allow="127.0.0.0/8")
        row = film(f"{url}/a.mp4")
        screen(allowed, [row])
        refused = film(f"{url}/b.mp4")
        screen(parts, [refused])
    assert shown(parts, row)["videos"][0]["error"] is None
    assert shown(parts, refused)["videos"][0]["error"]["code"] == "forbidden_address"
    assert state(parts, refused)[1] == "review"


@pytest.mark.slow  # waits for a server's bytes
def test_a_worker_gives_back_videos_of_slow_servers_while_another_waits(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    """It does not take up two slow ones; what is quick is decided, however long another waits."""
    asked, over = [], Event()

    def hang(_: object) -> None:
        asked.append("slow")
        over.wait(60)

    allowing = change(parts, fetch_allow=("127.0.0.1/32",), batch_size=1)
    with serve_raw(hang) as never, serve(lambda handler: answer(handler, 200, cat_video)) as url:
        others, quick = film(url), film(f"{url}/a")
        slow = [film(f"{never}{number}") for number in range(2)]
        other = Claim(timedelta(minutes=5))
        with parts.sessions.begin() as session:
            claim_fresh(session, other, [others])
        screen(allowing, [*slow, quick])
        states = [state(parts, row)[0] for row in (quick, *slow)]
        assert states == ["decided", "pending", "pending"]
        assert asked == ["slow"]
        over.set()
        with parts.sessions.begin() as session:
            release(session, other, [others])
        parts.redis.delete(Queue.SCREENING)
        screen(allowing, [slow[0]])
    assert state(parts, slow[0])[0] == "decided"
    # Whoever was at it calls the next one, as others gave away the hints of those that waited.
    (message,) = parts.redis.lrange(Queue.SCREENING, 0, -1)
    assert json.loads(b64decode(json.loads(message)["body"]))[0] == [others]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"no video", "not_a_video"), (b"GIF89a..", "picture")]
)
def test_a_video_that_cannot_be_had_sends_the_post_to_a_person_and_says_why(
    parts: Parts, film: Callable[..., int], jpeg: Jpeg, content: bytes, code: str
) -> None:
    row = film(content, images=(jpeg(seed=1),))
    screen(parts, [row])
    post = shown(parts, row)
    assert (post["state"], post["decision"]) == ("decided", "review")
    assert post["videos"][0]["error"]["code"] == code
    assert post["reason"]["en"].startswith("A video could not be looked at")
    assert post["reason"]["ko"].startswith("확인하지 못한 영상")


def test_a_video_that_takes_too_long_costs_its_time_and_no_worker(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    hurried = change(parts, video_decode_seconds=1e-6)
    row = film(cat_video)
    screen(hurried, [row])
    assert shown(parts, row)["videos"][0]["error"]["code"] == "too_slow"
    assert state(parts, row) == ("decided", "review", 0)


def test_an_outage_of_the_store_is_waited_out(
    parts: Parts, film: Callable[..., int], cat_video: bytes, tmp_path: Path
) -> None:
    row, store = film(cat_video), tmp_path / "store"
    own = Parts(**(vars(parts) | {"images": ImageStore(str(store))}))
    store.write_text("a file stands where the folder should be")
    screen(own, [row])
    assert state(parts, row) == ("pending", None, 0)
    store.unlink()
    screen(own, [row])
    assert state(parts, row)[0] == "decided"


def test_a_superseded_post_leaves_nothing_of_its_video(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    row = film(cat_video)
    with parts.sessions.begin() as session:
        name = session.scalars(select(Post.external_id).where(Post.id == row)).one()
        assert delete_post(session, name)
    screen(parts, [row])
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Video)) == 0


def test_an_upload_is_looked_at_where_it_lies_and_goes_with_its_post(
    parts: Parts, film: Callable[..., int], cat_video: bytes
) -> None:
    place = new_path("5f0c")
    parts.images.put(place, cat_video)
    row = film(cat_video)
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        session.add(
            Upload(
                key="5f0c",
                made_by="k",
                content_type="video/mp4",
                size=len(cat_video),
                path=place,
                stored_at=func.now(),
                expires_at=func.now(),
                claimed_by=post.external_id,
                claimed_at=func.now(),
            )
        )
        (video,) = post.videos
        video.source_bytes, video.source_upload = None, "5f0c"
        name = post.external_id
    screen(parts, [row])
    with parts.sessions() as session:
        video = session.scalars(select(Video)).one()
        assert (video.error, video.stored, video.size) == (None, None, len(cat_video))
    assert parts.images.get(place) == cat_video
    with parts.sessions.begin() as session:
        assert delete_post(session, name)
    erase_due(parts.sessions, parts.images)
    assert parts.images.get(place) is None
