"""Posts with videos, as they are sent."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from flask.testing import FlaskClient
from sqlalchemy import select

from service.api.schemas import PostOut
from service.parts import Parts
from service.tables import Post, Video

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]
JSON = "application/json"
CLIP = {"url": "https://videos.example/a.mp4"}


def send(client: FlaskClient, sign: Sign, body: bytes) -> tuple[int, dict[str, object]]:
    answer = client.post("/v1/posts", data=body, content_type=JSON, headers=sign(body))
    return answer.status_code, answer.get_json()


def errors(answer: dict[str, object]) -> list[tuple[str, str]]:
    found = answer["errors"]
    assert isinstance(found, list)
    return [(error["pointer"], error["rule"]) for error in found]


def test_a_post_may_hold_videos_and_no_images(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts
) -> None:
    status, _ = send(client, sign, body(id="v-1", images=[], videos=[CLIP, CLIP]))
    assert status == 202
    with parts.sessions() as session:
        rows = session.scalars(select(Video).order_by(Video.position)).all()
        assert [(row.position, row.source_url) for row in rows] == [
            (0, CLIP["url"]),
            (1, CLIP["url"]),
        ]
    shown = client.get("/v1/posts/v-1", headers=bearer).data
    videos = PostOut.model_validate_json(shown).videos
    assert [(video.index, video.frames, video.error) for video in videos] == [
        (0, [], None),
        (1, [], None),
    ]


def test_a_video_may_be_a_part_of_the_request(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    post = body(images=[], videos=[{"part": "clip"}]).decode()
    files: list[tuple[str, tuple[str | None, bytes | str]]] = [
        ("post", (None, post)),
        ("clip", ("a.mp4", b"a video")),
    ]
    made = httpx.Request("POST", "http://localhost/v1/posts", files=files)
    data = made.read()
    headers = sign(data) | {"Content-Type": made.headers["Content-Type"]}
    assert client.post("/v1/posts", data=data, headers=headers).status_code == 202
    with parts.sessions() as session:
        assert session.scalars(select(Video.source_bytes)).one() == b"a video"


def test_a_post_shows_something(client: FlaskClient, sign: Sign, body: Body) -> None:
    status, answer = send(client, sign, body(images=[]))
    assert (status, errors(answer)) == (422, [("/images", "value_error")])


def test_each_video_has_one_source_and_there_are_few(
    client: FlaskClient, sign: Sign, body: Body
) -> None:
    status, answer = send(client, sign, body(videos=[CLIP | {"part": "x"}]))
    assert (status, errors(answer)) == (422, [("/videos/0", "value_error")])
    status, answer = send(client, sign, body(videos=[CLIP] * 3))
    assert (status, errors(answer)) == (422, [("/videos", "too_long")])


def test_an_upload_that_a_video_names_is_checked(
    client: FlaskClient, sign: Sign, body: Body
) -> None:
    status, answer = send(client, sign, body(videos=[{"upload": "nothing"}]))
    assert (status, errors(answer)) == (422, [("/videos/0/upload", "unknown_upload")])


def test_a_newer_revision_drops_what_was_sent_of_the_older(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    send(client, sign, body(id="v-2", images=[], videos=[CLIP]))
    send(client, sign, body(id="v-2", revision=2, images=[], videos=[CLIP]))
    send(client, sign, body(id="v-2", revision=1, images=[], videos=[CLIP]))
    with parts.sessions() as session:
        states = session.execute(select(Post.revision, Post.state).order_by(Post.revision)).all()
    assert [tuple(row) for row in states] == [(1, "superseded"), (2, "pending")]
