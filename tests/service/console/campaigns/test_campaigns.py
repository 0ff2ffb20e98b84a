"""Campaigns in the console: one item in the queue, a page, one answer, one undo."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from service.campaigns.place import place_waiting
from service.parts import Parts
from service.reviews.remark import LONGEST_NOTE
from service.similar import campaign as settling
from service.tables import Campaign, Case, Post, Review
from tests.service.campaigns.rows import add_one
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor


@pytest.fixture
def spam(parts: Parts) -> list[int]:
    """Four posts by three authors with one picture, and one that has nothing to do with it."""
    rows = [
        add_one(parts, f"s-{n}", 0, author_id=f"u-{n % 3}", tags=("카페", f"tag{n}"), reach=n * 10)
        for n in range(4)
    ]
    add_one(parts, "honest", 80, tags=("꽃",))
    place_waiting(parts)
    return rows


def decisions(parts: Parts) -> dict[str, tuple[str | None, str | None]]:
    with parts.sessions() as session:
        rows = session.execute(select(Post.external_id, Post.decision, Post.decided_by))
        return {row[0]: (row[1], row[2]) for row in rows}


def opened(html: str) -> list[str]:
    return re.findall(r"(?:Open post |게시물 (?=[\w-]+ 열기))([\w-]+)", html)


def test_the_queue_shows_a_campaign_as_one_item_with_its_spread(
    mina: Visitor, parts: Parts, spam: list[int]
) -> None:
    page = mina.get("/posts?tab=review").text
    assert opened(page) == ["s-0", "honest"]
    assert "posts: 4 · authors: 3 · hashtags: 5 · hours: 1 · reach: 60" in page
    assert opened(mina.get("/posts?tab=review&hashtag=tag2").text) == ["s-2"], "filters reach all"


def test_two_posts_are_no_campaign_in_the_queue(mina: Visitor, parts: Parts) -> None:
    for name in ("a", "b"):
        add_one(parts, name, 0)
    place_waiting(parts)
    assert opened(mina.get("/posts?tab=review").text) == ["a", "b"]
    assert "No picture is in that many posts." in mina.get("/campaigns").text


@pytest.mark.usefixtures("spam")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("One picture in 4 posts", "#카페")), ("ko", ("게시물 4개에 나온 사진 하나", "#카페"))],
)
def test_a_campaigns_page_tells_posts_authors_hashtags_and_hours(
    signed_in: NewVisitor, language: str, words: tuple[str, str]
) -> None:
    visitor = signed_in(language=language)
    assert 'href="/campaigns/1"' in visitor.get("/campaigns?order=newest").text
    page = visitor.get("/campaigns/1").text
    assert all(word in page for word in words)
    assert opened(page) == ["s-3", "s-2", "s-1", "s-0"]
    assert "<bdi>u-2</bdi>" in page
    assert "<meter" in page


@pytest.mark.parametrize("path", ["/campaigns/99", "/campaigns/99/settle"])
def test_a_campaign_that_is_gone_is_not_found(mina: Visitor, path: str) -> None:
    assert mina.get(path).status_code == 404


def test_the_preview_says_what_each_gets_and_one_undo_takes_it_back(
    mina: Visitor, parts: Parts, spam: list[int]
) -> None:
    page = mina.get("/campaigns/1/settle?all=relevant").text
    assert "Posts that take the answer: 4" in page
    before = decisions(parts)
    fields = {"tag:카페": "relevant", "until": str(spam[2])}
    answer = mina.send("/campaigns/1/settle", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns/1")
    after = decisions(parts)
    assert [after[f"s-{n}"][1] for n in range(4)] == ["moderator"] * 3 + ["model"], (
        "what came after the preview waits"
    )
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Review.batch.distinct()))) == 1
        review = session.scalars(select(Review.id)).first()
    assert "3 posts settled." in mina.get("/campaigns/1").text
    mina.send(f"/reviews/{review}/undo", {})
    assert decisions(parts) == before


def test_each_review_of_a_campaign_carries_why_it_was_settled(
    mina: Visitor, parts: Parts, spam: list[int]
) -> None:
    why = {"reason": "misleading_text", "note": "one seller"}
    fields = {"tag:카페": "irrelevant", "until": str(spam[-1])}
    too_long = mina.send("/campaigns/1/settle", fields | {"note": "x" * (LONGEST_NOTE + 1)})
    assert (too_long.status_code, "The note is too long" in too_long.text) == (422, True)
    mina.send("/campaigns/1/settle", fields | why)
    with parts.sessions() as session:
        kept = session.execute(select(Review.reason, Review.note)).all()
    assert [tuple(row) for row in kept] == [("misleading_text", "one seller")] * 4


def test_a_post_that_somebody_holds_is_left_out_and_told(
    mina: Visitor, signed_in: NewVisitor, parts: Parts, spam: list[int]
) -> None:
    ada = signed_in("ada")
    with parts.sessions() as session:
        case = session.scalars(select(Case.id).where(Case.post_id == spam[0])).one()
    assert ada.get(f"/cases/{case}").status_code == 200
    page = mina.get("/campaigns/1/settle?tag:카페=irrelevant").text
    assert "Posts that take the answer: 3" in page
    assert "ada is looking at it" in page


@pytest.mark.parametrize(
    "fields", [{}, {"until": "9"}, {"tag:카페": "relevant"}, {"tag:카페": "maybe", "until": "9"}]
)
def test_what_was_not_previewed_or_answered_gets_a_sentence(
    mina: Visitor, parts: Parts, spam: list[int], fields: dict[str, str]
) -> None:
    before = decisions(parts)
    answer = mina.send("/campaigns/1/settle", fields)
    assert answer.status_code == 422
    assert "Answer at least one hashtag, and look at the preview first." in answer.text
    assert decisions(parts) == before


def test_a_large_campaign_is_settled_in_parts(
    mina: Visitor, parts: Parts, spam: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST", 2)
    assert "Posts that take the answer: 2" in mina.get("/campaigns/1/settle?all=irrelevant").text
    mina.send("/campaigns/1/settle", {"tag:카페": "irrelevant", "until": str(spam[-1])})
    assert "Posts that take the answer: 2" in mina.get("/campaigns/1/settle?all=irrelevant").text


def test_an_analyst_sees_campaigns_and_settles_none(signed_in: NewVisitor, spam: list[int]) -> None:
    analyst = signed_in("ana", "analyst")
    assert "Settle all" not in analyst.get("/campaigns/1").text
    assert analyst.get("/campaigns/1/settle").status_code == 403


def test_a_posts_page_tells_of_its_campaign(mina: Visitor, parts: Parts, spam: list[int]) -> None:
    page = mina.get(f"/posts/{spam[1]}/beside").text
    assert "posts: 4 · authors: 3" in page
    with parts.sessions() as session:
        assert session.scalars(select(Campaign.id)).all() == [1]
