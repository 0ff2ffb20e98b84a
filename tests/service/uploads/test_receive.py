"""A file is put to a URL of the service's own: by whoever has it, whole, as announced, or not."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from service.tables import AuditEntry
from tests.service.uploads.conftest import (
    Sender,
    code,
    drafts,
    erase_all,
    files,
    run_out,
    with_settings,
)

Jpeg = Callable[..., bytes]


def test_a_file_is_announced_put_and_stored(sender: Sender, folder: Path, jpeg: Jpeg) -> None:
    data = jpeg(seed=1)
    begun = sender.begin(data)
    assert sorted(begun) == ["expires_at", "headers", "key", "max_bytes", "method", "url"]
    assert (begun["method"], begun["max_bytes"]) == ("PUT", len(data))
    assert begun["headers"] == {"Content-Type": "image/jpeg"}
    assert sender.state(begun["key"]) == "waiting"
    answer = sender.put(begun["url"], data)
    assert answer.status_code == 200
    assert (answer.json or {})["state"] == sender.state(begun["key"]) == "stored"
    assert files(folder) == [data]


def test_content_decides_and_not_what_was_announced(sender: Sender, jpeg: Jpeg) -> None:
    data = jpeg()
    begun = sender.begin(data, "image/png")
    assert (sender.put(begun["url"], data).json or {})["content_type"] == "image/jpeg"


def test_the_same_url_takes_the_file_again(sender: Sender, folder: Path, jpeg: Jpeg) -> None:
    first = jpeg()
    second = first[:-2] + b"xx"
    begun = sender.begin(first)
    for data in (first, second):
        assert sender.put(begun["url"], data).status_code == 200
    erase_all(sender.parts)
    assert files(folder) == [second]


def test_of_many_that_come_at_once_to_one_url_one_stays_and_is_whole(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    made = [jpeg()[:-8] + b"%08d" % number for number in range(8)]
    begun = sender.begin(made[0])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda data: sender.put(begun["url"], data).status_code, made))
    assert answers == [200] * 8
    erase_all(sender.parts)
    (stored,) = files(folder)
    assert stored in made
    assert drafts(folder) == []


def test_many_at_once_to_urls_of_their_own_are_all_stored(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    made = [jpeg()[:-8] + b"%08d" % number for number in range(12)]
    with ThreadPoolExecutor(8) as pool:
        urls = [sender.begin(data)["url"] for data in made]
        answers = [answer.status_code for answer in pool.map(sender.put, urls, made)]
    assert answers == [200] * 12
    assert files(folder) == made


def _other_key(url: str, other: str) -> str:
    return url.replace(url.split("/")[5], other.split("/")[5])


@pytest.mark.parametrize(
    "forge",
    [
        lambda url, other: url.partition("?")[0],
        lambda url, other: url + "x",
        lambda url, other: url.replace("ticket=", "ticket=x"),
        lambda url, other: _other_key(url, other),
        lambda url, other: url.replace(url.split("/")[5], "../../etc/passwd"),
        lambda url, other: url.replace(url.split("/")[5], "..%2f..%2fx"),
        lambda url, other: url.partition("?")[0] + "?ticket=" + "x" * 5000,
        lambda url, other: url.partition("?")[0] + "?ticket=%00",
    ],
)
def test_a_url_that_was_not_handed_out_like_this_writes_nothing(
    sender: Sender, folder: Path, jpeg: Jpeg, forge: Callable[[str, str], str]
) -> None:
    data = jpeg()
    url, other = sender.begin(data)["url"], sender.begin(data)["url"]
    answer = sender.put(forge(url, other), data)
    assert answer.status_code in (400, 403, 404)
    assert answer.mimetype == "application/problem+json"
    assert not folder.exists()


def test_a_ticket_of_another_service_is_forged(sender: Sender, jpeg: Jpeg) -> None:
    data = jpeg()
    url = with_settings(sender, secret_key="another").begin(data)["url"]
    assert code(sender.put(url, data)) == (403, "bad-upload-url")


def test_a_forged_url_is_in_the_audit_log(sender: Sender) -> None:
    fresh = with_settings(sender)  # it has counted no refusal yet
    assert fresh.put(f"/v1/uploads/{'0f' * 16}/content?ticket=x", b"x").status_code == 403
    with sender.parts.sessions() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.subject) == (
        "api",
        "refused.bad_upload_url",
        "PUT /v1/uploads/<key>/content",
    )


def test_a_url_is_good_for_its_time_only(sender: Sender, folder: Path, jpeg: Jpeg) -> None:
    data = jpeg()
    begun = sender.begin(data)
    with time_machine.travel("2037-01-01T00:00:00Z", tick=False):
        assert code(sender.put(begun["url"], data)) == (410, "upload-expired")
    run_out(sender.parts, begun["key"])
    assert code(sender.put(begun["url"], data)) == (410, "upload-expired")
    assert sender.state(begun["key"]) == "expired"
    assert not folder.exists()


def test_once_a_post_has_the_file_its_url_is_worth_nothing(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    data = jpeg()
    begun = sender.begin(data)
    sender.put(begun["url"], data)
    assert sender.post("p-1", begun["key"]).status_code == 202
    other = data[:-2] + b"xx"
    assert code(sender.put(begun["url"], other)) == (409, "upload-claimed")
    assert files(folder) == [data]
    sender.delete("p-1")
    assert code(sender.put(begun["url"], data)) == (410, "upload-expired")
    assert files(folder) == []


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        (lambda data: data + b"x", 413, "upload-too-large"),
        (lambda data: data[:-1], 400, "wrong-length"),
        (lambda data: b"MZ" + data[2:], 415, "wrong-type"),
        (lambda data: b"\0\0\0\x18ftypisom" + data[12:], 415, "wrong-type"),
    ],
)
def test_a_file_that_is_not_as_announced_is_refused_and_the_one_before_stays(
    sender: Sender,
    folder: Path,
    jpeg: Jpeg,
    change: Callable[[bytes], bytes],
    status: int,
    name: str,
) -> None:
    data = jpeg()
    begun = sender.begin(data)
    assert sender.put(begun["url"], data).status_code == 200
    assert code(sender.put(begun["url"], change(data))) == (status, name)
    assert files(folder) == [data]


def test_a_body_that_ends_early_leaves_nothing(sender: Sender, folder: Path, jpeg: Jpeg) -> None:
    data = jpeg()
    begun = sender.begin(data)
    answer = sender.put(begun["url"], data[:-1], **{"Content-Length": str(len(data))})
    assert code(answer) == (400, "wrong-length")
    assert (files(folder), sender.state(begun["key"])) == ([], "waiting")


def test_a_body_without_a_length_is_refused(sender: Sender, jpeg: Jpeg) -> None:
    begun = sender.begin(jpeg())
    path = begun["url"].partition("/v1/")[2]
    answer = sender.http.put(f"/v1/{path}", headers={"Transfer-Encoding": "chunked"})
    assert code(answer) == (411, "length-required")


def test_a_store_that_is_away_is_told_and_nothing_is_half_written(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    data = jpeg()
    begun = sender.begin(data)
    folder.write_text("in the way")
    answer = sender.put(begun["url"], data)
    assert (code(answer), "Retry-After" in answer.headers) == ((503, "unavailable"), True)
    assert sender.state(begun["key"]) == "waiting"
    folder.unlink()
    assert sender.put(begun["url"], data).status_code == 200
    erase_all(sender.parts)
    assert files(folder) == [data]


def test_a_full_disk_leaves_no_draft(
    sender: Sender, folder: Path, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = jpeg()
    begun = sender.begin(data)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert code(sender.put(begun["url"], data)) == (503, "unavailable")
    assert files(folder) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("filename", ""),
        ("filename", "a\0b"),
        ("filename", "x" * 201),
        ("content_type", "text/html"),
        ("content_type", "image/svg+xml"),
        ("size", 0),
        ("size", -1),
        ("size", 2**63),
        ("size", "x"),
        ("size", 21 * 2**20),
    ],
)
def test_what_cannot_be_uploaded_is_named(sender: Sender, field: str, value: Any) -> None:
    sent = {"filename": "a.jpg", "content_type": "image/jpeg", "size": 10} | {field: value}
    answer = sender.http.post("/v1/uploads", json=sent, headers=sender.bearer)
    assert code(answer) == (422, "invalid-upload")
    assert [error["pointer"] for error in (answer.json or {})["errors"]] == [f"/{field}"]


def test_a_video_may_be_larger_and_its_type_may_have_parameters(sender: Sender) -> None:
    sent = {"filename": "a.webm", "content_type": "video/WebM; codecs=vp9", "size": 200 * 2**20}
    answer = sender.http.post("/v1/uploads", json=sent, headers=sender.bearer)
    assert (answer.json or {})["headers"] == {"Content-Type": "video/webm"}


def test_an_unknown_key_is_told(sender: Sender) -> None:
    for key in ("x", "0" * 32, "..", "%2e%2e", "é"):
        assert sender.http.get(f"/v1/uploads/{key}", headers=sender.bearer).status_code == 404


def test_no_more_wait_than_the_bounds_say(sender: Sender, jpeg: Jpeg) -> None:
    data = jpeg()
    few = with_settings(sender, uploads_waiting=2)
    keys = [few.upload(data), few.begin(data)["key"]]
    sent = {"filename": "a.jpg", "content_type": "image/jpeg", "size": len(data)}
    answer = few.http.post("/v1/uploads", json=sent, headers=few.bearer)
    assert (code(answer), answer.headers["Retry-After"]) == ((429, "too-many-uploads"), "60")
    small = with_settings(sender, uploads_waiting_bytes=2**16)
    answer = small.http.post("/v1/uploads", json=sent | {"size": 2**16}, headers=few.bearer)
    assert code(answer) == (429, "too-many-uploads")
    assert few.post("p-1", keys[0]).status_code == 202, "a post's does not wait any more"
    assert few.begin(data)


def test_many_who_begin_at_once_keep_to_the_bound(sender: Sender, jpeg: Jpeg) -> None:
    few = with_settings(sender, uploads_waiting=5)
    sent = {"filename": "a.jpg", "content_type": "image/jpeg", "size": 10}

    def begin(_: int) -> int:
        client = few.http.application.test_client()
        return client.post("/v1/uploads", json=sent, headers=few.bearer).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(begin, range(16)))
    assert answers == [201] * 5 + [429] * 11


def test_pages_of_other_origins_put_only_where_a_setting_says_so(
    sender: Sender, jpeg: Jpeg
) -> None:
    origin = "https://platform.example"
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    data = jpeg()
    begun = sender.begin(data)
    path = f"/v1/uploads/{begun['key']}/content"
    allowed = "Access-Control-Allow-Origin"
    assert allowed not in sender.http.options(path, headers=asked).headers
    open_to = with_settings(sender, upload_origins=origin)
    preflight = open_to.http.options(path, headers=asked)
    assert (preflight.status_code, preflight.headers[allowed]) == (200, origin)
    assert preflight.headers["Access-Control-Allow-Methods"] == "PUT"
    assert open_to.put(begun["url"], data, Origin=origin).headers[allowed] == origin
    refused = open_to.put(begun["url"] + "x", data, Origin=origin)
    assert (refused.status_code, refused.headers[allowed]) == (403, origin), "a page may read why"
    elsewhere = open_to.put(begun["url"], data, Origin="https://evil.example")
    assert allowed not in elsewhere.headers
    key = f"/v1/uploads/{begun['key']}"
    assert allowed not in open_to.http.get(key, headers=asked | sender.bearer).headers
