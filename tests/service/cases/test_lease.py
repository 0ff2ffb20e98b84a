"""A case is one moderator's, until the lease is over."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.accounts import create
from service.cases import (
    PostFilter,
    open_case,
    release,
    renew,
    take,
    take_next,
)
from service.parts import Parts
from service.settlement import LeaseLostError, answer
from service.tables import Case, Post, Review, User
from tests.service.cases.conftest import LEASE, case_of
from tests.service.console.rows import add_post

MODERATORS, POSTS = 20, 200
CONNECTIONS = 16  # that a process has; on a busy machine some would wait for one longer than it may


def _add(parts: Parts, name: str, *, priority: float = 1.0, **changes: Any) -> int:
    row = add_post(parts, name, {"카페": "irrelevant"}, **changes)
    with parts.sessions.begin() as session:
        session.execute(update(Case).where(Case.post_id == row).values(priority=priority))
    return row


def _order(session: Session, user: User) -> Sequence[int]:
    """The posts in the order in which a person gets them."""
    seen: list[Case] = []
    while True:
        found = take_next(session, user.id, LEASE, besides=[case.id for case in seen])
        if found is None:
            return [case.post_id for case in seen]
        seen.append(found)


def test_what_is_most_at_stake_comes_first_and_the_oldest_of_equals(
    parts: Parts, session: Session, mina: User
) -> None:
    first, small, last, large = (
        _add(parts, "p-1", priority=5),
        _add(parts, "p-2", priority=0.2),
        _add(parts, "p-3", priority=5),
        _add(parts, "p-4", priority=1200),
    )
    assert _order(session, mina) == [large, first, last, small]


def test_nobody_gets_what_another_holds(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    rows = [_add(parts, "p-1"), _add(parts, "p-2")]
    one, other = take_next(session, mina.id, LEASE), take_next(session, ada.id, LEASE)
    assert one is not None
    assert other is not None
    assert [one.post_id, other.post_id] == rows
    assert take(session, [one.id], ada.id, LEASE) == []


def test_what_a_person_holds_comes_before_what_is_new(
    parts: Parts, session: Session, mina: User
) -> None:
    held = _add(parts, "p-1", priority=1)
    assert _order(session, mina) == [held]
    _add(parts, "p-2", priority=99)
    found = take_next(session, mina.id, LEASE)
    assert found is not None
    assert found.post_id == held


def test_a_lease_that_is_over_leaves_the_case_to_the_next(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    row = _add(parts, "p-1")
    assert take_next(session, mina.id, timedelta(0)) is not None
    session.commit()
    found = take_next(session, ada.id, LEASE)
    assert found is not None
    assert (found.post_id, found.holder_id) == (row, ada.id)


def test_a_heartbeat_holds_on_to_what_is_still_held_only(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    _add(parts, "p-1")
    _add(parts, "p-2")
    one = take_next(session, mina.id, LEASE)
    other = take_next(session, ada.id, LEASE)
    assert one is not None
    assert other is not None
    session.commit()
    assert renew(session, [one.id, other.id], mina.id, 2 * LEASE) == [one.id]
    session.execute(update(Case).where(Case.id == one.id).values(leased_until=func.now()))
    session.commit()
    assert renew(session, [one.id], mina.id, LEASE) == []


def test_what_was_skipped_comes_last_for_whoever_skipped_it(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    rows = [_add(parts, "p-1", priority=9), _add(parts, "p-2"), _add(parts, "p-3")]
    for _ in range(2):
        case = take_next(session, mina.id, LEASE)
        assert case is not None
        release(session, [case.id], mina.id, skip=True)
    session.commit()
    assert _order(session, mina) == [rows[2], rows[0], rows[1]]
    session.rollback()
    assert _order(session, ada) == rows


def test_a_case_for_one_person_or_not_for_another(
    parts: Parts, session: Session, mina: User, ada: User
) -> None:
    post = session.get_one(Post, add_post(parts, "p-1", {"카페": "relevant"}))
    mine = open_case(session, post, "control", 1.0, for_id=mina.id)
    others = open_case(session, post, "double", 1.0, not_for=[mina.id])
    found = [take_next(session, user.id, LEASE) for user in (mina, ada)]
    assert found == [mine, others]
    assert take(session, [others.id], mina.id, LEASE) == []


def test_a_filter_narrows_the_queue(parts: Parts, session: Session, mina: User) -> None:
    add_post(parts, "p-1", {"카페": "uncertain"}, author_id="u-1")
    row = add_post(parts, "p-2", {"바다": "irrelevant"}, author_id="u-2")
    for wanted in (
        PostFilter(hashtag="바다"),
        PostFilter(author="u-2"),
        PostFilter(decision="flag"),
        PostFilter(category="cafe", hashtag="바다", kind="review"),
    ):
        found = take_next(session, mina.id, LEASE, wanted)
        assert found is not None
        assert found.post_id == row
    for wanted in (PostFilter(category="sea"), PostFilter(older_than=timedelta(hours=1))):
        assert take_next(session, mina.id, LEASE, wanted) is None


def test_a_post_that_was_replaced_is_nobodys(parts: Parts, session: Session, mina: User) -> None:
    row = _add(parts, "p-1")
    session.execute(update(Post).where(Post.id == row).values(state="superseded"))
    assert take_next(session, mina.id, LEASE) is None


@pytest.mark.slow  # a race
def test_many_moderators_with_random_stalls_settle_each_post_once(parts: Parts) -> None:
    """Some stall past their lease: what they held goes to others, and their answer is a draft.

    ``python -m benchmarks.moderators`` does the same over HTTP with five times the posts.
    """
    rows = [add_post(parts, f"p-{number}", {"카페": "irrelevant"}) for number in range(POSTS)]
    with parts.sessions.begin() as session:
        users = [create(session, f"m-{number}")[0].id for number in range(MODERATORS)]
    late = Counter[int]()
    all_have_one = threading.Barrier(MODERATORS)
    turn = threading.BoundedSemaphore(CONNECTIONS)

    def moderate(user_id: int) -> None:
        chance = random.Random(user_id)  # noqa: S311  # stalls, not secrets
        taken = 0
        while True:
            with turn, parts.sessions.begin() as session:
                found = take_next(session, user_id, LEASE)
                case_id = found.id if found else None
            if case_id is None:
                with turn:
                    left = _left(parts)
                if left == 0:
                    return
                time.sleep(0.05)  # what others stalled on comes back
                continue
            taken += 1
            if taken == 1:
                all_have_one.wait(60)
            if taken == 2 or chance.random() < 0.02:
                with turn:
                    _let_the_lease_end(parts, case_id)
            with turn, parts.sessions.begin() as session:
                case, user = session.get_one(Case, case_id), session.get_one(User, user_id)
                try:
                    answer(session, case, user, {"카페": "relevant"}, parts.config)
                except LeaseLostError:
                    late[user_id] += 1

    threads = [threading.Thread(target=moderate, args=[user_id]) for user_id in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    with parts.sessions() as session:
        settled = Counter(session.scalars(select(Review.post_id)))
        assert settled == Counter(rows)
        assert session.scalars(select(Case).where(Case.closed_at.is_(None))).all() == []
        busy = session.scalar(select(func.count(func.distinct(Review.user_id))))
    assert late, "nobody stalled, so this showed nothing"
    assert busy == MODERATORS


def _let_the_lease_end(parts: Parts, case_id: int) -> None:
    with parts.sessions.begin() as session:
        over = func.now() - timedelta(seconds=1)
        session.execute(update(Case).where(Case.id == case_id).values(leased_until=over))


def _left(parts: Parts) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).where(Case.closed_at.is_(None))) or 0


def test_the_time_to_an_answer_counts_from_taking_the_case(
    parts: Parts, session: Session, mina: User
) -> None:
    row = _add(parts, "p-1")
    take_next(session, mina.id, LEASE)
    session.commit()
    review = answer(session, case_of(session, row), mina, {}, parts.config)
    assert review.seconds is not None
    assert 0 <= review.seconds < 60
