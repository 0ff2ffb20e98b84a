"""A post is found by what somebody remembers of it, and only while it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.parts import Parts
from service.posts.search import MOST, search
from tests.service.console.rows import add_post

pytestmark = pytest.mark.usefixtures("clean")


TAGS = {"카페": "relevant"}


def found(parts: Parts, wanted: str) -> dict[str, list[str]]:
    with parts.sessions() as session:
        return {one.by: [post.external_id for post in one.posts] for one in search(session, wanted)}


@pytest.mark.parametrize(
    ("wanted", "by"),
    [
        ("p-1", "id"),
        ("  p-1 ", "id"),
        ("u-77", "author"),
        ("@u-77", "author"),
        ("#성수동카페", "hashtag"),
        ("성수동카페", "hashtag"),
        ("에스프레소", "caption"),
        ("에스프레", "caption"),
        ("진한 에스프레소", "caption"),
        ("ESPRESSO bar", "caption"),
        ("2026-11-21", "day"),
        ("2026.11.21", "day"),
        ("20261121", "day"),
    ],
)
def test_a_post_is_found_by(parts: Parts, wanted: str, by: str) -> None:
    add_post(
        parts,
        "p-1",
        {"성수동카페": "relevant"},
        caption="비 오는 날엔 진한 에스프레소가 최고. Espresso bar in 성수",
        author_id="u-77",
        received_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
    )
    day_before = datetime(2026, 11, 20, tzinfo=UTC)
    add_post(parts, "p-2", {"바다": "relevant"}, caption="바다", received_at=day_before)
    assert found(parts, wanted) == {by: ["p-1"]}


@pytest.mark.parametrize(
    "wanted",
    ["", "   ", "nothing", "2026-13-45", "99999999", "'); DROP TABLE posts", "a\0b", "& | !", "()"],
)
def test_nothing_is_found_by(parts: Parts, wanted: str) -> None:
    add_post(parts, "p-1", TAGS, caption="coffee")
    assert found(parts, wanted) == {}


@pytest.mark.parametrize("state", ["superseded", "deleted"])
def test_a_post_that_is_gone_is_not_found(parts: Parts, state: str) -> None:
    add_post(parts, "p-1", TAGS, caption="coffee", state=state, decision=None)
    assert found(parts, "coffee") == {}
    assert found(parts, "p-1") == {}


def test_a_day_begins_where_the_viewer_is(parts: Parts) -> None:
    evening = datetime(2026, 11, 20, 20, tzinfo=UTC)  # the 21st in Seoul
    add_post(parts, "p-1", TAGS, received_at=evening)
    with parts.sessions() as session:
        assert search(session, "2026-11-21", ZoneInfo("Asia/Seoul"))
        assert not search(session, "2026-11-21")


def test_the_newest_come_first_and_no_more_than_fit(parts: Parts) -> None:
    for number in range(MOST + 1):
        add_post(parts, f"p-{number}", TAGS, caption="coffee")
    with parts.sessions() as session:
        (one,) = search(session, "coffee")
    assert one.more
    assert [post.external_id for post in one.posts] == [f"p-{n}" for n in range(MOST, 0, -1)]
