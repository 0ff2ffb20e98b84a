"""Several callbacks in one call: each is chosen, sent and recorded for itself."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

from service.outbox.deliver import TOGETHER, deliver
from service.outbox.lease import lease
from service.outbox.record import record
from service.outbox.send import Outcome
from service.outbox.sweep import hint_due
from service.parts import Parts
from tests.growth.recorder import recorded
from tests.service.outbox.conftest import Owe, make_due, row, states, telling
from tests.service.receiver import Receiver, answer, serve

PATIENCE_SECONDS = 60


def test_each_has_its_own_outcome(owing: Parts, receiver: Receiver, owe: Owe) -> None:
    receiver.statuses = [500, 410]
    ids = [owe(f"p-{number}") for number in range(5)]
    deliver(owing, *ids)
    assert receiver.ids == {str(one): 1 for one in ids}
    assert sorted(states(owing, *ids)) == ["dead", *["delivered"] * 3, "pending"]
    assert {row(owing, one).leased_until for one in ids} == {None}


def test_of_one_post_only_the_newest_goes_out(owing: Parts, receiver: Receiver, owe: Owe) -> None:
    old, new, other = owe(revision=1), owe(revision=2), owe("p-other")
    deliver(owing, old, new, other)
    assert {body["data"]["id"] for body in receiver.bodies} == {"p-1", "p-other"}
    assert states(owing, old, new, other) == ["overtaken", "delivered", "delivered"]


def test_what_has_to_wait_for_another_is_asked_for_again(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    appeal, after = owe(kind="appeal.decided"), owe()
    assert hint_due(owing) == 2
    deliver(owing, appeal, after)
    assert states(owing, appeal, after) == ["delivered", "pending"]
    assert hint_due(owing) == 1
    deliver(owing, after)
    assert [body["type"] for body in receiver.bodies] == ["appeal.decided", "post.decided"]


def test_a_slow_answer_does_not_hold_up_the_record_of_others(parts: Parts, owe: Owe) -> None:
    ids = [owe(f"p-{number}") for number in range(4)]
    others_are_recorded = threading.Event()

    def platform(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        if request.headers["webhook-id"] == str(ids[0]):
            others_are_recorded.wait(PATIENCE_SECONDS)
        answer(request, 204)

    with serve(post=platform) as url, ThreadPoolExecutor() as threads:
        owing = telling(parts, url, callback_seconds=PATIENCE_SECONDS)
        sending = threads.submit(deliver, owing, *ids)
        while states(parts, *ids[1:]) != ["delivered"] * 3:
            assert not sending.done()
            time.sleep(0.02)
        assert row(parts, ids[0]).state == "pending"
        others_are_recorded.set()
        sending.result()
    assert row(parts, ids[0]).state == "delivered"


def test_many_workers_at_overlapping_calls_send_each_once(
    owing: Parts, receiver: Receiver, owe: Owe
) -> None:
    ids = [owe(f"p-{number}") for number in range(12)]
    calls = [random.sample(ids, TOGETHER) for _ in range(16)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda some: deliver(owing, *some), calls))
    make_due(owing)
    for one in ids:
        deliver(owing, one)
    assert receiver.ids == {str(one): 1 for one in ids}


def test_eight_ask_the_database_as_often_as_one(parts: Parts, owe: Owe) -> None:
    told = telling(parts, "http://127.0.0.1:9/")
    engine = told.sessions.kw["bind"]
    asked = []
    for count in (1, TOGETHER):
        ids = [owe(f"p-{count}-{number}") for number in range(count)]
        with recorded(engine) as queries:
            with told.sessions.begin() as session:
                assert len(lease(session, ids, told.config)) == count
            with told.sessions.begin() as session:
                record(session, dict.fromkeys(ids, Outcome(True)), told.config)
        asked.append(len(queries))
        assert set(states(told, *ids)) == {"delivered"}
    assert asked[0] == asked[1]
