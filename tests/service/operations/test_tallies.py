"""Counts of rows are kept by the rows' own transactions, and writers do not wait for each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select, update

from service.operations.tallies import fold, tally
from service.parts import Parts
from service.posts.delete import delete_post
from service.tables import Post, Tally
from tests.service.overview.rows import NOON, add_delivery, add_post


def test_what_changes_is_counted_by_the_transaction_that_changes_it(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        posts = [add_post(session, NOON, {"cafe": said}) for said in ("relevant", "irrelevant")]
        add_delivery(session, posts[0], "pending", NOON)
        assert tally(session, "posts") == {"decided pass": 1, "decided flag": 1}
        session.execute(update(Post).values(state="superseded"))
        assert tally(session, "posts") == {"superseded pass": 1, "superseded flag": 1}
        assert tally(session, "deliveries") == {"pending": 1}
        delete_post(session, posts[0].external_id)
        assert tally(session, "posts") == {"deleted ": 1, "superseded flag": 1}
        assert tally(session, "deliveries") == {}
        session.rollback()
    with parts.sessions() as session:
        assert tally(session, "posts") == {}


def test_adding_up_leaves_a_row_for_each_count(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        for _ in range(5):
            add_post(session, NOON)
    with parts.sessions.begin() as session:
        assert session.scalar(select(func.count(Tally.id))) == 5
        assert fold(session)
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Tally.id))) == 1
        assert tally(session, "posts") == {"decided pass": 5}


def test_two_batches_that_change_the_same_counts_in_any_order_do_not_wait(parts: Parts) -> None:
    """Each counts what the other holds: a circle, if they shared the rows."""
    with parts.sessions.begin() as one, parts.sessions.begin() as other:
        add_post(one, NOON, {"cafe": "relevant"})
        add_post(other, NOON, {"cafe": "irrelevant"})
        add_post(one, NOON, {"cafe": "irrelevant"})
        add_post(other, NOON, {"cafe": "relevant"})
    with parts.sessions() as session:
        assert tally(session, "posts") == {"decided pass": 2, "decided flag": 2}


def test_the_count_is_right_while_many_write_and_two_add_up(parts: Parts) -> None:
    done = threading.Event()

    def write(worker: int) -> None:
        for number in range(10):
            with parts.sessions.begin() as session:
                said = "relevant" if (number + worker) % 2 else "irrelevant"
                add_post(session, NOON, {"cafe": said})

    def add_up() -> None:
        while not done.is_set():
            with parts.sessions.begin() as session:
                fold(session)

    with ThreadPoolExecutor(8) as pool:
        folding = [pool.submit(add_up) for _ in range(2)]
        for writing in [pool.submit(write, worker) for worker in range(6)]:
            writing.result()
        done.set()
        for one in folding:
            one.result()
    with parts.sessions() as session:
        assert tally(session, "posts") == {"decided pass": 30, "decided flag": 30}
