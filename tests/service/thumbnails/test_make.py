"""A video or pictures are looked at once, and the best are chosen and kept for a while."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from sqlalchemy import func, select, update

from service.erasure import erase_due
from service.imagestore import ImageStore
from service.parts import Parts
from service.posts.delete import delete_post
from service.queue import Queue
from service.screener import Screener
from service.tables import (
    AuditEntry,
    Embedding,
    Erasure,
    Image,
    Outage,
    ThumbnailFrame,
    ThumbnailJob,
    ThumbnailPicture,
    Upload,
)
from service.thumbnails.claim import claim
from service.thumbnails.end import MOST_ATTEMPTS
from service.thumbnails.sweep import PATIENCE, sweep_thumbnails
from tests.service.console.rows import add_post
from tests.service.receiver import answer, serve
from tests.service.screening.conftest import change
from tests.service.thumbnails.conftest import PHOTOS, Asker, photo
from tests.videos.clips import clip, plain, shot, turned

Film = Callable[..., bytes]


def count(parts: Parts, table: type) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def stored(parts: Parts) -> list[str]:
    with parts.sessions() as session:
        paths = session.scalars(select(ThumbnailFrame.stored)).all()
    return [path for path in paths if path]


def expire(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(ThumbnailJob).values(expires_at=func.clock_timestamp()))


def test_the_best_frames_of_an_upload_are_chosen_and_shown(asker: Asker, film: Film) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg", "coffee.jpg"))}, k=2)
    assert asker.read(key)["state"] == "pending"
    assert asker.make(key)
    told = asker.read(key)
    assert (told["state"], told["error"], told["unread"]) == ("done", None, [])
    assert len(told["frames"]) == 2
    first, second = sorted(frame["time"] for frame in told["frames"])
    assert 1 <= first < 2 <= second < 3, "one of each scene, and none of the black second"
    for frame in told["frames"]:
        assert frame["index"] is None
        assert 0 < frame["score"] <= 1
        assert all(0 <= part <= 1 for part in frame["focus"])
        assert "quality" in frame["reason"]["en"]
        assert "its subject is" in frame["reason"]["en"]
        assert "품질" in frame["reason"]["ko"]
        assert "피사체가" in frame["reason"]["ko"]
        file = asker.file(frame["url"])
        assert (file.status_code, file.mimetype) == (200, "image/jpeg")
        assert (
            Pillow.open(io.BytesIO(file.data)).size
            == (320, 180)
            == (
                frame["width"],
                frame["height"],
            )
        )
    assert "unlike" in told["frames"][1]["reason"]["en"]
    assert not asker.make(key), "it is over"
    assert count(asker.parts, Erasure) == 0


def test_frames_keep_the_videos_aspect_and_turn(asker: Asker, tmp_path: Path) -> None:
    frames = [*shot(photo("cat.jpg"), 1)]
    wide = clip(tmp_path / "wide.mp4", frames, aspect=Fraction(2)).read_bytes()
    tall = turned(clip(tmp_path / "tall.mp4", frames)).read_bytes()
    for data, aspect in ((wide, 640 / 180), (tall, 180 / 320)):
        key = asker.asked(video={"upload": asker.upload(data)}, k=1)
        asker.make(key)
        (frame,) = asker.read(key)["frames"]
        assert frame["width"] / frame["height"] == pytest.approx(aspect, rel=0.02)


def test_pictures_are_chosen_like_references(asker: Asker) -> None:
    def sent(name: str) -> dict[str, str]:
        return {"upload": asker.upload((PHOTOS / name).read_bytes(), "image/jpeg")}

    pictures = [sent("cat.jpg"), sent("peaks.jpg"), {"url": "http://127.0.0.1/a.jpg"}]
    key = asker.asked(images=pictures, references=[sent("ridge.jpg")], k=1)
    asker.make(key)
    told = asker.read(key)
    assert [frame["index"] for frame in told["frames"]] == [1]
    assert told["frames"][0]["time"] is None
    assert "nearest references" in told["frames"][0]["reason"]["en"]
    (missing,) = told["unread"]
    assert (missing["pointer"], missing["error"]["code"]) == ("/images/2", "forbidden_address")


def test_the_style_of_a_channel_or_a_category_is_that_of_stored_photographs(
    asker: Asker, film: Film
) -> None:
    current = asker.parts.screener.current()
    looks = current.see([Pillow.fromarray(photo(name)) for name in ("cat.jpg", "coffee.jpg")])
    for number, (author, look) in enumerate(zip(("cats", "cups"), looks, strict=True)):
        tag = {"카페": "relevant" if author == "cups" else "irrelevant"}
        row = add_post(asker.parts, f"p-{number}", tag, author_id=author)
        seen = Embedding(made_by=current.bundle.embedding_id, vector=look.prediction.embedding)
        with asker.parts.sessions.begin() as session:
            session.add(Image(post_id=row, position=0, embeddings=[seen]))
    video = {"upload": asker.upload(film("cat.jpg", "coffee.jpg"))}
    for style, second in (({"channel": "cats"}, 1), ({"category": "cafe"}, 2)):
        key = asker.asked(video=video, references=style, k=1)
        asker.make(key)
        (frame,) = asker.read(key)["frames"]
        assert second <= frame["time"] < second + 1, style
        assert frame["closeness"] > 0.9
    with asker.parts.sessions.begin() as session:
        session.execute(update(Embedding).values(made_by="another network"))
    key = asker.asked(video=video, references={"channel": "cats"})
    asker.make(key)
    assert asker.read(key)["error"]["code"] == "no_references"


def test_what_cannot_be_had_as_a_video_fails_and_says_why(asker: Asker, film: Film) -> None:
    with serve(lambda handler: answer(handler, 200, b"no video")) as url:
        key = asker.asked(video={"url": f"{url}/a.mp4"})
        asker.make(key)
        assert asker.read(key)["error"]["code"] == "forbidden_address"
        allowed = replace(asker, parts=change(asker.parts, fetch_allow="127.0.0.0/8"))
        key = asker.asked(video={"url": f"{url}/a.mp4"})
        allowed.make(key)
    told = asker.read(key)
    assert (told["state"], told["frames"]) == ("failed", [])
    assert told["error"]["code"] == "not_a_video"
    key = asker.asked(images=[{"base64": "bm8gcGljdHVyZQ=="}])
    asker.make(key)
    assert asker.read(key)["error"]["code"] == "no_pictures"


def test_two_workers_make_two_requests_each_once(asker: Asker, film: Film) -> None:
    names = ("cat.jpg", "peaks.jpg")
    keys = [asker.asked(video={"upload": asker.upload(film(name))}, k=1) for name in names]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(asker.make, [*keys, *keys])) == 2
    for name, key in zip(names, keys, strict=True):
        (frame,) = asker.read(key)["frames"]
        shown = Pillow.open(io.BytesIO(asker.file(frame["url"]).data)).convert("RGB")
        difference = np.abs(np.asarray(shown, np.int16) - photo(name).astype(np.int16)).mean()
        assert difference < 10, "each has the frames of its own video"
    assert {asker.row(key).attempts for key in keys} == {1}


def test_a_request_of_a_worker_that_died_is_taken_over_and_given_up_in_the_end(
    asker: Asker, film: Film
) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg"))})
    row = asker.row(key).id
    for _ in range(MOST_ATTEMPTS):
        with asker.parts.sessions.begin() as session:
            assert claim(session, uuid.uuid4(), row) is not None
            assert claim(session, uuid.uuid4(), row) is None, "it is somebody's"
            session.execute(update(ThumbnailJob).values(claimed_until=func.clock_timestamp()))
    assert asker.make(key)
    assert asker.read(key)["error"]["code"] == "gave_up"


def test_the_sweep_finds_a_request_whose_hint_was_lost(asker: Asker, film: Film) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg"))})
    asker.parts.redis.flushall()
    sweep_thumbnails(asker.parts)
    assert asker.parts.redis.llen(Queue.LOOKING) == 0, "its hint may be on its way"
    with asker.parts.sessions.begin() as session:
        late = ThumbnailJob.queued_at - 2 * PATIENCE
        session.execute(update(ThumbnailJob).values(queued_at=late))
    for _ in range(2):
        sweep_thumbnails(asker.parts)
        assert asker.parts.redis.llen(Queue.LOOKING) == 1
    assert asker.make(key)


def test_outages_are_waited_out(asker: Asker, film: Film, tmp_path: Path) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg"))})
    unbuilt = change(asker.parts, bundle=tmp_path / "nowhere")
    unbuilt = replace(unbuilt, screener=Screener(unbuilt.config, unbuilt.sessions))
    away = tmp_path / "store"
    away.write_text("a file stands where the folder should be")
    for broken in (unbuilt, replace(asker.parts, images=ImageStore(str(away)))):
        assert not replace(asker, parts=broken).make(key)
        waiting = asker.row(key)
        assert (waiting.state, waiting.attempts, waiting.claimed_by) == ("pending", 0, None)
    with asker.parts.sessions() as session:
        assert set(session.scalars(select(Outage.part))) == {"model", "store"}
    assert asker.make(key)


def test_a_request_goes_with_its_files_when_its_time_is_over(asker: Asker, film: Film) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg"))}, k=1)
    asker.make(key)
    (path,) = stored(asker.parts)
    url = asker.read(key)["frames"][0]["url"]
    expire(asker.parts)
    assert asker.read(key)["code"] == "unknown-thumbnails"
    assert asker.file(url).status_code == 404
    sweep_thumbnails(asker.parts)
    erase_due(asker.parts.sessions, asker.parts.images)
    assert asker.parts.images.get(path) is None
    assert count(asker.parts, ThumbnailJob) == count(asker.parts, ThumbnailFrame) == 0


def test_what_was_made_of_an_upload_goes_with_the_post_that_it_belongs_to(
    asker: Asker, film: Film
) -> None:
    upload = asker.upload(film("cat.jpg"))
    done, waiting = (asker.asked(video={"upload": upload}, k=1) for _ in range(2))
    asker.make(done)
    (path,) = stored(asker.parts)
    add_post(asker.parts, "p-1", {"카페": "relevant"})
    with asker.parts.sessions.begin() as session:
        row = update(Upload).where(Upload.key == upload)
        session.execute(row.values(claimed_by="p-1", claimed_at=func.now()))
    with asker.parts.sessions.begin() as session:
        assert delete_post(session, "p-1") is not None
    assert count(asker.parts, ThumbnailJob) == 0
    erase_due(asker.parts.sessions, asker.parts.images)
    assert asker.parts.images.get(path) is None
    assert asker.read(waiting)["code"] == "unknown-thumbnails"


def test_a_request_is_deleted_with_its_files(asker: Asker, film: Film) -> None:
    upload = asker.upload(film("cat.jpg"))
    key = asker.asked(video={"upload": upload}, k=1)
    asker.make(key)
    (path,) = stored(asker.parts)
    for _ in range(2):
        gone = asker.http.delete(f"/v1/thumbnails/{key}", headers=asker.bearer)
        assert (gone.status_code, gone.data) == (204, b"")
    assert asker.parts.images.get(path) is None
    assert asker.read(key)["code"] == "unknown-thumbnails"
    assert count(asker.parts, ThumbnailFrame) == count(asker.parts, Erasure) == 0
    with asker.parts.sessions() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-1]
    assert (entry.action, entry.details) == ("thumbnails.deleted", {"thumbnails": 1})
    assert asker.asked(video={"upload": upload}), "the upload stays"


def test_what_a_worker_chose_for_a_request_that_was_deleted_is_erased(
    asker: Asker, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asker.asked(video={"upload": asker.upload(film("cat.jpg"))}, k=1)

    class Late(ImageStore):
        """The request is deleted at the worst moment: once its JPEG is there."""

        def put(self, key: str, data: bytes) -> None:
            super().put(key, data)
            expire(asker.parts)
            sweep_thumbnails(asker.parts)

    late = Late(asker.parts.config.image_store_url)
    assert not replace(asker, parts=replace(asker.parts, images=late)).make(key)
    with asker.parts.sessions() as session:
        (path,) = session.scalars(select(Erasure.key)).all()
    assert late.get(path) is not None
    erase_due(asker.parts.sessions, asker.parts.images)
    assert late.get(path) is None


def test_bytes_that_were_sent_are_dropped_at_the_end(
    asker: Asker, jpeg: Callable[..., bytes]
) -> None:
    key = asker.asked(images=[{"base64": base64.b64encode(jpeg(seed=1)).decode()}], k=1)
    asker.make(key)
    assert asker.read(key)["state"] == "done"
    with asker.parts.sessions() as session:
        assert session.scalars(select(ThumbnailPicture.data)).all() == [None]


def test_a_video_of_nothing_but_faults_still_has_its_best_frame(
    asker: Asker, tmp_path: Path
) -> None:
    black = clip(tmp_path / "black.mp4", shot(plain(5), 1)).read_bytes()
    key = asker.asked(video={"upload": asker.upload(black)}, k=1)
    asker.make(key)
    (frame,) = asker.read(key)["frames"]
    assert "every frame has a fault" in frame["reason"]["en"].lower()
