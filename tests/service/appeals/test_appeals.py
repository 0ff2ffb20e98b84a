"""`POST /v1/posts/…/appeals`: taken in once, looked at by somebody else, told when it is over."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from service.api.schemas import AppealCallback, AppealOut, AppealReceived, ProblemOut
from service.outbox.deliver import deliver
from service.parts import Parts
from service.tables import Appeal, AuditEntry, Case, Delivery, Post
from tests.conftest import SECRETS
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only
from tests.service.receiver import Receiver, serve

VERDICTS = {"카페": "irrelevant", "맛집": "relevant"}
Body = Callable[..., bytes]
Sign = Callable[..., dict[str, str]]


class Platform:
    """Sends appeals and reads how they stand."""

    def __init__(self, client: FlaskClient, bearer: dict[str, str]) -> None:
        self.client, self.bearer = client, bearer

    def send(self, post: str, **changes: Any) -> TestResponse:
        body = {"id": "a-1", "text": "사진에 커피가 있어요."} | changes
        return self.client.post(f"/v1/posts/{post}/appeals", json=body, headers=self.bearer)

    def appeal(self, name: str = "a-1") -> AppealOut:
        answer = self.client.get(f"/v1/appeals/{name}", headers=self.bearer)
        assert answer.status_code == 200, answer.text
        return AppealOut.model_validate_json(answer.data)

    def post(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/v1/posts/{name}", headers=self.bearer).get_json()
        return found


@pytest.fixture
def platform(client: FlaskClient, bearer: dict[str, str]) -> Platform:
    return Platform(client, bearer)


@pytest.fixture
def person(parts: Parts) -> Callable[[str], Somebody]:
    """``person("mina")``: a moderator; what they answer is sent to the platform."""
    heard = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    return Team(Parts(**(vars(parts) | {"config": heard})), {})


def code(answer: TestResponse) -> tuple[int, str]:
    problem = ProblemOut.model_validate_json(answer.data)
    assert answer.mimetype == "application/problem+json"
    assert problem.status == answer.status_code
    return problem.status, problem.code


def told(parts: Parts) -> list[tuple[str, str]]:
    """The callbacks, as (type, state)."""
    with parts.sessions() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.created_at))
        return [(row.type, row.state) for row in rows]


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


def test_a_revision_can_be_named(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator", revision=2)
    assert platform.send("p-1", revision=2).status_code == 202
    assert code(platform.send("p-1", id="a-2", revision=1)) == (404, "unknown-post")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("pending", (409, "post-pending")),
        ("superseded", (409, "post-superseded")),
        ("deleted", (410, "post-deleted")),
    ],
)
def test_only_a_decided_post_can_be_appealed_against(
    parts: Parts, platform: Platform, state: str, expected: tuple[int, str]
) -> None:
    add_post(parts, "p-1", VERDICTS, state=state)
    assert code(platform.send("p-1")) == expected
    assert cases(parts) == []


def test_an_unknown_post_or_appeal_is_said_so(platform: Platform) -> None:
    assert code(platform.send("p-9")) == (404, "unknown-post")
    answer = platform.client.get("/v1/appeals/a-9", headers=platform.bearer)
    assert code(answer) == (404, "unknown-appeal")


def test_a_revision_is_appealed_against_once(parts: Parts, platform: Platform) -> None:
    for name in ("p-1", "p-2"):
        add_post(parts, name, VERDICTS, decided_by="moderator")
    platform.send("p-1")
    assert code(platform.send("p-1", id="a-2")) == (409, "already-appealed")
    assert code(platform.send("p-2", id="a-1")) == (409, "appeal-id-taken")


@pytest.mark.parametrize(
    ("verdicts", "hashtags"),
    [
        ({"카페": "relevant"}, []),
        ({"카페": "relevant", "ootd": "unverifiable"}, []),
        (VERDICTS, ["맛집"]),
        (VERDICTS | {"ootd": "unverifiable"}, ["#맛집", "ootd"]),
    ],
)
def test_nobody_appeals_against_what_does_no_harm(
    parts: Parts, platform: Platform, verdicts: dict[str, str], hashtags: list[str]
) -> None:
    add_post(parts, "p-1", verdicts, decided_by="moderator")
    assert code(platform.send("p-1", hashtags=hashtags)) == (409, "nothing-to-appeal")
    assert cases(parts, kind="appeal") == []
    assert platform.client.get("/v1/appeals/a-1", headers=platform.bearer).status_code == 404


def test_a_doubt_can_be_appealed_against(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", {"카페": "uncertain", "맛집": "relevant"})
    assert platform.send("p-1", hashtags=["카페"]).status_code == 202


def test_an_appeal_that_was_taken_in_stays_when_its_post_passes(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    add_post(parts, "p-1", VERDICTS)
    first = platform.send("p-1")
    person("mina").answers(only(parts, kind="review").id, 카페="relevant")
    again = platform.send("p-1")
    assert (again.status_code, again.json) == (202, first.json)


def test_a_hashtag_that_the_post_does_not_have_is_named(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    answer = platform.send("p-1", hashtags=["맛집", "바다"])
    assert code(answer) == (422, "invalid-appeal")
    problem = ProblemOut.model_validate_json(answer.data)
    assert [(one.pointer, one.rule) for one in problem.errors] == [
        ("/hashtags/1", "unknown_hashtag")
    ]
    assert cases(parts, kind="appeal") == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"id": "x" * 201}, "/id"),
        ({"text": ""}, "/text"),
        ({"text": "x" * 5001}, "/text"),
        ({"text": "\0"}, "/text"),
        ({"text": 7}, "/text"),
        ({"revision": 0}, "/revision"),
        ({"hashtags": "카페"}, "/hashtags"),
        ({"hashtags": ["x" * 201]}, "/hashtags/0"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    parts: Parts, platform: Platform, changes: dict[str, Any], pointer: str
) -> None:
    add_post(parts, "p-1", VERDICTS, decided_by="moderator")
    answer = platform.send("p-1", **changes)
    assert code(answer) == (422, "invalid-appeal")
    assert [one.pointer for one in ProblemOut.model_validate_json(answer.data).errors] == [pointer]


def test_without_a_key_nobody_appeals_or_reads(platform: Platform) -> None:
    platform.bearer = {}
    assert code(platform.send("p-1")) == (401, "no-api-key")
    assert code(platform.client.get("/v1/appeals/a-1")) == (401, "no-api-key")


def test_another_content_type_is_refused(platform: Platform) -> None:
    path = "/v1/posts/p-1/appeals"
    answer = platform.client.post(path, data={"id": "a-1"}, headers=platform.bearer)
    assert code(answer) == (415, "unsupported-media-type")


_TEXT = st.text(max_size=30)
_BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=4),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {},
        optional={
            "id": _TEXT | st.integers(),
            "text": _TEXT | st.none(),
            "hashtags": st.lists(_TEXT | st.sampled_from(["카페", "#맛집"]), max_size=3) | _TEXT,
            "revision": st.integers() | st.none() | _TEXT,
            "anything": _TEXT,
        },
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_BODIES)
def test_any_body_is_taken_in_or_refused_with_a_problem(
    parts: Parts, platform: Platform, content: bytes
) -> None:
    name = f"p-{uuid.uuid4().hex}"
    add_post(parts, name, VERDICTS, decided_by="moderator")
    answer = platform.client.post(
        f"/v1/posts/{name}/appeals",
        data=content,
        content_type="application/json",
        headers=platform.bearer,
    )
    with parts.sessions() as session:
        stored = session.scalar(select(Appeal).join(Post).where(Post.external_id == name))
        if answer.status_code == 202:
            assert stored is not None
            AppealReceived.model_validate_json(answer.data)
        else:
            assert stored is None
            assert code(answer)[0] in {404, 409, 422}


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


@pytest.mark.parametrize("name", ["%ff", "a/b", "x" * 3000])
def test_any_name_in_an_address_is_answered(platform: Platform, name: str) -> None:
    assert code(platform.send(name)) == (404, "unknown-post")
    answer = platform.client.get(f"/v1/appeals/{name}", headers=platform.bearer)
    assert code(answer) == (404, "unknown-appeal")
