"""Guesses are learned from stored posts, hold everywhere at once, and never flag."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from rules import resolve
from service.lexicon import change
from service.lexicon.learn import learn_hashtags
from service.parts import Parts
from service.screener import Screener
from service.tables import Post
from tests.service.console.rows import add_post

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def posts(parts: Parts) -> None:
    """Nine posts of a cafe that nobody mapped, nine in the mountains, nine of nothing."""
    for number in range(9):
        day = {f"{number}일": "unverifiable"}
        add_post(parts, f"c{number}", {"쀍쀍": "unverifiable", "라떼": "relevant"} | day)
        add_post(parts, f"m{number}", {"등산": "relevant"} | day)
        add_post(parts, f"d{number}", {"월요일": "unverifiable"} | day)
    with parts.sessions.begin() as session:
        session.execute(update(Post).values(posted_at=datetime.now(UTC)))


@pytest.mark.usefixtures("posts")
def test_an_unmapped_hashtag_is_guessed_by_its_company(parts: Parts) -> None:
    elsewhere = Screener(parts.config, parts.sessions)
    assert resolve("쀍쀍", elsewhere.current().ruleset).resolved_by == "none"
    assert learn_hashtags(parts)
    found = resolve("쀍쀍", elsewhere.current().ruleset)
    assert (found.resolved_by, found.categories[0]) in {
        ("neighbours", "cafe"),
        ("neighbours", "drinks"),
    }


@pytest.mark.usefixtures("posts")
def test_a_persons_word_comes_before_a_guess(parts: Parts) -> None:
    learn_hashtags(parts)
    with parts.sessions.begin() as session:
        change(session, "쀍쀍", ["pet"], who="mina", why="", known={"pet"})
    found = resolve("쀍쀍", parts.screener.current().ruleset)
    assert (found.resolved_by, found.categories) == ("lexicon", ("pet",))


def test_with_no_posts_nothing_is_learned(parts: Parts) -> None:
    assert learn_hashtags(parts) == 0
