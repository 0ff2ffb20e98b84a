"""Items, what people do with them, and recommendations, from the command line."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.program import main

from .conftest import API_KEY, PHOTO, SECRET, Platform

Run = Callable[..., int]


@pytest.fixture
def run(server: Platform, tmp_path: Path) -> Run:
    env = tmp_path / "tagsift.env"
    env.write_text(
        f"TAGSIFT_PORT={server.url.rpartition(':')[2]}\n"
        f"TAGSIFT_WEBHOOK_SECRETS={SECRET}\nTAGSIFT_API_KEYS={API_KEY}\n"
    )
    return lambda *words: main(["--env", str(env), *words])


def sent(server: Platform, place: int = -1) -> tuple[str, str, Any]:
    last = server.received[place]
    assert last.headers["authorization"] == f"Bearer {API_KEY}"
    return last.method, last.path, json.loads(last.body or b"null")


def test_an_item_from_flags_with_its_pictures(
    server: Platform, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "poster.jpg").write_bytes(PHOTO)
    server.answer(202, {"id": "film-1", "state": "pending"})
    flags = ["--id", "film-1", "--title", "A film", "--tag", "drama", "--tag", "sea"]
    flags += ["--year", "1968", "--language", "en"]
    assert run("item", *flags, "--picture", str(tmp_path / "poster.jpg")) == 0
    assert sent(server) == (
        "POST",
        "/v1/items",
        {
            "id": "film-1",
            "title": "A film",
            "tags": ["drama", "sea"],
            "year": 1968,
            "language": "en",
            "images": [{"base64": base64.b64encode(PHOTO).decode()}],
        },
    )
    assert json.loads(capsys.readouterr().out) == {"id": "film-1", "state": "pending"}


def test_an_item_from_a_file_whose_pictures_are_uploaded_first(
    server: Platform, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "poster.jpg").write_bytes(PHOTO)
    (tmp_path / "item.json").write_text('{\n"id": "film-1", "title": "A film"}', "utf-8")
    begun = {"key": "k-1", "url": f"{server.url}/put", "method": "PUT", "headers": {}}
    server.answer(201, begun)
    server.answer(200)
    server.answer(202, {"id": "film-1", "state": "pending"})
    picture = str(tmp_path / "poster.jpg")
    assert run("item", "--json", str(tmp_path / "item.json"), "--picture", picture, "--upload") == 0
    assert server.received[1].body == PHOTO
    item = {"id": "film-1", "title": "A film", "images": [{"upload": "k-1"}]}
    assert sent(server) == ("POST", "/v1/items", item)


def test_what_a_person_did(server: Platform, run: Run) -> None:
    server.answer(202, {"accepted": 1, "known": 1})
    assert run("interact", "--user", "u-1", "--post", "p-1", "--kind", "view", "--value", "9") == 0
    method, path, (event,) = sent(server)
    assert (method, path) == ("POST", "/v1/interactions")
    assert event.pop("id").startswith("i-")
    assert event.pop("at")
    assert event == {"user": {"id": "u-1"}, "post": {"id": "p-1"}, "kind": "view", "value": 9.0}


def test_a_file_of_interactions_goes_a_thousand_at_a_time(
    server: Platform, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"id": f"e-{number}"}) for number in range(1001)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    server.answer(202, {"accepted": 1000, "known": 1000})
    server.answer(202, {"accepted": 1, "known": 0})
    assert run("interact", "--json", str(tmp_path / "events.jsonl")) == 0
    assert [len(sent(server, place)[2]) for place in (0, 1)] == [1000, 1]
    assert json.loads(capsys.readouterr().out.splitlines()[1]) == {"accepted": 1, "known": 0}


def test_a_file_that_is_no_text_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\x8a")
    assert run("interact", "--json", str(path)) == 1
    assert capsys.readouterr().err.startswith(f"{path}: not JSON (")


def test_recommendations_a_line_each(
    server: Platform, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [{"id": "film-2", "kind": "item"}, {"id": "p-1", "kind": "post"}]
    server.answer(200, {"items": found, "model": "…"})
    assert run("recommend", "u/1", "--k", "2", "--language", "ko") == 0
    assert server.received[0].path == "/v1/recommend?userid=u%2F1&k=2&language=ko"
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == found


def test_deleting_an_item(server: Platform, run: Run) -> None:
    server.answer(204)
    assert run("delete-item", "a/b") == 0
    assert [(one.method, one.path) for one in server.received] == [("DELETE", "/v1/items/a%2Fb")]


@pytest.mark.parametrize(
    ("status", "answer", "shown"),
    [
        (200, {"id": "a/b", "erased": {}}, [{"id": "a/b", "erased": {}}]),
        (404, {"code": "no-receipt", "title": "Not found", "detail": "Nobody …"}, []),
    ],
)
def test_deleting_a_person_shows_the_receipt(
    server: Platform,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    status: int,
    answer: dict[str, Any],
    shown: list[Any],
) -> None:
    server.answer(204)
    server.answer(status, answer)
    assert run("delete-user", "a/b") == 0
    asked = [(one.method, one.path) for one in server.received]
    assert asked == [("DELETE", "/v1/users/a%2Fb"), ("GET", "/v1/users/a%2Fb")]
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("item", "--title", "A film"), "An item needs an id"),
        (("item", "--id", "a", "--picture", "gone.jpg"), "gone.jpg"),
        (("interact", "--user", "u-1"), "Give --user and one of --item and --post"),
        (("interact", "--json", "{folder}/broken"), "broken, line 2: not JSON"),
        (("item", "--json", "{folder}/empty"), "holds no JSON object"),
        (("interact", "--user", "u-1", "--item", "a", "--value", "nan"), "cannot be sent as JSON"),
        (("item", "--id", "a", "--title", "\udcff"), "cannot be sent as JSON"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    server: Platform,
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    (tmp_path / "broken").write_text('{"id": "e-1"}\n{')
    (tmp_path / "empty").write_text("[]")
    server.answer(202, {})
    assert run(*(word.format(folder=tmp_path) for word in words)) == 1
    assert message in capsys.readouterr().err
    assert server.received == []
