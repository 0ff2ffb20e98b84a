"""Every kind of decision can be taken back."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.cases import open_case, take, take_next
from service.parts import Parts
from service.reviews.state import state_of
from service.settlement import UndoError, answer, undo
from service.tables import AuditEntry, Case, Delivery, Post, Review, User
from tests.service.cases.conftest import LEASE, case_of
from tests.service.console.rows import add_post

ANSWERS = ("relevant", "irrelevant", "unverifiable")


def _answer(
    parts: Parts,
    session: Session,
    row: int,
    user: User,
    given: str,
    kind: str = "review",
    batch: uuid.UUID | None = None,
) -> Review:
    case = case_of(session, row, kind)
    take(session, [case.id], user.id, LEASE)
    review = answer(session, case, user, {"a": given}, parts.config, batch=batch)
    session.commit()
    return review


def _deliveries(session: Session) -> list[tuple[str, str]]:
    """The state of each callback and the decision it tells."""
    session.expire_all()
    rows = session.scalars(select(Delivery).order_by(Delivery.created_at)).all()
    return [(row.state, row.body["data"]["decision"]) for row in rows]


@pytest.mark.parametrize("gone_out", [False, True], ids=["held", "gone out"])
@pytest.mark.parametrize(
    ("kind", "stood", "given"),
    [
        *itertools.product(["review"], ["irrelevant", "uncertain"], ANSWERS),
        *itertools.product(["spot_check", "appeal", "third"], ["relevant", "irrelevant"], ANSWERS),
    ],
)
def test_a_post_is_what_it_was(
    told: Parts, session: Session, mina: User, kind: str, stood: str, given: str, gone_out: bool
) -> None:
    row = add_post(told, "p-1", {"a": stood, "b": "relevant"})
    post = session.get_one(Post, row)
    if kind != "review":
        open_case(session, post, kind, 1.0)
    before = state_of(post)
    review = _answer(told, session, row, mina, given, kind)
    told_decision = post.decision
    if gone_out:
        sent = update(Delivery).values(state="delivered", attempts=1)
        session.execute(sent)
        session.commit()
    undo(session, review, mina, told.config)
    session.commit()
    assert state_of(session.get_one(Post, row)) == before
    if gone_out:
        assert _deliveries(session) == [
            ("delivered", told_decision),
            ("pending", before["decision"]),
        ]
    else:
        assert _deliveries(session) == [("withdrawn", told_decision)]


@pytest.mark.parametrize("kind", ["double", "control"])
def test_what_changed_nothing_is_taken_back_without_a_callback(
    told: Parts, session: Session, mina: User, kind: str
) -> None:
    row = add_post(told, "p-1", {"a": "relevant"})
    open_case(session, session.get_one(Post, row), kind, 1.0)
    review = _answer(told, session, row, mina, "irrelevant", kind)
    undo(session, review, mina, told.config)
    assert review.undone_at is not None
    assert _deliveries(session) == []


def test_a_callback_that_is_on_its_way_is_followed_by_another_that_comes_after_it(
    told: Parts, session: Session, mina: User
) -> None:
    review = _answer(told, session, add_post(told, "p-1", {"a": "irrelevant"}), mina, "relevant")
    session.execute(update(Delivery).values(attempts=1))
    session.commit()
    undo(session, review, mina, told.config)
    session.commit()
    assert _deliveries(session) == [("withdrawn", "pass"), ("pending", "flag")]
    later = session.scalars(select(Delivery).where(Delivery.state == "pending")).one()
    assert later.next_attempt_at - later.created_at >= timedelta(
        seconds=told.config.callback_seconds
    )


def test_the_case_is_open_again_and_the_persons_who_undid(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    review = _answer(parts, session, row, mina, "relevant")
    assert take_next(session, mina.id, LEASE) is None
    undo(session, review, mina, parts.config)
    session.commit()
    assert take_next(session, ada.id, LEASE) is None
    found = take_next(session, mina.id, LEASE)
    assert found is not None
    assert found.post_id == row


def test_cases_that_the_answer_made_necessary_are_closed(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    review = _answer(parts, session, row, mina, "relevant")
    post = session.get_one(Post, row)
    open_case(session, post, "double", 1.0, not_for=[mina.id], review_id=review.id)
    session.commit()
    undo(session, review, mina, parts.config)
    session.commit()
    assert case_of(session, row, "double").closed_at is not None
    assert take_next(session, ada.id, LEASE) is None  # mina holds the review


def test_a_batch_is_undone_as_one(told: Parts, session: Session, mina: User) -> None:
    rows = [add_post(told, f"p-{number}", {"a": "irrelevant"}) for number in range(12)]
    batch = uuid.uuid4()
    reviews = [_answer(told, session, row, mina, "relevant", batch=batch) for row in rows]
    undone = undo(session, reviews[7], mina, told.config)
    session.commit()
    assert undone == reviews
    assert set(_deliveries(session)) == {("withdrawn", "pass")}
    assert set(session.scalars(select(Post.decided_by))) == {"model"}


def test_an_answer_can_be_given_undone_and_given_again(
    parts: Parts, session: Session, mina: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    for given in ("relevant", "unverifiable"):
        undo(session, _answer(parts, session, row, mina, given), mina, parts.config)
    _answer(parts, session, row, mina, "irrelevant")
    post = session.get_one(Post, row)
    assert (post.decision, post.decided_by) == ("flag", "moderator")
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [a for a in actions if a.startswith("post.")] == [
        *("post.settled", "post.undone") * 2,
        "post.settled",
    ]


def test_a_later_answer_is_undone_before_an_earlier_one(
    parts: Parts, session: Session, mina: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    first = _answer(parts, session, row, mina, "relevant")
    open_case(session, session.get_one(Post, row), "third", 1.0)
    second = _answer(parts, session, row, mina, "unverifiable", "third")
    with pytest.raises(UndoError, match="settled again since"):
        undo(session, first, mina, parts.config)
    session.rollback()
    undo(session, second, mina, parts.config)
    undo(session, first, mina, parts.config)
    assert session.get_one(Post, row).decided_by == "model"


def test_nobody_undoes_for_another_or_twice_or_what_was_replaced(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    review = _answer(parts, session, row, mina, "relevant")
    with pytest.raises(UndoError, match="Only whoever gave an answer"):
        undo(session, review, ada, parts.config)
    undo(session, review, mina, parts.config)
    with pytest.raises(UndoError, match="taken back already"):
        undo(session, review, mina, parts.config)
    session.commit()
    review = _answer(parts, session, row, mina, "relevant")
    session.execute(update(Post).where(Post.id == row).values(state="superseded"))
    session.commit()
    with pytest.raises(UndoError, match="superseded by now"):
        undo(session, review, mina, parts.config)
    session.rollback()
    assert session.get_one(Case, review.case_id).closed_at is not None
