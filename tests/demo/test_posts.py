"""The demo posts are in wire format and cover what the demo is to show."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from clients.program import read_posts
from demo.check import load_expected

DEMO = Path(__file__).resolve().parents[2] / "demo"
POSTS = [json.loads(line) for line in (DEMO / "posts.jsonl").read_text("utf-8").splitlines()]
EXPECTED = load_expected()


@pytest.mark.parametrize("post", POSTS, ids=lambda post: str(post["id"]))
def test_a_post_has_the_fields_of_the_wire(post: dict[str, Any]) -> None:
    shown = "videos" if "videos" in post else "images"
    assert set(post) == {
        "id", "revision", "author", "caption", "hashtags", "created_at", shown, "metrics",
    }  # fmt: skip
    assert post["revision"] == 1
    assert post["author"]["id"]
    assert post["caption"]
    assert len(set(post["hashtags"])) == len(post["hashtags"]) > 0
    assert datetime.fromisoformat(post["created_at"]).tzinfo is not None
    assert post["metrics"]["reach"] > 0
    assert 1 <= len(post[shown]) <= 10


@pytest.mark.parametrize("post", POSTS, ids=lambda post: str(post["id"]))
def test_a_person_has_said_what_each_hashtag_deserves(post: dict[str, Any]) -> None:
    assert list(EXPECTED[post["id"]]["hashtags"]) == post["hashtags"]


@pytest.mark.parametrize(("post", "truth"), EXPECTED.items(), ids=list(EXPECTED))
def test_the_expected_decision_follows_from_the_expected_verdicts(
    post: str, truth: dict[str, Any]
) -> None:
    verdicts = set(truth["hashtags"].values())
    if "irrelevant" in verdicts:
        assert truth["decision"] == "flag", post
    else:
        assert truth["decision"] == ("review" if "uncertain" in verdicts else "pass"), post


def test_the_client_finds_the_photographs_of_all_posts() -> None:
    posts = read_posts(DEMO / "posts.jsonl", DEMO / "photos")
    shown = {name for _, files in posts for name in files}
    assert len(posts) == len(EXPECTED) == len({post["id"] for post in POSTS})
    assert shown == {photo.name for photo in (DEMO / "photos").iterdir()}


def test_the_demo_shows_every_kind_of_post() -> None:
    decisions = [truth["decision"] for truth in EXPECTED.values()]
    tags = [set(truth["hashtags"].values()) for truth in EXPECTED.values()]
    korean = [any("가" <= letter <= "힣" for letter in post["caption"]) for post in POSTS]
    assert len(POSTS) >= 14
    assert {"pass", "flag", "review"} == set(decisions)
    assert {"unverifiable"} in tags  # a post about nothing that can be seen
    assert {"relevant"} in tags  # an honest one
    assert any(verdicts >= {"relevant", "irrelevant"} for verdicts in tags)
    assert any(len(post.get("images", ())) == 2 for post in POSTS)
    films = {EXPECTED[post["id"]]["decision"] for post in POSTS if "videos" in post}
    assert films == {"pass", "flag"}
    assert any(korean)
    assert not all(korean)
