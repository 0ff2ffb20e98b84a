"""Neighbours vote on the hashtags of a new post that no rule covers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PIL import Image as Pictures
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from rules import replay
from service.backtest.batch_judge import BatchJudge
from service.backtest.stored import chosen
from service.likeness.index import index_name
from service.parts import Parts
from service.posts.delete import delete_post
from service.screening.batch import screen
from service.tables import Base, Image, Poll, Post, Vote
from service.votes.cast import KEPT
from tests.service.conftest import Variant, shadowed, watch_beside
from tests.service.screening.conftest import change
from tests.service.votes.conftest import AddNear, Usual

New = Callable[..., Post]

SEEN = {"sunset": "unverifiable"}
OTHER = {"일상": "unverifiable"}
VOTERS = 14


@pytest.fixture
def new(parts: Parts, colour: tuple[int, int, int]) -> New:
    """``new("sunset", …, **settings) -> post``: one by author ``u-new`` that was just screened."""

    def make(*tags: str, **settings: object) -> Post:
        file = io.BytesIO()
        Pictures.new("RGB", (320, 240), colour).save(file, "PNG")
        with parts.sessions.begin() as session:
            post = Post(
                external_id="p-new",
                revision=1,
                author_id="u-new",
                caption="",
                hashtags=list(tags or SEEN),
                posted_at=datetime(2026, 11, 20, tzinfo=UTC),
            )
            post.images = [Image(position=0, source_bytes=file.getvalue())]
            session.add(post)
            session.flush()
            row = post.id
        screen(change(parts, **settings), [row])
        with parts.sessions() as session:
            return session.get_one(Post, row, options=[selectinload(Post.verdicts)])

    return make


@pytest.fixture
def crowd(add_near: AddNear) -> Callable[..., None]:
    """``crowd({"sunset": "unverifiable"}, …)``: as many authors' posts that look like the new."""

    def make(*each: dict[str, str]) -> None:
        for number in range(VOTERS):
            add_near(f"p-{number}", each[number % len(each)], seed=number)

    return make


def count(parts: Parts, table: type[Base]) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_votes_against_a_hashtag_send_the_post_to_a_person(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset")
    crowd(OTHER)
    post = new("sunset", "일상")
    sunset, daily = post.verdicts
    assert (post.decision, sunset.verdict, daily.verdict) == ("review", "uncertain", "unverifiable")
    assert sunset.reason["code"] == "votes_against"
    assert sunset.reason["en"].startswith(f"Of the {VOTERS} posts by other authors")
    assert sunset.reason["ko"].endswith("사람이 확인해야 해요.")
    votes = sunset.trace["votes"]
    assert (votes["says"], votes["voters"], votes["carrying"]) == (False, VOTERS, 0)
    assert (votes["share"], votes["low"], votes["high"]) == (0, 0, pytest.approx(0.215, abs=1e-3))
    assert "votes" not in daily.trace
    assert replay(sunset.trace) == "uncertain"
    assert (count(parts, Poll), count(parts, Vote)) == (1, KEPT)


def test_they_decide_once_an_analyst_allowed_it(
    new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset", decides=True)
    crowd(OTHER)
    post = new()
    assert (post.decision, post.verdicts[0].verdict) == ("flag", "irrelevant")


def test_they_count_for_rules_in_shadow(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual, variant: Variant
) -> None:
    watch_beside(parts, variant)
    usual("sunset", decides=True)
    crowd(OTHER)
    new("sunset", "일상")
    assert shadowed(parts) == [("irrelevant", "irrelevant"), ("unverifiable", "unverifiable")]


@pytest.mark.parametrize(("decides", "verdict"), [(False, "unverifiable"), (True, "relevant")])
def test_votes_for_a_hashtag_let_it_pass(
    new: New, crowd: Callable[..., None], usual: Usual, decides: bool, verdict: str
) -> None:
    usual("sunset", decides=decides)
    crowd(SEEN)
    post = new()
    assert (post.decision, post.verdicts[0].verdict) == ("pass", verdict)
    assert post.verdicts[0].trace["votes"]["says"] is True


def test_where_votes_do_not_tell_the_verdict_stays(
    new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset", decides=True)
    crowd(SEEN, OTHER, OTHER, OTHER)
    post = new()
    assert (post.decision, post.verdicts[0].verdict) == ("pass", "unverifiable")
    assert post.verdicts[0].reason["code"] == "not_covered"


def test_hashtags_that_a_rule_covers_or_nothing_shows_are_not_voted_on(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    for tag in ("카페", "일상"):
        usual(tag, decides=True)
    crowd(SEEN)
    assert all("votes" not in verdict.trace for verdict in new("카페", "일상").verdicts)
    assert count(parts, Poll) == 0


def test_an_author_has_one_vote_and_none_on_their_own_posts(
    new: New, crowd: Callable[..., None], add_near: AddNear, usual: Usual
) -> None:
    usual("sunset")
    crowd(OTHER)
    for number in range(5):
        add_near(f"own-{number}", SEEN, 25, 100 + number, author_id="u-new")
        add_near(f"many-{number}", SEEN, 25, 200 + number, author_id="u-many")
    votes = new().verdicts[0].trace["votes"]
    assert (votes["voters"], votes["carrying"]) == (VOTERS + 1, 1)


def test_what_waits_for_a_person_and_the_same_picture_have_no_vote(
    new: New, crowd: Callable[..., None], add_near: AddNear, usual: Usual
) -> None:
    usual("sunset")
    crowd(OTHER)
    add_near("flagged", SEEN | {"카페": "irrelevant"}, 25, 1)
    add_near("copy", SEEN, 3, 2)
    add_near("gone", SEEN, 25, 3, state="deleted")
    assert new().verdicts[0].trace["votes"]["carrying"] == 0


def test_what_a_person_called_irrelevant_does_not_carry_the_hashtag(
    new: New, crowd: Callable[..., None], usual: Usual, add_near: AddNear
) -> None:
    usual("sunset")
    crowd(OTHER)
    add_near("settled", {"sunset": "irrelevant"}, 25, 1, decided_by="moderator")
    add_near("right", {"sunset": "relevant"}, 25, 2, decided_by="moderator")
    votes = new().verdicts[0].trace["votes"]
    assert (votes["voters"], votes["carrying"]) == (VOTERS + 2, 1)
    # Settled posts weigh twice what passed ones do.
    assert votes["share"] == pytest.approx(1 / (VOTERS / 2 + 2), abs=1e-4)


@pytest.mark.parametrize("settings", [{"vote_neighbours": 0}, {"vote_neighbours": 9}])
def test_nobody_is_asked_or_too_few(
    new: New, crowd: Callable[..., None], usual: Usual, settings: dict[str, int]
) -> None:
    usual("sunset", decides=True)
    crowd(OTHER)
    assert new(**settings).decision == "pass"


def test_without_an_index_a_post_is_decided_without_votes(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset", decides=True)
    crowd(OTHER)
    name = index_name(parts.screener.current().bundle.embedding_id)
    with parts.sessions.begin() as session:
        session.connection().exec_driver_sql(f'DROP INDEX "{name}"')
    assert new().decision == "pass"


def test_rules_that_are_asked_again_leave_votes_as_they_were(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset")
    crowd(OTHER)
    row = new("sunset", "일상").id
    with parts.sessions() as session:
        posts = chosen(session, [row])
    assert BatchJudge(parts.screener.current().ruleset).verdicts(posts) == [
        ["uncertain", "unverifiable"]
    ]


def test_a_deleted_post_takes_its_votes_along(
    parts: Parts, new: New, crowd: Callable[..., None], usual: Usual
) -> None:
    usual("sunset")
    crowd(OTHER)
    new()
    with parts.sessions() as session:
        named = session.scalars(select(Vote.post_id)).all()
        voter = session.get_one(Post, named[0]).external_id
    with parts.sessions.begin() as session:
        delete_post(session, voter)
    with parts.sessions() as session:
        assert set(session.scalars(select(Vote.post_id))) == set(named[1:])
    with parts.sessions.begin() as session:
        delete_post(session, "p-new")
    assert (count(parts, Poll), count(parts, Vote)) == (0, 0)
