"""`POST`, `GET` and `DELETE /v1/posts`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from service.api.schemas import Accepted, DeletedOut, ErasureOut, PostOut
from service.parts import Parts
from service.screening.batch import screen
from service.tables import AuditEntry, Delivery, Embedding, Image, Post, Verdict
from tests.service.api.sending import Body, Sign, count, send

READABLE = (
    *("a/b", ".a", "a.", "...", "%2e%2e", "%2F", "a\\b", "a?b#c&d=e", " ", "a;b", "+"),
    *("\u202egnp.exe", "<b>&amp;\"'", "카페/맛집", "𝒜" * 200, "p-1/appeals", "similar"),
    *("null", "0", "-1"),
)
Jpeg = Callable[..., bytes]


def test_a_signed_post_is_one_row_before_it_is_answered(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    answer = send(client, sign, body(id="p-1"))
    assert answer.status_code == 202
    accepted = Accepted.model_validate_json(answer.data)
    assert (accepted.id, accepted.revision, accepted.state) == ("p-1", 1, "pending")
    assert answer.headers["Location"] == accepted.status_url
    assert accepted.status_url.endswith("/v1/posts/p-1")
    assert count(parts, Post) == 1


def test_the_same_again_answers_the_same_and_does_nothing(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    first = send(client, sign, body(id="p-1"))
    again = send(client, sign, body(id="p-1", caption="another caption"))
    assert again.status_code == 202
    assert again.json == first.json
    assert (count(parts, Post), count(parts, Image)) == (1, 1)


def test_a_hundred_deliveries_at_once_make_one_row_and_one_decision(
    app: Flask, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    image = {"base64": base64.b64encode(jpeg()).decode()}
    same = body(id="p-1", images=[image])

    def deliver(_: int) -> int:
        return int(send(app.test_client(), sign, same).status_code)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(deliver, range(100))) == {202}
    assert count(parts, Post) == 1
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()

    called = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    owing = Parts(**(vars(parts) | {"config": called}))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: screen(owing, [row_id]), range(8)))
    assert (count(parts, Delivery), count(parts, Verdict)) == (1, 2)


def test_a_newer_revision_supersedes(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str]
) -> None:
    send(client, sign, body(id="p-1", revision=1))
    send(client, sign, body(id="p-1", revision=2))
    newest = client.get("/v1/posts/p-1", headers=bearer).json
    older = client.get("/v1/posts/p-1?revision=1", headers=bearer).json
    assert newest
    assert older
    assert (newest["revision"], newest["state"]) == (2, "pending")
    assert (older["revision"], older["state"]) == (1, "superseded")


def test_an_older_revision_that_comes_late_changes_nothing(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str]
) -> None:
    send(client, sign, body(id="p-1", revision=2))
    late = send(client, sign, body(id="p-1", revision=1))
    assert late.json["state"] == "superseded"
    newest = client.get("/v1/posts/p-1", headers=bearer).json
    assert newest
    assert (newest["revision"], newest["state"]) == (2, "pending")


def test_photographs_come_as_parts_too(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    named = ("cat.jpg", "고양이.jpg", "cat.jpg")
    content = body(id="p-1", images=[{"part": name} for name in named])
    request = httpx.Request(
        "POST",
        "http://x/v1/posts",
        data={"post": content.decode()},
        files={
            "cat.jpg": ("cat.jpg", jpeg(seed=1), "image/jpeg"),
            "고양이.jpg": ("cat2.jpg", jpeg(seed=2), "image/jpeg"),
        },
    )
    raw = request.read()
    answer = client.post(
        "/v1/posts", data=raw, content_type=request.headers["content-type"], headers=sign(raw)
    )
    assert answer.status_code == 202, answer.text
    with parts.sessions() as session:
        stored = session.scalars(select(Image.source_bytes).order_by(Image.position)).all()
    assert stored == [jpeg(seed=1), jpeg(seed=2), jpeg(seed=1)]


@pytest.mark.parametrize(
    ("names", "pointer", "detail"),
    [
        (("post", "post", "a.jpg"), "", "has 2 parts 'post'; send one"),
        (("post", "a.jpg", "a.jpg"), "/images/0/part", "has 2 parts 'a.jpg'; send one"),
    ],
)
def test_two_parts_with_one_name_are_refused(
    names: tuple[str, ...],
    pointer: str,
    detail: str,
    client: FlaskClient,
    sign: Sign,
    body: Body,
    parts: Parts,
    jpeg: Jpeg,
) -> None:
    """One of them won, and the other was lost."""
    post = body(id="p-1", images=[{"part": "a.jpg"}])
    sent = [(name, post if name == "post" else jpeg(seed=n)) for n, name in enumerate(names)]
    request = httpx.Request("POST", "http://x/v1/posts", files=sent)
    raw = request.read()
    answer = client.post(
        "/v1/posts", data=raw, content_type=request.headers["content-type"], headers=sign(raw)
    )
    assert answer.status_code == 422
    (error,) = (answer.json or {})["errors"]
    assert (error["pointer"], error["rule"]) == (pointer, "repeated_part")
    assert detail in error["detail"]
    assert count(parts, Post) == 0


UNCHECKED = {"일상": "nothing_visible", "셀카": "not_covered", "쀍쀍쀍": "not_understood"}


def test_a_post_in_the_wires_fields(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    image = {"base64": base64.b64encode(jpeg()).decode()}
    send(client, sign, body(id="p/1 ?#", images=[image], hashtags=["카페", *UNCHECKED]))
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()
    screen(parts, [row_id])
    answer = client.get("/v1/posts/p%2F1%20%3F%23", headers=bearer)
    shown = PostOut.model_validate_json(answer.data)
    assert (shown.id, shown.state, shown.decided_by) == ("p/1 ?#", "decided", "model")
    assert [tag.tag for tag in shown.hashtags] == ["카페", *UNCHECKED]
    assert {tag.verdict for tag in shown.hashtags[1:]} == {"unverifiable"}
    assert [tag.reason.code for tag in shown.hashtags[1:]] == list(UNCHECKED.values())
    assert {"food", "drink", "adult", "child"} <= shown.images[0].labels.keys()
    assert shown.bundle
    assert shown.ruleset


def test_deleted_is_gone_everywhere(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    content = body(id="p-1", images=[{"base64": base64.b64encode(jpeg()).decode()}])
    send(client, sign, content)
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()
    screen(parts, [row_id])
    with parts.sessions() as session:
        key = session.scalars(select(Image.derivative)).one()
    assert key
    assert parts.images.get(key)

    answer = client.delete("/v1/posts/p-1", headers=bearer)
    assert answer.status_code == 200
    receipt = DeletedOut.model_validate_json(answer.data).erasure
    assert receipt.erased_at
    assert receipt.files_left == 0
    assert (receipt.erased.photographs, receipt.erased.verdicts) == (1, 2)
    assert parts.images.get(key) is None
    for table in (Image, Embedding, Verdict, Delivery):
        assert count(parts, table) == 0
    shown = client.get("/v1/posts/p-1", headers=bearer).json
    assert shown
    assert shown["state"] == "deleted"
    assert ErasureOut.model_validate(shown["erasure"]) == receipt, "the receipt can be had again"
    with parts.sessions() as session:
        row = session.scalars(select(Post)).one()
        assert (row.author_id, row.caption, row.hashtags) == ("", "", [])

    assert send(client, sign, content).json["state"] == "deleted", "a late redelivery"
    again = client.delete("/v1/posts/p-1", headers=bearer)
    assert again.status_code == 200
    assert DeletedOut.model_validate_json(again.data).erasure == receipt, "asked twice"
    assert count(parts, Image) == 0
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    assert [(entry.actor, entry.action, entry.subject, entry.details) for entry in log] == [
        ("api", "post.deleted", "post:p-1", {"photographs": 1}),
        ("api", "post.deleted", "post:p-1", {"photographs": 0}),
    ]


def test_no_revision_of_a_deleted_post_is_stored(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    photograph = {"base64": base64.b64encode(jpeg()).decode()}
    send(client, sign, body(id="p-1", revision=2, images=[photograph]))
    client.delete("/v1/posts/p-1", headers=bearer)
    for revision in (1, 2, 3, 2**63 - 1):
        late = send(client, sign, body(id="p-1", revision=revision, images=[photograph]))
        assert (late.status_code, late.json["state"]) == (202, "deleted")
        assert late.json["revision"] == revision
    assert (count(parts, Post), count(parts, Image)) == (1, 0)
    shown = client.get("/v1/posts/p-1", headers=bearer).json
    assert shown
    assert shown["state"] == "deleted"


def test_bytes_of_a_post_that_is_superseded_while_it_waits_are_erased_at_once(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    photograph = {"base64": base64.b64encode(jpeg()).decode()}
    for revision in (1, 2):
        send(client, sign, body(id="p-1", revision=revision, images=[photograph]))
    with parts.sessions() as session:
        stored = session.scalars(select(Image.source_bytes).order_by(Image.id)).all()
    assert stored == [None, jpeg()]


@pytest.mark.parametrize("name", READABLE)
def test_every_id_that_is_taken_in_can_be_read_and_deleted(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], name: str
) -> None:
    accepted = send(client, sign, body(id=name)).json
    assert accepted["id"] == name
    path = urlsplit(accepted["status_url"]).path
    shown = client.get(path, headers=bearer)
    assert (shown.status_code, (shown.json or {})["id"]) == (200, name)
    assert client.delete(f"/v1/posts/{quote(name, safe='')}", headers=bearer).status_code == 200
    gone = client.get(path, headers=bearer).json
    assert gone
    assert gone["state"] == "deleted"


def test_an_unknown_post_is_a_problem(client: FlaskClient, bearer: dict[str, str]) -> None:
    for answer in (
        client.get("/v1/posts/none", headers=bearer),
        client.delete("/v1/posts/none", headers=bearer),
    ):
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "unknown-post")
