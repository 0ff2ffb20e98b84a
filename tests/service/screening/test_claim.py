"""A post is one worker's while that worker lives, and another's when it died."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.parts import Parts
from service.screening.claim import (
    Claim,
    alive,
    claim_fresh,
    claim_one,
    claim_waiting,
    free,
    hold,
    may_wait,
    release,
)
from service.tables import Post
from tests.service.screening.conftest import Add, state

Jpeg = Callable[..., bytes]
LEASE = timedelta(seconds=30)


@pytest.fixture
def ids(add: Add, jpeg: Jpeg) -> list[int]:
    return [add(jpeg()) for _ in range(6)]


def take(parts: Parts, claim: Claim, ids: list[int]) -> list[int]:
    with parts.sessions.begin() as session:
        return claim_fresh(session, claim, ids)


def end_leases(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        past = func.clock_timestamp() - timedelta(seconds=1)
        session.execute(
            update(Post).where(Post.claimed_until.is_not(None)).values(claimed_until=past)
        )


def test_only_the_posts_that_were_asked_for_are_claimed(parts: Parts, ids: list[int]) -> None:
    assert take(parts, Claim(LEASE), ids[:2]) == ids[:2]
    assert take(parts, Claim(LEASE), ids) == ids[2:]


def test_those_that_wait_longest_are_claimed_untold_but_for_what_failed(
    parts: Parts, ids: list[int]
) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Post).where(Post.id == ids[1]).values(attempts=1))
        assert claim_waiting(session, Claim(LEASE), 2) == [ids[0], ids[2]]
        assert claim_waiting(session, Claim(LEASE), 9) == ids[3:]


def test_many_workers_share_posts_without_a_post_in_two_hands(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    ids = [add(jpeg()) for _ in range(40)]
    with ThreadPoolExecutor(8) as workers:
        taken = list(workers.map(lambda _: take(parts, Claim(LEASE), ids), range(8)))
    assert sorted(post_id for some in taken for post_id in some) == ids


def test_of_the_workers_at_slow_posts_the_first_may_wait(parts: Parts, ids: list[int]) -> None:
    first, second, third = Claim(LEASE), Claim(LEASE), Claim(LEASE)
    for claim, number in ((first, 0), (second, 1), (third, 2)):
        take(parts, claim, [ids[number]])
    take(parts, first, [ids[3]])  # what it began with counts

    def those_that_may(most: int) -> list[bool]:
        with parts.sessions() as session:
            return [may_wait(session, claim, most) for claim in (first, second, third)]

    assert those_that_may(1) == [True, False, False]
    assert those_that_may(2) == [True, True, False]
    with parts.sessions.begin() as session:
        release(session, first, [ids[0], ids[3]])
    assert those_that_may(1)[1:] == [True, False]
    end_leases(parts)  # of those that died nobody takes notice
    assert those_that_may(1) == [True, True, True]


def test_what_was_given_back_is_claimed_after_what_was_not_tried(
    parts: Parts, ids: list[int]
) -> None:
    claim = Claim(LEASE)
    take(parts, claim, [ids[0]])
    with parts.sessions.begin() as session:
        release(session, claim, [ids[0]])
        assert claim_waiting(session, claim, 5) == ids[1:]


def test_what_rests_is_claimed_by_whoever_is_told_of_it(parts: Parts, ids: list[int]) -> None:
    """Posts of slow servers would else delay the posts of each batch."""
    claim = Claim(LEASE)
    take(parts, claim, [ids[0]])
    with parts.sessions.begin() as session:
        release(session, claim, [ids[0]], rest=timedelta(minutes=1))
        assert claim_waiting(session, claim, len(ids)) == ids[1:]
        assert claim_fresh(session, claim, ids) == [ids[0]]


def test_a_claim_holds_no_transaction(parts: Parts, ids: list[int]) -> None:
    """Whoever supersedes or deletes a post does not wait for the worker that is at it."""
    take(parts, Claim(LEASE), ids)
    with parts.sessions.begin() as session:
        rows = session.scalars(select(Post.id).with_for_update(nowait=True)).all()
    assert sorted(rows) == ids


def test_a_lease_that_ran_out_is_taken_over_and_counted(parts: Parts, ids: list[int]) -> None:
    first, second = Claim(LEASE), Claim(LEASE)
    take(parts, first, ids[:1])
    with parts.sessions.begin() as session:
        assert not claim_one(session, second, ids[0])
    end_leases(parts)
    with parts.sessions.begin() as session:
        assert claim_fresh(session, second, ids[:1]) == [], "it is tried alone"
        assert free(session, ids[:1]) == ids[:1]
        assert claim_one(session, second, ids[0])
        assert hold(session, first, ids[:1]) == [], "the first one's work counts no more"
        assert [post.id for post in hold(session, second, ids[:1])] == ids[:1]
    assert state(parts, ids[0]) == ("pending", None, 1)


def test_a_lease_that_the_database_could_not_renew_is_not_counted(
    parts: Parts, ids: list[int]
) -> None:
    """The claim is older than the server: it was away, and nobody is known to have died."""
    take(parts, Claim(LEASE), ids[:1])
    with parts.sessions.begin() as session:
        before_start = func.pg_postmaster_start_time() - timedelta(seconds=5)
        session.execute(update(Post).where(Post.id == ids[0]).values(claimed_at=before_start))
    end_leases(parts)
    with parts.sessions.begin() as session:
        assert claim_one(session, Claim(LEASE), ids[0])
    assert state(parts, ids[0]) == ("pending", None, 0)


def test_what_is_given_back_can_be_claimed_at_once(parts: Parts, ids: list[int]) -> None:
    claim = Claim(LEASE)
    take(parts, claim, ids)
    with parts.sessions.begin() as session:
        release(session, Claim(LEASE), ids)
    assert take(parts, Claim(LEASE), ids) == [], "nobody gives back what is another's"
    with parts.sessions.begin() as session:
        release(session, claim, ids[:3])
        release(session, claim, ids[3:], failures=1)
    assert take(parts, Claim(LEASE), ids) == ids[:3]
    assert [state(parts, one)[2] for one in ids] == [0, 0, 0, 1, 1, 1]


def test_leases_are_renewed_while_the_process_lives(parts: Parts, ids: list[int]) -> None:
    claim = Claim(timedelta(seconds=0.3))
    take(parts, claim, ids)
    with alive(parts.sessions, claim), parts.sessions() as session:
        for _ in range(10):
            session.execute(select(func.pg_sleep(0.1)))
            session.rollback()
            assert free(session, ids) == []
    with parts.sessions() as session:
        session.execute(select(func.pg_sleep(0.4)))
    with parts.sessions() as session:
        assert free(session, ids) == ids
