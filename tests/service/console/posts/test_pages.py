from __future__ import annotations

import re

import pytest
from flask import Flask

from service.console.posts import lists, tabs
from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

POSTS = {
    "p-flag": {"카페": "irrelevant", "ootd": "relevant"},
    "p-doubt": {"카페": "uncertain"},
    "p-pass": {"pet": "relevant"},
}


@pytest.fixture
def posts(parts: Parts) -> dict[str, int]:
    rows = {name: add_post(parts, name, verdicts) for name, verdicts in POSTS.items()}
    rows["p-settled"] = add_post(parts, "p-settled", {"a": "irrelevant"}, decided_by="moderator")
    rows["p-pending"] = add_post(parts, "p-pending", {}, state="pending", hashtags=["카페"])
    add_post(parts, "p-old", {"a": "irrelevant"}, state="superseded")
    add_post(parts, "p-gone", {"a": "irrelevant"}, state="deleted")
    return rows


def _shown(page: str) -> list[str]:
    return re.findall(r"Open post (p-\w+)", page)


@pytest.mark.parametrize(
    ("tab", "holds"),
    [
        ("review", ["p-flag", "p-doubt"]),
        ("flagged", ["p-flag"]),
        ("doubtful", ["p-doubt"]),
        ("passed", ["p-pass"]),
        ("settled", ["p-settled"]),
        ("pending", ["p-pending"]),
    ],
)
def test_each_tab_holds_its_posts_and_says_how_many(
    mina: Visitor, posts: dict[str, int], tab: str, holds: list[str]
) -> None:
    page = mina.get(f"/posts?tab={tab}").text
    assert _shown(page) == holds
    current = re.search(r'aria-current="page">[^<]+<span class="count">(\d+)', page)
    assert current is not None
    assert int(current[1]) == len(holds)


def test_the_review_queue_is_the_first_page(mina: Visitor, posts: dict[str, int]) -> None:
    assert _shown(mina.get("/", follow_redirects=True).text) == ["p-flag", "p-doubt"]


def test_a_hashtag_of_an_emoji_filters_by_that_alone(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-coffee", {"☕": "irrelevant"})
    add_post(parts, "p-pizza", {"#🍕": "irrelevant"})
    for written, found in (("☕", ["p-coffee"]), ("🍕", ["p-pizza"]), ("🐈", [])):
        page = mina.get("/posts", query_string={"tab": "review", "hashtag": written}).text
        assert _shown(page) == found


def test_a_hashtag_filters_however_it_is_written(mina: Visitor, posts: dict[str, int]) -> None:
    for written in ("ootd", "#ootd", "OOTD"):
        page = mina.get("/posts", query_string={"tab": "review", "hashtag": written}).text
        assert _shown(page) == ["p-flag"]
        assert f"Hashtag: #{written.lstrip('#')}" in page


def test_a_pending_post_is_found_by_what_the_platform_sent(
    mina: Visitor, posts: dict[str, int]
) -> None:
    assert _shown(mina.get("/posts?tab=pending&hashtag=카페").text) == ["p-pending"]


def test_the_posts_that_follow_are_a_link_away(
    mina: Visitor, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_POSTS", 2)
    for number in range(5):
        add_post(parts, f"p-{number}", {"a": "irrelevant"})
    path, seen = "/posts", []
    while path:
        page = mina.get(path).text
        seen.append(_shown(page))
        link = re.search(r'href="(/posts\?[^"]*after=\d+[^"]*)"', page)
        path = link[1].replace("&amp;", "&") if link else ""
    assert seen == [["p-0", "p-1"], ["p-2", "p-3"], ["p-4"]]


def test_the_newest_settled_post_is_shown_first(mina: Visitor, parts: Parts) -> None:
    for name in ("p-first", "p-second"):
        add_post(parts, name, {"a": "irrelevant"}, decided_by="moderator")
    assert _shown(mina.get("/posts?tab=settled").text) == ["p-second", "p-first"]


@pytest.mark.parametrize("tab", list(tabs.TABS))
def test_an_empty_tab_says_what_will_be_there(mina: Visitor, app: Flask, tab: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        sentence = str(tabs.TABS[tab].empty)
    assert sentence in mina.get(f"/posts?tab={tab}").text


def test_each_verdict_has_a_shape_and_a_word_besides_its_colour(
    mina: Visitor, posts: dict[str, int]
) -> None:
    page = mina.get("/posts?tab=flagged").text
    chips = re.findall(r'<span class="chip (\w+)">(.*?)</span></span>', page, re.DOTALL)
    assert [verdict for verdict, _ in chips] == ["irrelevant", "relevant"]
    shapes = {re.sub(r"<bdi>.*", "", content, flags=re.DOTALL) for _, content in chips}
    assert len(shapes) == 2
    assert all(f'unseen">{verdict}' in content for verdict, content in chips)


def test_what_a_post_says_cannot_become_markup(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-x", {"<b>x": "irrelevant"}, caption="<script>alert(1)</script>")
    page = mina.get("/posts").text
    assert "<script>alert" not in page
    assert "<b>x" not in page
