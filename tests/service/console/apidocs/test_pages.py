"""`/docs`: the whole document on one page, with examples that work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from service.api.appeals_schemas import AppealIn
from service.api.items_schemas import InteractionIn, ItemIn
from service.api.openapi import document
from service.api.schemas import PostIn
from service.api.similar_schemas import SimilarIn
from service.api.thumbnails_schemas import ThumbnailsIn
from service.api.uploads_schemas import UploadIn
from service.console.apidocs.examples import BODIES, FILES, NO_ANSWER, PATHS
from service.console.apidocs.fields import fields
from service.console.apidocs.pages import Operation, operations
from service.parts import Parts
from service.tables import ThumbnailFrame, ThumbnailJob, Upload
from tests.conftest import API_KEY, SECRETS
from tests.service.console.rows import add_post

CALLS = operations()[0]
# Of photographs that were fetched and looked at: their examples are only read by Python and sh.
NEED_PHOTOGRAPHS = {
    "listSimilarChannels",
    "listSimilarPosts",
    "searchSimilarPosts",
    "suggestHashtags",
}


def test_anybody_may_read_it_and_nothing_is_inline(client: FlaskClient) -> None:
    answer = client.get("/docs")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", answer.text)
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert links
    assert [link for link in links if not re.match(r"/(?!/)|#", link)] == []


def test_every_operation_with_its_fields_and_answers_is_on_it(client: FlaskClient) -> None:
    page = unescape(client.get("/docs").text)
    whole = document()
    for item in [*whole["paths"].values(), *whole["webhooks"].values()]:
        for operation in item.values():
            start = page.index(f'id="{operation["operationId"]}"')
            section = page[start : page.index("</section>", start)]
            assert operation["summary"] in section
            for parameter in operation.get("parameters", ()):
                assert f">{parameter['name']}</code>" in section
            for status, told in operation["responses"].items():
                assert f"<strong>{status}</strong>" in section
                assert told["description"] in section


def test_the_fields_of_a_post_are_told_down_to_the_last() -> None:
    schemas = document()["components"]["schemas"]
    found = {field.path: field for field in fields(schemas["PostIn"], schemas)}
    assert list(found) == [
        *("id", "revision", "author", "author.id", "caption", "hashtags", "created_at"),
        *("videos", "videos[].url", "videos[].part", "videos[].upload"),
        *("images", "images[].url", "images[].base64", "images[].part", "images[].upload"),
        *("metrics", "metrics.reach"),
    ]
    assert (found["id"].required, found["revision"].required) == (True, False)
    assert found["revision"].limits == "from 1, 1 where it is left out"
    assert found["id"].limits == "not empty, at most 200 characters"
    assert found["hashtags"].kind == "list of string"
    assert found["hashtags"].limits == "at most 60"
    shown = {field.path: field for field in fields(schemas["PostOut"], schemas)}
    assert shown["decision"].kind == "pass, flag, review or null"
    assert shown["images[].labels.*.fact"].kind == "boolean or null"


def test_bodies_of_examples_are_valid() -> None:
    PostIn.model_validate(BODIES["sendPost"])
    AppealIn.model_validate(BODIES["sendAppeal"])
    SimilarIn.model_validate(BODIES["searchSimilarPosts"])
    UploadIn.model_validate(BODIES["beginUpload"])
    ItemIn.model_validate(BODIES["sendItem"])
    ThumbnailsIn.model_validate(BODIES["askForThumbnails"])
    InteractionIn.model_validate(BODIES["sendInteractions"])


def test_examples_ask_about_the_author_of_the_post_that_is_sent() -> None:
    (call,) = (call for call in CALLS if call.path.startswith("/v1/channels/"))
    author = BODIES["sendPost"]["author"]["id"]
    assert f"/v1/channels/{author}/similar" in call.curl
    assert f"/v1/channels/{author}/similar" in call.python


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_every_example_can_be_read(call: Operation) -> None:
    compile(call.python, call.id, "exec")
    subprocess.run(["sh", "-n", "-c", call.curl], check=True)  # the page's own text


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow  # a process for each example
@pytest.mark.parametrize("language", ["curl", "python"])
def test_every_example_works_as_it_stands(
    address: str, parts: Parts, language: str, tmp_path: Path
) -> None:
    """One after the other, as somebody who reads the page would try them; a few seconds, because
    each starts a process."""
    environ = {
        "PATH": os.environ["PATH"],
        "TAGSIFT_URL": address,
        "TAGSIFT_KEY": API_KEY,
        "TAGSIFT_SECRET": SECRETS[0],
        "TAGSIFT_UPLOAD_URL": _announced(address, tmp_path / "cup.jpg"),
    }
    posts = ("listPosts", "listPostsOfHashtag", "readPost", "sendAppeal", "readAppeal")
    items = ("sendItem", "readItem", "sendInteractions", "recommend", "deleteItem")
    users = ("deleteUser", "readUserReceipt")
    thumbnails = ("askForThumbnails", "readThumbnails", "readThumbnail", "deleteThumbnails")
    order = (*posts, "beginUpload", "putUpload", "readUpload", *items, *users, *thumbnails)
    by_id = {call.id: call for call in CALLS}
    assert {*order, "deletePost", "sendPost"} == by_id.keys() - NEED_PHOTOGRAPHS
    add_post(parts, "p-1", {"cafe": "irrelevant"}, decision="flag")
    with parts.sessions.begin() as session:
        shown = {"key": PATHS["key"], "made_by": "api", "content_type": "image/jpeg", "size": 1}
        session.add(Upload(**shown, expires_at=datetime.now(UTC)))
        later = datetime.now(UTC) + timedelta(hours=1)
        job = ThumbnailJob(key=PATHS["key"], made_by="api", wanted=1, expires_at=later)
        session.add(job)
        session.flush()
        session.add(
            ThumbnailFrame(
                job_id=job.id,
                position=0,
                small=b"",
                width=1,
                height=1,
                rank=1,
                stored="test/1.jpg",
                score=1,
                quality=1,
                closeness=1,
                reason={"en": "", "ko": ""},
                focus_x=0,
                focus_y=0,
            )
        )
    parts.images.put("test/1.jpg", b"\xff\xd8\xff\xe0")
    for name in (*order, "deletePost", "sendPost"):
        done = _run(by_id[name], language, environ, tmp_path)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        words = (
            "p-1",
            "posts",
            "key",
            "i-1",
            "accepted",
            "items",
            "status_url",
            "frames",
            "erased",
        )
        silent = name in NO_ANSWER | FILES
        assert silent or any(word in done.stdout for word in words), name


def _announced(address: str, file: Path) -> str:
    """Make a file; the URL that it is to be put to."""
    file.write_bytes(b"\xff\xd8\xff")
    sent = {"filename": "cup.jpg", "content_type": "image/jpeg", "size": 3}
    key = {"Authorization": f"Bearer {API_KEY}"}
    url = str(httpx.post(f"{address}/v1/uploads", json=sent, headers=key).json()["url"])
    return f"{address}/v1/{url.partition('/v1/')[2]}"


def _run(
    call: Operation, language: str, environ: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    ways = {"python": [sys.executable, "-c", call.python], "curl": ["sh", "-c", call.curl]}
    return subprocess.run(  # the page's own text
        ways[language], env=environ, cwd=folder, capture_output=True, text=True, timeout=60
    )
