"""Callbacks: at least once, always under one id, given up after a day, never lost."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from service.outbox.dead import list_dead, resend
from service.outbox.deliver import deliver
from service.outbox.schedule import wait
from service.outbox.sweep import hint_due
from service.parts import Parts
from service.posts.delete import delete_post
from tests.service.outbox.conftest import make_due, row
from tests.service.receiver import Receiver


def test_a_delivery_arrives_signed(owing: Parts, receiver: Receiver, delivery: uuid.UUID) -> None:
    deliver(owing, delivery)
    assert receiver.forged == 0
    assert receiver.ids == {str(delivery): 1}
    (body,) = receiver.bodies
    assert (body["type"], body["data"]["id"]) == ("post.decided", "p-1")
    assert row(owing).state == "delivered"


def test_what_is_delivered_is_not_sent_again(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    deliver(owing, delivery)
    deliver(owing, delivery)
    assert receiver.ids[str(delivery)] == 1


@pytest.mark.parametrize("status", [500, 503, 400, 301])
def test_anything_but_success_is_tried_again_under_the_same_id(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID, status: int
) -> None:
    receiver.statuses = [status]
    deliver(owing, delivery)
    failed = row(owing)
    assert (failed.state, failed.attempts) == ("pending", 1)
    assert str(status) in (failed.last_error or "")
    assert failed.next_attempt_at > datetime.now(UTC)

    deliver(owing, delivery)
    assert receiver.ids[str(delivery)] == 1, "not before its time"
    make_due(owing)
    deliver(owing, delivery)
    assert receiver.ids == {str(delivery): 2}
    assert row(owing).state == "delivered"


def test_a_receiver_that_is_away_is_tried_again(parts: Parts, delivery: uuid.UUID) -> None:
    config = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    deliver(Parts(**(vars(parts) | {"config": config})), delivery)
    assert row(parts).state == "pending"
    assert "ConnectError" in (row(parts).last_error or "")


def test_a_worker_that_died_after_sending_leaves_it_due_again(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    deliver(owing, delivery)
    make_due(
        owing, state="pending", delivered_at=None, leased_until=None
    )  # as if nothing had been recorded
    assert hint_due(owing) == 1
    deliver(owing, delivery)
    assert receiver.ids == {str(delivery): 2}


def test_gone_is_not_asked_again(owing: Parts, receiver: Receiver, delivery: uuid.UUID) -> None:
    receiver.statuses = [410]
    deliver(owing, delivery)
    assert row(owing).state == "dead"


def test_after_a_day_it_is_a_dead_letter_that_can_be_sent_again(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    make_due(owing, created_at=datetime.now(UTC) - timedelta(hours=27))
    receiver.statuses = [500]
    deliver(owing, delivery)
    with owing.sessions.begin() as session:
        assert [dead.id for dead in list_dead(session)] == [delivery]
        assert resend(session, [delivery]) == 1
        assert list_dead(session) == []
    deliver(owing, delivery)
    assert receiver.ids == {str(delivery): 2}
    assert row(owing).state == "delivered"


def test_a_deleted_post_is_not_spoken_of(
    owing: Parts, receiver: Receiver, delivery: uuid.UUID
) -> None:
    with owing.sessions.begin() as session:
        delete_post(session, "p-1")
    deliver(owing, delivery)
    assert receiver.bodies == []


def test_a_receiver_may_ask_for_time(owing: Parts, receiver: Receiver, delivery: uuid.UUID) -> None:
    receiver.statuses, receiver.headers = [429], {"Retry-After": "600"}
    deliver(owing, delivery)
    assert row(owing).next_attempt_at > datetime.now(UTC) + timedelta(seconds=590)


def test_waits_grow_to_an_hour_and_differ() -> None:
    waits = [wait(attempt).total_seconds() for attempt in range(1, 30)]
    assert waits[0] <= 10
    assert waits[-1] <= 3600
    assert waits[-1] >= 1800
    assert len({wait(5) for _ in range(10)}) > 1
