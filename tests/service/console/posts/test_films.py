"""The videos of a post: their frames beside its photographs, and the video itself by request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.console.posts.films import PIECE
from service.imagestore import new_video_key
from service.parts import Parts
from service.preferences import Preferences, save
from service.tables import Image, Post, User, Video
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

FILE = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 20


@pytest.fixture
def film(jpeg: Callable[..., bytes], parts: Parts) -> tuple[int, int]:
    """The rows of a post with a photograph, a video with two frames, and one that is no video."""
    row = add_post(parts, "p-1", {"a": "irrelevant"}, (jpeg(seed=1),))
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        video = Video(position=0, sha256="0" * 64, size=len(FILE), seconds=67.4)
        broken = Video(position=1, error={"code": "not_a_video", "message": "…"})
        post.videos += [video, broken]
        session.flush()
        video.stored = new_video_key(video.id, "video")
        parts.images.put(video.stored, FILE)
        for number, time in enumerate((7.3, 61.0)):
            key = new_video_key(video.id, "jpg")
            parts.images.put(key, jpeg(seed=2 + number))
            labels = {"food": {"score": 0.9, "fact": True}}
            frame = {"time": time, "start": time, "end": time + 1, "labels": labels}
            post.images.append(
                Image(
                    position=100 + number,
                    video_id=video.id,
                    derivative=key,
                    width=64,
                    height=48,
                    labels={"food": {"score": 0.95, "fact": True, "at": time}} if number else None,
                    frame=frame,
                )
            )
        return row, video.id


def test_frames_stand_beside_the_photographs_with_their_times(
    mina: Visitor, film: tuple[int, int]
) -> None:
    page = mina.get(f"/posts/{film[0]}").text
    assert page.count('data-photograph="') == 3
    assert "Video 1 at 0:07" in page
    assert "video 1 at 0:07" in page
    assert "in all of video 1" in page
    assert "Video 2 could not be looked at: it is not a video." in page
    assert f'src="/videos/{film[1]}"' in page
    assert "1:07" in page  # how long it is
    assert "1번 영상의 0:07 장면" in Visitor(mina.client, "ko").get(f"/posts/{film[0]}").text


def test_a_video_comes_whole_or_in_the_part_that_is_asked_for(
    mina: Visitor, film: tuple[int, int]
) -> None:
    path = f"/videos/{film[1]}"
    whole = mina.get(path)
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "video/mp4", FILE)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, start, stop in (
        ("bytes=0-", 0, len(FILE)),
        ("bytes=10-19", 10, 20),
        ("bytes=-5", len(FILE) - 5, len(FILE)),
    ):
        part = mina.get(path, headers={"Range": asked})
        assert (part.status_code, part.data) == (206, FILE[start:stop])
        assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(FILE)}"
    beyond = mina.get(path, headers={"Range": f"bytes={len(FILE)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(FILE)}"


def test_one_answer_is_a_piece_however_much_is_asked_for(
    mina: Visitor, film: tuple[int, int], parts: Parts
) -> None:
    large = FILE[:12] + bytes(PIECE)
    with parts.sessions.begin() as session:
        video = session.get_one(Video, film[1])
        video.size = len(large)
        parts.images.put(video.stored or "", large)
    part = mina.get(f"/videos/{film[1]}", headers={"Range": "bytes=0-"})
    assert len(part.data) == PIECE
    rest = mina.get(f"/videos/{film[1]}", headers={"Range": f"bytes={PIECE}-"})
    assert part.data + rest.data == large


def test_under_a_veil_only_the_address_that_says_so_sends_it(
    mina: Visitor, film: tuple[int, int], parts: Parts
) -> None:
    with parts.sessions.begin() as session:
        user = session.scalars(select(User).where(User.name == "mina")).one()
        save(session, user.id, Preferences(blurred=True))
    page = mina.get(f"/posts/{film[0]}").text
    assert f'src="/videos/{film[1]}"' not in page
    assert f'src="/videos/{film[1]}/revealed"' in page
    assert "without a veil" in page
    assert mina.get(f"/videos/{film[1]}").status_code == 403
    assert mina.get(f"/videos/{film[1]}/revealed").data == FILE


def test_a_deleted_posts_video_is_gone(mina: Visitor, film: tuple[int, int], parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.get_one(Post, film[0]).state = "deleted"
    assert mina.get(f"/videos/{film[1]}").status_code == 404


def test_nobody_sees_a_video_without_signing_in(stranger: Visitor, film: tuple[int, int]) -> None:
    assert stranger.get(f"/videos/{film[1]}").status_code == 302
