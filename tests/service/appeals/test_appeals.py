"""`POST /v1/posts/…/appeals`: taken in once, looked at by somebody else, told when it is over."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from service.api.appeals_schemas import AppealCallback, AppealReceived
from service.outbox.deliver import deliver
from service.parts import Parts
from service.tables import AuditEntry, Case, Delivery
from tests.conftest import SECRETS
from tests.service.api.sending import Body, Sign
from tests.service.appeals.platform import VERDICTS, Platform, told
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only
from tests.service.receiver import Receiver, serve


def test_an_appeal_is_a_case_before_it_is_answered(parts: Parts, platform: Platform) -> None:
    row = add_post(parts, "p-1", VERDICTS, decided_by="moderator", reach=500)
    answer = platform.send("p-1", hashtags=["#카페"])
    assert answer.status_code == 202
    received = AppealReceived.model_validate_json(answer.data)
    assert (received.id, received.post, received.revision) == ("a-1", "p-1", 1)
    assert (received.state, received.hashtags, received.decided_at) == ("open", ["카페"], None)
    assert answer.headers["Location"] == received.status_url
    assert received.status_url.endswith("/v1/appeals/a-1")
    case = only(parts, kind="appeal")
    assert (case.post_id, case.priority) == (row, 1000)
    assert case.details == {"text": "사진에 커피가 있어요.", "hashtags": ["카페"]}


def test_it_is_in_the_audit_log(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1")
    with parts.sessions() as session:
        (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.actor, entry.action, entry.subject) == ("api", "appeal.received", "post:p-1@1")
    assert entry.details == {"appeal": "a-1"}


def test_the_same_again_answers_the_same_and_does_nothing(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    first = platform.send("p-1")
    again = platform.send("p-1", text="another text")
    assert (again.status_code, again.json) == (202, first.json)
    assert len(cases(parts, kind="appeal")) == 1


def test_who_settled_the_post_does_not_get_the_appeal(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    mina, jun = person("mina"), person("jun")
    add_post(parts, "p-1", VERDICTS)
    mina.answers(only(parts).id)
    platform.send("p-1")
    appeal = only(parts, kind="appeal")
    assert appeal.not_for == [mina.id]
    assert mina.is_given() is None
    assert jun.is_given() == appeal.id


def test_nor_does_who_settles_it_after_the_appeal_came(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    mina = person("mina")
    add_post(parts, "p-1", VERDICTS)
    platform.send("p-1")
    mina.answers(only(parts, kind="review").id)
    assert only(parts, kind="appeal").not_for == [mina.id]
    assert mina.is_given() is None


@pytest.mark.parametrize(
    ("answer", "hashtags", "state", "decision"),
    [
        ("irrelevant", [], "upheld", "flag"),
        ("relevant", [], "overturned", "pass"),
        ("relevant", ["카페"], "overturned", "pass"),
        ("relevant", ["카페", "맛집"], "overturned", "pass"),
        ("unverifiable", ["카페"], "overturned", "pass"),
    ],
)
def test_the_outcome_goes_out_signed_by_an_appeal(
    parts: Parts,
    platform: Platform,
    person: Callable[[str], Somebody],
    answer: str,
    hashtags: list[str],
    state: str,
    decision: str,
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1", hashtags=hashtags)
    person("jun").answers(only(parts, kind="appeal").id, 카페=answer)
    assert platform.appeal().state == state
    assert platform.appeal().decided_at is not None
    assert platform.post("p-1")["decided_by"] == "appeal"
    with parts.sessions() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.next_attempt_at > datetime.now(UTC)  # held, so that it can be undone
        body = AppealCallback.model_validate(delivery.body)
    assert (body.data.appeal.id, body.data.appeal.state) == ("a-1", state)
    assert (body.data.decided_by, body.data.decision) == ("appeal", decision)
    assert body.data.appeal == platform.appeal()


def test_undone_before_anybody_was_told_it_is_open_again(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1")
    jun = person("jun")
    case = only(parts, kind="appeal").id
    jun.undoes(jun.answers(case, 카페="relevant"))
    assert (platform.appeal().state, platform.appeal().decided_at) == ("open", None)
    assert platform.post("p-1")["decided_by"] == "moderator"
    assert told(parts) == [("appeal.decided", "withdrawn")]
    jun.answers(case)
    assert platform.appeal().state == "upheld"
    assert told(parts) == [("appeal.decided", "withdrawn"), ("appeal.decided", "pending")]


def test_undone_after_the_platform_was_told_it_is_told_what_holds(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1")
    jun = person("jun")
    review = jun.answers(only(parts, kind="appeal").id, 카페="relevant")
    with parts.sessions.begin() as session:
        session.execute(update(Delivery).values(state="delivered", attempts=1))
    jun.undoes(review)
    assert told(parts) == [("appeal.decided", "delivered"), ("post.decided", "pending")]
    assert platform.appeal().state == "open"


def test_an_appeal_has_the_last_word(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    add_post(parts, "p-1", VERDICTS)
    platform.send("p-1")
    person("jun").answers(only(parts, kind="appeal").id, 카페="relevant")
    assert cases(parts, closed_at=None) == []


def test_a_newer_revision_withdraws_it(
    parts: Parts, platform: Platform, sign: Sign, body: Body
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1")
    newer = body(id="p-1", revision=2)
    headers = sign(newer) | {"Content-Type": "application/json"}
    assert platform.client.post("/v1/posts", data=newer, headers=headers).status_code == 202
    assert platform.appeal().state == "withdrawn"


def test_a_deleted_post_withdraws_it_and_takes_what_the_author_wrote(
    parts: Parts, platform: Platform
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1", hashtags=["카페"])
    platform.client.delete("/v1/posts/p-1", headers=platform.bearer)
    assert platform.appeal().state == "withdrawn"
    assert platform.appeal().hashtags == []
    with parts.sessions() as session:
        assert session.scalars(select(Case)).all() == []


def test_twenty_deliveries_at_once_make_one_case(
    app: Flask, parts: Parts, bearer: dict[str, str]
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")

    def send(_: int) -> int:
        return Platform(app.test_client(), bearer).send("p-1").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(20))) == {202}
    assert len(cases(parts, kind="appeal")) == 1


def test_of_two_appeals_at_once_one_is_taken_in(
    app: Flask, parts: Parts, bearer: dict[str, str]
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")

    def send(number: int) -> int:
        return Platform(app.test_client(), bearer).send("p-1", id=f"a-{number}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == [202, *[409] * 7]


def test_the_outcome_is_delivered_signed(parts: Parts, platform: Platform) -> None:
    receiver = Receiver(SECRETS[0])
    receiver.statuses = [500]  # the first attempt fails, and the next is under the same id
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    platform.send("p-1")
    with serve(post=receiver) as url:
        heard = parts.config.model_copy(update={"callback_url": url, "undo_seconds": 0})
        here = Parts(**(vars(parts) | {"config": heard}))
        Team(here, {})("jun").answers(only(parts, kind="appeal").id, 카페="relevant")
        for _ in range(2):
            with parts.sessions.begin() as session:
                session.execute(update(Delivery).values(next_attempt_at=datetime.now(UTC)))
                (number,) = session.scalars(select(Delivery.id))
            deliver(here, number)
    assert (receiver.forged, list(receiver.ids.values())) == (0, [2])
    assert {body["type"] for body in receiver.bodies} == {"appeal.decided"}
    assert receiver.bodies[-1]["data"]["appeal"]["state"] == "overturned"
