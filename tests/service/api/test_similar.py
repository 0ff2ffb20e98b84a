"""`GET /v1/posts/…/similar` and `POST /v1/similar`: what looks like a post, or a photograph."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.api.similar_schemas import SimilarOut
from service.config import Config
from service.parts import Parts
from service.screening.pictures import LEAST_PIXELS, open_picture
from service.similar import photograph
from service.tables import Base, Embedding, Image, Post
from tests.service.similar.rows import add_seen, at

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(client: FlaskClient, bearer: dict[str, str]) -> Ask:
    def make(post: str = "p-1", **query: Any) -> TestResponse:
        return client.get(f"/v1/posts/{post}/similar", query_string=query, headers=bearer)

    return make


@pytest.fixture
def send(client: FlaskClient, bearer: dict[str, str]) -> Ask:
    def make(**body: Any) -> TestResponse:
        return client.post("/v1/similar", json=body, headers=bearer)

    return make


def names(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [post.id for post in SimilarOut.model_validate_json(answer.data).posts]


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, (answer.json or {})["code"]


def made_by(parts: Parts) -> str:
    return parts.screener.current().bundle.embedding_id


def degrees(parts: Parts, angle: float) -> list[float]:
    return at(angle, parts.screener.current().bundle.dimension)


def test_what_looks_like_a_post_comes_without_itself(parts: Parts, ask: Ask) -> None:
    for name, angle in (("p-1", 0), ("p-far", 40), ("p-near", 5)):
        add_seen(parts, name, {"카페": "relevant"}, (angle,))
    answer = ask()
    assert names(answer) == ["p-near", "p-far"]
    near, far = (answer.json or {})["posts"]
    assert near == {"id": "p-near", "revision": 1, "likeness": 0.9962, "same": True}
    assert (far["likeness"], far["same"]) == (pytest.approx(0.766, abs=1e-3), False)


def test_parameters_narrow_what_is_found(parts: Parts, ask: Ask) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-2", {"카페": "irrelevant"}, (1,), author_id="u-2")
    add_seen(parts, "p-3", {"여행": "relevant"}, (30,))
    add_seen(parts, "p-4", {"☕": "unverifiable"}, (40,))
    assert names(ask(min="0.9")) == ["p-2"]
    assert names(ask(hashtag="#여행")) == ["p-3"]
    assert names(ask(decision="flag", author="u-2")) == ["p-2"]
    assert names(ask(hashtag="☕")) == ["p-4"]
    assert names(ask(hashtag="🍕")) == []
    assert names(ask(category="pet")) == []
    assert names(ask(since="2999-01-01T00:00:00Z")) == []


def test_pages_follow_each_other(parts: Parts, ask: Ask) -> None:
    for number in range(5):
        add_seen(parts, f"p-{number + 1}", {"카페": "relevant"}, (number,))
    first = ask(k=2)
    second = ask(k=2, cursor=(first.json or {})["next_cursor"])
    assert names(first) + names(second) == ["p-2", "p-3", "p-4", "p-5"]
    assert (second.json or {})["next_cursor"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"k": "0"},
        {"k": "101"},
        {"k": "x"},
        {"min": "1.5"},
        {"min": "nan"},
        {"min": "1e1"},
        {"min": "1_0e-9"},
        {"min": "٠"},
        {"min": "."},
        {"min": "+0"},
        {"min": "-1"},
        {"min": ""},
        {"decision": "no"},
        {"since": "yesterday"},
        {"hashtag": ""},
        {"cursor": "x"},
    ],
)
def test_a_parameter_that_breaks_a_rule_is_named(
    parts: Parts, ask: Ask, query: dict[str, str]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"})
    answer = ask(**query)
    assert code(answer) == (400, "bad-query")
    assert (answer.json or {})["errors"][0]["pointer"] == f"/{next(iter(query))}"


@pytest.mark.parametrize("least", ["0", ".5", "1.", "0.30000000000000004", "1e-7", "9.9E-1"])
def test_the_least_likeness_may_be_written_as_programs_write_numbers(
    parts: Parts, ask: Ask, least: str
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"})
    answer = ask(min=least)
    assert answer.status_code == 200, answer.text


def test_posts_that_cannot_be_searched_from_are_told_apart(parts: Parts, ask: Ask) -> None:
    assert code(ask("nobody")) == (404, "unknown-post")
    add_seen(parts, "p-unread", {"카페": "relevant"}, (None,))
    assert code(ask("p-unread")) == (409, "no-photograph")
    add_seen(parts, "p-gone", {"카페": "relevant"}, state="deleted")
    assert code(ask("p-gone")) == (410, "post-deleted")
    add_seen(parts, "p-waits", {}, (None,), state="pending", decision=None, decided_by=None)
    assert code(ask("p-waits")) == (409, "post-pending")


def test_a_deleted_post_is_not_found_from_the_same_instant(
    parts: Parts, client: FlaskClient, bearer: dict[str, str], ask: Ask
) -> None:
    for name in ("p-1", "p-2", "p-3"):
        add_seen(parts, name, {"카페": "relevant"})
    assert names(ask()) == ["p-2", "p-3"]
    assert client.delete("/v1/posts/p-2", headers=bearer).status_code in (200, 202)
    assert names(ask()) == ["p-3"]


@pytest.mark.slow  # a race
def test_searches_beside_deletions_find_nothing_that_was_gone_before(
    parts: Parts, app: Any, bearer: dict[str, str]
) -> None:
    """Every search knows which deletions were answered before it began."""
    count = 12
    for number in range(count + 1):
        add_seen(parts, f"p-{number}", {"카페": "relevant"}, (number,))
    gone: list[str] = []
    wrong: list[set[str]] = []
    over = threading.Event()

    def look() -> None:
        client = app.test_client()
        while not over.is_set():
            before = set(gone)
            answer = client.get("/v1/posts/p-0/similar?k=50", headers=bearer)
            found = set(names(answer))
            if found & before:
                wrong.append(found & before)

    searchers = [threading.Thread(target=look) for _ in range(3)]
    for one in searchers:
        one.start()
    for number in range(1, count + 1):
        answer = app.test_client().delete(f"/v1/posts/p-{number}", headers=bearer)
        assert answer.status_code in (200, 202)
        gone.append(f"p-{number}")
    over.set()
    for one in searchers:
        one.join()
    assert wrong == []
    assert len(gone) == count


def test_an_embedding_finds_what_it_is_near_to(parts: Parts, send: Ask) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, (3,))
    add_seen(parts, "p-2", {"카페": "relevant"}, (60,))
    longer = [7 * number for number in degrees(parts, 0)]
    answer = send(embedding=longer, made_by=made_by(parts), min=0.9, k=5)
    assert names(answer) == ["p-1"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda numbers: numbers[:-1], "length"),
        (lambda numbers: [*numbers, 0.5], "length"),
        (lambda numbers: [], "length"),
        (lambda numbers: [float("nan"), *numbers[1:]], "not_finite"),
        (lambda numbers: [float("inf"), *numbers[1:]], "not_finite"),
        (lambda numbers: [0.0] * len(numbers), "zero"),
    ],
)
def test_what_is_no_embedding_is_refused(
    parts: Parts, send: Ask, change: Callable[[list[float]], list[float]], rule: str
) -> None:
    answer = send(embedding=change(degrees(parts, 0)), made_by=made_by(parts))
    assert code(answer) == (422, "invalid-embedding")
    assert (answer.json or {})["errors"][0]["rule"] == rule


def test_an_embedding_of_another_network_is_refused_with_the_name_of_the_live_one(
    parts: Parts, send: Ask
) -> None:
    answer = send(embedding=degrees(parts, 0), made_by="another")
    assert code(answer) == (409, "another-network")
    assert made_by(parts) in (answer.json or {})["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"embedding": [1.0]},
        {"image": {"base64": "AAAA"}, "embedding": [1.0], "made_by": "x"},
        {"image": {"part": "one"}},
        {"image": {"base64": "AAAA"}, "k": 0},
        {"image": {"base64": "AAAA"}, "since": "2026-11-20"},
        {"image": {"base64": "AAAA"}, "hashtag": "a\0b"},
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(send: Ask, body: dict[str, Any]) -> None:
    assert code(send(**body)) == (422, "invalid-search")


def test_a_photograph_finds_itself_and_nothing_of_it_is_stored(
    parts: Parts, config: Config, send: Ask, jpeg: Callable[..., bytes]
) -> None:
    photograph = jpeg(seed=1)
    row = add_seen(parts, "p-1", {"카페": "relevant"}, (None,))
    add_seen(parts, "p-2", {"카페": "relevant"})
    (look,) = parts.screener.current().see([open_picture(photograph, config, LEAST_PIXELS).image])
    with parts.sessions.begin() as session:
        image = session.get_one(Post, row).images[0]
        vector = look.prediction.embedding
        session.add(Embedding(image_id=image.id, made_by=made_by(parts), vector=vector))
    before = _counts(parts)
    answer = send(image={"base64": base64.b64encode(photograph).decode()}, k=1)
    assert names(answer) == ["p-1"]
    assert (answer.json or {})["posts"][0]["same"]
    assert (answer.json or {})["made_by"] == made_by(parts)
    assert _counts(parts) == before


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        ({"base64": base64.b64encode(b"no photograph").decode()}, "not_an_image"),
        ({"base64": ""}, "not_an_image"),
        ({"url": "http://127.0.0.1:1/a.jpg"}, "forbidden_address"),
        ({"url": "file:///etc/passwd"}, "bad_url"),
    ],
)
def test_an_image_of_nothing_is_told(send: Ask, image: dict[str, str], rule: str) -> None:
    answer = send(image=image)
    assert code(answer) == (422, "unreadable-image")
    assert (answer.json or {})["errors"][0]["rule"] == rule


def test_no_more_photographs_are_taken_than_one_process_looks_at(
    send: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photograph, "_places", threading.BoundedSemaphore(1))
    with photograph._places:
        answer = send(image={"base64": "AAAA"})
        assert code(answer) == (503, "busy")
        assert answer.headers["Retry-After"] == "2"
    assert code(send(image={"base64": "AAAA"})) == (422, "unreadable-image")


def test_both_calls_need_a_key(client: FlaskClient) -> None:
    assert client.get("/v1/posts/p-1/similar").status_code == 401
    assert client.post("/v1/similar", json={}).status_code == 401


def _counts(parts: Parts) -> dict[str, int]:
    with parts.sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        } | {"images": session.scalar(select(func.count(Image.id))) or 0}
