"""`GET /v1/posts/…/hashtags/suggested`: by what was seen, and by posts that look alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rules import Seen, judge
from service.api.suggested_schemas import SuggestedOut
from service.parts import Parts
from service.tables import Post
from tests.service.console.rows import add_post
from tests.service.votes.conftest import AddNear, Usual, add_near, colour, index, seen, usual

__all__ = ["add_near", "colour", "index", "seen", "usual"]
Ask = Callable[..., TestResponse]

CUP = {"drink": 0.97, "food": 0.02, "adult": 0.5, "child": 0.02, "cat": 0.01}


@pytest.fixture
def ask(client: FlaskClient, bearer: dict[str, str]) -> Ask:
    def make(post: str = "p-1", **query: Any) -> TestResponse:
        address = f"/v1/posts/{post}/hashtags/suggested"
        return client.get(address, query_string=query, headers=bearer)

    return make


def tags(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one.tag for one in SuggestedOut.model_validate_json(answer.data).hashtags]


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, (answer.json or {})["code"]


def see(parts: Parts, row: int, scores: dict[str, float]) -> None:
    """What was seen in a post's photograph; from .9 on a label is true, to .1 it is false."""
    facts = {True: True, False: None}
    with parts.sessions.begin() as session:
        (image,) = session.get_one(Post, row).images
        image.labels = {
            name: {"score": score, "fact": False if score <= 0.1 else facts[score >= 0.9]}
            for name, score in scores.items()
        }


def test_what_was_seen_suggests_hashtags_of_its_categories(parts: Parts, ask: Ask) -> None:
    see(parts, add_post(parts, "p-1", {"일상": "unverifiable"}, (b"",)), CUP)
    answer = ask()
    found = tags(answer)
    assert len(found) == 6  # three of cafe, three of drinks
    first = (answer.json or {})["hashtags"][0]
    assert first["confidence"] == pytest.approx(0.97)
    assert first["reason"]["en"].startswith("The photographs bear out the category “")
    sight = {name: Seen(score, score >= 0.9) for name, score in CUP.items()}
    verdicts = judge(parts.screener.current().ruleset, found, [sight]).verdicts
    assert {one.verdict.value for one in verdicts} == {"relevant"}


def test_what_people_use_comes_first_and_what_the_post_has_does_not_come(
    parts: Parts, ask: Ask
) -> None:
    see(parts, add_post(parts, "p-1", {"#카페": "relevant"}, (b"",)), CUP)
    for number in range(3):
        row = add_post(parts, f"q-{number}", {"카페투어": "relevant", "카페": "relevant"})
        with parts.sessions.begin() as session:
            for verdict in session.get_one(Post, row).verdicts:
                verdict.category, verdict.normalised = "cafe", verdict.tag
    found = tags(ask())
    assert found[0] == "카페투어"
    assert "카페" not in found
    assert tags(ask(k=2)) == found[:2]


def test_neighbours_suggest_what_no_rule_covers(
    parts: Parts, ask: Ask, add_near: AddNear, usual: Usual
) -> None:
    row = add_near("p-1", {"일상": "unverifiable"}, 0)
    see(parts, row, CUP)
    usual("sunset")
    for number in range(14):
        add_near(f"v-{number}", {"sunset": "unverifiable", "쀍쀍": "unverifiable"}, 30, number)
    answer = ask()
    assert "sunset" in tags(answer)
    assert "쀍쀍" not in tags(answer)  # what is usual for it is not known
    (sunset,) = [one for one in (answer.json or {})["hashtags"] if one["tag"] == "sunset"]
    assert sunset["confidence"] == pytest.approx(0.785, abs=1e-3)
    assert sunset["reason"]["en"].startswith("Of the 14 posts by other authors")


def test_nothing_seen_for_sure_suggests_nothing(parts: Parts, ask: Ask) -> None:
    see(parts, add_post(parts, "p-1", {"카페": "relevant"}, (b"",)), dict.fromkeys(CUP, 0.5))
    assert tags(ask()) == []


def test_posts_of_which_nothing_was_seen_are_told_apart(parts: Parts, ask: Ask) -> None:
    assert code(ask("nobody")) == (404, "unknown-post")
    add_post(parts, "p-unread", {"카페": "uncertain"}, (None,))
    assert code(ask("p-unread")) == (409, "no-photograph")
    add_post(parts, "p-gone", {"카페": "relevant"}, state="deleted")
    assert code(ask("p-gone")) == (410, "post-deleted")
    add_post(parts, "p-waits", {}, state="pending", decision=None, decided_by=None)
    assert code(ask("p-waits")) == (409, "post-pending")
    assert code(ask(k="0")) == (400, "bad-query")
