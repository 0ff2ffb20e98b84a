"""The callbacks of one post go out in order, one at a time, by the database's clock alone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import time_machine
from psycopg import Cursor
from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from service.outbox.deliver import deliver
from service.outbox.sweep import hint_due
from service.parts import Parts
from service.posts.delete import delete_post
from service.tables import Delivery
from tests.service.outbox.conftest import Owe, make_due, row, states, telling
from tests.service.receiver import Receiver, answer, serve

MINUTE = timedelta(minutes=1)


def test_an_older_decision_does_not_arrive_after_a_newer_one(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    receiver.statuses = [500]
    flag = owe(decision="flag")
    deliver(owing, flag)
    passed = owe(decision="pass")
    deliver(owing, passed)
    make_due(owing)
    deliver(owing, flag)
    assert [body["data"]["decision"] for body in receiver.bodies] == ["flag", "pass"]
    assert states(owing, flag, passed) == ["overtaken", "delivered"]


def test_sequences_grow_over_revisions_and_stay_when_sent_again(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    receiver.statuses = [204, 500, 204]
    for revision in (1, 2):
        deliver(owing, owe(revision=revision))
    make_due(owing)
    deliver(owing, owe("p-other"))
    with owing.sessions() as session:
        waiting = session.scalars(select(Delivery.id).where(Delivery.state == "pending")).one()
    deliver(owing, waiting)
    told = [(b["data"]["id"], b["data"]["revision"], b["sequence"]) for b in receiver.bodies]
    first, second, other, again = (sequence for _, _, sequence in told)
    assert [revision for _, revision, _ in told] == [1, 2, 1, 2]
    assert first < second < other
    assert again == second


def test_a_newer_revision_overtakes_an_older_one(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    old, new = owe(revision=1), owe(revision=2)
    deliver(owing, old)
    assert [body["data"]["revision"] for body in receiver.bodies] == [2]
    assert states(owing, old, new) == ["overtaken", "delivered"]


def test_posts_do_not_overtake_each_other(owing: Parts, receiver: Receiver, owe: Owe) -> None:
    deliveries = [owe(f"p-{number}") for number in range(3)]
    for one in reversed(deliveries):
        deliver(owing, one)
    assert states(owing, *deliveries) == ["delivered"] * 3


def test_what_can_still_be_undone_overtakes_nothing(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    model, person = owe(decision="flag"), owe(decision="pass", wait=MINUTE)
    deliver(owing, model)
    assert states(owing, model, person) == ["delivered", "pending"]


def test_an_older_one_goes_out_when_the_newer_one_was_withdrawn_in_time(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    model, person = owe(decision="flag"), owe(decision="pass", state="withdrawn")
    deliver(owing, model)
    assert states(owing, model, person) == ["delivered", "withdrawn"]


def test_the_next_waits_until_the_one_that_is_being_sent_has_its_answer(
    parts: Parts, owe: Owe
) -> None:
    order: list[str] = []
    later: list[uuid.UUID] = []

    def platform(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        if not order:
            later.append(owe(decision="pass"))
            deliver(owing, later[0])  # while the first waits for this answer
            assert states(parts, *later) == ["pending"]
        order.append(request.headers["webhook-id"])
        answer(request, 204)

    with serve(post=platform) as url:
        owing = telling(parts, url)
        first = owe(decision="flag")
        deliver(owing, first)
        deliver(owing, later[0])
    assert order == [str(first), str(later[0])]
    assert states(parts, first, *later) == ["delivered", "delivered"]


def test_how_an_appeal_ended_is_told_before_what_came_after_it(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    receiver.statuses = [500]
    appeal = owe(kind="appeal.decided")
    deliver(owing, appeal)
    after = owe()
    deliver(owing, after)
    assert row(owing, after).next_attempt_at == row(owing, appeal).next_attempt_at
    make_due(owing)
    deliver(owing, after)
    deliver(owing, after)
    assert [b["type"] for b in receiver.bodies[1:]] == ["appeal.decided", "post.decided"]


def test_two_workers_at_one_delivery_send_it_once(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: deliver(owing, delivery), range(8)))
    assert receiver.ids == {str(delivery): 1}


@pytest.mark.slow
def test_threads_mix_nothing_up(parts: Parts, owe: Owe) -> None:
    """Distinct deliveries, each with an answer of its own; each answer is in its own row."""
    ids = [owe(f"p-{number}") for number in range(48)]
    wanted = {str(one): 400 + number for number, one in enumerate(ids)}
    heard: Counter[str] = Counter()

    def platform(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        heard[request.headers["webhook-id"]] += 1
        answer(request, wanted[request.headers["webhook-id"]])

    with serve(post=platform) as url, ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda one: deliver(telling(parts, url), one), ids))
    assert heard == dict.fromkeys(wanted, 1)
    for one in ids:
        assert row(parts, one).last_error == f"the receiver answered {wanted[str(one)]}"


def test_many_workers_at_the_callbacks_of_one_post_keep_their_order(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    ids = [owe(revision=revision) for revision in range(1, 9)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: deliver(owing, one), ids * 4))
    sequences = [body["sequence"] for body in receiver.bodies]
    assert sequences == sorted(set(sequences))
    assert states(owing, *ids) == ["overtaken"] * 7 + ["delivered"]


def test_what_was_told_before_is_not_read_again(owing: Parts, receiver: Receiver, owe: Owe) -> None:
    """A post that was changed and answered 200 times costs what any other does."""

    def read_of(post: str) -> list[int]:
        return rows_read(owing, lambda: deliver(owing, owe(post)))

    first = row(owing, owe("p-old", 2, state="delivered", attempts=1))
    told: dict[str, Any] = {"post_id": first.post_id, "type": first.type, "body": {}, "attempts": 1}
    with owing.sessions.begin() as session:
        session.execute(insert(Delivery), [told | {"state": "delivered"} for _ in range(200)])
    assert read_of("p-old") == read_of("p-new")
    assert [body["data"]["id"] for body in receiver.bodies] == ["p-old", "p-new"]


def rows_read(parts: Parts, work: Callable[[], object]) -> list[int]:
    """The rows that each statement gives meanwhile."""
    found: list[int] = []

    def note(_connection: object, cursor: Cursor, *_: object) -> None:
        found.append(cursor.rowcount)

    engine = parts.sessions.kw["bind"]
    event.listen(engine, "after_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "after_cursor_execute", note)
    return found


def test_what_was_sent_but_not_written_down_is_sent_again(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    """The database refuses the answer once."""
    rule = "ALTER TABLE deliveries ADD CONSTRAINT refuse CHECK (state <> 'delivered')"
    with owing.sessions.begin() as session:
        session.execute(text(rule))
    try:
        with pytest.raises(IntegrityError):
            deliver(owing, delivery)
    finally:
        with owing.sessions.begin() as session:
            session.execute(text("ALTER TABLE deliveries DROP CONSTRAINT refuse"))
    deliver(owing, delivery)
    assert receiver.ids == {str(delivery): 1}, "not before the lease is over"
    make_due(owing, leased_until=func.now())
    deliver(owing, delivery)
    assert receiver.ids == {str(delivery): 2}
    assert [body["sequence"] for body in receiver.bodies] == [row(owing).sequence] * 2
    assert row(owing).state == "delivered"


def while_sending(act: Callable[[], object]) -> Callable[[BaseHTTPRequestHandler], None]:
    """A platform during whose answer something happens."""

    def platform(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        act()
        answer(request, 500)

    return platform


def test_a_post_may_be_deleted_while_it_is_spoken_of(parts: Parts, delivery: uuid.UUID) -> None:
    def delete() -> None:
        with parts.sessions.begin() as session:
            delete_post(session, "p-1")

    with serve(post=while_sending(delete)) as url:
        deliver(telling(parts, url), delivery)
    with parts.sessions() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_delivery_may_be_withdrawn_while_it_is_sent(parts: Parts, delivery: uuid.UUID) -> None:
    def withdraw() -> None:
        with parts.sessions.begin() as session:
            session.execute(update(Delivery).values(state="withdrawn"))

    with serve(post=while_sending(withdraw)) as url:
        deliver(telling(parts, url), delivery)
    assert (row(parts).state, row(parts).leased_until) == ("withdrawn", None)


@pytest.mark.parametrize("hours", [3, -3], ids=["ahead", "behind"])
def test_an_application_with_another_clock_tries_again_when_the_database_says_so(
    owing: Parts, receiver: Receiver, owe: Owe, hours: int
) -> None:
    """A process three hours off decides, leases, sends, records a failure and sweeps."""
    receiver.statuses = [500]
    before = datetime.now(UTC)
    with time_machine.travel(before + timedelta(hours=hours), tick=True):
        held, delivery = owe("p-held", wait=MINUTE), owe()
        deliver(owing, held)
        deliver(owing, delivery)
        assert hint_due(owing) == 0
        failed = row(owing, delivery)
        assert (row(owing, held).attempts, failed.attempts) == (0, 1)
        make_due(owing)
        assert hint_due(owing) == 2
        deliver(owing, delivery)
        assert row(owing, delivery).state == "delivered"
    assert timedelta(0) < failed.next_attempt_at - before < 3 * MINUTE
