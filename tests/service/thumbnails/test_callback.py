"""The platform is told how each request for thumbnails ended, as it is told of posts."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import func, select, update

from service.outbox.dead import resend
from service.outbox.deliver import deliver
from service.outbox.sweep import hint_due
from service.parts import Parts
from service.queue import Queue
from service.tables import Delivery, ThumbnailJob
from service.thumbnails.ask import Bounds, NewPicture, Request, ask
from service.thumbnails.sweep import sweep_thumbnails
from tests.conftest import SECRETS
from tests.service.outbox.conftest import Owe, make_due, owe, telling
from tests.service.receiver import Receiver, answer, serve
from tests.service.thumbnails.conftest import Asker

__all__ = ["owe"]

NO_PICTURE = {"base64": base64.b64encode(b"no picture").decode()}


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(SECRETS[0])


@pytest.fixture
def owing(asker: Asker, receiver: Receiver) -> Iterator[Asker]:
    with serve(post=receiver) as url:
        yield replace(asker, parts=telling(asker.parts, f"{url}/callback"))


def owed(parts: Parts) -> list[Delivery]:
    with parts.sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.sequence)))


def failed(asker: Asker) -> str:
    """A request of which nothing can be chosen, at its end."""
    key = asker.asked(images=[NO_PICTURE])
    assert asker.make(key)
    return key


def test_what_was_chosen_is_told_signed_as_it_is_read(
    owing: Asker, receiver: Receiver, jpeg: Callable[..., bytes]
) -> None:
    picture = {"base64": base64.b64encode(jpeg(seed=1)).decode()}
    key = owing.asked(images=[picture, NO_PICTURE], k=1)
    assert owed(owing.parts) == []
    owing.make(key)
    assert hint_due(owing.parts) == 1
    assert owing.parts.redis.llen(Queue.CALLBACKS) == 1
    (one,) = owed(owing.parts)
    deliver(owing.parts, one.id)
    (body,) = receiver.bodies
    assert (body["type"], body["sequence"]) == ("thumbnails.done", one.sequence)
    told = owing.read(key)
    assert (told["state"], len(told["frames"]), len(told["unread"])) == ("done", 1, 1)
    assert {**body["data"], "expires_at": None} == {**told, "expires_at": None}
    assert (receiver.forged, receiver.ids) == (0, {str(one.id): 1})
    assert owed(owing.parts)[0].state == "delivered"


def test_a_failure_is_told_until_it_is_taken(owing: Asker, receiver: Receiver) -> None:
    receiver.statuses = [500, 204]
    key = failed(owing)
    (one,) = owed(owing.parts)
    for _ in range(2):
        deliver(owing.parts, one.id)
        make_due(owing.parts)
    assert [body["type"] for body in receiver.bodies] == ["thumbnails.failed"] * 2
    assert receiver.bodies[0]["data"]["id"] == key
    assert receiver.bodies[0]["data"]["error"]["code"] == "no_pictures"
    assert receiver.ids == {str(one.id): 2}
    assert owed(owing.parts)[0].state == "delivered"


def test_a_person_who_asks_in_the_console_is_no_platform(asker: Asker) -> None:
    request = Request(wanted=1, candidates=[NewPicture(data=b"no picture")])
    lifetime = asker.row(asker.asked(images=[NO_PICTURE])).expires_at
    with asker.parts.sessions.begin() as session:
        bounds = Bounds(9, 9, lifetime - session.scalars(select(func.now())).one())
        asked = ask(session, "console:mina", request, bounds)
    assert asker.make(asked.key)
    assert owed(asker.parts) == []


@pytest.mark.slow
def test_many_workers_tell_of_each_request_once(owing: Asker, receiver: Receiver) -> None:
    keys = [owing.asked(images=[NO_PICTURE] * (1 + number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(owing.make, keys * 2)) == 8
        ids = [one.id for one in owed(owing.parts)]
        list(pool.map(lambda one: deliver(owing.parts, one), ids * 4))
    assert receiver.ids == {str(one): 1 for one in ids}
    told = {body["data"]["id"]: len(body["data"]["unread"]) for body in receiver.bodies}
    assert told == {key: 1 + number for number, key in enumerate(keys)}


def expire(asker: Asker) -> None:
    with asker.parts.sessions.begin() as session:
        session.execute(update(ThumbnailJob).values(expires_at=func.clock_timestamp()))
    sweep_thumbnails(asker.parts)


def test_what_a_callback_tells_goes_with_the_request(owing: Asker, receiver: Receiver) -> None:
    keys = [failed(owing) for _ in range(3)]
    delivered, dead, waiting = (one.id for one in owed(owing.parts))
    deliver(owing.parts, delivered)
    with owing.parts.sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.id == dead).values(state="dead"))
    expire(owing)
    left = owed(owing.parts)
    assert [one.thumbnails_key for one in left] == keys
    assert [one.state for one in left] == ["delivered", "withdrawn", "withdrawn"]
    assert [one.body for one in left] == [{}] * 3
    with owing.parts.sessions.begin() as session:
        assert resend(session) == 0
    deliver(owing.parts, waiting)
    assert len(receiver.bodies) == 1


def test_a_request_may_be_deleted_while_it_is_told_of(asker: Asker) -> None:
    key = failed(asker)

    def platform(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        gone = asker.http.delete(f"/v1/thumbnails/{key}", headers=asker.bearer)
        assert gone.status_code == 204
        answer(request, 500)

    (one,) = owed(asker.parts)
    with serve(post=platform) as url:
        deliver(telling(asker.parts, url), one.id)
    (left,) = owed(asker.parts)
    assert (left.state, left.leased_until, left.body) == ("withdrawn", None, {})


def test_a_callback_has_one_subject(parts: Parts) -> None:
    for subject in ({}, {"post_id": 1, "thumbnails_key": uuid.uuid4().hex}):
        with pytest.raises(Exception, match="one_subject"), parts.sessions.begin() as session:
            session.add(Delivery(type="thumbnails.done", body={}, **subject))


def test_a_post_that_is_named_as_a_request_is_told_for_itself(
    owing: Asker, receiver: Receiver, owe: Owe
) -> None:
    """One of the two would else overtake the other."""
    key = failed(owing)
    (request,) = owed(owing.parts)
    post = owe(f"thumbnails {key}")
    deliver(owing.parts, post, request.id)
    assert receiver.ids == {str(request.id): 1, str(post): 1}
    assert [one.state for one in owed(owing.parts)] == ["delivered", "delivered"]
