"""The client signs what it sends, tries again where that helps, and says what went wrong."""

from __future__ import annotations

import email
import email.policy
import json
import socket
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from clients import tagsift_client
from clients.tagsift_client import (
    Tagsift,
    TagsiftError,
    retry_after,
    sign,
)
from service.signing import BytesWebhook, as_text

from .conftest import API_KEY, OTHER_SECRET, PHOTO, POST, SECRET, TAKEN, Platform


# -- signatures
def test_the_library_verifies_what_we_sign() -> None:
    body = json.dumps(POST, ensure_ascii=False).encode()
    assert Webhook(SECRET).verify(body, sign(SECRET, "msg_1", body)) == POST


@pytest.mark.parametrize("body", [b"", PHOTO, bytes(range(256)), "카페".encode()])
def test_the_service_verifies_any_bytes_we_sign(body: bytes) -> None:
    BytesWebhook(SECRET).verify(as_text(body), sign(SECRET, "msg_1", body), json_parse=False)


def test_one_changed_byte_breaks_the_signature() -> None:
    headers = sign(SECRET, "msg_1", PHOTO)
    with pytest.raises(WebhookVerificationError):
        BytesWebhook(SECRET).verify(as_text(PHOTO + b"!"), headers, json_parse=False)


def test_another_secret_does_not_verify() -> None:
    with pytest.raises(WebhookVerificationError):
        BytesWebhook(OTHER_SECRET).verify(
            as_text(PHOTO), sign(SECRET, "msg_1", PHOTO), json_parse=False
        )


# -- sending
def test_a_post_with_photographs_is_multipart_signed_over_the_bytes_on_the_wire(
    server: Platform, tagsift: Tagsift
) -> None:
    server.answer(202, TAKEN)
    assert tagsift.send(POST, {"cup.jpg": PHOTO}) == TAKEN
    (request,) = server.received
    BytesWebhook(SECRET).verify(as_text(request.body), request.headers, json_parse=False)
    message = email.message_from_bytes(
        b"content-type: " + request.headers["content-type"].encode() + b"\r\n\r\n" + request.body,
        policy=email.policy.HTTP,
    )
    assert isinstance(message, EmailMessage)
    parts = {
        part.get_param("name", header="content-disposition"): part.get_content()
        for part in message.iter_parts()
    }
    assert request.path == "/v1/posts"
    assert json.loads(parts["post"]) == POST
    assert parts["cup.jpg"] == PHOTO


def test_a_post_without_files_is_json(server: Platform, tagsift: Tagsift) -> None:
    server.answer(202, TAKEN)
    post = {**POST, "images": [{"url": "https://images.example/cup.jpg"}]}
    tagsift.send(post)
    (request,) = server.received
    assert request.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(request.body, request.headers) == post


def test_sending_needs_no_api_key_and_reading_no_signature(
    server: Platform, tagsift: Tagsift
) -> None:
    server.answer(202, TAKEN)
    tagsift.send(POST)
    tagsift.get("p-1")
    sent, read = server.received
    assert "authorization" not in sent.headers
    assert read.headers["authorization"] == f"Bearer {API_KEY}"
    assert "webhook-signature" not in read.headers


# -- reading
def test_ids_and_hashtags_are_quoted_in_addresses(server: Platform, tagsift: Tagsift) -> None:
    server.answer(200, {"posts": [], "next_cursor": None})
    tagsift.get("a/b c")
    list(tagsift.feed("카페"))
    assert [request.path for request in server.received] == [
        "/v1/posts/a%2Fb%20c",
        "/v1/hashtags/%EC%B9%B4%ED%8E%98/posts?verdict=relevant",
    ]


def test_a_feed_goes_on_until_its_last_page(server: Platform, tagsift: Tagsift) -> None:
    server.answer(200, {"posts": [{"id": "p-3"}, {"id": "p-2"}], "next_cursor": "c2"})
    server.answer(200, {"posts": [{"id": "p-1"}], "next_cursor": None})
    assert [post["id"] for post in tagsift.feed("cafe", "uncertain")] == ["p-3", "p-2", "p-1"]
    assert server.received[1].path == "/v1/hashtags/cafe/posts?verdict=uncertain&cursor=c2"


def test_a_list_goes_on_until_its_last_page_and_asks_the_same(
    server: Platform, tagsift: Tagsift
) -> None:
    server.answer(200, {"posts": [{"id": "p-2"}], "next_cursor": "c2"})
    server.answer(200, {"posts": [{"id": "p-1"}], "next_cursor": None})
    asked = {"decision": "flag", "since": "2026-11-20T21:00:00+09:00"}
    assert [post["id"] for post in tagsift.posts(**asked)] == ["p-2", "p-1"]
    query = "decision=flag&since=2026-11-20T21%3A00%3A00%2B09%3A00"
    assert [request.path for request in server.received] == [
        f"/v1/posts?{query}",
        f"/v1/posts?{query}&cursor=c2",
    ]


def test_what_is_similar_goes_on_until_its_last_page(server: Platform, tagsift: Tagsift) -> None:
    server.answer(200, {"posts": [{"id": "p-2"}], "next_cursor": "abc"})
    server.answer(200, {"posts": [{"id": "p-3"}], "next_cursor": None})
    assert [post["id"] for post in tagsift.similar("p-1", min="0.8")] == ["p-2", "p-3"]
    assert [request.path for request in server.received] == [
        "/v1/posts/p-1/similar?min=0.8",
        "/v1/posts/p-1/similar?min=0.8&cursor=abc",
    ]


def test_delete(server: Platform, tagsift: Tagsift) -> None:
    server.answer(204, b"")
    tagsift.delete("p-1")
    assert [(request.method, request.path) for request in server.received] == [
        ("DELETE", "/v1/posts/p-1")
    ]


# -- when it does not work
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again_with_the_same_message_id(
    server: Platform, tagsift: Tagsift, status: int
) -> None:
    server.answer(status, {}, retry_after="0")
    server.answer(202, TAKEN)
    assert tagsift.send(POST, {"cup.jpg": PHOTO}) == TAKEN
    first, second = server.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_what_is_refused_is_not_tried_again_and_names_the_field(
    server: Platform, tagsift: Tagsift
) -> None:
    problem = {
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "invalid-post",
        "detail": "The post breaks 1 rule.",
        "errors": [{"pointer": "/images", "rule": "too_long", "detail": "at most 10 images"}],
    }
    server.answer(422, problem)
    with pytest.raises(TagsiftError) as caught:
        tagsift.send(POST)
    assert str(caught.value) == (
        "422 Unprocessable Entity: The post breaks 1 rule.\n  /images: at most 10 images"
    )
    assert caught.value.status == 422
    assert caught.value.problem["code"] == "invalid-post"
    assert len(server.received) == 1


def test_an_error_page_of_a_proxy_is_shown_as_it_is(server: Platform, tagsift: Tagsift) -> None:
    server.answer(413, b"<html>too large</html>")
    with pytest.raises(TagsiftError, match=r"413 .*<html>too large</html>"):
        tagsift.get("p-1")


def test_an_answer_of_something_else_is_said_to_be_one(server: Platform, tagsift: Tagsift) -> None:
    server.answer(200, b"<html>hello</html>")
    with pytest.raises(TagsiftError, match="is it Tagsift"):
        tagsift.get("p-1")


def test_seconds_and_dates_of_retry_after() -> None:
    assert retry_after("7") == 7
    assert retry_after(None) is None
    assert retry_after("soon") is None
    in_a_minute = retry_after(format_datetime(datetime.now(UTC) + timedelta(minutes=1), True))
    assert in_a_minute is not None
    assert 50 < in_a_minute <= 60
    assert retry_after(format_datetime(datetime.now(UTC) - timedelta(minutes=1), True)) == 0


def test_nobody_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagsift_client, "ATTEMPTS", 1)
    with socket.socket() as taken:  # bound but not listening: nobody else can answer there
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            Tagsift(url, SECRET, API_KEY) as tagsift,
            pytest.raises(TagsiftError, match=f"{url}/v1/posts cannot be reached") as caught,
        ):
            tagsift.send(POST)
    assert caught.value.status is None
