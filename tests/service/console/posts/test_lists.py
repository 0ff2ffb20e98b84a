"""The queue as a list, filters that addresses carry, and who looks at what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts import create
from service.cases import open_case, take
from service.console.frame import texts
from service.console.posts import facets, lists
from service.parts import Parts
from service.tables import Case, Post, Verdict
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

DAY_OLD = datetime.now(UTC) - timedelta(days=2)


def _shown(page: str) -> list[str]:
    return re.findall(r"Open post (p-\w+)", page)


def _case(parts: Parts, row: int) -> int:
    with parts.sessions() as session:
        return session.scalars(select(Case.id).where(Case.post_id == row)).one()


@pytest.fixture
def waiting(parts: Parts) -> Callable[..., int]:
    """``waiting("p-1", priority=2.0, category="cafe", **changes)``: a post of the queue."""

    def make(
        name: str, priority: float = 1.0, category: str = "cafe", tag: str = "카페", **changes: Any
    ) -> int:
        row = add_post(parts, name, {tag: "irrelevant"}, **changes)
        with parts.sessions.begin() as session:
            session.get_one(Case, _case(parts, row)).priority = priority
            session.query(Verdict).filter_by(post_id=row).one().category = category
        return row

    return make


Waiting = Callable[..., int]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["p-high", "p-old", "p-low"]),
        ("?sort=oldest", ["p-low", "p-old", "p-high"]),
        ("?sort=newest", ["p-high", "p-old", "p-low"]),
        ("?sort=nonsense", ["p-high", "p-old", "p-low"]),
        ("?tab=flagged", ["p-low", "p-old", "p-high"]),
        ("?tab=flagged&sort=newest", ["p-high", "p-old", "p-low"]),
        ("?tab=flagged&sort=stake", ["p-low", "p-old", "p-high"]),
    ],
)
def test_a_list_stands_in_the_order_that_is_asked_for(
    mina: Visitor, waiting: Waiting, query: str, order: list[str]
) -> None:
    for name, priority in (("p-low", 1.0), ("p-old", 5.0), ("p-high", 9.0)):
        waiting(name, priority)
    assert _shown(mina.get(f"/posts{query}").text) == order


def test_the_queue_stands_by_doubt_or_by_reach(
    mina: Visitor, waiting: Waiting, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_POSTS", 2)
    for name, doubt, reach in (("p-a", 0.9, 10), ("p-b", 0.2, 900), ("p-c", 0.5, 90)):
        row = waiting(name)
        with parts.sessions.begin() as session:
            case = session.get_one(Case, _case(parts, row))
            case.doubt, case.reach = doubt, reach
    for sort, order in (("doubt", ["p-a", "p-c", "p-b"]), ("reach", ["p-b", "p-c", "p-a"])):
        first = mina.get(f"/posts?sort={sort}").text
        more = unescape(re.findall(r'href="(/posts\?after=[^"]+)"', first)[0])
        assert _shown(first) + _shown(mina.get(more).text) == order
    # A list that is not the queue has no such order.
    assert "sort=reach" not in mina.get("/posts?tab=flagged").text


def test_a_case_knows_its_doubt_and_its_reach(parts: Parts) -> None:
    wide, none = (
        add_post(parts, "p-1", {"카페": "irrelevant"}, reach=500),
        add_post(parts, "p-2", {"카페": "irrelevant"}),
    )
    with parts.sessions() as session:
        cases = {one.post_id: one for one in session.scalars(select(Case))}
    assert (cases[wide].doubt, cases[wide].reach, cases[wide].priority) == (1.0, 500, 500.0)
    assert (cases[none].doubt, cases[none].reach, cases[none].priority) == (1.0, 1, 1.0)


@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_pages_follow_one_another_and_the_way_back_keeps_the_order(
    mina: Visitor, waiting: Waiting, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(lists, "PAGE_POSTS", 2)
    names = [f"p-{number}" for number in range(5)]
    for name in names:
        waiting(name)
    found, address = [], f"/posts?sort={sort}"
    while address:
        page = mina.get(address).text
        found += _shown(page)
        more = re.search(r'class="more"><a class="button" href="([^"]+)"', page)
        address = unescape(more[1]) if more else ""
    assert found == (names if sort == "oldest" else names[::-1])
    case = mina.get(f"/cases/1?sort={sort}").text
    assert re.search(rf'class="back" href="/posts\?[^"]*sort={sort}', case)


def test_the_queue_stands_in_its_order(mina: Visitor, waiting: Waiting) -> None:
    for name, priority in (("p-low", 1.0), ("p-old", 5.0), ("p-new", 5.0), ("p-high", 9.0)):
        waiting(name, priority)
    assert _shown(mina.get("/posts").text) == ["p-high", "p-old", "p-new", "p-low"]


def test_its_pages_follow_each_other_without_a_gap(
    mina: Visitor, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_POSTS", 2)
    for number, priority in enumerate((1.0, 7.0, 7.0, 7.0, 2.0, 9.0, 1.0)):
        waiting(f"p-{number}", priority)
    path, seen = "/posts", []
    while path:
        page = mina.get(path).text
        seen += _shown(page)
        link = re.search(r'href="(/posts\?after=\d+[^"]*)"', page)
        path = unescape(link[1]) if link else ""
    assert seen == ["p-5", "p-1", "p-2", "p-3", "p-4", "p-0", "p-6"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("category=pet", ["p-pet"]),
        ("hashtag=%23멍스타", ["p-pet"]),
        ("author=u-9", ["p-u9"]),
        ("older=24", ["p-old"]),
        ("decision=flag&author=u-9", ["p-u9"]),
        ("decision=review", []),
        ("kind=review&category=pet", ["p-pet"]),
        ("kind=appeal", []),
    ],
)
@pytest.mark.parametrize("tab", ["review", "flagged"])
def test_filters_hold_on_every_list(
    mina: Visitor, waiting: Waiting, tab: str, query: str, shown: list[str]
) -> None:
    if "kind" in query and tab != "review":
        return  # a reason is a case's, and only the queue shows cases
    waiting("p-pet", category="pet", tag="멍스타")
    waiting("p-u9", author_id="u-9")
    waiting("p-old", received_at=DAY_OLD)
    assert _shown(mina.get(f"/posts?tab={tab}&{query}").text) == shown


def test_each_filter_is_a_chip_that_takes_it_away(mina: Visitor, waiting: Waiting) -> None:
    waiting("p-1")
    page = mina.get("/posts?category=cafe&author=u-1&older=24").text
    chips = re.findall(r'<a class="filter" href="([^"]+)"><bdi>([^<]+)</bdi> <span aria', page)
    assert {unescape(title): unescape(link) for link, title in chips} == {
        "Category: cafe": "/posts?author=u-1&older=24",
        "Author: u-1": "/posts?category=cafe&older=24",
        "Age: 1 d and more": "/posts?category=cafe&author=u-1",
    }


def test_each_choice_says_how_many_posts_it_leaves(mina: Visitor, waiting: Waiting) -> None:
    for number in range(3):
        waiting(f"p-{number}", author_id="u-9")
    waiting("p-pet", category="pet", tag="멍스타", received_at=DAY_OLD)
    page = mina.get("/posts?filters=1").text
    found = re.findall(r'<bdi>([^<]+)</bdi> <span class="count">(\d+)</span>', page)
    assert {title: int(count) for title, count in found} == {
        "cafe": 3,
        "pets": 1,
        "#카페": 3,
        "#멍스타": 1,
        "u-9": 3,
        "u-1": 1,
        "flagged": 4,
        "flagged or doubtful": 4,
        "1 h and more": 1,
        "1 d and more": 1,
    }


def test_choices_are_counted_for_whoever_asks_and_stay_open(
    mina: Visitor, waiting: Waiting
) -> None:
    waiting("p-1")
    waiting("p-2", author_id="u-9")
    assert "u-9</bdi> <span" not in mina.get("/posts").text
    page = mina.get("/posts?filters=1").text
    link = re.search(r'<a class="filter" href="([^"]+)"><bdi>u-9', page)
    assert link
    page = mina.get(unescape(link[1])).text
    assert _shown(page) == ["p-2"]
    assert "Close the filters" in page


def test_a_filter_is_carried_to_other_lists_into_the_queue_and_to_the_posts(
    mina: Visitor, waiting: Waiting, parts: Parts
) -> None:
    row = waiting("p-pet", category="pet")
    links = {unescape(link) for link in re.findall(r'href="([^"]+)"', _filtered(mina))}
    assert "/posts?tab=passed&category=pet" in links
    assert "/queue/next?category=pet" in links
    assert f"/cases/{_case(parts, row)}?category=pet" in links
    flagged = {unescape(link) for link in re.findall(r'href="([^"]+)"', _filtered(mina, "flagged"))}
    assert "/queue/next?category=pet&decision=flag" in flagged
    assert f"/posts/{row}?tab=flagged&category=pet" in flagged


def _filtered(mina: Visitor, tab: str = "review") -> str:
    return mina.get(f"/posts?tab={tab}&category=pet").text


def test_a_filter_that_nothing_meets_says_so(mina: Visitor, waiting: Waiting) -> None:
    waiting("p-1")
    page = mina.get("/posts?author=nobody").text
    assert "No post of this list matches the filters." in page
    assert "Take all filters away" in page


def test_whoever_cannot_settle_is_not_sent_into_the_queue(
    signed_in: NewVisitor, waiting: Waiting
) -> None:
    row = waiting("p-1")
    page = signed_in("ana", "analyst").get("/posts").text
    assert "/queue/next" not in page
    assert f'href="/posts/{row}?tab=review"' in page


@pytest.mark.parametrize("tab", ["review", "flagged"])
def test_who_looks_at_a_post_is_said_to_all_others(
    mina: Visitor, parts: Parts, waiting: Waiting, tab: str
) -> None:
    row = waiting("p-1")
    with parts.sessions.begin() as session:
        minji, _ = create(session, "minji", "moderator")
        take(session, [_case(parts, row)], minji.id, timedelta(minutes=1))
    assert "minji is looking at it" in mina.get(f"/posts?tab={tab}").text
    with parts.sessions.begin() as session:
        session.get_one(Case, _case(parts, row)).leased_until = DAY_OLD
    assert "is looking at it" not in mina.get(f"/posts?tab={tab}").text


def test_blind_cases_are_in_no_list_and_no_filter_asks_for_them(
    mina: Visitor, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, decided_by="moderator")
    with parts.sessions.begin() as session:
        for kind in ("double", "third", "control"):
            open_case(session, session.get_one(Post, row), kind, 1.0)
    for query in ("", "?kind=double", "?kind=control", "?kind=third"):
        assert _shown(mina.get(f"/posts{query}").text) == []
    first = _first_case(parts)
    assert mina.get("/queue/next?kind=control").location.startswith(f"/cases/{first}?")


def _first_case(parts: Parts) -> int:
    with parts.sessions() as session:
        return session.scalars(select(Case.id).order_by(Case.id)).first() or 0


def test_appeals_and_spot_checks_are_named_in_the_queue(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, decided_by="moderator")
    with parts.sessions.begin() as session:
        open_case(session, session.get_one(Post, row), "appeal", 1.0)
    page = mina.get("/posts").text
    assert _shown(page) == ["p-1"]
    assert '<p class="quiet">the author objects</p>' in page


def test_lists_count_so_far_and_no_further(
    mina: Visitor, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (lists, texts):
        monkeypatch.setattr(module, "COUNTED", 2)
    for number in range(3):
        waiting(f"p-{number}")
    page = mina.get("/posts").text
    assert re.search(r'aria-current="page">To review\s*<span class="count">2\+</span>', page)


def test_choices_are_counted_among_the_first_posts(
    mina: Visitor, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "LOOKED_AT", 2)
    for number in range(4):
        waiting(f"p-{number}", priority=number, author_id=f"u-{number}")
    page = mina.get("/posts?filters=1").text
    assert re.findall(r"<bdi>(u-\d)</bdi> <span", page) == ["u-2", "u-3"]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "1.5"])
def test_a_place_that_cannot_be_read_is_the_beginning(
    mina: Visitor, waiting: Waiting, after: str
) -> None:
    waiting("p-1")
    assert _shown(mina.get(f"/posts?after={after}").text) == ["p-1"]


def test_who_looks_ahead_leaves_no_message_for_a_later_page(
    mina: Visitor, waiting: Waiting
) -> None:
    waiting("p-1")
    case = mina.get("/queue/next").location.rpartition("/")[2]
    assert "/posts" in mina.get(f"/queue/next?besides={case}").location
    assert "Nothing is waiting for you here." not in mina.get(f"/cases/{case}").text
