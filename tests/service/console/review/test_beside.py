"""What stands beside a post: near-duplicates, and what its author did before."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.similar.rows import add_seen

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def post(parts: Parts, jpeg: Callable[..., bytes]) -> int:
    return add_seen(parts, "p-1", {"카페": "irrelevant"}, (0,), jpeg(), author_id="u-7")


def _section(page: str, name: str) -> str:
    found = re.search(rf'<section aria-label="{name}">(.*?)</section>', page, re.DOTALL)
    assert found
    return found[1]


def test_near_duplicates_are_shown_with_their_decision_and_a_link(
    mina: Visitor, parts: Parts, post: int, jpeg: Callable[..., bytes]
) -> None:
    settled = {"decided_by": "moderator"}
    near = add_seen(parts, "p-near", {"카페": "relevant"}, (5,), jpeg(), **settled)
    add_seen(parts, "p-far", {"카페": "relevant"}, (60,), jpeg())
    shown = _section(mina.get(f"/posts/{post}/beside").text, "Near-duplicates")
    assert re.findall(r"Open post ([\w-]+)", shown) == ["p-near"]
    assert f'href="/posts/{near}"' in shown
    assert "/thumbnail" in shown
    assert "passed" in shown
    assert "settled by a person" in shown
    assert "99% alike" in shown


def test_the_author_before_is_counted(mina: Visitor, parts: Parts, post: int) -> None:
    for name, verdict, by in (
        ("p-2", "irrelevant", "moderator"),
        ("p-3", "irrelevant", "model"),
        ("p-4", "relevant", "moderator"),
        ("p-5", "relevant", "model"),
    ):
        add_post(parts, name, {"카페": verdict}, author_id="u-7", decided_by=by)
    add_post(parts, "p-other", {"카페": "irrelevant"}, author_id="u-8")
    add_post(parts, "p-old", {"카페": "irrelevant"}, author_id="u-7", state="superseded")
    shown = _section(mina.get(f"/posts/{post}/beside").text, "The author before")
    assert "Other posts: 4; flagged: 50%." in shown
    assert "Of 2 that people settled, 1 had an irrelevant hashtag." in shown
    assert re.findall(r"Open post ([\w-]+)", shown) == ["p-5", "p-4", "p-3", "p-2"]


def test_without_either_it_says_so(mina: Visitor, post: int) -> None:
    page = mina.get(f"/posts/{post}/beside").text
    assert "No other post of the last 30 days shows this." in page
    assert "This is the author" in page


def test_a_script_gets_the_part_alone(mina: Visitor, post: int) -> None:
    assert "<html" in mina.get(f"/posts/{post}/beside").text
    part = mina.get(f"/posts/{post}/beside", headers=FETCH).text
    assert "<html" not in part
    assert "Near-duplicates" in part


def test_the_posts_own_page_does_not_wait_for_it(mina: Visitor, post: int) -> None:
    page = mina.get(f"/posts/{post}").text
    assert f'<load-beside><a class="quiet" href="/posts/{post}/beside">' in page
    assert "This is the author" not in page


def test_a_post_that_is_gone_has_nothing_beside_it(mina: Visitor, parts: Parts) -> None:
    gone = add_post(parts, "p-gone", {"카페": "irrelevant"}, state="deleted")
    assert mina.get(f"/posts/{gone}/beside").status_code == 404
    assert mina.get("/posts/999/beside").status_code == 404


def test_whoever_cannot_settle_is_offered_no_answer_for_all(
    signed_in: Callable[..., Visitor], parts: Parts, post: int
) -> None:
    add_seen(parts, "p-near", {"카페": "irrelevant"}, (5,))
    assert "/together" in signed_in("mina").get(f"/posts/{post}/beside").text
    assert "/together" not in signed_in("ana", "analyst").get(f"/posts/{post}/beside").text
