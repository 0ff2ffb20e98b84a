from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts import create
from service.parts import Parts
from service.reviews import SettleError, settle
from service.tables import AuditEntry, Delivery, Post, Review, User
from tests.service.console.rows import add_post

URL = "https://platform.example/callback"


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    with parts.sessions() as session:
        yield session


@pytest.fixture
def user(session: Session) -> User:
    return create(session, "mina")[0]


def _post(parts: Parts, session: Session, **verdicts: str) -> Post:
    return session.get_one(Post, add_post(parts, "p-1", verdicts))


@pytest.mark.parametrize(
    ("verdicts", "answers", "decision"),
    [
        ({"a": "irrelevant"}, {"a": "irrelevant"}, "flag"),
        ({"a": "irrelevant"}, {"a": "relevant"}, "pass"),
        ({"a": "irrelevant"}, {"a": "unverifiable"}, "pass"),
        ({"a": "uncertain", "b": "relevant"}, {"a": "irrelevant"}, "flag"),
        ({"a": "uncertain", "b": "irrelevant"}, {"a": "relevant"}, "flag"),
        ({"a": "uncertain", "b": "irrelevant"}, {"a": "relevant", "b": "relevant"}, "pass"),
        ({"a": "relevant"}, {}, "pass"),
    ],
)
def test_answers_replace_verdicts_and_the_decision_follows(
    parts: Parts,
    session: Session,
    user: User,
    verdicts: dict[str, str],
    answers: dict[str, str],
    decision: str,
) -> None:
    post = _post(parts, session, **verdicts)
    settle(session, post, user, answers, callback_url=URL)
    assert (post.decision, post.decided_by) == (decision, "moderator")
    assert {v.tag: v.verdict for v in post.verdicts} == verdicts | answers


def test_what_the_model_said_is_kept_beside_the_answer(
    parts: Parts, session: Session, user: User
) -> None:
    post = _post(parts, session, a="irrelevant")
    settle(session, post, user, {"a": "relevant"}, callback_url=URL)
    assert (post.verdicts[0].model_verdict, post.verdicts[0].verdict) == ("irrelevant", "relevant")


def test_review_audit_entry_and_callback_are_written_together(
    parts: Parts, session: Session, user: User
) -> None:
    post = _post(parts, session, a="irrelevant", b="relevant")
    delivery = settle(session, post, user, {"a": "relevant"}, callback_url=URL)
    review = session.scalars(select(Review)).one()
    assert (review.user_id, review.answers) == (user.id, {"a": "relevant", "b": "relevant"})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "post.settled")).one()
    assert (entry.actor, entry.subject) == ("mina", "post:p-1@1")
    assert entry.details["before"]["decision"] == "flag"
    assert entry.details["after"]["decision"] == "pass"
    assert delivery is not None
    body = session.get_one(Delivery, delivery.id).body["data"]
    assert (body["id"], body["decision"], body["decided_by"]) == ("p-1", "pass", "moderator")
    assert [tag["verdict"] for tag in body["hashtags"]] == ["relevant", "relevant"]


def test_nothing_goes_out_where_the_platform_wants_no_callback(
    parts: Parts, session: Session, user: User
) -> None:
    post = _post(parts, session, a="irrelevant")
    assert settle(session, post, user, {}, callback_url="") is None
    assert session.scalars(select(Delivery)).all() == []


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "Every uncertain hashtag needs an answer"),
        ({"a": "uncertain"}, "'uncertain' is no answer to #a"),
        ({"a": "maybe"}, "'maybe' is no answer to #a"),
        ({"a": "relevant", "c": "relevant"}, "no hashtag #c"),
    ],
)
def test_an_answer_that_settles_nothing_is_refused(
    parts: Parts, session: Session, user: User, answers: dict[str, str], says: str
) -> None:
    post = _post(parts, session, a="uncertain", b="relevant")
    with pytest.raises(SettleError, match=says):
        settle(session, post, user, answers, callback_url=URL)


@pytest.mark.parametrize("state", ["pending", "superseded"])
def test_only_a_decided_post_can_be_settled(
    parts: Parts, session: Session, user: User, state: str
) -> None:
    post = session.get_one(Post, add_post(parts, "p-1", {"a": "irrelevant"}, state=state))
    with pytest.raises(SettleError, match=f"The post is {state}"):
        settle(session, post, user, {}, callback_url=URL)
