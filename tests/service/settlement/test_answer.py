"""An answer settles the post, and the platform hears of it a while later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.cases import open_case, take
from service.cases.draft import kept
from service.cases.hand_over import hand_over
from service.cases.last import last_answer
from service.database import time_of
from service.outbox.deliver import deliver
from service.parts import Parts
from service.reviews import SettleError
from service.settlement import LeaseLostError, answer, correct, undo
from service.tables import AuditEntry, Case, Delivery, Post, Review, User
from tests.service.cases.conftest import LEASE, case_of
from tests.service.console.rows import add_post


def _answer(
    parts: Parts, session: Session, row: int, user: User, kind: str = "review", **answers: str
) -> Review:
    case = case_of(session, row, kind)
    take(session, [case.id], user.id, LEASE)
    session.commit()
    return answer(session, case, user, answers, parts.config)


@pytest.mark.parametrize(
    ("verdicts", "answers", "decision"),
    [
        ({"a": "irrelevant"}, {"a": "irrelevant"}, "flag"),
        ({"a": "irrelevant"}, {"a": "relevant"}, "pass"),
        ({"a": "irrelevant"}, {"a": "unverifiable"}, "pass"),
        ({"a": "uncertain", "b": "relevant"}, {"a": "irrelevant"}, "flag"),
        ({"a": "uncertain", "b": "irrelevant"}, {"a": "relevant"}, "flag"),
        ({"a": "uncertain", "b": "irrelevant"}, {"a": "relevant", "b": "relevant"}, "pass"),
    ],
)
def test_answers_replace_verdicts_and_the_decision_follows(
    parts: Parts,
    session: Session,
    mina: User,
    verdicts: dict[str, str],
    answers: dict[str, str],
    decision: str,
) -> None:
    row = add_post(parts, "p-1", verdicts)
    _answer(parts, session, row, mina, **answers)
    post = session.get_one(Post, row)
    assert (post.decision, post.decided_by) == (decision, "moderator")
    assert {v.tag: v.verdict for v in post.verdicts} == verdicts | answers
    assert {v.tag: v.model_verdict for v in post.verdicts} == verdicts
    assert case_of(session, row).closed_at is not None


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_process_with_another_clock_answers_takes_back_and_hands_over(
    parts: Parts, session: Session, mina: User, ada: User, hours: int
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        review = _answer(parts, session, row, mina, a="relevant")
        session.commit()
        decided_at = session.get_one(Post, row).decided_at
        assert decided_at
        assert abs(time_of(session) - decided_at) < timedelta(hours=1)
        last = last_answer(session, mina.id, parts.config)
        assert last
        assert 0 < last.seconds_left <= parts.config.undo_seconds
        undo(session, review, mina, parts.config)
        session.commit()
        case = case_of(session, row)
        assert case.leased_until
        assert timedelta(0) < case.leased_until - time_of(session) <= parts.config.lease
        hand_over(session, case.id, mina, ada.id)
    assert case.handed_to_id == ada.id


def test_review_audit_entry_and_callback_are_written_together(
    told: Parts, session: Session, mina: User
) -> None:
    row = add_post(told, "p-1", {"a": "irrelevant", "b": "relevant"})
    review = _answer(told, session, row, mina, a="relevant")
    assert (review.user_id, review.answers) == (mina.id, {"a": "relevant", "b": "relevant"})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "post.settled")).one()
    assert (entry.actor, entry.subject) == ("mina", "post:p-1@1")
    assert entry.details["before"]["decision"] == "flag"
    assert entry.details["after"]["decision"] == "pass"
    body = session.get_one(Delivery, review.delivery_id).body["data"]
    assert (body["id"], body["decision"], body["decided_by"]) == ("p-1", "pass", "moderator")
    assert [tag["verdict"] for tag in body["hashtags"]] == ["relevant", "relevant"]


def test_the_callback_waits_as_long_as_the_answer_can_be_undone(
    told: Parts, session: Session, mina: User
) -> None:
    row = add_post(told, "p-1", {"a": "irrelevant"})
    review = _answer(told, session, row, mina)
    session.commit()
    deliver(told, review.delivery_id or pytest.fail("no callback"))  # not due, so it does nothing
    delivery = session.get_one(Delivery, review.delivery_id, populate_existing=True)
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    wait = delivery.next_attempt_at - datetime.now(UTC)
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)


def test_nothing_goes_out_where_the_platform_wants_no_callback(
    parts: Parts, session: Session, mina: User
) -> None:
    review = _answer(parts, session, add_post(parts, "p-1", {"a": "irrelevant"}), mina)
    assert review.delivery_id is None
    assert session.scalars(select(Delivery)).all() == []


def test_the_same_answer_sent_again_is_the_review_that_it_was(
    told: Parts, session: Session, mina: User
) -> None:
    """The reply to the first was lost on its way, so the browser sends the answer once more."""
    row = add_post(told, "p-1", {"a": "irrelevant", "b": "relevant"})
    first = _answer(told, session, row, mina, a="relevant", b="relevant")
    session.commit()
    case = case_of(session, row)
    again = answer(session, case, mina, {"a": "relevant", "b": "relevant"}, told.config)
    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert kept(session, case.id, mina.id) is None


def test_another_answer_to_a_closed_case_is_kept_as_a_draft(
    told: Parts, session: Session, mina: User
) -> None:
    row = add_post(told, "p-1", {"a": "irrelevant"})
    _answer(told, session, row, mina, a="relevant")
    session.commit()
    case = case_of(session, row)
    with pytest.raises(LeaseLostError):
        answer(session, case, mina, {"a": "irrelevant"}, told.config)
    draft = kept(session, case.id, mina.id)
    assert draft
    assert draft.answers == {"a": "irrelevant"}


@pytest.mark.parametrize("kind", ["double", "control"])
def test_a_second_look_and_a_control_change_nothing(
    told: Parts, session: Session, mina: User, ada: User, kind: str
) -> None:
    row = add_post(told, "p-1", {"a": "irrelevant"})
    _answer(told, session, row, mina, a="relevant")
    open_case(session, session.get_one(Post, row), kind, 1.0)
    second = _answer(told, session, row, ada, kind, a="irrelevant")
    post = session.get_one(Post, row)
    assert (second.kind, second.before, second.delivery_id) == (kind, None, None)
    assert (post.decision, post.verdicts[0].verdict) == ("pass", "relevant")


def test_a_blind_answer_falls_back_on_what_the_model_said(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    _answer(parts, session, row, mina, a="relevant")
    open_case(session, session.get_one(Post, row), "double", 1.0)
    assert _answer(parts, session, row, ada, "double").answers == {"a": "irrelevant"}


def test_an_appeal_is_decided_as_an_appeal(parts: Parts, session: Session, mina: User) -> None:
    row = add_post(parts, "p-1", {"a": "relevant"})
    open_case(session, session.get_one(Post, row), "appeal", 1.0)
    _answer(parts, session, row, mina, "appeal")
    assert session.get_one(Post, row).decided_by == "appeal"


def test_an_answer_after_the_lease_is_kept_as_a_draft(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    case = case_of(session, row)
    take(session, [case.id], mina.id, timedelta(0))
    session.commit()
    with pytest.raises(LeaseLostError):
        answer(session, case, mina, {"a": "relevant"}, parts.config)
    session.commit()
    draft = kept(session, case.id, mina.id)
    assert draft is not None
    assert draft.answers == {"a": "relevant"}
    assert kept(session, case.id, ada.id) is None
    assert session.get_one(Post, row).decided_by == "model"


def test_an_answer_to_a_case_that_another_answered_is_kept_as_a_draft(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    case = case_of(session, row)
    take(session, [case.id], mina.id, timedelta(0))
    session.commit()
    _answer(parts, session, row, ada, a="irrelevant")
    session.commit()
    with pytest.raises(LeaseLostError):
        answer(session, case, mina, {"a": "relevant"}, parts.config)
    session.commit()
    assert kept(session, case.id, mina.id) is not None
    assert session.scalar(select(func.count()).select_from(Review)) == 1


def test_a_draft_is_gone_once_its_case_is_answered(
    parts: Parts, session: Session, mina: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    case = case_of(session, row)
    with pytest.raises(LeaseLostError):
        answer(session, case, mina, {"a": "relevant"}, parts.config)
    session.commit()
    _answer(parts, session, row, mina, a="relevant")
    assert kept(session, case.id, mina.id) is None


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
    parts: Parts, session: Session, mina: User, answers: dict[str, str], says: str
) -> None:
    row = add_post(parts, "p-1", {"a": "uncertain", "b": "relevant"})
    with pytest.raises(SettleError, match=says):
        _answer(parts, session, row, mina, **answers)


def test_only_a_decided_post_can_be_settled(parts: Parts, session: Session, mina: User) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    case = case_of(session, row)
    take(session, [case.id], mina.id, LEASE)
    session.execute(update(Post).where(Post.id == row).values(state="superseded"))
    session.commit()
    with pytest.raises(SettleError, match="The post is superseded"):
        answer(session, case, mina, {}, parts.config)


def test_a_post_that_is_in_no_queue_can_be_answered_from_a_list(
    parts: Parts, session: Session, mina: User
) -> None:
    post = session.get_one(Post, add_post(parts, "p-1", {"a": "relevant"}))
    review = correct(session, post, mina, {"a": "irrelevant"}, parts.config)
    assert (post.decision, post.decided_by, review.kind) == ("flag", "moderator", "review")


def test_a_list_does_not_take_what_another_holds(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    take(session, [case_of(session, row).id], mina.id, LEASE)
    session.commit()
    with pytest.raises(LeaseLostError):
        correct(session, session.get_one(Post, row), ada, {"a": "relevant"}, parts.config)
    assert session.scalars(select(Case).where(Case.holder_id == ada.id)).all() == []
