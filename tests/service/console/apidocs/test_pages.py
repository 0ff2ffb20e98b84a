"""`/docs`: the whole document on one page, with examples that work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from service.api.openapi import document
from service.api.schemas import AppealIn, PostIn
from service.api.similar_schemas import SimilarIn
from service.console.apidocs.examples import BODIES
from service.console.apidocs.fields import fields
from service.console.apidocs.pages import Operation, operations
from service.parts import Parts
from tests.conftest import API_KEY, SECRETS
from tests.service.console.rows import add_post

CALLS = operations()[0]
# Of photographs that were fetched and looked at: their examples are only read by Python and sh.
NEED_PHOTOGRAPHS = {"listSimilarPosts", "searchSimilarPosts", "suggestHashtags"}


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
        *("images", "images[].url", "images[].base64", "images[].part"),
        *("metrics", "metrics.reach"),
    ]
    assert (found["id"].required, found["revision"].required) == (True, False)
    assert found["revision"].limits == "from 1, 1 where it is left out"
    assert found["hashtags"].kind == "list of string"
    assert found["hashtags"].limits == "at most 60"
    shown = {field.path: field for field in fields(schemas["PostOut"], schemas)}
    assert shown["decision"].kind == "pass, flag, review or null"
    assert shown["images[].labels.*.fact"].kind == "boolean or null"


def test_bodies_of_examples_are_valid() -> None:
    PostIn.model_validate(BODIES["sendPost"])
    AppealIn.model_validate(BODIES["sendAppeal"])
    SimilarIn.model_validate(BODIES["searchSimilarPosts"])


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


@pytest.mark.parametrize("language", ["curl", "python"])
def test_every_example_works_as_it_stands(address: str, parts: Parts, language: str) -> None:
    """One after the other, as somebody who reads the page would try them; a few seconds, because
    each starts a process."""
    environ = {
        "PATH": os.environ["PATH"],
        "TAGSIFT_URL": address,
        "TAGSIFT_KEY": API_KEY,
        "TAGSIFT_SECRET": SECRETS[0],
    }
    order = ("listPosts", "listPostsOfHashtag", "readPost", "sendAppeal", "readAppeal")
    by_id = {call.id: call for call in CALLS}
    assert {*order, "deletePost", "sendPost"} == by_id.keys() - NEED_PHOTOGRAPHS
    add_post(parts, "p-1", {"cafe": "irrelevant"}, decision="flag")
    for name in (*order, "deletePost", "sendPost"):
        done = _run(by_id[name], language, environ)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        assert "p-1" in done.stdout or "posts" in done.stdout


def _run(
    call: Operation, language: str, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    ways = {"python": [sys.executable, "-c", call.python], "curl": ["sh", "-c", call.curl]}
    return subprocess.run(  # the page's own text
        ways[language], env=environ, capture_output=True, text=True, timeout=60
    )
