"""Which appeals are taken in: against what, by whom, and in which words."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.api.appeals_schemas import AppealReceived
from service.api.schemas import ProblemOut
from service.parts import Parts
from service.tables import Appeal, Post
from tests.service.appeals.platform import VERDICTS, Platform, code
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, cases, only


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


def test_a_hashtag_of_an_emoji_is_not_another(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", {"☕": "irrelevant", "🍕": "irrelevant"}, decided_by="moderator")
    assert code(platform.send("p-1", hashtags=["🐈"])) == (422, "invalid-appeal")
    assert (platform.send("p-1", hashtags=["#☕"]).json or {})["hashtags"] == ["☕"]


def test_a_hashtag_that_stands_twice_is_meant_twice(parts: Parts, platform: Platform) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant", "#카페": "irrelevant", "맛집": "irrelevant"})
    assert (platform.send("p-1", hashtags=["카페"]).json or {})["hashtags"] == ["카페", "#카페"]


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


@pytest.mark.slow
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


@pytest.mark.parametrize("name", ["%ff", "a/b", "x" * 3000])
def test_any_name_in_an_address_is_answered(platform: Platform, name: str) -> None:
    assert code(platform.send(name)) == (404, "unknown-post")
    answer = platform.client.get(f"/v1/appeals/{name}", headers=platform.bearer)
    assert code(answer) == (404, "unknown-appeal")
